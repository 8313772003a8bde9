"""The page of one case, and what belongs to it: the reporter's contact, the likes of it."""

from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.params import FromPath

from gridgov.cases.actions.revealing import reveal_reporter
from gridgov.cases.queries.places import near
from gridgov.cases.queries.record import Masked, Record, record
from gridgov.cases.rules.places import metres_between
from gridgov.cases.types import PHOTO_OWNER, CaseRight
from gridgov.cases.web.looking import looked_at
from gridgov.cases.web.ruling import ruled
from gridgov.context import Context
from gridgov.files.queries import photos_of
from gridgov.kernel.errors import Invalid, NotFound
from gridgov.kernel.masks import mask_name
from gridgov.staff.queries import holders_at
from gridgov.web.forms import read, typed
from gridgov.web.guard import Ctx
from gridgov.web.pages import Page, page, piece
from gridgov.web.urls import AnyRequest, url_of

REASONS: Final = (
    ("call_back", "回电核实情况"),
    ("visit", "上门处理"),
    ("answer", "当面或电话答复"),
    ("other", "其他"),
)


class Reason(msgspec.Struct):
    """Why somebody's contact is looked at."""

    reason: Annotated[str, msgspec.Meta(max_length=20)]
    words: Annotated[str, msgspec.Meta(min_length=2, max_length=150)]


class CaseRecord(Controller):
    """One case."""

    path = "/{tenant:str}/cases/{case_id:uuid}"

    @get("/", name="case", permission=CaseRight.READ)
    async def case(self, ctx: Ctx, request: AnyRequest, case_id: FromPath[UUID]) -> Page:
        """The record."""
        values = await looked_at(ctx, request, case_id)
        found: Record = values["record"]
        alike = await near_of(ctx, found) if "merge" in _effects(values) else []
        return page(
            ctx,
            "cases/case.html",
            **values,
            photos=await photos(ctx, request, case_id),
            people=await _people(ctx, found),
            near=alike,
            undo=_undo(request, values),
            ruled=ruled(ctx, found, values["kind"]),
            reasons=REASONS,
        )

    @get("/reporters/{reporter_id:uuid}", name="case_reporter", permission=CaseRight.READ)
    async def reporter(
        self, ctx: Ctx, request: AnyRequest, case_id: FromPath[UUID], reporter_id: FromPath[UUID]
    ) -> Page:
        """A reporter, masked (again): what the page puts back after five minutes."""
        one = await _reporter(ctx, case_id, reporter_id)
        return _one_reporter(ctx, request, case_id, one)

    @post("/reporters/{reporter_id:uuid}", name="case_reveal", permission=CaseRight.REVEAL)
    async def reveal(
        self, ctx: Ctx, request: AnyRequest, case_id: FromPath[UUID], reporter_id: FromPath[UUID]
    ) -> Page:
        """The contact, in this answer only, for a reason that is written down."""
        one = await _reporter(ctx, case_id, reporter_id)
        try:
            given = await read(request, Reason)
            why = dict(REASONS).get(given.reason)
            if why is None:
                raise Invalid(fields={"reason": "请选一个原因。"})
            contact = await reveal_reporter(
                ctx, one.case_id, reporter_id, purpose=f"{why}：{given.words.strip()}"
            )
        except Invalid as fault:
            values = await typed(request)
            return _one_reporter(
                ctx, request, case_id, one, status_code=422, values=values, errors=fault.fields
            )
        return _one_reporter(ctx, request, case_id, one, contact=contact)

    @get("/compare/{other_id:uuid}", name="case_compare", permission=CaseRight.MERGE)
    async def compare(
        self, ctx: Ctx, request: AnyRequest, case_id: FromPath[UUID], other_id: FromPath[UUID]
    ) -> Page:
        """Both beside each other, before one is merged into the other."""
        if case_id == other_id:
            raise NotFound
        mine = await looked_at(ctx, request, case_id)
        other = await looked_at(ctx, request, other_id)
        return page(
            ctx,
            "cases/compare.html",
            mine=mine,
            other=other,
            mine_photos=await photos(ctx, request, case_id),
            other_photos=await photos(ctx, request, other_id),
            metres=_metres(mine["record"], other["record"]),
            may="merge" in _effects(mine),
            turned="merge" in _effects(other),
        )


async def photos(ctx: Context, request: AnyRequest, case_id: UUID) -> list[dict[str, str]]:
    """The strip of a case that the actor sees."""
    return [
        {
            "url": url_of(ctx, request, "file", file_id=photo, variant="display"),
            "thumb": url_of(ctx, request, "file", file_id=photo, variant="thumb"),
        }
        for photo in await photos_of(ctx, PHOTO_OWNER, case_id)
    ]


async def near_of(ctx: Context, found: Record) -> list[Any]:
    """What may be the same matter."""
    head, body = found.head, found.body
    if head.ends:
        return []
    return await near(
        ctx, category=head.category, lon=body.lon, lat=body.lat, at=head.opened_at, but=head.id
    )


async def _people(ctx: Context, found: Record) -> list[tuple[str, str]]:
    """Who serves the place, post before name; only where the viewer's own right reaches it."""
    path = found.head.node_path
    if not ctx.actor.may(CaseRight.READ, path=path):
        return []
    posts = ctx.policy.posts
    return [
        (posts[one.post].name if one.post in posts else one.post, mask_name(one.name))
        for one in await holders_at(ctx, path)
    ]


def _effects(values: dict[str, Any]) -> set[str]:
    """The effects of all that may be done now: the bar knows only codes."""
    kind = values["kind"]
    offered = {button["code"] for button in (*values["actions"], *values["more"])}
    return {action.effect for action in kind.actions if action.code in offered}


def _undo(request: AnyRequest, values: dict[str, Any]) -> dict[str, Any] | None:
    """The way back from what was just done, where one is declared and open."""
    code = request.query_params.get("did", "")
    done = next((a for a in values["kind"].actions if a.code == code), None)
    if done is None:
        return None
    buttons = (*values["actions"], *values["more"])
    return next((b for b in buttons if b["code"] in done.undone_by), None)


async def _reporter(ctx: Context, case_id: UUID, reporter_id: UUID) -> Masked:
    found = await record(ctx, case_id)
    one = next((r for r in found.reporters if r.id == reporter_id), None)
    if one is None:
        raise NotFound
    return one


def _one_reporter(
    ctx: Context,
    request: AnyRequest,
    case_id: UUID,
    one: Masked,
    *,
    status_code: int = 200,
    **more: Any,
) -> Page:
    given: dict[str, Any] = {"contact": None, "values": {}, "errors": {}, **more}
    words: dict[str, Any] = {"one": one, "case_id": case_id, "reasons": REASONS, **given}
    if "hx-request" in request.headers:
        return piece(ctx, "cases/_reporter.html", status_code=status_code, **words)
    return page(ctx, "cases/reporter.html", status_code=status_code, **words)


def _metres(mine: Record, other: Record) -> int | None:
    spots = [
        (one.body.lon, one.body.lat)
        for one in (mine, other)
        if one.body.lon is not None and one.body.lat is not None
    ]
    return round(metres_between(*spots)) if len(spots) == 2 else None  # noqa: PLR2004
