"""What a county declares of its teams and meetings."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamKind:
    """A kind of team that units of a level have. ``wanted``: one on each of them.

    ``unnamed``: residents in it are counted, never named, because to stand in it says what
    somebody believes or belongs to. Staff are named by their number as everywhere.
    """

    code: str
    name: str
    level: str
    wanted: bool = True
    unnamed: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingKind:
    """A kind of meeting. ``levels`` are where it is held, ``posts`` who is asked to come.

    Who holds one of ``posts`` on the unit or below it is expected. ``every_days`` is how often it
    comes round; 0 is when needed. ``on_case``: it is called about one case, by departments
    and not by posts, and its conclusion becomes a line of that case's timeline.
    """

    code: str
    name: str
    levels: tuple[str, ...]
    posts: tuple[str, ...] = ()
    every_days: int = 0
    on_case: bool = False
    source: str = ""
