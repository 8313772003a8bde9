"""Lists of cases: what the page shows and no more, one keyset page at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    Uuid,
    and_,
    any_,
    bindparam,
    false,
    or_,
    select,
    true,
)

from gridgov.cases.models import Case, CaseAssignment
from gridgov.cases.queries.hands import in_hands_of
from gridgov.cases.queries.lights import has_light
from gridgov.cases.queries.searching import matching
from gridgov.cases.queries.seeing import cases_seen_by, lies_in
from gridgov.cases.rules.lights import light_of
from gridgov.cases.types import DEPARTMENT, DESK, OPEN_PARTS, CaseRight, Light
from gridgov.context import Context
from gridgov.contract.actor import Actor
from gridgov.contract.declarations import By, CaseKind
from gridgov.kernel.joins import tied
from gridgov.kernel.paging import after, cut, decode
from gridgov.kernel.ready import Ready, one_of
from gridgov.policy import Policy
from gridgov.staff.models import Department

PAGE: Final = 50


class Order(StrEnum):
    """How a list is ordered. Text search is always the newest first."""

    DUE = "due"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """What a list is narrowed to; empty means everything that the actor sees.

    ``category`` may be a group; ``path`` is a subtree, ``then`` by the boundaries of the day that a
    case was opened; ``categories`` and ``kinds``: one of either; ``desk`` is where it lies now;
    ``hands``: codes of departments, one of which has it, or none of any has it yet;
    ``mine``: it is the actor's turn; ``reported``: reported by the actor;
    ``ends``: how it ended, ``open`` for what has not.
    """

    states: tuple[str, ...] = ()
    light: Light | None = None
    category: str = ""
    categories: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    urgency: str = ""
    path: str = ""
    desk: str = ""
    then: bool = False
    department: UUID | None = None
    hands: tuple[str, ...] = ()
    ends: str = ""
    text: str = ""
    mine: bool = False
    reported: bool = False
    supervised: bool = False
    since: datetime | None = None
    until: datetime | None = None
    order: Order = Order.DUE

    @property
    def by_due(self) -> bool:
        """Whether the list runs by due time: only what is open has one that counts."""
        return self.order is Order.DUE and not self.text.strip() and self._only_open

    @property
    def _only_open(self) -> bool:
        return self.ends == OPEN or self.light not in {None, Light.NONE} or self.mine


OPEN: Final = "open"


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of a list. The names are those of columns; words are looked up in the policy."""

    id: UUID
    code: str
    title: str
    kind: str
    kind_version: int
    category: str
    urgency: str
    state: str
    turn: str
    ends: str
    level: str
    place: str
    node_path: str
    due_at: datetime
    yellow_at: datetime
    promise_at: datetime | None
    provisional: bool
    paused_at: datetime | None
    opened_at: datetime
    closed_at: datetime | None
    late: bool | None
    bounces: int
    urged: int
    supervised: bool
    version: int

    def light(self, now: datetime) -> Light:
        """The light at ``now``."""
        return light_of(
            self.due_at,
            self.yellow_at,
            paused=self.paused_at is not None,
            ended=bool(self.ends),
            now=now,
        )


COLUMNS: Final = tuple(getattr(Case, field.name) for field in fields(CaseRow))


@dataclass(frozen=True, slots=True)
class Worklist:
    """One page of rows; ``next`` is the cursor of the next page, empty on the last."""

    rows: tuple[CaseRow, ...]
    next: str = ""


async def worklist(
    ctx: Context, wanted: CaseFilter, cursor: str = "", *, limit: int = PAGE
) -> Worklist:
    """The page that begins after ``cursor``: soonest due first, or the newest first."""
    found = await filtered(ctx, wanted)
    kinds = "du" if wanted.by_due else "u"
    start = decode(cursor, kinds)
    order: tuple[Any, ...] = (Case.due_at, Case.id) if wanted.by_due else (Case.id,)
    page = after(found.with_only_columns(*COLUMNS), order, start, descending=not wanted.by_due)
    rows = [CaseRow(*row) for row in await Ready(page.limit(limit + 1)).rows(ctx.session)]
    shown, following = cut(
        rows, limit, lambda last: (last.due_at, last.id) if wanted.by_due else (last.id,)
    )
    return Worklist(tuple(shown), following)


async def filtered(ctx: Context, wanted: CaseFilter) -> Select[Any]:
    """The cases that the actor sees and the filter wants; choose columns and order."""
    found = narrowed(ctx, cases_seen_by(ctx.actor), wanted)
    return await matching(ctx, found, wanted.text) if wanted.text.strip() else found


