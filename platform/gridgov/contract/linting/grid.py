"""Levels, posts and roles: whatever is named is declared, and there is one root."""

from collections.abc import Collection, Iterator

from gridgov.contract.declarations import County
from gridgov.contract.linting.flaw import Found


def level_flaws(county: County) -> Iterator[Found]:
    """One root, nothing above that is not there, and a base and a desk for cases."""
    codes = {level.code for level in county.levels}
    for level in county.levels:
        for above in level.under:
            if above not in codes:
                yield Found(f"level {level.code}", "under", f"There is no level {above}.")
    if sum(not level.under for level in county.levels) != 1:
        yield Found("levels", "under", "Exactly one level is the root (has nothing above it).")
    if county.case_kinds and not any(level.base for level in county.levels):
        yield Found("levels", "base", "No level is the base in which people live.")
    if county.case_kinds and not any(level.desk for level in county.levels):
        yield Found("levels", "desk", "Cases need at least one level with a desk.")


def post_flaws(county: County) -> Iterator[Found]:
    """Posts on levels that are there."""
    codes = {level.code for level in county.levels}
    for post in county.posts:
        for level in post.levels:
            if level not in codes:
                yield Found(f"post {post.code}", "levels", f"There is no level {level}.")


def role_flaws(county: County, rights: Collection[str] | None) -> Iterator[Found]:
    """Roles that name levels, roles and rights that are there."""
    known = {
        "level": {level.code for level in county.levels},
        "role": {role.code for role in county.roles},
    }
    for role in county.roles:
        named = (
            ("levels", "level", role.levels),
            ("apart_from", "role", role.apart_from),
            ("granted_by", "role", role.granted_by),
        )
        for field, noun, codes in named:
            for code in codes:
                if code not in known[noun]:
                    yield Found(f"role {role.code}", field, f"There is no {noun} {code}.")
        for right in role.rights:
            if rights is not None and right not in rights:
                yield Found(f"role {role.code}", "rights", f"No room knows the right {right}.")
