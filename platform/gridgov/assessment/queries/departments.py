"""How departments' matters went: a number of a review is the length of the list kept with it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    and_,
    any_,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
    true,
)

from gridgov.assessment.models import ReviewCounted
from gridgov.assessment.queries.measures import satisfied
from gridgov.assessment.types import CountedCase, DepartmentFigures
from gridgov.cases.models import Case, CaseAssignment, CaseReporter
from gridgov.cases.queries.overseeing import overdue as is_overdue
from gridgov.cases.queries.seeing import seen
from gridgov.cases.types import OPEN_PARTS, REPORTER, PartState
from gridgov.context import Context
from gridgov.kernel.joins import tied
from gridgov.kernel.paging import Rows, after, cut, decode
from gridgov.kernel.ready import Ready, one_of
from gridgov.kernel.sentences import N_
from gridgov.staff.models import Department

PAGE: Final = 50
LeftOut = Collection[tuple[UUID, str, UUID]]
"""Department, figure and case of the appeals that were upheld."""

FIGURES: Final = {
    "closed": N_("已办结"),
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


@dataclass(frozen=True, slots=True)
class Counting:
    """What is counted, and how: the days, the questions that are rated, what appeals took out."""

    window: tuple[datetime, datetime]
    stars: int
    ratings: tuple[str, ...]
    left_out: LeftOut = ()


async def departments_named(ctx: Context) -> list[tuple[str, str]]:
    """The departments that there are, by id, in the order of their codes."""
    found = await ctx.session.execute(
        select(Department.id, Department.name)
        .where(Department.closed_on.is_(None))
        .order_by(Department.code)
    )
    return [(str(row.id), row.name) for row in found]


async def departments_of(
    ctx: Context, evaluation: UUID, part: str, counting: Counting, *, overdue: bool = True
) -> list[DepartmentFigures]:
    """Keep the cases of each figure; the figures are how many: no ranking, by department code.

    ``overdue`` is as of now: of a period that is computed in pieces it is counted once.

    A case that an appeal took out of ``on_time`` or ``overdue`` is judged neither way; one that was
    taken out of ``closed`` counts nowhere.
    """
    for figure in FIGURES:
        if overdue or figure != "overdue":
            await _keep(ctx, figure, counting, into=(evaluation, part))
    found = {
        UUID(code): DepartmentFigures(code, name) for code, name in await departments_named(ctx)
    }
    kept = select(
        ReviewCounted.department_id,
        ReviewCounted.figure,
        func.cardinality(ReviewCounted.case_ids),
    ).where(ReviewCounted.evaluation_id == evaluation, ReviewCounted.part == part)
    for department, figure, count in await ctx.session.execute(kept):
        if department in found:
            setattr(found[department], figure, count)
    for department, stars in await _stars(ctx, counting):
        if department in found:
            found[department].stars = stars
    return list(found.values())


async def _keep(ctx: Context, figure: str, counting: Counting, *, into: tuple[UUID, str]) -> None:
    """The cases that a figure counts, as one row for each department."""
    evaluation, part = into
    found = (
        _behind(ctx, figure, counting)
        .where(CaseAssignment.tenant_id == ctx.tenant.id)
        .with_only_columns(
            CaseAssignment.tenant_id,
            func.gen_random_uuid(),
            literal(evaluation),
            literal(part),
            CaseAssignment.department_id,
            literal(figure),
            func.array_agg(CaseAssignment.case_id),
        )
        .group_by(CaseAssignment.tenant_id, CaseAssignment.department_id)
    )
    names = ["tenant_id", "id", "evaluation_id", "part", "department_id", "figure", "case_ids"]
    await ctx.session.execute(insert(ReviewCounted).from_select(names, found))


async def _stars(ctx: Context, counting: Counting) -> list[tuple[UUID, dict[str, Any]]]:
    """By department: all stars that were given to each question, and how often."""
    codes = counting.ratings
    given_to = [CaseReporter.stars[code].as_integer() for code in codes]
    given = (
        _behind(ctx, "rated", counting)
        .with_only_columns(
            CaseAssignment.department_id,
            *(func.coalesce(func.sum(star), 0) for star in given_to),
            *(func.count(star) for star in given_to),
        )
        .group_by(CaseAssignment.department_id)
    )
    return [
        (
            department,
            dict(zip(codes, zip(of[: len(codes)], of[len(codes) :], strict=True), strict=True)),
        )
        for department, *of in await Ready(given).rows(ctx.session)
    ]


_PART = tied(CaseAssignment.case_id, Case.id)
_RATED_PART = tied(CaseAssignment.case_id, CaseReporter.case_id)


def _behind(ctx: Context, figure: str, counting: Counting) -> Rows:
    """What a figure counts: parts that departments have in cases; one for each rating of them."""
    since, until = counting.window
    if figure in _VOICED:
        rated: Rows = select(CaseAssignment.case_id).join_from(
            CaseReporter, CaseAssignment, _RATED_PART
        )
        return rated.where(
            CaseReporter.rated_at >= since,
            CaseReporter.rated_at < until,
            CaseAssignment.state == PartState.DONE,
            satisfied(counting.ratings, counting.stars) if figure == "satisfied" else true(),
            _but(counting.left_out, "closed", *_VOICED),
        )
    found: Rows = select(CaseAssignment.case_id).join_from(Case, CaseAssignment, _PART)
    if figure == "overdue":
        return found.where(
            is_overdue(ctx.now),
            Case.opened_at < until,
            one_of(CaseAssignment.state, OPEN_PARTS),
            _but(counting.left_out, "overdue"),
        )
    condition, figures = _OF_CLOSED[figure]
    return found.where(
        Case.ends == "closed",
        Case.closed_at >= since,
        Case.closed_at < until,
        CaseAssignment.state == PartState.DONE,
        condition,
        _but(counting.left_out, *figures),
    )


_OF_CLOSED: Final[dict[str, tuple[ColumnElement[bool], tuple[str, ...]]]] = {
    "closed": (true(), ("closed", "on_time")),
    "on_time": (Case.late.is_not(True), ("closed", "on_time")),
    "solved": (Case.reopened == 0, ("closed", "solved")),
    "silent": (Case.turn == REPORTER, ("closed",)),
}
"""What closed cases are narrowed to, and an appeal of which figures takes one out."""


def _but(left_out: LeftOut, *figures: str) -> ColumnElement[bool]:
    """Without what an upheld appeal took out of one of these figures."""
    gone = [
        and_(CaseAssignment.department_id == department, CaseAssignment.case_id == case_id)
        for department, figure, case_id in left_out
        if figure in figures
    ]
    return not_(or_(*gone)) if gone else true()


def _counted(evaluation: UUID, department: UUID, figure: str) -> Iterable[ColumnElement[bool]]:
    return (
        ReviewCounted.evaluation_id == evaluation,
        ReviewCounted.department_id == department,
        ReviewCounted.figure == figure,
    )


async def cases_behind(
    ctx: Context, evaluation: UUID, figure: str, department: UUID, *, cursor: str = ""
) -> tuple[list[CountedCase], str]:
    """A page of the cases that were counted and that the actor may see, the latest first.

    The list is that of the computation; how each case stands is how it stands now.
    """
    listed = (
        select(func.unnest(ReviewCounted.case_ids).label("case_id"))
        .where(*_counted(evaluation, department, figure))
        .subquery()
    )
    times = (
        select(listed.c.case_id, func.count().label("times")).group_by(listed.c.case_id).subquery()
    )
    found: Rows = (
        select(
            Case.id, Case.code, Case.title, Case.opened_at, Case.closed_at, Case.late, times.c.times
        )
        .join(times, times.c.case_id == Case.id)
        .where(seen(ctx.actor))
    )
    start = decode(cursor, "u")
    page = after(found, (Case.id,), start, descending=True).limit(PAGE + 1)
    rows = [CountedCase(*row) for row in await ctx.session.execute(page)]
    return cut(rows, PAGE, lambda last: (last.id,))


async def counts_in(
    ctx: Context, evaluation: UUID, figure: str, department: UUID, *, case_id: UUID
) -> bool:
    """Whether a computed figure of a department counts the case."""
    found = select(ReviewCounted.id).where(
        *_counted(evaluation, department, figure), literal(case_id) == any_(ReviewCounted.case_ids)
    )
    return await ctx.session.scalar(found.limit(1)) is not None
