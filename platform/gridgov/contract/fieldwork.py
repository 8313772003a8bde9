"""What a county writes down in the field: ledgers, campaigns, and what its buildings are used for.

A ledger is a list of dated records that need no answer by themselves. What must be answered in it
becomes a case, and the line keeps the link.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from gridgov.contract.banned import banned

LEDGER_FIELD_KINDS: Final = frozenset({"text", "long_text", "choice", "date", "number"})
"""What a line of a ledger can ask for. Photos belong to cases, and never to a visit."""

CASE: Final = "case"
"""What ``becomes`` calls a case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerField:
    """What a line asks for. ``sealed`` text may tell of a person: it is kept sealed and masked.

    A county can ask for nothing that no form may ask for (see ``contract.banned``). ``needed_when``
    names a field and one of its choices with which this one must be filled in as well. A date that
    is ``ahead`` is one agreed upon: today or later.
    """

    code: str
    label: str
    kind: str = "text"
    required: bool = False
    needed_when: tuple[str, str] | None = None
    ahead: bool = False
    limit: int = 200
    choices: tuple[tuple[str, str], ...] = ()
    sealed: bool = False
    help: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerKind:
    """One ledger.

    ``spans`` marks what has a beginning and an end (a patrol); ``items`` what is counted (leaflets
    handed out): a line of such a ledger names an item and a number. ``building`` lets a line name a
    building. ``private`` lines are seen by their author and nobody else. ``answered`` lines are
    passed to the desk above the place and answered there.

    ``least`` names fields of which one at least is filled in: with none of them nothing was heard.

    ``becomes`` says what can be made of a line: a ``case``, or a line of a ledger by its code.
    ``kept`` names the setting that says after how many days a line is deleted: none stays for good.
    ``daily`` and ``minutes`` name the settings of a plan (so often a day, so long each): a reminder
    to whoever does it, never a figure about a person. ``planned_for`` names the roles whose plan it
    is: whoever else may write in the ledger is not reminded.
    """

    code: str
    name: str
    about: str
    icon: str = "notebook-pen"
    fields: tuple[LedgerField, ...] = ()
    least: tuple[str, ...] = ()
    items: tuple[tuple[str, str], ...] = ()
    spans: bool = False
    building: bool = False
    private: bool = False
    answered: bool = False
    becomes: tuple[str, ...] = ()
    kept: str = ""
    daily: str = ""
    minutes: str = ""
    planned_for: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignKind:
    """A kind of inspection campaign: into what it goes, and what is looked at there.

    Targets are units of the tree at one of the ``levels`` (where ``area`` is given, of that kind of
    place: urban, rural) or buildings of one of the ``uses``.
    ``lines`` are what the checklist begins with; whoever makes a campaign may change them.
    ``category`` is what a hazard is reported as unless something else is chosen.
    """

    code: str
    name: str
    levels: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    area: str = ""
    lines: tuple[tuple[str, str], ...] = ()
    category: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildingUse:
    """What a building is used for, as the county's register tells them apart.

    ``dwells`` marks those whose dwellings and households are counted.
    """

    code: str
    name: str
    dwells: bool = False
    source: str = ""


Fault = tuple[str, str, str]
"""The declaration, its field, and a sentence."""


def ledger_faults(
    ledgers: Iterable[LedgerKind], settings: Collection[str], roles: Collection[str]
) -> Iterator[Fault]:
    """What is wrong with ledgers."""
    known = {CASE, *(ledger.code for ledger in ledgers)}
    for ledger in ledgers:
        named = f"ledger {ledger.code}"
        yield from ((named, field, words) for field, words in _asked(ledger))
        yield from ((named, "planned_for", words) for words in _planned(ledger, roles))
        for other in ledger.becomes:
            if other not in known or other == ledger.code:
                yield named, "becomes", f"There is no other ledger {other}."
        for field in ("kept", "daily", "minutes"):
            code = getattr(ledger, field)
            if code and code not in settings:
                yield named, field, f"There is no setting {code}."
        if not ledger.kept:
            yield named, "kept", "What is written down is kept for a time: name its setting."
        if ledger.private and ledger.answered:
            yield named, "private", "Nobody answers what only its author sees."


def _planned(ledger: LedgerKind, roles: Collection[str]) -> Iterator[str]:
    for role in set(ledger.planned_for) - set(roles):
        yield f"There is no role {role}."
    if ledger.daily and not ledger.planned_for:
        yield "Say whose plan it is: name the roles."


def _asked(ledger: LedgerKind) -> Iterator[tuple[str, str]]:
    if not (ledger.fields or ledger.items or ledger.spans):
        yield "fields", "It asks for nothing."
    for code, count in Counter(field.code for field in ledger.fields).items():
        if count > 1:
            yield f"field {code}", "The field is asked for twice."
    choices = {(field.code, code) for field in ledger.fields for code, _ in field.choices}
    for code in set(ledger.least) - {field.code for field in ledger.fields}:
        yield "least", f"There is no field {code}."
    for field in ledger.fields:
        yield from ((f"field {field.code}", sentence) for sentence in _field(field))
        if field.needed_when is not None and field.needed_when not in choices:
            yield f"field {field.code}", f"There is no choice {' = '.join(field.needed_when)}."


def _field(field: LedgerField) -> Iterator[str]:
    if field.kind not in LEDGER_FIELD_KINDS:
        yield f"There is no kind of field {field.kind}."
    if field.kind == "choice" and not field.choices:
        yield "It has nothing to choose from."
    if field.ahead and field.kind != "date":
        yield "Only a date can be ahead."
    if field.sealed and field.kind not in {"text", "long_text"}:
        yield "Only text can be sealed."
    if found := banned(field):
        yield f"No form may ask for {found.what} ({found.source})."


def campaign_faults(
    campaigns: Iterable[CampaignKind],
    *,
    levels: Collection[str],
    uses: Collection[str],
    categories: Collection[str],
) -> Iterator[Fault]:
    """What is wrong with kinds of campaigns."""
    for kind in campaigns:
        named = f"campaign {kind.code}"
        if not (kind.levels or kind.uses):
            yield named, "levels", "It goes nowhere: name levels of the tree or uses of buildings."
        for level in kind.levels:
            if level not in levels:
                yield named, "levels", f"There is no level {level}."
        for use in kind.uses:
            if use not in uses:
                yield named, "uses", f"There is no use of buildings {use}."
        if kind.category and kind.category not in categories:
            yield named, "category", f"There is no category {kind.category}."
