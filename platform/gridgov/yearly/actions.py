"""Ticking a duty off, taking that back, and reminding of what is due."""

from datetime import date
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from gridgov.audit.actions import record
from gridgov.context import Context
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.kernel.ids import new_id
from gridgov.kernel.sentences import N_, Sentence
from gridgov.notices.actions import notify
from gridgov.yearly.models import YearlyTick
from gridgov.yearly.queries.year import keepers, tasks
from gridgov.yearly.types import Standing

YEARS_OFF = 1
"""How far from today's year a duty may be ticked off."""


async def tick_duty(ctx: Context, duty: str, year: int, *, done_on: date, note: str = "") -> UUID:
    """The duty of that year was done on a day, says the actor."""
    if duty not in {one.code for one in ctx.policy.county.yearly}:
        raise NotFound
    if abs(year - ctx.today.year) > YEARS_OFF:
        raise NotFound
    if done_on > ctx.today:
        raise Invalid(fields={"done_on": "还没到这一天，办好了再登记。"})
    if done_on.year < year - YEARS_OFF:
        raise Invalid(fields={"done_on": "这是 {year} 年要办的，日子太早了。"}, year=year)
    tick = new_id()
    made = await ctx.session.scalar(
        insert(YearlyTick)
        .values(
            tenant_id=ctx.tenant.id,
            id=tick,
            duty=duty,
            year=year,
            done_on=done_on,
            note=note.strip(),
            account_id=ctx.actor.account_id,
            who=ctx.actor.name,
            at=ctx.now,
        )
        .on_conflict_do_nothing()
        .returning(YearlyTick.id)
    )
    if made is None:
        raise Conflict("这一项已经有人登记过了。")
    record(ctx, "yearly.ticked", "yearly", tick, duty=duty, year=year, on=done_on.isoformat())
    return tick


async def untick_duty(ctx: Context, tick: UUID) -> int:
    """It was ticked off by mistake; the year that it belongs to."""
    found = (
        await ctx.session.execute(
            select(YearlyTick.duty, YearlyTick.year).where(YearlyTick.id == tick)
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    await ctx.session.execute(delete(YearlyTick).where(YearlyTick.id == tick))
    record(ctx, "yearly.unticked", "yearly", tick, duty=found.duty, year=found.year)
    return int(found.year)


async def remind_of_year(ctx: Context) -> None:
    """Tell who keeps the year of what is due soon and of what is late, each once."""
    due = [
        task
        for task in await tasks(ctx, ctx.today.year)
        if task.standing in {Standing.SOON, Standing.LATE}
    ]
    if not due:
        return
    accounts = await keepers(ctx)
    for task in due:
        late = task.standing is Standing.LATE
        sentence = N_("年度事项过期未办：{what}") if late else N_("年度事项快到日子：{what}")
        await notify(
            ctx,
            accounts,
            about=f"yearly:{task.duty.code}:{task.due_on.year}:{task.standing}",
            text=Sentence(sentence, what=task.duty.name),
            link=f"/{ctx.tenant.slug}/yearly",
        )
