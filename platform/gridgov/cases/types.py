"""Words of the case room, and a case as rules see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Protocol
from uuid import UUID

from gridgov.contract.declarations import State
from gridgov.kernel.sentences import N_


class CaseRight(StrEnum):
    """What one may do with cases. A binding says where."""

    READ = "case.read"
    REPORT = "case.report"
    FILE = "case.file"
    SPOT = "case.handle_on_spot"
    PASS_UP = "case.pass_up"  # noqa: S105  (a right, no password)
    DISPATCH = "case.dispatch"
    HANDLE = "case.handle"
    VERIFY = "case.verify"
    APPROVE = "case.approve"
    URGE = "case.urge"
    SUPERVISE = "case.supervise"
    MERGE = "case.merge"
    NOTE = "case.note"
    REVEAL = "case.reveal"
    EXPORT = "case.export"
    OVERVIEW = "case.overview"


class Light(StrEnum):
    """What a clock says. Derived from the times and now, never stored."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    PAUSED = "paused"
    NONE = "none"


LIGHTS: Final[Mapping[Light, str]] = {
    Light.RED: N_("已超期"),
    Light.YELLOW: N_("将到期"),
    Light.GREEN: N_("正常"),
    Light.PAUSED: N_("已暂停"),
}
"""What pages and lists call them, the most pressing first."""


class PartState(StrEnum):
    """Where a department stands with its part of a case."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    DONE = "done"
    WITHDRAWN = "withdrawn"


class RequestKind(StrEnum):
    """What is asked of somebody who decides."""

    EXTENSION = "extension"
    PAUSE = "pause"
    OBJECTION = "objection"


class RequestState(StrEnum):
    """Where a request stands. ``DROPPED``: the case moved on before anybody decided."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"
    DROPPED = "dropped"


AROSE: Final = "case.arose"
"""What follows in the transaction in which a case is reported out of something of a higher room
(a line of a ledger, a target of a campaign), with an :class:`Arisen`."""


@dataclass(frozen=True, slots=True)
class About:
    """What a case is reported out of: ``kind`` is the word of the room that has it."""

    kind: str
    id: UUID


@dataclass(frozen=True, slots=True)
class Arisen:
    """A case that was reported out of something. That room keeps the link, or raises NotFound."""

    case_id: UUID
    about: About


OPEN_PARTS: Final = (PartState.OFFERED, PartState.ACCEPTED)
HAVING_PARTS: Final = (*OPEN_PARTS, PartState.DONE)

PHOTO_OWNER: Final = "case"
"""What the photos of a case are filed under."""

CARRIED_OVER: Final = "carried_over"
"""What the timeline calls it when a case went on to a newer version of its kind."""

DESK: Final = "desk"
DEPARTMENT: Final = "department"
REPORTER: Final = "reporter"


class Settings(Protocol):
    """The tenant's settings by their code."""

    def __getitem__(self, code: str, /) -> Any:
        """The tenant's value or the county's default."""


@dataclass(frozen=True, slots=True)
class Head:
    """The present of a case: what rules look at. The columns have the same names."""

    id: UUID
    code: str
    kind: str
    kind_version: int
    category: str
    urgency: str
    title: str
    origin: str
    node_path: str
    desk_path: str
    passed_from: str | None
    level: str
    solved_level: str
    place: str
    state: str
    turn: str
    ends: str
    due_at: datetime
    yellow_at: datetime
    promise_at: datetime | None
    term: str
    provisional: bool
    paused_at: datetime | None
    told_light: str
    reported_by: UUID | None
    handled_by: UUID | None
    opened_at: datetime
    filed_at: datetime | None
    closed_at: datetime | None
    late: bool | None
    answer: str
    bounces: int
    reopened: int
    urged: int
    supervised: bool
    merged_into: UUID | None
    before_merge: dict[str, Any] | None
    version: int

    @property
    def ruled_at(self) -> datetime:
        """The moment that decides which rules and settings the case runs by."""
        return self.filed_at or self.opened_at


@dataclass(frozen=True, slots=True)
class Part:
    """A department's part in a case."""

    id: UUID
    department_id: UUID
    state: PartState
    objected: bool
    offered_at: datetime
    reason: str = ""
    accepted_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: UUID | None = None

    @property
    def open(self) -> bool:
        """Whether the department still has to do something."""
        return self.state in OPEN_PARTS


@dataclass(frozen=True, slots=True)
class Running:
    """One clock of a case. ``rounds`` counts the reopenings before it; ``history`` its changes."""

    id: UUID
    code: str
    name: str
    bearer: str
    rounds: int
    rule_from: str
    amount: int
    extended: int
    unit: str
    warn_amount: int
    promise: bool
    source: str
    calendar_version: int
    provisional: bool
    started_at: datetime
    due_at: datetime
    yellow_at: datetime
    stopped_at: datetime | None
    history: list[dict[str, Any]]

    @property
    def runs(self) -> bool:
        """Whether it has not been stopped."""
        return self.stopped_at is None


@dataclass(frozen=True, slots=True)
class Pause:
    """While this lasts no clock of the case runs."""

    id: UUID
    reason: str
    started_at: datetime
    ended_at: datetime | None
    approved_by: UUID | None


@dataclass(frozen=True, slots=True)
class Asked:
    """Something asked of somebody who decides. ``amount``: days of an extension."""

    id: UUID
    kind: RequestKind
    state: RequestState
    reason: str
    amount: int
    department_id: UUID | None
    asked_by: UUID | None
    asked_at: datetime
    decided_by: UUID | None = None
    decided_at: datetime | None = None
    decision: str = ""

    @property
    def open(self) -> bool:
        """Whether nobody has decided yet."""
        return self.state == RequestState.OPEN


@dataclass(frozen=True, slots=True)
class Teller:
    """Somebody who reported, without their contact."""

    id: UUID
    account_id: UUID | None
    rated: bool


@dataclass(frozen=True, slots=True)
class Situation:
    """All of a case that decides what may be done next, read in one statement.

    ``main_ends`` is how the case that this one was merged into ended.
    """

    head: Head
    parts: tuple[Part, ...] = ()
    clocks: tuple[Running, ...] = ()
    pauses: tuple[Pause, ...] = ()
    requests: tuple[Asked, ...] = ()
    tellers: tuple[Teller, ...] = ()
    main_ends: str = ""

    def asked(self, kind: RequestKind) -> tuple[Asked, ...]:
        """The requests of a kind that nobody has decided yet."""
        return tuple(request for request in self.requests if request.kind == kind and request.open)


@dataclass(frozen=True, slots=True, kw_only=True)
class Carry:
    """Open cases of a version of a kind that are in a state, and what follows for them."""

    kind: str
    version: int
    state: str
    to_version: int
    to: State
