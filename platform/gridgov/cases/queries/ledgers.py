"""Ledgers of what was done to cases: bounces, supervision; and what waits for a decision."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from gridgov.cases.models import Case, CaseRequest, CaseStep
from gridgov.cases.queries.seeing import seen
from gridgov.cases.queries.worklist import PAGE
from gridgov.cases.rules.lights import light_of
from gridgov.cases.types import CaseRight, Light, RequestKind, RequestState
from gridgov.context import Context
from gridgov.contract.declarations import Action
from gridgov.kernel.db import within
from gridgov.kernel.joins import tied
from gridgov.kernel.paging import after, cut, decode
from gridgov.kernel.sentences import N_
from gridgov.staff.models import Department

_USUAL: Final = {"supervise": N_("督办"), "strike_off": N_("解除督办")}


@dataclass(frozen=True, slots=True)
class _Lit:
    """What every line needs to show its case's light."""

    case_id: UUID
    code: str
    title: str
    kind: str
    kind_version: int
    state: str
    ends: str
    place: str
    due_at: datetime
    yellow_at: datetime
    paused_at: datetime | None

    def light(self, now: datetime) -> Light:
        """The light at ``now``."""
        return light_of(
            self.due_at,
            self.yellow_at,
            paused=self.paused_at is not None,
            ended=bool(self.ends),
            now=now,
        )


@dataclass(frozen=True, slots=True)
class Entry(_Lit):
    """One line of a ledger: what was done, by which duty, and why."""

    id: UUID
    at: datetime
    who: str
    note: str
    details: Mapping[str, Any]
    supervised: bool
    urged: int
    bounces: int


@dataclass(frozen=True, slots=True)
class Waiting(_Lit):
    """Something asked that nobody has decided yet."""

    id: UUID
    asked: str
    reason: str
    amount: int
    asked_at: datetime
    asked_by: UUID | None
    department: str | None


_CASE: Final = {field.name: getattr(Case, field.name, Case.id) for field in fields(_Lit)}
_ENTRY: Final = (
    *_CASE.values(),
    CaseStep.id,
    CaseStep.at,
    CaseStep.who,
    CaseStep.note,
    CaseStep.details,
    Case.supervised,
    Case.urged,
    Case.bounces,
)
_WAITING: Final = (
    *_CASE.values(),
    CaseRequest.id,
    CaseRequest.kind,
    CaseRequest.reason,
    CaseRequest.amount,
    CaseRequest.asked_at,
    CaseRequest.asked_by,
    Department.name,
)


def codes_by_effect(ctx: Context, *effects: str) -> dict[str, Action]:
    """The declared actions that these mechanisms carry out, by code; the newest name counts."""
    return {
        action.code: action
        for kind in reversed(ctx.policy.ever.case_kinds)
        for action in kind.actions
        if action.effect in effects
    }


def called(ctx: Context, effect: str) -> str:
    """What the county calls an action by what it does; the core's own word where none does it."""
    declared = (action.name for action in codes_by_effect(ctx, effect).values())
    return next(declared, _USUAL[effect])


async def ledger(
    ctx: Context, actions: Collection[str], cursor: str = "", *, still: bool = False
) -> tuple[list[Entry], str]:
    """A page of what was done by these actions to cases in sight, the latest first.

    ``still``: only of cases that are under supervision now.
    """
    start = decode(cursor, "du")
    found = (
        select(*_ENTRY)
        .join(Case, tied(Case.id, CaseStep.case_id))
        .where(CaseStep.action.in_(sorted(actions)), seen(ctx.actor))
    )
    if still:
        found = found.where(Case.supervised.is_(True))
    order: tuple[Any, ...] = (CaseStep.at, CaseStep.id)
    page = after(found, order, start, descending=True).limit(PAGE + 1)
    rows = [Entry(*row) for row in await ctx.session.execute(page)]
    return cut(rows, PAGE, lambda last: (last.at, last.id))


async def waiting(ctx: Context) -> list[Waiting]:
    """What waits for the actor's decision: asked about a case at a desk of theirs, oldest first."""
    found = (
        select(*_WAITING)
        .join(Case, tied(Case.id, CaseRequest.case_id))
        .outerjoin(Department, tied(Department.id, CaseRequest.department_id))
        .where(CaseRequest.state == RequestState.OPEN, Case.ends == "", _mine_to_decide(ctx))
        .order_by(CaseRequest.asked_at, CaseRequest.id)
        .limit(PAGE)
    )
    return [Waiting(*row) for row in await ctx.session.execute(found)]


def _mine_to_decide(ctx: Context) -> ColumnElement[bool]:
    at_desk = [within(Case.desk_path, scope.path) for scope in ctx.actor.scopes(CaseRight.APPROVE)]
    return and_(seen(ctx.actor, CaseRight.APPROVE), or_(*at_desk))


DECIDES: Final = {
    RequestKind.EXTENSION: ("grant_extension", "refuse_extension"),
    RequestKind.PAUSE: ("grant_pause", "refuse_pause"),
    RequestKind.OBJECTION: ("uphold_objection", "dismiss_objection"),
}
"""By which mechanisms each kind of request is granted and refused."""
