"""Reporting as staff, on a phone in the rain or at a desk with somebody on the line."""

from dataclasses import dataclass
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post

from gridgov.cases.actions.reporting import Contact, report_case
from gridgov.cases.queries.choosing import categories
from gridgov.cases.queries.units import Unit, leaves_within, units
from gridgov.cases.types import About, CaseRight
from gridgov.cases.web.showing import desk_name
from gridgov.context import Context
from gridgov.contract.declarations import Origin
from gridgov.files.actions import accept_photo
from gridgov.grid.queries.nodes import node_of
from gridgov.grid.queries.places import leaf_at
from gridgov.kernel.errors import Invalid, TooLarge
from gridgov.kernel.ids import id_in
from gridgov.kernel.sentences import N_, Sentence
from gridgov.web.forms import faults_of, read, typed, uploads
from gridgov.web.guard import Ctx
from gridgov.web.maps import point_asked
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done, page, say_to
from gridgov.web.urls import AnyRequest, url_of

MOST_PHOTOS: Final = 6
_FILLED: Final = ("node", "category", "title", "place", "about")
"""What the address of the form may fill in: nothing that is somebody's own words."""


class Report(msgspec.Struct):
    """What the form holds."""

    category: Annotated[str, msgspec.Meta(max_length=20)]
    title: Annotated[str, msgspec.Meta(max_length=60)] = ""
    description: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    place: Annotated[str, msgspec.Meta(max_length=60)] = ""
    lon: Annotated[float, msgspec.Meta(ge=-180, le=180)] | None = None
    lat: Annotated[float, msgspec.Meta(ge=-90, le=90)] | None = None
    node: UUID | None = None
    urgency: Annotated[str, msgspec.Meta(max_length=20)] = ""
    name: Annotated[str, msgspec.Meta(max_length=30)] = ""
    phone: Annotated[str, msgspec.Meta(max_length=20)] = ""
    address: Annotated[str, msgspec.Meta(max_length=100)] = ""
    about: Annotated[str, msgspec.Meta(max_length=80)] = ""


@dataclass(frozen=True, slots=True)
class Where:
    """The grids to choose from, the one that is meant without choosing, and whose desk gets it.

    ``fixed``: another page chose the place, which need not be a grid (a station, say).
    """

    leaves: tuple[Unit, ...]
    own: Unit | None
    desk: str
    fixed: bool = False


