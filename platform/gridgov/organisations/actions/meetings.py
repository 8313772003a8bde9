"""Calling a meeting with its agenda, and keeping its minutes."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import case, delete, insert, update

from gridgov.audit.actions import record
from gridgov.cases.rules.fields import check_texts
from gridgov.cases.types import Arisen
from gridgov.context import Context
from gridgov.contract.organisations import MeetingKind
from gridgov.grid.queries.nodes import node_of
from gridgov.grid.types import NodeRow
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.kernel.ids import new_id
from gridgov.kernel.sentences import Sentence
from gridgov.notices.actions import notify
from gridgov.organisations.models import Meeting, MeetingItem
from gridgov.organisations.queries.meetings import (
    expected,
    item_seen,
    items_of,
    last_meeting,
    left_open,
    meeting_seen,
    open_matters,
)
from gridgov.organisations.rules import replaced, words_of
from gridgov.organisations.types import ITEM, ItemState, OrganisationRight, Reason

_Item = tuple[str, Reason, UUID | None]
"""What goes on an agenda: its title or its case, and why."""

LATE: Final = timedelta(days=31)
"""How long after it a meeting that nobody called may still be kept."""
MOST_WORDS: Final = 4000
_LIMITS: Final = {"place": 60, "title": 100, "resolution": 500, "conclusion": 300, "next_step": 120}


async def call_meeting(
    ctx: Context, kind: str, node_id: UUID, *, at: datetime, place: str = "", link: str = ""
) -> UUID:
    """Call a meeting: its agenda is what the last one left open, and the matters that press.

    Everybody who is asked is told, with a link to it (``link`` holds ``{id}``), unless it was held
    already.
    """
    node = await node_of(ctx, node_id)
    if node is None or not ctx.actor.may(OrganisationRight.MEET, path=node.path):
        raise NotFound
    declared = kind_of(ctx, kind)
    if declared is None or declared.on_case or node.level not in declared.levels:
        raise Invalid(fields={"kind": "这里不开这种会，请重新选择。"})
    if at < ctx.now - LATE:
        raise Invalid(fields={"at": "过了一个月以上的会不补登，请重新选择。"})
    people = await expected(ctx, declared, node)
    before = await last_meeting(ctx, node.id, kind)
    meeting_id = await keep_meeting(
        ctx,
        declared,
        node,
        at=at,
        place=checked("place", place),
        attendance=[
            {"id": str(one.id), "post": one.post, "place": one.node_name, "present": False}
            for one in people
        ],
    )
    agenda = await _carried_over(ctx, before[0]) if before is not None else []
    agenda += [("", reason, case_id) for case_id, reason in await open_matters(ctx, node.path)]
    await _put(ctx, meeting_id, agenda)
    record(ctx, "meeting.called", "meeting", meeting_id, node=node.code)
    if link and at >= ctx.now:
        await notify(
            ctx,
            [one.account_id for one in people],
            about=f"meeting.called:{meeting_id}",
            text=Sentence("请参加{meeting}：{place}", meeting=declared.name, place=node.name),
            link=link.format(id=meeting_id),
        )
    return meeting_id


async def raise_item(ctx: Context, meeting_id: UUID, *, title: str) -> None:
    """Put something on the agenda, or on the record of a meeting that is over."""
    await meeting_seen(ctx, meeting_id, OrganisationRight.MEET)
    if not title.strip():
        raise Invalid(fields={"title": "请写是什么事。"})
    await _put(ctx, meeting_id, [(checked("title", title), Reason.RAISED, None)])
    record(ctx, "meeting.raised", "meeting", meeting_id)


async def drop_item(ctx: Context, item_id: UUID) -> None:
    """Take something off the agenda of a meeting that lies ahead."""
    meeting, item = await item_seen(ctx, item_id, OrganisationRight.MEET)
    if meeting.held:
        raise Conflict("会已经开过，议题留在记录里。")
    await ctx.session.execute(
        delete(MeetingItem)
        .where(MeetingItem.id == item.id)
        .execution_options(synchronize_session=False)
    )
    record(ctx, "meeting.dropped", "meeting", meeting.id)


async def keep_minutes(
    ctx: Context,
    meeting_id: UUID,
    *,
    minutes: str,
    present: Collection[str],
    resolutions: Mapping[UUID, str],
    done: Collection[UUID],
) -> None:
    """What was said and resolved, and who came. May be mended: what stood there before is kept."""
    meeting = await meeting_seen(ctx, meeting_id, OrganisationRight.MEET)
    if meeting.at > ctx.now:
        raise Conflict("还没到开会的时间，开过再记。")
    if len(minutes) > MOST_WORDS:
        raise Invalid(fields={"minutes": "写得太长了，最多 {n} 个字。"}, n=MOST_WORDS)
    items = await items_of(ctx, meeting_id)
    before = words_of(meeting.minutes, {item.id: item.resolution for item in items})
    after = words_of(minutes.strip(), {item.id: item.resolution for item in items})
    kept = [item for item in items if item.state != ItemState.CARRIED]
    asked = {f"resolution-{x.id}": resolutions.get(x.id, x.resolution) for x in kept}
    said = check_texts(asked, dict.fromkeys(asked, _LIMITS["resolution"]))
    words = {item.id: said[f"resolution-{item.id}"] for item in kept}
    if not (minutes.strip() or any(words.values()) or done or present):
        raise Invalid(fields={"minutes": "请写会议记录，或者写一条议定的事。"})
    after["items"].update({str(item_id): told for item_id, told in words.items()})
    if words:
        await ctx.session.execute(
            update(MeetingItem)
            .where(MeetingItem.id.in_(list(words)))
            .values(
                resolution=case(words, value=MeetingItem.id),
                state=case((MeetingItem.id.in_(list(done)), ItemState.DONE), else_=ItemState.OPEN),
            )
            .execution_options(synchronize_session=False)
        )
    mended = meeting.held and before != after
    by = ctx.actor.title or ctx.actor.name
    attendance = [{**one, "present": one["id"] in present} for one in meeting.attendance]
    await ctx.session.execute(
        update(Meeting)
        .where(Meeting.id == meeting_id)
        .values(
            minutes=minutes.strip(),
            attendance=attendance,
            held_at=meeting.held_at or ctx.now,
            earlier=meeting.earlier + [replaced(before, at=ctx.now, by=by)] * mended,
        )
    )
    record(ctx, "meeting.mended" if mended else "meeting.kept", "meeting", meeting_id)


async def keep_arisen(ctx: Context, arisen: Arisen) -> None:
    """A case was reported out of an item: the item knows it from now on."""
    if arisen.about.kind != ITEM:
        return
    _, item = await item_seen(ctx, arisen.about.id, OrganisationRight.MEET)
    if item.led_to is not None:
        raise Conflict("这个议题已经转成事件了。")
    await ctx.session.execute(
        update(MeetingItem).where(MeetingItem.id == item.id).values(led_to=arisen.case_id)
    )


def kind_of(ctx: Context, code: str) -> MeetingKind | None:
    """The declared kind of meeting."""
    return next((one for one in ctx.policy.county.meeting_kinds if one.code == code), None)


async def keep_meeting(
    ctx: Context,
    kind: MeetingKind,
    node: NodeRow,
    *,
    at: datetime,
    place: str,
    attendance: list[dict[str, object]],
    case_id: UUID | None = None,
    conclusion: str = "",
    next_step: str = "",
    held_at: datetime | None = None,
) -> UUID:
    """A meeting, ahead or over; its id."""
    meeting_id = new_id()
    await ctx.session.execute(
        insert(Meeting).values(
            tenant_id=ctx.tenant.id,
            id=meeting_id,
            kind=kind.code,
            node_id=node.id,
            case_id=case_id,
            at=at,
            place=place,
            conclusion=conclusion,
            next_step=next_step,
            attendance=attendance,
            called_by=ctx.actor.account_id,
            held_at=held_at,
        )
    )
    return meeting_id


async def _carried_over(ctx: Context, before: UUID) -> list[_Item]:
    """What was left open stands on the new agenda; cases come by themselves while they press."""
    carried: list[_Item] = [
        (item.title, Reason.CARRIED, None)
        for item in await left_open(ctx, before)
        if item.case_id is None and item.led_to is None
    ]
    await ctx.session.execute(
        update(MeetingItem)
        .where(MeetingItem.meeting_id == before, MeetingItem.state == ItemState.OPEN)
        .values(state=ItemState.CARRIED)
        .execution_options(synchronize_session=False)
    )
    return carried


async def _put(ctx: Context, meeting_id: UUID, agenda: Sequence[_Item]) -> None:
    if not agenda:
        return
    mine: dict[str, Any] = {"tenant_id": ctx.tenant.id, "meeting_id": meeting_id}
    await ctx.session.execute(
        insert(MeetingItem),
        [
            mine | {"id": new_id(), "title": title, "reason": reason, "case_id": case_id}
            for title, reason, case_id in agenda
        ],
    )


def checked(field: str, words: str) -> str:
    """The words without space around them. Raises Invalid where there are too many."""
    words = words.strip()
    if len(words) > _LIMITS[field]:
        raise Invalid(fields={field: "写得太长了，最多 {n} 个字。"}, n=_LIMITS[field])
    return words
