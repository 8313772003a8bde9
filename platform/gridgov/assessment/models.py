"""What is kept of reviews and honours. Free text about people is sealed."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gridgov.cases.models import Case
from gridgov.grid.models import GridNode
from gridgov.kernel.db import TenantRow, tenant_fk, tenant_index
from gridgov.staff.models import Department, StaffMember


class ReviewHeld(TenantRow):
    """A quarterly talk, a half-year summary or a year-end appraisal, as the county calls it."""

    __tablename__ = "reviews"

    kind: Mapped[str]
    period: Mapped[str]
    since: Mapped[date]
    until: Mapped[date]
    state: Mapped[str]
    opened_by: Mapped[UUID | None]
    opened_at: Mapped[datetime]
    appeal_until: Mapped[date | None]
    document: Mapped[str] = mapped_column(server_default="")
    conclusion: Mapped[str] = mapped_column(server_default="")
    published_at: Mapped[datetime | None]
    published_by: Mapped[UUID | None]

    __table_args__ = (
        tenant_index("kind", "period", unique=True),
        tenant_index("until", "id"),
        CheckConstraint("state IN ('open', 'evaluated', 'published')", name="state"),
    )


class ReviewOpinion(TenantRow):
    """What a unit says of an officer, or a supervisor of a unit's problems.

    ``points`` is what both sides agreed to do; ``agreed_at`` and ``remark`` are the officer's.
    """

    __tablename__ = "review_opinions"

    review_id: Mapped[UUID]
    form: Mapped[str]
    department_id: Mapped[UUID | None]
    node_id: Mapped[UUID | None]
    staff_id: Mapped[UUID | None]
    post: Mapped[str] = mapped_column(server_default="")
    case_id: Mapped[UUID | None]
    text: Mapped[bytes]
    points: Mapped[bytes | None]
    author_id: Mapped[UUID | None]
    author: Mapped[str]
    at: Mapped[datetime]
    agreed_at: Mapped[datetime | None]
    remark: Mapped[bytes | None]

    __table_args__ = (
        *tenant_fk("review_id", ReviewHeld, index=False),
        *tenant_fk("department_id", Department),
        *tenant_fk("node_id", GridNode),
        *tenant_fk("staff_id", StaffMember),
        *tenant_fk("case_id", Case),
        tenant_index("review_id", "at"),
    )


class ReviewEvaluation(TenantRow):
    """One computation of a review's figures, by the rules of one edition (its ``digest``)."""

    __tablename__ = "review_evaluations"

    review_id: Mapped[UUID]
    number: Mapped[int]
    digest: Mapped[str]
    edition_at: Mapped[datetime]
    why: Mapped[str]
    started_by: Mapped[UUID | None]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    __table_args__ = (
        *tenant_fk("review_id", ReviewHeld, index=False),
        tenant_index("review_id", "number", unique=True),
    )


class ReviewPart(TenantRow):
    """A computed part of an evaluation: a snapshot, never rewritten."""

    __tablename__ = "review_parts"

    evaluation_id: Mapped[UUID]
    part: Mapped[str]
    content: Mapped[Any] = mapped_column(JSONB)
    at: Mapped[datetime]

    __table_args__ = (
        *tenant_fk("evaluation_id", ReviewEvaluation, index=False),
        tenant_index("evaluation_id", "part", unique=True),
        {"info": {"append_only": True}},
    )


class ReviewCounted(TenantRow):
    """The cases that a department's figure counts; a case stands there as often as it counts.

    A row for each figure and not for each case: a quarter counts a quarter of a million.
    """

    __tablename__ = "review_counted"

    evaluation_id: Mapped[UUID]
    part: Mapped[str]
    department_id: Mapped[UUID]
    figure: Mapped[str]
    case_ids: Mapped[list[UUID]]

    __table_args__ = (
        *tenant_fk("evaluation_id", ReviewEvaluation, index=False),
        *tenant_fk("department_id", Department),
        tenant_index("evaluation_id", "department_id", "figure"),
        {"info": {"append_only": True}},
    )


class ReviewAppeal(TenantRow):
    """A department says that a case does not belong into a figure of its own; others decide."""

    __tablename__ = "review_appeals"

    review_id: Mapped[UUID]
    department_id: Mapped[UUID]
    figure: Mapped[str]
    case_id: Mapped[UUID]
    reason: Mapped[str]
    state: Mapped[str]
    asked_by: Mapped[UUID | None]
    asker: Mapped[str]
    asked_at: Mapped[datetime]
    decided_by: Mapped[UUID | None]
    decider: Mapped[str] = mapped_column(server_default="")
    decided_at: Mapped[datetime | None]
    decision: Mapped[str] = mapped_column(server_default="")

    __table_args__ = (
        *tenant_fk("review_id", ReviewHeld, index=False),
        *tenant_fk("department_id", Department),
        *tenant_fk("case_id", Case),
        tenant_index("review_id", "department_id", "case_id", "figure", unique=True),
        CheckConstraint("state IN ('open', 'upheld', 'dismissed')", name="state"),
    )


class ReviewAnswer(TenantRow):
    """What a unit answered to a question that a comparison raised."""

    __tablename__ = "review_answers"

    review_id: Mapped[UUID]
    node_id: Mapped[UUID]
    comparison: Mapped[str]
    answer: Mapped[str]
    answered_by: Mapped[UUID | None]
    who: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (
        *tenant_fk("review_id", ReviewHeld, index=False),
        *tenant_fk("node_id", GridNode),
        tenant_index("review_id", "node_id", "comparison", unique=True),
    )


class Nomination(TenantRow):
    """Somebody nominated for an honour, with a story that is theirs to agree to."""

    __tablename__ = "nominations"

    honour: Mapped[str]
    staff_id: Mapped[UUID]
    node_id: Mapped[UUID]
    post: Mapped[str]
    story: Mapped[bytes]
    state: Mapped[str]
    nominated_by: Mapped[UUID | None]
    nominator: Mapped[str]
    nominated_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
    published_at: Mapped[datetime | None]

    __table_args__ = (
        *tenant_fk("staff_id", StaffMember),
        *tenant_fk("node_id", GridNode),
        tenant_index("nominated_at", "id"),
        CheckConstraint(
            "state IN ('nominated', 'agreed', 'refused', 'published', 'declined')", name="state"
        ),
    )
