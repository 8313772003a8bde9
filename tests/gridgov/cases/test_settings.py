"""A case keeps the county's numbers of the day on which it was filed."""

from datetime import date, timedelta

import pytest

from factories.contexts import chosen
from gridgov.cases.queries.situations import situation_of
from gridgov.kernel.errors import Conflict, Invalid
from gridgov.testkit.clock import NOON

TOMORROW = date(2026, 11, 24)


async def clock(crew, case_id, code):
    async with crew.acting("dispatcher") as ctx:
        case = await situation_of(ctx, case_id)
    return next(clock for clock in case.clocks if clock.code == code and clock.runs)


async def promised(crew, case_id):
    async with crew.acting("dispatcher") as ctx:
        return (await situation_of(ctx, case_id)).head.due_at


async def test_a_case_from_before_a_change_keeps_its_amount_and_one_after_gets_the_new(crew):
    crew.settings = chosen(TOMORROW, urgent_minutes=10)
    before = await crew.brought_to("reported", category="E0403")
    crew.later(days=1)
    after = await crew.brought_to("reported", category="E0403")

    assert await promised(crew, before) == NOON + timedelta(minutes=30)
    assert await promised(crew, after) == NOON + timedelta(days=1, minutes=10)


async def test_a_clock_that_starts_after_the_change_still_counts_by_the_day_of_filing(crew):
    crew.settings = chosen(TOMORROW, accept_work_hours=8)
    case_id = await crew.brought_to("filed")
    crew.later(days=1)
    await crew.does("dispatcher", case_id, "dispatch")

    assert (await clock(crew, case_id, "accept")).amount == 4


async def test_a_case_filed_on_the_day_of_the_change_runs_by_the_new_number(crew):
    crew.settings = chosen(TOMORROW, accept_work_hours=8)
    case_id = await crew.brought_to("reported")
    crew.later(days=1)
    await crew.does("dispatcher", case_id, "file")
    await crew.does("dispatcher", case_id, "dispatch")

    assert (await clock(crew, case_id, "accept")).amount == 8


async def test_extensions_and_the_reopening_window_are_those_of_the_cases_day(crew):
    crew.settings = chosen(TOMORROW, extension_days_most=2, reopen_days=1)
    handling, closed = await crew.brought_to("handling"), await crew.brought_to("closed")
    crew.later(days=3)
    late = await crew.brought_to("handling")

    await crew.does("handler", handling, "ask_extension", {"days": 5})
    with pytest.raises(Invalid):
        await crew.does("handler", late, "ask_extension", {"days": 5})
    await crew.does("worker", closed, "reopen")
    again = await crew.brought_to("closed")
    crew.later(days=2)
    with pytest.raises(Conflict, match="期限已过"):
        await crew.does("worker", again, "reopen")
