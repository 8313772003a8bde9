"""How departments' matters went: one definition for the numbers of a review and for their cases."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, not_, or_, select, true

from gridgov.assessment.queries.measures import satisfied
from gridgov.assessment.types import DepartmentFigures
from gridgov.cases.models import Case, CaseAssignment, CaseReporter
from gridgov.cases.queries.overview import overdue as is_overdue
from gridgov.cases.queries.seeing import seen
from gridgov.cases.types import OPEN_PARTS, REPORTER, PartState
from gridgov.context import Context
from gridgov.kernel.paging import Rows, after, decode, encode
from gridgov.kernel.ready import Ready, one_of
from gridgov.kernel.sentences import N_
from gridgov.staff.models import Department

PAGE: Final = 50
Window = tuple[datetime, datetime]
LeftOut = Collection[tuple[UUID, str, UUID]]
"""Department, figure and case of the appeals that were upheld."""

FIGURES: Final = {
    "closed": N_("办结"),
    "on_time": N_("按期办结"),
    "overdue": N_("超期未结"),
    "solved": N_("一次办好"),
    "rated": N_("已评价"),
    "satisfied": N_("群众满意"),
    "silent": N_("还没评价"),
}
"""The figures that a department can look into, and appeal."""

_VOICED: Final = ("rated", "satisfied")
"""What residents said; an appeal against either takes the rating out of both."""

DEFINITIONS: Final = {
    "closed": N_("期内结案、本部门办完自己那一份的事件。"),
    "on_time": N_("按期率 = 按期办结 ÷（办结 + 超期未结），和运行总览同一个算法。"),
    "overdue": N_("期末以前上报、本部门那一份还没办完、承诺时限已过的事件，按计算那一刻。"),
    "solved": N_("办结的事件里，群众没有要求重办的。"),
    "rated": N_("期内收到的评价，一件事几个人评的各算一条。力度、效率、结果是它们的平均。"),
    "satisfied": N_("期内评价里各项平均达到满意分数的。没有回答的不算进分母，另外列出。"),
    "silent": N_("办结的事件里，反映人到计算时还没有评价的。"),
}


def _closed(window: Window) -> ColumnElement[bool]:
    since, until = window
    return and_(
        Case.ends == "closed",
        Case.closed_at >= since,
        Case.closed_at < until,
        CaseAssignment.state == PartState.DONE,
    )


def _late(now: datetime, window: Window) -> ColumnElement[bool]:
    _, until = window
    still = one_of(CaseAssignment.state, OPEN_PARTS)
    return and_(is_overdue(now), Case.opened_at < until, still)


def _but(left_out: LeftOut, *figures: str) -> ColumnElement[bool]:
    """Without what an upheld appeal took out of one of these figures."""
    gone = [
        and_(CaseAssignment.department_id == department, CaseAssignment.case_id == case_id)
        for department, figure, case_id in left_out
        if figure in figures
    ]
    return not_(or_(*gone)) if gone else true()


_PART = and_(CaseAssignment.tenant_id == Case.tenant_id, CaseAssignment.case_id == Case.id)
_RATING = and_(CaseReporter.tenant_id == Case.tenant_id, CaseReporter.case_id == Case.id)
_RATED_PART = and_(
    CaseAssignment.tenant_id == CaseReporter.tenant_id,
    CaseAssignment.case_id == CaseReporter.case_id,
)


async def departments_named(ctx: Context) -> list[tuple[str, str]]:
    """The departments that there are, by id, in the order of their codes."""
    found = await ctx.session.execute(
        select(Department.id, Department.name)
        .where(Department.closed_on.is_(None))
        .order_by(Department.code)
    )
    return [(str(row.id), row.name) for row in found]


async def departments_of(
    ctx: Context,
    window: Window,
    *,
    stars: int,
    left_out: LeftOut = (),
    overdue: bool = True,
) -> list[DepartmentFigures]:
    """Every department with its figures, in the order of their codes: no ranking. Four statements.

    ``overdue`` is as of now: of a period that is computed in pieces it is counted once.

    A case that an appeal took out of ``on_time`` or ``overdue`` is judged neither way; one that was
    taken out of ``closed`` counts nowhere.
    """
    named = await departments_named(ctx)
    found = {UUID(code): DepartmentFigures(code, name) for code, name in named}
    await _add_closed(ctx, found, window, left_out)
    if overdue:
        await _add_late(ctx, found, window, left_out)
    await _add_ratings(ctx, found, window, stars=stars, left_out=left_out)
    return list(found.values())


Found = dict[UUID, DepartmentFigures]


async def _add_closed(ctx: Context, found: Found, window: Window, left_out: LeftOut) -> None:
    judged = _but(left_out, "closed", "on_time")
    counts = (
        select(
            CaseAssignment.department_id,
            func.count().filter(judged),
            func.count().filter(judged, Case.late.is_not(True)),
            func.count().filter(_but(left_out, "closed", "solved"), Case.reopened == 0),
            func.count().filter(_but(left_out, "closed"), Case.turn == REPORTER),
        )
        .join_from(Case, CaseAssignment, _PART)
        .where(_closed(window))
        .group_by(CaseAssignment.department_id)
    )
    for department, closed, on_time, solved, silent in await Ready(counts).rows(ctx.session):
        if department in found:
            row = found[department]
            row.closed, row.on_time, row.solved, row.silent = closed, on_time, solved, silent


async def _add_late(ctx: Context, found: Found, window: Window, left_out: LeftOut) -> None:
    counts = (
        select(CaseAssignment.department_id, func.count())
        .join_from(Case, CaseAssignment, _PART)
        .where(_late(ctx.now, window), _but(left_out, "overdue"))
        .group_by(CaseAssignment.department_id)
    )
    for department, late in await Ready(counts).rows(ctx.session):
        if department in found:
            found[department].overdue = late


async def _add_ratings(
    ctx: Context, found: Found, window: Window, *, stars: int, left_out: LeftOut
) -> None:
    codes = tuple(ctx.policy.ratings)
    given_to = [CaseReporter.stars[code].as_integer() for code in codes]
    given = (
        select(
            CaseAssignment.department_id,
            func.count(),
            func.count().filter(satisfied(ctx, stars)),
            *(func.coalesce(func.sum(star), 0) for star in given_to),
            *(func.count(star) for star in given_to),
        )
        .join_from(CaseReporter, CaseAssignment, _RATED_PART)
        .where(_rated(window), _but(left_out, "closed", *_VOICED))
        .group_by(CaseAssignment.department_id)
    )
    for department, rated, content, *of in await Ready(given).rows(ctx.session):
        if department in found:
            row = found[department]
            row.rated, row.satisfied = rated, content
            sums, counts = of[: len(codes)], of[len(codes) :]
            row.stars = dict(zip(codes, zip(sums, counts, strict=True), strict=True))


def _rated(window: Window) -> ColumnElement[bool]:
    since, until = window
    return and_(
        CaseReporter.rated_at >= since,
        CaseReporter.rated_at < until,
        CaseAssignment.state == PartState.DONE,
    )


def _behind(
    ctx: Context, figure: str, department: UUID, window: Window, *, stars: int, left_out: LeftOut
) -> Rows:
    """The cases that a figure of a department counts."""
    found: Rows = select(Case.id).join_from(Case, CaseAssignment, _PART)
    mine = CaseAssignment.department_id == department
    if figure in _VOICED:
        found = found.join(CaseReporter, _RATING).where(mine, _rated(window))
        found = found.where(_but(left_out, "closed", *_VOICED))
        return found.where(satisfied(ctx, stars)) if figure == "satisfied" else found
    if figure == "overdue":
        return found.where(mine, _late(ctx.now, window), _but(left_out, "overdue"))
    conditions: dict[str, tuple[ColumnElement[bool], tuple[str, ...]]] = {
        "closed": (true(), ("closed", "on_time")),
        "on_time": (Case.late.is_not(True), ("closed", "on_time")),
        "solved": (Case.reopened == 0, ("closed", "solved")),
        "silent": (Case.turn == REPORTER, ("closed",)),
    }
    condition, figures = conditions[figure]
    return found.where(mine, _closed(window), condition, _but(left_out, *figures))


async def cases_behind(
    ctx: Context,
    figure: str,
    department: UUID,
    window: Window,
    *,
    stars: int,
    left_out: LeftOut = (),
    cursor: str = "",
) -> tuple[list[Any], str]:
    """A page of the cases behind a number that the actor may see, the latest first."""
    found = _behind(ctx, figure, department, window, stars=stars, left_out=left_out)
    found = found.where(seen(ctx.actor))
    start = decode(cursor, "u") if cursor else None
    columns = found.with_only_columns(
        Case.id, Case.code, Case.title, Case.opened_at, Case.closed_at, Case.late
    ).distinct()
    page = after(columns, (Case.id,), start, descending=True).limit(PAGE + 1)
    rows: list[Any] = [*(await ctx.session.execute(page)).all()]
    older = encode((rows[PAGE - 1].id,)) if len(rows) > PAGE else ""
    return rows[:PAGE], older


async def counts_in(
    ctx: Context, figure: str, department: UUID, window: Window, *, case_id: UUID, stars: int
) -> bool:
    """Whether a figure of a department counts the case now."""
    found = _behind(ctx, figure, department, window, stars=stars, left_out=())
    return await ctx.session.scalar(found.where(Case.id == case_id).limit(1)) is not None
