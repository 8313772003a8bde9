"""Issuing a supervision circular: as it stands it is kept, and the units are told."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, insert, select

from gridgov.audit.actions import record
from gridgov.cases.actions.telling import answering
from gridgov.cases.models import Circular, CircularLine
from gridgov.cases.queries.circulars import MOST, circular_title, matters
from gridgov.cases.queries.holders import holders_of
from gridgov.cases.queries.situations import situations
from gridgov.cases.queries.units import top_of, units
from gridgov.cases.types import CaseRight
from gridgov.context import Context, tell_rooms
from gridgov.kernel.errors import Invalid
from gridgov.kernel.ids import new_id
from gridgov.kernel.joins import tied
from gridgov.kernel.outbox import Event
from gridgov.kernel.sentences import Sentence
from gridgov.notices.actions import notify
from gridgov.tenants.models import TenantRecord

ISSUED: Final = "circular.issued"
LONGEST_ASK: Final = 200


async def issue_circular(
    ctx: Context,
    *,
    first: date,
    last: date,
    demand: str,
    answer_by: date,
    opening: str = "",
    asks: Mapping[UUID, str] | None = None,
) -> UUID:
    """Keep the matters of the period as they stand, under the next number of the year.

    ``asks`` is what is asked in each matter; where nothing is, the reason of the supervision
    stands. Invalid with every fault, and if there is nothing to tell of.
    """
    faults: dict[str, str] = {}
    if last < first:
        faults["last"] = "截止的日子不能早于开始的日子。"
    if last > ctx.today:
        faults["last"] = "还没到这一天，通报到今天为止。"
    if not demand.strip():
        faults["demand"] = "请写明要求。"
    if answer_by < ctx.today:
        faults["answer_by"] = "反馈的期限不能早于今天。"
    if faults:
        raise Invalid(fields=faults)
    told = await matters(ctx, first, last)
    if not told:
        raise Invalid("这段时间没有督办的事项，不用通报。")
    path = top_of(ctx.actor, CaseRight.SUPERVISE)
    known = await units(ctx, [path])
    place = known.by_path.get(path)
    circular, year = new_id(), ctx.today.year
    number = await _next_number(ctx, year)
    mine: dict[str, Any] = {"tenant_id": ctx.tenant.id}
    await ctx.session.execute(
        insert(Circular).values(
            **mine,
            id=circular,
            year=year,
            number=number,
            node_path=path,
            place=place.name if place else ctx.tenant.name,
            first=first,
            last=last,
            opening=opening.strip(),
            demand=demand.strip(),
            answer_by=answer_by,
            issued_at=ctx.now,
            issued_by=ctx.actor.title or ctx.actor.name,
        )
    )
    await ctx.session.execute(
        insert(CircularLine),
        [
            mine
            | {
                "id": new_id(),
                "circular_id": circular,
                "case_id": one.case_id,
                "code": one.code,
                "title": one.title,
                "town": one.town,
                "place": one.place,
                "unit": str(one.unit),
                "state": str(one.state),
                "light": one.light,
                "due_at": one.due_at,
                "supervised_at": one.supervised_at,
                "reason": one.reason,
                "struck_off_at": one.struck_off_at,
                "asked": (asks or {}).get(one.case_id, one.reason)[:LONGEST_ASK].strip(),
            }
            for one in told[:MOST]
        ],
    )
    record(ctx, ISSUED, "circular", circular, number=number, rows=len(told[:MOST]))
    await tell_rooms(ctx, ISSUED, circular)
    return circular


async def _next_number(ctx: Context, year: int) -> int:
    """The next of the year; whoever issues one at the same time waits."""
    await ctx.session.execute(
        select(TenantRecord.id).where(TenantRecord.id == ctx.tenant.id).with_for_update()
    )
    last = await ctx.session.scalar(select(func.max(Circular.number)).where(Circular.year == year))
    return (last or 0) + 1


async def tell_of_circular(ctx: Context, event: Event) -> None:
    """Who holds a matter of it, and who answers at its place, is told once.

    In as many statements for two hundred matters as for one.
    """
    found = await ctx.session.execute(
        select(Circular.year, Circular.number, CircularLine.case_id)
        .join(CircularLine, tied(CircularLine.circular_id, Circular.id))
        .where(Circular.id == event.subject)
    )
    rows = found.all()
    told = await situations(ctx, [row.case_id for row in rows])
    accounts = await holders_of(ctx, told)
    accounts |= await answering(ctx, *(one.head.desk_path for one in told))
    title = circular_title(ctx, rows[0].year, rows[0].number)
    await notify(
        ctx,
        accounts - ({event.actor} if event.actor else set()),
        about=f"{ISSUED}:{event.subject}",
        text=Sentence("{what}提到您手上的事，请看要求", what=title),
        link=f"/{ctx.tenant.slug}/circulars/{event.subject}",
        urgent=True,
    )
