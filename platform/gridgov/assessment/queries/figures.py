"""The numbers of figures, and the records behind them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select, union_all

from gridgov.assessment.queries.measures import MEASURES
from gridgov.assessment.queries.measuring import Measure, records, selected, totals
from gridgov.assessment.rules.periods import bounds
from gridgov.assessment.types import AssessmentRight, Counts, Kept, Period
from gridgov.cases.models import Case
from gridgov.compliance.queries import switches_on
from gridgov.context import Context
from gridgov.contract.assessment import Figure
from gridgov.kernel.errors import NotFound
from gridgov.kernel.paging import after, cut, decode
from gridgov.kernel.ready import Ready

PAGE: Final = 50


async def computable(ctx: Context, figures: Iterable[Figure]) -> list[Figure]:
    """Those that the switchboard does not hold off: the others are never computed."""
    wanted = list(figures)
    if not any(figure.needs for figure in wanted):
        return wanted
    on = await switches_on(ctx)
    return [figure for figure in wanted if on.issuperset(figure.needs)]


async def counted(
    ctx: Context, figures: Iterable[Figure], period: Period, path: str = ""
) -> Counts:
    """How many of each there are at each place that the actor may read about. One statement."""
    window = since, until = bounds(period, ctx.tenant.zone)
    measured = [(figure, MEASURES[figure.measure]) for figure in figures if _known(figure)]
    parts = [
        totals(selected(ctx, measure, figure.of, window=window, path=path), measure, figure.code)
        for figure, measure in measured
    ]
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    rows: Sequence[Any] = (
        await Ready(union_all(*parts) if len(parts) > 1 else parts[0]).rows(ctx.session)
        if parts
        else ()
    )
    for code, at, amount in rows:
        found[code][at] = int(amount)
    begun = await _begun(ctx)
    whole = {figure.code for figure, measure in measured if measure.whole}
    began_before = begun is not None and begun < until and since <= ctx.now
    return Counts(found, frozenset(whole) if began_before else frozenset())


async def records_of(
    ctx: Context, figure: Figure, period: Period, path: str, *, cursor: str = ""
) -> tuple[list[Kept], str]:
    """A page of the records that a figure counts, the latest first, and where the next begins."""
    if not _known(figure) or not await computable(ctx, [figure]):
        raise NotFound
    measure = MEASURES[figure.measure]
    window = bounds(period, ctx.tenant.zone)
    found = records(selected(ctx, measure, figure.of, window=window, path=path), measure)
    start = decode(cursor, "du")
    page = after(found, (measure.at, measure.id), start, descending=True).limit(PAGE + 1)
    rows = [Kept(*row) for row in await ctx.session.execute(page)]
    return cut(rows, PAGE, lambda last: (last.at, last.id))


def measure_of(figure: Figure) -> Measure | None:
    """How it is measured, if the core can."""
    return MEASURES.get(figure.measure)


def check_reads(ctx: Context, path: str) -> None:
    """Figures of another subtree are not found."""
    if not ctx.actor.may(AssessmentRight.READ, path=path):
        raise NotFound


def _known(figure: Figure) -> bool:
    return figure.measure in MEASURES


_FIRST: Final = Ready(select(func.min(Case.opened_at)))


async def _begun(ctx: Context) -> datetime | None:
    """When the county's first case was reported: before that nothing could be kept."""
    found: datetime | None = await _FIRST.scalar(ctx.session)
    return found
