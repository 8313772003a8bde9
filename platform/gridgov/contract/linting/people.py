"""Quotas, duties and kit; teams and meetings."""

from collections.abc import Collection, Iterator

from gridgov.contract.banned import PARTY
from gridgov.contract.declarations import County
from gridgov.contract.linting.flaw import Found


def staffing_flaws(county: County) -> Iterator[Found]:
    """Posts are held where quotas want them; kit goes to somebody or to some unit."""
    yield from _quotas(county)
    for duty in county.duties:
        yield from _on_post(f"duty {duty.code}", county, duty.post)
    yield from _kit(county)


def _quotas(county: County) -> Iterator[Found]:
    settings = {setting.code: setting for setting in county.settings}
    for quota in county.quotas:
        named = f"quota {quota.code}"
        yield from _on_post(named, county, quota.post, quota.level)
        if quota.setting and quota.setting not in settings:
            yield Found(named, "setting", f"There is no setting {quota.setting}.")
        if quota.count < 0:
            yield Found(named, "count", "A number of people is not below nothing.")
        if quota.until is not None and quota.until <= quota.since:
            yield Found(named, "until", "It ends before it begins.")


def _kit(county: County) -> Iterator[Found]:
    levels = {level.code for level in county.levels}
    for item in county.kit:
        named = f"kit item {item.code}"
        for post in item.posts:
            yield from _on_post(named, county, post)
        if bool(item.posts) == bool(item.level):
            yield Found(
                named, "posts", "It is handed to the holders of posts or to the units of a level."
            )
        elif item.level and item.level not in levels:
            yield Found(named, "level", f"There is no level {item.level}.")
        if item.key and not item.posts:
            yield Found(named, "key", "A key is handed to somebody; name the posts.")


def _on_post(named: str, county: County, code: str, level: str = "") -> Iterator[Found]:
    post = next((post for post in county.posts if post.code == code), None)
    if post is None:
        yield Found(named, "post", f"There is no post {code}.")
    elif level and level not in post.levels:
        yield Found(named, "level", f"The post {code} is not held on {level}.")


def organisation_flaws(county: County) -> Iterator[Found]:
    """Levels and posts are there, and no resident is named by a party."""
    levels = {level.code for level in county.levels}
    yield from _teams(county, levels)
    for meeting in county.meeting_kinds:
        named = f"kind of meeting {meeting.code}"
        for level in meeting.levels:
            if level not in levels:
                yield Found(named, "levels", f"There is no level {level}.")
        for post in meeting.posts:
            yield from _on_post(named, county, post)
        if meeting.on_case and meeting.posts:
            yield Found(named, "posts", "Departments are asked to a meeting about a case.")


def _teams(county: County, levels: Collection[str]) -> Iterator[Found]:
    for kind in county.team_kinds:
        named = f"kind of team {kind.code}"
        if kind.level not in levels:
            yield Found(named, "level", f"There is no level {kind.level}.")
        if PARTY in kind.name and not kind.unnamed:
            words = "Residents in it would be named by their party: it must be unnamed."
            yield Found(named, "unnamed", words)
