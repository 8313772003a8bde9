"""Showing what a place has, confirming it or sending it back, and getting what is missing."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from gridgov.audit.actions import record
from gridgov.cases.queries.units import Units, units
from gridgov.cases.types import Arisen
from gridgov.context import Context
from gridgov.contract.standards import Standard
from gridgov.files.actions import attach
from gridgov.grid.models import GridNode
from gridgov.grid.types import ChangeKind, Redivision
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.kernel.ids import new_id
from gridgov.kernel.joins import tied
from gridgov.kernel.sentences import Sentence
from gridgov.notices.actions import notify
from gridgov.standards.models import StandardMark, StandardStep
from gridgov.standards.queries import mark_seen, marks_of, site_seen
from gridgov.standards.rules import (
    MOST_PHOTOS,
    check_claim,
    check_decision,
    check_evidence,
    confirms,
    item_of,
)
from gridgov.standards.types import CASE_ABOUT, PHOTO_OWNER, MarkState, Site, StandardRight

_SUBJECT: Final = "standard_mark"
_REPORTED: Final = "这一项已经上报过事件，请到那件事里看进展。"
_HANDLED: Final = "这一项已经有人处理过了，请刷新后再看。"
_OPEN: Final = StandardMark.state.in_((MarkState.MISSING.value, MarkState.RETURNED.value))


async def claim_items(
    ctx: Context,
    standard: Standard,
    node_id: UUID,
    items: Sequence[str],
    *,
    note: str = "",
    photos: Sequence[UUID] = (),
) -> None:
    """Show that a place has these items. Photos go with one item only."""
    site = await _site(ctx, standard, node_id, StandardRight.CLAIM)
    if standard not in ctx.policy.county.standards:
        raise Conflict(
            "县里不再用“{standard}”，不能再申报；已有的记录还在。", standard=standard.name
        )
    check_evidence(note, photos, items)
    marks = await marks_of(ctx, standard, site.id)
    for code in items:
        check_claim(item_of(standard, code), marks[code].state)
    said = {
        "state": MarkState.CLAIMED.value,
        "note": note.strip(),
        "claimed_by": ctx.actor.account_id,
        "claimed_who": _who(ctx),
        "claimed_at": ctx.now,
        "decided_by": None,
        "decided_who": "",
        "decided_at": None,
        "reason": "",
    }
    ids = await _put(ctx, standard, site, dict.fromkeys(items, said), only=_OPEN)
    steps = await _step(ctx, ids.values(), "claimed", note.strip())
    await attach(ctx, photos, PHOTO_OWNER, steps[0], most=MOST_PHOTOS)
    record(ctx, "standard.claimed", "grid_node", site.id, standard=standard.code, items=[*items])


async def withdraw_item(ctx: Context, standard: Standard, node_id: UUID, item: str) -> None:
    """Take back what was shown and nobody has decided yet."""
    site = await _site(ctx, standard, node_id, StandardRight.CLAIM)
    code = item_of(standard, item).code
    if (await marks_of(ctx, standard, site.id))[code].state is not MarkState.CLAIMED:
        raise Conflict(_HANDLED)
    taken_back = {code: {"state": MarkState.MISSING.value}}
    only = StandardMark.state == MarkState.CLAIMED.value
    ids = await _put(ctx, standard, site, taken_back, only=only)
    await _step(ctx, ids.values(), "withdrawn", "")
    record(ctx, "standard.withdrawn", _SUBJECT, ids[item])


async def decide_items(
    ctx: Context, standard: Standard, mark_ids: Sequence[UUID], *, confirm: bool, reason: str = ""
) -> int:
    """Confirm what was shown, or send it back with a reason; how many items were decided.

    Only from the confirming level or above it, and never by who showed it. One that cannot be
    decided leaves all undecided.
    """
    if not confirm and not reason.strip():
        raise Invalid(fields={"reason": "退回要写明原因，对方才知道补什么。"})
    if not mark_ids:
        raise Invalid("请先选择要认定的项。")
    rows = (
        await ctx.session.execute(
            select(
                StandardMark.id,
                StandardMark.state,
                StandardMark.item,
                StandardMark.claimed_by,
                StandardMark.node_id,
                GridNode.path,
                GridNode.level,
                GridNode.name,
            )
            .join(GridNode, tied(GridNode.id, StandardMark.node_id))
            .where(StandardMark.id.in_(mark_ids), StandardMark.standard == standard.code)
            .order_by(StandardMark.id)
            .with_for_update(of=StandardMark)
        )
    ).all()
    known = await units(ctx, [row.path for row in rows])
    if len(rows) != len(set(mark_ids)) or not all(
        may_confirm(ctx, confirms(standard, row.level), known, row.path) for row in rows
    ):
        raise NotFound
    for row in rows:
        check_decision(
            MarkState(row.state), claimed_by=row.claimed_by, decider=ctx.actor.account_id
        )
    state = MarkState.CONFIRMED if confirm else MarkState.RETURNED
    await ctx.session.execute(
        update(StandardMark)
        .where(StandardMark.id.in_(mark_ids))
        .values(
            state=state.value,
            decided_by=ctx.actor.account_id,
            decided_who=_who(ctx),
            decided_at=ctx.now,
            reason="" if confirm else reason.strip(),
        )
        .execution_options(synchronize_session=False)
    )
    await _step(ctx, [row.id for row in rows], state.value, "" if confirm else reason.strip())
    for row in rows:
        record(ctx, f"standard.{state}", _SUBJECT, row.id, node=str(row.node_id), item=row.item)
    if not confirm:
        await _tell(ctx, standard, rows)
    return len(rows)


def may_confirm(ctx: Context, level: str, known: Units, path: str) -> bool:
    """Whether the actor sits on the confirming level above the path, or higher up."""
    above = known.at_level(path, level)
    return above is not None and ctx.actor.may(StandardRight.CONFIRM, path=above.path)


async def note_missing(ctx: Context, standard: Standard, node_id: UUID, item: str) -> UUID:
    """The item of a place that a case can be reported out of: what it does not have."""
    site = await site_seen(ctx, standard, node_id)
    declared = item_of(standard, item)
    mark = (await marks_of(ctx, standard, site.id))[item]
    if mark.state is MarkState.CONFIRMED:
        raise Conflict("“{item}”已经认定，不缺。", item=declared.name)
    if mark.case_id is not None:
        raise Conflict(_REPORTED)
    if mark.id is not None:
        return mark.id
    begun = {item: {"state": MarkState.MISSING.value}}
    return (await _put(ctx, standard, site, begun, only=_OPEN))[item]


async def keep_case(ctx: Context, arisen: Arisen) -> None:
    """Link the case that was reported out of an item; the case engine calls in its transaction."""
    if arisen.about.kind != CASE_ABOUT:
        return
    mark_id = arisen.about.id
    if not await mark_seen(ctx, mark_id):
        raise NotFound
    linked = await ctx.session.scalar(
        update(StandardMark)
        .where(StandardMark.id == mark_id, StandardMark.case_id.is_(None))
        .values(case_id=arisen.case_id)
        .returning(StandardMark.id)
        .execution_options(synchronize_session=False)
    )
    if linked is None:
        raise Conflict(_REPORTED)
    await _step(ctx, [mark_id], "reported", "")
    record(ctx, "standard.reported", _SUBJECT, mark_id, case=str(arisen.case_id))


async def follow_redivision(ctx: Context, change: Redivision) -> None:
    """What a place has goes with its code; of merged places the others keep theirs as history."""
    first, heir = change.before[0], change.after[0]
    if change.kind is ChangeKind.MOVE or first.id == heir.id:
        return
    await ctx.session.execute(
        update(StandardMark)
        .where(StandardMark.node_id == first.id)
        .values(node_id=heir.id)
        .execution_options(synchronize_session=False)
    )


async def _site(ctx: Context, standard: Standard, node_id: UUID, right: StandardRight) -> Site:
    site = await site_seen(ctx, standard, node_id)
    if not ctx.actor.may(right, path=site.path):
        raise NotFound
    return site


def _who(ctx: Context) -> str:
    return ctx.actor.title or ctx.actor.name


async def _put(
    ctx: Context,
    standard: Standard,
    site: Site,
    said: Mapping[str, Mapping[str, Any]],
    *,
    only: ColumnElement[bool],
) -> dict[str, UUID]:
    """Write items of one place; the ids of their rows. Conflict if one is no more as ``only``."""
    rows = [
        {
            "tenant_id": ctx.tenant.id,
            "id": new_id(),
            "node_id": site.id,
            "standard": standard.code,
            "item": code,
            **columns,
        }
        for code, columns in said.items()
    ]
    put = upsert(StandardMark).values(rows)
    changed = {name: put.excluded[name] for name in next(iter(said.values()))}
    found = await ctx.session.execute(
        put.on_conflict_do_update(
            index_elements=["tenant_id", "node_id", "standard", "item"], set_=changed, where=only
        ).returning(StandardMark.item, StandardMark.id)
    )
    ids: dict[str, UUID] = {item: mark_id for item, mark_id in found}  # noqa: C416  (typed)
    if len(ids) < len(said):
        raise Conflict(_HANDLED)
    return ids


async def _step(ctx: Context, marks: Any, action: str, note: str) -> list[UUID]:
    rows: list[dict[str, Any]] = [
        {
            "tenant_id": ctx.tenant.id,
            "id": new_id(),
            "mark_id": mark_id,
            "at": ctx.now,
            "action": action,
            "note": note,
            "account_id": ctx.actor.account_id,
            "who": _who(ctx),
        }
        for mark_id in marks
    ]
    await ctx.session.execute(insert(StandardStep), rows)
    return [row["id"] for row in rows]


async def _tell(ctx: Context, standard: Standard, rows: Sequence[Any]) -> None:
    """Who showed it hears that it came back."""
    for row in rows:
        item = item_of(standard, row.item)
        await notify(
            ctx,
            [row.claimed_by],
            about=f"standard.returned:{row.id}:{ctx.now.isoformat()}",
            text=Sentence("{place}的“{item}”被退回，请补充依据。", place=row.name, item=item.name),
            link=f"/{ctx.tenant.slug}/standards/{row.node_id}/{row.item}?standard={standard.code}",
        )
