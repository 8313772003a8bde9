"""QR codes for doors and notice boards."""

import io
from typing import Final
from uuid import UUID

import segno
from litestar import Controller, Response, get
from litestar.params import FromPath

from gridgov.cases.queries.units import leaves_within
from gridgov.grid.queries.nodes import node_seen
from gridgov.grid.types import GridRight
from gridgov.portal.web.counting import AnyRequest, url_of
from gridgov.web.guard import Ctx
from gridgov.web.pages import Page, page, part
from gridgov.web.slots import Slot

MOST_CARDS: Final = 60
SLOTS = (Slot(page="node", route="node_qr", title="居民上报码", order=80),)


class Codes(Controller):
    """QR codes for doors and notice boards: each leads to the form with its grid filled in."""

    path = "/{tenant:str}/report/qr"

    @get("/{node_id:uuid}", name="report_qr", permission=GridRight.READ)
    async def sheet(self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]) -> Page:
        """To print: a poster of one grid, or cards of all grids below a larger unit."""
        node = await node_seen(ctx, node_id)
        leaves = await leaves_within(ctx, [node.path])
        back = url_of(ctx, request, "node", node_id=node_id)
        return page(ctx, "portal/qr.html", node=node, leaves=leaves[:MOST_CARDS], back=back)

    @get("/{node_id:uuid}/code.svg", name="report_qr_svg", permission=GridRight.READ)
    async def code(self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]) -> Response[bytes]:
        """The code itself, as lines: it stays sharp on any paper."""
        node = await node_seen(ctx, node_id)
        address = (
            f"{str(request.base_url).rstrip('/')}{url_of(ctx, request, 'report', grid=node.code)}"
        )
        drawn = io.BytesIO()
        segno.make_qr(address, error="m").save(
            drawn, kind="svg", xmldecl=False, omitsize=True, border=2
        )
        return Response(drawn.getvalue(), media_type="image/svg+xml")

    @get("/{node_id:uuid}/card", name="node_qr", permission=GridRight.READ)
    async def card(self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]) -> Page:
        """The piece for the page of a node."""
        node = await node_seen(ctx, node_id)
        return part(
            ctx,
            request,
            "portal/_qr.html",
            title=node.name,
            back=url_of(ctx, request, "node", node_id=node_id),
            node=node,
        )
