"""Taking a list along as a spreadsheet: for a purpose, up to a cap, marked and written down."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

import msgspec
from litestar import Response

from gridgov.accounts.limits import allow
from gridgov.audit.actions import record
from gridgov.context import Context
from gridgov.kernel.db import Database
from gridgov.kernel.errors import TooMany
from gridgov.kernel.sentences import Sentence
from gridgov.web.documents import Paper, document
from gridgov.web.guard import release
from gridgov.web.pages import Page, page, say_to
from gridgov.web.spreadsheets import Column, spreadsheet
from gridgov.web.urls import AnyRequest

_HOURLY: Final = 20


class Purpose(msgspec.Struct):
    """Why a list is taken along: the form that every export begins with."""

    purpose: Annotated[str, msgspec.Meta(min_length=2, max_length=100)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A list as a spreadsheet: ``columns`` are heads with their widths, ``more`` says it was cut.

    ``name`` is what the file is called. What people wrote stays as it is; sentences are said in the
    reader's language. One that ``returns`` is changed and brought back: it begins with its heads,
    and nothing in it is translated.
    """

    name: str
    columns: Sequence[Column]
    lines: Sequence[Sequence[str]]
    more: bool = False
    returns: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """The form that asks what for. ``note`` says what the list holds or does not hold.

    ``most`` is the cap where there is ``more`` than that; ``list`` and ``back`` lead to the list.
    """

    title: str
    list: str
    back: str
    action: str
    count: int
    note: str = ""
    most: int = 0
    more: bool = False


def ask_purpose(
    ctx: Context,
    asking: Asking,
    *,
    values: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None,
) -> Page:
    """The form; with ``errors`` once more."""
    return page(
        ctx,
        "web/export.html",
        status_code=422 if errors else 200,
        asking=asking,
        values=values or {},
        errors=errors or {},
    )


async def count_export(ctx: Context, request: AnyRequest) -> None:
    """So many files an hour for each account. Ask it before reading: it ends the transaction.

    Counted apart, so the connection is given back meanwhile.
    """
    database: Database = request.app.state.database
    await release(ctx)
    key = f"export|{ctx.tenant.id}|{ctx.actor.account_id}"
    if not await allow(database, key, _HOURLY, timedelta(hours=1), now=ctx.now):
        raise TooMany("一小时内导出次数太多了，请过一会儿再试。")


async def hand_over(
    ctx: Context,
    request: AnyRequest,
    sheet: Sheet,
    *,
    purpose: str,
    verb: str,
    subject: str,
    **details: Any,
) -> Response[bytes]:
    """The file. The audit keeps who, when, what for, which list and how many rows."""
    record(ctx, verb, subject, None, purpose=purpose, rows=len(sheet.lines), **details)
    say = _as_it_is if sheet.returns else say_to(request)
    at = f"{local(ctx, ctx.now):%Y%m%d-%H%M}"
    return await spreadsheet(
        say,
        () if sheet.returns else _marks(ctx, sheet, purpose),
        sheet.columns,
        sheet.lines,
        name=sheet.name,
        file=f"{ctx.tenant.name}{say(sheet.name)}-{at}",
    )


async def hand_over_paper(
    ctx: Context,
    request: AnyRequest,
    paper: Paper,
    *,
    purpose: str,
    verb: str,
    subject: str,
    rows: int,
    **details: Any,
) -> Response[bytes]:
    """The same for a paper as a Word file; its foot says who took it along and what for."""
    record(ctx, verb, subject, None, purpose=purpose, rows=rows, **details)
    say = say_to(request)
    mark = marked(ctx, purpose, rows)
    return await document(
        replace(paper, mark=mark), say, file=f"{ctx.tenant.name}{say(paper.number)}"
    )


def _as_it_is(words: str, /, **places: Any) -> str:
    return str(Sentence(words, **places))


def local(ctx: Context, moment: datetime) -> datetime:
    """The moment in the county's zone."""
    return moment.astimezone(ZoneInfo(ctx.tenant.zone))


def minute(ctx: Context, moment: datetime | None) -> str:
    """As a cell holds it."""
    return f"{local(ctx, moment):%Y-%m-%d %H:%M}" if moment else ""


def marked(ctx: Context, purpose: str, count: int) -> Sentence:
    """Whose copy it is, of when, and what for."""
    return Sentence(
        "{county} · {who} 于 {at} 导出 · 用途：{purpose} · 共 {n} 条，仅限内部使用",
        county=ctx.tenant.name,
        who=" ".join(part for part in (ctx.actor.title, ctx.actor.name) if part),
        at=minute(ctx, ctx.now),
        purpose=purpose,
        n=count,
    )


def _marks(ctx: Context, sheet: Sheet, purpose: str) -> list[str]:
    count = len(sheet.lines)
    marks: list[str] = [marked(ctx, purpose, count)]
    if sheet.more:
        marks.append(
            Sentence("只导出了最新的 {n} 条，后面还有。请缩小筛选范围再导出其余的。", n=count)
        )
    return marks
