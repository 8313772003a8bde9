"""Who asks, and whether their right reaches the case. The same reach as SQL: ``queries.seeing``."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gridgov.cases.types import Head, Part, PartState, Settings, Situation, Teller
from gridgov.contract.actor import Actor, Scope
from gridgov.contract.declarations import Action, By, CaseKind, ClockRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who asks to do something to a case, and all that decides the answer.

    ``top_level`` is the highest level with a desk; ``teller`` the reporter for whom a tracking page
    speaks.
    """

    actor: Actor
    kind: CaseKind
    case: Situation
    rules: ClockRules
    settings: Settings
    now: datetime
    top_level: str = ""
    teller: UUID | None = None

    @property
    def head(self) -> Head:
        """The present of the case."""
        return self.case.head


def may(asking: Asking, action: Action) -> bool:
    """Whether the actor's right reaches the case for this action."""
    if action.by is By.REPORTER:
        return teller_of(asking) is not None
    if action.by is By.DEPARTMENT:
        return bool(my_parts(asking, action.right))
    if action.by is By.SENDER:
        return any(_passed_up(asking, scope) for scope in asking.actor.scopes(action.right))
    path = asking.head.desk_path if action.by is By.DESK else asking.head.node_path
    return any(_holds(asking, scope, path) for scope in asking.actor.scopes(action.right))


def my_parts(asking: Asking, right: str) -> tuple[Part, ...]:
    """The open parts of the departments that the actor acts for."""
    scopes = asking.actor.scopes(right)

    def mine(part: Part) -> bool:
        return any(
            asking.head.node_path.startswith(scope.path)
            and (not scope.departments or part.department_id in scope.departments)
            and _is_about(asking, scope)
            for scope in scopes
        )

    return tuple(part for part in asking.case.parts if part.open and mine(part))


def teller_of(asking: Asking) -> Teller | None:
    """The reporter as whom the actor speaks: by the tracking page, or by their own account."""
    for teller in asking.case.tellers:
        if asking.teller == teller.id:
            return teller
        account = asking.actor.account_id
        if asking.teller is None and account is not None and teller.account_id == account:
            return teller
    return None


def _holds(asking: Asking, scope: Scope, path: str) -> bool:
    with_it = {p.department_id for p in asking.case.parts if p.state != PartState.WITHDRAWN}
    return (
        path.startswith(scope.path)
        and (not scope.departments or not with_it.isdisjoint(scope.departments))
        and _is_about(asking, scope)
    )


def _passed_up(asking: Asking, scope: Scope) -> bool:
    reaches_receiver = asking.head.desk_path.startswith(scope.path)
    return not reaches_receiver and _holds(asking, scope, asking.head.passed_from or "")


def _is_about(asking: Asking, scope: Scope) -> bool:
    return not scope.categories or asking.head.category in scope.categories
