"""One place item by item: what it shows as evidence, and the history of each item."""

from collections.abc import Sequence
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.context import Context
from gridgov.files.actions import accept_photo
from gridgov.grid.types import GridRight
from gridgov.kernel.errors import Conflict, Invalid, TooLarge
from gridgov.kernel.sentences import N_, Sentence
from gridgov.standards import actions, queries
from gridgov.standards.rules import LONGEST, MOST_PHOTOS, confirms, item_of
from gridgov.standards.types import MarkState, StandardRight
from gridgov.standards.web.held import Fault, Held, Typed, errors_of, held_of, standard_asked
from gridgov.web.forms import read, typed, uploads
from gridgov.web.guard import Ctx
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import AnyRequest, url_of

_STEPS: Final = {
    "claimed": N_("申报"),
    "withdrawn": N_("撤回申报"),
    "confirmed": N_("认定"),
    "returned": N_("退回申报"),
    "reported": N_("上报事件"),
}


class Claim(msgspec.Struct):
    """What a place says that it has. ``alone`` is the item on whose own page that was said."""

    codes: list[str] = []
    note: Annotated[str, msgspec.Meta(max_length=1000)] = ""
    alone: Annotated[str, msgspec.Meta(max_length=60)] = ""


class SitePages(Controller):
    """One place."""

    path = "/{tenant:str}/standards/{node_id:uuid}"

    @get("/", name="standard_site", permission=GridRight.READ)
    async def site(self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]) -> Page:
        """Every item of the place, and the form that shows several at once."""
        return _site(await held_of(ctx, request, node_id))

    @post("/", name="standard_claim", permission=StandardRight.CLAIM)
    async def claim(self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]) -> Response[Any]:
        """Show that the place has what was ticked."""
        if first := await once(ctx, request):
            return done(request, first)
        held = await held_of(ctx, request, node_id)
        try:
            given = await read(request, Claim)
            photos = await _photos(ctx, request)
            await actions.claim_items(
                ctx, held.standard, node_id, given.codes, note=given.note, photos=photos
            )
        except (Invalid, Conflict, TooLarge) as fault:
            values = await typed(request)
            if alone := str(values.get("alone", "")):
                return await item_page(held, alone, fault, values, beside="note")
            return _site(held, fault, values)
        to = held.url("standard_site")
        above = ctx.policy.levels[confirms(held.standard, held.site.level)]
        said = Sentence("已申报 {n} 项，等{desk}认定。", n=len(given.codes), desk=above.desk)
        return await done_once(ctx, request, to, said=said)

    @get("/{item:str}", name="standard_item", permission=GridRight.READ)
    async def item(
        self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID], item: FromPath[str]
    ) -> Page:
        """One item with its evidence and its history."""
        return await item_page(await held_of(ctx, request, node_id), item)

    @post("/{item:str}/withdraw", name="standard_withdraw", permission=StandardRight.CLAIM)
    async def withdraw(
        self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID], item: FromPath[str]
    ) -> Response[Any]:
        """Take back what nobody has decided yet."""
        if first := await once(ctx, request):
            return done(request, first)
        standard = standard_asked(ctx, request)
        await actions.withdraw_item(ctx, standard, node_id, item)
        to = url_of(
            ctx, request, "standard_item", node_id=node_id, item=item, standard=standard.code
        )
        return await done_once(ctx, request, to, said=N_("已撤回，补好以后可以再申报。"))


def _site(held: Held, fault: Fault | None = None, values: Typed | None = None) -> Page:
    open_items = [
        (item.code, item.name, item.help)
        for item in held.standard.items
        if held.marks[item.code].state in {MarkState.MISSING, MarkState.RETURNED}
    ]
    return page(
        held.ctx,
        "standards/site.html",
        **held.shown,
        status_code=fault.status if fault else 200,
        open_items=open_items,
        confirmed=sum(mark.state is MarkState.CONFIRMED for mark in held.marks.values()),
        claim_url=held.url("standard_claim"),
        items=[
            (item, held.marks[item.code], held.url("standard_item", item=item.code))
            for item in held.standard.items
        ],
        most=MOST_PHOTOS,
        longest=LONGEST,
        values=values or {},
        errors=errors_of(fault, "codes"),
    )


async def item_page(
    held: Held,
    code: str,
    fault: Fault | None = None,
    values: Typed | None = None,
    *,
    beside: str = "reason",
) -> Page:
    """One item; again with what was typed if the answer was refused."""
    ctx, request = held.ctx, held.request
    item = item_of(held.standard, code)
    mark = held.marks[code]
    steps = await queries.history_of(ctx, mark.id) if mark.id else []
    photos = await queries.photos_of_steps(ctx, [step.id for step in steps]) if steps else {}
    return page(
        ctx,
        "standards/item.html",
        **held.shown,
        status_code=fault.status if fault else 200,
        item=item,
        one=mark,
        own=mark.claimed_by is not None and mark.claimed_by == ctx.actor.account_id,
        urls={
            name: held.url(name, item=code)
            for name in (
                "standard_item_decide",
                "standard_withdraw",
                "standard_missing",
            )
        },
        site_url=held.url("standard_site"),
        claim_url=held.url("standard_claim"),
        history=[
            {
                "at": step.at,
                "what": _STEPS.get(step.action, step.action),
                "who": step.who,
                "words": step.note,
                "photos": [
                    {
                        "url": url_of(ctx, request, "file", file_id=photo, variant="display"),
                        "thumb": url_of(ctx, request, "file", file_id=photo, variant="thumb"),
                    }
                    for photo in photos.get(step.id, ())
                ],
            }
            for step in steps
        ],
        most=MOST_PHOTOS,
        longest=LONGEST,
        values=values or {},
        errors=errors_of(fault, beside),
    )


async def _photos(ctx: Context, request: AnyRequest) -> Sequence[UUID]:
    sent = await uploads(request, "photos")
    if len(sent) > MOST_PHOTOS:
        raise Invalid(fields={"photos": "最多传 {most} 张照片。"}, most=MOST_PHOTOS)
    return [(await accept_photo(ctx, data)).id for data in sent]
