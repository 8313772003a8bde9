"""Taking a list along as a spreadsheet: for a purpose, up to a cap, marked and written down."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Annotated, Any, Concatenate, Final, ParamSpec

import msgspec
from litestar import Response

from gridgov.accounts.limits import allow
from gridgov.audit.actions import record
from gridgov.context import Context
from gridgov.kernel.clock import end_in_digits
from gridgov.kernel.db import Database
from gridgov.kernel.errors import Invalid, TooMany
from gridgov.kernel.sentences import Sentence
from gridgov.web.documents import Paper, document
from gridgov.web.forms import read, typed
from gridgov.web.guard import release
from gridgov.web.pages import Page, address_of, page, say_to
from gridgov.web.spreadsheets import Column, spreadsheet
from gridgov.web.urls import AnyRequest

P = ParamSpec("P")

_HOURLY: Final = 20


class Purpose(msgspec.Struct):
    """Why a list is taken along: the form that every export begins with."""

    purpose: Annotated[str, msgspec.Meta(min_length=2, max_length=100)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """The form that asks what for. ``note`` says what the list holds or does not hold.

    ``count`` is how many lines were found, and ``most`` the cap, if there is one; ``list`` and
    ``back`` lead to the list.
    """

    title: str
    list: str
    back: str
    count: int
    note: str = ""
    most: int = 0

    @property
    def more(self) -> bool:
        """Whether lines are left out."""
        return 0 < self.most < self.count

    @property
    def taken(self) -> int:
        """How many lines go along."""
        return self.most if self.more else self.count


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What goes along, and how the audit says it: ``verb``, ``subject`` and which list it was."""

    verb: str
    subject: str
    details: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet(Taken):
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
class Letter(Taken):
    """A paper as a Word file; its foot says who took it along and what for."""

    paper: Paper
    rows: int


async def ask_purpose(
    ctx: Context,
    request: AnyRequest,
    asking: Callable[Concatenate[Context, AnyRequest, P], Awaitable[Asking]],
    *args: P.args,
    **kwargs: P.kwargs,
) -> Page:
    """How much would be taken along, and what for; the form comes back to its own address."""
    return _form(ctx, request, await asking(ctx, request, *args, **kwargs))


async def take_along(
    ctx: Context,
    request: AnyRequest,
    asking: Callable[Concatenate[Context, AnyRequest, P], Awaitable[Asking]],
    taking: Callable[Concatenate[Context, AnyRequest, P], Awaitable[Sheet | Letter]],
    *args: P.args,
    **kwargs: P.kwargs,
) -> Response[Any]:
    """The file, or the form once more. The audit keeps who, when, what for and how many rows.

    ``taking`` reads in a transaction of its own: before it the file is counted.
    """
    try:
        purpose = (await read(request, Purpose)).purpose
    except Invalid as fault:
        asked = await asking(ctx, request, *args, **kwargs)
        return _form(ctx, request, asked, values=await typed(request), errors=fault.fields)
    await _count(ctx, request)
    taken = await taking(ctx, request, *args, **kwargs)
    rows = taken.rows if isinstance(taken, Letter) else len(taken.lines)
    record(ctx, taken.verb, taken.subject, None, purpose=purpose, rows=rows, **taken.details)
    if isinstance(taken, Letter):
        return await _letter(ctx, request, taken, purpose)
    return await _sheet(ctx, request, taken, purpose)


def _form(
    ctx: Context,
    request: AnyRequest,
    asking: Asking,
    *,
    values: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None,
) -> Page:
    return page(
        ctx,
        "web/export.html",
        status_code=422 if errors else 200,
        asking=asking,
        action=address_of(request),
        values=values or {},
        errors=errors or {},
    )


async def _count(ctx: Context, request: AnyRequest) -> None:
    """So many files an hour for each account. It ends the transaction.

    Counted apart, so the connection is given back meanwhile.
    """
    database: Database = request.app.state.database
    await release(ctx)
    key = f"export|{ctx.tenant.id}|{ctx.actor.account_id}"
    if not await allow(database, key, _HOURLY, timedelta(hours=1), now=ctx.now):
        raise TooMany("一小时内导出次数太多了，请过一会儿再试。")


async def _sheet(ctx: Context, request: AnyRequest, sheet: Sheet, purpose: str) -> Response[bytes]:
    say = _as_it_is if sheet.returns else say_to(request)
    at = f"{ctx.tenant.local(ctx.now):%Y%m%d-%H%M}"
    return await spreadsheet(
        say,
        () if sheet.returns else _marks(ctx, sheet, purpose),
        sheet.columns,
        sheet.lines,
        name=sheet.name,
        file=f"{ctx.tenant.name}{say(sheet.name)}-{at}",
    )


async def _letter(
    ctx: Context, request: AnyRequest, letter: Letter, purpose: str
) -> Response[bytes]:
    say = say_to(request)
    paper = replace(letter.paper, mark=marked(ctx, purpose, letter.rows))
    return await document(paper, say, file=f"{ctx.tenant.name}{say(paper.number)}")


def _as_it_is(words: str, /, **places: Any) -> str:
    return str(Sentence(words, **places))


def minute(ctx: Context, moment: datetime | None) -> str:
    """As a cell holds it."""
    return f"{ctx.tenant.local(moment):%Y-%m-%d %H:%M}" if moment else ""


def deadline(ctx: Context, end: datetime | None) -> str:
    """As a cell holds the end of a time: 24:00 of its last day, as pages say it."""
    return end_in_digits(end, ctx.tenant.zone) if end else ""


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
