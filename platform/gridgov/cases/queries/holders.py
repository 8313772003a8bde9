"""Whose turn is it? The people who can move a case on now, by role and place or department."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select

from gridgov.access.models import Binding
from gridgov.cases.models import CaseAssignment
from gridgov.cases.queries.reporters import accounts_reporting
from gridgov.cases.rules.moves import kind_for
from gridgov.cases.types import DEPARTMENT, DESK, OPEN_PARTS, REPORTER, Head, Situation
from gridgov.context import Context
from gridgov.contract.declarations import By, CaseKind
from gridgov.grid.models import GridNode
from gridgov.grid.rules.codes import prefixes
from gridgov.kernel.joins import tied
from gridgov.kernel.ready import one_of


@dataclass(frozen=True, slots=True)
class _Bound:
    account_id: UUID
    role: str
    path: str
    departments: frozenset[UUID]
    categories: frozenset[str]
    """Empty: of every category."""

    def sees(self, head: Head) -> bool:
        """Whether the case is of a category that the binding is not cut from."""
        return not self.categories or head.category in self.categories


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


async def holders_of(ctx: Context, cases: Iterable[Situation]) -> frozenset[UUID]:
    """Whose turn it is in any of these cases, in two statements however many they are."""
    found = list(cases)
    paths = {
        path
        for one in found
        for whole in (one.head.desk_path, one.head.node_path)
        for path in prefixes(whole)
    }
    kinds = ctx.policy.ever.case_kinds
    bound = await _bound(ctx, {a.right for kind in kinds for a in kind.actions}, paths)
    told: set[UUID] = set()
    for one in found:
        head = one.head
        if head.turn == DESK:
            kind = kind_for(ctx.policy.kinds, head.kind, head.kind_version)
            but = head.handled_by if _needs_another(kind, head.state) else None
            rights = moving_rights(kind, head.state)
            told |= _nearest(_with(ctx, bound, rights), head, but)
        elif head.turn == DEPARTMENT:
            wanted = {part.department_id for part in one.parts if part.open}
            told |= _handling(_with(ctx, bound, _departments_rights(ctx)), head, wanted)
    reported = [one.head.id for one in found if one.head.turn == REPORTER]
    return frozenset(told | (await accounts_reporting(ctx, reported) if reported else set()))


async def at_desk(
    ctx: Context, head: Head, rights: Collection[str], *, but: UUID | None = None
) -> frozenset[UUID]:
    """Who holds one of the rights at the desk that has the case, or at the nearest desk above.

    ``but``: this one may not (who handled it cannot verify it), so a desk with nobody else is
    passed over.
    """
    return _nearest(await _bound(ctx, rights, prefixes(head.desk_path)), head, but)


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
    bound = await _bound(ctx, _departments_rights(ctx), prefixes(head.node_path))
    return _handling(bound, head, frozenset(departments))


def _departments_rights(ctx: Context) -> frozenset[str]:
    return frozenset(
        action.right
        for kind in ctx.policy.ever.case_kinds
        for action in kind.actions
        if action.by is By.DEPARTMENT
    )


def _nearest(bound: Iterable[_Bound], head: Head, but: UUID | None) -> frozenset[UUID]:
    there = [
        b
        for b in bound
        if not b.departments
        and b.account_id != but
        and b.sees(head)
        and head.desk_path.startswith(b.path)
    ]
    nearest = max((len(b.path) for b in there), default=0)
    return frozenset(b.account_id for b in there if len(b.path) == nearest)


def _handling(
    bound: Iterable[_Bound], head: Head, departments: Collection[UUID]
) -> frozenset[UUID]:
    return frozenset(
        b.account_id
        for b in bound
        if b.sees(head)
        and head.node_path.startswith(b.path)
        and not b.departments.isdisjoint(departments)
    )


def _with(ctx: Context, bound: Iterable[_Bound], rights: Collection[str]) -> list[_Bound]:
    roles = _roles(ctx, rights)
    return [b for b in bound if b.role in roles]


def _roles(ctx: Context, rights: Collection[str]) -> frozenset[str]:
    asked = set(rights)
    return frozenset(r.code for r in ctx.policy.county.roles if not asked.isdisjoint(r.rights))


def moving_rights(kind: CaseKind, state: str) -> frozenset[str]:
    """The rights by which a desk moves a case on from the state."""
    moves = [a for a in kind.actions if a.by is By.DESK and a.to and state in a.before]
    return frozenset(action.right for action in moves)


def _needs_another(kind: CaseKind, state: str) -> bool:
    return any(
        "verifier_is_not_handler" in action.guards and state in action.before
        for action in kind.actions
    )


async def _bound(ctx: Context, rights: Collection[str], paths: Collection[str]) -> list[_Bound]:
    day = ctx.today
    found = await ctx.session.execute(
        select(
            Binding.account_id,
            Binding.role,
            GridNode.path,
            Binding.departments,
            Binding.categories,
        )
        .join(GridNode, tied(GridNode.id, Binding.node_id))
        .where(
            one_of(Binding.role, sorted(_roles(ctx, rights))),
            one_of(GridNode.path, sorted(paths)),
            Binding.valid_from <= day,
            or_(Binding.valid_to.is_(None), Binding.valid_to > day),
        )
    )
    return [
        _Bound(
            row.account_id,
            row.role,
            row.path,
            frozenset(row.departments),
            frozenset(ctx.policy.cut_to(row.categories) if row.categories else ()),
        )
        for row in found
    ]
