"""Whose turn is it? The people who can move a case on now, by role and place or department."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, or_, select

from gridgov.access.models import Binding
from gridgov.cases.models import CaseAssignment
from gridgov.cases.queries.reporters import accounts_reporting
from gridgov.cases.types import DEPARTMENT, DESK, OPEN_PARTS, REPORTER, Head
from gridgov.context import Context
from gridgov.contract.declarations import By, CaseKind
from gridgov.grid.models import GridNode
from gridgov.grid.rules.codes import prefixes
from gridgov.staff.queries import today


@dataclass(frozen=True, slots=True)
class _Bound:
    account_id: UUID
    path: str
    departments: frozenset[UUID]


async def holders(ctx: Context, head: Head, kind: CaseKind) -> frozenset[UUID]:
    """The accounts whose turn it is; empty when nobody is bound to the work."""
    if head.turn == DESK:
        but = head.handled_by if _needs_another(kind, head.state) else None
        return await at_desk(ctx, head, moving_rights(kind, head.state), but=but)
    if head.turn == DEPARTMENT:
        return await in_departments(ctx, head)
    if head.turn == REPORTER:
        return await accounts_reporting(ctx, [head.id])
    return frozenset()


async def at_desk(
    ctx: Context, head: Head, rights: Collection[str], *, but: UUID | None = None
) -> frozenset[UUID]:
    """Who holds one of the rights at the desk that has the case, or at the nearest desk above.

    ``but``: this one may not (who handled it cannot verify it), so a desk with nobody else is
    passed over.
    """
    found = await _bound(ctx, head, rights, prefixes(head.desk_path))
    bound = [b for b in found if not b.departments]
    others = [b for b in bound if b.account_id != but]
    nearest = max((len(b.path) for b in others), default=0)
    return frozenset(b.account_id for b in others if len(b.path) == nearest)


async def in_departments(
    ctx: Context, head: Head, departments: Iterable[UUID] | None = None
) -> frozenset[UUID]:
    """Who handles for the departments with an open part in the case, or for those named."""
    if departments is None:
        departments = await ctx.session.scalars(
            select(CaseAssignment.department_id).where(
                CaseAssignment.case_id == head.id, CaseAssignment.state.in_(OPEN_PARTS)
            )
        )
    wanted = frozenset(departments)
    rights = {
        action.right
        for kind in ctx.policy.ever.case_kinds
        for action in kind.actions
        if action.by is By.DEPARTMENT
    }
    bound = await _bound(ctx, head, rights, prefixes(head.node_path))
    return frozenset(b.account_id for b in bound if not wanted.isdisjoint(b.departments))


def moving_rights(kind: CaseKind, state: str) -> frozenset[str]:
    """The rights by which a desk moves a case on from the state."""
    moves = [a for a in kind.actions if a.by is By.DESK and a.to and state in a.before]
    return frozenset(action.right for action in moves)


def _needs_another(kind: CaseKind, state: str) -> bool:
    return any(
        "verifier_is_not_handler" in action.guards and state in action.before
        for action in kind.actions
    )


async def _bound(
    ctx: Context, head: Head, rights: Collection[str], paths: Collection[str]
) -> list[_Bound]:
    """Who holds one of the rights there, for matters of the case's category."""
    roles = [r.code for r in ctx.policy.county.roles if not set(rights).isdisjoint(r.rights)]
    day = today(ctx)
    found = await ctx.session.execute(
        select(Binding.account_id, GridNode.path, Binding.departments, Binding.categories)
        .join(
            GridNode,
            and_(GridNode.tenant_id == Binding.tenant_id, GridNode.id == Binding.node_id),
        )
        .where(
            Binding.role.in_(roles),
            GridNode.path.in_(list(paths)),
            Binding.valid_from <= day,
            or_(Binding.valid_to.is_(None), Binding.valid_to > day),
        )
    )
    return [
        _Bound(row.account_id, row.path, frozenset(row.departments))
        for row in found
        if not row.categories or head.category in ctx.policy.cut_to(row.categories)
    ]
