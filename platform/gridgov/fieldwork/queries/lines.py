"""Which lines of ledgers? Whatever is shown of them begins with ``lines_seen_by``."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from gridgov.cases.models import Case
from gridgov.cases.queries.seeing import seen
from gridgov.compliance.queries import is_on
from gridgov.context import Context
from gridgov.contract.actor import Actor
from gridgov.contract.compliance import Switch
from gridgov.contract.fieldwork import LedgerKind
from gridgov.fieldwork.models import LedgerCase, LedgerLine, TargetCase
from gridgov.fieldwork.queries.searching import holding
from gridgov.fieldwork.types import FieldRight, LineRow
from gridgov.kernel.db import within
from gridgov.kernel.errors import NotFound
from gridgov.kernel.joins import tied
from gridgov.kernel.paging import Cursor, Rows, after
from gridgov.kernel.ready import one_of

PAGE: Final = 30
MOST_AHEAD: Final = 100

COLUMNS: Final[tuple[InstrumentedAttribute[Any], ...]] = (
    LedgerLine.id,
    LedgerLine.ledger,
    LedgerLine.node_id,
    LedgerLine.node_path,
    LedgerLine.building_id,
    LedgerLine.account_id,
    LedgerLine.who,
    LedgerLine.at,
    LedgerLine.device_at,
    LedgerLine.began_at,
    LedgerLine.ended_at,
    LedgerLine.said,
    LedgerLine.sealed,
    LedgerLine.item,
    LedgerLine.count,
    LedgerLine.private,
    LedgerLine.from_id,
    LedgerLine.answer,
    LedgerLine.answered_by,
    LedgerLine.answered_at,
    LedgerLine.expires_on,
)
"""What a :class:`LineRow` is made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFilter:
    """What a list is narrowed to. ``open`` leaves out what was answered; ``text`` is looked for."""

    ledger: str = ""
    text: str = ""
    path: str = ""
    mine: bool = False
    open: bool = False
    item: str = ""
    since: date | None = None
    until: date | None = None


def lines_seen_by(
    actor: Actor, right: FieldRight = FieldRight.READ, *, withheld: Collection[str]
) -> Rows:
    """The lines that the actor may see: their own, and where they hold the right the public ones.

    A private line is its author's and nobody else's, whatever rights anybody holds; so is a line
    of a ledger that is withheld (:func:`ledgers_withheld`).
    """
    return select(*COLUMNS).where(_seen(actor, right, withheld))


async def ledgers_withheld(ctx: Context) -> frozenset[str]:
    """The ledgers of a daily plan: nobody but the author sees or counts them.

    A list of who walked when is a check-in by another name. It takes the switch for that
    (国办函〔2026〕12号; :mod:`gridgov.contract.compliance`); what was found becomes cases anyway.
    """
    planned = frozenset(one.code for one in ctx.policy.county.ledgers if one.daily)
    return frozenset() if planned and await is_on(ctx, Switch.DAILY_OK) else planned


async def _lines(ctx: Context, right: FieldRight = FieldRight.READ) -> Rows:
    return lines_seen_by(ctx.actor, right, withheld=await ledgers_withheld(ctx))


def _seen(actor: Actor, right: FieldRight, withheld: Collection[str]) -> ColumnElement[bool]:
    places = [within(LedgerLine.node_path, scope.path) for scope in actor.scopes(right)]
    ways: list[ColumnElement[bool]] = []
    if places:
        shared = and_(LedgerLine.private.is_(False), LedgerLine.ledger.not_in(sorted(withheld)))
        ways.append(and_(or_(*places), shared))
    if actor.account_id is not None and right is FieldRight.READ:
        ways.append(LedgerLine.account_id == actor.account_id)
    return or_(*ways) if ways else LedgerLine.id.is_(None)


async def line_seen(ctx: Context, line_id: UUID, right: FieldRight = FieldRight.READ) -> LineRow:
    """The line, if the actor may see it."""
    row = (
        await ctx.session.execute((await _lines(ctx, right)).where(LedgerLine.id == line_id))
    ).one_or_none()
    if row is None:
        raise NotFound
    return LineRow(*row)


async def own_line(ctx: Context, line_id: UUID) -> LineRow:
    """A line that the actor wrote; NotFound for anybody else's."""
    found = await line_seen(ctx, line_id)
    if found.account_id != ctx.actor.account_id:
        raise NotFound
    return found


async def narrowed(ctx: Context, found: Rows, wanted: LineFilter) -> Rows:
    """The lines of a filter."""
    conditions: list[ColumnElement[bool]] = [within(LedgerLine.node_path, wanted.path)]
    if wanted.ledger:
        conditions.append(LedgerLine.ledger == wanted.ledger)
    if wanted.mine:
        conditions.append(LedgerLine.account_id == ctx.actor.account_id)
    if wanted.open:
        conditions.append(LedgerLine.answered_at.is_(None))
    if wanted.item:
        conditions.append(LedgerLine.item == wanted.item)
    if wanted.since:
        conditions.append(LedgerLine.at >= ctx.tenant.midnight(wanted.since))
    if wanted.until:
        conditions.append(LedgerLine.at < ctx.tenant.midnight(wanted.until + timedelta(days=1)))
    return await holding(ctx, found.where(*conditions), wanted.text)


