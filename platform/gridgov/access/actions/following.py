"""Bindings follow the tree and the posts, in the transaction that changes them."""

from uuid import UUID

from sqlalchemy import and_, exists, func, insert, or_, select, update
from sqlalchemy.orm import aliased

from gridgov.access.models import Binding
from gridgov.access.queries.bindings import present
from gridgov.accounts.models import Membership
from gridgov.audit.actions import record
from gridgov.context import Context
from gridgov.grid.models import GridNode
from gridgov.grid.types import ChangeKind, Redivision
from gridgov.kernel.ids import new_id
from gridgov.kernel.joins import tied
from gridgov.staff.models import PostHolding, StaffMember
from gridgov.staff.queries import held_on
from gridgov.staff.types import Vacated
from gridgov.tenants.actions import count_policy_up


async def follow_redivision(ctx: Context, change: Redivision) -> None:
    """What was bound to an ended node is bound to those that came of it, no further and no less."""
    if change.kind is ChangeKind.MOVE:
        return  # the same node: its bindings reach wherever it lies now
    day = change.effective_on
    ended = [node.id for node in change.before]
    found = await ctx.session.execute(
        select(Binding).where(Binding.node_id.in_(ended), present(day))
    )
    there: set[tuple[UUID, str, UUID]] = set()
    for old in found.scalars().all():
        for node in change.after:
            key = (old.account_id, old.role, node.id)
            if key in there:
                continue
            there.add(key)
            await ctx.session.execute(
                insert(Binding).values(
                    tenant_id=ctx.tenant.id,
                    id=new_id(),
                    account_id=old.account_id,
                    role=old.role,
                    node_id=node.id,
                    departments=old.departments,
                    categories=old.categories,
                    valid_from=max(old.valid_from, day),
                    valid_to=old.valid_to,
                    granted_by=old.granted_by,
                    granted_at=ctx.now,
                )
            )
        old.valid_to = max(old.valid_from, day)
        record(ctx, "access.followed", "account", old.account_id, role=old.role, change=change.kind)
    await ctx.session.flush()


async def follow_vacated(ctx: Context, vacated: Vacated) -> None:
    """Who leaves a post loses, on the same day, the roles that go with it (domain.md R9).

    Also one that was given for several units on what lies above them (a chief of all the grids of
    a village), with the last of them.
    """
    await count_policy_up(ctx)
    roles = [role.code for role in ctx.policy.county.roles if role.post == vacated.post]
    if not roles:
        return
    holder = (
        select(Membership.account_id)
        .where(Membership.staff_id == vacated.staff_id, Membership.tenant_id == ctx.tenant.id)
        .scalar_subquery()
    )
    today = ctx.today
    node, above = aliased(GridNode), aliased(GridNode)
    serving = (
        exists()
        .where(
            PostHolding.tenant_id == ctx.tenant.id,
            PostHolding.staff_id == vacated.staff_id,
            PostHolding.post == vacated.post,
            held_on(vacated.on),
            tied(StaffMember.id, PostHolding.staff_id),
            tied(GridNode.id, PostHolding.node_id),
            func.left(GridNode.path, func.length(above.path)) == above.path,
        )
        .correlate(above)
    )
    left = (
        select(above.id)
        .join(node, and_(node.tenant_id == above.tenant_id, node.id == vacated.node_id))
        .where(
            func.left(node.path, func.length(above.path)) == above.path,
            or_(above.id == node.id, ~serving),
        )
    )
    ended = await ctx.session.execute(
        update(Binding)
        .where(
            Binding.account_id == holder,
            Binding.node_id.in_(left),
            Binding.role.in_(roles),
            present(max(today, vacated.on)),
        )
        .values(valid_to=vacated.on)
        .returning(Binding.account_id, Binding.role)
        .execution_options(synchronize_session=False)
    )
    for row in ended:
        record(ctx, "access.unbound", "account", row.account_id, role=row.role, with_post=True)


async def end_bindings_at(ctx: Context, account_id: UUID, node_id: UUID) -> None:
    """Who hands a place over has no role there any more, whatever post it went with."""
    await count_policy_up(ctx)
    ended = await ctx.session.execute(
        update(Binding)
        .where(Binding.account_id == account_id, Binding.node_id == node_id, present(ctx.today))
        .values(valid_to=ctx.today)
        .returning(Binding.role)
        .execution_options(synchronize_session=False)
    )
    for row in ended:
        record(ctx, "access.unbound", "account", account_id, role=row.role, with_post=True)
