"""Words of the portal."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Ticket:
    """What opens the page of one's own case for a while: carried sealed in a cookie."""

    case_id: UUID
    reporter_id: UUID
    until: datetime


@dataclass(frozen=True, slots=True)
class VisitTicket:
    """The same for one's own booked visit."""

    visit_id: UUID
    until: datetime


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a reporter must keep: shown once, carried sealed in the address."""

    code: str
    pin: str


@dataclass(frozen=True, slots=True)
class VisitReceipt:
    """The same of who booked a visit; the door and the phone stay out of it."""

    code: str
    place: str
    day: date
    half: str
