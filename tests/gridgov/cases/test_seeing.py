"""One door: list, detail, count, search, export and map show the same cases to everybody."""

from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from factories.cases import Crew, a_case
from factories.tenants import a_county
from gridgov.cases.actions.performing import allowed_actions, perform
from gridgov.cases.models import Case
from gridgov.cases.queries.counting import light_counts
from gridgov.cases.queries.places import points
from gridgov.cases.queries.record import case_by_code, photo_seen, record
from gridgov.cases.queries.seeing import cases_seen_by, widest
from gridgov.cases.queries.tallies import tally
from gridgov.cases.queries.worklist import CaseFilter, Order, departments_of, filtered, worklist
from gridgov.cases.types import CaseRight, Light
from gridgov.contract.actor import Actor, Scope
from gridgov.kernel.errors import NotFound
from gridgov.kernel.ids import new_id

PLACES = ("county", "town", "village", "grid")
CATEGORIES = ("E0102", "water", "P0103")


@pytest.fixture(scope="module")
async def crew(database, settings):
    """Cases on every grid, in several states, categories and departments, by several reporters."""
    made = Crew(database, await a_county(database, settings))
    made.reporters = [new_id() for _ in range(3)]
    for number in range(24):
        grid = made.county.at("grid", number % 8)
        worker = made.actor("worker", account=made.reporters[number % 3])
        async with made.as_actor(worker) as ctx:
            reported = await a_case(
                ctx,
                grid,
                category=CATEGORIES[number % 3],
                title=f"井盖{number}",
                lon=grid.lon,
                lat=grid.lat,
            )
        made.later(minutes=7)
        await go_on(made, reported.case_id, number)
    made.later(days=4)
    return made


