"""Codes to hang up: issued, printed as a poster or by eight or twenty-four, revoked, replaced."""

import io
from typing import Any, Final
from uuid import UUID

import msgspec
import segno
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.cases.queries.units import leaves_within
from gridgov.context import Context
from gridgov.grid.queries.nodes import node_by_code, node_seen
from gridgov.kernel.errors import Invalid, NotFound
from gridgov.kernel.sentences import N_, Sentence
from gridgov.services.actions.codes import issue_codes, replace_code
from gridgov.services.queries.codes import CodeRow, code_of_grid, codes_hanging, codes_under
from gridgov.services.types import CodeKind, RevokedFor, ServiceRight
from gridgov.web.forms import read, typed
from gridgov.web.guard import Ctx
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done, page, part
from gridgov.web.slots import Slot
from gridgov.web.urls import AnyRequest, url_of

KINDS: Final = (
    (CodeKind.STAIR, N_("楼道、单元门")),
    (CodeKind.DOOR, N_("一户门口")),
    (CodeKind.GRID, N_("整个网格")),
)
ENDS: Final = (
    (RevokedFor.TORN, N_("撕掉、弄坏了")),
    (RevokedFor.COPIED, N_("被翻拍、冒用")),
    (RevokedFor.MISPLACED, N_("贴错了地方")),
    (RevokedFor.NEEDLESS, N_("那里不用再贴")),
)
_PAGE: Final = 40
_PER_SHEET: Final = ("8", "24")


SLOTS: Final = (Slot(page="node", route="codes_of_node", title=N_("门口的码"), order=80),)


class Issuing(msgspec.Struct):
    """Where codes are to hang, one place a line."""

    node: UUID
    kind: CodeKind = CodeKind.STAIR
    places: str = ""


class Ending(msgspec.Struct):
    """Why a code is revoked, and whether another takes its place."""

    why: RevokedFor
    do: str = ""


