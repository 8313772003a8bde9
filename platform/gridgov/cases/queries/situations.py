"""All of a case that decides what may be done next, read in one statement, at one moment."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final
from typing import cast as say
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Table, Text, bindparam, cast, func, select
from sqlalchemy.orm import aliased

from gridgov.cases.models import (
    Case,
    CaseAssignment,
    CaseClock,
    CasePause,
    CaseReporter,
    CaseRequest,
)
from gridgov.cases.queries.seeing import SIGHTS, Sight, in_sight, sight_of
from gridgov.cases.types import Asked, Head, Part, Pause, Running, Situation, Teller
from gridgov.context import Context
from gridgov.kernel.db import TenantRow
from gridgov.kernel.errors import NotFound
from gridgov.kernel.joins import tied
from gridgov.kernel.ready import Ready

_MAIN = aliased(Case)


def _whole(model: type[TenantRow]) -> ColumnElement[Any]:
    """A row as JSON, which names its columns like the fields of our values."""
    table = say("Table", model.__table__)
    return func.to_jsonb(table.table_valued())


def _rows_of(model: Any, row: ColumnElement[Any] | None = None) -> ColumnElement[str]:
    """The case's rows of another table as one JSON text."""
    rows = (
        select(cast(func.jsonb_agg(_whole(model) if row is None else row), Text))
        .select_from(model)
        .where(tied(model.case_id, Case.id))
        .correlate(Case)
    )
    return func.coalesce(rows.scalar_subquery(), "[]")


_SITUATION = select(
    cast(_whole(Case), Text),
    _rows_of(CaseAssignment),
    _rows_of(CaseClock),
    _rows_of(CasePause),
    _rows_of(CaseRequest),
    _rows_of(
        CaseReporter,  # never their contact, not even sealed
        func.jsonb_build_object(
            "id",
            CaseReporter.id,
            "account_id",
            CaseReporter.account_id,
            "rated",
            CaseReporter.rated_at.is_not(None),
        ),
    ),
    func.coalesce(
        select(_MAIN.ends)
        .where(tied(_MAIN.id, Case.merged_into))
        .correlate(Case)
        .scalar_subquery(),
        "",
    ),
).select_from(Case)


_THIS: Final = _SITUATION.where(Case.id == bindparam("case"))
_ANYWAY: Final = Ready(_THIS)
_TOLD: Final = Ready(
    _THIS.where(
        select(CaseReporter.id)
        .where(
            tied(CaseReporter.case_id, Case.id),
            CaseReporter.id == bindparam("teller"),
        )
        .correlate(Case)
        .exists()
    )
)


@lru_cache(SIGHTS)
def _in_sight(sight: Sight) -> Ready:
    return Ready(_THIS.where(in_sight(sight)))


async def situation_of(ctx: Context, case_id: UUID, *, teller: UUID | None = None) -> Situation:
    """The case, if the actor may see it; with ``teller``, if that reporter reported it."""
    if teller is not None:
        return _found(await _TOLD.row(ctx.session, case=case_id, teller=teller))
    return _found(await _in_sight(sight_of(ctx.actor)).row(ctx.session, case=case_id))


async def situation_anyway(ctx: Context, case_id: UUID) -> Situation:
    """The case whoever asks: for jobs and for effects that touch a second case."""
    return _found(await _ANYWAY.row(ctx.session, case=case_id))


async def situations_locked(ctx: Context, case_ids: Sequence[UUID]) -> list[Situation]:
    """These cases with their rows locked against changes, in the order of their ids."""
    locked = select(Case.id).where(Case.id.in_(case_ids)).order_by(Case.id).with_for_update()
    await ctx.session.execute(locked)
    return await situations(ctx, case_ids)


async def situations(ctx: Context, case_ids: Sequence[UUID]) -> list[Situation]:
    """These cases whoever asks, in the order of their ids; anybody may change them meanwhile."""
    found = await ctx.session.execute(_SITUATION.where(Case.id.in_(case_ids)).order_by(Case.id))
    return [_situation(row) for row in found]


def _found(row: Any) -> Situation:
    if row is None:
        raise NotFound
    return _situation(row)


def _situation(row: Any) -> Situation:
    head, parts, clocks, pauses, requests, tellers, main_ends = row
    return Situation(
        head=msgspec.json.decode(head, type=Head),
        parts=_read(parts, Part, "offered_at"),
        clocks=_read(clocks, Running, "started_at"),
        pauses=_read(pauses, Pause, "started_at"),
        requests=_read(requests, Asked, "asked_at"),
        tellers=msgspec.json.decode(tellers, type=tuple[Teller, ...]),
        main_ends=main_ends,
    )


def _read(text: str, shape: Any, order: str) -> Any:
    if text == "[]":
        return ()
    rows = msgspec.json.decode(text, type=list[shape])
    return tuple(sorted(rows, key=lambda row: (getattr(row, order), row.id)))
