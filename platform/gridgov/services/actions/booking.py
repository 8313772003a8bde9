"""Visits at home: booked by residents or for them, moved, cancelled, made."""

import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from gridgov.audit.actions import record, record_reveal
from gridgov.cases.rules.fields import check_texts
from gridgov.context import Context
from gridgov.grid.models import GridNode
from gridgov.grid.queries.places import hold_still
from gridgov.grid.types import ChangeKind, Redivision
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.kernel.ids import new_id
from gridgov.kernel.sentences import Sentence
from gridgov.notices.actions import notify
from gridgov.services.models import Appointment, PlaceCode
from gridgov.services.queries.booking import TABLE, own_visit, visit_of, visits_seen_by
from gridgov.services.queries.catalogue import check_item
from gridgov.services.rules.booking import check_day
from gridgov.services.types import Booked, Doorstep, Half, Made, ServiceRight, Visit
from gridgov.staff.queries import holders_at

_LIMITS: Final = {"building": 40, "door": 30, "name": 30, "phone": 20, "note": 200}
_TAIL: Final = 4
_PIN_DIGITS: Final = 6
_CODE_DIGITS: Final = 6
_DRAWN: Final = 8


async def book_visit(
    ctx: Context,
    *,
    node_id: UUID,
    day: date,
    half: Half,
    texts: dict[str, str],
    item_id: UUID | None = None,
    by_resident: bool = False,
) -> Made:
    """Book a visit. ``texts``: building, door, name, phone, note; all but building are sealed.

    A resident leaves a phone number; for who has none staff books, and a PIN opens it.
    """
    given = check_texts(texts, _LIMITS)
    digits = "".join(sign for sign in given["phone"] if sign.isdigit())
    _check(ctx, given, digits, day=day, half=half, by_resident=by_resident)
    await check_item(ctx, item_id)
    await hold_still(ctx)
    node = (
        await ctx.session.execute(
            select(GridNode.id, GridNode.path, GridNode.name)
            .where(GridNode.id == node_id, GridNode.valid_to.is_(None))
            .with_for_update(key_share=True)  # one after the other, or two take the last place
        )
    ).one_or_none()
    if node is None or not (by_resident or ctx.actor.may(ServiceRight.BOOK, path=node.path)):
        raise NotFound
    await _check_room(ctx, node_id, day, half)
    index = ctx.vault.blind("phone", digits) if digits else None
    if index is not None and by_resident:
        await _check_phone(ctx, index)
    row_id = new_id()
    pin = "" if digits else f"{secrets.randbelow(10**_PIN_DIGITS):0{_PIN_DIGITS}d}"

    def seal(field: str) -> bytes | None:
        return ctx.vault.seal(TABLE, row_id, field, given[field]) if given[field] else None

    values = {
        "id": row_id,
        "node_id": node.id,
        "node_path": node.path,
        "building": given["building"],
        "day": day,
        "half": half,
        "item_id": item_id,
        "state": Booked.BOOKED,
        "origin": "resident" if by_resident else "staff",
        "name": seal("name"),
        "phone": seal("phone"),
        "door": seal("door"),
        "note": seal("note"),
        "phone_index": index,
        "phone_tail": tail_of(ctx, row_id, digits[-_TAIL:]) if digits else None,
        "pin": pin_of(ctx, row_id, pin) if pin else None,
        "made_by": ctx.actor.account_id,
        "made_at": ctx.now,
    }
    code = await _insert(ctx, day, values)
    record(ctx, "service.booked", "appointment", row_id, day=day.isoformat())
    if by_resident:
        said = Sentence("有居民约了上门：{place}", place=node.name)
        await _tell(ctx, node.path, said, visit_id=row_id, day=day)
    return Made(row_id, code, pin)


async def _insert(ctx: Context, day: date, values: dict[str, Any]) -> str:
    """Kept under a code with its day and digits that cannot be guessed: others if they are taken.

    Also by somebody who books at the same moment: the insert waits for the other one.
    """
    for _ in range(_DRAWN):
        code = f"Y{day:%y%m%d}{secrets.randbelow(10**_CODE_DIGITS):0{_CODE_DIGITS}d}"
        kept = await ctx.session.scalar(
            insert(Appointment)
            .values(tenant_id=ctx.tenant.id, code=code, **values)
            .on_conflict_do_nothing(index_elements=["tenant_id", "code"])
            .returning(Appointment.id)
        )
        if kept is not None:
            return code
    raise Conflict("这一天的预约编号快用完了，请另选一天。")


def _check(
    ctx: Context, given: dict[str, str], digits: str, *, day: date, half: Half, by_resident: bool
) -> None:
    faults: dict[str, str] = {}
    try:
        _check_day(ctx, day, half)
    except Invalid as fault:
        faults |= fault.fields
    if not given["building"]:
        faults["building"] = "请写明哪一栋、哪个组，好安排上门的路线。"
    if by_resident and not digits:
        faults["phone"] = "请留一个能打通的电话，上门前要联系您。"
    elif given["phone"] and len(digits) <= _TAIL:
        faults["phone"] = "请填写完整的电话号码。"
    if faults:
        raise Invalid(fields=faults)


def _check_day(ctx: Context, day: date, half: Half) -> None:
    ahead = int(ctx.setting("booking_days_ahead"))
    check_day(day, half, local=ctx.tenant.local(ctx.now), ahead=ahead)


async def _check_room(ctx: Context, node_id: UUID, day: date, half: Half) -> None:
    most = int(ctx.setting("bookings_half_day"))
    there = await ctx.session.scalar(
        select(func.count()).where(
            Appointment.node_id == node_id,
            Appointment.day == day,
            Appointment.half == half,
            Appointment.state == Booked.BOOKED,
        )
    )
    if (there or 0) >= most:
        raise Invalid(fields={"day": "这半天已经约满了，请另选一个时间。"})


