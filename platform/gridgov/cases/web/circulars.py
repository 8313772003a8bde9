"""Circulars: drawn up over a period, issued under a number, read by those whom they concern."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.cases.actions.circulars import LONGEST_ASK, issue_circular
from gridgov.cases.queries.circulars import (
    CIRCULARS,
    MOST,
    Issued,
    Line,
    circular,
    circular_title,
    circulars,
    matters,
    town_level,
)
from gridgov.cases.queries.ledgers import called
from gridgov.cases.rules.circulars import counted, totals
from gridgov.cases.rules.fields import check_texts
from gridgov.cases.types import CaseRight
from gridgov.cases.web.papers import light_in_words, paper_of
from gridgov.context import Context
from gridgov.grid.rules.codes import depth_of
from gridgov.kernel.errors import Invalid, NotFound
from gridgov.kernel.sentences import N_, Sentence
from gridgov.web.exporting import Asking, Letter, Sheet, ask_purpose, deadline, minute, take_along
from gridgov.web.forms import convert, faults_of, typed, unplaced
from gridgov.web.guard import Ctx
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import AnyRequest, url_of

_MARK: Final = "ask-"
_PERIOD: Final = timedelta(days=30)
_ANSWER: Final = timedelta(days=7)
_COLUMNS: Final = (
    (N_("编号"), 19),
    (N_("事情"), 32),
    (N_("单位"), 22),
    (N_("进展"), 10),
    (N_("灯"), 8),
    (N_("到期时间"), 17),
)


class Issuing(msgspec.Struct):
    """What is issued; beside these stands a field for each matter."""

    first: date
    last: date
    demand: Annotated[str, msgspec.Meta(max_length=500)]
    answer_by: date
    opening: Annotated[str, msgspec.Meta(max_length=500)] = ""


class Circulars(Controller):
    """Circulars: the list, a new one, one of them."""

    path = "/{tenant:str}/circulars"

    @get("/", name="circulars", permission=CaseRight.READ)
    async def list(self, ctx: Ctx, request: AnyRequest) -> Page:
        """Those that concern the actor, the newest first."""
        cursor = str(request.query_params.get("after", ""))
        found, older = await circulars(ctx, cursor)
        return page(
            ctx,
            "cases/circulars.html",
            name=ctx.policy.called("circulars", CIRCULARS),
            found=[(one, circular_title(ctx, one.year, one.number)) for one in found],
            older=url_of(ctx, request, "circulars", after=older) if older else "",
            first=url_of(ctx, request, "circulars") if cursor else "",
            may_issue=ctx.actor.may(CaseRight.SUPERVISE),
        )

    @get("/new", name="circular_new", permission=CaseRight.SUPERVISE)
    async def draw_up(self, ctx: Ctx, request: AnyRequest) -> Page:
        """The matters of a period, and what is to be asked."""
        return await _form(ctx, {**request.query_params})

    @post("/new", permission=CaseRight.SUPERVISE)
    async def issue(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """Issue it, as it stands now."""
        if first := await once(ctx, request):
            return done(request, first)
        given = await typed(request)
        try:
            form = convert(given, Issuing)
            issued = await issue_circular(
                ctx,
                first=form.first,
                last=form.last,
                opening=form.opening,
                demand=form.demand,
                answer_by=form.answer_by,
                asks=_asks(given),
            )
        except Invalid as fault:
            return await _form(ctx, given, fault=fault)
        to = url_of(ctx, request, "circular", circular_id=issued)
        return await done_once(ctx, request, to, said="已印发，涉及的单位会收到通知。")

    @get("/{circular_id:uuid}", name="circular", permission=CaseRight.READ)
    async def show(self, ctx: Ctx, circular_id: FromPath[UUID]) -> Page:
        """One circular, as it was issued, as far as it concerns the actor."""
        return page(ctx, "cases/circular.html", **await _shown(ctx, circular_id))

    @get("/{circular_id:uuid}/sheet", name="circular_sheet", permission=CaseRight.READ)
    async def sheet(self, ctx: Ctx, request: AnyRequest, circular_id: FromPath[UUID]) -> Page:
        """To be printed."""
        back = url_of(ctx, request, "circular", circular_id=circular_id)
        shown = await _shown(ctx, circular_id)
        return page(ctx, "cases/circular_sheet.html", **shown, back=back)

    @get("/{circular_id:uuid}/export", name="circular_export", permission=CaseRight.EXPORT)
    async def ask(self, ctx: Ctx, request: AnyRequest, circular_id: FromPath[UUID]) -> Page:
        """What for."""
        return await ask_purpose(ctx, request, _asking, circular_id)

    @post("/{circular_id:uuid}/export", name="circular_file", permission=CaseRight.EXPORT)
    async def file(
        self, ctx: Ctx, request: AnyRequest, circular_id: FromPath[UUID]
    ) -> Response[Any]:
        """Its lines as a spreadsheet."""
        return await take_along(ctx, request, _asking, _lines_taken, circular_id)

    @get("/{circular_id:uuid}/word", name="circular_word", permission=CaseRight.EXPORT)
    async def ask_word(self, ctx: Ctx, request: AnyRequest, circular_id: FromPath[UUID]) -> Page:
        """What for, before it goes along as a Word file."""
        return await ask_purpose(ctx, request, _asking, circular_id)

    @post("/{circular_id:uuid}/word", name="circular_word_file", permission=CaseRight.EXPORT)
    async def word(
        self, ctx: Ctx, request: AnyRequest, circular_id: FromPath[UUID]
    ) -> Response[Any]:
        """The circular as an office sends it, to be worked on."""
        return await take_along(ctx, request, _asking, _letter_taken, circular_id)


async def _shown(ctx: Context, circular_id: UUID) -> dict[str, Any]:
    found = await circular(ctx, circular_id)
    if found is None:
        raise NotFound
    issued, lines, every = found
    level = town_level(ctx)
    return {
        "circular": issued,
        "office": _office(ctx, issued),
        "others": every - len(lines),
        "name": ctx.policy.called("circulars", CIRCULARS),
        "title": circular_title(ctx, issued.year, issued.number),
        **_words(ctx),
        "lines": lines,
        "town": level.name if level else "",
        "towns": counted(lines, "town"),
        "units": counted(lines, "unit"),
        "totals": totals(lines),
    }


def _words(ctx: Context) -> dict[str, str]:
    """What the county calls it to put a matter on the list, and to take it off."""
    return {"supervised": called(ctx, "supervise"), "struck_off": called(ctx, "strike_off")}


def _office(ctx: Context, issued: Issued) -> str:
    """In whose name it is issued: the desk of the unit, as a letterhead has it."""
    levels = list(ctx.policy.levels.values())
    return f"{issued.place}{levels[depth_of(issued.node_path) - 1].desk}"


def _cells(ctx: Context, line: Line) -> list[str]:
    return [
        line.town,
        line.code,
        line.title,
        line.unit,
        line.state,
        light_in_words(line.light),
        deadline(ctx, line.due_at),
        minute(ctx, line.supervised_at),
        minute(ctx, line.struck_off_at),
        line.asked,
    ]


def _asks(given: Mapping[str, Any]) -> dict[UUID, str]:
    """What was typed for each matter; a name that is no id is passed over."""
    found: dict[UUID, str] = {}
    limits = {name: LONGEST_ASK for name in given if name.startswith(_MARK)}
    for name, said in check_texts(given, limits).items():
        try:
            found[UUID(name.removeprefix(_MARK))] = said
        except ValueError:
            continue
    return found


async def _form(ctx: Context, given: dict[str, Any], *, fault: Invalid | None = None) -> Page:
    first = _day(given.get("first"), ctx.today - _PERIOD)
    last = _day(given.get("last"), ctx.today)
    found = await matters(ctx, first, last) if first <= last else []
    filled = {"answer_by": (ctx.today + _ANSWER).isoformat()}
    asks = {f"{_MARK}{one.case_id}": one.reason for one in found}
    period = {"first": first.isoformat(), "last": last.isoformat()}
    return page(
        ctx,
        "cases/circular_new.html",
        name=ctx.policy.called("circulars", CIRCULARS),
        **_words(ctx),
        status_code=fault.status if fault else 200,
        found=found[:MOST],
        most=MOST if len(found) > MOST else 0,
        totals=totals(found[:MOST]),
        mark=_MARK,
        longest=LONGEST_ASK,
        today=ctx.today,
        values=filled | asks | given | period,
        errors=faults_of(fault),
        refused=unplaced(fault),
    )


def _day(text: Any, usual: date) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return usual


async def _asking(ctx: Context, request: AnyRequest, circular_id: UUID) -> Asking:
    shown = await _shown(ctx, circular_id)
    return Asking(
        title=Sentence("导出{name}", name=shown["name"]),
        list=shown["title"],
        back=url_of(ctx, request, "circular", circular_id=circular_id),
        count=len(shown["lines"]),
    )


async def _lines_taken(ctx: Context, _: AnyRequest, circular_id: UUID) -> Sheet:
    shown = await _shown(ctx, circular_id)
    return Sheet(
        verb="circular.exported",
        subject="circular",
        details={"circular": str(circular_id)},
        name=shown["title"],
        columns=(
            (shown["town"], 14),
            *_COLUMNS,
            (Sentence("{what}时间", what=shown["supervised"]), 17),
            (Sentence("{what}时间", what=shown["struck_off"]), 17),
            (N_("要求"), 40),
        ),
        lines=[_cells(ctx, line) for line in shown["lines"]],
    )


async def _letter_taken(ctx: Context, _: AnyRequest, circular_id: UUID) -> Letter:
    shown = await _shown(ctx, circular_id)
    return Letter(
        verb="circular.exported",
        subject="circular",
        details={"circular": str(circular_id)},
        paper=paper_of(ctx, shown),
        rows=len(shown["lines"]),
    )
