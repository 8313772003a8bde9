"""All of a case that decides what may be done next, read in one statement, at one moment."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Text, cast, func, select
from sqlalchemy.orm import aliased

from gridgov.cases.models import (
    Case,
    CaseAssignment,
    CaseClock,
    CasePause,
    CaseReporter,
    CaseRequest,
)
from gridgov.cases.queries.seeing import seen
from gridgov.cases.types import Asked, Head, Part, Pause, Running, Situation, Teller
from gridgov.context import Context
from gridgov.kernel.db import TenantRow
from gridgov.kernel.errors import NotFound

HEAD = tuple(getattr(Case, field.name) for field in fields(Head))
_MAIN = aliased(Case)


def _rows_of(model: type[TenantRow], columns: Mapping[str, Any]) -> ColumnElement[str]:
    """The case's rows of another table as one JSON text, oldest first."""
    pairs = [part for name, column in columns.items() for part in (name, column)]
    case_id: Any = getattr(model, "case_id")  # noqa: B009  (every one of them has it)
    rows = (
        select(cast(func.jsonb_agg(func.jsonb_build_object(*pairs)), Text))
        .where(model.tenant_id == Case.tenant_id, case_id == Case.id)
        .correlate(Case)
    )
    return func.coalesce(rows.scalar_subquery(), "[]")


def _columns(model: Any, shape: type) -> dict[str, Any]:
    return {field.name: getattr(model, field.name) for field in fields(shape)}


_TELLER = {
    "id": CaseReporter.id,
    "account_id": CaseReporter.account_id,
    "rated": CaseReporter.rated_at.is_not(None),
}

_SITUATION = select(
    *HEAD,
    _rows_of(CaseAssignment, _columns(CaseAssignment, Part)).label("parts"),
    _rows_of(CaseClock, _columns(CaseClock, Running)).label("clocks"),
    _rows_of(CasePause, _columns(CasePause, Pause)).label("pauses"),
    _rows_of(CaseRequest, _columns(CaseRequest, Asked)).label("requests"),
    _rows_of(CaseReporter, _TELLER).label("tellers"),
    func.coalesce(
        select(_MAIN.ends)
        .where(_MAIN.tenant_id == Case.tenant_id, _MAIN.id == Case.merged_into)
        .correlate(Case)
        .scalar_subquery(),
        "",
    ).label("main_ends"),
)


async def situation_of(ctx: Context, case_id: UUID, *, teller: UUID | None = None) -> Situation:
    """The case, if the actor may see it; with ``teller``, if that reporter reported it."""
    mine = _told_by(teller) if teller is not None else seen(ctx.actor)
    return await _one(ctx, _SITUATION.where(Case.id == case_id, mine))


async def situation_anyway(ctx: Context, case_id: UUID) -> Situation:
    """The case whoever asks: for jobs and for effects that touch a second case."""
    return await _one(ctx, _SITUATION.where(Case.id == case_id))


async def situations_locked(ctx: Context, case_ids: Sequence[UUID]) -> list[Situation]:
    """These cases with their rows locked against changes, in the order of their ids."""
    locked = select(Case.id).where(Case.id.in_(case_ids)).order_by(Case.id).with_for_update()
    await ctx.session.execute(locked)
    found = await ctx.session.execute(_SITUATION.where(Case.id.in_(case_ids)).order_by(Case.id))
    return [_situation(row) for row in found]


async def _one(ctx: Context, statement: Any) -> Situation:
    row = (await ctx.session.execute(statement)).one_or_none()
    if row is None:
        raise NotFound
    return _situation(row)


def _situation(row: Any) -> Situation:
    count = len(HEAD)
    parts, clocks, pauses, requests, tellers, main_ends = row[count:]
    return Situation(
        head=Head(*row[:count]),
        parts=_read(parts, Part, "offered_at"),
        clocks=_read(clocks, Running, "started_at"),
        pauses=_read(pauses, Pause, "started_at"),
        requests=_read(requests, Asked, "asked_at"),
        tellers=msgspec.json.decode(tellers, type=tuple[Teller, ...]),
        main_ends=main_ends,
    )


def _read(text: str, shape: Any, order: str) -> Any:
    rows = msgspec.json.decode(text, type=list[shape])
    return tuple(sorted(rows, key=lambda row: (getattr(row, order), row.id)))


def _told_by(teller: UUID) -> ColumnElement[bool]:
    return (
        select(CaseReporter.id)
        .where(
            CaseReporter.tenant_id == Case.tenant_id,
            CaseReporter.case_id == Case.id,
            CaseReporter.id == teller,
        )
        .correlate(Case)
        .exists()
    )
