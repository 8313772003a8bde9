"""What comes round every year in a county, and on which day it has to be done."""

from dataclasses import dataclass
from typing import Final

RECKONINGS: Final = frozenset(
    {"", "calendar", "lists", "reviews", "access", "consents", "switches", "archive"}
)
"""What the core can see for itself.

That the next year's working days are loaded, that a list was issued anew or a review begun this
year (each is then done). How many roles end soon or belong to somebody who left; which words and
consents of people run out, which switches (done where none does); what of the last year is to be
put away. Each number opens its records.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class YearlyDuty:
    """Something to be done by a day of each year.

    ``reckoned`` names what is found out about it (``RECKONINGS``), ``route`` the page to do it on.
    ``by`` are the roles that do it, where it is not whoever keeps the year: the page names them.
    """

    code: str
    name: str
    month: int
    day: int
    about: str = ""
    reckoned: str = ""
    route: str = ""
    by: tuple[str, ...] = ()
    source: str = ""
