"""The settings on a page, made from what the county declares."""

from datetime import date
from typing import Annotated, Any, Final

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.context import Context
from gridgov.contract.declarations import ASSUMPTION
from gridgov.contract.settings import ALWAYS, Value
from gridgov.kernel import paging
from gridgov.kernel.errors import Conflict, Invalid, Refusal
from gridgov.kernel.sentences import N_
from gridgov.rulebook.actions import settings as actions
from gridgov.rulebook.queries import settings as queries
from gridgov.rulebook.rules.settings import NO, YES, amount_of, lines_of, understood, unfit
from gridgov.rulebook.types import RulebookRight
from gridgov.web.forms import convert, faults_of, typed, unplaced
from gridgov.web.guard import Ctx
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import AnyRequest, url_of

_PAGE: Final = 20
_MARK: Final = "s-"
"""Before the code of a setting in the form, so that none is taken for one of the form's own."""


class Changing(msgspec.Struct):
    """The form's own fields; beside them stands one for each setting."""

    effective_from: date
    seen: int
    reason: Annotated[str, msgspec.Meta(max_length=200)] = ""


class SettingsPage(Controller):
    """What the county may set itself."""

    path = "/{tenant:str}/settings"

    @get("/", name="settings", permission=RulebookRight.READ)
    async def show(self, ctx: Ctx, request: AnyRequest) -> Page:
        """Every setting with its present value, what is planned, and who changed what."""
        return await _show(ctx, request, values={"effective_from": ctx.today.isoformat()})

    @post("/", permission=RulebookRight.CHANGE)
    async def change(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """Change one or several from a day on."""
        if first := await once(ctx, request):
            return done(request, first)
        given = await typed(request)
        try:
            form, values = _read(ctx, given)
            await actions.change_settings(
                ctx,
                values,
                effective_from=form.effective_from,
                reason=form.reason,
                seen=form.seen,
            )
        except (Invalid, Conflict) as fault:
            return await _show(ctx, request, values=given, fault=fault)
        to = url_of(ctx, request, "settings")
        at_once = form.effective_from == ctx.today
        said = N_("已改，马上生效。") if at_once else N_("已排好，到那天自动生效。")
        return await done_once(ctx, request, to, said=said)

    @post("/{day:date}/withdraw", name="settings_withdraw", permission=RulebookRight.CHANGE)
    async def withdraw(self, ctx: Ctx, request: AnyRequest, day: FromPath[date]) -> Response[Any]:
        """Take back what has not begun."""
        await actions.withdraw_settings(ctx, day)
        return done(request, url_of(ctx, request, "settings"), said="已撤销，那天什么都不变。")


def _read(ctx: Context, given: dict[str, Any]) -> tuple[Changing, dict[str, Value]]:
    """The form, and what was typed for each setting; one that is left out stays as it is."""
    values = {
        code: understood(setting, str(given[_MARK + code]))
        for code, setting in ctx.policy.settings.items()
        if _MARK + code in given
    }
    try:
        return convert(given, Changing), values
    except Invalid as fault:
        unfitting = unfit(ctx.policy.settings, values)
        raise Invalid(fields=unfitting | fault.fields) from fault


async def _show(
    ctx: Context, request: AnyRequest, *, values: dict[str, Any], fault: Refusal | None = None
) -> Page:
    after = paging.decode(request.query_params.get("after"), "i")
    versions = await queries.versions_of(ctx)
    found = await queries.history(ctx, after=after, limit=_PAGE)
    changes, older = paging.cut(found, _PAGE, lambda last: (last.seq,))
    newest = await queries.newest_change(ctx) if after else (changes[0].seq if changes else 0)
    declared = ctx.policy.settings
    faults = faults_of(fault)
    return page(
        ctx,
        "rulebook/settings.html",
        status_code=fault.status if fault else 200,
        groups=lines_of(declared, versions, ctx.today),
        planned=[version for version in versions if version.effective_from > ctx.today],
        declared=declared,
        changes=changes,
        older=older,
        first=after is None,
        amount=amount_of,
        assumption=ASSUMPTION,
        always=ALWAYS,
        may_change=ctx.actor.may(RulebookRight.CHANGE),
        today=ctx.today,
        yes=YES,
        no=NO,
        values=values | {"seen": newest},
        errors={_MARK + name if name in declared else name: said for name, said in faults.items()},
        refused=unplaced(fault),
    )
