"""What is kept of a case: its present in one row, its past in rows that are only ever added."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Integer
from sqlalchemy.orm import Mapped, mapped_column

from gridgov.grid.models import GridNode
from gridgov.kernel.db import TenantRow, path_column, tenant_fk, tenant_index
from gridgov.staff.models import Department

_OPEN = "ends = ''"
_LIT = ("node_path", "due_at", "yellow_at", "paused_at")
_DONE = ("closed_at", "node_path", "late", "solved_level")
_TOLD = ["promise_at", "late", "ends", "category", "kind"]
_JUDGED = ["ends", "turn", "reopened", "id"]
_STARS = ["case_id", "stars"]


class Case(TenantRow):
    """One thing to see to, in one place of the grid.

    ``id`` is made from the moment of opening, so the order of ids is the order of opening.
    ``node_id`` is the node that it was opened on and ``opened_path`` where that stood on the day
    (then-boundaries); ``node_path`` is the present path, by which scopes find it. ``desk_path`` is
    the node whose desk has it now, ``passed_from`` the one that passed it up to there. ``level`` is
    the level of the desk that has it, ``solved_level`` where it was solved.

    ``due_at`` and ``yellow_at`` are the earliest of all running clocks, so the case's light is the
    worst of theirs; an open case always has a running clock. ``promise_at`` is the clock that
    on-time is judged by, ``late`` the judgement once that clock has stopped. ``tell_at`` is when
    somebody must next be told that the light changed; empty when told, paused or ended. ``term`` is
    how long it may take by what it is about, as people write it; empty: as the urgency has it.
    ``ends`` is empty while open, else ``closed``, ``refused`` or ``merged``. ``turn`` says whose
    turn it is: desk, department, reporter, or nobody's. ``words`` is what text search compares.
    """

    __tablename__ = "cases"

    code: Mapped[str] = path_column()
    kind: Mapped[str]
    kind_version: Mapped[int]
    category: Mapped[str]
    urgency: Mapped[str]
    title: Mapped[str]
    description: Mapped[str]
    words: Mapped[str]
    origin: Mapped[str]
    node_id: Mapped[UUID]
    opened_path: Mapped[str] = path_column()
    node_path: Mapped[str] = path_column(follows=True)
    desk_path: Mapped[str] = path_column(follows=True)
    passed_from: Mapped[str | None] = path_column(nullable=True, follows=True)
    level: Mapped[str]
    solved_level: Mapped[str] = mapped_column(server_default="")
    place: Mapped[str] = mapped_column(server_default="")
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    state: Mapped[str]
    turn: Mapped[str] = mapped_column(server_default="")
    ends: Mapped[str] = mapped_column(server_default="")
    due_at: Mapped[datetime]
    yellow_at: Mapped[datetime]
    promise_at: Mapped[datetime | None]
    term: Mapped[str] = mapped_column(server_default="")
    provisional: Mapped[bool] = mapped_column(server_default="false")
    paused_at: Mapped[datetime | None]
    told_light: Mapped[str] = mapped_column(server_default="")
    tell_at: Mapped[datetime | None]
    reported_by: Mapped[UUID | None]
    handled_by: Mapped[UUID | None]
    opened_at: Mapped[datetime]
    filed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    late: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(server_default="")
    bounces: Mapped[int] = mapped_column(server_default="0")
    reopened: Mapped[int] = mapped_column(server_default="0")
    urged: Mapped[int] = mapped_column(server_default="0")
    supervised: Mapped[bool] = mapped_column(server_default="false")
    merged_into: Mapped[UUID | None]
    before_merge: Mapped[dict[str, Any] | None]
    version: Mapped[int] = mapped_column(server_default="1")

    __table_args__ = (
        tenant_index("code", unique=True),
        *tenant_fk("node_id", GridNode),
        *tenant_fk("merged_into", "cases", index=False),
        tenant_index("merged_into", postgresql_where="merged_into IS NOT NULL"),
        tenant_index("node_path", "id"),
        tenant_index("opened_at", "category", "node_path", postgresql_include=["origin"]),
        tenant_index("category", "id"),
        tenant_index("urgency", "id"),
        tenant_index("id", postgresql_where="supervised"),
        tenant_index("ends", "id", postgresql_where="ends IN ('refused', 'merged')"),
        tenant_index("reported_by", "id", postgresql_where="reported_by IS NOT NULL"),
        tenant_index("due_at", "id", postgresql_where=_OPEN),
        tenant_index(*_LIT, postgresql_where=_OPEN, postgresql_include=_TOLD),
        tenant_index("desk_path", "turn", "state", "due_at", postgresql_where=_OPEN),
        tenant_index("tell_at", postgresql_where="tell_at IS NOT NULL"),
        tenant_index("provisional", postgresql_where="provisional AND ends = ''"),
        tenant_index(*_DONE, postgresql_where="ends = 'closed'", postgresql_include=_JUDGED),
        CheckConstraint("ends IN ('', 'closed', 'refused', 'merged')", name="ends"),
        CheckConstraint("turn IN ('', 'desk', 'department', 'reporter')", name="turn"),
        {"info": {"counted_together": ("ends", "turn", "state")}},
    )


class CaseReporter(TenantRow):
    """Somebody who reported the matter: their own contact, notice and rating, even after a merge.

    Contact fields are sealed. ``phone_index`` is a keyed digest for equality search; ``phone_tail``
    one of the case and the last four digits, ``pin`` of the case and the PIN of an anonymous
    reporter: either opens the tracking page of this case, and tells nothing beside it. ``stars``
    are what was given to each question that the county asks, by its code.
    """

    __tablename__ = "case_reporters"

    case_id: Mapped[UUID]
    account_id: Mapped[UUID | None]
    name: Mapped[bytes | None]
    phone: Mapped[bytes | None]
    address: Mapped[bytes | None]
    phone_index: Mapped[bytes | None]
    phone_tail: Mapped[bytes | None]
    pin: Mapped[bytes | None]
    stars: Mapped[dict[str, Any] | None]
    comment: Mapped[str] = mapped_column(server_default="")
    rated_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    __table_args__ = (
        *tenant_fk("case_id", Case),
        tenant_index("phone_index"),
        tenant_index(
            "rated_at", postgresql_where="rated_at IS NOT NULL", postgresql_include=_STARS
        ),
    )


class CaseStep(TenantRow):
    """One line of the timeline; only ever added. ``public`` lines are shown to the reporter.

    ``who`` is the duty in which somebody acted; the account stands beside it.
    """

    __tablename__ = "case_steps"

    case_id: Mapped[UUID]
    at: Mapped[datetime]
    action: Mapped[str]
    before: Mapped[str]
    after: Mapped[str]
    account_id: Mapped[UUID | None]
    who: Mapped[str]
    note: Mapped[str]
    details: Mapped[dict[str, Any]]
    public: Mapped[bool]

    __table_args__ = (
        *tenant_fk("case_id", Case, index=False),
        tenant_index("case_id", "id"),
        tenant_index("action", "at"),
        tenant_index("account_id", "at", postgresql_where="account_id IS NOT NULL"),
        {"info": {"append_only": True}},
    )


class CaseAssignment(TenantRow):
    """A department's part in a case."""

    __tablename__ = "case_assignments"

    case_id: Mapped[UUID]
    department_id: Mapped[UUID]
    state: Mapped[str]
    reason: Mapped[str] = mapped_column(server_default="")
    objected: Mapped[bool] = mapped_column(server_default="false")
    offered_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]

    __table_args__ = (
        *tenant_fk("case_id", Case),
        *tenant_fk("department_id", Department, index=False),
        tenant_index("department_id", "case_id", postgresql_include=["state"]),
        tenant_index(
            "department_id",
            "state",
            "case_id",
            postgresql_where="state IN ('offered', 'accepted')",
        ),
        CheckConstraint(
            "state IN ('offered', 'accepted', 'returned', 'done', 'withdrawn')", name="state"
        ),
    )


