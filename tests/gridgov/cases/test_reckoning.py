"""When the calendar changes, what is due is worked out anew and the timeline says so."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from gridgov.calendar.actions import CHANGED, close_day
from gridgov.cases.actions.reckoning import reckon_anew
from gridgov.cases.jobs import on
from gridgov.cases.models import Case, CaseStep
from gridgov.cases.queries.record import explain
from gridgov.cases.queries.situations import situation_anyway
from gridgov.kernel.ids import new_id
from gridgov.kernel.outbox import Event

CHINA = ZoneInfo("Asia/Shanghai")
TUESDAY = date(2026, 11, 24)


def midnight(month, day):
    return datetime(2026, month, day, tzinfo=CHINA)


async def close(crew, day):
    async with crew.system() as ctx:
        await close_day(ctx, day, reason="防汛", document="测试〔2026〕1号")


async def reckon(crew, first=TUESDAY):
    async with crew.system() as ctx:
        return await reckon_anew(ctx, first)


async def head(crew, case_id):
    async with crew.system() as ctx:
        return (await situation_anyway(ctx, case_id)).head


async def test_a_closed_day_moves_what_counts_working_days(crew):
    case_id = await crew.brought_to("handling")
    before = await head(crew, case_id)
    await close(crew, TUESDAY)

    changed = await reckon(crew)

    after = await head(crew, case_id)
    assert (before.due_at, after.due_at) == (midnight(12, 3), midnight(12, 4))
    assert (changed, after.promise_at, after.version) == (1, midnight(12, 4), before.version + 1)


async def test_the_timeline_and_the_light_say_why(crew):
    case_id = await crew.brought_to("filed")
    await close(crew, TUESDAY)
    await reckon(crew)

    async with crew.acting("dispatcher") as ctx:
        step = (
            await ctx.session.execute(
                select(CaseStep.action, CaseStep.details).order_by(CaseStep.id.desc()).limit(1)
            )
        ).one()
        running = next(story for story in await explain(ctx, case_id) if story.promise)

    assert step.action == "reckon"
    assert [moved["clock"] for moved in step.details["clocks"]] == ["handle"]
    assert any("工作日历更新后重新计算" in str(line) for line in running.lines)


async def test_reckoning_again_changes_nothing(crew):
    await crew.brought_to("handling")
    await close(crew, TUESDAY)

    assert [await reckon(crew), await reckon(crew)] == [1, 0]


async def test_what_is_over_stays_as_it_was(crew):
    ended = await crew.brought_to("closed")
    before = await head(crew, ended)
    await close(crew, TUESDAY)

    assert await reckon(crew) == 0
    assert await head(crew, ended) == before


async def test_what_was_due_before_the_change_stays_as_it_was(crew):
    await crew.brought_to("filed")
    await close(crew, TUESDAY)

    assert await reckon(crew, date(2026, 12, 20)) == 0


async def test_a_case_that_rests_in_another_is_reckoned_too(crew):
    main, other = await crew.brought_to("filed"), await crew.brought_to("filed")
    await crew.does("dispatcher", other, "merge", {"case": main})
    await close(crew, TUESDAY)

    assert await reckon(crew) == 2
    await crew.does("dispatcher", other, "unmerge")
    assert (await head(crew, other)).due_at == midnight(12, 4)


async def test_what_is_paused_is_reckoned_and_stays_silent(crew):
    case_id = await crew.brought_to("handling")
    await crew.does("handler", case_id, "ask_pause")
    await crew.does("dispatcher", case_id, "grant_pause")
    await close(crew, TUESDAY)
    await reckon(crew)

    async with crew.system() as ctx:
        assert await ctx.session.scalar(select(Case.tell_at).where(Case.id == case_id)) is None


async def test_the_event_of_the_calendar_leads_here(crew):
    case_id = await crew.brought_to("filed")
    await close(crew, TUESDAY)
    async with crew.system() as ctx:
        payload = {"version": 1, "first": TUESDAY.isoformat()}
        event = Event(new_id(), ctx.tenant.id, CHANGED, ctx.tenant.id, None, payload, ctx.now)
        await on[CHANGED](ctx, event)

    assert (await head(crew, case_id)).due_at == midnight(12, 4)
