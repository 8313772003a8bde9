"""Taking a list of cases along as a spreadsheet."""

from collections.abc import Sequence
from typing import Any, Final

from litestar import Controller, Response, get, post

from gridgov.cases.queries.exporting import MOST_EXPORTED, exportable, exported
from gridgov.cases.queries.units import Units, units
from gridgov.cases.queries.worklist import CaseRow, departments_of
from gridgov.cases.types import LIGHTS, CaseRight
from gridgov.cases.web import filters
from gridgov.cases.web.showing import holder_in_words, place_in_words, state_name
from gridgov.context import Context
from gridgov.kernel.sentences import N_, Sentence
from gridgov.web.exporting import Asking, Sheet, ask_purpose, deadline, minute, take_along
from gridgov.web.guard import Ctx
from gridgov.web.pages import Page
from gridgov.web.urls import AnyRequest, url_of

COLUMNS: Final = (
    (N_("编号"), 19),
    (N_("事情"), 36),
    (N_("类别"), 14),
    (N_("缓急"), 8),
    (N_("地方"), 36),
    (N_("进展"), 10),
    (N_("在谁手上"), 26),
    (N_("灯"), 8),
    (N_("上报时间"), 17),
    (N_("到期时间"), 17),
    (N_("承诺期限"), 17),
    (N_("结案时间"), 17),
    (N_("是否超期"), 9),
    (N_("退单次数"), 9),
)


class CaseExport(Controller):
    """A list as a spreadsheet."""

    path = "/{tenant:str}/cases/export"

    @get("/", name="cases_export", permission=CaseRight.EXPORT)
    async def ask(self, ctx: Ctx, request: AnyRequest) -> Page:
        """How much it would be, and for what."""
        return await ask_purpose(ctx, request, _asking)

    @post("/", name="cases_export_file", permission=CaseRight.EXPORT)
    async def file(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """The file. The audit keeps who, when, what for, which filter and how many rows."""
        return await take_along(ctx, request, _asking, _taken)


def _line(ctx: Context, row: CaseRow, known: Units, departments: Sequence[str]) -> list[str]:
    category = ctx.policy.categories_ever.get(row.category)
    urgency = ctx.policy.urgencies_ever.get(row.urgency)
    late = {True: N_("超期"), False: N_("按时"), None: ""}[row.late]
    return [
        row.code,
        row.title,
        category.name if category else row.category,
        urgency.name if urgency else row.urgency,
        place_in_words(ctx, known, row.node_path, row.place),
        state_name(ctx, row.kind, row.kind_version, row.state),
        holder_in_words(ctx, row, known, departments),
        LIGHTS.get(row.light(ctx.now), ""),
        minute(ctx, row.opened_at),
        "" if row.ends else deadline(ctx, row.due_at),
        _promise(ctx, row),
        minute(ctx, row.closed_at),
        late,
        str(row.bounces),
    ]


def _promise(ctx: Context, row: CaseRow) -> str:
    at = deadline(ctx, row.promise_at)
    return Sentence("{at}（暂定）", at=at) if row.provisional and not row.ends else at


async def _taken(ctx: Context, request: AnyRequest) -> Sheet:
    wanted = filters.asked(ctx, request)
    rows = await exported(ctx, filters.filter_of(wanted))
    capped = rows[:MOST_EXPORTED]
    known = await units(ctx, [row.node_path for row in capped])
    departments = await departments_of(ctx, [row.id for row in capped])
    return Sheet(
        verb="case.exported",
        subject="case_list",
        details={"filter": wanted.but()},
        name=N_("事件清单"),
        columns=COLUMNS,
        lines=[_line(ctx, row, known, departments.get(row.id, [])) for row in capped],
        more=len(rows) > MOST_EXPORTED,
    )


async def _asking(ctx: Context, request: AnyRequest) -> Asking:
    wanted = filters.asked(ctx, request)
    count = await exportable(ctx, filters.filter_of(wanted))
    return Asking(
        title=N_("导出事件清单"),
        list=N_("事件列表"),
        back=url_of(ctx, request, "cases", **wanted.but()),
        count=count,
        note=N_("清单里没有反映人的任何信息。"),
        most=MOST_EXPORTED,
    )
