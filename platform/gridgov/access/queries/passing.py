"""Which roles go over when posts pass on: what the leaver holds there, and nothing else."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from gridgov.access.models import Binding
from gridgov.access.queries.bindings import present
from gridgov.access.rules import check_passes
from gridgov.access.types import Passed, Passing
from gridgov.context import Context
from gridgov.grid.models import GridNode
from gridgov.kernel.errors import Refusal
from gridgov.kernel.ready import one_of
from gridgov.kernel.sentences import Sentence


async def roles_passing(ctx: Context, passings: Sequence[Passing], *, on: date) -> list[Passed]:
    """The roles of that day, each with the reason if it cannot go over; one statement for all."""
    held = await _held(ctx, passings, on)
    theirs: defaultdict[UUID, set[str]] = defaultdict(set)
    for row in held:
        theirs[row.account_id].add(row.role)
    found: list[Passed] = []
    for passing in passings:
        for row in held:
            if (row.account_id, row.node_id) != (passing.giver, passing.node_id):
                continue
            role = ctx.policy.roles.get(row.role)
            if role is None or (passing.post and role.post != passing.post):
                continue
            one = Passed(
                row.account_id,
                passing.taker,
                row.role,
                row.node_id,
                row.path,
                row.level,
                tuple(row.departments),
                tuple(row.categories),
                row.valid_to,
            )
            if any(
                (mine.account_id, mine.node_id, mine.role) == (passing.taker, one.node_id, one.role)
                for mine in held
            ):
                continue  # the successor has it already
            found.append(_judged(ctx, one, theirs))
    return found


def _judged(ctx: Context, one: Passed, theirs: dict[UUID, set[str]]) -> Passed:
    if one.taker is None:
        return replace(one, refused=Sentence("接任人还没有账号，开了账号再由安全管理员授予。"))
    try:
        check_passes(ctx.policy.roles, theirs[one.taker], ctx.policy.roles[one.role])
    except Refusal as fault:
        return replace(one, refused=Sentence(fault.message, **fault.params))
    theirs[one.taker].add(one.role)
    return one


async def _held(ctx: Context, passings: Sequence[Passing], on: date) -> list[Any]:
    people = {one.giver for one in passings} | {one.taker for one in passings if one.taker}
    if not people:
        return []
    found = await ctx.session.execute(
        select(
            Binding.account_id,
            Binding.role,
            Binding.node_id,
            GridNode.path,
            GridNode.level,
            Binding.departments,
            Binding.categories,
            Binding.valid_to,
        )
        .join(
            GridNode,
            and_(GridNode.tenant_id == Binding.tenant_id, GridNode.id == Binding.node_id),
        )
        .where(one_of(Binding.account_id, people), Binding.valid_from <= on, present(on))
        .order_by(GridNode.path, Binding.role, Binding.id)
    )
    return [*found]
