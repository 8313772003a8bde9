"""What a county declares of its services: the batches of its one catalogue, and how it counts them.

The items themselves are data of the tenant (a file of its package, or an import); what is said of
them in several numbers is one catalogue with flags, and each number a count of one flag.
"""

from dataclasses import dataclass
from typing import Final

ASSIST: Final = "assist"
"""The code of the kind of case by which an item is done for a resident; without it nobody can."""

SERVICE_FLAGS: Final = ("town", "village", "agency", "online", "assisted")
"""Where and how an item is handled: at the town, at the village, by a worker as agent, with a guide
online, wholly assisted (which needs a list of materials)."""

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
    """A flag of the catalogue in the county's words.

    ``printed`` is the number that a text of the county gives, shown beside the count.
    """

    code: str
    name: str
    printed: int = 0
    source: str = ""
