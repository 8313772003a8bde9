"""What a county declares of its staffing: who must be there, for what, and what they are handed."""

from dataclasses import dataclass
from datetime import date
from typing import Final

FULL_TIME: Final = "full_time"
PART_TIME: Final = "part_time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """How many holders of a post a unit of a level needs, and from when until when that is asked.

    ``area`` narrows it to urban or rural units, ``employment`` counts only holders who are employed
    so. ``setting`` names the setting by which a tenant changes the number; 0 asks for nobody.
    ``group`` is what the county calls the posts that belong together.
    """

    code: str
    post: str
    level: str
    count: int = 1
    area: str = ""
    employment: str = ""
    group: str = ""
    setting: str = ""
    since: date = date.min
    until: date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One line of what the holder of a post does, as the unit's page and its card tell it."""

    code: str
    post: str
    words: str
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KitItem:
    """What is handed out for work: to each holder of one of ``posts``, or (none named) to the unit.

    ``area`` narrows it to urban or rural units, ``level`` says which units get one of their own.
    ``key``: somebody may have any number of it, each with a word for what it opens, and nobody
    lacks one; it goes straight to the successor when the post passes on.
    ``phone``: while somebody has one, the number in the staff list is that of their work phone,
    and residents before a code at a door are told it.
    """

    code: str
    name: str
    posts: tuple[str, ...] = ()
    level: str = ""
    area: str = ""
    key: bool = False
    phone: bool = False
    source: str = ""
