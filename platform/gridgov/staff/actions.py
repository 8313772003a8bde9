"""Appointing to posts and vacating them."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import delete, insert, update

from gridgov.audit.actions import record
from gridgov.context import Context, tell_rooms
from gridgov.grid.queries.nodes import node_of
from gridgov.grid.types import ChangeKind, NodeRow, Redivision
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.kernel.ids import new_id
from gridgov.staff.models import Department, PostHolding
from gridgov.staff.queries import career_of, holders, holdings, person_seen
from gridgov.staff.rules import check_duty, check_place, check_room, check_term, check_twice
from gridgov.staff.types import VACATED, Change, Holder, StaffRight, Term, Vacated
from gridgov.tenants.actions import count_policy_up

CHANGED = "staff.post_changed"
"""The event: who held what where changed; payload ``node`` and ``post``."""


async def appoint_post(
    ctx: Context,
    staff_id: UUID,
    *,
    node_id: UUID,
    post: str,
    valid_from: date,
    valid_to: date | None = None,
    acting: bool = False,
) -> UUID:
    """Give a person a post on a node. Rights do not follow: bindings are another's business."""
    person = await person_seen(ctx, staff_id)
    node = await _node_for_appointing(ctx, node_id)
    if person.left_on is not None and person.left_on <= valid_from:
        raise Conflict("{name} 已于 {day} 离职。", name=person.name, day=person.left_on)
    term = Term(valid_from, valid_to)
    declared = check_place(ctx.policy.posts.get(post), ctx.policy.levels[node.level])
    check_term(term)
    career = await career_of(ctx, staff_id)
    check_twice(declared, term, [held for held in career if held.node_id == node_id])
    check_duty(person.employment, term, acting=acting, held=career, node_name=node.name)
    beside = holdings().where(PostHolding.node_id == node_id, PostHolding.post == post)
    check_room(declared, term, acting=acting, held=await holders(ctx, beside))
    holding_id = new_id()
    await ctx.session.execute(
        insert(PostHolding).values(
            tenant_id=ctx.tenant.id,
            id=holding_id,
            staff_id=staff_id,
            node_id=node_id,
            post=post,
            acting=acting,
            valid_from=valid_from,
            valid_to=valid_to,
        )
    )
    record(
        ctx,
        "staff.appointed",
        "staff",
        staff_id,
        post=post,
        node=node.code,
        acting=acting,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    await count_policy_up(ctx)  # a person's title is kept with what they may do
    await _tell(ctx, holding_id, node_id, post)
    return holding_id


async def vacate_post(ctx: Context, holding_id: UUID, *, on: date) -> Holder:
    """End a holding: ``on`` is the first day without it. One that never began goes altogether."""
    found = await holders(ctx, holdings().where(PostHolding.id == holding_id))
    if not found:
        raise NotFound
    (held,) = found
    await _node_for_appointing(ctx, held.node_id)
    if held.valid_to is not None and held.valid_to <= on:
        raise Conflict("这个岗位已于 {day} 卸任。", day=held.valid_to)
    if on < held.valid_from:
        raise Invalid(fields={"on": "卸任日不能早于起始日 {day}。"}, day=held.valid_from)
    mine = PostHolding.id == holding_id
    if on == held.valid_from:
        await ctx.session.execute(delete(PostHolding).where(mine))
    else:
        await ctx.session.execute(update(PostHolding).where(mine).values(valid_to=on))
    record(ctx, "staff.vacated", "staff", held.staff_id, post=held.post, node=held.path, on=on)
    await ctx.together.follow(ctx, VACATED, Vacated(held.staff_id, held.node_id, held.post, on))
    await _tell(ctx, holding_id, held.node_id, held.post)
    return held


async def change_posts(ctx: Context, changes: Sequence[Change], *, on: date) -> None:
    """Many posts on one day, checked before: who leaves loses the roles that go with the post."""
    ending = [one.holding_id for one in changes if one.holding_id is not None]
    if ending:
        await ctx.session.execute(
            update(PostHolding)
            .where(PostHolding.id.in_(ending))
            .values(valid_to=on)
            .execution_options(synchronize_session=False)
        )
    begun = [
        {
            "tenant_id": ctx.tenant.id,
            "id": new_id(),
            "staff_id": one.into,
            "node_id": one.node_id,
            "post": one.post,
            "acting": False,
            "valid_from": on,
        }
        for one in changes
        if one.into is not None
    ]
    if begun:
        await ctx.session.execute(insert(PostHolding), begun)
    await count_policy_up(ctx)
    for one in changes:
        if one.out is not None:
            record(ctx, "staff.vacated", "staff", one.out, post=one.post, on=on)
            vacated = Vacated(one.out, one.node_id, one.post, on)
            await ctx.together.follow(ctx, VACATED, vacated)
        if one.into is not None:
            record(ctx, "staff.appointed", "staff", one.into, post=one.post, valid_from=on)
        await _tell(ctx, one.holding_id or new_id(), one.node_id, one.post)


async def follow_redivision(ctx: Context, change: Redivision) -> None:
    """Whoever holds a post on a node that ended holds it on the successor that keeps its code.

    What else a split leads to is vacant. Of a post that only one may hold, the holder on the first
    of the merged nodes keeps it; the others leave theirs. Departments stand where the code stays.
    """
    if change.kind is ChangeKind.MOVE:
        return  # the same node, somewhere else
    day, heir = change.effective_on, change.after[0].id
    taken: set[tuple[str, UUID | None]] = set()
    for node in change.before:
        on_node = holdings().where(PostHolding.node_id == node.id)
        for held in await holders(
            ctx, on_node.order_by(PostHolding.acting, PostHolding.valid_from)
        ):
            if held.valid_to is not None and held.valid_to <= day:
                continue
            single = ctx.policy.posts[held.post].single if held.post in ctx.policy.posts else False
            seat = (held.post, None if single and not held.acting else held.staff_id)
            await _inherit(ctx, held, day, None if seat in taken else heir)
            taken.add(seat)
    await ctx.session.execute(
        update(Department)
        .where(Department.node_id.in_([node.id for node in change.before]))
        .values(node_id=heir)
        .execution_options(synchronize_session=False)
    )


async def _inherit(ctx: Context, held: Holder, day: date, heir: UUID | None) -> None:
    """End a holding on its node that day and, if there is an heir, go on there."""
    mine = PostHolding.id == held.id
    began = held.valid_from < day
    if began:
        await ctx.session.execute(update(PostHolding).where(mine).values(valid_to=day))
    elif heir is not None:
        await ctx.session.execute(update(PostHolding).where(mine).values(node_id=heir))
    else:
        await ctx.session.execute(delete(PostHolding).where(mine))
    if began and heir is not None:
        await ctx.session.execute(
            insert(PostHolding).values(
                tenant_id=ctx.tenant.id,
                id=new_id(),
                staff_id=held.staff_id,
                node_id=heir,
                post=held.post,
                acting=held.acting,
                valid_from=day,
                valid_to=held.valid_to,
            )
        )
    verb = "staff.vacated" if heir is None else "staff.followed"
    record(ctx, verb, "staff", held.staff_id, post=held.post, node=held.path, on=day)


async def _node_for_appointing(ctx: Context, node_id: UUID) -> NodeRow:
    """The node, if it is there and the actor may appoint on it."""
    node = await node_of(ctx, node_id)
    if node is None or not ctx.actor.may(StaffRight.APPOINT, path=node.path):
        raise NotFound
    if node.valid_to is not None:
        raise Conflict("“{name}”已于 {day} 撤销，不能任职。", name=node.name, day=node.valid_to)
    return node


async def _tell(ctx: Context, holding_id: UUID, node_id: UUID, post: str) -> None:
    await tell_rooms(
        ctx,
        CHANGED,
        holding_id,
        node=str(node_id),
        post=post,
    )
