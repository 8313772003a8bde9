"""Guides to services, for everybody: found by a word, by the first letters, by batch or office."""

from functools import partial
from typing import Final

from litestar import Controller, get
from litestar.params import FromPath

from gridgov.contract.services import on_behalf, shown_first
from gridgov.services.queries import catalogue
from gridgov.services.rules.filters import filter_groups
from gridgov.services.types import Wanted
from gridgov.web.guard import Ctx
from gridgov.web.pages import Page, page
from gridgov.web.urls import PUBLIC, AnyRequest, url_of

_NAMES: Final = ("batch", "department", "flag")
_LONGEST: Final = 40


class Guides(Controller):
    """What can be done where, and what to bring, without an account."""

    path = "/{tenant:str}/guide"

    @get("/", name="guides", permission=PUBLIC)
    async def list(self, ctx: Ctx, request: AnyRequest) -> Page:
        """The catalogue, narrowed as the address says."""
        params = request.query_params
        given = {
            name: word
            for name in ("q", *_NAMES)
            if (word := params.get(name, "").strip()[:_LONGEST])
        }
        wanted = Wanted(words=given.get("q", ""), **{name: given.get(name, "") for name in _NAMES})
        numbers = await catalogue.counts(ctx)
        rows, following = await catalogue.items(ctx, wanted, params.get("after", ""))
        address = partial(url_of, ctx, request, "guides")
        return page(
            ctx,
            "portal/guides.html",
            rows=rows,
            numbers=numbers,
            flag_names={flag.code: flag.name for flag in ctx.policy.county.service_flags},
            doing=shown_first(ctx.policy.county.service_flags),
            groups=filter_groups(ctx.policy.ever, wanted, numbers, address),
            wanted=wanted,
            first=address(**given) if params.get("after") else "",
            older=address(**given, after=following) if following else "",
        )

    @get("/{code:str}", name="guide", permission=PUBLIC)
    async def item(self, ctx: Ctx, code: FromPath[str]) -> Page:
        """One item: what, who, what to bring, steps, term, where, fee."""
        guide = await catalogue.guide(ctx, code)
        return page(
            ctx,
            "portal/guide.html",
            guide=guide,
            batch=next(
                (one for one in ctx.policy.ever.service_batches if one.code == guide.item.batch),
                None,
            ),
            flags=[flag for flag in ctx.policy.ever.service_flags if flag.code in guide.item.flags],
            on_behalf=on_behalf(ctx.policy.county.service_flags) in guide.item.flags,
        )
