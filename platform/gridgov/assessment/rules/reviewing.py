"""Who may do what in a review, and what there is to ask."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from gridgov.assessment.rules.periods import months_of
from gridgov.assessment.types import (
    DEPARTMENTS,
    QUESTIONS,
    UNITS,
    AppealState,
    Counts,
    ReviewRow,
    ReviewState,
)
from gridgov.contract.assessment import Comparison, Figure, Review
from gridgov.contract.declarations import County, Field
from gridgov.kernel.errors import Conflict, Invalid, NotAllowed
from gridgov.kernel.sentences import Sentence

_SHORTEST: Final = 4
"""How many characters say something in an opinion."""


def parts_of(review: ReviewRow) -> list[str]:
    """What is computed, in this order: departments month by month, so that no step takes long."""
    months = months_of(review.since, review.until)
    return [*(f"{DEPARTMENTS} {month.code}" for month in months), UNITS, QUESTIONS]


def rated_by(rules: County) -> list[Field]:
    """The questions that a county's residents rate, whatever the kind of case."""
    asked = {rating.code: rating for kind in rules.case_kinds for rating in kind.ratings}
    return [*asked.values()]


def figures_by(rules: County, review: Review) -> list[Figure]:
    """The work content of units, as it is defined there."""
    known = {figure.code: figure for figure in rules.figures}
    return [known[code] for code in review.figures if code in known]


def check_opinion(text: str, about: Mapping[str, str]) -> None:
    """Everything that is missing at once: the text, and where and of whom it is."""
    said = {"text": text, **about}
    faults: dict[str, str] = {
        field: "请填写这一项。" for field, words in said.items() if not words.strip()
    }
    if 0 < len(text.strip()) < _SHORTEST:
        faults["text"] = Sentence("写得太短了，至少 {n} 个字。", n=_SHORTEST)
    if faults:
        raise Invalid(fields=faults)


def check_writable(review: ReviewRow) -> None:
    """Opinions come in until the review is published."""
    if review.state == ReviewState.PUBLISHED:
        raise Conflict("这一期已经通报，不再收意见。")


def check_appealable(review: ReviewRow, today: date) -> None:
    """Figures can be appealed while the window is open."""
    if review.state == ReviewState.OPEN:
        if review.runs_on(today):
            raise Conflict("这一期还没有结束，结束以后算出来的数才能申诉。")
        raise Conflict("数据还没有算出来，算好以后才能申诉。")
    if review.state == ReviewState.PUBLISHED:
        raise Conflict("这一期已经通报，申诉期过了。")
    if review.appeal_until is not None and today > review.appeal_until:
        raise Conflict("申诉期到 {day} 为止，已经过了。", day=review.appeal_until)


def check_decidable(state: str, *, own: bool) -> None:
    """An appeal is decided once, by somebody else than who made it."""
    if own:
        raise NotAllowed("自己提的申诉要由别人来定。")
    if state != AppealState.OPEN:
        raise Conflict("这条申诉已经有人定了。")


def check_publishable(review: ReviewRow, *, finished: bool, appeals: int, today: date) -> None:
    """Nothing is published that is not computed, or while somebody may still object."""
    if review.state == ReviewState.PUBLISHED:
        raise Conflict("这一期已经通报过了。")
    if review.state == ReviewState.OPEN and review.runs_on(today):
        raise Conflict("这一期还没有结束，结束以后算过、申诉期过了才能通报。")
    if review.state == ReviewState.OPEN or not finished:
        raise Conflict("数据还没有算完，算好以后才能通报。")
    if appeals:
        raise Conflict("还有 {n} 条申诉没有定，定了以后才能通报。", n=appeals)
    if review.appeal_until is not None and today <= review.appeal_until:
        raise Conflict("申诉期到 {day} 为止，过后才能通报。", day=review.appeal_until)


def questions_of(
    counts: Counts, compares: Iterable[Comparison], units: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """Where a ledger has much and the records that should go with it are missing.

    ``units`` are the stations by path, with their ids. What nobody recorded at all is no mismatch.
    """
    for one in compares:
        for path, node_id in units.items():
            much, little = counts.under(one.much, path), counts.under(one.little, path)
            if much and not little:
                yield {
                    "comparison": one.code,
                    "node_id": node_id,
                    "path": path,
                    "much": much,
                    "little": little,
                }
