"""The sums of a place as a spreadsheet."""

from typing import Any, Final

from litestar import Controller, Response, get, post

from gridgov.context import Context
from gridgov.grid.queries.nodes import children_of
from gridgov.grid.queries.stepping import place_asked
from gridgov.kernel.sentences import N_
from gridgov.registry.types import RegistryRight
from gridgov.registry.web.browsing import Below, below_of
from gridgov.web.exporting import Asking, Sheet, ask_purpose, minute, take_along
from gridgov.web.guard import Ctx
from gridgov.web.pages import Page
from gridgov.web.urls import AnyRequest, url_of

COLUMNS: Final = (
    (N_("网格"), 24),
    (N_("代码"), 18),
    (N_("房屋栋数"), 10),
    (N_("还没数清的栋数"), 14),
    (N_("住房套数"), 10),
    (N_("住户户数"), 10),
    (N_("最早核对"), 17),
    (N_("最近核对"), 17),
)
_UNKNOWN: Final = N_("没有记录")


class BuildingExport(Controller):
    """Numbers to take along."""

    path = "/{tenant:str}/buildings/export"

    @get("/", name="buildings_export", permission=RegistryRight.EXPORT)
    async def ask(self, ctx: Ctx, request: AnyRequest) -> Page:
        """What the sums are taken along for."""
        return await ask_purpose(ctx, request, _asking)

    @post("/", name="buildings_export_file", permission=RegistryRight.EXPORT)
    async def file(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """The sums of a place and of all units below it, as a spreadsheet."""
        return await take_along(ctx, request, _asking, _taken)


async def _taken(ctx: Context, request: AnyRequest) -> Sheet:
    node = await place_asked(ctx, request.query_params.get("node", ""), RegistryRight.EXPORT)
    return Sheet(
        verb="registry.exported",
        subject="building_list",
        details={"node": node.code},
        name=N_("房屋和住户汇总"),
        columns=COLUMNS,
        lines=[_line(ctx, one) for one in await below_of(ctx, node)],
    )


async def _asking(ctx: Context, request: AnyRequest) -> Asking:
    node = await place_asked(ctx, request.query_params.get("node", ""), RegistryRight.EXPORT)
    return Asking(
        title=N_("导出房屋和住户汇总"),
        list=N_("房屋登记"),
        back=url_of(ctx, request, "buildings", node=node.id),
        count=len(await children_of(ctx, node.id)) or 1,
        note=N_("汇总里只有数字，没有任何人的信息。"),
    )


def _line(ctx: Context, one: Below) -> list[str]:
    numbers = (one.sum.dwellings, one.sum.households)
    return [
        one.node.name,
        one.node.code,
        str(one.sum.buildings) if one.sum.buildings else _UNKNOWN,
        str(one.sum.uncounted) if one.sum.buildings else "",
        *(_UNKNOWN if number is None else str(number) for number in numbers),
        minute(ctx, one.sum.oldest),
        minute(ctx, one.sum.newest),
    ]
