"""Walking down to the buildings of a grid; above it, what they come to."""

from dataclasses import dataclass
from uuid import UUID

from litestar import Controller, get
from litestar.params import FromPath

from gridgov.context import Context
from gridgov.grid.queries.census import tallies
from gridgov.grid.queries.nodes import children_of, line_of
from gridgov.grid.queries.stepping import place_asked
from gridgov.grid.types import GridRight, NodeRow
from gridgov.kernel import paging
from gridgov.registry import queries
from gridgov.registry.rules import together
from gridgov.registry.types import RegistryRight, Sum
from gridgov.web.guard import Ctx
from gridgov.web.pages import Page, page, part
from gridgov.web.slots import Slot
from gridgov.web.urls import AnyRequest, url_of

SLOTS = (Slot(page="node", route="node_buildings", title="房屋和住户", order=20),)


@dataclass(frozen=True, slots=True)
class Below:
    """One sub-unit with what is recorded in it, beside the households that the tree says."""

    node: NodeRow
    sum: Sum
    households: int


class Buildings(Controller):
    """The light register."""

    path = "/{tenant:str}/buildings"

    @get("/", name="buildings", permission=RegistryRight.READ)
    async def buildings(self, ctx: Ctx, request: AnyRequest) -> Page:
        """A grid with its buildings, or a unit above with the sums of what lies below."""
        return await _buildings(ctx, request)

    @get("/at/{node_id:uuid}", name="node_buildings", permission=RegistryRight.READ)
    async def at_node(self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]) -> Page:
        """The sums of a node, for the node's page."""
        node = await place_asked(ctx, str(node_id), RegistryRight.READ)
        return part(
            ctx,
            request,
            "registry/_node.html",
            title=node.name,
            back=url_of(ctx, request, "node", node_id=node.id),
            node=node,
            sum=together(await queries.sums(ctx, node.path), node.path),
        )


async def below_of(ctx: Context, node: NodeRow) -> list[Below]:
    """The sub-units of a node, or the node itself where there are none."""
    children = await children_of(ctx, node.id) or [node]
    sums = await queries.sums(ctx, node.path)
    counted = await tallies(ctx, children)
    return [Below(one, together(sums, one.path), counted[one.id].households) for one in children]


async def _buildings(ctx: Context, request: AnyRequest) -> Page:
    asked = request.query_params
    node = await place_asked(ctx, asked.get("node", ""), RegistryRight.READ)
    leaf = ctx.policy.levels[node.level].base if node.level in ctx.policy.levels else False
    below = [] if leaf else await below_of(ctx, node)
    cursor = paging.decode(asked.get("after"), "ssu")
    rows = await queries.buildings_at(ctx, node.path, cursor=cursor) if leaf else []
    shown, after = paging.cut(rows, queries.PAGE, lambda last: (last.node_path, last.name, last.id))
    older = url_of(ctx, request, "buildings", node=node.id, after=after) if after else ""
    sums = {one.node.path: one.sum for one in below} or await queries.sums(ctx, node.path)
    return page(
        ctx,
        "registry/buildings.html",
        node=node,
        leaf=leaf,
        crumbs=[
            (one.name, url_of(ctx, request, "buildings", node=one.id))
            for one in await line_of(ctx, node.path)
            if ctx.actor.may(GridRight.READ, path=one.path)
        ],
        below=below,
        rows=shown,
        older=older,
        first=url_of(ctx, request, "buildings", node=node.id) if cursor else "",
        sum=together(sums, node.path),
        uses=uses_of(ctx),
        may_count=ctx.actor.may(RegistryRight.COUNT, path=node.path) and leaf,
        may_export=ctx.actor.may(RegistryRight.EXPORT, path=node.path),
    )


def uses_of(ctx: Context) -> dict[str, str]:
    """What the county calls the uses of buildings, by code."""
    return {use.code: use.name for use in ctx.policy.ever.building_uses}
