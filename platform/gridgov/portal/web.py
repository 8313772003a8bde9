"""The resident's pages: public, in plain words, big type; they tell nothing to a guesser."""

from datetime import timedelta
from typing import Annotated, Any, Final

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from gridgov.accounts.limits import Limit, first_refused, give_back
from gridgov.cases.actions.performing import allowed_actions, perform
from gridgov.cases.actions.reporting import Contact, report_case
from gridgov.cases.rules.lights import light_of
from gridgov.context import Context
from gridgov.contract.declarations import Origin
from gridgov.files.actions import accept_photo
from gridgov.grid.queries.nodes import node_by_code
from gridgov.kernel.db import Database
from gridgov.kernel.errors import Invalid, NotFound, TooLarge, TooMany
from gridgov.portal import actions, queries
from gridgov.portal.types import Receipt, Ticket
from gridgov.web.address import client_address
from gridgov.web.csrf import cookie, cookie_name
from gridgov.web.forms import read, typed, uploads
from gridgov.web.guard import Ctx, release
from gridgov.web.once import once, remember
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import PUBLIC, Urls

AnyRequest = Request[Any, Any, Any]
TICKET: Final = "ticket"
MOST_PHOTOS: Final = 3
_HOUR: Final = timedelta(hours=1)
_GUESSES: Final = 10


class Report(msgspec.Struct):
    """What a resident writes. Only what is needed to find the matter and to answer."""

    category: Annotated[str, msgspec.Meta(max_length=20)]
    description: Annotated[str, msgspec.Meta(max_length=1000)] = ""
    place: Annotated[str, msgspec.Meta(max_length=60)] = ""
    lon: Annotated[float, msgspec.Meta(ge=-180, le=180)] | None = None
    lat: Annotated[float, msgspec.Meta(ge=-90, le=90)] | None = None
    grid: Annotated[str, msgspec.Meta(max_length=20)] = ""
    name: Annotated[str, msgspec.Meta(max_length=30)] = ""
    phone: Annotated[str, msgspec.Meta(max_length=20)] = ""


class Key(msgspec.Struct):
    """What opens one's own case."""

    code: Annotated[str, msgspec.Meta(max_length=30)]
    key: Annotated[str, msgspec.Meta(max_length=8)]


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
            uses = await _count(ctx, request, "report", int(ctx.setting("resident_reports_hourly")))
            if first := await once(ctx, request):
                await _uncount(ctx, uses)
                return done(request, first)
            receipt = await self._take(ctx, request, given)
        except (Invalid, TooLarge) as refusal:
            fields = refusal.fields if isinstance(refusal, Invalid) else {"photos": str(refusal)}
            return await _form(ctx, await typed(request), fields or {"place": str(refusal)})
        to = _url(ctx, request, "report_done", receipt=actions.seal(ctx, receipt))
        await remember(ctx, request, to)
        return done(request, to)

    async def _take(self, ctx: Context, request: AnyRequest, given: Report) -> Receipt:
        node = await node_by_code(ctx, given.grid) if given.grid else None
        if given.grid and node is None:
            raise Invalid(
                fields={"grid": "没有这个网格编码，请核对门牌上的编码，或在地图上点一下。"}
            )
        if node is None and (given.lon is None or given.lat is None):
            raise Invalid(fields={"lon": "请在地图上点一下，或填写网格编码。"})
        sent = await uploads(request, "photos")
        if len(sent) > MOST_PHOTOS:
            raise Invalid(fields={"photos": f"最多传 {MOST_PHOTOS} 张照片。"})
        photos = [await accept_photo(ctx, data) for data in sent]
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
        return page(ctx, "portal/done.html", receipt=receipt)

    @get("/shapes", name="report_shapes", permission=PUBLIC)
    async def shapes(self, ctx: Ctx) -> Response[bytes]:
        """The outline of towns for the map: names and lines, nothing else."""
        return Response(await queries.outline(ctx), media_type="application/geo+json")


