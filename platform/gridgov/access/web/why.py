"""Why can I, or can I not, see this?"""

from typing import Any
from uuid import UUID

from litestar import Controller, get

from gridgov.access.actions.explaining import explain
from gridgov.access.queries.people import found_people, person_of_account
from gridgov.access.types import AccessRight, Subject
from gridgov.accounts.signed import signed_in
from gridgov.context import Context
from gridgov.kernel.errors import NotFound
from gridgov.kernel.ids import id_in
from gridgov.web.address import parts_of
from gridgov.web.guard import Ctx
from gridgov.web.pages import Page, page
from gridgov.web.urls import SIGNED_IN, AnyRequest, Urls


class Why(Controller):
    """Right, place and role, in words."""

    path = "/{tenant:str}/why"

    @get("/", permission=SIGNED_IN, name="why")
    async def why(self, ctx: Ctx, request: AnyRequest) -> Page:
        """For oneself; for others only to those who may read everybody's roles."""
        asked = request.query_params
        text = (asked.get("address") or asked.get("q") or "").strip()[:200]
        who, words = await _who(ctx, request), asked.get("who", "").strip()[:60]
        today = ctx.today
        answers: list[Any] = []
        if text:
            subject = _page_at(ctx, request, text)
            answers = await explain(ctx, text, who, today, page=subject)
        reader = ctx.actor.may(AccessRight.READ)
        return page(
            ctx,
            "access/why.html",
            text=text,
            answers=answers,
            reader=reader,
            person=await person_of_account(ctx, who),
            mine=who == ctx.actor.account_id,
            words=words,
            people=[
                row
                for row in (await found_people(ctx, words=words) if reader and words else [])
                if row.account_id is not None
            ][:12],
        )


async def _who(ctx: Context, request: AnyRequest) -> UUID:
    """The account that is asked about."""
    own = signed_in(request).account_id
    asked = request.query_params.get("account", "")
    if not asked or asked == str(own):
        return own
    if not ctx.actor.may(AccessRight.READ):
        raise NotFound
    return id_in(asked)


def _page_at(ctx: Context, request: AnyRequest, text: str) -> Subject | None:
    """The page at an address of this tenant. What its id stands for, the rooms above know."""
    path = parts_of(text).path
    if not path.startswith(f"/{ctx.tenant.slug}/"):
        return None
    urls: Urls = request.app.state.urls
    named = urls.at(path)
    if named is None or (named.plugin and named.plugin not in ctx.tenant.plugins):
        return None
    return Subject("页面", path, named.permission)
