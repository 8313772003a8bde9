"""The lists that a county works by: which there are, and the rows that are words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

CLASSES: Final = "classes"
ASSIGNMENT: Final = "assignment"
REMITS: Final = "remits"
ROUNDS: Final = "rounds"

LISTS: Final = frozenset({CLASSES, ASSIGNMENT, REMITS, ROUNDS})
"""The lists of the core: categories with their urgency, categories with their departments, what
each department answers for, what is looked at on a daily round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountyList:
    """A list under the county's own name. ``code`` is one of the core's (``LISTS``)."""

    code: str
    name: str
    about: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remit:
    """Something that a department answers for, in words; ``department`` is its code."""

    code: str
    department: str
    text: str
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """Something to look at on a daily round. ``group`` is the heading that it stands under."""

    code: str
    group: str
    text: str
    often: str = ""
    source: str = ""


FIELDS: Final[Mapping[str, frozenset[str]]] = {
    CLASSES: frozenset({"urgency"}),
    ASSIGNMENT: frozenset({"departments"}),
    REMITS: frozenset({"department", "text"}),
    ROUNDS: frozenset({"group", "text", "often"}),
}
"""What a change can say of a row of each list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """A standing rule that goes with the lists; ``route`` names the page where it is at work."""

    code: str
    name: str
    about: str = ""
    route: str = ""
    source: str = ""
