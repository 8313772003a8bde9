"""The suggested departments of a case, with the reason; nothing is decided by itself."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from gridgov.cases.models import Case, CaseAssignment
from gridgov.cases.queries.seeing import cases_seen_by
from gridgov.cases.rules.routing import Answering, Candidate, candidates
from gridgov.cases.types import OPEN_PARTS
from gridgov.context import Context
from gridgov.contract.facts import CaseFacts, DepartmentFacts
from gridgov.contract.hooks import case_route
from gridgov.grid.models import GridNode
from gridgov.grid.queries.nodes import node_by_path
from gridgov.kernel.errors import NotFound
from gridgov.staff.models import Department
from gridgov.staff.queries import department_answering


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


async def suggestions_for(ctx: Context, case_id: UUID) -> list[Suggestion]:
    """The departments that could take a case that the actor sees, the surest first."""
    seen = cases_seen_by(ctx.actor).with_only_columns(
        Case.category, Case.urgency, Case.node_path, Case.title
    )
    row = (await ctx.session.execute(seen.where(Case.id == case_id))).one_or_none()
    if row is None:
        raise NotFound
    return await suggested(ctx, row.category, row.node_path, urgency=row.urgency)


async def suggested(
    ctx: Context, category: str, path: str, *, urgency: str = ""
) -> list[Suggestion]:
    """The same for a category and a place."""
    declared = ctx.policy.categories.get(category)
    node = await node_by_path(ctx, path)
    facts = CaseFacts(
        category=category,
        urgency=urgency or (declared.urgency if declared else ""),
        path=path,
        area=node.area_type if node else "",
        departments=await department_facts(ctx),
    )
    named = await department_answering(ctx, category)
    codes = {department.id: department.code for department in facts.departments}
    answering = None
    if named is not None and named.department_id in codes:
        answering = Answering(codes[named.department_id], named.assumed)
    decided = ctx.policy.first(case_route, case=facts)
    found = candidates(facts, declared.departments if declared else (), answering, decided)
    least = int(ctx.setting("route_confidence")) / 100
    return [suggestion_of(candidate, least) for candidate in found]


async def department_facts(ctx: Context) -> tuple[DepartmentFacts, ...]:
    """Every open department with its jurisdiction and how many cases it has in hand."""
    load = (
        select(
            CaseAssignment.tenant_id,
            CaseAssignment.department_id,
            func.count().label("open_cases"),
        )
        .where(CaseAssignment.state.in_(OPEN_PARTS))
        .group_by(CaseAssignment.tenant_id, CaseAssignment.department_id)
        .subquery()
    )
    found = await ctx.session.execute(
        select(
            Department.id,
            Department.code,
            Department.name,
            GridNode.path,
            func.coalesce(load.c.open_cases, 0),
        )
        .join(
            GridNode,
            and_(GridNode.tenant_id == Department.tenant_id, GridNode.id == Department.node_id),
        )
        .outerjoin(
            load,
            and_(load.c.tenant_id == Department.tenant_id, load.c.department_id == Department.id),
        )
        .where(or_(Department.closed_on.is_(None), Department.closed_on > ctx.now.date()))
        .order_by(Department.code)
    )
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