async def go_on(crew, case_id, number):
    department = ("urban", "water", "housing")[number // 3 % 3]
    way = (
        ("dispatcher", "file", {}),
        ("dispatcher", "dispatch", {"departments": [crew.county.departments[department]]}),
        ("handler", "accept", {}),
        ("handler", "finish", {}),
        ("dispatcher", "close", {}),
    )
    for role, code, given_ in way[: number % 6]:
        await crew.does(role, case_id, code, given_, department=department)


def scopes(crew):
    paths = [
        crew.county.at(level, n).path
        for level in PLACES
        for n in range(2)
        if n == 0 or level != "county"
    ]
    departments = list(crew.county.departments.values())
    return st.lists(
        st.builds(
            Scope,
            st.sampled_from(paths),
            st.lists(st.sampled_from(departments), max_size=2).map(tuple),
            st.lists(st.sampled_from(CATEGORIES), max_size=2).map(tuple),
        ),
        max_size=3,
    )


async def test_whoever_looks_sees_the_same_everywhere(crew):
    async with crew.system() as ctx:
        everything = list(await ctx.session.scalars(select(Case.id)))

    @settings(
        max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(held=scopes(crew), reporter=st.sampled_from([*crew.reporters, None, uuid4()]))
    def generate(held, reporter):
        actors.append(Actor(reporter, None, "测试", "测试", rights={CaseRight.READ: tuple(held)}))

    actors = []
    generate()
    for actor in actors:
        async with crew.as_actor(actor) as ctx:
            await look_everywhere(ctx, everything)


async def look_everywhere(ctx, everything):
    seen = set(await ctx.session.scalars(cases_seen_by(ctx.actor).with_only_columns(Case.id)))

    listed = {row.id for row in (await worklist(ctx, CaseFilter())).rows}
    exported = set(
        await ctx.session.scalars((await filtered(ctx, CaseFilter())).with_only_columns(Case.id))
    )
    searched = {row.id for row in (await worklist(ctx, CaseFilter(text="井盖"))).rows}
    mapped = {spot.id for spot in await points(ctx, CaseFilter())}
    photographed = {case_id for case_id in everything if await photo_seen(ctx, case_id)}
    numbers = await tally(ctx)
    lights = await light_counts(ctx)
    still_open = await total(ctx, CaseFilter(ends="open"))

    assert listed == exported == searched == mapped == photographed == seen
    assert numbers.lights == {str(light): count for light, count in lights.items()}
    assert numbers.open == still_open
    for case_id in everything[:6]:
        assert await opened(ctx, case_id) == (case_id in seen)


async def total(ctx, wanted):
    found = (await filtered(ctx, wanted)).with_only_columns(Case.id)
    return len((await ctx.session.scalars(found)).all())


async def opened(ctx, case_id):
    try:
        await record(ctx, case_id)
        await allowed_actions(ctx, case_id)
    except NotFound:
        return False
    return True


@pytest.mark.parametrize("role", ["worker", "station_clerk", "dispatcher", "handler", "leader"])
async def test_counts_equal_the_lists_that_they_open(crew, role):
    async with crew.acting(role) as ctx:
        states, lights = (await tally(ctx)).states, await light_counts(ctx)
        for state, count in states.items():
            assert await total(ctx, CaseFilter(states=(state,))) == count
        for light, count in lights.items():
            assert await total(ctx, CaseFilter(light=light)) == count


async def test_nobody_sees_anything(crew):
    async with crew.resident() as ctx:
        assert (await worklist(ctx, CaseFilter())).rows == ()
        assert (await tally(ctx)).states == {}
        assert sum((await light_counts(ctx)).values()) == 0


async def test_a_right_that_is_narrower_shows_less(crew):
    async with crew.acting("worker") as ctx:
        seen = cases_seen_by(ctx.actor, CaseRight.REVEAL).with_only_columns(func.count(Case.id))
        assert await ctx.session.scalar(seen) == 0


async def test_a_case_is_found_by_its_code_as_far_as_it_is_seen(crew):
    async with crew.acting("dispatcher") as ctx:
        row = (await worklist(ctx, CaseFilter(), limit=1)).rows[0]
        assert await case_by_code(ctx, f" {row.code} ") == row.id
    async with crew.resident() as ctx:
        with pytest.raises(NotFound):
            await case_by_code(ctx, row.code)


class TestPages:
    @pytest.mark.parametrize(
        "wanted",
        [
            CaseFilter(ends="open"),
            CaseFilter(),
            CaseFilter(text="井盖"),
            CaseFilter(ends="open", order=Order.NEWEST),
        ],
    )
    async def test_pages_follow_each_other_without_gap_or_double(self, crew, wanted):
        async with crew.acting("dispatcher") as ctx:
            whole = [row.id for row in (await worklist(ctx, wanted, limit=99)).rows]
            pages, cursor = [], ""
            while True:
                found = await worklist(ctx, wanted, cursor, limit=5)
                pages += [row.id for row in found.rows]
                cursor = found.next
                if not cursor:
                    break

        assert pages == whole
        assert len(whole) > 5

    async def test_open_cases_come_soonest_due_first(self, crew):
        async with crew.acting("dispatcher") as ctx:
            rows = (await worklist(ctx, CaseFilter(ends="open"))).rows

        assert [row.due_at for row in rows] == sorted(row.due_at for row in rows)

    async def test_other_lists_come_newest_first(self, crew):
        async with crew.acting("dispatcher") as ctx:
            rows = (await worklist(ctx, CaseFilter())).rows

        assert [row.opened_at for row in rows] == sorted(
            (row.opened_at for row in rows), reverse=True
        )


class TestFilters:
    @pytest.mark.parametrize(
        ("wanted", "holds"),
        [
            (CaseFilter(states=("filed", "handling")), lambda r: r.state in {"filed", "handling"}),
            (CaseFilter(category="E01"), lambda r: r.category == "E0102"),
            (CaseFilter(category="water"), lambda r: r.category == "water"),
            (CaseFilter(urgency="prompt"), lambda r: r.urgency == "prompt"),
            (CaseFilter(ends="closed"), lambda r: r.ends == "closed"),
            (CaseFilter(ends="open"), lambda r: r.ends == ""),
            (CaseFilter(light=Light.RED), lambda r: r.ends == "" and r.turn != ""),
            (CaseFilter(supervised=True), lambda _: False),
            (CaseFilter(reported=True), lambda _: False),
        ],
    )
    async def test_each_filter_shows_what_it_says_and_all_of_it(self, crew, wanted, holds):
        async with crew.acting("dispatcher") as ctx:
            everything = (await worklist(ctx, CaseFilter(), limit=99)).rows
            found = (await worklist(ctx, wanted, limit=99)).rows
            red = {r.id for r in everything if r.light(ctx.now) is Light.RED}

        expected = {row.id for row in everything if holds(row)}
        if wanted.light:
            expected &= red
        assert {row.id for row in found} == expected

    async def test_a_place_shows_its_subtree(self, crew):
        town = crew.county.at("town", 1).path
        async with crew.acting("dispatcher") as ctx:
            found = (await worklist(ctx, CaseFilter(path=town))).rows

        assert found
        assert all(row.node_path.startswith(town) for row in found)

    async def test_a_department_shows_what_it_ever_had(self, crew):
        async with crew.acting("dispatcher") as ctx:
            wanted = CaseFilter(department=crew.county.departments["water"])
            rows = (await worklist(ctx, wanted)).rows
            named = await departments_of(ctx, [row.id for row in rows])

        assert rows
        assert {name for names in named.values() for name in names} <= {"测试·water"}

    async def test_days_narrow_the_time_of_opening(self, crew):
        async with crew.acting("dispatcher") as ctx:
            rows = (await worklist(ctx, CaseFilter(), limit=99)).rows
            middle = rows[10].opened_at
            later = (await worklist(ctx, CaseFilter(since=middle), limit=99)).rows
            earlier = (await worklist(ctx, CaseFilter(until=middle), limit=99)).rows

        assert [row.id for row in (*later, *earlier)] == [row.id for row in rows]

    @pytest.mark.parametrize(
        ("role", "expected"),
        [
            ("dispatcher", set()),
            ("station_clerk", {("desk", "reported"), ("desk", "filed"), ("desk", "handled")}),
            ("handler", {("department", "dispatched"), ("department", "handling")}),
            ("worker", set()),
        ],
    )
    async def test_my_turn_is_at_my_own_desk(self, crew, role, expected):
        async with crew.acting(role) as ctx:
            rows = (await worklist(ctx, CaseFilter(mine=True))).rows

        assert {(row.turn, row.state) for row in rows} == expected


def test_scopes_inside_an_open_one_are_left_out():
    inner, outer = Scope("1.2."), Scope("1.")
    narrow = Scope("1.", (), ("water",))

    assert widest([inner, outer, narrow, outer]) == (outer,)
    assert widest([inner, narrow]) == (inner, narrow)
    assert widest([]) == ()


async def test_the_detail_of_what_is_seen_can_be_noted(crew):
    async with crew.acting("station_clerk") as ctx:
        row = (await worklist(ctx, CaseFilter(ends="open"))).rows[0]
        performed = await perform(ctx, row.id, "note", {"note": "看过了"})

    assert performed.version == row.version + 1
