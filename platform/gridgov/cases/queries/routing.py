"""The suggested departments of a case, with the reason; nothing is decided by itself."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, func, or_, select

from gridgov.cases.models import CaseAssignment
from gridgov.cases.rules.routing import Candidate
from gridgov.cases.types import OPEN_PARTS
from gridgov.context import Context
from gridgov.contract.facts import DepartmentFacts
from gridgov.grid.models import GridNode
from gridgov.kernel.joins import tied
from gridgov.kernel.ready import Ready, one_of
from gridgov.staff.models import Department


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A department that could take the case.

    ``sure``: at or above the confidence that the tenant set; below it the desk abstains and only
    shows who else might. ``threshold`` is shown with it.
    """

    department_id: UUID
    code: str
    name: str
    confidence: float
    reason: str
    sure: bool
    threshold: float
    plugin: str = ""


_IN_HAND: Final = (
    select(func.count())
    .where(
        tied(CaseAssignment.department_id, Department.id),
        one_of(CaseAssignment.state, OPEN_PARTS),
    )
    .correlate(Department)
    .scalar_subquery()
)
_FACTS: Final = Ready(
    select(Department.id, Department.code, Department.name, GridNode.path, _IN_HAND)
    .join(GridNode, tied(GridNode.id, Department.node_id))
    .where(or_(Department.closed_on.is_(None), Department.closed_on > bindparam("day")))
    .order_by(Department.code)
)


async def department_facts(ctx: Context) -> tuple[DepartmentFacts, ...]:
    """Every open department with its jurisdiction and how many cases it has in hand."""
    found = await _FACTS.rows(ctx.session, day=ctx.today)
    return tuple(
        DepartmentFacts(id=row[0], code=row[1], name=row[2], path=row[3], open_cases=row[4])
        for row in found
    )


def suggestion_of(candidate: Candidate, least: float) -> Suggestion:
    """The candidate as the desk shows it."""
    return Suggestion(
        department_id=candidate.department.id,
        code=candidate.department.code,
        name=candidate.department.name,
        confidence=round(candidate.confidence, 2),
        reason=candidate.reason,
        sure=candidate.confidence >= least,
        threshold=least,
        plugin=candidate.plugin,
    )
