"""Words of the services room, and an item of the catalogue as files and pages know it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from gridgov.contract.services import RETURNED
from gridgov.kernel.changes import Verb


class ServiceRight(StrEnum):
    """What one may do with services. A binding says where; guides are for everybody."""

    READ = "service.read"
    MAINTAIN = "service.maintain"
    ASSIST = "service.assist"
    BOOK = "service.book"
    CODES = "service.codes"
    EXPORT = "service.export"


SIGNATURE_OWNER: Final = "authorisation"
"""What the picture of a signature is filed under."""

NOTHING_HELD: Final = "nothing_held"
AUTHORISED: Final = "authorised"
"""What actions of the assisted kind have asked of this room (``contract.services.ASKED``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of the catalogue. ``department`` is a code; ``term`` as people write it, or empty.

    ``flags`` are codes of those that the county declares; ``line`` is where the file has it.
    """

    code: str
    name: str
    batch: str
    department: str
    flags: frozenset[str] = frozenset()
    term: str = ""
    what: str = ""
    who: str = ""
    steps: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()
    fee: str = ""
    place: str = ""
    source: str = ""
    synthetic: bool = False
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, order=True)
class CellFault:
    """What is wrong in a file, and where. Row and column count from 1; 0: the file as a whole."""

    row: int
    column: int
    head: str
    sentence: str

    @property
    def cell(self) -> str:
        """As a spreadsheet names it: C7; the row alone where it is about all of it."""
        if not self.column:
            return str(self.row) if self.row else ""
        letters, number = "", self.column
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(ord("A") + rest) + letters
        return f"{letters}{self.row}"


@dataclass(frozen=True, slots=True)
class Change:
    """One item in which a file differs from the catalogue; ``fields`` are (name, before, after)."""

    verb: Verb
    code: str
    name: str
    fields: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a list is narrowed to; empty means everything that is offered."""

    words: str = ""
    batch: str = ""
    department: str = ""
    flag: str = ""

    @property
    def narrowed(self) -> int:
        """How many filters are set."""
        return sum(bool(one) for one in (self.words, self.batch, self.department, self.flag))


@dataclass(frozen=True, slots=True)
class Counts:
    """The whole catalogue in numbers: by flag, batch and department."""

    whole: int
    flags: dict[str, int]
    batches: dict[str, int]
    departments: tuple[tuple[str, str, int], ...]
    synthetic: int


class Way(StrEnum):
    """How a resident gave authority: by a signature, or in words that somebody witnessed."""

    SIGNED = "signed"
    ORAL = "oral"


class Half(StrEnum):
    """Half a day: nobody waits at home for a minute."""

    MORNING = "morning"
    AFTERNOON = "afternoon"


class Booked(StrEnum):
    """Where an appointment stands."""

    BOOKED = "booked"
    DONE = "done"
    MISSED = "missed"
    CANCELLED = "cancelled"


class CodeKind(StrEnum):
    """What a printed code hangs at."""

    DOOR = "door"
    STAIR = "stair"
    GRID = "grid"


class RevokedFor(StrEnum):
    """Why a code was revoked."""

    TORN = "torn"
    COPIED = "copied"
    MISPLACED = "misplaced"
    NEEDLESS = "needless"


@dataclass(frozen=True, slots=True)
class Granted:
    """A resident's authorisation as pages show it. ``witness`` is masked."""

    id: UUID
    way: str
    purpose: str
    valid_until: date
    witness: str
    given_at: datetime
    taken_by: str
    ended_on: date | None

    def holds(self, day: date) -> bool:
        """Whether it covers that day."""
        return self.ended_on is None and day <= self.valid_until


@dataclass(frozen=True, slots=True)
class Hand:
    """One line of a document's way: who signed for it, when, and where it is since."""

    where: str
    at: datetime
    who: str


@dataclass(frozen=True, slots=True)
class Held:
    """A document of the resident's that was handed over: where it is, and every hand it was in."""

    id: UUID
    name: str
    copies: int
    place: str
    since: datetime
    history: tuple[Hand, ...]

    @property
    def out(self) -> bool:
        """Whether the resident has it not back yet."""
        return self.place != RETURNED


@dataclass(frozen=True, slots=True)
class Visit:
    """A booked visit as lists show it. Which door and who, is masked."""

    id: UUID
    code: str
    node_path: str
    building: str
    day: date
    half: str
    state: str
    item: str
    moved: int
    made_at: datetime
    door: str
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class Doorstep:
    """Who lives where, opened for a reason."""

    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    door: str = field(default="", repr=False)
    note: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Made:
    """A visit that was booked. ``pin`` is told once, to who left no phone number."""

    id: UUID
    code: str
    pin: str = field(default="", repr=False)