class CaseClock(TenantRow):
    """One deadline: what started it, by which rule and calendar version, and until when.

    ``bearer`` tells whose clock it is where there may be several: a department's id or a level's
    code. ``rounds`` is how often the case had been reopened when it started. ``history`` lists
    every change of it with its cause, so a page can say why the light is red.
    """

    __tablename__ = "case_clocks"

    case_id: Mapped[UUID]
    code: Mapped[str]
    name: Mapped[str]
    bearer: Mapped[str]
    rounds: Mapped[int]
    rule_from: Mapped[str]
    amount: Mapped[int]
    extended: Mapped[int]
    unit: Mapped[str]
    warn_amount: Mapped[int]
    promise: Mapped[bool]
    source: Mapped[str]
    calendar_version: Mapped[int]
    provisional: Mapped[bool]
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    yellow_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]
    history: Mapped[list[dict[str, Any]]]

    __table_args__ = (
        *tenant_fk("case_id", Case, index=False),
        tenant_index("case_id", "code", "bearer", "rounds", unique=True),
    )


class CasePause(TenantRow):
    """While this lasts no clock of the case runs."""

    __tablename__ = "case_pauses"

    case_id: Mapped[UUID]
    reason: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    approved_by: Mapped[UUID | None]

    __table_args__ = (*tenant_fk("case_id", Case),)


