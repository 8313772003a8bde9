"""What a county counts, and how it reviews the work: figures, sheets of them, reviews, honours.

A figure is a number with its definition; how it is measured is the core's business. A review is of
work and of departments: nothing here gives a person points, a place or a colour.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from gridgov.contract.compliance import NEVER, NOT_MEASURED, SOURCE, Switch

MEASURES: Final = frozenset(
    {
        "cases_reported",
        "cases_closed",
        "cases_on_time",
        "cases_solved",
        "cases_rated",
        "cases_satisfied",
        "maps_drawn",
        "ledger_lines",
        "ledger_cases",
        "hand_outs",
        "base_updates",
        "targets_done",
        "assists_done",
        "appointments_done",
        "activities_held",
        "meetings_held",
    }
)
"""What the core can count: records by their place and day."""

LINES: Final = frozenset({"ledger_lines", "ledger_cases"})
"""Measures that ``of`` narrows to ledgers: it must name them."""

MONTHS: Final = (3, 6, 12)
"""How long a period of review can be: a quarter, half a year, a year."""

AUTHORS: Final = frozenset({"unit", "supervisor"})
"""Who writes opinions into a review. Residents have said theirs when they rated a case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number. ``definition`` stands beside it wherever it is shown.

    ``measure`` names what is counted, ``of`` narrows it (origins of cases, ledgers, what was handed
    out). ``needs`` are the switches of the switchboard that it uses.
    """

    code: str
    name: str
    definition: str
    measure: str
    of: tuple[str, ...] = ()
    unit: str = ""
    needs: tuple[Switch, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """What a text of the county prints of a figure, with what the text says that it is.

    ``more``: the text says that it was more than this.
    """

    code: str
    figure: str
    amount: int
    said: str
    more: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Figures that are looked at together.

    ``base``: every grid of the base has a sheet of its own, shown on its page. Without it the sheet
    is of the county and of whatever part of it somebody looks at.
    """

    code: str
    name: str
    about: str = ""
    figures: tuple[str, ...]
    printed: tuple[Printed, ...] = ()
    base: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A ledger beside the records that should go with it, unit by unit.

    Where there is ``much`` and no ``little``, somebody asks ``question``; it is never a score.
    """

    code: str
    name: str
    much: str
    little: str
    question: str
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """One form of a review, for one author. ``about`` says what it asks the author to think of."""

    code: str
    name: str
    author: str
    about: str
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A kind of review: how many months it looks back on.

    ``figures`` are the work content of units. ``satisfied`` is from how many stars on a resident
    counts as satisfied; ``fewest`` from how many ratings on others than who leads are told how a
    department was rated (of fewer, how many there are); ``appeal_setting`` names the setting with
    the days in which a unit may appeal.
    """

    code: str
    name: str
    months: int
    opinions: tuple[Opinion, ...] = ()
    figures: tuple[str, ...] = ()
    compares: tuple[Comparison, ...] = ()
    satisfied: int = 4
    fewest: int = 5
    appeal_setting: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Honour:
    """A title that somebody is nominated for with a story."""

    code: str
    name: str
    about: str = ""
    source: str = ""


Fault = tuple[str, str, str]
"""A declaration, its field, and a sentence."""


def faults_of(
    figures: Collection[Figure],
    sheets: Iterable[Sheet],
    reviews: Iterable[Review],
    *,
    settings: Collection[str],
    planned: Mapping[str, bool],
) -> Iterator[Fault]:
    """What is wrong with what a county declares to count.

    ``planned`` are its ledgers by code, and whether a plan of so many a day hangs on them.
    """
    known = {figure.code for figure in figures}
    for figure in figures:
        for field, sentence in (*_figure(figure), *_lines(figure, planned)):
            yield f"figure {figure.code}", field, sentence
    for sheet in sheets:
        for field, sentence in _sheet(sheet, known):
            yield f"sheet {sheet.code}", field, sentence
    for review in reviews:
        for field, sentence in _review(review, known, settings):
            yield f"review {review.code}", field, sentence


def _figure(figure: Figure) -> Iterator[tuple[str, str]]:
    if figure.measure in NOT_MEASURED:
        yield "measure", f"{figure.name}: {figure.measure} is measured nowhere here ({SOURCE})."
    elif figure.measure not in MEASURES:
        yield "measure", f"The core cannot measure {figure.measure!r}."
    if not figure.definition:
        yield "definition", "A figure without its definition can be read in two ways."
    for switch in sorted({*figure.needs} & NEVER):
        yield "needs", f"{figure.name}: {switch} can never be switched on ({SOURCE})."


def _lines(figure: Figure, planned: Mapping[str, bool]) -> Iterator[tuple[str, str]]:
    """A plan and a reminder to a worker is no figure about work: counted it is a check-in."""
    if figure.measure not in LINES:
        return
    if not figure.of:
        yield "of", "It names no ledger."
    for code in figure.of:
        if code not in planned:
            yield "of", f"There is no ledger {code}."
        elif planned[code] and Switch.DAILY_OK not in figure.needs:
            sentence = f"{figure.name} counts {code}, of which so many a day are planned: it needs"
            yield "needs", f"{sentence} the switch {Switch.DAILY_OK}."


def _sheet(sheet: Sheet, known: Collection[str]) -> Iterator[tuple[str, str]]:
    for code in sheet.figures:
        if code not in known:
            yield "figures", f"There is no figure {code}."
    for printed in sheet.printed:
        if printed.figure not in sheet.figures:
            yield "printed", f"The sheet has no figure {printed.figure}."


def _review(
    review: Review, known: Collection[str], settings: Collection[str]
) -> Iterator[tuple[str, str]]:
    if review.months not in MONTHS:
        yield "months", f"A period has {', '.join(map(str, MONTHS))} months."
    named = [*review.figures]
    named += [code for one in review.compares for code in (one.much, one.little)]
    for code in named:
        if code not in known:
            yield "figures", f"There is no figure {code}."
    if review.appeal_setting not in settings:
        yield "appeal_setting", f"There is no setting {review.appeal_setting!r}."
    yield from _opinions(review)


def _opinions(review: Review) -> Iterator[tuple[str, str]]:
    for opinion in review.opinions:
        if opinion.author not in AUTHORS:
            yield f"opinion {opinion.code}", f"There is no author {opinion.author}."
    for code, count in Counter(opinion.code for opinion in review.opinions).items():
        if count > 1:
            yield f"opinion {code}", "The form is declared twice."
