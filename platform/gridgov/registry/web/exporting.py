"""The sums of a place as a spreadsheet."""

from typing import Any, Final

from litestar import Controller, Response, get, post

from gridgov.context import Context
from gridgov.grid.queries.nodes import children_of
from gridgov.kernel.errors import Invalid
from gridgov.kernel.sentences import N_
from gridgov.registry.types import RegistryRight
from gridgov.registry.web.browsing import Below, below_of, place_asked
from gridgov.web.exporting import (
    Asking,
    Purpose,
    Sheet,
    ask_purpose,
    count_export,
    hand_over,
    minute,
)
from gridgov.web.forms import read, typed
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
        return await _ask(ctx, request)

    @post("/", name="buildings_export_file", permission=RegistryRight.EXPORT)
    async def file(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """The sums of a place and of all units below it, as a spreadsheet."""
        try:
            given = await read(request, Purpose)
        except Invalid as fault:
            return await _ask(ctx, request, await typed(request), fault.fields)
        await count_export(ctx, request)
        node = await place_asked(ctx, request.query_params.get("node", ""), RegistryRight.EXPORT)
        sheet = Sheet(
            name=N_("房屋和住户汇总"),
            columns=COLUMNS,
            lines=[_line(ctx, one) for one in await below_of(ctx, node)],
        )
        return await hand_over(
            ctx,
            request,
            sheet,
            purpose=given.purpose,
            verb="registry.exported",
            subject="building_list",
            node=node.code,
        )


async def _ask(
    ctx: Context,
    request: AnyRequest,
    values: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None,
) -> Page:
    node = await place_asked(ctx, request.query_params.get("node", ""), RegistryRight.EXPORT)
    asking = Asking(
        title=N_("导出房屋和住户汇总"),
        list=N_("房屋登记"),
        back=url_of(ctx, request, "buildings", node=node.id),
        action=url_of(ctx, request, "buildings_export_file", node=node.id),
        count=len(await children_of(ctx, node.id)) or 1,
        note=N_("汇总里只有数字，没有任何人的信息。"),
    )
    return ask_purpose(ctx, asking, values=values, errors=errors)


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
