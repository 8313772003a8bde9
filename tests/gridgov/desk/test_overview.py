"""Each figure of the overview, worked out by hand from a few cases."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from factories.cases import Crew, a_case
from gridgov.cases.queries.overview import overview
from gridgov.cases.queries.worklist import CaseFilter, worklist
from gridgov.cases.types import Light
from gridgov.contract.declarations import Field
from gridgov.contract.hooks import hookimpl
from gridgov.desk import rules
from gridgov.desk.queries import board
from gridgov.grid.rules.codes import depth_of, parent_path
from gridgov.policy import Policies

TOWNS = 3


async def seen(crew, role="supervisor", *, days=30, path="", depth=TOWNS, actions=()):
    async with crew.acting(role) as ctx:
        return await overview(ctx, days=days, path=path, depth=depth, actions=actions)


async def test_an_open_case_counts_once_by_its_most_urgent_clock(crew):
    await crew.brought_to("filed")
    await crew.brought_to("handling")

    figures = await seen(crew)

    assert figures.open == 2
    assert figures.lights[Light.GREEN] == 2
    assert figures.on_time.rate is None


async def test_closed_in_time_is_on_time(crew):
    await crew.brought_to("closed")

    figures = await seen(crew)

    assert (figures.on_time.closed, figures.on_time.closed_on_time) == (1, 1)
    assert figures.on_time.rate == 1.0
    assert figures.open == 0


async def test_an_open_case_past_its_promise_weighs_as_much_as_a_closed_one(crew):
    await crew.brought_to("closed")
    await crew.brought_to("handling")
    crew.later(days=25)

    figures = await seen(crew)

    assert (figures.on_time.closed, figures.on_time.overdue_open) == (1, 1)
    assert figures.on_time.rate == 0.5
    assert figures.lights[Light.RED] == 1


async def test_closed_late_is_closed_and_not_on_time(crew):
    case_id = await crew.brought_to("handling")
    crew.later(days=20)
    await crew.does("handler", case_id, "finish")
    await crew.does("dispatcher", case_id, "close")

    figures = await seen(crew)

    assert (figures.on_time.closed, figures.on_time.closed_on_time) == (1, 0)
    assert figures.on_time.rate == 0.0


async def test_a_paused_case_is_not_overdue_and_has_its_own_light(crew):
    case_id = await crew.brought_to("handling")
    await crew.does("handler", case_id, "ask_pause")
    await crew.does("dispatcher", case_id, "grant_pause")
    crew.later(days=25)

    figures = await seen(crew)

    assert figures.lights[Light.PAUSED] == 1
    assert figures.lights[Light.RED] == 0
    assert figures.on_time.overdue_open == 0


async def test_a_merged_case_was_reported_and_is_neither_open_nor_closed(crew):
    main = await crew.brought_to("filed")
    other = await crew.brought_to("filed")
    await crew.does("dispatcher", other, "merge", {"case": main})

    figures = await seen(crew)

    assert figures.open == 1
    assert figures.on_time.closed == 0
    assert figures.reported == 2


async def test_a_refused_case_is_reported_and_nothing_else(crew):
    case_id = (await crew.report()).case_id
    await crew.does("dispatcher", case_id, "reject")

    figures = await seen(crew)

    assert figures.open == 0
    assert figures.on_time.judged == 0
    assert figures.reported == 1


async def test_a_reopened_case_is_open_again_and_judged_by_its_new_promise(crew):
    case_id = await crew.brought_to("closed")
    await crew.does("worker", case_id, "reopen")

    figures = await seen(crew, actions=("reopen",))

    assert figures.on_time.closed == 0
    assert figures.open == 1
    assert figures.on_time.overdue_open == 0
    assert figures.steps == {"reopen": 1}


async def test_what_was_closed_before_the_window_is_left_out(crew):
    await crew.brought_to("closed")
    crew.later(days=40)

    month, quarter = await seen(crew), await seen(crew, days=90)

    assert (month.on_time.closed, quarter.on_time.closed) == (0, 1)
    assert (month.reported, quarter.reported) == (0, 1)


async def test_the_window_begins_at_the_countys_midnight(crew):
    case_id = (await crew.report()).case_id
    assert case_id
    crew.now = crew.now.replace(hour=15, minute=59) + timedelta(days=29)
    assert (await seen(crew)).reported == 1

    crew.now += timedelta(minutes=1)  # 16:00 UTC is midnight in China

    assert (await seen(crew)).reported == 0


async def test_the_trend_has_every_day_of_the_window_and_adds_up(crew):
    await crew.brought_to("closed")
    crew.later(days=2)
    await crew.report()

    figures = await seen(crew)

    assert len(figures.trend) == 30
    assert figures.trend[-1][1:] == (1, 0)
    assert figures.trend[-3][1:] == (1, 1)
    assert sum(reported for _, reported, _ in figures.trend) == figures.reported


async def test_categories_are_summed_by_their_group_the_largest_first(crew):
    await crew.report(category="E0102")
    await crew.report(category="E0110")
    await crew.report(category="P0101")

    figures = await seen(crew)

    assert figures.categories == (("E01", 2), ("P01", 1))


async def test_the_average_rating_says_of_how_many_and_how_many_said_nothing(crew):
    rated = await crew.brought_to("closed")
    await crew.brought_to("closed")
    await crew.does("worker", rated, "rate", {"effort": 5, "speed": 4, "result": 3})

    ratings = (await seen(crew)).ratings

    assert (ratings.count, ratings.unanswered) == (1, 1)
    assert ratings.average == pytest.approx(4.0)


async def test_ratings_of_a_part_are_those_of_its_cases(crew):
    rated = await crew.brought_to("closed")
    await crew.does("worker", rated, "rate", {"effort": 5, "speed": 4, "result": 3})

    own = (await seen(crew, "subcentre_clerk")).ratings
    other = (await seen(crew, path=crew.county.at("town", 1).path)).ratings

    assert (own.count, own.unanswered) == (1, 0)
    assert own.average == pytest.approx(4.0)
    assert (other.count, other.average) == (0, None)


@pytest.mark.parametrize("codes", [("all",), ("kind", "quick", "clear", "fair", "lasting")])
async def test_a_county_asks_as_many_questions_as_it_declares(crew, monkeypatch, codes):
    monkeypatch.setattr(Crew, "policy", asking(crew.policy.county, codes))
    rated = await crew.brought_to("closed")
    await crew.does("worker", rated, "rate", {code: n for n, code in enumerate(codes, start=1)})

    ratings = (await seen(crew)).ratings
    async with crew.acting("supervisor") as ctx:
        shown = await board(ctx, days=30)

    assert ratings.means == {code: n for n, code in enumerate(codes, start=1)}
    assert ratings.average == (len(codes) + 1) / 2
    assert shown.stars == "、".join(f"问{code} {n} 分" for n, code in enumerate(codes, start=1))


def asking(county, codes):
    """The policy of a county that differs in what reporters are asked to rate."""
    questions = tuple(Field(code=code, label=f"问{code}", kind="stars") for code in codes)
    kind = county.case_kinds[0]
    actions = (replace(a, fields=questions) if a.effect == "rate" else a for a in kind.actions)
    usual = replace(kind, actions=tuple(actions))
    other = replace(county, case_kinds=(usual, *county.case_kinds[1:]))
    return Policies({"other": SimpleNamespace(county=hookimpl(lambda: other))}).of(["other"])


async def test_returns_are_counted_each_time(crew):
    case_id = await crew.brought_to("dispatched")
    await crew.does("handler", case_id, "return")
    await crew.does("dispatcher", case_id, "dispatch")
    await crew.does("handler", case_id, "return")

    assert (await seen(crew, actions=("return",))).steps == {"return": 2}


async def test_each_town_has_its_own_lights_and_rate(crew, county):
    await crew.brought_to("closed")
    async with crew.acting("dispatcher") as ctx:
        await a_case(ctx, county.at("grid", 7))

    areas = {area.path: area for area in (await seen(crew)).areas}

    west, east = county.at("town", 0).path, county.at("town", 1).path
    assert areas[west].on_time.closed == 1 and areas[west].open == 0
    assert areas[east].open == 1 and areas[east].on_time.rate is None


async def test_a_leader_of_a_village_sees_the_figures_of_the_village(crew, county):
    await crew.brought_to("filed")
    async with crew.acting("dispatcher") as ctx:
        await a_case(ctx, county.at("grid", 7))
    village = parent_path(county.at("grid", 7).path)

    async with crew.as_actor(crew.actor("leader", at=village)) as ctx:
        figures = await overview(ctx, days=30, depth=5)

    assert figures.open == 1
    assert [area.path for area in figures.areas] == [county.at("grid", 7).path]


async def test_the_light_figures_are_those_of_the_work_list(crew):
    for state in ("reported", "filed", "dispatched", "handling", "handled"):
        await crew.brought_to(state)
        crew.later(hours=30)

    figures = await seen(crew)

    async with crew.acting("supervisor") as ctx:
        for light, count in figures.lights.items():
            listed = await worklist(ctx, CaseFilter(light=light))
            assert len(listed.rows) == count, light


async def test_solved_on_the_spot_counts_for_the_lowest_level(crew):
    case_id = (await crew.report()).case_id
    await crew.does("worker", case_id, "handle_on_spot")
    await crew.does("dispatcher", case_id, "close")

    figures = await seen(crew)
    shares = rules.shares(crew.policy.county.levels, figures.levels)

    mottoes = {share.motto: share for share in shares if share.motto}
    assert mottoes["小事不出村"].so_far == 1
    assert mottoes["大事不出镇"].so_far == 1
    assert shares[-1].so_far == shares[-1].whole == 1


async def test_an_overview_takes_the_same_six_statements_for_little_and_much(crew, counting):
    await crew.brought_to("closed")
    with counting() as few:
        await seen(crew, actions=("return",))
    for _ in range(3):
        await crew.brought_to("handling")
    with counting() as many:
        await seen(crew, actions=("return",))

    assert len(few) == len(many) == 6


@pytest.mark.parametrize(("top", "depth"), [(1, 3), (2, 3), (3, 4), (4, 5), (5, 5)])
def test_areas_are_the_next_units_with_a_desk(crew, top, depth):
    assert rules.area_depth(crew.policy.county.levels, top) == depth


def test_shares_of_levels_add_up_from_the_base():
    def level(code, **more):
        return rules.Level(code=code, name=code, code_length=1, **more)

    levels = (level("county", desk="x"), level("middle"), level("town", desk="x", motto="大"),
              level("grid", base=True))  # fmt: skip

    shares = rules.shares(levels, {"grid": 2, "town": 1, "county": 1})

    assert [(s.level, s.count, s.so_far, s.whole) for s in shares] == [
        ("grid", 2, 2, 4),
        ("town", 1, 3, 4),
        ("county", 1, 4, 4),
    ]


def test_bars_end_with_what_is_left_over():
    counted = [(f"c{n}", 20 - n) for n in range(12)]

    shown = rules.bars(counted, {"c0": "第一"}, "其他")

    assert len(shown) == 11
    assert shown[0].name == "第一"
    assert (shown[-1].name, shown[-1].count) == ("其他", 10 + 9)


def test_a_bars_stretches_lie_side_by_side_on_one_scale():
    found = rules.pieces({"red": 1, "yellow": 0, "green": 3}, 8)

    assert [(p.light, p.at, p.width) for p in found] == [("red", 0.0, 12.5), ("green", 12.5, 37.5)]
    assert rules.pieces({"red": 0}, 0) == ()


async def test_the_page_shows_the_figures_with_their_definitions(crew, county, browsing):
    await crew.brought_to("closed")

    async with browsing("supervisor") as client:
        answer = await client.get(f"/{county.tenant.slug}/overview")

    assert answer.status_code == 200
    for words in ("按期率", "小事不出村", "大事不出镇", "群众评价", rules.ON_TIME, "数据截至"):
        assert words in answer.text


async def test_the_page_asks_at_most_twelve_statements(crew, county, browsing, counting):
    await crew.brought_to("closed")
    async with browsing("dispatcher") as client:
        await client.get(f"/{county.tenant.slug}/overview")
        with counting() as sent:
            answer = await client.get(f"/{county.tenant.slug}/overview?days=90")

    assert answer.status_code == 200
    assert len(sent) <= 12, sent


async def test_the_address_chooses_days_place_and_screen(crew, county, browsing):
    town = county.at("town").path
    assert depth_of(town) == TOWNS
    async with browsing("supervisor") as client:
        answer = await client.get(
            f"/{county.tenant.slug}/overview", params={"days": "90", "place": town, "screen": "1"}
        )
        nonsense = await client.get(
            f"/{county.tenant.slug}/overview", params={"days": "9999", "place": "'; --"}
        )

    assert "最近 90 天" in answer.text
    assert 'class="shell screen"' in answer.text
    assert 'hx-trigger="every 60s"' in answer.text
    assert nonsense.status_code == 200 and "最近 30 天" in nonsense.text


async def test_what_the_page_asks_by_itself_is_a_piece_and_no_sign_of_life(county, browsing):
    async with browsing("supervisor") as client:
        answer = await client.get(
            f"/{county.tenant.slug}/overview/now", headers={"hx-request": "true"}
        )

    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<div class="board"')


async def test_a_place_outside_of_ones_own_shows_nothing(crew, county, browsing):
    async with crew.acting("dispatcher") as ctx:
        await a_case(ctx, county.at("grid", 7))
    async with browsing("subcentre_clerk") as client:
        answer = await client.get(
            f"/{county.tenant.slug}/overview", params={"place": county.at("town", 1).path}
        )

    assert answer.status_code == 200
    assert "这段时间没有事件" in answer.text


@pytest.mark.parametrize("role", ["worker", "handler", "county_admin", "auditor"])
async def test_who_does_not_oversee_finds_no_overview(county, browsing, role):
    async with browsing(role) as client:
        answer = await client.get(f"/{county.tenant.slug}/overview")

    assert answer.status_code in {403, 404}
