"""Cases in the pages of the grid: what is open on a node, and points on the map."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get
from litestar.params import FromPath

from gridgov.cases.queries.places import Spot, points
from gridgov.cases.queries.record import record
from gridgov.cases.queries.tallies import tally
from gridgov.cases.queries.units import units
from gridgov.cases.queries.worklist import OPEN, CaseFilter, departments_of, worklist
from gridgov.cases.rules.lights import light_of
from gridgov.cases.types import CaseRight, Light
from gridgov.cases.web.showing import shown, state_name
from gridgov.context import Context
from gridgov.grid.queries.nodes import node_of, node_seen
from gridgov.grid.types import THEN
from gridgov.kernel.ids import id_in
from gridgov.web.guard import Ctx
from gridgov.web.maps import drawing
from gridgov.web.pages import Page, part, say_to
from gridgov.web.slots import Slot
from gridgov.web.urls import AnyRequest, url_of

SLOTS = (Slot(page="node", route="node_cases", title="未结的事件", order=30),)
_FIRST = 5


class CasePlaces(Controller):
    """Cases by where they lie."""

    path = "/{tenant:str}/cases"

    @get("/at/{node_id:uuid}", name="node_cases", permission=CaseRight.READ)
    async def at_node(self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]) -> Page:
        """The open cases on a node by light, and the most pressing of them.

        On one that is no more: what was opened on it while it was there.
        """
        node = await node_seen(ctx, node_id)
        then = node.valid_to is not None
        here = {"place": node.path, "grid": THEN if then else None}
        numbers = await tally(ctx, node.path, then=then)
        wanted = CaseFilter(path=node.path, then=then, ends=OPEN)
        found = await worklist(ctx, wanted, limit=_FIRST)
        known = await units(ctx, [row.node_path for row in found.rows])
        departments = await departments_of(ctx, [row.id for row in found.rows])
        lights = [
            (light, count, url_of(ctx, request, "cases", **here, light=light))
            for light, count in numbers.lights.items()
            if count
        ]
        return part(
            ctx,
            request,
            "cases/_node.html",
            title=node.name,
            back=url_of(ctx, request, "node", node_id=node.id),
            lights=lights,
            total=numbers.open,
            rows=shown(ctx, request, found.rows, known=known, departments=departments),
            everything=url_of(ctx, request, "cases", **here),
            closed=url_of(ctx, request, "cases", **here, view="all") if then else "",
        )

    @get("/points", name="case_points", permission=CaseRight.READ)
    async def on_map(self, ctx: Ctx, request: AnyRequest) -> Response[bytes]:
        """Open cases as points, GeoJSON: those of a node, of a light, or a single case."""
        params = request.query_params
        if case := params.get("case"):
            spots = await _one(ctx, id_in(case))
        else:
            node = await node_of(ctx, id_in(params["node"])) if params.get("node") else None
            light = params.get("light", "")
            wanted = CaseFilter(
                path=node.path if node else "",
                ends=OPEN,
                light=Light(light) if light in set(Light) else None,
            )
            spots = await points(ctx, wanted)
        features = [_feature(ctx, request, spot) for spot in spots]
        return drawing(features)


async def _one(ctx: Context, case_id: UUID) -> list[Spot]:
    found = await record(ctx, case_id)
    head, body = found.head, found.body
    if body.lon is None or body.lat is None:
        return []
    light = light_of(
        head.due_at,
        head.yellow_at,
        paused=head.paused_at is not None,
        ended=bool(head.ends),
        now=ctx.now,
    )
    return [
        Spot(head.id, head.code, head.title, head.category, head.state, body.lon, body.lat, light)
    ]


def _feature(ctx: Context, request: AnyRequest, spot: Spot) -> dict[str, Any]:
    say = say_to(request)
    kind = max(ctx.policy.county.case_kinds, key=lambda kind: kind.version)
    state = state_name(ctx, kind.code, kind.version, spot.state)
    return {
        "type": "Feature",
        "id": str(spot.id),
        "properties": {
            "name": spot.title,
            "light": str(spot.light),
            "words": say("{one} · {other}", one=spot.code, other=state),
            "url": url_of(ctx, request, "case", case_id=spot.id),
        },
        "geometry": {"type": "Point", "coordinates": [spot.lon, spot.lat]},
    }
