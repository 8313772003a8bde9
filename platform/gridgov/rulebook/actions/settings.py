"""Changing what the county set, from a day on."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import update

from gridgov.audit.actions import record
from gridgov.calendar.actions import tell_of_hours
from gridgov.calendar.rules import OFFICE_SETTING
from gridgov.context import Context
from gridgov.contract.settings import (
    Chosen,
    Value,
    Versions,
    as_kept,
    value_on,
    with_change,
    without,
)
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.rulebook.queries.settings import CHANGED, WITHDRAWN, newest_change, versions_of
from gridgov.rulebook.rules.settings import breaches, in_force, unfit
from gridgov.rulebook.types import SETTINGS
from gridgov.tenants.actions import count_policy_up
from gridgov.tenants.models import TenantRecord


async def change_settings(
    ctx: Context,
    values: Mapping[str, Value],
    *,
    effective_from: date,
    reason: str,
    seen: int | None = None,
) -> None:
    """Set what differs from today's values, from a day on: today or later.

    Cases that were filed before that day keep what they have. ``seen`` is the number of the last
    change that the actor knows; Conflict if there is a newer one. Invalid with every fault at once.
    """
    await count_policy_up(ctx)  # whoever changes settings at the same time waits here
    if seen is not None and seen != await newest_change(ctx):
        raise Conflict("您打开页面以后，有人改过参数。请看过下面的改动再保存；您填的内容还在。")
    declared = ctx.policy.settings
    versions, faults = await versions_of(ctx), unfit(declared, values)
    fit = {code: value for code, value in values.items() if code not in faults}
    if effective_from < ctx.today:
        faults["effective_from"] = "生效的日子不能早于今天：已经按原来的数字办了。"
    if not reason.strip():
        faults["reason"] = "请写明为什么改、依据是什么。"
    change = Chosen(effective_from, _differing(ctx, versions, fit))
    planned = with_change(versions, change)
    faults |= breaches(declared, planned, change.values.keys(), effective_from)
    if faults:
        raise Invalid(fields=faults)
    if not change.values:
        later = any(version.effective_from > ctx.today for version in versions)
        raise Invalid(
            "每一项都和今天的一样，没有要保存的改动。要取消已经排好的改动，请在下面撤销。"
            if later
            else "每一项都和现在一样，没有要保存的改动。"
        )
    await _keep(ctx, planned)
    await tell_of_change(ctx, change, before=versions, reason=reason.strip())


async def withdraw_settings(ctx: Context, day: date) -> None:
    """Take back what was to change on a day that has not come yet."""
    await count_policy_up(ctx)
    versions = await versions_of(ctx)
    planned = next((version for version in versions if version.effective_from == day), None)
    if planned is None:
        raise NotFound
    if day <= ctx.today:
        raise Conflict("这次改动已经生效，不能撤销；要改回来，请另选一天再改一次。")
    left = without(versions, day)
    faults = breaches(ctx.policy.settings, left, planned.values.keys(), day)
    if faults:
        raise Conflict("撤销后，有参数会互相矛盾：{fault}", fault=next(iter(faults.values())))
    await _keep(ctx, left)
    undone = Chosen(day, {code: value_on(left, code, day) for code in planned.values})
    await tell_of_change(ctx, undone, before=versions, reason="", verb=WITHDRAWN)


async def tell_of_change(
    ctx: Context, change: Chosen, *, before: Versions, reason: str, verb: str = CHANGED
) -> None:
    """Write the change into the history; new office hours move the clocks of open cases."""
    day, known = change.effective_from, ctx.policy.settings
    record(
        ctx,
        verb,
        SETTINGS,
        ctx.tenant.id,
        effective_from=day.isoformat(),
        reason=reason,
        changes={
            code: [in_force(known[code], value_on(before, code, day)), in_force(known[code], value)]
            for code, value in change.values.items()
            if code in known
        },
    )
    if OFFICE_SETTING in change.values:
        await tell_of_hours(ctx, first=day)


def _differing(
    ctx: Context, versions: Versions, values: Mapping[str, Value]
) -> dict[str, Value | None]:
    now = {
        code: in_force(setting, value_on(versions, code, ctx.today))
        for code, setting in ctx.policy.settings.items()
    }
    return {code: value for code, value in values.items() if now.get(code) != value}


async def _keep(ctx: Context, versions: Versions) -> None:
    await ctx.session.execute(
        update(TenantRecord)
        .where(TenantRecord.id == ctx.tenant.id)
        .values(settings=as_kept(versions))
        .execution_options(synchronize_session=False)
    )
