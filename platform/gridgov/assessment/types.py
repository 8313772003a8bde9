"""Words of the assessment room."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID


class AssessmentRight(StrEnum):
    """Figures are read where the right reaches; reviews are of the whole county."""

    READ = "assessment.read"
    LEAD = "assessment.lead"
    COMMENT = "assessment.comment"
    SUPERVISE = "assessment.supervise"
    APPEAL = "assessment.appeal"
    DECIDE = "assessment.decide"
    NOMINATE = "assessment.nominate"


EVALUATE: Final = "review.evaluate"
"""The event that computes the next part of an evaluation."""

DEPARTMENTS, UNITS, QUESTIONS = "departments", "units", "questions"
"""What an evaluation is made of, in the order in which it is computed."""


class ReviewState(StrEnum):
    """``open``: opinions are written; ``evaluated``: figures can be appealed; ``published``."""

    OPEN = "open"
    EVALUATED = "evaluated"
    PUBLISHED = "published"


class AppealState(StrEnum):
    """Where an appeal stands."""

    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


class NominationState(StrEnum):
    """A nomination is published only if the nominated person agrees."""

    NOMINATED = "nominated"
    AGREED = "agreed"
    REFUSED = "refused"
    PUBLISHED = "published"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Period:
    """Days that are looked back on: from ``since`` until before ``until``."""

    code: str
    name: str
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of each figure lie at each place. A figure that was never recorded has no number.

    ``whole`` are the figures for which nothing found means none: what they count is always kept.
    """

    by_path: Mapping[str, Mapping[str, int]]
    whole: frozenset[str]

    def under(self, figure: str, path: str) -> int | None:
        """The sum in the subtree; None where nothing was recorded."""
        found = [n for at, n in self.by_path.get(figure, {}).items() if at.startswith(path)]
        if found:
            return sum(found)
        return 0 if figure in self.whole else None

    def places(self, figure: str, path: str) -> int:
        """At how many places in the subtree something was recorded."""
        return sum(1 for at, n in self.by_path.get(figure, {}).items() if n and at.startswith(path))


@dataclass(frozen=True, slots=True)
class Kept:
    """One record behind a figure. ``opens`` is the id of the page that shows it."""

    id: UUID
    at: datetime
    path: str
    amount: int
    title: str
    opens: UUID


@dataclass(slots=True)
class DepartmentFigures:
    """What a review says of a department's matters.

    ``closed`` are the cases in which it did its part and which were closed in the period;
    ``solved`` those of them that nobody asked to do again; ``silent`` those whose reporters have
    not said how it was. ``stars`` are all that were given to a question, and how often.
    """

    department: str
    name: str
    closed: int = 0
    on_time: int = 0
    overdue: int = 0
    solved: int = 0
    silent: int = 0
    rated: int = 0
    satisfied: int = 0
    stars: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])

    @property
    def means(self) -> dict[str, float]:
        """The mean of the stars for each question that somebody answered."""
        return {code: given / count for code, (given, count) in self.stars.items() if count}

    def add(self, other: "DepartmentFigures") -> None:
        """Count another month in."""
        for name in ("closed", "on_time", "overdue", "solved", "silent", "rated", "satisfied"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for code, (given, count) in other.stars.items():
            before, times = self.stars.get(code, (0, 0))
            self.stars[code] = (before + given, times + count)

    @property
    def judged(self) -> int:
        """What the on-time rate is a part of: as everywhere, closed and overdue open ones."""
        return self.closed + self.overdue


@dataclass(frozen=True, slots=True)
class CountedCase:
    """A case that was counted, as it stands now. ``times``: once, or once for each rating."""

    id: UUID
    code: str
    title: str
    opened_at: datetime
    closed_at: datetime | None
    late: bool | None
    times: int


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A review in a list or on its page."""

    id: UUID
    kind: str
    period: str
    since: date
    until: date
    state: str
    opened_at: datetime
    appeal_until: date | None
    document: str
    conclusion: str
    published_at: datetime | None

    @property
    def last_day(self) -> date:
        """The last day that it looks back on."""
        return self.until - timedelta(days=1)

    def runs_on(self, today: date) -> bool:
        """Whether its period is not over: what is computed is so far."""
        return today < self.until


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures as they were computed once, by named rules. ``parts`` holds those that are done."""

    id: UUID
    number: int
    digest: str
    edition_at: datetime
    why: str
    started_at: datetime
    finished_at: datetime | None
    parts: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def departments(self) -> list[DepartmentFigures]:
        """By department, in the order of their codes; the months so far taken together."""
        found: dict[str, DepartmentFigures] = {}
        for part, rows in self.parts.items():
            for row in rows if part.startswith(DEPARTMENTS) else ():
                named = DepartmentFigures(row["department"], row["name"])
                found.setdefault(named.department, named).add(DepartmentFigures(**row))
        return [*found.values()]

    @property
    def has_units(self) -> bool:
        """Whether the work content is computed already."""
        return UNITS in self.parts

    @property
    def units(self) -> Counts:
        """The work content of the units."""
        content = self.parts.get(UNITS, {"by_path": {}, "whole": []})
        return Counts(content["by_path"], frozenset(content["whole"]))

    @property
    def questions(self) -> list[dict[str, Any]]:
        """What there is to ask: unit, comparison and its two numbers."""
        return list(self.parts.get(QUESTIONS, []))


@dataclass(frozen=True, slots=True)
class OpinionRow:
    """What somebody wrote into a review; opened for who may read it."""

    id: UUID
    form: str
    about: str
    post: str
    case_id: UUID | None
    case_code: str
    case_seen: bool
    text: str
    points: str
    author: str
    at: datetime
    mine: bool
    of_me: bool
    agreed_at: datetime | None
    remark: str


@dataclass(frozen=True, slots=True)
class AppealRow:
    """What a department says against a figure of its own."""

    id: UUID
    department: str
    figure: str
    case_id: UUID
    case_code: str
    case_seen: bool
    reason: str
    asker: str
    asked_by: UUID | None
    asked_at: datetime
    state: str
    decider: str
    decided_at: datetime | None
    decision: str


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """What a unit answered to a question."""

    node_id: UUID
    comparison: str
    answer: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NominationRow:
    """Somebody nominated for an honour, with the story."""

    id: UUID
    honour: str
    name: str
    post: str
    place: str
    story: str
    nominated_at: datetime
    nominator: str
    state: str
    mine: bool
    published_at: datetime | None
