"""What a county declares that are words for people, said in the language of a page."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, Final, cast

from gridgov.contract.assessment import (
    Comparison,
    Figure,
    Honour,
    Opinion,
    Printed,
    Review,
    Sheet,
)
from gridgov.contract.declarations import (
    Action,
    CaseKind,
    Category,
    Clock,
    County,
    Field,
    Level,
    Place,
    Post,
    Role,
    Setting,
    State,
    Step,
    Urgency,
)
from gridgov.contract.fieldwork import BuildingUse, CampaignKind, LedgerField, LedgerKind
from gridgov.contract.lists import CountyList, Practice, Remit, Round
from gridgov.contract.organisations import MeetingKind, TeamKind
from gridgov.contract.services import CustodyPlace, ServiceBatch, ServiceFlag
from gridgov.contract.staffing import Duty, KitItem, Quota
from gridgov.contract.standards import Standard, StandardItem
from gridgov.contract.stations import Joint, Platform, Seat, Shift, Zone
from gridgov.contract.years import YearlyDuty
from gridgov.kernel.sentences import Sentence

Many = tuple[Any, ...]

WORDS: Final[dict[type, frozenset[str]]] = {
    Level: frozenset({"name", "desk", "motto", "source"}),
    Post: frozenset({"name"}),
    Role: frozenset({"name"}),
    Category: frozenset({"name"}),
    Clock: frozenset({"name", "source"}),
    Urgency: frozenset({"name"}),
    State: frozenset({"name"}),
    Field: frozenset({"label", "help"}),
    Action: frozenset({"name", "consequence", "said"}),
    Step: frozenset({"name"}),
    CaseKind: frozenset({"name", "source"}),
    Setting: frozenset({"name", "unit", "group", "help"}),
    Place: frozenset({"name"}),
    Standard: frozenset({"name", "about", "source"}),
    StandardItem: frozenset({"name", "help"}),
    Shift: frozenset({"name"}),
    Seat: frozenset({"name"}),
    Zone: frozenset({"name", "about", "source"}),
    Joint: frozenset({"group", "name", "about", "source"}),
    Platform: frozenset({"name", "about", "source"}),
    LedgerKind: frozenset({"name", "about"}),
    LedgerField: frozenset({"label", "help"}),
    CampaignKind: frozenset({"name"}),
    BuildingUse: frozenset({"name"}),
    ServiceBatch: frozenset({"name"}),
    ServiceFlag: frozenset({"name", "heading"}),
    CustodyPlace: frozenset({"name"}),
    Quota: frozenset({"group"}),
    Duty: frozenset({"words"}),
    KitItem: frozenset({"name"}),
    TeamKind: frozenset({"name"}),
    MeetingKind: frozenset({"name"}),
    Figure: frozenset({"name", "definition", "unit"}),
    Printed: frozenset({"said", "source"}),
    Sheet: frozenset({"name", "about"}),
    Comparison: frozenset({"name", "question"}),
    Opinion: frozenset({"name", "about"}),
    Review: frozenset({"name"}),
    Honour: frozenset({"name", "about"}),
    CountyList: frozenset({"name", "about", "source"}),
    Remit: frozenset({"text", "source"}),
    Round: frozenset({"group", "text", "often", "source"}),
    Practice: frozenset({"name", "about", "source"}),
    YearlyDuty: frozenset({"name", "about", "source"}),
}
"""What is shown. Names of places, people and the county itself are the same in every language."""

PAIRS: Final[dict[tuple[type, str], int]] = {
    (Field, "choices"): 1,
    (Place, "entries"): 0,
    (Joint, "pages"): 0,
    (LedgerField, "choices"): 1,
    (LedgerKind, "items"): 1,
    (CampaignKind, "lines"): 1,
}
"""Pairs of a code and its words, and which of the two are the words."""


def worded(county: County) -> County:
    """The county with its words made sentences, so that pages can say them."""
    made: County = _worded(county)
    glossary: dict[str, str] = {
        Sentence(word): Sentence(said) for word, said in county.glossary.items()
    }
    return replace(made, glossary=glossary)


def words(county: County) -> Iterator[str]:
    """Every word that the county declares, some of them several times."""
    yield from (word for word in _words(county) if word)
    for word, said in county.glossary.items():
        yield word
        yield said


def wordless(value: Any) -> Any:
    """A declaration without its words: two that are the same so differ in what is said alone."""
    if isinstance(value, tuple):
        return tuple(wordless(one) for one in cast("Many", value))
    if not is_dataclass(value) or isinstance(value, type):
        return value
    said = {*WORDS.get(type(value), ()), "source"}
    return replace(
        value,
        **{
            each.name: "" if each.name in said else wordless(getattr(value, each.name))
            for each in fields(value)
        },
    )


def _worded(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(_worded(one) for one in cast("Many", value))
    if not is_dataclass(value) or isinstance(value, type):
        return value
    new = {each.name: _of(value, each.name) for each in fields(value)}
    return replace(value, **{name: one for name, one in new.items() if one is not None})


def _of(holder: object, name: str) -> Any:
    """What stands there instead, or None if it stays."""
    value = getattr(holder, name)
    if name in WORDS.get(type(holder), ()):
        return Sentence(value) if value else None
    place = PAIRS.get((type(holder), name))
    if place is not None:
        return tuple(
            tuple(Sentence(one) if at == place else one for at, one in enumerate(pair))
            for pair in value
        )
    return _worded(value) if isinstance(value, tuple) else None


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, tuple):
        for one in cast("Many", value):
            yield from _words(one)
    elif is_dataclass(value):
        for each in fields(value):
            yield from _words_of(value, each.name)


def _words_of(holder: object, name: str) -> Iterator[str]:
    value = getattr(holder, name)
    place = PAIRS.get((type(holder), name))
    if place is not None:
        yield from (pair[place] for pair in value)
    elif name in WORDS.get(type(holder), ()):
        yield value
    elif isinstance(value, tuple):
        yield from _words(value)
