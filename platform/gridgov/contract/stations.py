"""Working places: the zones of a hall, the seats that are on duty, and what is run as one."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


class Days(StrEnum):
    """On which days a shift is kept."""

    WORKING = "working"
    REST = "rest"
    EVERY = "every"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A turn of duty; one that ends no later than it ``begins`` ends on the next morning."""

    code: str
    name: str
    begins: str
    ends: str
    days: Days = Days.EVERY
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A department's place in the halls of these levels that is on duty in these shifts.

    One without a department is taken by whoever holds a post at the hall.
    """

    code: str
    name: str
    levels: tuple[str, ...] = ()
    department: str = ""
    shifts: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """A part of the hall on these levels, with the people who serve there and its queue.

    The queue are the open cases at the hall's desk: in one of the ``states`` (empty: any), and of
    one of the ``categories`` or ``kinds`` (both empty: any). ``tickets`` says that people take a
    number there. ``seats`` and the holders of ``roles`` at the hall are its staff.
    """

    code: str
    name: str
    about: str = ""
    levels: tuple[str, ...]
    states: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    seats: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    tickets: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """Something that several centres run as one, and the pages on which it is done.

    ``pages`` are (label, route name) pairs. One without a page would be a slogan: it is refused.
    """

    code: str
    group: str
    name: str
    about: str
    pages: tuple[tuple[str, str], ...]
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """A named worklist over all cases: those of its ``categories`` (or groups) or its ``kinds``.

    One that went to departments stays on it as long as one of ``departments`` has it.
    """

    code: str
    name: str
    about: str = ""
    departments: tuple[str, ...]
    categories: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    source: str = ""


def faults_of_shift(shift: Shift) -> Iterator[tuple[str, str]]:
    """A field and a sentence for each fault."""
    for field in ("begins", "ends"):
        if not _TIME.fullmatch(getattr(shift, field)):
            yield field, "A time of day is written 08:30."


def faults_of_seat(
    seat: Seat, *, shifts: Collection[str], levels: Collection[str]
) -> Iterator[tuple[str, str]]:
    """A field and a sentence for each fault. ``levels`` are those on which there is a hall."""
    if not seat.levels:
        yield "levels", "It stands in no hall."
    yield from _unknown("levels", "hall on the level", seat.levels, levels)
    if not seat.shifts:
        yield "shifts", "Nobody is ever on duty there."
    yield from _unknown("shifts", "shift", seat.shifts, shifts)


def faults_of_zone(zone: Zone, known: dict[str, Collection[str]]) -> Iterator[tuple[str, str]]:
    """A field and a sentence for each fault. ``known`` are the codes that each field may name."""
    if not zone.levels:
        yield "levels", "It lies in no hall."
    for field, noun in (
        ("levels", "level with a desk"),
        ("states", "state"),
        ("categories", "category"),
        ("kinds", "kind of case"),
        ("seats", "seat"),
        ("roles", "role"),
    ):
        yield from _unknown(field, noun, getattr(zone, field), known[field])


def faults_of_joint(joint: Joint) -> Iterator[tuple[str, str]]:
    """A field and a sentence for each fault."""
    if not joint.pages:
        yield "pages", "Without a page on which it is done it is a slogan."


def faults_of_platform(
    platform: Platform, known: dict[str, Collection[str]]
) -> Iterator[tuple[str, str]]:
    """As for a zone."""
    if not platform.departments:
        yield "departments", "No department works on it."
    if not platform.categories and not platform.kinds:
        yield "categories", "It names neither categories nor kinds, so nothing belongs to it."
    yield from _unknown("categories", "category", platform.categories, known["categories"])
    yield from _unknown("kinds", "kind of case", platform.kinds, known["kinds"])


def _unknown(
    field: str, noun: str, named: Collection[str], known: Collection[str]
) -> Iterator[tuple[str, str]]:
    for code in named:
        if code not in known:
            yield field, f"There is no {noun} {code}."
