"""The tree to walk through, the search, and one node with all that is known of it (一格一档)."""

from dataclasses import dataclass
from uuid import UUID

from litestar import Controller, get
from litestar.params import FromPath

from gridgov.context import Context
from gridgov.grid.queries.census import tallies
from gridgov.grid.queries.history import ChangeRow, changes_of, concerned, kinship, planned_changes
from gridgov.grid.queries.nodes import (
    MOST_FOUND,
    children_of,
    line_of,
    names_at,
    node_seen,
    search,
    seen_at,
    tops_seen,
)
from gridgov.grid.queries.places import neighbour_paths
from gridgov.grid.queries.shapes import boundary_of
from gridgov.grid.rules.codes import parent_path
from gridgov.grid.rules.shapes import area_km2
from gridgov.grid.types import GridRight, NodeRow, Tally
from gridgov.web.guard import Ctx
from gridgov.web.pages import Page, page, piece
from gridgov.web.urls import AnyRequest

_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Shown:
    """A node with what lies below it, as lists show it. ``where`` names the nodes above."""

    node: NodeRow
    level: str
    tally: Tally
    where: str = ""


@dataclass(frozen=True, slots=True)
class Norm:
    """How many households there are for each leaf, beside how many the county means there to be."""

    households: int
    each: int
    leaves: int
    source: str

    @property
    def off(self) -> int:
        """By how many per cent it is more, or less."""
        return round(100 * (self.each - self.households) / self.households)


class GridPages(Controller):
    """Walking through the tree."""

    path = "/{tenant:str}/grid"

    @get("/", name="grid", permission=GridRight.READ)
    async def browse(self, ctx: Ctx) -> Page:
        """The tree from where the actor's view begins, its first level open."""
        tops = await shown(ctx, await tops_seen(ctx))
        open_top = tops[0] if len(tops) == 1 else None
        below = await children_of(ctx, open_top.node.id) if open_top else []
        return page(ctx, "grid/browse.html", tops=tops, below=await shown(ctx, below))

    @get("/rows/{node_id:uuid}", name="grid_rows", permission=GridRight.READ)
    async def branch(self, ctx: Ctx, node_id: FromPath[UUID]) -> Page:
        """The rows below a node, for the tree."""
        node = await node_seen(ctx, node_id)
        below = await children_of(ctx, node.id)
        return piece(ctx, "grid/_rows.html", rows=await shown(ctx, below))

    @get("/search", name="grid_search", permission=GridRight.READ)
    async def find(self, ctx: Ctx, request: AnyRequest) -> Page:
        """Nodes by code, name or pinyin initials."""
        words = request.query_params.get("q", "")[:_LONGEST]
        found = await shown(ctx, await search(ctx, words), where=True)
        template = "grid/_found.html" if "hx-request" in request.headers else "grid/search.html"
        return page(ctx, template, q=words, found=found, most=MOST_FOUND)

    @get("/{node_id:uuid}", name="node", permission=GridRight.READ)
    async def node(self, ctx: Ctx, node_id: FromPath[UUID]) -> Page:
        """One node: its head, sub-units, neighbours, history, and what other rooms know of it."""
        node = await node_seen(ctx, node_id)
        boundary = await boundary_of(ctx, node.id)
        beside = [] if node.valid_to else await neighbour_paths(ctx, node, boundary)
        children = await children_of(ctx, node.id)
        counted = await tallies(ctx, [node, *children])
        level = ctx.policy.levels_ever.get(node.level)
        return page(
            ctx,
            "grid/node.html",
            node=node,
            level=level,
            levels=ctx.policy.levels,
            tally=counted[node.id],
            norm=norm_of(ctx, counted[node.id]),
            area=None if boundary is None else area_km2(boundary),
            crumbs=await crumbs(ctx, node),
            children=[Shown(one, _level(ctx, one), counted[one.id]) for one in children],
            neighbours=await seen_at(ctx, beside),
            changes=await changes_of(ctx, node.id),
            plans=await _plans_for(ctx, node.id),
            kin=await kinship(ctx, node.id),
            may_redivide=node.valid_to is None
            and ctx.actor.may(GridRight.REDIVIDE, path=node.path),
        )


async def shown(ctx: Context, nodes: list[NodeRow], *, where: bool = False) -> list[Shown]:
    """Nodes as lists show them."""
    counted = await tallies(ctx, nodes) if nodes else {}
    names = await names_at(ctx, [parent_path(node.path) for node in nodes]) if where else {}
    return [
        Shown(node, _level(ctx, node), counted[node.id], _above(names, node.path)) for node in nodes
    ]


async def crumbs(ctx: Context, node: NodeRow) -> list[tuple[NodeRow, bool]]:
    """The line down to the node, each with whether the actor may open it."""
    line = await line_of(ctx, parent_path(node.path)) if parent_path(node.path) else []
    return [(above, ctx.actor.may(GridRight.READ, path=above.path)) for above in line]


def norm_of(ctx: Context, tally: Tally) -> Norm | None:
    """The declared size of a leaf against the mean of those that lie here."""
    declared = next((lv for lv in ctx.policy.county.levels if lv.base and lv.households), None)
    if declared is None or not declared.households or not tally.leaves:
        return None
    each = round(tally.households / tally.leaves)
    return Norm(declared.households, each, tally.leaves, declared.source)


def _level(ctx: Context, node: NodeRow) -> str:
    declared = ctx.policy.levels_ever.get(node.level)
    return declared.name if declared else node.level


def _above(names: dict[str, str], path: str) -> str:
    """The names of the nodes above, from the second level down: the county itself says nothing."""
    above: list[str] = []
    path = parent_path(path)
    while parent_path(path):
        above.append(names.get(path, ""))
        path = parent_path(path)
    return " · ".join(reversed(above))


async def _plans_for(ctx: Context, node_id: UUID) -> list[ChangeRow]:
    return [change for change in await planned_changes(ctx) if node_id in concerned(change.command)]
