"""From rows to what a page shows: whose hands, which place, which light, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gridgov.cases.queries.units import Unit, Units
from gridgov.cases.queries.worklist import CaseRow
from gridgov.cases.rules.tags import tags_of
from gridgov.cases.types import DEPARTMENT, DESK, REPORTER, Light
from gridgov.context import Context
from gridgov.contract.declarations import CaseKind, State
from gridgov.kernel.sentences import N_, Sentence, joined
from gridgov.web.urls import AnyRequest, url_of


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a queue, as the macro draws it."""

    id: UUID
    url: str
    preview: str
    light: str
    due: datetime | None
    code: str
    title: str
    place: str
    holder: str
    state: str
    since: datetime
    tags: tuple[str, ...] = ()


def shown(
    ctx: Context,
    request: AnyRequest,
    rows: Sequence[CaseRow],
    *,
    known: Units,
    departments: Mapping[UUID, Sequence[str]],
) -> list[Row]:
    """The lines of one page."""
    return [
        Row(
            id=row.id,
            url=url_of(ctx, request, "case", case_id=row.id),
            preview=url_of(ctx, request, "case_preview", case_id=row.id),
            light=light_code(row.light(ctx.now), row.ends),
            due=None if row.ends else row.due_at,
            code=row.code,
            title=row.title,
            place=place_in_words(ctx, known, row.node_path, row.place),
            **_hands(ctx, row, known, departments.get(row.id, ())),
            since=row.opened_at,
            tags=tags_of(row, ctx.policy.county.urgencies),
        )
        for row in rows
    ]


def _hands(ctx: Context, row: CaseRow, known: Units, departments: Sequence[str]) -> dict[str, str]:
    """In whose hands, and the state under it; what has ended is in nobody's and shows its state."""
    state = state_name(ctx, row.kind, row.kind_version, row.state)
    if row.ends:
        return {"holder": state, "state": ""}
    return {"holder": holder_in_words(ctx, row, known, departments), "state": state}


def light_code(light: Light, ends: str) -> str:
    """What the macro ``light`` is given: a case that ended shows that it is done."""
    return "done" if ends else str(light)


def place_in_words(ctx: Context, known: Units, path: str, place: str) -> str:
    """The unit by which people orient themselves, then the place."""
    line = known.line(path)
    desks = [unit for unit in line[1:] if _desk(ctx, unit.level)]
    names = [unit.name for unit in desks[:2]]
    return " · ".join([*names, place] if place not in names else names)


def holder_in_words(ctx: Context, row: CaseRow, known: Units, departments: Sequence[str]) -> str:
    """Whose hands it is in: a desk or departments, never a person."""
    if row.turn == DESK:
        return desk_name(ctx, known.at_level(row.node_path, row.level))
    if row.turn == DEPARTMENT:
        return joined(departments)
    return N_("反映人") if row.turn == REPORTER else ""


def desk_name(ctx: Context, unit: Unit | None) -> str:
    """The place and what its desk is called, as one name."""
    if unit is None:
        return "—"
    return Sentence("{place}{desk}", place=unit.name, desk=_desk(ctx, unit.level))


def _desk(ctx: Context, level: str) -> str:
    declared = ctx.policy.levels.get(level)
    return declared.desk if declared else ""


def kind_of(ctx: Context, code: str, version: int) -> CaseKind:
    """The kind in its version, or the newest that is kept."""
    found = ctx.policy.kinds.get((code, version))
    return found or max(ctx.policy.county.case_kinds, key=lambda kind: kind.version)


def state_of(kind: CaseKind, code: str) -> State:
    """The declared state; one that is no longer declared shows its code."""
    return next((s for s in kind.states if s.code == code), State(code=code, name=code))


def state_name(ctx: Context, kind: str, version: int, state: str) -> str:
    """What the kind, in that version, calls the state."""
    return state_of(kind_of(ctx, kind, version), state).name
