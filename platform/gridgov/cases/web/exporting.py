"""Taking a list along as a spreadsheet: for a purpose, up to a cap, marked and written down."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

import msgspec
from litestar import Controller, Response, get, post

from gridgov.accounts.limits import allow
from gridgov.audit.actions import record
from gridgov.cases.queries.exporting import MOST_EXPORTED, exportable, exported
from gridgov.cases.queries.units import Units, units
from gridgov.cases.queries.worklist import CaseRow, departments_of
from gridgov.cases.types import CaseRight, Light
from gridgov.cases.web import filters
from gridgov.cases.web.showing import (
    AnyRequest,
    holder_in_words,
    place_in_words,
    state_name,
    url_of,
)
from gridgov.context import Context
from gridgov.kernel.db import Database
from gridgov.kernel.errors import Invalid, TooMany
from gridgov.kernel.sentences import N_, Sentence
from gridgov.web.forms import read, typed
from gridgov.web.guard import Ctx, release
from gridgov.web.pages import Page, page, say_to
from gridgov.web.spreadsheets import spreadsheet

_HOURLY: Final = 20
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
_LIGHTS: Final = {
    Light.GREEN: N_("正常"),
    Light.YELLOW: N_("将到期"),
    Light.RED: N_("已超期"),
    Light.PAUSED: N_("已暂停"),
    Light.NONE: "",
}


class Purpose(msgspec.Struct):
    """Why the list is taken along."""

    purpose: Annotated[str, msgspec.Meta(min_length=2, max_length=100)]


class CaseExport(Controller):
    """A list as a spreadsheet."""

    path = "/{tenant:str}/cases/export"

    @get("/", name="cases_export", permission=CaseRight.EXPORT)
    async def ask(self, ctx: Ctx, request: AnyRequest) -> Page:
        """How much it would be, and for what."""
        return await _form(ctx, request)

    @post("/", name="cases_export_file", permission=CaseRight.EXPORT)
    async def file(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """The file. The audit keeps who, when, what for, which filter and how many rows."""
        try:
            given = await read(request, Purpose)
        except Invalid as fault:
            return await _form(ctx, request, values=await typed(request), errors=fault.fields)
        await _count(ctx, request)
        wanted = filters.asked(ctx, request)
        rows = await exported(ctx, filters.filter_of(wanted))
        capped = rows[:MOST_EXPORTED]
        known = await units(ctx, [row.node_path for row in capped])
        departments = await departments_of(ctx, [row.id for row in capped])
        lines = [_line(ctx, row, known, departments.get(row.id, [])) for row in capped]
        marks = _marks(ctx, given.purpose, len(capped), more=len(rows) > MOST_EXPORTED)
        record(
            ctx,
            "case.exported",
            "case_list",
            None,
            purpose=given.purpose,
            rows=len(capped),
            filter=wanted.but(),
        )
        return await spreadsheet(
            say_to(request),
            marks,
            COLUMNS,
            lines,
            name=N_("事件"),
            file=Sentence(
                "{county}事件清单-{at}",
                county=ctx.tenant.name,
                at=f"{_local(ctx, ctx.now):%Y%m%d-%H%M}",
            ),
        )


async def _count(ctx: Context, request: AnyRequest) -> None:
    """So many files an hour for each account. Counted apart, so this connection is given back."""
    database: Database = request.app.state.database
    await release(ctx)
    key = f"export|{ctx.tenant.id}|{ctx.actor.account_id}"
    if not await allow(database, key, _HOURLY, timedelta(hours=1), now=ctx.now):
        raise TooMany("一小时内导出次数太多了，请过一会儿再试。")


def _marks(ctx: Context, purpose: str, count: int, *, more: bool) -> list[str]:
    who = " ".join(part for part in (ctx.actor.title, ctx.actor.name) if part)
    at = f"{_local(ctx, ctx.now):%Y-%m-%d %H:%M}"
    marks: list[str] = [
        Sentence(
            "{county} · {who} 于 {at} 导出 · 用途：{purpose} · 共 {n} 件，仅限内部使用",
            county=ctx.tenant.name,
            who=who,
            at=at,
            purpose=purpose,
            n=count,
        )
    ]
    if more:
        marks.append(
            Sentence("只导出了最新的 {n} 件，后面还有。请缩小筛选范围再导出其余的。", n=count)
        )
    return marks


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
        _LIGHTS[row.light(ctx.now)],
        _at(ctx, row.opened_at),
        "" if row.ends else _at(ctx, row.due_at),
        _promise(ctx, row),
        _at(ctx, row.closed_at),
        late,
        str(row.bounces),
    ]


def _promise(ctx: Context, row: CaseRow) -> str:
    at = _at(ctx, row.promise_at)
    return Sentence("{at}（暂定）", at=at) if row.provisional and not row.ends else at


def _at(ctx: Context, moment: datetime | None) -> str:
    return f"{_local(ctx, moment):%Y-%m-%d %H:%M}" if moment else ""


def _local(ctx: Context, moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(ctx.tenant.zone))


async def _form(
    ctx: Context,
    request: AnyRequest,
    *,
    values: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None,
) -> Page:
    wanted = filters.asked(ctx, request)
    count = await exportable(ctx, filters.filter_of(wanted))
    return page(
        ctx,
        "cases/export.html",
        status_code=422 if errors else 200,
        count=min(count, MOST_EXPORTED),
        more=count > MOST_EXPORTED,
        most=MOST_EXPORTED,
        action=url_of(ctx, request, "cases_export_file", **wanted.but()),
        back=url_of(ctx, request, "cases", **wanted.but()),
        values=values or {},
        errors=errors or {},
    )
