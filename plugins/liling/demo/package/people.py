"""Invented people of Liling: visibly fictional names, reserved phone numbers, some empty posts."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

from liling.demo.package.places import COUNTY, OFFICES
from liling.demo.package.tree import Place

SINCE: Final = "2025-07-01"
EMPTY_LINE: Final = "430281134"
"""In this town the whole line above one grid is empty, up to the first-level grid."""


@dataclass(frozen=True, slots=True)
class Person:
    """One row of staff.csv."""

    number: str
    name: str
    title: str
    employment: str
    department: str = ""
    phone: str = ""

    @property
    def login(self) -> str:
        return self.number.lower()


@dataclass(slots=True)
class Crew:
    """Everybody, with their posts and roles, numbered in the order of hiring."""

    people: list[Person] = field(default_factory=list[Person])
    posts: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])
    bindings: list[tuple[str, str, str, str]] = field(
        default_factory=list[tuple[str, str, str, str]]
    )
    _counts: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))

    def hire(
        self, prefix: str, title: str, *, employment: str = "official", department: str = ""
    ) -> str:
        """A new person, named for the title: 网格员001. Gives the number."""
        self._counts[prefix] += 1
        count = self._counts[prefix]
        number = f"{prefix}{count:03}"
        phone = f"1990000{len(self.people) + 1:04}"
        name = f"{title}{count:03}"
        self.people.append(Person(number, name, title, employment, department, phone))
        return number

    def serve(self, number: str, post: str, node: str) -> None:
        """Give a post."""
        self.posts.append((number, post, node))

    def bind(self, number: str, role: str, node: str, departments: str = "") -> None:
        """Give a role."""
        self.bindings.append((number, role, node, departments))


def staff(rng: Random, places: Sequence[Place]) -> Crew:
    """The county's crew, from the centre down to each grid."""
    crew = Crew()
    below: defaultdict[str, list[Place]] = defaultdict(list)
    for place in places:
        below[place.parent].append(place)
    empty = set(_empty(rng, places))
    _staff_centre(crew)
    _staff_offices(crew)
    _lead(crew, below[""][0], "市级负责人", empty)
    for district in below[COUNTY]:
        _lead(crew, district, "片区负责人", empty)
        for town in below[district.code]:
            _staff_town(crew, town, empty)
            for village in below[town.code]:
                _staff_station(crew, village, below[village.code], empty)
    return crew


def _empty(rng: Random, places: Sequence[Place]) -> Iterator[tuple[str, str]]:
    """(post, node) pairs left vacant: one whole line, and a few here and there."""
    town = next(place for place in places if place.code == EMPTY_LINE)
    village = next(place for place in places if place.parent == town.code)
    grid = next(place for place in places if place.parent == village.code)
    yield from (("leader", town.code), ("leader", village.code), ("chief", grid.code))
    for post, level, count in (("leader", "village", 4), ("chief", "grid", 14)):
        of_level = [place.code for place in places if place.level == level]
        yield from ((post, code) for code in rng.sample(of_level, count))


def _staff_centre(crew: Crew) -> None:
    """The centre's desk, and the three administrators that must be three people."""
    for prefix, title, role, count in (
        ("DD", "调度员", "dispatcher", 8),
        ("DC", "督查员", "supervisor", 4),
        ("XG", "县级管理员", "county_admin", 2),
        ("AQ", "安全管理员", "security_admin", 2),
        ("SJ", "审计员", "auditor", 1),
    ):
        for _ in range(count):
            crew.bind(crew.hire(prefix, title, department="center"), role, COUNTY)


def _staff_offices(crew: Crew) -> None:
    for office in OFFICES[1:]:
        for _ in range(2):
            number = crew.hire("BM", f"{office.short}经办员", department=office.code)
            crew.bind(number, "handler", COUNTY, office.code)


def _staff_town(crew: Crew, town: Place, empty: set[tuple[str, str]]) -> None:
    _lead(crew, town, "镇街负责人", empty)
    clerk = crew.hire("FZ", "分中心专员")
    crew.serve(clerk, "clerk", town.code)
    crew.bind(clerk, "subcentre_clerk", town.code)


def _staff_station(
    crew: Crew, village: Place, grids: Sequence[Place], empty: set[tuple[str, str]]
) -> None:
    _lead(crew, village, "村社书记", empty)
    clerk = crew.hire("GZ", "工作站专员")
    crew.serve(clerk, "clerk", village.code)
    crew.bind(clerk, "station_clerk", village.code)
    chief = crew.hire("WZ", "网格长")
    crew.bind(chief, "chief", village.code)
    for grid in grids:
        if ("chief", grid.code) not in empty:
            crew.serve(chief, "chief", grid.code)
        employment = "full_time" if grid.urban else "part_time"
        worker = crew.hire("WG", "网格员", employment=employment)
        crew.serve(worker, "worker", grid.code)
        crew.bind(worker, "worker", grid.code)


def _lead(crew: Crew, place: Place, title: str, empty: set[tuple[str, str]]) -> None:
    """The 第一责任人 of a place, unless the post is vacant."""
    if ("leader", place.code) in empty:
        return
    leader = crew.hire("LD", title)
    crew.serve(leader, "leader", place.code)
    crew.bind(leader, "leader", place.code)
