"""Saying what is wrong: public, in plain words, big type."""

from hashlib import sha256
from typing import Annotated, Any, Final

import msgspec
from litestar import Controller, Response, get, post

from gridgov.cases.actions.reporting import Contact, report_case
from gridgov.cases.queries.choosing import categories
from gridgov.context import Context
from gridgov.contract.declarations import Origin
from gridgov.files.actions import accept_photo
from gridgov.grid.queries.kept import grid_version
from gridgov.grid.queries.nodes import node_by_code
from gridgov.grid.queries.shapes import Shape
from gridgov.kernel.errors import Invalid, TooLarge
from gridgov.kernel.sentences import Sentence
from gridgov.portal import actions, queries
from gridgov.portal.types import Receipt
from gridgov.portal.web.counting import count, uncount
from gridgov.web.forms import read, typed, uploads
from gridgov.web.guard import Ctx
from gridgov.web.maps import drawing
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import PUBLIC, AnyRequest, url_of

MOST_PHOTOS: Final = 3


class Report(msgspec.Struct):
    """What a resident writes. Only what is needed to find the matter and to answer."""

    category: Annotated[str, msgspec.Meta(max_length=20)] = ""
    description: Annotated[str, msgspec.Meta(max_length=1000)] = ""
    place: Annotated[str, msgspec.Meta(max_length=60)] = ""
    lon: Annotated[float, msgspec.Meta(ge=-180, le=180)] | None = None
    lat: Annotated[float, msgspec.Meta(ge=-90, le=90)] | None = None
    grid: Annotated[str, msgspec.Meta(max_length=20)] = ""
    near: Annotated[str, msgspec.Meta(max_length=20)] = ""
    name: Annotated[str, msgspec.Meta(max_length=30)] = ""
    phone: Annotated[str, msgspec.Meta(max_length=20)] = ""


class Reporting(Controller):
    """Saying what is wrong, without an account."""

    path = "/{tenant:str}/report"

    @get("/", name="report", permission=PUBLIC)
    async def form(self, ctx: Ctx, request: AnyRequest) -> Page:
        """The form. A QR code at a door brings the code of its grid along."""
        return await _form(ctx, {"grid": request.query_params.get("grid", "")})

    @post("/", name="report_send", permission=PUBLIC)
    async def send(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """Take the report. What cannot be read is not counted against the hour's limit."""
        try:
            given = await read(request, Report)
            _require(given)
            uses = await count(ctx, request, "report", int(ctx.setting("resident_reports_hourly")))
            if first := await once(ctx, request):
                await uncount(ctx, uses)
                return done(request, first)
            receipt = await self._take(ctx, request, given)
        except (Invalid, TooLarge) as refusal:
            fields = refusal.fields if isinstance(refusal, Invalid) else {"photos": str(refusal)}
            return await _form(ctx, await typed(request), fields or {"photos": str(refusal)})
        to = url_of(ctx, request, "report_done", receipt=actions.seal(ctx, receipt))
        return await done_once(ctx, request, to)

    async def _take(self, ctx: Context, request: AnyRequest, given: Report) -> Receipt:
        code = given.grid or given.near
        node = await node_by_code(ctx, code) if code else None
        if code and node is None:
            raise Invalid(
                fields={"grid": "没有这个网格编码，请核对门牌上的编码，或在地图上点一下。"}
            )
        sent = await uploads(request, "photos")
        if len(sent) > MOST_PHOTOS:
            raise Invalid(fields={"photos": Sentence("最多传 {n} 张照片。", n=MOST_PHOTOS)})
        try:
            photos = [await accept_photo(ctx, data) for data in sent]
        except Invalid as fault:
            raise Invalid(fields={"photos": str(fault)}) from fault
        reported = await report_case(
            ctx,
            category=given.category,
            description=given.description,
            place=given.place,
            lon=given.lon,
            lat=given.lat,
            node_id=node.id if node and given.lon is None else None,
            origin=Origin.RESIDENT,
            contact=Contact(name=given.name, phone=given.phone),
            photos=[photo.id for photo in photos],
        )
        return Receipt(reported.code, reported.pin)

    @get("/done", name="report_done", permission=PUBLIC)
    async def done(self, ctx: Ctx, request: AnyRequest) -> Page:
        """The code and, for who left no phone number, the PIN."""
        word = request.query_params.get("receipt", "")
        receipt = actions.unseal(ctx, word, Receipt)
        address = f"{str(request.base_url).rstrip('/')}{url_of(ctx, request, 'track')}"
        return page(ctx, "portal/done.html", receipt=receipt, address=address)

    @get("/shapes", name="report_shapes", permission=PUBLIC)
    async def shapes(self, ctx: Ctx, request: AnyRequest) -> Response[bytes]:
        """For the map: names and lines, nothing else. First the towns, then what lies in one."""
        code = request.query_params.get("below", "")
        tag = f'"{await grid_version(ctx)}-{sha256(code.encode()).hexdigest()[:12]}"'
        headers = {"etag": tag, "cache-control": "private, no-cache"}
        if request.headers.get("if-none-match") == tag:
            return Response(b"", status_code=304, headers=headers)
        drawn = await (queries.inside(ctx, code) if code else queries.outline(ctx))
        features = [_feature(ctx, request, shape) for shape in drawn if shape.node.code != code]
        return drawing(features, headers=headers)


def _feature(ctx: Context, request: AnyRequest, shape: Shape) -> dict[str, Any]:
    node = shape.node
    properties = {"name": node.name}
    if not ctx.policy.levels[node.level].base:
        properties["inner"] = url_of(ctx, request, "report_shapes", below=node.code)
    return {"type": "Feature", "properties": properties, "geometry": shape.geometry}


def _require(given: Report) -> None:
    """What and where, all that is missing at once: nobody mends a form twice."""
    missing: dict[str, str] = {}
    if not given.category:
        missing["category"] = "请选是什么事。"
    if not (given.grid or given.near) and (given.lon is None or given.lat is None):
        missing["lon"] = "请选村、社区，或在地图上点一下。"
    if missing:
        raise Invalid(fields=missing)


async def _form(ctx: Context, values: dict[str, Any], errors: dict[str, str] | None = None) -> Page:
    grid = str(values.get("grid", ""))
    node = await node_by_code(ctx, grid) if grid else None
    return page(
        ctx,
        "portal/report.html",
        status_code=422 if errors else 200,
        categories=categories(ctx),
        node=node,
        near=[
            (one.code, one.name, one.above, one.keys) for one in await queries.neighbourhoods(ctx)
        ],
        most=MOST_PHOTOS,
        kept={"contact": ctx.setting("contact_days"), "photos": ctx.setting("photo_days")},
        values=values,
        errors=errors or {},
    )
