"""Invented offices of the centre, the sub-centres and the stations; a few are not known yet.

No text prints an address, a phone or an opening hour: all of it is made up, and numbers begin
with zeros, which nobody can be called by.
"""

from collections.abc import Iterator, Sequence
from random import Random
from typing import Final

from liling.demo.package.places import COUNTY
from liling.demo.package.tree import Place

HEADER: Final = ("node", "address", "phone", "hours", "rest_hours", "synthetic")
_OFFICE: Final = "08:30-12:00 14:30-17:30"
_ALL_DAY: Final = "08:30-17:30"
_WEEKEND: Final = "09:00-12:00"
_ROADS: Final = ("瓷城路", "渌江路", "青云路", "玉屏路", "红旗路", "解放路", "泉湖路", "世纪路")
_BESIDE: Final = ("村部一楼", "村部东侧", "文化礼堂旁", "卫生室隔壁", "老小学院内", "戏台对面")
_HOUSES: Final = 180
_NO_PHONE: Final = 7
_NO_HOURS: Final = 5


def rows(rng: Random, places: Sequence[Place]) -> Iterator[tuple[str, ...]]:
    """One for every unit with a desk."""
    above = {place.code: place for place in places}
    desks = [place for place in places if place.level in {"county", "town", "village"}]
    villages = [place.code for place in desks if place.level == "village"]
    unknown = rng.sample(villages, _NO_PHONE + _NO_HOURS)
    no_phone, no_hours = set(unknown[:_NO_PHONE]), set(unknown[_NO_PHONE:])
    for number, place in enumerate(desks, start=1):
        hours, rest = _hours(rng, place)
        known = place.code not in no_hours
        yield (
            place.code,
            _address(rng, place, above),
            "" if place.code in no_phone else f"0731-0000{number:04}",
            hours if known else "",
            rest if known else "",
            "true",
        )


def _address(rng: Random, place: Place, above: dict[str, Place]) -> str:
    road = f"{rng.choice(_ROADS)}{rng.randrange(1, _HOUSES)}号"
    if place.code == COUNTY:
        return f"{road}政务服务大厅一楼"
    if place.level == "town":
        return f"{place.name}{road}"
    town = above[place.parent]
    if place.urban:
        return f"{town.name}{road}"
    return f"{town.name}{place.name}{rng.choice(_BESIDE)}"


def _hours(rng: Random, place: Place) -> tuple[str, str]:
    """The centre is open through the day, weekends too; a village rests when offices do."""
    if place.code == COUNTY:
        return _ALL_DAY, _ALL_DAY
    if place.level == "town" or place.urban:
        return _OFFICE, _WEEKEND if place.level == "town" or rng.random() < 0.6 else ""  # noqa: PLR2004
    return _OFFICE, ""
