"""An act put down in one statement: the case moves, and everything else follows from that move.

The rows of each table travel as one JSON parameter, so the statement is the same for one row and
for ten and is built once for each set of tables. All of it hangs on the row that moved: if somebody
else was quicker, nothing is written at all.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import (
    CTE,
    FromClause,
    Select,
    Text,
    bindparam,
    cast,
    column,
    func,
    insert,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert

from gridgov.audit.actions import record
from gridgov.cases.actions.act import Act, changed
from gridgov.cases.models import (
    Case,
    CaseAssignment,
    CaseClock,
    CaseCodeCounter,
    CaseCount,
    CasePause,
    CaseReporter,
    CaseRequest,
    CaseStep,
    CaseTerm,
)
from gridgov.cases.rules.moves import EVENTS
from gridgov.cases.types import Head
from gridgov.context import Context
from gridgov.kernel.db import WALL, TenantRow
from gridgov.kernel.ids import new_id
from gridgov.kernel.outbox import OutboxEvent
from gridgov.kernel.pokes import note_work
from gridgov.kernel.ready import Ready

Rows = Mapping[type[TenantRow], Sequence[Any]]
"""What is put into each table: values or mappings with the names of its columns."""

_FROM_CASE: Final[Mapping[type[TenantRow], Mapping[str, str]]] = {
    CaseStep: {"case_id": "id"},
    CaseAssignment: {"case_id": "id"},
    CaseClock: {"case_id": "id"},
    CasePause: {"case_id": "id"},
    CaseRequest: {"case_id": "id"},
    CaseReporter: {"case_id": "id"},
    CaseTerm: {"id": "id"},
    CaseCount: {"node_path": "node_path"},
    OutboxEvent: {"subject": "id"},
}
"""The columns that a table takes from the case: from where it is now, if the grid has moved."""

_REPLACED: Final = frozenset[type[TenantRow]]({CaseAssignment, CaseClock, CasePause, CaseRequest})
"""Rows of an id that is there already are replaced; all others are only ever added."""

_NEVER_MOVES: Final = frozenset({
    "id", "code", "kind", "kind_version", "title", "origin", "node_path", "place", "term",
    "opened_at",
})  # fmt: skip
_MOVING: Final = tuple(
    name for name in (*Head.__annotations__, "words", "tell_at") if name not in _NEVER_MOVES
)
_NEW: Final = tuple(
    name
    for name in Case.__mapper__.columns.keys()  # noqa: SIM118  (a collection, no mapping)
    if name not in {"tenant_id", "code", "before_merge"}
)
_CODE_DIGITS: Final = 5


async def write(act: Act) -> bool:
    """Everything of the act; False if somebody else was quicker, and then nothing is written."""
    head, ctx, case = act.head, act.ctx, act.asking.case
    state = act.changes.get("state", head.state)
    payload = {
        "action": act.action.code,
        "before": head.state,
        "after": state,
        "departments": [str(department) for department in dict.fromkeys(act.concerned)],
        "kind": head.kind,
    }
    rows: dict[type[TenantRow], Sequence[Any]] = {
        CaseStep: [_step(act, state)],
        CaseAssignment: changed(case.parts, act.parts.values()),
        CaseClock: changed(case.clocks, act.clocks.values()),
        CasePause: changed(case.pauses, act.pauses.values()),
        CaseRequest: changed(case.requests, act.requests.values()),
        CaseCount: _counts({head.state: -1, state: 1}) if state != head.state else (),
        OutboxEvent: [event_row(ctx, act.action.effect, payload)],
    }
    used = tuple(model for model in rows if rows[model])
    renamed = "words" in act.changes
    values = {f"new_{name}": act.will_be(name) for name in _moving(renamed=renamed)}
    values |= {"new_version": head.version + 1, "was_id": head.id, "was_version": head.version}
    moving = _moving_statement(used, renamed=renamed)
    if await moving.row(ctx.session, **values, **_parameters(rows)) is None:
        return False
    _told(ctx, act.action.effect, head.id, payload)
    return True


async def write_new(
    ctx: Context, case: Mapping[str, Any], rows: Rows, *, effect: str, prefix: str, day: str
) -> str:
    """A new case with everything that belongs to it. Its code, which ends with a running number.

    The counter's row is locked from here to the end of the transaction, and not before.
    """
    payload = {"action": effect, "before": "", "after": case["state"], "kind": case["kind"]}
    everything: dict[type[TenantRow], Sequence[Any]] = {
        **rows,
        CaseCount: _counts({case["state"]: 1}),
        OutboxEvent: [event_row(ctx, effect, payload)],
    }
    counter = {"counter_id": new_id(), "day": day, "prefix": prefix}
    opening = _opening_statement(tuple(everything))
    code = await opening.scalar(
        ctx.session, cases=_json([case]), **counter, **_parameters(everything)
    )
    _told(ctx, effect, case["id"], payload)
    return str(code)


def event_row(ctx: Context, effect: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    """The event for whoever listens."""
    return {
        "id": new_id(),
        "kind": f"case.{EVENTS[effect]}",
        "actor": ctx.actor.account_id,
        "payload": payload,
        "at": ctx.now,
        "run_at": ctx.now,
    }


def _told(ctx: Context, effect: str, case_id: UUID, payload: Mapping[str, Any]) -> None:
    note_work(ctx.session.info, ctx.tenant.id)
    record(ctx, f"case.{EVENTS[effect]}", "case", case_id, **payload)


def _step(act: Act, state: str) -> dict[str, Any]:
    """The line of the timeline."""
    actor = act.ctx.actor
    by_reporter = actor.account_id is None and not actor.system
    return {
        "id": new_id(),
        "at": act.now,
        "action": act.action.code,
        "before": act.head.state,
        "after": state,
        "account_id": actor.account_id,
        "who": "反映人" if by_reporter else actor.title or actor.name,
        "note": act.note,
        "details": act.details,
        "public": act.action.public,
    }


def _counts(changes: Mapping[str, int]) -> list[dict[str, Any]]:
    """Always in the same order, so that none waits in a ring."""
    return [{"id": new_id(), "state": s, "count": n} for s, n in sorted(changes.items())]


def _json(rows: Sequence[Any]) -> str:
    return msgspec.json.encode(rows, enc_hook=str).decode()  # words to be translated are plain here


def _parameters(rows: Rows) -> dict[str, str]:
    return {model.__tablename__: _json(given) for model, given in rows.items() if given}


def _moving(*, renamed: bool) -> tuple[str, ...]:
    return tuple(n for n in _MOVING if n != "version" and (n != "words" or renamed))


@cache
def _moving_statement(models: tuple[type[TenantRow], ...], *, renamed: bool) -> Ready:
    values = {
        name: bindparam(f"new_{name}", type_=Case.__mapper__.columns[name].type)
        for name in (*_moving(renamed=renamed), "version")
    }
    moved = (
        update(Case)
        .where(
            Case.tenant_id == bindparam(WALL),
            Case.id == bindparam("was_id"),
            Case.version == bindparam("was_version"),
        )
        .values(values)
        .returning(Case.tenant_id, Case.id, Case.node_path)
        .cte("moved")
    )
    return Ready(_with_rows(select(moved.c.id), moved, models))


@cache
def _opening_statement(models: tuple[type[TenantRow], ...]) -> Ready:
    put = upsert(CaseCodeCounter).values(
        tenant_id=bindparam(WALL), id=bindparam("counter_id"), day=bindparam("day"), last=1
    )
    counter = (
        put.on_conflict_do_update(
            index_elements=["tenant_id", "day"], set_={"last": CaseCodeCounter.last + 1}
        )
        .returning(CaseCodeCounter.tenant_id, CaseCodeCounter.last)
        .cte("counter")
    )
    new = _recordset(Case, _NEW)
    number = func.lpad(cast(counter.c.last, Text), _CODE_DIGITS, "0")
    code = cast(bindparam("prefix"), Text).concat(number)
    opened = (
        insert(Case)
        .from_select(
            ["tenant_id", "code", *_NEW],
            select(counter.c.tenant_id, code, *(new.c[name] for name in _NEW)).select_from(
                new.join(counter, true())
            ),
        )
        .returning(Case.tenant_id, Case.id, Case.node_path, Case.code)
        .cte("opened")
    )
    return Ready(_with_rows(select(opened.c.code), opened, models))


def _with_rows(result: Select[Any], case: CTE, models: Sequence[type[TenantRow]]) -> Select[Any]:
    for model in models:
        result = result.add_cte(_insertion(model, case).cte(f"into_{model.__tablename__}"))
    return result


def _insertion(model: type[TenantRow], case: CTE) -> Any:
    """The rows of one table, as far as the case was moved."""
    taken = {"tenant_id": "tenant_id", **_FROM_CASE[model]}
    given = [name for name in _columns_given(model) if name not in taken]
    new = _recordset(model, given)
    put = upsert(model).from_select(
        [*taken, *given],
        select(
            *(case.c[name] for name in taken.values()), *(new.c[name] for name in given)
        ).select_from(new.join(case, true())),
    )
    if model in _REPLACED:
        same = {name: put.excluded[name] for name in given if name != "id"}
        return put.on_conflict_do_update(index_elements=["tenant_id", "id"], set_=same)
    if model is CaseCount:
        return put.on_conflict_do_update(
            index_elements=["tenant_id", "node_path", "state"],
            set_={"count": CaseCount.count + put.excluded.count},
        )
    return put


def _columns_given(model: type[TenantRow]) -> list[str]:
    """The columns that have no default of the database."""
    return [c.key for c in model.__mapper__.columns if c.server_default is None or model in _ASKED]


_ASKED: Final = frozenset[type[TenantRow]]({CaseAssignment, CaseRequest})
"""All their columns are given, also those with a default."""


def _recordset(model: type[TenantRow], names: Sequence[str]) -> FromClause:
    """The JSON parameter that is named for the table, as rows of its columns."""
    columns = [column(name, model.__mapper__.columns[name].type) for name in names]
    rows = func.jsonb_to_recordset(cast(bindparam(model.__tablename__, type_=Text), JSONB))
    return rows.table_valued(*columns, name=f"new_{model.__tablename__}").render_derived(
        with_types=True
    )


async def put_clocks(ctx: Context, rows: Sequence[dict[str, Any]]) -> None:
    """Clocks of several cases, replaced."""
    put = upsert(CaseClock)
    same = {name: put.excluded[name] for name in rows[0] if name not in {"tenant_id", "id"}}
    await ctx.session.execute(
        put.on_conflict_do_update(index_elements=["tenant_id", "id"], set_=same),
        list(rows),
        execution_options={"render_nulls": True},
    )
