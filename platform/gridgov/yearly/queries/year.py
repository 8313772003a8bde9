"""How the year stands: what was ticked off, and what the records say for themselves."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select

from gridgov.access.models import Binding
from gridgov.calendar.lookup import horizon
from gridgov.context import Context
from gridgov.kernel.sentences import N_, Sentence
from gridgov.yearly.models import YearlyTick
from gridgov.yearly.queries.records import counted
from gridgov.yearly.rules import tasks_of
from gridgov.yearly.types import Counted, Reckoned, Task, Ticked, YearlyRight


async def tasks(ctx: Context, year: int) -> list[Task]:
    """Every duty of the year, the earliest first; also what was ticked off and is asked no more."""
    ticked = {one.duty: one for one in await _ticked(ctx, year)}
    now = ctx.policy.county.yearly
    duties = [one for one in ctx.policy.ever.yearly if one in now or one.code in ticked]
    counts = await counted(ctx, year)
    reckoned = {
        duty.code: await _RECKONED[duty.reckoned](ctx, year, counts)
        for duty in duties
        if duty.reckoned
    }
    return tasks_of(duties, year, ctx.today, ticked=ticked, reckoned=reckoned)


async def _ticked(ctx: Context, year: int) -> list[Ticked]:
    found = await ctx.session.execute(
        select(
            YearlyTick.id, YearlyTick.duty, YearlyTick.done_on, YearlyTick.who, YearlyTick.note
        ).where(YearlyTick.year == year)
    )
    return [Ticked(*row) for row in found]


Counts = Mapping[str, Counted]


async def _calendar(ctx: Context, year: int, _: Counts) -> Reckoned:
    """Whether the working days of the year after are official."""
    if (await horizon(ctx)).official_until.year > year:
        return Reckoned(Sentence("{year} 年的放假通知已经载入。", year=year + 1), done=True)
    return Reckoned(
        Sentence("{year} 年的放假通知还没有载入，那一年的期限是暂定的。", year=year + 1)
    )


async def _lists(ctx: Context, year: int, _: Counts) -> Reckoned:
    """Whether any list has been issued anew in the year."""
    issued = [
        change
        for change in ctx.policy.changes
        if change.at <= ctx.now and ctx.tenant.day_of(change.at).year == year
    ]
    if not issued:
        return Reckoned(N_("这一年还没有印发过新的版本；核对过不用改的，也请登记。"))
    last = issued[-1]
    day = ctx.tenant.day_of(last.at)
    return Reckoned(Sentence("{day} 印发：{document}", day=day, document=last.document), done=True)


async def _reviews(ctx: Context, year: int, counts: Counts) -> Reckoned:  # noqa: ARG001
    """Which reviews were begun in the year; with the first one it has begun."""
    begun = counts["begun"]
    return Reckoned("", done=bool(begun.amount), lines=(begun,))


def _told(*kinds: str, done: bool) -> Callable[[Context, int, Counts], Awaitable[Reckoned]]:
    """What these records come to; ``done``: where none of them waits, nothing is left to do."""

    async def reckon(ctx: Context, year: int, counts: Counts) -> Reckoned:
        found = tuple(counts[kind] for kind in kinds)
        left = any(count.amount for count in found)
        return Reckoned("", done=done and not left and year == ctx.today.year, lines=found)

    return reckon


_RECKONED: Final[Mapping[str, Callable[[Context, int, Counts], Awaitable[Reckoned]]]] = {
    "calendar": _calendar,
    "lists": _lists,
    "reviews": _reviews,
    "access": _told("bindings", "leavers", done=False),
    "consents": _told("authorisations", "members", "stories", done=True),
    "switches": _told("switches", done=True),
    "archive": _told("contacts", "reviews", "circulars", done=False),
}


async def keepers(ctx: Context) -> list[UUID]:
    """The accounts of those who keep the year: whoever may tick."""
    roles = [role.code for role in ctx.policy.county.roles if YearlyRight.TICK in role.rights]
    found = await ctx.session.scalars(
        select(Binding.account_id)
        .where(
            Binding.role.in_(roles),
            Binding.valid_from <= ctx.today,
            or_(Binding.valid_to.is_(None), Binding.valid_to > ctx.today),
        )
        .distinct()
    )
    return list(found)
