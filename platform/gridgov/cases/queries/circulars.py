"""What a supervision circular tells of: the matters of a period, and the circulars as issued."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, false, func, or_, select

from gridgov.cases.models import Case, CaseStep, Circular, CircularLine
from gridgov.cases.queries.ledgers import codes_by_effect
from gridgov.cases.queries.seeing import seen
from gridgov.cases.queries.units import Unit, Units, units
from gridgov.cases.queries.worklist import PAGE, departments_of
from gridgov.cases.rules.lights import light_of
from gridgov.cases.types import CaseRight, Light
from gridgov.context import Context
from gridgov.contract.actor import Actor
from gridgov.contract.declarations import Level
from gridgov.kernel.db import within
from gridgov.kernel.joins import tied
from gridgov.kernel.paging import after, cut, decode
from gridgov.kernel.sentences import N_, Sentence, joined

CIRCULARS: Final = N_("督办事项通报")
"""What they are called where a county has no word of its own for them."""
MOST: Final = 200
"""Matters in one circular: what is longer nobody reads."""


@dataclass(frozen=True, slots=True)
class Matter:
    """A matter under supervision, or struck off in the period, as it stands now."""

    case_id: UUID
    code: str
    title: str
    town: str
    place: str
    unit: str
    state: str
    light: Light
    due_at: datetime
    supervised_at: datetime
    reason: str
    struck_off_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Line(Matter):
    """A matter as it was when the circular was issued, and what is asked."""

    asked: str = ""


@dataclass(frozen=True, slots=True)
class Issued:
    """A circular as the list and its page show it."""

    id: UUID
    year: int
    number: int
    node_path: str
    place: str
    first: date
    last: date
    opening: str
    demand: str
    answer_by: date
    issued_at: datetime
    issued_by: str


def circulars_seen_by(actor: Actor) -> Select[Any]:
    """Whoever oversees all of the place that it was issued for, and whom a line of it concerns."""
    wholly = [
        within(Circular.node_path, scope.path)
        for scope in actor.scopes(CaseRight.OVERVIEW)
        if not scope.departments and not scope.categories
    ]
    concerned = exists().where(
        tied(CircularLine.circular_id, Circular.id),
        tied(Case.id, CircularLine.case_id),
        seen(actor),
    )
    return select(Circular).where(or_(concerned, *wholly))


_ISSUED: Final = tuple(getattr(Circular, field.name) for field in fields(Issued))
_LINE: Final = tuple(getattr(CircularLine, field.name) for field in fields(Line))


async def circulars(ctx: Context, cursor: str = "") -> tuple[list[Issued], str]:
    """A page of circulars, the newest first."""
    start = decode(cursor, "du")
    order: tuple[Any, ...] = (Circular.issued_at, Circular.id)
    found = circulars_seen_by(ctx.actor).with_only_columns(*_ISSUED)
    page = after(found, order, start, descending=True).limit(PAGE + 1)
    rows = [Issued(*row) for row in await ctx.session.execute(page)]
    return cut(rows, PAGE, lambda last: (last.issued_at, last.id))


async def circular(ctx: Context, circular_id: UUID) -> tuple[Issued, list[Line], int] | None:
    """One circular, its lines that the actor may see, and how many it has; None if it has none."""
    found = circulars_seen_by(ctx.actor).with_only_columns(*_ISSUED)
    row = (await ctx.session.execute(found.where(Circular.id == circular_id))).one_or_none()
    if row is None:
        return None
    lines = await ctx.session.execute(
        select(*_LINE)
        .join(Case, tied(Case.id, CircularLine.case_id))
        .where(CircularLine.circular_id == circular_id, seen(ctx.actor))
        .order_by(CircularLine.town, CircularLine.code)
    )
    told = [_line(line) for line in lines]
    every = select(func.count()).where(CircularLine.circular_id == circular_id)
    return Issued(*row), told, await ctx.session.scalar(every) or 0


def _line(row: Any) -> Line:
    line = Line(*row)
    return replace(line, light=Light(line.light))


async def matters(ctx: Context, first: date, last: date) -> list[Matter]:
    """What is under supervision by the actor, and what was struck off in the period. By town.

    The :data:`MOST` that something was last done about, and one more if there are more.
    """
    begin, end = ctx.tenant.midnight(first), ctx.tenant.midnight(last + timedelta(days=1))
    put, struck = (codes_by_effect(ctx, effect) for effect in ("supervise", "strike_off"))
    found = await ctx.session.execute(
        select(*_COLUMNS)
        .join(Case, tied(Case.id, CaseStep.case_id))
        .where(
            CaseStep.action.in_([*put, *struck]),
            CaseStep.at < end,
            seen(ctx.actor, CaseRight.SUPERVISE),
            or_(Case.supervised.is_(True), _struck_off(list(struck), begin, end)),
        )
        .order_by(CaseStep.at.desc(), CaseStep.id.desc())
        .limit(MOST * 4)
    )
    newest: dict[UUID, dict[str, Any]] = {}
    for row in reversed(found.all()):
        kept = newest.setdefault(row.id, {"row": row, "struck": None})
        if row.action in put:
            kept |= {"row": row, "struck": None}
        else:
            kept["struck"] = row.at
    told = sorted(newest.values(), key=lambda one: one["struck"] or one["row"].at)[-MOST - 1 :]
    known = await units(ctx, [one["row"].node_path for one in told])
    hands = await departments_of(ctx, [one["row"].id for one in told])
    made = [_matter(ctx, one["row"], one["struck"], known, hands) for one in told]
    return sorted(made, key=lambda matter: (matter.town, matter.code))


def _struck_off(actions: Sequence[str], begin: datetime, end: datetime) -> ColumnElement[bool]:
    if not actions:
        return false()
    return Case.id.in_(
        select(CaseStep.case_id).where(
            CaseStep.action.in_(actions), CaseStep.at >= begin, CaseStep.at < end
        )
    )


_COLUMNS: Final = (
    Case.id,
    Case.code,
    Case.title,
    Case.kind,
    Case.kind_version,
    Case.state,
    Case.ends,
    Case.node_path,
    Case.level,
    Case.place,
    Case.due_at,
    Case.yellow_at,
    Case.paused_at,
    CaseStep.action,
    CaseStep.at,
    CaseStep.note,
)


def _matter(ctx: Context, row: Any, struck: datetime | None, *found: Any) -> Matter:
    known: Units = found[0]
    hands: dict[UUID, list[str]] = found[1]
    kind = ctx.policy.kinds[(row.kind, row.kind_version)]
    state = next((one.name for one in kind.states if one.code == row.state), row.state)
    light = light_of(
        row.due_at,
        row.yellow_at,
        paused=row.paused_at is not None,
        ended=bool(row.ends),
        now=ctx.now,
    )
    town = _town(ctx, known, row.node_path)
    return Matter(
        case_id=row.id,
        code=row.code,
        title=row.title,
        town=town.name if town else "",
        place=row.place,
        unit=joined(hands[row.id]) or _desk(ctx, known.at_level(row.node_path, row.level)),
        state=state,
        light=light,
        due_at=row.due_at,
        supervised_at=row.at,
        reason=row.note,
        struck_off_at=struck,
    )


def town_level(ctx: Context) -> Level | None:
    """The highest level below the root that has a desk: by its units a circular counts."""
    desks = [level for level in ctx.policy.county.levels if level.desk]
    return desks[1] if len(desks) > 1 else None


def circular_title(ctx: Context, year: int, number: int) -> str:
    """Under the county's name for such circulars."""
    name = ctx.policy.called("circulars", CIRCULARS)
    return Sentence("{name}〔{year}〕第 {n} 期", name=name, year=year, n=number)


def _town(ctx: Context, known: Units, path: str) -> Unit | None:
    level = town_level(ctx)
    return known.at_level(path, level.code) if level else None


def _desk(ctx: Context, unit: Unit | None) -> str:
    declared = ctx.policy.levels.get(unit.level) if unit else None
    return f"{unit.name}{declared.desk}" if unit and declared else ""
