"""What a county declares of its services: the batches of its one catalogue, and how it counts them.

The items themselves are data of the tenant (a file of its package, or an import); what is said of
them in several numbers is one catalogue with flags, and each number a count of one flag.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

ASSIST: Final = "assist"
"""The code of the kind of case by which an item is done for a resident; without it nobody can."""

ITEM_COLUMNS: Final = ("term", "what", "who", "steps", "materials", "fee", "place", "source")
"""What a file of the catalogue says of an item; a flag can need some of it to be filled in."""

RETURNED: Final = "returned"
"""Where a document is that the resident has back: the one place that no county declares."""

ASKED: Final = frozenset({"nothing_held", "authorised"})
"""What an action can have asked of higher rooms: no document of the resident is still held; the
resident's authorisation is there and has not run out."""

SERVICE_SETTINGS: Final = frozenset(
    {"authority_days", "booking_days_ahead", "bookings_half_day", "bookings_per_phone"}
)
"""The settings that the core asks for once a county has a catalogue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceBatch:
    """A part of the catalogue. ``category`` is what a case is filed under that does such an item.

    Without a category nothing of the batch can be done for a resident.
    """

    code: str
    name: str
    category: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceFlag:
    """A flag of the catalogue in the county's words; its code heads a column of a package's file.

    ``heading`` is what that column is called for people, the name if empty. ``printed`` is the
    number that a text of the county gives, shown beside the count. ``on_behalf`` is for the one
    flag by which an item can be done for a resident and a visit booked for it. An item that bears
    a flag bears that which it is ``under``, and has what the flag ``needs`` (``ITEM_COLUMNS``).
    """

    code: str
    name: str
    heading: str = ""
    printed: int = 0
    on_behalf: bool = False
    under: str = ""
    needs: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyPlace:
    """In whose hands a resident's document can be; the first is where it is once handed over.

    What is ``at_hand`` lies with who serves the grid, and is passed on with the post.
    """

    code: str
    name: str
    at_hand: bool = False
    source: str = ""


def on_behalf(flags: Iterable[ServiceFlag]) -> str:
    """The code of the flag by which an item can be done for a resident; empty without one."""
    return next((flag.code for flag in flags if flag.on_behalf), "")


def shown_first(flags: Iterable[ServiceFlag]) -> tuple[str, ...]:
    """Flags that say an item can be done for a resident, those that promise the most first."""
    declared = tuple(flags)
    code = on_behalf(declared)
    more = tuple(flag.code for flag in declared if flag.under == code)
    return (*more, code) if code else ()


Fault = tuple[str, str, str]
"""The declaration, its field, and a sentence."""


def service_faults(
    batches: Iterable[ServiceBatch],
    flags: Iterable[ServiceFlag],
    custody: Iterable[CustodyPlace],
) -> Iterator[Fault]:
    """What is wrong with them among themselves."""
    declared = tuple(flags)
    places = tuple(custody)
    yield from _faults_of_flags(declared)
    for place in places:
        if place.code == RETURNED:
            yield f"custody {place.code}", "code", "The core knows what has been returned."
    for batch in batches:
        named = f"service batch {batch.code}"
        if batch.category and not on_behalf(declared):
            yield named, "category", "No service flag says what can be done for residents."
        if batch.category and not places:
            yield named, "category", "No place of custody says where residents' documents lie."


def _faults_of_flags(flags: tuple[ServiceFlag, ...]) -> Iterator[Fault]:
    codes = {flag.code for flag in flags}
    taken = {"code", "name", "batch", "department", "synthetic", *ITEM_COLUMNS}
    for flag in flags:
        named = f"service flag {flag.code}"
        if flag.code in taken:
            yield named, "code", "Another column of the catalogue's file has this name."
        if flag.under and flag.under not in codes:
            yield named, "under", f"There is no service flag {flag.under}."
        for column in flag.needs:
            if column not in ITEM_COLUMNS:
                yield named, "needs", f"An item has no {column}: {', '.join(ITEM_COLUMNS)}."
    doing = [flag.code for flag in flags if flag.on_behalf]
    if len(doing) > 1:
        yield "service flags", "on_behalf", f"One flag says it, not {' and '.join(doing)}."
