"""Suggested departments for a whole page of cases: two statements, however many."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from sqlalchemy import ARRAY, Text, any_, bindparam, select

from gridgov.cases.queries.routing import Suggestion, department_facts, suggestion_of
from gridgov.cases.queries.units import units
from gridgov.cases.rules.routing import Answering, candidates
from gridgov.cases.types import Head
from gridgov.context import Context
from gridgov.contract.declarations import Category
from gridgov.contract.facts import CaseFacts, DepartmentFacts
from gridgov.contract.hooks import case_route
from gridgov.contract.lists import ASSIGNMENT
from gridgov.contract.relisting import last_word
from gridgov.kernel.joins import tied
from gridgov.kernel.ready import Ready
from gridgov.policy import Fault, Policy
from gridgov.staff.models import Department, Responsibility


@dataclass(frozen=True, slots=True)
class Named:
    """A department that the county's own data names, and from when until when it does."""

    answering: Answering
    since: date
    until: date | None

    def holds(self, day: date) -> bool:
        """Whether it is named on that day."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Router:
    """What is known of departments, for every case of a page.

    ``faults`` gathers what plugins could not answer meanwhile, by number.
    """

    ctx: Context
    departments: tuple[DepartmentFacts, ...]
    named: Mapping[str, Sequence[Named]]
    faults: dict[str, Fault] = field(default_factory=dict[str, Fault])

    def suggest(
        self,
        category: str,
        urgency: str,
        path: str,
        area: str = "",
        *,
        began: datetime | None = None,
    ) -> list[Suggestion]:
        """The surest first; the county's own word, the plugin's answer, the category's list.

        ``began``: when the case did; by the lists of that moment it goes on.
        """
        at = began or self.ctx.now
        facts = CaseFacts(
            category=category,
            urgency=urgency,
            path=path,
            area=area,
            departments=self.departments,
        )
        policy = self.ctx.policy.at(path)
        declared = policy.listed(category, at)
        asked = policy.first(case_route, case=facts)
        self.faults.update({fault.number: fault for fault in asked.faults})
        found = candidates(
            facts,
            declared.departments if declared else (),
            self.answering(policy, declared, at) if declared else None,
            (asked.plugin, asked.value) if asked.value else None,
        )
        least = int(self.ctx.setting("route_confidence")) / 100
        return [suggestion_of(candidate, least) for candidate in found]

    def answering(self, policy: Policy, listed: Category, at: datetime) -> Answering | None:
        """Whom the county itself names: its latest word, or its first for what is older."""
        day, ever = self.ctx.tenant.day_of(at), self.named.get(listed.code, ())
        named = [one for one in ever if one.holds(day)]
        named = named or [one for one in ever[:1] if day < one.since]
        said = last_word(policy.changes, ASSIGNMENT, listed.code, at)
        issued = self.ctx.tenant.day_of(said.at) if said else None
        if issued and listed.code not in policy.own and (not named or issued >= named[-1].since):
            return Answering(listed.departments[0], assumed=False, listed=True)
        return named[-1].answering if named else None


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
    best = asked.suggest(head.category, head.urgency, head.node_path, area, began=head.opened_at)
    return Suggested(asked.departments, tuple(best), tuple(asked.faults.values()))


async def router(ctx: Context, categories: Collection[str]) -> Router:
    """For cases of these categories."""
    departments = await department_facts(ctx)
    return Router(ctx, departments, await _named(ctx, categories))


_DEPARTMENTS: Final = Ready(
    select(Department.id, Department.name)
    .where(Department.closed_on.is_(None))
    .order_by(Department.code)
)


async def department_names(ctx: Context) -> list[tuple[str, str]]:
    """The departments to choose from: id and name."""
    return [(str(row.id), row.name) for row in await _DEPARTMENTS.rows(ctx.session)]


_NAMED: Final = Ready(
    select(
        Responsibility.category,
        Department.code,
        Responsibility.assumed,
        Responsibility.valid_from,
        Responsibility.valid_to,
    )
    .join(Department, tied(Department.id, Responsibility.department_id))
    .where(Responsibility.category == any_(bindparam("categories", type_=ARRAY(Text))))
    .order_by(Responsibility.valid_from)
)


async def _named(ctx: Context, categories: Collection[str]) -> dict[str, list[Named]]:
    """Who the county's own data names for each, oldest first."""
    found = await _NAMED.rows(ctx.session, categories=sorted(categories))
    named: dict[str, list[Named]] = {}
    for category, code, assumed, since, until in found:
        one = Named(Answering(code, assumed=assumed), since, until)
        named.setdefault(category, []).append(one)
    return named
