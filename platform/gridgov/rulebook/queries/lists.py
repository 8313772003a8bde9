"""What stands in the lists at a moment, as routing has it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select

from gridgov.cases.models import Case
from gridgov.cases.queries.suggesting import Router, router
from gridgov.cases.rules.clocks import amounts, rules_on
from gridgov.cases.rules.explaining import amount_in_words
from gridgov.context import Context
from gridgov.contract.declarations import Category
from gridgov.contract.lists import ASSIGNMENT, CLASSES, REMITS, ROUNDS, Remit, Round
from gridgov.contract.relisting import items_at, last_word, until
from gridgov.kernel.sentences import N_, Sentence, joined
from gridgov.policy import Policy
from gridgov.rulebook.types import ListRow


@dataclass(frozen=True, slots=True)
class Desk:
    """What the rows are made from: the moment, who answers for what, departments by code."""

    ctx: Context
    at: datetime
    asked: Router
    names: Mapping[str, str]

    @property
    def policy(self) -> Policy:
        """What the county runs."""
        return self.ctx.policy

    def departments(self, category: Category) -> tuple[str, ...]:
        """The departments of a category that there are, the one that the county names first."""
        named = self.asked.answering(self.policy, category, self.at)
        first = (named.code,) if named and not named.assumed else ()
        ordered = dict.fromkeys((*first, *category.departments))
        return tuple(one for one in ordered if one in self.names) or category.departments[:1]

    def said_of(self, code: str, row: str) -> str:
        """The document of the last change."""
        change = last_word(self.policy.changes, code, row, self.at)
        return change.document if change else ""

    def categories(self) -> Iterator[Category]:
        """Those that can be chosen, as they are listed."""
        for category in self.policy.county.categories:
            if category.parent and (listed := self.policy.listed(category.code, self.at)):
                yield listed


async def desk(ctx: Context, at: datetime) -> Desk:
    """Two statements."""
    codes = [one.code for one in ctx.policy.county.categories if one.parent]
    asked = await router(ctx, codes)
    return Desk(ctx, at, asked, {one.code: one.name for one in asked.departments})


def rows_of(found: Desk, code: str) -> list[ListRow]:
    """The rows of a list at the desk's moment, in the county's order."""
    return list(_ROWS[code](found))


def _classes(found: Desk) -> Iterator[ListRow]:
    for category in found.categories():
        urgency = found.policy.urgencies_ever.get(category.urgency)
        names = [found.names.get(one, one) for one in found.departments(category)[:1]]
        yield ListRow(
            code=category.code,
            group=found.policy.categories[category.parent].name,
            cells=(
                category.name,
                urgency.name if urgency else category.urgency,
                _limit(found, category.urgency),
                *names,
            ),
            source=category.source,
            document=found.said_of(CLASSES, category.code)
            or found.said_of(ASSIGNMENT, category.code),
            unsure=category.unverified,
        )


def _limit(found: Desk, code: str) -> str:
    """Within which time it is promised to be done."""
    urgency, ctx = found.policy.urgencies_ever.get(code), found.ctx
    if urgency is None:
        return ""
    day = ctx.tenant.day_of(found.at)
    promise = next(clock for clock in rules_on(urgency, day).clocks if clock.promise)
    amount, _ = amounts(promise, _SettingsOn(ctx, found.at))
    return amount_in_words(amount, promise.limit.unit)


@dataclass(frozen=True, slots=True)
class _SettingsOn:
    ctx: Context
    at: datetime

    def __getitem__(self, code: str) -> Any:
        return self.ctx.setting(code, self.ctx.tenant.day_of(self.at))


def _assignment(found: Desk) -> Iterator[ListRow]:
    for category in found.categories():
        named = found.asked.answering(found.policy, category, found.at)
        first, *others = (found.names.get(one, one) for one in found.departments(category))
        yield ListRow(
            code=category.code,
            group=found.policy.categories[category.parent].name,
            cells=(category.name, first, joined(others)),
            source=N_("归口责任单位") if named and not named.listed else category.source,
            document=found.said_of(ASSIGNMENT, category.code),
            unsure=named.assumed if named else category.unverified,
        )


def _remits(found: Desk) -> Iterator[ListRow]:
    """By department: what is written, and then which kinds of matters come to it first."""
    declared = found.policy.county_on(found.at).remits
    changes = tuple(until(found.policy.changes, found.at))
    written: dict[str, list[Remit]] = {code: [] for code in found.names}
    for remit in items_at(Remit, REMITS, declared, changes):
        written.setdefault(remit.department, []).append(remit)
    assigned: dict[str, list[str]] = {}
    for category in found.categories():
        assigned.setdefault(found.departments(category)[0], []).append(category.name)
    for code, remits in written.items():
        name = found.names.get(code, code)
        for remit in remits:
            yield ListRow(
                code=remit.code,
                group=name,
                cells=(remit.text,),
                source=remit.source,
                document=found.said_of(REMITS, remit.code),
            )
        if code in assigned:
            told = Sentence("首办：{matters}", matters=joined(assigned[code]))
            yield ListRow(code="", group=name, cells=(told,), fixed=True)


def _rounds(found: Desk) -> Iterator[ListRow]:
    declared = found.policy.county_on(found.at).rounds
    changes = tuple(until(found.policy.changes, found.at))
    rounds = items_at(Round, ROUNDS, declared, changes)
    order = list(dict.fromkeys(one.group for one in rounds))
    for one in sorted(rounds, key=lambda one: order.index(one.group)):
        yield ListRow(
            code=one.code,
            group=one.group,
            cells=(one.text, one.often),
            source=one.source,
            document=found.said_of(ROUNDS, one.code),
        )


_ROWS: Final[Mapping[str, Callable[[Desk], Iterator[ListRow]]]] = {
    CLASSES: _classes,
    ASSIGNMENT: _assignment,
    REMITS: _remits,
    ROUNDS: _rounds,
}


def present(found: Desk, code: str, row: str) -> dict[str, Any] | None:
    """What a row says now, by field, as a change would; None if there is no such row."""
    if code in {CLASSES, ASSIGNMENT}:
        category = found.policy.listed(row, found.at)
        if category is None or not category.parent:
            return None
        return {"urgency": category.urgency, "departments": list(found.departments(category))}
    changes = tuple(until(found.policy.changes, found.at))
    county = found.policy.county
    items: Sequence[Any] = (
        items_at(Remit, REMITS, county.remits, changes)
        if code == REMITS
        else items_at(Round, ROUNDS, county.rounds, changes)
    )
    one = next((item for item in items if item.code == row), None)
    if one is None:
        return None
    names = ("department", "text") if code == REMITS else ("group", "text", "often")
    return {name: getattr(one, name) for name in names}


async def open_of(ctx: Context, category: str) -> int:
    """How many open cases there are of a category: they go on by what they began with."""
    found = await ctx.session.scalar(
        select(func.count()).select_from(Case).where(Case.ends == "", Case.category == category)
    )
    return found or 0
