"""Which roles go over when posts pass on: what the leaver holds there, and nothing else."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from gridgov.access.models import Binding
from gridgov.access.queries.bindings import present
from gridgov.access.rules import check_passes
from gridgov.access.types import Passed, Passing
from gridgov.accounts.models import Membership
from gridgov.context import Context
from gridgov.grid.models import GridNode
from gridgov.kernel.errors import Refusal
from gridgov.kernel.joins import tied
from gridgov.kernel.ready import one_of
from gridgov.kernel.sentences import Sentence
from gridgov.staff.models import PostHolding, StaffMember
from gridgov.staff.queries import held_on


async def roles_passing(ctx: Context, passings: Sequence[Passing], *, on: date) -> list[Passed]:
    """The roles of that day, each with the reason if it cannot go over; two statements for all."""
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
            if role is None or not (passing.whole or role.post == passing.post):
                continue
            one = _passed(ctx, row, passing)
            if not _has(held, one):
                found.append(_judged(ctx, one, theirs))
    return found + await _ending_above(ctx, passings, held, on)


async def _ending_above(
    ctx: Context, passings: Sequence[Passing], held: Sequence[Any], on: date
) -> list[Passed]:
    """What was given above for several posts ends with the last of them, and goes over to nobody.

    It was given for all of them together: who gives roles decides anew (domain.md R9).
    """
    leaving = {(one.giver, one.node_id, one.post): one for one in passings}
    posts = {one.post for one in passings}
    goes_with = {
        role.code: role.post
        for role in ctx.policy.roles.values()
        if role.post and role.post in posts
    }
    above = [row for row in held if row.role in goes_with]
    if not above:
        return []
    serving = await _serving(ctx, {one.giver for one in passings}, posts, on)
    found: list[Passed] = []
    for row in above:
        below = [
            (one.account_id, one.node_id, one.post)
            for one in serving
            if (one.account_id, one.post) == (row.account_id, goes_with[row.role])
            and one.path.startswith(row.path)
        ]
        here = any(node_id == row.node_id for _, node_id, _ in below)
        if here or not below or not leaving.keys() >= set(below):
            continue
        one = _passed(ctx, row, leaving[below[0]])
        if not _has(held, one):
            why = Sentence(
                "授在“{place}”，是几个岗位一起给的，交出后到期；要给接任人的由安全管理员另行授予。",
                place=row.name,
            )
            found.append(replace(one, refused=why))
    return found


def _passed(ctx: Context, row: Any, passing: Passing) -> Passed:
    return Passed(
        row.account_id,
        passing.taker,
        row.role,
        row.node_id,
        row.path,
        row.name,
        row.level,
        tuple(row.departments),
        ctx.policy.cut_to(row.categories),
        row.valid_to,
    )


def _has(held: Sequence[Any], one: Passed) -> bool:
    """Whether the successor has it already."""
    return any(
        (mine.account_id, mine.node_id, mine.role) == (one.taker, one.node_id, one.role)
        for mine in held
    )


def _judged(ctx: Context, one: Passed, theirs: dict[UUID, set[str]]) -> Passed:
    if one.taker is None:
        return replace(one, refused=Sentence("接任人还没有账号，开了账号再由安全管理员授予。"))
    try:
        check_passes(ctx.policy.roles, theirs[one.taker], ctx.policy.roles[one.role])
    except Refusal as fault:
        return replace(one, refused=str(fault))
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
            GridNode.name,
            GridNode.level,
            Binding.departments,
            Binding.categories,
            Binding.valid_to,
        )
        .join(GridNode, tied(GridNode.id, Binding.node_id))
        .where(one_of(Binding.account_id, people), Binding.valid_from <= on, present(on))
        .order_by(GridNode.path, Binding.role, Binding.id)
    )
    return [*found]


async def _serving(ctx: Context, accounts: set[UUID], posts: set[str], on: date) -> list[Any]:
    """Where these people hold these posts that day."""
    found = await ctx.session.execute(
        select(Membership.account_id, PostHolding.node_id, PostHolding.post, GridNode.path)
        .join(PostHolding, tied(PostHolding.staff_id, Membership.staff_id))
        .join(StaffMember, tied(StaffMember.id, PostHolding.staff_id))
        .join(GridNode, tied(GridNode.id, PostHolding.node_id))
        .where(
            Membership.tenant_id == ctx.tenant.id,
            one_of(Membership.account_id, accounts),
            one_of(PostHolding.post, sorted(posts)),
            held_on(on),
        )
    )
    return [*found]
