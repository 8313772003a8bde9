"""What the rooms look up all the time in what a county declares, by code."""

from collections.abc import Iterable
from functools import cached_property

from gridgov.contract.declarations import (
    CaseKind,
    Category,
    County,
    Field,
    Level,
    Post,
    Role,
    Setting,
    Urgency,
)
from gridgov.contract.layering import together
from gridgov.contract.lists import CountyList
from gridgov.contract.rulebook import Edition
from gridgov.contract.wording import worded


class Lookups:
    """Over what is declared now (``county``) and every edition that the tenant ran."""

    county: County
    editions: tuple[Edition, ...]

    @cached_property
    def levels(self) -> dict[str, Level]:
        """Levels by code, from the root down."""
        return {level.code: level for level in self.county.levels}

    @cached_property
    def posts(self) -> dict[str, Post]:
        """Posts by code."""
        return {post.code: post for post in self.county.posts}

    @cached_property
    def roles(self) -> dict[str, Role]:
        """Roles by code."""
        return {role.code: role for role in self.county.roles}

    @cached_property
    def posts_by_right(self) -> dict[str, dict[str, Post]]:
        """Posts that go with a role which holds a right, by code and in the order of the roles."""
        found: dict[str, dict[str, Post]] = {}
        for role in self.county.roles:
            if role.post in self.posts:
                for right in role.rights:
                    found.setdefault(right, {})[role.post] = self.posts[role.post]
        return found

    @cached_property
    def categories(self) -> dict[str, Category]:
        """Categories by code, parents included."""
        return {category.code: category for category in self.county.categories}

    def leaves_of(self, codes: Iterable[str]) -> tuple[str, ...]:
        """The categories named, and those below them: what a scope or a filter narrows to."""
        wanted = set(codes)
        return tuple(
            category.code
            for category in self.county.categories
            if category.code in wanted or category.parent in wanted
        )

    def cut_to(self, codes: Iterable[str]) -> tuple[str, ...]:
        """How a binding is narrowed: a group stands for all below it.

        Categories that are no longer declared still narrow. Empty: not narrowed.
        """
        named = tuple(codes)
        return self.leaves_of(named) or named

    @cached_property
    def urgencies(self) -> dict[str, Urgency]:
        """Urgencies by code."""
        return {urgency.code: urgency for urgency in self.county.urgencies}

    @cached_property
    def ever(self) -> County:
        """All that the tenant ever declared, the newest of each code: old cases hold old codes."""
        ran = {str(place): one.rulebook.county for place, one in enumerate(self.editions)}
        return together({"": self.county, **{name: worded(one) for name, one in ran.items()}})

    @cached_property
    def kinds(self) -> dict[tuple[str, int], CaseKind]:
        """Case kinds by code and version; also those that only running cases know."""
        return {(kind.code, kind.version): kind for kind in self.ever.case_kinds}

    @cached_property
    def levels_ever(self) -> dict[str, Level]:
        """Levels by code; also those on which nothing lies any more."""
        return {level.code: level for level in self.ever.levels}

    @cached_property
    def posts_ever(self) -> dict[str, Post]:
        """Posts by code; also those that nobody new can hold."""
        return {post.code: post for post in self.ever.posts}

    @cached_property
    def ratings_ever(self) -> dict[str, Field]:
        """What reporters were ever asked to rate, by code."""
        return {rating.code: rating for kind in self.ever.case_kinds for rating in kind.ratings}

    @cached_property
    def urgencies_ever(self) -> dict[str, Urgency]:
        """Urgencies by code; also those that nothing new can have."""
        return {urgency.code: urgency for urgency in self.ever.urgencies}

    @cached_property
    def categories_ever(self) -> dict[str, Category]:
        """Categories by code; also those that nothing new can have."""
        return {category.code: category for category in self.ever.categories}

    @cached_property
    def lists(self) -> dict[str, CountyList]:
        """The lists that the county works by, by code, in its order."""
        return {one.code: one for one in self.county.lists}

    def called(self, route: str, usual: str) -> str:
        """What the county calls a page of the core where it leads to it, else the usual word."""
        entries = (entry for place in self.county.navigation for entry in place.entries)
        return next((label for label, name in entries if name == route), usual)

    @cached_property
    def ratings(self) -> dict[str, Field]:
        """What reporters are asked to rate, whatever the kind of case, by code."""
        return {rating.code: rating for kind in self.county.case_kinds for rating in kind.ratings}

    @cached_property
    def settings(self) -> dict[str, Setting]:
        """Settings by code, in the county's order."""
        return {setting.code: setting for setting in self.county.settings}

    @cached_property
    def defaults(self) -> dict[str, int | str | bool]:
        """The settings that a tenant has not changed."""
        return {code: setting.default for code, setting in self.settings.items()}

    @cached_property
    def defaults_ever(self) -> dict[str, int | str | bool]:
        """With those of settings that are gone: what began by them goes on asking for them."""
        return {setting.code: setting.default for setting in self.ever.settings}
