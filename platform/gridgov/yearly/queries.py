"""How the year stands: what was ticked off, and what the system sees for itself."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, or_, select

from gridgov.access.models import Binding
from gridgov.calendar.lookup import horizon
from gridgov.context import Context
from gridgov.kernel.sentences import N_, Sentence
from gridgov.yearly.models import YearlyTick
from gridgov.yearly.rules import tasks_of
from gridgov.yearly.types import Reckoned, Task, Ticked, YearlyRight

ENDING: Final = timedelta(days=90)
"""Roles that end within these days are told of."""


async def tasks(ctx: Context, year: int) -> list[Task]:
    """Every duty of the year, the earliest first."""
    duties = ctx.policy.county.yearly
    reckoned = {
        duty.code: await _RECKONED[duty.reckoned](ctx, year) for duty in duties if duty.reckoned
    }
    ticked = {one.duty: one for one in await _ticked(ctx, year)}
    return tasks_of(duties, year, ctx.today, ticked=ticked, reckoned=reckoned)


async def _ticked(ctx: Context, year: int) -> list[Ticked]:
    found = await ctx.session.execute(
        select(
            YearlyTick.id, YearlyTick.duty, YearlyTick.done_on, YearlyTick.who, YearlyTick.note
        ).where(YearlyTick.year == year)
    )
    return [Ticked(*row) for row in found]


async def _calendar(ctx: Context, year: int) -> Reckoned:
    """Whether the working days of the year after are official."""
    if (await horizon(ctx)).official_until.year > year:
        return Reckoned(Sentence("{year} 年的放假通知已经载入。", year=year + 1), done=True)
    return Reckoned(
        Sentence("{year} 年的放假通知还没有载入，那一年的期限是暂定的。", year=year + 1)
    )


async def _lists(ctx: Context, year: int) -> Reckoned:
    """Whether any list has been issued anew in the year."""
    issued = [
        change
        for change in ctx.policy.changes
        if change.at <= ctx.now and ctx.tenant.day_of(change.at).year == year
    ]
    if not issued:
        return Reckoned(N_("这一年还没有印发过新的版本；核对过不用改的，也请登记。"))
    last = issued[-1]
    day = ctx.tenant.day_of(last.at).isoformat()
    return Reckoned(Sentence("{day} 印发：{document}", day=day, document=last.document), done=True)


async def _bindings(ctx: Context, _: int) -> Reckoned:
    """How many roles end soon; looking through them is somebody's to say."""
    count = await ctx.session.scalar(
        select(func.count())
        .select_from(Binding)
        .where(Binding.valid_to > ctx.today, Binding.valid_to <= ctx.today + ENDING)
    )
    if not count:
        return Reckoned(Sentence("{days} 天内没有授权到期。", days=ENDING.days))
    return Reckoned(Sentence("{days} 天内有 {n} 项授权到期。", days=ENDING.days, n=count))


_RECKONED: Final[Mapping[str, Callable[[Context, int], Awaitable[Reckoned]]]] = {
    "calendar": _calendar,
    "lists": _lists,
    "bindings": _bindings,
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
