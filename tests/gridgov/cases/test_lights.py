"""The light of a case, when it is told, and the same light in SQL."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from gridgov.cases.actions.lights import tell_lights
from gridgov.cases.models import Case
from gridgov.cases.queries.lights import has_light, light_column
from gridgov.cases.rules.lights import Telling, light_of, telling, told_now
from gridgov.cases.types import Light
from gridgov.kernel.outbox import OutboxEvent

T = datetime(2026, 11, 23, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)
SECOND = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("now", "light"),
    [
        (T, Light.GREEN),
        (T + HOUR - SECOND, Light.GREEN),
        (T + HOUR, Light.YELLOW),
        (T + 2 * HOUR - SECOND, Light.YELLOW),
        (T + 2 * HOUR, Light.RED),
        (T + 9 * HOUR, Light.RED),
    ],
)
def test_a_light_turns_at_the_very_moment(now, light):
    assert light_of(T + 2 * HOUR, T + HOUR, paused=False, ended=False, now=now) == light


@pytest.mark.parametrize(
    ("due", "paused", "ended", "light"),
    [
        (T, True, False, Light.PAUSED),
        (T, False, True, Light.NONE),
        (T, True, True, Light.NONE),
        (None, False, False, Light.NONE),
    ],
)
def test_what_is_paused_or_ended_shows_no_colour(due, paused, ended, light):
    assert light_of(due, due, paused=paused, ended=ended, now=T) == light


def test_without_a_warning_a_light_goes_from_green_to_red():
    assert light_of(T, None, paused=False, ended=False, now=T - SECOND) == Light.GREEN


@pytest.mark.parametrize(
    ("told", "now", "expected"),
    [
        ("", T, Telling("", T + HOUR)),
        ("yellow", T, Telling("", T + HOUR)),  # back to green: told anew when it turns again
        ("", T + HOUR, Telling("", T + HOUR)),
        ("yellow", T + HOUR, Telling("yellow", T + 2 * HOUR)),
        ("red", T + HOUR, Telling("yellow", T + 2 * HOUR)),
        ("yellow", T + 2 * HOUR, Telling("yellow", T + 2 * HOUR)),
        ("red", T + 2 * HOUR, Telling("red", None)),
    ],
)
def test_what_was_told_decides_when_to_tell_again(told, now, expected):
    assert telling(told, T + 2 * HOUR, T + HOUR, silent=False, now=now) == expected


def test_what_is_silent_is_told_of_no_more():
    assert telling("yellow", T, T, silent=True, now=T) == Telling("yellow", None)


def test_telling_moves_on_to_the_next_light():
    yellow = told_now(T + 2 * HOUR, T + HOUR, T + HOUR)
    red = told_now(T + 2 * HOUR, T + HOUR, T + 3 * HOUR)

    assert yellow == (Light.YELLOW, Telling("yellow", T + 2 * HOUR))
    assert red == (Light.RED, Telling("red", None))


async def test_sql_sees_the_same_light_as_the_rule(crew):
    async with crew.acting("worker") as ctx:
        await crew.report()
    variants = [
        {"due_at": due, "yellow_at": yellow, "paused_at": paused, "ends": ends}
        for due in (crew.now - HOUR, crew.now, crew.now + SECOND, crew.now + HOUR)
        for yellow in (crew.now - HOUR, crew.now, crew.now + SECOND)
        for paused in (None, crew.now)
        for ends in ("", "closed", "refused", "merged")
    ]

    async with crew.system() as ctx:
        for values in variants:
            await ctx.session.execute(update(Case).values(**values))
            said = await ctx.session.scalar(select(light_column(ctx.now)))
            by_condition = [
                light
                for light in Light
                if await ctx.session.scalar(select(Case.id).where(has_light(light, ctx.now)))
            ]
            expected = light_of(
                values["due_at"],
                values["yellow_at"],
                paused=values["paused_at"] is not None,
                ended=bool(values["ends"]),
                now=ctx.now,
            )
            assert (said, by_condition) == (expected, [expected]), values


async def test_each_turn_of_a_light_is_told_once(crew):
    case_id = (await crew.report()).case_id

    told = []
    for minutes in (0, 60, 61, 240, 241, 9999):
        crew.now += timedelta(minutes=minutes)
        async with crew.system() as ctx:
            await tell_lights(ctx)
            events = select(OutboxEvent.kind).where(
                OutboxEvent.subject == case_id, OutboxEvent.kind.in_(("case.yellow", "case.red"))
            )
            told.append(list(await ctx.session.scalars(events.order_by(OutboxEvent.id))))

    assert told[0] == []
    assert told[-1] == ["case.yellow", "case.red"]
    assert sorted(map(len, told)) == list(map(len, told))


async def test_telling_takes_a_part_at_a_time(crew):
    for _ in range(3):
        await crew.report()
    crew.later(days=30)

    async with crew.system() as ctx:
        assert await tell_lights(ctx, limit=2) == 2
    async with crew.system() as ctx:
        assert await tell_lights(ctx, limit=2) == 1
    async with crew.system() as ctx:
        assert await tell_lights(ctx, limit=2) == 0
