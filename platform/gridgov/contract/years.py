"""What comes round every year in a county, and on which day it has to be done."""

from dataclasses import dataclass
from typing import Final

RECKONINGS: Final = frozenset({"", "calendar", "lists", "bindings"})
"""What the core can see for itself: that the next year's working days are loaded, that a list was
issued anew this year (either is then done), and how many roles end soon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class YearlyDuty:
    """Something to be done by a day of each year.

    ``reckoned`` names what is found out about it (``RECKONINGS``), ``route`` the page to do it on.
    """

    code: str
    name: str
    month: int
    day: int
    about: str = ""
    reckoned: str = ""
    route: str = ""
    source: str = ""
