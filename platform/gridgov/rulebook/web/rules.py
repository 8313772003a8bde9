"""What the county runs by: plugins, what waits, what it ran before, and what went wrong."""

from dataclasses import replace
from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post

from gridgov.cases.types import Carry
from gridgov.context import Context
from gridgov.kernel.errors import Conflict
from gridgov.policy import Policies
from gridgov.rulebook.actions.changing import change_rules, preview_change, waiting_upgrade
from gridgov.rulebook.queries.standing import faults, wish_of
from gridgov.rulebook.rules.plugins import rows_of, with_plugin, without_plugin
from gridgov.rulebook.types import RulebookRight, Wish
from gridgov.web.forms import read
from gridgov.web.guard import Ctx
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import AnyRequest, url_of


class Asked(msgspec.Struct):
    """What the preview was of: plugins in their order, those that keep their part, the digest."""

    seen: Annotated[str, msgspec.Meta(max_length=64)]
    plugins: list[Annotated[str, msgspec.Meta(max_length=64)]] = []
    parts: list[Annotated[str, msgspec.Meta(max_length=64)]] = []


class RulesPage(Controller):
    """Plugins of the county, from the console."""

    path = "/{tenant:str}/rules"

    @get("/", name="rules", permission=RulebookRight.READ)
    async def show(self, ctx: Ctx, request: AnyRequest) -> Page:
        """What runs, what waits, what ran, what could not answer."""
        policies = _policies(request)
        wish = await wish_of(ctx)
        editions = ctx.policy.editions
        return page(
            ctx,
            "rulebook/rules.html",
            running=editions[0],
            editions=editions,
            plugins=list(rows_of(editions[0].rulebook, wish, policies.plugins)),
            waiting=waiting_upgrade(ctx, policies, wish),
            faults=await faults(ctx),
            may_change=ctx.actor.may(RulebookRight.CHANGE),
        )

    @get("/change", name="rules_change", permission=RulebookRight.CHANGE)
    async def preview(self, ctx: Ctx, request: AnyRequest) -> Page:
        """All that would be otherwise, and what stands against it, before the button."""
        return await _preview(ctx, request, _wished(await wish_of(ctx), request))

    @post("/change", permission=RulebookRight.CHANGE)
    async def change(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """From now on the county runs what was shown."""
        if first := await once(ctx, request):
            return done(request, first)
        asked = await read(request, Asked)
        had = await wish_of(ctx)
        wish = replace(
            had,
            plugins=tuple(dict.fromkeys(asked.plugins)),
            parts={name: path for name, path in had.parts.items() if name in asked.parts},
        )
        try:
            await change_rules(ctx, _policies(request), wish, seen=asked.seen)
        except Conflict as fault:
            return await _preview(ctx, request, wish, fault=fault)
        to = url_of(ctx, request, "rules")
        return await done_once(ctx, request, to, said="已改，从现在起按这套规则办。")


def _wished(wish: Wish, request: AnyRequest) -> Wish:
    """What the county has, with the plugin that is to come and without the one that is to go."""
    asked = request.query_params
    if enable := asked.get("enable"):
        return with_plugin(wish, str(enable))
    if disable := asked.get("disable"):
        return without_plugin(wish, str(disable))
    return wish


async def _preview(
    ctx: Context, request: AnyRequest, wish: Wish, *, fault: Conflict | None = None
) -> Page:
    preview = await preview_change(ctx, _policies(request), wish)
    return page(
        ctx,
        "rulebook/change.html",
        status_code=fault.status if fault else 200,
        preview=preview,
        states={carry: _state(ctx, carry) for carry, _ in preview.carried},
        fault=fault if fault and not preview.reasons else None,
    )


def _state(ctx: Context, carry: Carry) -> str:
    kind = ctx.policy.kinds[(carry.kind, carry.version)]
    return next(state.name for state in kind.states if state.code == carry.state)


def _policies(request: AnyRequest) -> Policies:
    found: Policies = request.app.state.policies
    return found