class Codes(Controller):
    """Codes at doors and stairs."""

    path = "/{tenant:str}/codes"

    @get("/", name="codes", permission=ServiceRight.CODES)
    async def list(self, ctx: Ctx, request: AnyRequest) -> Page:
        """What hangs where, or hung there; and the form for more."""
        return await _list(ctx, request)

    @post("/", name="codes_issue", permission=ServiceRight.CODES)
    async def issue(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """Issue codes for a grid."""
        if first := await once(ctx, request):
            return done(request, first)
        try:
            given = await read(request, Issuing)
            made = await issue_codes(
                ctx, given.node, kind=given.kind, places=given.places.splitlines()
            )
        except Invalid as fault:
            return await _list(ctx, request, await typed(request), fault.fields)
        to = url_of(ctx, request, "codes")
        if given.kind is CodeKind.GRID:
            to = url_of(ctx, request, "code_poster", code_id=made[0])
        return await done_once(
            ctx, request, to, said=Sentence("做好了 {n} 个码，可以打印。", n=len(made))
        )

    @post("/{code_id:uuid}", name="code_replace", permission=ServiceRight.CODES)
    async def replace(
        self, ctx: Ctx, request: AnyRequest, code_id: FromPath[UUID]
    ) -> Response[Any]:
        """Revoke one, or revoke and replace it."""
        try:
            given = await read(request, Ending)
        except Invalid:
            return await _list(ctx, request, errors={"why": "请选为什么作废。"}, ending=code_id)
        again = given.do == "again"
        await replace_code(ctx, code_id, why=given.why, again=again)
        said = N_("旧码已作废，新码可以打印。") if again else N_("已作废，扫它什么也打不开。")
        view = {name: request.query_params.get(name) for name in ("grid", "after")}
        return done(request, url_of(ctx, request, "codes", **view), said=said)

    @get("/sheet", name="codes_sheet", permission=ServiceRight.CODES)
    async def sheet(self, ctx: Ctx, request: AnyRequest) -> Page:
        """To print: eight large or twenty-four small on a page."""
        per = request.query_params.get("per", "")
        grid, path = await _narrowed(ctx, request)
        per = per if per in _PER_SHEET else _PER_SHEET[0]
        rows, following = await codes_under(ctx, path, request.query_params.get("after", ""))
        view = {"grid": grid or None}
        return page(
            ctx,
            "services/codes_sheet.html",
            per=int(per),
            rows=rows,
            back=url_of(ctx, request, "codes", **view),
            further=url_of(ctx, request, "codes_sheet", per=per, **view, after=following)
            if following
            else "",
        )

    @get("/{code_id:uuid}/poster", name="code_poster", permission=ServiceRight.CODES)
    async def poster(self, ctx: Ctx, request: AnyRequest, code_id: FromPath[UUID]) -> Page:
        """One code on a sheet of its own, with what it is good for."""
        row = await _one(ctx, code_id)
        back = url_of(ctx, request, "node", node_id=row.node_id)
        return page(ctx, "services/code_poster.html", row=row, back=back)

    @get("/{code_id:uuid}/code.svg", name="code_svg", permission=ServiceRight.CODES)
    async def svg(self, ctx: Ctx, request: AnyRequest, code_id: FromPath[UUID]) -> Response[bytes]:
        """The code itself, as lines: it stays sharp on any paper."""
        row = await _one(ctx, code_id)
        root = str(request.base_url).rstrip("/")
        drawn = io.BytesIO()
        segno.make_qr(f"{root}{url_of(ctx, request, 'place', token=row.token)}", error="m").save(
            drawn, kind="svg", xmldecl=False, omitsize=True, border=2
        )
        return Response(drawn.getvalue(), media_type="image/svg+xml")

    @get("/at/{node_id:uuid}", name="codes_of_node", permission=ServiceRight.CODES)
    async def of_node(self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]) -> Page:
        """For the page of a node: the code of a grid, and how many hang there."""
        node = await node_seen(ctx, node_id)
        whole = ctx.policy.levels[node.level].base and node.valid_to is None
        return part(
            ctx,
            request,
            "services/_node_codes.html",
            title=node.name,
            back=url_of(ctx, request, "node", node_id=node_id),
            node=node,
            code=await code_of_grid(ctx, node.path) if whole else None,
            may_issue=whole and ctx.actor.may(ServiceRight.CODES, path=node.path),
            hanging=await codes_hanging(ctx, node.path),
        )


async def _one(ctx: Context, code_id: UUID) -> CodeRow:
    rows, _ = await codes_under(ctx, alone=code_id)
    if not rows:
        raise NotFound
    return rows[0]


async def _narrowed(ctx: Context, request: AnyRequest) -> tuple[str, str]:
    """The grid that an address narrows the list to, if there is such a one: its code and path."""
    code = request.query_params.get("grid", "")
    node = await node_by_code(ctx, code) if code else None
    return (node.code, node.path) if node else ("", "")


async def _list(
    ctx: Context,
    request: AnyRequest,
    values: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None,
    *,
    ending: UUID | None = None,
) -> Page:
    scopes = [scope.path for scope in ctx.actor.scopes(ServiceRight.CODES)]
    leaves = await leaves_within(ctx, scopes)
    params = request.query_params
    grid, path = await _narrowed(ctx, request)
    revoked = params.get("view") == "revoked"
    rows, following = await codes_under(
        ctx, path, params.get("after", ""), revoked=revoked, limit=_PAGE
    )
    view = {"grid": grid or None, "view": "revoked" if revoked else None}
    return page(
        ctx,
        "services/codes.html",
        status_code=422 if errors else 200,
        rows=rows,
        revoked=revoked,
        grid=grid,
        hanging=await codes_hanging(ctx, path),
        leaves=leaves,
        kinds=KINDS,
        kind_names=dict(KINDS),
        ends=ENDS,
        ending=ending,
        after=params.get("after", ""),
        end_names=dict(ENDS),
        first=url_of(ctx, request, "codes", **view) if params.get("after") else "",
        older=url_of(ctx, request, "codes", **view, after=following) if following else "",
        values={"kind": CodeKind.STAIR} | (values or {}),
        errors=errors or {},
    )
