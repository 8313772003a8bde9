"""Roles that go over with a post: given by who holds them, or by who may give them."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import insert

from gridgov.access.models import Binding
from gridgov.access.queries.bindings import reaches_of
from gridgov.access.rules import Wish, check_may_give
from gridgov.access.types import Passed
from gridgov.audit.actions import record
from gridgov.context import Context
from gridgov.kernel.errors import NotFound
from gridgov.kernel.ids import new_id
from gridgov.tenants.actions import count_policy_up


async def pass_roles(
    ctx: Context, passed: Sequence[Passed], *, on: date, by: UUID | None = None
) -> int:
    """Let them begin, as narrow and as long as they were held; how many.

    Nothing is made by it: ask before with :func:`roles_passing`, in the same transaction, and end
    what the givers hold. ``by`` is who answers for it; without, each giver does.
    """
    going = [one for one in passed if not one.refused and one.taker is not None]
    if not going:
        return 0
    await count_policy_up(ctx)
    await ctx.session.execute(
        insert(Binding),
        [
            {
                "tenant_id": ctx.tenant.id,
                "id": new_id(),
                "account_id": one.taker,
                "role": one.role,
                "node_id": one.node_id,
                "departments": list(one.departments),
                "categories": list(one.categories),
                "valid_from": on,
                "valid_to": one.until,
                "granted_by": by or one.giver,
                "granted_at": ctx.now,
            }
            for one in going
        ],
    )
    for one in going:
        record(
            ctx, "access.passed", "account", one.taker, role=one.role, path=one.path,
            giver=str(one.giver), on=on,
        )  # fmt: skip
    return len(going)


async def check_may_pass(ctx: Context, passed: Sequence[Passed]) -> None:
    """Whether the actor could give each of these roles there themselves; refused else."""
    if ctx.actor.account_id is None:
        raise NotFound
    own = await reaches_of(ctx, ctx.actor.account_id, ctx.today)
    for one in passed:
        if not one.refused:
            check_may_give(
                ctx.policy.roles,
                own,
                Wish(one.role, one.path, one.level, one.departments, one.categories),
            )
