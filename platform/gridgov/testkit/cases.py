"""Cases for tests: begun and moved by the real actions, with something plausible in every field."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from gridgov.cases.actions.performing import Performed, perform
from gridgov.cases.actions.reporting import Reported, report_case
from gridgov.context import Context
from gridgov.contract.declarations import Action, Category, Field
from gridgov.policy import Policy
from gridgov.testkit.counties import ACounty, Node


async def a_case(ctx: Context, node: Node, *, category: str = "", **what: Any) -> Reported:
    """A new case on the node, by the context's actor; about the first category that can be."""
    about = category or leaves(ctx.policy, what.get("kind", ""))[0].code
    return await report_case(ctx, category=about, node_id=node.id, **what)


async def does(
    ctx: Context, county: ACounty, case_id: UUID, action: Action, **fields: Any
) -> Performed:
    """The action with what it asks for, ``fields`` or something plausible."""
    return await perform(ctx, case_id, action.code, filled(county, action, fields))


def filled(county: ACounty, action: Action, fields: Mapping[str, Any]) -> dict[str, Any]:
    """What is typed: ``fields``, and something plausible wherever else the action insists."""
    typed = {field.code: _plausible(county, field) for field in action.fields if field.required}
    return typed | dict(fields)


def leaves(policy: Policy, kind: str = "") -> list[Category]:
    """The categories that a case can be about; with ``kind``, that one of this kind can be."""
    return [
        category
        for category in policy.categories.values()
        if category.parent and (not kind or category.kind in {"", kind})
    ]


def _plausible(county: ACounty, field: Field) -> Any:
    known: dict[str, Any] = {
        "departments": [next(iter(county.departments.values()))],
        "category": leaves(county.policy)[-1].code,
        "urgency": next(iter(county.policy.urgencies)),
        "choice": field.choices[0][0] if field.choices else "",
        "days": 1,
        "stars": 5,
    }
    return known.get(field.kind, f"测试·{field.label}")