async def lines(
    ctx: Context,
    wanted: LineFilter,
    *,
    withheld: Collection[str] | None = None,
    cursor: Cursor | None = None,
    limit: int = PAGE,
) -> list[LineRow]:
    """One page, the newest first, and one row more if there is a next page.

    ``withheld``: what :func:`ledgers_withheld` says, where it is known already.
    """
    if withheld is None:
        withheld = await ledgers_withheld(ctx)
    found = await narrowed(ctx, lines_seen_by(ctx.actor, withheld=withheld), wanted)
    page = after(found, (LedgerLine.id,), cursor, descending=True).limit(limit + 1)
    return [LineRow(*row) for row in await ctx.session.execute(page)]


async def lines_of_today(ctx: Context) -> list[LineRow]:
    """The actor's own lines of today, and the patrols that still run."""
    found = select(*COLUMNS).where(
        LedgerLine.account_id == ctx.actor.account_id,
        or_(
            LedgerLine.at >= ctx.tenant.midnight(ctx.today),
            and_(LedgerLine.began_at.is_not(None), LedgerLine.ended_at.is_(None)),
        ),
    )
    rows = await ctx.session.execute(found.order_by(LedgerLine.id.desc()).limit(100))
    return [LineRow(*row) for row in rows]


async def exportable_lines(ctx: Context, wanted: LineFilter, *, most: int) -> list[LineRow]:
    """What may be taken along where the actor holds that right, one row more than the cap."""
    found = await narrowed(ctx, await _lines(ctx, FieldRight.EXPORT), wanted)
    rows = await ctx.session.execute(found.order_by(LedgerLine.id.desc()).limit(most + 1))
    return [LineRow(*row) for row in rows]


async def count_lines(ctx: Context, wanted: LineFilter, *, most: int) -> int:
    """How many that would be, counted up to one more than the cap."""
    found = await narrowed(ctx, await _lines(ctx, FieldRight.EXPORT), wanted)
    capped = found.with_only_columns(LedgerLine.id).limit(most + 1).subquery()
    return await ctx.session.scalar(select(func.count()).select_from(capped)) or 0


@dataclass(frozen=True, slots=True)
class CaseOf:
    """A case that arose, as a line of its origin names it. ``seen``: the actor may open it."""

    origin: UUID
    id: UUID
    code: str
    ended: bool
    seen: bool


async def cases_of_lines(ctx: Context, line_ids: Iterable[UUID]) -> dict[UUID, list[CaseOf]]:
    """The cases that arose from these lines, those too of which one sees no more than a number."""
    return await cases_arisen(ctx, LedgerCase, LedgerCase.line_id, line_ids)


async def cases_arisen(
    ctx: Context,
    link: type[LedgerCase | TargetCase],
    origin: InstrumentedAttribute[UUID],
    ids: Iterable[UUID],
) -> dict[UUID, list[CaseOf]]:
    """The cases that arose from these, as ``link`` keeps them."""
    found: dict[UUID, list[CaseOf]] = {one: [] for one in ids}
    if not found:
        return found
    rows = await ctx.session.execute(
        select(origin, Case.id, Case.code, Case.ends != "", seen(ctx.actor))
        .join(Case, tied(Case.id, link.case_id))
        .where(one_of(origin, list(found)))
        .order_by(Case.id)
    )
    for row in rows:
        one = CaseOf(*row)
        found[one.origin].append(one)
    return found


async def made_of(ctx: Context, line_id: UUID) -> Sequence[LineRow]:
    """The lines that were made of this one and that the actor may see."""
    found = (await _lines(ctx)).where(LedgerLine.from_id == line_id)
    return [LineRow(*row) for row in await ctx.session.execute(found.order_by(LedgerLine.id))]


async def tallied(ctx: Context, path: str, since: datetime) -> list[tuple[LedgerKind, int]]:
    """How many lines there are below a place, ledger by ledger: no private ones, none withheld."""
    withheld = await ledgers_withheld(ctx)
    ledgers = ctx.policy.county.ledgers
    told = [one for one in ledgers if not one.private and one.code not in withheld]
    rows = await ctx.session.execute(
        select(LedgerLine.ledger, func.count())
        .where(
            _seen(ctx.actor, FieldRight.READ, withheld),
            within(LedgerLine.node_path, path),
            LedgerLine.at >= since,
            LedgerLine.private.is_(False),
            one_of(LedgerLine.ledger, [one.code for one in told]),
        )
        .group_by(LedgerLine.ledger)
    )
    counts = {ledger: count for ledger, count in rows}  # noqa: C416  (typed)
    return [(one, counts.get(one.code, 0)) for one in told]


async def days_ahead(ctx: Context, path: str, account_id: UUID) -> list[tuple[UUID, str, date]]:
    """Days that somebody wrote into lines of a unit and that are still to come, whoever asks.

    Each with its line and what the county calls the field (约好下次联系).
    """
    marked = [
        (ledger.code, field)
        for ledger in ctx.policy.county.ledgers
        for field in ledger.fields
        if field.kind == "date" and not ledger.private
    ]
    found: list[tuple[UUID, str, date]] = []
    for ledger, field in marked:
        day = LedgerLine.said[field.code].astext
        rows = await ctx.session.execute(
            select(LedgerLine.id, day)
            .where(
                LedgerLine.ledger == ledger,
                LedgerLine.account_id == account_id,
                within(LedgerLine.node_path, path),
                day >= ctx.today.isoformat(),
            )
            .order_by(day)
            .limit(MOST_AHEAD)
        )
        found += [(row[0], field.label, date.fromisoformat(row[1])) for row in rows]
    return found