class CaseRequest(TenantRow):
    """Something asked of somebody who decides.

    An extension (``amount`` in days), a pause, a department's objection to having been sent it.
    """

    __tablename__ = "case_requests"

    case_id: Mapped[UUID]
    kind: Mapped[str]
    state: Mapped[str]
    reason: Mapped[str]
    amount: Mapped[int]
    department_id: Mapped[UUID | None]
    asked_by: Mapped[UUID | None]
    asked_at: Mapped[datetime]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    decision: Mapped[str] = mapped_column(server_default="")

    __table_args__ = (
        *tenant_fk("case_id", Case),
        *tenant_fk("department_id", Department, index=False),
        tenant_index("department_id", "kind"),
        tenant_index("state", "asked_at"),
    )


class CaseTerm(TenantRow):
    """A pair of neighbouring characters in title, place or category: the index of text search.

    Never made of text that may hold personal data.

    No foreign key: it would cost a look-up for each of the twenty rows of a report. The one table
    that is found by its key alone, which is why the key begins with the term.
    """

    __tablename__ = "case_terms"

    term: Mapped[int] = mapped_column(Integer, primary_key=True, sort_order=-1)
    id: Mapped[UUID] = mapped_column(primary_key=True)  # the case


class CaseCount(TenantRow):
    """How many cases of a state lie on a leaf, counted in the transaction that changes them."""

    __tablename__ = "case_counts"

    node_path: Mapped[str] = path_column(follows=True)
    state: Mapped[str]
    count: Mapped[int]

    __table_args__ = (tenant_index("node_path", "state", unique=True),)


class CaseCodeCounter(TenantRow):
    """The last running number of a day, so that codes have no gaps."""

    __tablename__ = "case_code_counters"

    day: Mapped[str]
    last: Mapped[int]

    __table_args__ = (tenant_index("day", unique=True),)


class Circular(TenantRow):
    """A supervision circular as it was issued: never changed afterwards.

    ``node_path`` is the unit that it was issued for, ``place`` what that was called. ``number`` is
    counted anew each year.
    """

    __tablename__ = "circulars"

    year: Mapped[int]
    number: Mapped[int]
    node_path: Mapped[str] = path_column(follows=True)
    place: Mapped[str]
    first: Mapped[date]
    last: Mapped[date]
    opening: Mapped[str]
    demand: Mapped[str]
    answer_by: Mapped[date]
    issued_at: Mapped[datetime]
    issued_by: Mapped[str]

    __table_args__ = (
        tenant_index("year", "number", unique=True),
        tenant_index("issued_at", "id"),
    )


class CircularLine(TenantRow):
    """One matter of a circular, in the words of the day on which it was issued."""

    __tablename__ = "circular_lines"

    circular_id: Mapped[UUID]
    case_id: Mapped[UUID]
    code: Mapped[str]
    title: Mapped[str]
    town: Mapped[str]
    place: Mapped[str]
    unit: Mapped[str]
    state: Mapped[str]
    light: Mapped[str]
    due_at: Mapped[datetime]
    supervised_at: Mapped[datetime]
    reason: Mapped[str]
    struck_off_at: Mapped[datetime | None]
    asked: Mapped[str]

    __table_args__ = (*tenant_fk("circular_id", Circular), *tenant_fk("case_id", Case))