def narrowed(ctx: Context, found: Select[Any], wanted: CaseFilter) -> Select[Any]:
    """All of the filter but its text."""
    return found.where(*conditions(ctx, wanted))


def conditions(ctx: Context, wanted: CaseFilter) -> list[ColumnElement[bool]]:
    """All of the filter but its text, as conditions on ``Case``."""
    return [condition for condition in _conditions(ctx, wanted) if condition is not None]


def _conditions(ctx: Context, wanted: CaseFilter) -> Iterable[ColumnElement[bool] | None]:
    policy = ctx.policy
    if wanted.states:
        yield one_of(Case.state, wanted.states)
        yield one_of(Case.ends, _ends_of(policy, wanted.states))  # leads to an index of few cases
    yield has_light(wanted.light, ctx.now) if wanted.light else None
    yield one_of(Case.category, policy.leaves_of([wanted.category])) if wanted.category else None
    if wanted.categories or wanted.kinds:
        leaves = policy.leaves_of(wanted.categories)
        yield or_(one_of(Case.category, leaves), one_of(Case.kind, wanted.kinds))
    yield Case.urgency == wanted.urgency if wanted.urgency else None
    yield Case.desk_path == wanted.desk if wanted.desk else None
    yield lies_in(wanted.path, then=wanted.then) if wanted.path else None
    yield _with_department(wanted.department) if wanted.department else None
    yield in_hands_of(wanted.hands) if wanted.hands else None
    if wanted.ends:
        yield Case.ends == ("" if wanted.ends == OPEN else wanted.ends)
    yield my_turn(ctx.actor, policy) if wanted.mine else None
    yield Case.reported_by == ctx.actor.account_id if wanted.reported else None
    yield Case.supervised == true() if wanted.supervised else None
    yield Case.opened_at >= wanted.since if wanted.since else None
    yield Case.opened_at < wanted.until if wanted.until else None


def _ends_of(policy: Policy, states: Sequence[str]) -> list[str]:
    """How cases in these states have ended, in every version of their kinds."""
    declared = (state for kind in policy.kinds.values() for state in kind.states)
    return sorted({str(state.ends) for state in declared if state.code in states})


def _with_department(department: UUID, states: Sequence[str] = ()) -> ColumnElement[bool]:
    mine = select(CaseAssignment.id).where(
        tied(CaseAssignment.case_id, Case.id),
        CaseAssignment.department_id == department,
    )
    if states:
        mine = mine.where(one_of(CaseAssignment.state, states))
    return mine.correlate(Case).exists()


def my_turn(actor: Actor, policy: Policy) -> ColumnElement[bool]:
    """It is the actor's turn: at their own desk, or with an open part of their department.

    At a desk only in the states in which they can move it on; a desk further down is that desk's
    turn, not theirs.
    """
    ways: list[ColumnElement[bool]] = []
    for kind in policy.ever.case_kinds:
        for right, states in _desk_states(kind).items():
            paths = sorted({scope.path for scope in actor.scopes(right)})
            if paths:
                ways.append(
                    and_(
                        Case.turn == DESK,
                        Case.kind == kind.code,
                        one_of(Case.state, states),
                        one_of(Case.desk_path, paths),
                    )
                )
    departments = {d for s in actor.scopes(CaseRight.HANDLE) for d in s.departments}
    ways += [
        and_(Case.turn == DEPARTMENT, _with_department(department, OPEN_PARTS))
        for department in sorted(departments)
    ]
    return and_(Case.ends == "", or_(*ways) if ways else false())


def _desk_states(kind: CaseKind) -> dict[str, tuple[str, ...]]:
    """For each right the states in which it moves a case on from a desk."""
    held = {state.code for state in kind.states if state.holder == DESK}
    found: dict[str, tuple[str, ...]] = {}
    for action in kind.actions:
        if action.by is By.DESK and action.to:
            states = tuple(code for code in action.before if code in held)
            found[action.right] = tuple(dict.fromkeys((*found.get(action.right, ()), *states)))
    return {right: states for right, states in found.items() if states}


_HANDS: Final = Ready(
    select(CaseAssignment.case_id, Department.name)
    .join(Department, tied(Department.id, CaseAssignment.department_id))
    .where(
        CaseAssignment.case_id == any_(bindparam("cases", type_=ARRAY(Uuid))),
        one_of(CaseAssignment.state, OPEN_PARTS),
    )
    .order_by(CaseAssignment.offered_at)
)


async def departments_of(ctx: Context, case_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """The names of the departments that have an open part, for the rows of one page."""
    names: dict[UUID, list[str]] = {case_id: [] for case_id in case_ids}
    for case_id, name in await _HANDS.rows(ctx.session, cases=list(case_ids)):
        names[case_id].append(name)
    return names