class StaffReport(Controller):
    """The report page of staff."""

    path = "/{tenant:str}/cases/new"

    @get("/", name="case_report", permission=CaseRight.REPORT)
    async def form(self, ctx: Ctx, request: AnyRequest) -> Page:
        """The form, with one's own grid already chosen."""
        return await _form(ctx, {name: request.query_params.get(name, "") for name in _FILLED})

    @post("/filled", name="case_report_filled", permission=CaseRight.REPORT)
    async def filled(self, ctx: Ctx, request: AnyRequest) -> Page:
        """The form with words that no address may hold, filled in by another page's button."""
        given = await typed(request)
        known = {name: given.get(name, "") for name in (*_FILLED, "description")}
        return await _form(ctx, {name: str(words) for name, words in known.items()})

    @post("/", name="case_report_send", permission=CaseRight.REPORT)
    async def send(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """Take it; sent twice it is one case."""
        if first := await once(ctx, request):
            return done(request, first)
        try:
            given = await read(request, Report)
            case_id = await _take(ctx, request, given)
        except (Invalid, TooLarge) as fault:
            fields = faults_of(fault, otherwise="photos")
            return await _form(ctx, await typed(request), fields)
        to = url_of(ctx, request, "case", case_id=case_id)
        return await done_once(ctx, request, to, said=_said(ctx))

    @get("/where", name="case_where", permission=CaseRight.REPORT)
    async def where(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """Which grid holds a point and which desk will get the case, in words for the map."""
        leaf = await leaf_at(ctx, *point_asked(request))
        if leaf is None:
            words = N_("这个位置不在本县范围内，请重新选择。")
        else:
            desk = await desk_of(ctx, leaf.path)
            words = Sentence("{place}，会报到{desk}", place=leaf.name, desk=desk)
        return Response(
            msgspec.json.encode({"words": say_to(request)(words)}), media_type="application/json"
        )


async def _take(ctx: Context, request: AnyRequest, given: Report) -> UUID:
    sent = await uploads(request, "photos")
    if len(sent) > MOST_PHOTOS:
        raise Invalid(fields={"photos": Sentence("最多传 {n} 张照片。", n=MOST_PHOTOS)})
    pointed = given.lon is not None and given.lat is not None
    if not pointed and given.node is None:
        raise Invalid(fields={"lon": "请在地图上点一下，或者选择网格。"})
    desk = ctx.actor.may(CaseRight.FILE)
    photos = [await accept_photo(ctx, data) for data in sent]
    reported = await report_case(
        ctx,
        category=given.category,
        title=given.title.strip(),
        description=given.description.strip(),
        place=given.place.strip(),
        lon=given.lon if pointed else None,
        lat=given.lat if pointed else None,
        node_id=None if pointed else given.node,
        urgency=given.urgency if desk else "",
        origin=Origin.DESK if desk else Origin.WORKER,
        contact=Contact(
            name=given.name.strip(), phone=given.phone.strip(), address=given.address.strip()
        ),
        photos=[photo.id for photo in photos],
        about=_about(given.about),
    )
    return reported.case_id


def _about(words: str) -> About | None:
    """``ledger:<id>``, as the button that leads here wrote it."""
    kind, _, subject = words.partition(":")
    if not words:
        return None
    return About(kind, id_in(subject))


def _said(ctx: Context) -> str:
    for kind in ctx.policy.county.case_kinds:
        for action in kind.actions:
            if not action.before:
                return action.said
    return ""


async def desk_of(ctx: Context, path: str) -> str:
    """The desk nearest to a place: where its cases begin."""
    known = await units(ctx, [path])
    desks = [unit for unit in known.line(path) if ctx.policy.levels[unit.level].desk]
    return desk_name(ctx, desks[-1] if desks else None)


async def _where(ctx: Context, chosen: str) -> Where:
    scopes = [scope.path for scope in ctx.actor.scopes(CaseRight.REPORT)]
    leaves = tuple(await leaves_within(ctx, scopes))
    picked = next((leaf for leaf in leaves if str(leaf.id) == chosen), None)
    if chosen and picked is None and (unit := await _unit(ctx, chosen)):
        return Where((unit,), unit, await desk_of(ctx, unit.path), fixed=True)
    own = picked or (leaves[0] if len(leaves) == 1 else None)
    return Where(leaves, own, await desk_of(ctx, own.path) if own else "")


async def _unit(ctx: Context, chosen: str) -> Unit | None:
    """A unit above the grids, if it is there and the actor may report in it."""
    try:
        node = await node_of(ctx, UUID(chosen))
    except ValueError:
        return None
    if node is None or node.valid_to or not ctx.actor.may(CaseRight.REPORT, path=node.path):
        return None
    return Unit(node.id, node.path, node.code, node.name, node.level)


async def _form(ctx: Context, values: dict[str, Any], errors: dict[str, str] | None = None) -> Page:
    where = await _where(ctx, str(values.get("node", "")))
    if where.own is not None:
        values = {**values, "node": str(where.own.id)}
    moved = {"place": "lon"}  # what the engine says of the place belongs to the map
    shown = {moved.get(name, name): sentence for name, sentence in (errors or {}).items()}
    if errors and "place" in errors and len(str(values.get("place", ""))) > 60:  # noqa: PLR2004
        shown["place"] = shown.pop("lon")
    return page(
        ctx,
        "cases/report.html",
        status_code=422 if errors else 200,
        categories=categories(ctx),
        where=where,
        desk=ctx.actor.may(CaseRight.FILE),
        urgencies=[("", N_("按类别定"))] + [(u.code, u.name) for u in ctx.policy.county.urgencies],
        most=MOST_PHOTOS,
        values=values,
        errors=shown,
    )