async def _check_phone(ctx: Context, index: bytes) -> None:
    most = int(ctx.setting("bookings_per_phone"))
    there = await ctx.session.scalar(
        select(func.count()).where(
            Appointment.phone_index == index,
            Appointment.state == Booked.BOOKED,
            Appointment.day >= ctx.today,
        )
    )
    if (there or 0) >= most:
        raise Invalid(
            fields={"phone": "这个电话已经约了 {n} 次还没有上门，请先取消或等上门以后再约。"},
            n=most,
        )


def tail_of(ctx: Context, visit_id: UUID, tail: str) -> bytes:
    """What is kept of the last four digits of a phone number: of use for this visit only."""
    return ctx.vault.blind("visit_tail", f"{visit_id}:{tail}")


def pin_of(ctx: Context, visit_id: UUID, pin: str) -> bytes:
    """What is kept of a PIN."""
    return ctx.vault.blind("visit_pin", f"{visit_id}:{pin}")


async def move_visit(
    ctx: Context, visit_id: UUID, *, day: date, half: Half, own: bool = False
) -> None:
    """To another half day. ``own``: by who booked it, whose ticket was asked for before."""
    visit = await _booked(ctx, visit_id, own=own)
    _check_day(ctx, day, half)
    if (visit.day, visit.half) == (day, half):
        raise Invalid(fields={"day": "本来就约在这半天。"})
    node_id = await ctx.session.scalar(
        select(Appointment.node_id).where(Appointment.id == visit_id)
    )
    await ctx.session.execute(
        select(GridNode.id).where(GridNode.id == node_id).with_for_update(key_share=True)
    )
    if node_id is not None:
        await _check_room(ctx, node_id, day, half)
    await ctx.session.execute(
        update(Appointment)
        .where(Appointment.id == visit_id)
        .values(day=day, half=half, moved=Appointment.moved + 1)
        .execution_options(synchronize_session=False)
    )
    record(ctx, "service.visit_moved", "appointment", visit_id, day=day.isoformat())
    if own:
        said = Sentence("居民改了上门的时间：{code}", code=visit.code)
        await _tell(ctx, visit.node_path, said, visit_id=visit_id, day=day)


async def end_visit(ctx: Context, visit_id: UUID, how: Booked, *, own: bool = False) -> None:
    """Made, nobody met, or cancelled; who booked it can only cancel."""
    if how is Booked.BOOKED or (own and how is not Booked.CANCELLED):
        raise NotFound
    visit = await _booked(ctx, visit_id, own=own)
    if how is not Booked.CANCELLED and visit.day > ctx.today:
        raise Conflict("还没有到约好的那一天。")
    await ctx.session.execute(
        update(Appointment)
        .where(Appointment.id == visit_id)
        .values(state=how, ended_at=ctx.now, ended_by=ctx.actor.account_id)
        .execution_options(synchronize_session=False)
    )
    record(ctx, f"service.visit_{how}", "appointment", visit_id)
    if own:
        said = Sentence("居民取消了上门：{code}", code=visit.code)
        await _tell(ctx, visit.node_path, said, visit_id=visit_id, day=visit.day)


async def _booked(ctx: Context, visit_id: UUID, *, own: bool) -> Visit:
    visit = await (own_visit if own else visit_of)(ctx, visit_id)
    if visit is None:
        raise NotFound
    if visit.state != Booked.BOOKED:
        raise Conflict("这次预约已经结束了。")
    return visit


async def reveal_visits(ctx: Context, ids: Sequence[UUID], *, purpose: str) -> dict[UUID, Doorstep]:
    """Doors, names and phones of the visits of one walk: for a reason, each written down."""
    why = check_texts({"purpose": purpose}, {"purpose": 200})["purpose"]
    if not why:
        raise Invalid(fields={"words": "请写明为什么要看。"})
    found = await ctx.session.execute(
        select(
            Appointment.id,
            Appointment.name,
            Appointment.phone,
            Appointment.door,
            Appointment.note,
        ).where(Appointment.id.in_(ids), visits_seen_by(ctx.actor))
    )
    shown: dict[UUID, Doorstep] = {}
    for row in found:
        sealed = {
            name: value
            for name in ("name", "phone", "door", "note")
            if (value := getattr(row, name)) is not None
        }
        record_reveal(ctx, "appointment", row.id, fields=sorted(sealed), purpose=why)
        shown[row.id] = Doorstep(
            **{name: ctx.vault.open(TABLE, row.id, name, value) for name, value in sealed.items()}
        )
    if len(shown) != len(set(ids)):
        raise NotFound
    return shown


async def _tell(ctx: Context, path: str, text: str, *, visit_id: UUID, day: date) -> None:
    """Whoever serves the place, without a word about who booked."""
    accounts = [one.account_id for one in await holders_at(ctx, path) if one.account_id]
    if accounts:
        await notify(
            ctx,
            accounts,
            about=f"service.visit:{visit_id}:{new_id()}",
            text=text,
            link=f"/{ctx.tenant.slug}/bookings?day={day.isoformat()}",
        )


async def follow_redivision(ctx: Context, change: Redivision) -> None:
    """What is booked and what hangs on a node that ended goes on where its code stays."""
    if change.kind is ChangeKind.MOVE:
        return  # the same node; its path is rewritten with it
    heir = change.after[0]
    for model in (Appointment, PlaceCode):
        await ctx.session.execute(
            update(model)
            .where(model.node_id.in_([node.id for node in change.before]))
            .values(node_id=heir.id, node_path=heir.path)
            .execution_options(synchronize_session=False)
        )
