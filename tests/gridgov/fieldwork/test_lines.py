"""Ledgers: who writes what, who sees it, what becomes of it, and when it goes."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from factories.assessed import measured
from gridgov.audit.models import AuditEntry
from gridgov.cases.actions.reporting import report_case
from gridgov.cases.types import About
from gridgov.compliance.models import SwitchGrant
from gridgov.fieldwork.actions.answering import (
    answer_line,
    follow_redivision,
    forget_lines,
    reveal_line,
)
from gridgov.fieldwork.actions.writing import (
    Writing,
    begin_line,
    end_line,
    make_line_of,
    unseal,
    write_line,
)
from gridgov.fieldwork.models import LedgerLine
from gridgov.fieldwork.queries.lines import (
    LineFilter,
    cases_of_lines,
    line_seen,
    lines,
    lines_of_today,
    made_of,
    tallied,
)
from gridgov.fieldwork.rules import ledger_of, plan_of
from gridgov.fieldwork.types import LINE
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.notices.models import Notice
from gridgov.registry.actions import Count, add_building

VISIT = {"mode": "door", "need": "想装一个扶手", "promise": "问社区能不能装"}
OPINION = {"topic": "living", "words": "希望多装两盏路灯"}


async def wrote(crew, ledger="visit", words=VISIT, **more):
    async with crew.acting("worker") as ctx:
        writing = Writing(node_id=crew.county.at("grid").id, words=words, **more)
        return await write_line(ctx, ledger, writing)


async def test_what_may_tell_of_a_person_lies_sealed_and_opens_for_its_author(crew):
    line = await wrote(crew)
    async with crew.acting("worker") as ctx:
        found = await line_seen(ctx, line)
        kept = await ctx.session.scalar(select(LedgerLine.sealed).where(LedgerLine.id == line))

        assert found.said == {"mode": "door"}
        assert "扶手".encode() not in kept
        assert unseal(ctx, found) == {"need": "想装一个扶手", "promise": "问社区能不能装"}


async def test_somebody_else_sees_it_for_a_reason_that_is_kept(crew):
    line = await wrote(crew)
    async with crew.acting("station_clerk") as ctx:
        with pytest.raises(Invalid):
            await reveal_line(ctx, line, purpose=" ")
        words = await reveal_line(ctx, line, purpose="安排人去装")
    async with crew.acting("subcentre_clerk") as ctx:
        with pytest.raises(NotFound):
            await reveal_line(ctx, line, purpose="看看")
    async with crew.system() as ctx:
        reasons = await ctx.session.scalars(
            select(AuditEntry.purpose).where(AuditEntry.kind == "reveal")
        )
        assert list(reasons) == ["安排人去装"]
    assert words["need"] == "想装一个扶手"


async def test_a_diary_is_its_authors_and_nobody_elses(crew):
    line = await wrote(crew, "diary", {"words": "老槐树又掉枝了"})
    for role in ("station_clerk", "subcentre_clerk", "supervisor", "leader"):
        async with crew.acting(role) as ctx:
            with pytest.raises(NotFound):
                await line_seen(ctx, line)
            assert await lines(ctx, LineFilter(ledger="diary")) == []
    async with crew.acting("station_clerk") as ctx:
        with pytest.raises(NotFound):
            await reveal_line(ctx, line, purpose="想看看")
    async with crew.acting("worker") as ctx:
        assert [one.id for one in await lines(ctx, LineFilter(ledger="diary"))] == [line]


async def test_one_line_of_a_diary_becomes_an_opinion_or_a_case(crew):
    line = await wrote(crew, "diary", {"words": "老槐树又掉枝了，大家想修一修"})
    grid = crew.county.at("grid")
    async with crew.acting("worker") as ctx:
        opinion = await make_line_of(ctx, line, "opinion", Writing(node_id=grid.id, words=OPINION))
        reported = await report_case(
            ctx, category="E0102", node_id=grid.id, about=About(LINE, line)
        )
        with pytest.raises(NotFound):
            await make_line_of(ctx, line, "talk", Writing(node_id=grid.id, words={"topic": "x"}))
        assert [one.id for one in await made_of(ctx, line)] == [opinion]
        (case,) = (await cases_of_lines(ctx, [line]))[line]
    assert (case.id, case.code, case.ended) == (reported.case_id, reported.code, False)
    async with crew.acting("station_clerk") as ctx:
        assert (await line_seen(ctx, opinion)).said["words"] == OPINION["words"]


async def test_a_case_arises_only_from_ones_own_line_that_may_become_one(crew):
    grid = crew.county.at("grid")
    talk = await wrote(crew, "talk", {"topic": "医保"})
    diary = await wrote(crew, "diary", {"words": "记一笔"})
    for role, line in (("worker", talk), ("station_clerk", diary), ("worker", uuid4())):
        async with crew.acting(role) as ctx:
            with pytest.raises(NotFound):
                await report_case(ctx, category="E0102", node_id=grid.id, about=About(LINE, line))
            await ctx.session.rollback()


async def test_a_patrol_begins_and_ends_and_there_is_one_at_a_time(crew):
    grid = Writing(node_id=crew.county.at("grid").id)
    async with crew.acting("worker") as ctx:
        line = await begin_line(ctx, "patrol", grid)
        with pytest.raises(Conflict):
            await begin_line(ctx, "patrol", grid)
        with pytest.raises(Conflict):
            await write_line(ctx, "patrol", grid)
    crew.later(minutes=90)
    async with crew.acting("worker") as ctx:
        with pytest.raises(Invalid):
            await end_line(ctx, line, {})
        await end_line(ctx, line, {"found": "problem", "seen": "井盖翘起"})
        found = await line_seen(ctx, line)
        with pytest.raises(Conflict):
            await end_line(ctx, line, {"found": "fine"})
    assert found.ended_at - found.began_at == timedelta(minutes=90)
    assert found.said == {"found": "problem", "seen": "井盖翘起"}


async def test_a_problem_is_told_and_a_day_agreed_upon_is_to_come(crew):
    async with crew.acting("worker") as ctx:
        line = await begin_line(ctx, "patrol", Writing(node_id=crew.county.at("grid").id))
        with pytest.raises(Invalid) as silent:
            await end_line(ctx, line, {"found": "problem"})
    yesterday = (crew.now - timedelta(days=1)).date().isoformat()
    with pytest.raises(Invalid) as gone:
        await wrote(crew, words=VISIT | {"next": yesterday})

    assert silent.value.fields == {"seen": "请填写这一项。"}
    assert gone.value.fields == {"next": "这是约好的日子，不能早于今天。"}


async def test_the_plan_of_a_day_counts_ones_own_patrols_and_tells_nobody(crew):
    patrol = ledger_of(crew.policy.county.ledgers, "patrol")
    async with crew.acting("worker") as ctx:
        line = await begin_line(ctx, "patrol", Writing(node_id=crew.county.at("grid").id))
    crew.later(minutes=30)
    async with crew.acting("worker") as ctx:
        await end_line(ctx, line, {"found": "fine"})
        mine = await lines_of_today(ctx)
    plan = plan_of(patrol, 2, 120, mine)

    assert (plan.done, plan.left, plan.short) == (1, 1, 1)


async def test_patrols_are_counted_for_others_only_while_their_switch_is_on(crew):
    """With a plan of so many a day a number of them is a check-in (国办函〔2026〕12号)."""
    async with crew.acting("worker") as ctx:
        line = await begin_line(ctx, "patrol", Writing(node_id=crew.county.at("grid").id))
        await end_line(ctx, line, {"found": "fine"})

    async def counted():
        async with crew.acting("station_clerk") as ctx:
            found = await tallied(ctx, "", ctx.now - timedelta(days=1))
            return {ledger.code: count for ledger, count in found}

    assert "patrol" not in await counted()
    async with crew.system() as ctx:
        ctx.session.add(
            SwitchGrant(
                tenant_id=ctx.tenant.id, switch="daily_ok", state="on", expires_on=ctx.today,
                asker="测试", asked_at=ctx.now, document="测试", article="第三条", reason="测试",
            )
        )  # fmt: skip
    assert (await counted())["patrol"] == 1
    crew.later(days=1)
    assert "patrol" not in await counted()


@pytest.mark.parametrize(
    ("ledger", "words", "field"),
    [
        ("visit", {"need": "想装扶手"}, "mode"),
        ("visit", {"mode": "spy", "need": "想装扶手"}, "mode"),
        ("visit", {"mode": "door"}, "need"),
        ("visit", {"mode": "door", "need": "  ", "promise": ""}, "need"),
        ("visit", {"mode": "door", "need": "长" * 501}, "need"),
        ("visit", {"mode": "door", "next": "明天"}, "next"),
        ("talk", {"topic": "医保", "people": "很多"}, "people"),
        ("diary", {"words": "  "}, "words"),
    ],
)
async def test_words_that_do_not_fit_are_refused_beside_their_field(crew, ledger, words, field):
    with pytest.raises(Invalid) as refused:
        await wrote(crew, ledger, words)
    assert list(refused.value.fields) == [field]


@pytest.mark.parametrize(("item", "count"), [("gold", 1), ("leaflet", 0), ("leaflet", None)])
async def test_a_hand_out_names_a_thing_and_how_many(crew, item, count):
    with pytest.raises(Invalid):
        await wrote(crew, "hand_out", {}, item=item, count=count)


async def test_one_writes_in_ones_own_grid_and_names_a_building_of_it(crew):
    async with crew.acting("worker") as ctx:
        for nowhere in (crew.county.at("grid", 3).id, uuid4()):  # of others, or not there at all
            with pytest.raises(NotFound):
                await write_line(ctx, "visit", Writing(node_id=nowhere, words=VISIT))
    async with crew.acting("station_clerk", at="") as ctx:
        far = await add_building(
            ctx, crew.county.at("grid", 3).id, name="1栋", count=Count(use="home")
        )
    with pytest.raises(NotFound):
        await wrote(crew, building_id=far)


async def test_the_station_answers_an_opinion_once_and_who_heard_it_is_told(crew):
    line = await wrote(crew, "opinion", OPINION)
    visit = await wrote(crew)
    async with crew.acting("station_clerk") as ctx:
        assert [one.id for one in await lines(ctx, LineFilter(ledger="opinion", open=True))] == [
            line
        ]
        await answer_line(ctx, line, answer="下周装", link="/x")
        with pytest.raises(Conflict):
            await answer_line(ctx, line, answer="再答", link="/x")
        with pytest.raises(NotFound):
            await answer_line(ctx, visit, answer="没得答", link="/x")
    async with crew.acting("worker") as ctx:
        with pytest.raises(NotFound):
            await answer_line(ctx, line, answer="自答", link="/x")
        found = await line_seen(ctx, line)
        told = await ctx.session.scalar(
            select(func.count()).where(Notice.account_id == ctx.actor.account_id)
        )
    assert (found.answer, told) == ("下周装", 1)


async def test_visits_go_after_their_time_and_what_arose_from_them_stays(crew):
    visit = await wrote(crew)
    talk = await wrote(crew, "talk", {"topic": "医保"})
    grid = crew.county.at("grid")
    async with crew.acting("worker") as ctx:
        await report_case(ctx, category="E0102", node_id=grid.id, about=About(LINE, visit))
        opinion = await make_line_of(ctx, visit, "opinion", Writing(node_id=grid.id, words=OPINION))
    crew.later(days=364)
    async with crew.system() as ctx:
        assert await forget_lines(ctx) == 0
    crew.later(days=1)
    async with crew.system() as ctx:
        assert await forget_lines(ctx) == 1
        left = set(await ctx.session.scalars(select(LedgerLine.id)))
        verbs = set(await ctx.session.scalars(select(AuditEntry.verb)))
    assert left == {talk, opinion}
    async with crew.system() as ctx:
        verbs = set(await ctx.session.scalars(select(AuditEntry.verb)))
    assert "ledger.forgotten" in verbs


async def test_what_figures_count_is_by_place(crew):
    await wrote(crew)
    await wrote(crew, "hand_out", {}, item="leaflet", count=30)
    await wrote(crew, "hand_out", {}, item="card", count=12)
    async with crew.acting("worker") as ctx:
        await begin_line(ctx, "patrol", Writing(node_id=crew.county.at("grid").id))
    path, elsewhere = (crew.county.at("village", number).path for number in (0, 1))

    found = {
        code: await measured(crew, "ledger_lines", path, of=(code,)) for code in ("visit", "patrol")
    }

    assert found == {"visit": 1, "patrol": 0}, "a patrol that still runs counts when it has ended"
    assert await measured(crew, "ledger_lines", elsewhere, of=("visit",)) == 0
    assert await measured(crew, "hand_outs", path) == 42
    assert await measured(crew, "hand_outs", path, of=("card",)) == 12


async def test_what_was_written_of_a_merged_grid_lies_with_its_successor(crew):
    line = await wrote(crew)
    heir = crew.county.at("grid", 2)

    class Merged:
        before = (crew.county.at("grid"), crew.county.at("grid", 1))

        def place_of(self, *_):
            return heir

    async with crew.system() as ctx:
        await follow_redivision(ctx, Merged())
        found = await line_seen(ctx, line)

    assert (found.node_id, found.node_path) == (heir.id, heir.path)
