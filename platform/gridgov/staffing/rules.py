"""What is asked for on a day, and what somebody must be handed."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from gridgov.contract.staffing import KitItem, Quota
from gridgov.staffing.types import Need


def needs_on(quotas: Iterable[Quota], setting: Callable[[str], Any], day: date) -> tuple[Need, ...]:
    """The numbers of the day, or those that the tenant set; what asks for nobody is left out.

    Of two readings of one post that hold on the same day the later declared one counts.
    """
    found: dict[tuple[str, str, str], Need] = {}
    for quota in quotas:
        if quota.since <= day and (quota.until is None or day < quota.until):
            count = int(setting(quota.setting)) if quota.setting else quota.count
            found[quota.level, quota.area, quota.post] = Need(
                quota.post,
                quota.level,
                quota.area,
                quota.employment,
                quota.group,
                count,
                quota.source,
            )
    return tuple(need for need in found.values() if need.count)


def handed_to_people(kit: Iterable[KitItem], posts: Iterable[str], area: str) -> list[KitItem]:
    """What somebody with these posts is handed at a place of this kind."""
    held = set(posts)
    return [item for item in kit if held & set(item.posts) and item.area in {"", area}]


def whole_set(kit: Iterable[KitItem]) -> tuple[KitItem, ...]:
    """What can be lacking: all but keys."""
    return tuple(item for item in kit if not item.key)


def handed_to_units(kit: Iterable[KitItem], level: str, area: str) -> list[KitItem]:
    """What a unit itself is handed."""
    return [item for item in kit if item.level == level and item.area in {"", area}]
