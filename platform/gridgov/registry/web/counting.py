"""Recording a building, counting it, and saying with one tap that nothing changed."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.context import Context
from gridgov.grid.queries.nodes import children_of, node_of
from gridgov.grid.queries.stepping import place_asked
from gridgov.grid.types import NodeRow
from gridgov.kernel.errors import Conflict, Invalid
from gridgov.kernel.sentences import N_
from gridgov.registry import actions, queries
from gridgov.registry.actions import Count
from gridgov.registry.types import BuildingRow, RegistryRight
from gridgov.registry.web.browsing import uses_of
from gridgov.web.forms import faults_of, read, typed
from gridgov.web.guard import Ctx
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import AnyRequest, url_of


class Counted(msgspec.Struct):
    """The form of a count."""

    use: Annotated[str, msgspec.Meta(max_length=30)] = ""
    storeys: int | None = None
    dwellings: int | None = None
    households: int | None = None
    source: Annotated[str, msgspec.Meta(max_length=60)] = ""

    def count(self) -> Count:
        """As the action takes it."""
        return Count(
            use=self.use,
            storeys=self.storeys,
            dwellings=self.dwellings,
            households=self.households,
            source=self.source,
        )


class Added(Counted):
    """The form of a new building."""

    name: Annotated[str, msgspec.Meta(max_length=40)] = ""


class Moved(msgspec.Struct):
    """The grid beside."""

    node: UUID


class Counting(Controller):
    """One building."""

    path = "/{tenant:str}/buildings"

    @get("/new", name="building_new", permission=RegistryRight.COUNT)
    async def new(self, ctx: Ctx, request: AnyRequest) -> Page:
        """The form for one more building of a grid."""
        node = await place_asked(ctx, request.query_params.get("node", ""), RegistryRight.READ)
        return _new(ctx, node, {})

    @post("/new", name="building_add", permission=RegistryRight.COUNT)
    async def add(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """Record it."""
        if first := await once(ctx, request):
            return done(request, first)
        node = await place_asked(ctx, request.query_params.get("node", ""), RegistryRight.READ)
        try:
            given = await read(request, Added)
            await actions.add_building(ctx, node.id, name=given.name, count=given.count())
        except Invalid as fault:
            return _new(ctx, node, await typed(request), fault.fields)
        to = url_of(ctx, request, "buildings", node=node.id)
        return await done_once(ctx, request, to, said="已登记，可以接着登记下一栋。")

    @get("/{building_id:uuid}", name="building", permission=RegistryRight.READ)
    async def building(self, ctx: Ctx, building_id: FromPath[UUID]) -> Page:
        """One building: its newest count, the form for the next, and all that were made."""
        return await _building(ctx, await queries.building_seen(ctx, building_id))

    @post("/{building_id:uuid}", name="building_count", permission=RegistryRight.COUNT)
    async def count(
        self, ctx: Ctx, request: AnyRequest, building_id: FromPath[UUID]
    ) -> Response[Any]:
        """Keep a new count."""
        said = N_("已更新，原来的数字留在历史里。")
        return await _kept(ctx, request, building_id, partial(_count, request), said=said)

    @post("/{building_id:uuid}/confirm", name="building_confirm", permission=RegistryRight.COUNT)
    async def confirm(
        self, ctx: Ctx, request: AnyRequest, building_id: FromPath[UUID]
    ) -> Response[Any]:
        """Nothing changed."""
        said = N_("已核对，数字没有变化。")
        return await _kept(ctx, request, building_id, actions.confirm_building, said=said)

    @post("/{building_id:uuid}/remove", name="building_remove", permission=RegistryRight.COUNT)
    async def remove(
        self, ctx: Ctx, request: AnyRequest, building_id: FromPath[UUID]
    ) -> Response[Any]:
        """It no longer stands."""
        said = N_("已注销，历史还在。")
        return await _kept(ctx, request, building_id, actions.remove_building, said=said)

    @post("/{building_id:uuid}/move", name="building_move", permission=RegistryRight.COUNT)
    async def move(
        self, ctx: Ctx, request: AnyRequest, building_id: FromPath[UUID]
    ) -> Response[Any]:
        """It lies in a grid beside."""
        said = N_("已改到那个网格，以前的记录留在原处。")
        return await _kept(ctx, request, building_id, partial(_move, request), said=said)


async def _kept(
    ctx: Context,
    request: AnyRequest,
    building_id: UUID,
    change: Callable[[Context, UUID], Awaitable[None]],
    *,
    said: str,
) -> Response[Any]:
    """Change a building, once, and go back to its grid; what is refused comes back whole."""
    if first := await once(ctx, request):
        return done(request, first)
    building = await queries.building_seen(ctx, building_id)
    try:
        await change(ctx, building_id)
    except (Invalid, Conflict) as fault:
        return await _building(ctx, building, await typed(request), fault)
    to = url_of(ctx, request, "buildings", node=building.node_id)
    return await done_once(ctx, request, to, said=said)


async def _count(request: AnyRequest, ctx: Context, building_id: UUID) -> None:
    await actions.count_building(ctx, building_id, (await read(request, Counted)).count())


async def _move(request: AnyRequest, ctx: Context, building_id: UUID) -> None:
    await actions.move_building(ctx, building_id, (await read(request, Moved)).node)


def _form(ctx: Context) -> dict[str, Any]:
    declared = ctx.policy.county.building_uses
    return {
        "uses": uses_of(ctx),
        "choices": [(use.code, use.name) for use in declared],
    }


def _new(
    ctx: Context, node: NodeRow, values: Mapping[str, Any], errors: Mapping[str, str] | None = None
) -> Page:
    return page(
        ctx,
        "registry/new.html",
        status_code=422 if errors else 200,
        node=node,
        values=values,
        errors=errors or {},
        **_form(ctx),
    )


async def _beside(ctx: Context, node: NodeRow) -> list[NodeRow]:
    """The other grids of the same unit where the actor counts as well."""
    if node.parent_id is None:
        return []
    return [
        one
        for one in await children_of(ctx, node.parent_id)
        if one.id != node.id and ctx.actor.may(RegistryRight.COUNT, path=one.path)
    ]


async def _building(
    ctx: Context,
    found: BuildingRow,
    values: Mapping[str, Any] | None = None,
    fault: Invalid | Conflict | None = None,
) -> Page:
    node = await node_of(ctx, found.node_id)
    given = {name: getattr(found, name) for name in ("use", "storeys", "dwellings", "households")}
    known = {name: value for name, value in given.items() if value is not None}
    errors = faults_of(fault, otherwise="use")
    may_count = ctx.actor.may(RegistryRight.COUNT, path=found.node_path) and found.gone_on is None
    return page(
        ctx,
        "registry/building.html",
        status_code=fault.status if fault else 200,
        building=found,
        node=node,
        counts=await queries.counts_of(ctx, found.id),
        may_count=may_count,
        on_site=actions.ON_SITE,
        beside=await _beside(ctx, node) if may_count and node is not None else [],
        values=values or known,
        errors=errors,
        **_form(ctx),
    )
