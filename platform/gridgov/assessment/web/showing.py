"""What the pages of figures are asked for by their address, and what they show."""

import re
from dataclasses import dataclass, replace
from typing import Final

from gridgov.assessment.queries.figures import check_reads, computable, counted, measure_of
from gridgov.assessment.rules.periods import ALL, period_of, periods_back
from gridgov.assessment.types import AssessmentRight, Period
from gridgov.cases.queries.units import Unit, Units, top_of, units
from gridgov.context import Context
from gridgov.contract.assessment import Figure, Printed, Sheet
from gridgov.kernel.errors import NotFound
from gridgov.web.urls import AnyRequest, Urls

_PATH: Final = re.compile(r"[0-9A-Za-z._-]{1,80}\.")
_QUARTERS: Final = 4
_YEARS: Final = 2


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of a place: its number, or None where nothing was recorded; and its records."""

    figure: Figure
    amount: int | None
    url: str
    places: int = 0
    printed: tuple[Printed, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A place with its figures."""

    unit: Unit
    url: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A sheet of a place and a period."""

    sheet: Sheet
    period: Period
    place: str
    cells: tuple[Cell, ...]
    rows: tuple[Row, ...]
    line: tuple[tuple[str, str], ...]
    where: str
    ranked: str = ""

    def ranked_by(self, figure: str) -> "Shown":
        """The units in the order of a figure, the largest first; unchanged if it is none of it."""
        at = next((n for n, one in enumerate(self.cells) if one.figure.code == figure), None)
        if at is None:
            return self
        by = sorted(self.rows, key=lambda row: row.cells[at].amount or 0, reverse=True)
        return replace(self, rows=tuple(by), ranked=figure)


def sheet_named(ctx: Context, code: str) -> Sheet:
    """The declared sheet; NotFound if there is none."""
    found = next((sheet for sheet in ctx.policy.ever.sheets if sheet.code == code), None)
    if found is None:
        raise NotFound
    return found


def figures_of(ctx: Context, codes: tuple[str, ...]) -> list[Figure]:
    """The declared figures in this order."""
    known = {figure.code: figure for figure in ctx.policy.ever.figures}
    return [known[code] for code in codes]


def place_asked(ctx: Context, request: AnyRequest) -> str:
    """The place of the address, or where the actor's view begins; NotFound outside of it."""
    given = request.query_params.get("place", "")
    place = given if _PATH.fullmatch(given) else top_of(ctx.actor, AssessmentRight.READ)
    check_reads(ctx, place)
    return place


def period_asked(ctx: Context, request: AnyRequest, sheet: Sheet) -> Period:
    """The period of the address; else the running quarter of a place's sheet, or all of it."""
    found = period_of(request.query_params.get("period", ""), ctx.today)
    return found or usual(ctx, sheet)


def usual(ctx: Context, sheet: Sheet) -> Period:
    """What a sheet shows if nobody asks for a period."""
    if sheet.base:
        return next(periods_back(ctx.today, 3, 1))
    everything = period_of(ALL, ctx.today)
    assert everything is not None  # noqa: S101  (the code is our own)
    return everything


def periods_offered(ctx: Context) -> list[Period]:
    """The quarters and years that one chooses from, and everything."""
    offered = [
        *periods_back(ctx.today, 3, _QUARTERS),
        *periods_back(ctx.today, 6, _YEARS),
        *periods_back(ctx.today, 12, _YEARS),
    ]
    everything = period_of(ALL, ctx.today)
    return [*([everything] if everything else []), *offered]


async def shown(ctx: Context, urls: Urls, sheet: Sheet, period: Period, *, place: str) -> Shown:
    """The sheet of a place, and of each unit right below it. Four statements at most."""
    figures = await computable(ctx, figures_of(ctx, sheet.figures))
    counts = await counted(ctx, figures, period, place)
    known = await units(ctx, [place], below=place)
    line = known.line(place)
    top = top_of(ctx.actor, AssessmentRight.READ)
    slug = ctx.tenant.slug

    def address(path: str) -> str:
        return urls.url(slug, "sheet", sheet=sheet.code, place=path, period=period.code)

    def cells(path: str) -> tuple[Cell, ...]:
        return tuple(cell(figure, path) for figure in figures)

    def cell(figure: Figure, path: str) -> Cell:
        amount = counts.under(figure.code, path) if measure_of(figure) else None
        url = urls.url(slug, "figure", figure=figure.code, place=path, period=period.code)
        return Cell(
            figure,
            amount,
            url if amount else "",
            places=counts.places(figure.code, path) if sheet.base else 0,
            printed=tuple(one for one in sheet.printed if one.figure == figure.code),
        )

    return Shown(
        sheet=sheet,
        period=period,
        place=place,
        cells=cells(place),
        rows=tuple(Row(unit, address(unit.path), cells(unit.path)) for unit in known.below),
        line=tuple((unit.name, address(unit.path)) for unit in line if unit.path.startswith(top)),
        where=line[-1].name if line else "",
    )


def names_of(known: Units, path: str, top: str) -> str:
    """Where a record lies, below the place that is looked at."""
    return " · ".join(unit.name for unit in known.line(path) if len(unit.path) > len(top))


def in_words(amount: int | None) -> str:
    """A number for a cell of a spreadsheet."""
    return "" if amount is None else str(amount)
