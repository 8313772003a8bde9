"""Suggested departments for a whole page of cases: two statements, however many."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select

from gridgov.cases.queries.routing import Suggestion, department_facts, suggestion_of
from gridgov.cases.queries.units import units
from gridgov.cases.rules.routing import Answering, candidates
from gridgov.cases.types import Head
from gridgov.context import Context
from gridgov.contract.facts import CaseFacts, DepartmentFacts
from gridgov.contract.hooks import case_route
from gridgov.kernel.ready import Ready
from gridgov.policy import Fault
from gridgov.staff.models import Department, Responsibility
from gridgov.staff.queries import today


@dataclass(frozen=True, slots=True)
class Router:
    """What is known of departments, for every case of a page.

    ``faults`` gathers what plugins could not answer meanwhile, by number.
    """

    ctx: Context
    departments: tuple[DepartmentFacts, ...]
    answering: Mapping[str, Answering]
    faults: dict[str, Fault] = field(default_factory=dict[str, Fault])

    def suggest(self, category: str, urgency: str, path: str, area: str = "") -> list[Suggestion]:
        """The surest first; the plugin's answer, the county's data, the category's list."""
        facts = CaseFacts(
            category=category,
            urgency=urgency,
            path=path,
            area=area,
            departments=self.departments,
        )
        policy = self.ctx.policy.at(path)
        declared = policy.categories.get(category)
        asked = policy.first(case_route, case=facts)
        self.faults.update({fault.number: fault for fault in asked.faults})
        found = candidates(
            facts,
            declared.departments if declared else (),
            self.answering.get(category),
            (asked.plugin, asked.value) if asked.value else None,
        )
        least = int(self.ctx.setting("route_confidence")) / 100
        return [suggestion_of(candidate, least) for candidate in found]


@dataclass(frozen=True, slots=True)
class Suggested:
    """The departments for one case: all that there are, those that fit, and who could not say."""

    departments: tuple[DepartmentFacts, ...]
    best: tuple[Suggestion, ...]
    faults: tuple[Fault, ...]


async def suggested_for(ctx: Context, head: Head) -> Suggested:
    """What is suggested for one case. Three statements."""
    asked = await router(ctx, [head.category])
    unit = (await units(ctx, [head.node_path])).by_path.get(head.node_path)
    area = unit.area if unit else ""
    best = asked.suggest(head.category, head.urgency, head.node_path, area)
    return Suggested(asked.departments, tuple(best), tuple(asked.faults.values()))


async def router(ctx: Context, categories: Collection[str]) -> Router:
    """For cases of these categories."""
    departments = await department_facts(ctx)
    codes = {department.id: department.code for department in departments}
    named = await _answering(ctx, categories)
    known = {
        category: Answering(codes[department], assumed)
        for category, (department, assumed) in named.items()
        if department in codes
    }
    return Router(ctx, departments, known)


_DEPARTMENTS: Final = Ready(
    select(Department.id, Department.name)
    .where(Department.closed_on.is_(None))
    .order_by(Department.code)
)


async def department_names(ctx: Context) -> list[tuple[str, str]]:
    """The departments to choose from: id and name."""
    return [(str(row.id), row.name) for row in await _DEPARTMENTS.rows(ctx.session)]


async def _answering(ctx: Context, categories: Collection[str]) -> dict[str, tuple[UUID, bool]]:
    """Who the county's own data names today; the latest word counts."""
    day = today(ctx)
    found = await ctx.session.execute(
        select(Responsibility.category, Responsibility.department_id, Responsibility.assumed)
        .where(
            Responsibility.category.in_(sorted(categories)),
            Responsibility.valid_from <= day,
            or_(Responsibility.valid_to.is_(None), Responsibility.valid_to > day),
        )
        .order_by(Responsibility.valid_from)
    )
    return {row[0]: (row[1], row[2]) for row in found}
