"""The one door from an actor to SQL: list, detail, count, search, export and map begin here."""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    exists,
    false,
    or_,
    select,
    true,
)

from gridgov.cases.models import Case, CaseAssignment
from gridgov.cases.types import CaseRight, PartState
from gridgov.contract.actor import Actor, Scope
from gridgov.grid.queries.nodes import ever_under
from gridgov.kernel.db import within
from gridgov.kernel.joins import tied
from gridgov.kernel.ready import one_of

_ROOT: Final = 1
"""How many segments the path of the whole county has; the system's has none."""


def cases_seen_by(actor: Actor, right: str = CaseRight.READ) -> Select[Any]:
    """The cases that the actor may see, wherever they are read.

    Choose columns with ``with_only_columns``. Everybody with an account also sees what they
    reported themselves. ``right`` narrows to where the actor holds another one (export, reveal).
    """
    return select(Case).where(seen(actor, right))


def seen(actor: Actor, right: str = CaseRight.READ) -> ColumnElement[bool]:
    """The same as a condition on ``Case``."""
    return in_sight(sight_of(actor, right))


SIGHTS: Final = 512
"""For how many sights a statement is kept: as many people are at work in an hour."""


class Sight(NamedTuple):
    """How far somebody sees: places, and what they reported themselves."""

    scopes: tuple[Scope, ...]
    own: UUID | None


def sight_of(actor: Actor, right: str = CaseRight.READ) -> Sight:
    """The actor's sight: to keep by it what is made of it."""
    return Sight(widest(actor.scopes(right)), actor.account_id if right == CaseRight.READ else None)


def in_sight(sight: Sight) -> ColumnElement[bool]:
    """The condition itself."""
    ways = [_inside(scope) for scope in sight.scopes]
    if any(_is_open(scope) and scope.path.count(".") <= _ROOT for scope in sight.scopes):
        return true()
    if sight.own is not None:
        ways.append(Case.reported_by == sight.own)
    return or_(*ways) if ways else false()


def lies_in(path: str, *, then: bool = False) -> ColumnElement[bool]:
    """In the unit as it is now, or (``then``) as it was on the day that the case was opened."""
    if not then:
        return within(Case.node_path, path)
    return and_(
        Case.node_id.in_(ever_under(path)),  # leads to an index
        within(Case.opened_path, path),
    )


def widest(scopes: Iterable[Scope]) -> tuple[Scope, ...]:
    """The scopes without those that lie inside another which restricts nothing but the place."""
    chosen = tuple(dict.fromkeys(scopes))
    return tuple(
        scope
        for scope in chosen
        if not any(
            _is_open(other) and other != scope and scope.path.startswith(other.path)
            for other in chosen
        )
    )


def _is_open(scope: Scope) -> bool:
    return not scope.departments and not scope.categories


def _inside(scope: Scope) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [within(Case.node_path, scope.path)]
    if scope.departments:
        conditions.append(
            exists()
            .where(
                tied(CaseAssignment.case_id, Case.id),
                one_of(CaseAssignment.department_id, scope.departments),
                CaseAssignment.state != PartState.WITHDRAWN,
            )
            .correlate(Case)
        )
    if scope.categories:
        conditions.append(one_of(Case.category, scope.categories))
    return and_(*conditions)
