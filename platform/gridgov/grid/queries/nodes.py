"""Which nodes? Whatever a page shows of the tree begins with ``nodes_seen_by``."""

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CompoundSelect,
    Select,
    Text,
    any_,
    bindparam,
    case,
    false,
    func,
    or_,
    select,
    union,
)
from sqlalchemy.orm import InstrumentedAttribute

from gridgov.context import Context
from gridgov.contract.actor import Actor, Scope
from gridgov.grid.models import GridNode, GridPast
from gridgov.grid.rules.codes import prefixes
from gridgov.grid.types import GridRight, NodeRow
from gridgov.kernel.db import within
from gridgov.kernel.errors import NotFound
from gridgov.kernel.ready import Ready, one_of

COLUMNS: Final[tuple[InstrumentedAttribute[Any], ...]] = (
    GridNode.id,
    GridNode.parent_id,
    GridNode.path,
    GridNode.code,
    GridNode.level,
    GridNode.name,
    GridNode.area_type,
    GridNode.households,
    GridNode.population,
    GridNode.synthetic,
    GridNode.lon,
    GridNode.lat,
    GridNode.valid_from,
    GridNode.valid_to,
)
"""What a :class:`NodeRow` is made of."""

Nodes = Select[*tuple[Any, ...]]
"""A select of ``COLUMNS``, to be narrowed further."""

MOST_FOUND: Final = 50


def nodes_seen_by(actor: Actor, right: GridRight = GridRight.READ) -> Nodes:
    """The nodes, those that have ended included, on which the actor holds the right."""
    return nodes_within(actor.scopes(right))


def nodes_within(scopes: Iterable[Scope]) -> Nodes:
    """The same for scopes, by which a statement can be kept."""
    ways = [within(GridNode.path, scope.path) for scope in scopes]
    return select(*COLUMNS).where(or_(*ways) if ways else false())


def present(nodes: Nodes) -> Nodes:
    """Those that are there today."""
    return nodes.where(GridNode.valid_to.is_(None))


async def rows(ctx: Context, nodes: Nodes) -> list[NodeRow]:
    """Run a select of ``COLUMNS``."""
    return [NodeRow(*row) for row in await Ready(nodes).rows(ctx.session)]


async def node_seen(ctx: Context, node_id: UUID, right: GridRight = GridRight.READ) -> NodeRow:
    """The node, if the actor may see it; there or ended."""
    found = await rows(ctx, nodes_seen_by(ctx.actor, right).where(GridNode.id == node_id))
    if not found:
        raise NotFound
    return found[0]


async def tops_seen(ctx: Context) -> list[NodeRow]:
    """Where the actor's view of the tree begins: the highest nodes that they may see."""
    paths = [scope.path for scope in ctx.actor.scopes(GridRight.READ)]
    top = present(nodes_seen_by(ctx.actor))
    if "" in paths:
        return await rows(ctx, top.where(GridNode.parent_id.is_(None)))
    highest = [p for p in paths if not any(p != q and p.startswith(q) for q in paths)]
    return await rows(ctx, top.where(one_of(GridNode.path, highest)).order_by(GridNode.path))


async def node_of(ctx: Context, node_id: UUID) -> NodeRow | None:
    """The node whoever asks: for rooms that show where something they may see lies."""
    found = await rows(ctx, select(*COLUMNS).where(GridNode.id == node_id))
    return found[0] if found else None


_BY_PATH: Final = Ready(present(select(*COLUMNS)).where(GridNode.path == bindparam("path")))


async def node_by_path(ctx: Context, path: str) -> NodeRow | None:
    """The node that stands there today."""
    row: Any = await _BY_PATH.row(ctx.session, path=path)
    return None if row is None else NodeRow(*row)


async def node_by_code(ctx: Context, code: str) -> NodeRow | None:
    """The node that has the code today."""
    if not code.isprintable():
        return None
    found = await rows(ctx, present(select(*COLUMNS)).where(GridNode.code == code))
    return found[0] if found else None


_LINE: Final = Ready(
    select(*COLUMNS)
    .where(GridNode.path == any_(bindparam("paths", type_=ARRAY(Text))))
    .order_by(GridNode.path, GridNode.valid_to.desc().nulls_first())
)


async def line_of(ctx: Context, path: str) -> list[NodeRow]:
    """The node's ancestors and itself, from the root; of an ended one who stood there last."""
    latest: dict[str, NodeRow] = {}
    for row in await _LINE.rows(ctx.session, paths=list(prefixes(path))):
        node = NodeRow(*row)
        latest.setdefault(node.path, node)
    return list(latest.values())


_NAMES: Final = Ready(
    select(GridNode.path, GridNode.name)
    .where(GridNode.path == any_(bindparam("paths", type_=ARRAY(Text))))
    .order_by(GridNode.valid_to.asc().nulls_last())
)


async def names_at(ctx: Context, paths: Iterable[str]) -> dict[str, str]:
    """The names of the nodes at these paths and of all above them: for saying where things lie."""
    wanted = {prefix for path in paths for prefix in prefixes(path)}
    return dict(await _NAMES.rows(ctx.session, paths=sorted(wanted)))


async def children_of(ctx: Context, node_id: UUID) -> list[NodeRow]:
    """The present sub-units that the actor may see, in the order of their codes."""
    seen = present(nodes_seen_by(ctx.actor)).where(GridNode.parent_id == node_id)
    return await rows(ctx, seen.order_by(GridNode.path))


async def below(ctx: Context, node_id: UUID) -> list[NodeRow]:
    """All present sub-units, whoever asks: for who may change the node itself."""
    found = present(select(*COLUMNS)).where(GridNode.parent_id == node_id)
    return await rows(ctx, found.order_by(GridNode.path))


async def seen_at(ctx: Context, paths: Sequence[str]) -> list[NodeRow]:
    """Those of the nodes standing at these paths that the actor may see."""
    if not paths:
        return []
    seen = present(nodes_seen_by(ctx.actor)).where(one_of(GridNode.path, paths))
    return await rows(ctx, seen.order_by(GridNode.path))


async def search(ctx: Context, words: str) -> list[NodeRow]:
    """Nodes by code, name or pinyin initials, also by what they were called; present ones first.

    A county has about a thousand nodes: looked through within the tenant, not by an index.
    """
    q = words.strip()
    if not q:
        return []
    were = select(GridPast.node_id).where(
        or_(func.strpos(GridPast.code, q) == 1, func.strpos(GridPast.name, q) > 0)
    )
    found = nodes_seen_by(ctx.actor).where(
        or_(
            func.strpos(GridNode.code, q) == 1,
            func.strpos(GridNode.name, q) > 0,
            func.strpos(GridNode.initials, q.lower()) > 0,
            GridNode.id.in_(were),
        )
    )
    best = case(
        (or_(GridNode.code == q, GridNode.name == q), 0),
        (or_(func.strpos(GridNode.name, q) == 1, GridNode.initials == q.lower()), 1),
        else_=2,
    )
    ended = GridNode.valid_to.is_not(None)
    return await rows(
        ctx,
        found.order_by(ended, best, func.length(GridNode.path), GridNode.path).limit(MOST_FOUND),
    )


def ever_under(path: str) -> CompoundSelect[UUID]:
    """Ids of all nodes that ever stood in the subtree, perhaps before a move or their end."""
    return union(
        select(GridNode.id).where(within(GridNode.path, path)),
        select(GridPast.node_id).where(within(GridPast.path, path)),
    )
