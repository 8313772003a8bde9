"""The map: shapes of the grid to drill into, cases as points, and which grid holds a point."""

import hashlib
from typing import Any

import msgspec
from litestar import Controller, Response, get

from gridgov.context import Context
from gridgov.grid.queries.census import tallies
from gridgov.grid.queries.kept import grid_version
from gridgov.grid.queries.nodes import children_of, line_of, node_seen, tops_seen
from gridgov.grid.queries.places import leaf_at
from gridgov.grid.queries.shapes import Shape, shapes_below
from gridgov.grid.types import GridRight, NodeRow, Tally
from gridgov.grid.web.browsing import crumbs, shown
from gridgov.kernel.errors import NotFound
from gridgov.kernel.ids import id_in
from gridgov.web.guard import Ctx
from gridgov.web.maps import drawing, point_asked
from gridgov.web.pages import Page, page, say_to
from gridgov.web.urls import AnyRequest, url_of


class MapPages(Controller):
    """The county as shapes."""

    path = "/{tenant:str}/grid"

    @get("/map", name="map", permission=GridRight.READ)
    async def map(self, ctx: Ctx, request: AnyRequest) -> Page:
        """A node's sub-units as shapes; each leads to its own map, the last ones to their page."""
        node = await _asked(ctx, request)
        level = _level_asked(ctx, request, node)
        below = await children_of(ctx, node.id)
        tally = (await tallies(ctx, [node]))[node.id]
        return page(
            ctx,
            "grid/map.html",
            node=node,
            level=level,
            levels=_levels_below(ctx, node),
            tally=tally,
            crumbs=await crumbs(ctx, node),
            below=await shown(ctx, below),
        )

    @get("/shapes", name="grid_shapes", permission=GridRight.READ)
    async def shapes(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """What the actor may see below a node, as GeoJSON; kept by the browser until it changes."""
        node = await _asked(ctx, request)
        level = _level_asked(ctx, request, node)
        tag = await _tag(ctx, node, level)
        headers = {"etag": tag, "cache-control": "private, no-cache"}
        if request.headers.get("if-none-match") == tag:
            return Response(b"", status_code=304, headers=headers)
        drawn = await shapes_below(ctx, node.path, level)
        counted = await tallies(ctx, [shape.node for shape in drawn]) if drawn else {}
        features = [_feature(ctx, request, one, counted[one.node.id]) for one in drawn]
        return drawing(features, headers=headers)

    @get("/at", name="grid_at", permission=GridRight.READ)
    async def at(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """Which leaf holds a point, in words: for whoever picks a place on a map."""
        leaf = await leaf_at(ctx, *point_asked(request))
        if leaf is None:
            words = say_to(request)("这里不在本县的网格范围内，请重新选择。")
            said: dict[str, Any] = {"words": words}
        else:
            line = await line_of(ctx, leaf.path)
            words = " · ".join(node.name for node in line[1:])
            said = {"words": words, "node": str(leaf.id), "code": leaf.code}
        return Response(msgspec.json.encode(said), media_type="application/json")


async def _asked(ctx: Context, request: AnyRequest) -> NodeRow:
    """The node of the address; without one, where the actor's view begins."""
    given = request.query_params.get("node")
    if given:
        return await node_seen(ctx, id_in(given))
    tops = await tops_seen(ctx)
    if not tops:
        raise NotFound
    return tops[0]


def _levels_below(ctx: Context, node: NodeRow) -> list[tuple[str, str]]:
    """Code and name of the levels under the node's, from the top."""
    codes = list(ctx.policy.levels)
    here = codes.index(node.level) if node.level in codes else len(codes)
    return [(code, ctx.policy.levels[code].name) for code in codes[here + 1 :]]


def _level_asked(ctx: Context, request: AnyRequest, node: NodeRow) -> str:
    asked = request.query_params.get("level", "")
    return asked if asked in dict(_levels_below(ctx, node)) else ""


async def _tag(ctx: Context, node: NodeRow, level: str) -> str:
    """Changes with the tree, with what the actor may see, and with the words of the page."""
    seen = sorted(scope.path for scope in ctx.actor.scopes(GridRight.READ))
    parts = [str(await grid_version(ctx)), str(node.id), level, ctx.locale, *seen]
    return f'"{hashlib.sha256("|".join(parts).encode()).hexdigest()[:24]}"'


def _feature(ctx: Context, request: AnyRequest, shape: Shape, tally: Tally) -> dict[str, Any]:
    say = request.app.state.shell.catalogues.translate(ctx.locale)
    node = shape.node
    file = url_of(ctx, request, "node", node_id=node.id)
    deeper = url_of(ctx, request, "map", node=node.id) if tally.children else file
    words = say("{n} 户 · {m} 人", n=f"{tally.households:,}", m=f"{tally.population:,}")
    return {
        "type": "Feature",
        "id": str(node.id),
        "properties": {
            "name": node.name,
            "code": node.code,
            "level": node.level,
            "url": deeper,
            "words": words,
            "more": [[say("一格一档"), file]] if tally.children else [],
        },
        "geometry": shape.geometry,
    }
