"""Giving and taking roles."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from gridgov.access.models import Binding
from gridgov.access.queries.bindings import department_names, present, reaches_of
from gridgov.access.queries.people import root_path
from gridgov.access.rules import Reach, Wish, check_apart, check_may_give, check_wish
from gridgov.accounts.models import Membership
from gridgov.audit.actions import record
from gridgov.context import Context, tell_rooms
from gridgov.grid.models import GridNode
from gridgov.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from gridgov.kernel.ids import new_id
from gridgov.kernel.joins import tied
from gridgov.tenants.actions import count_policy_up


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBinding:
    """A role on a node, narrowed to departments and categories where given; half-open dates."""

    role: str
    node_id: UUID
    departments: tuple[UUID, ...] = ()
    categories: tuple[str, ...] = ()
    since: date
    until: date | None = None


async def bind_role(ctx: Context, account_id: UUID, wanted: NewBinding) -> UUID:
    """Give the role. It counts at the very next request, in every process.

    Refused: one's own account, a role that is not one's to give, a place outside one's own, and
    two roles that must lie in different hands.
    """
    await count_policy_up(ctx)  # first: two who give at once wait for one another
    await _check_somebody_elses(ctx, account_id)
    wish = await _wish(ctx, wanted)
    role = check_wish(ctx.policy.roles, wish, root=await root_path(ctx))
    await _check_may_give(ctx, wish)
    today = ctx.today
    if wanted.since < today:
        raise Invalid(fields={"since": "最早从今天开始。"})
    if wanted.until is not None and wanted.until <= wanted.since:
        raise Invalid(fields={"until": "结束那天要晚于开始那天。"})
    held = await _held(ctx, account_id, today)
    if any(row.role == wanted.role and row.node_id == wanted.node_id for row in held):
        raise Conflict("这个人在这里已经有这个角色了。要改部门、类别或日期，请先结束原来的。")
    check_apart(ctx.policy.roles, [row.role for row in held], role)
    binding_id = new_id()
    await ctx.session.execute(
        insert(Binding).values(
            tenant_id=ctx.tenant.id,
            id=binding_id,
            account_id=account_id,
            role=wanted.role,
            node_id=wanted.node_id,
            departments=list(wanted.departments),
            categories=list(wish.categories),
            valid_from=wanted.since,
            valid_to=wanted.until,
            granted_by=ctx.actor.account_id,
            granted_at=ctx.now,
        )
    )
    await _tell(ctx, "access.bound", account_id, binding=binding_id, wish=wish)
    return binding_id


async def end_binding(ctx: Context, binding_id: UUID) -> UUID:
    """Take the role: from today on, so from the next request on. The account that held it."""
    await count_policy_up(ctx)
    today = ctx.today
    row = (
        await ctx.session.execute(
            select(
                Binding.account_id,
                Binding.role,
                Binding.node_id,
                Binding.departments,
                Binding.categories,
                Binding.valid_from,
                GridNode.path,
                GridNode.level,
            )
            .join(GridNode, tied(GridNode.id, Binding.node_id))
            .where(Binding.id == binding_id, present(today))
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    await _check_somebody_elses(ctx, row.account_id)
    categories = ctx.policy.cut_to(row.categories)
    wish = Wish(row.role, row.path, row.level, tuple(row.departments), categories)
    await _check_may_give(ctx, wish)
    await ctx.session.execute(
        update(Binding)
        .where(Binding.id == binding_id)
        .values(valid_to=max(today, row.valid_from))
        .execution_options(synchronize_session=False)
    )
    await _tell(ctx, "access.unbound", row.account_id, binding=binding_id, wish=wish)
    account_id: UUID = row.account_id
    return account_id


async def _check_somebody_elses(ctx: Context, account_id: UUID) -> None:
    if account_id == ctx.actor.account_id:
        raise NotAllowed("自己的权限不能自己改，请另一位安全管理员来办。")
    member = await ctx.session.scalar(
        select(Membership.account_id).where(
            Membership.account_id == account_id,
            Membership.tenant_id == ctx.tenant.id,
            Membership.ended_at.is_(None),
        )
    )
    if member is None:
        raise NotFound


async def _check_may_give(ctx: Context, wish: Wish) -> None:
    if ctx.actor.system:
        return
    own: list[Reach] = []
    if ctx.actor.account_id is not None:
        today = ctx.today
        own = await reaches_of(ctx, ctx.actor.account_id, today)
    check_may_give(ctx.policy.roles, own, wish)


async def _wish(ctx: Context, wanted: NewBinding) -> Wish:
    node = (
        await ctx.session.execute(
            select(GridNode.path, GridNode.level).where(
                GridNode.id == wanted.node_id, GridNode.valid_to.is_(None)
            )
        )
    ).one_or_none()
    if node is None:
        raise Invalid(fields={"node": "没有这个地方，或者它已经撤并，请重新选择。"})
    if wanted.departments and not set(wanted.departments) <= set(await department_names(ctx)):
        raise Invalid(fields={"departments": "没有这个部门，请重新选择。"})
    if not set(wanted.categories) <= set(ctx.policy.categories):
        raise Invalid(fields={"categories": "没有这个类别，请重新选择。"})
    categories = ctx.policy.cut_to(wanted.categories)
    return Wish(wanted.role, node.path, node.level, wanted.departments, categories)


async def _held(ctx: Context, account_id: UUID, today: date) -> list[Any]:
    found = await ctx.session.execute(
        select(Binding.role, Binding.node_id).where(
            Binding.account_id == account_id, present(today)
        )
    )
    return list(found.all())


async def _tell(ctx: Context, verb: str, account_id: UUID, *, binding: UUID, wish: Wish) -> None:
    details = {
        "role": wish.role,
        "path": wish.path,
        "departments": [str(one) for one in wish.departments],
        "categories": list(wish.categories),
    }
    record(ctx, verb, "account", account_id, binding=str(binding), **details)
    await tell_rooms(
        ctx,
        verb,
        account_id,
        binding=str(binding),
        role=wish.role,
    )