class Tracking(Controller):
    """Following one's own case."""

    path = "/{tenant:str}/track"

    @get("/", name="track", permission=PUBLIC)
    async def form(self, ctx: Ctx, request: AnyRequest) -> Page:
        """Asking for the code and the key."""
        values = {"code": request.query_params.get("code", "")}
        return page(ctx, "portal/track.html", values=values, errors={})

    @post("/", name="track_open", permission=PUBLIC)
    async def open(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """Open the page of one's own case for half an hour."""
        values = await typed(request)
        try:
            given = await read(request, Key)
            await _count(ctx, request, "track", _GUESSES, also=given.code)
            ticket = await actions.open_case(ctx, given.code.strip(), given.key.strip())
        except Invalid as fault:
            shown = {"code": values.get("code", "")}
            return page(
                ctx, "portal/track.html", status_code=422, values=shown, errors=fault.fields
            )
        carried = cookie(
            request.app.state.settings,
            TICKET,
            actions.seal(ctx, ticket),
            max_age=int(actions.OPEN_FOR.total_seconds()),
        )
        return done(request, _url(ctx, request, "tracked"), cookies=[carried])

    @get("/case", name="tracked", permission=PUBLIC)
    async def case(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """The case: state, light in words, answer, and what its reporter may do."""
        try:
            return await _case(ctx, _ticket(ctx, request))
        except NotFound:
            return done(request, _url(ctx, request, "track"))

    @post("/case/{action:str}", name="tracked_act", permission=PUBLIC)
    async def act(self, ctx: Ctx, request: AnyRequest, action: FromPath[str]) -> Response[Any]:
        """Rate it, or ask for it to be opened again."""
        if first := await once(ctx, request):
            return done(request, first)
        ticket = _ticket(ctx, request)
        values = await typed(request)
        try:
            performed = await perform(
                ctx, ticket.case_id, action, values, teller=ticket.reporter_id
            )
        except Invalid as fault:
            return await _case(ctx, ticket, values=values, errors=fault.fields)
        to = _url(ctx, request, "tracked")
        await remember(ctx, request, to)
        return done(request, to, said=performed.said)


async def _form(ctx: Context, values: dict[str, Any], errors: dict[str, str] | None = None) -> Page:
    known = ctx.policy.categories
    categories = [
        (category.code, category.name, known[category.parent].name)
        for category in ctx.policy.county.categories
        if category.parent
    ]
    grid = str(values.get("grid", ""))
    node = await node_by_code(ctx, grid) if grid else None
    return page(
        ctx,
        "portal/report.html",
        status_code=422 if errors else 200,
        categories=categories,
        node=node,
        most=MOST_PHOTOS,
        values=values,
        errors=errors or {},
    )


async def _case(
    ctx: Context,
    ticket: Ticket,
    *,
    values: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None,
) -> Page:
    case = await queries.followed_case(ctx, ticket.case_id)
    if case is None:
        raise NotFound
    offered = await allowed_actions(ctx, ticket.case_id, teller=ticket.reporter_id)
    kind = ctx.policy.kinds[(case.kind, case.kind_version)]
    state = next(one for one in kind.states if one.code == case.state)
    return page(
        ctx,
        "portal/tracked.html",
        status_code=422 if errors else 200,
        case=case,
        light=light_of(
            case.due_at,
            case.yellow_at,
            paused=case.paused_at is not None,
            ended=bool(case.ends),
            now=ctx.now,
        ),
        state=state,
        category=ctx.policy.categories[case.category].name,
        steps=kind.steps,
        story=await queries.public_steps(ctx, case.id),
        names={action.code: action.name for action in kind.actions},
        actions=offered.actions,
        values=values or {},
        errors=errors or {},
    )


def _ticket(ctx: Context, request: AnyRequest) -> Ticket:
    word = request.cookies.get(cookie_name(request.app.state.settings, TICKET), "")
    return actions.valid(ctx, actions.unseal(ctx, word, Ticket))


async def _count(
    ctx: Context, request: AnyRequest, what: str, most: int, *, also: str = ""
) -> list[Limit]:
    """Refuse who asks too often: by address, and by what is asked about.

    The count is kept whatever becomes of the request, so this one's connection is given back first.
    """
    await release(ctx)
    database: Database = request.app.state.database
    keys = [f"{what}|{ctx.tenant.id}|{client_address(request)}"]
    keys += [f"{what}|{ctx.tenant.id}|{also}"] if also else []
    limits = [Limit(key, most, _HOUR) for key in keys]
    if await first_refused(database, limits, now=ctx.now) is not None:
        raise TooMany("一小时内次数太多了，请过一会儿再试；急事请拨打 12345 或 110。")
    return limits


async def _uncount(ctx: Context, limits: list[Limit]) -> None:
    """The same form sent twice is one report."""
    for limit in limits:
        await give_back(ctx.session, limit, ctx.now)


def _url(ctx: Context, request: AnyRequest, name: str, **params: str) -> str:
    urls: Urls = request.app.state.urls
    return urls.url(ctx.tenant.slug, name, **params)
