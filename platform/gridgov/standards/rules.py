"""Who may say and decide what of an item. Pure."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from gridgov.contract.declarations import County
from gridgov.contract.standards import Standard, StandardItem
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.standards.types import MarkState

MOST_PHOTOS: Final = 4
LONGEST: Final = 300
_NOT_NOW: Final = {
    MarkState.CLAIMED: "“{item}”已经申报，等待认定。",
    MarkState.CONFIRMED: "“{item}”已经认定，不用再报。",
}


def standard_of(county: County, code: str) -> Standard:
    """The declared standard, or the first if none is named."""
    found = next((one for one in county.standards if code in {"", one.code}), None)
    if found is None:
        raise NotFound
    return found


def item_of(standard: Standard, code: str) -> StandardItem:
    """The declared item."""
    found = next((one for one in standard.items if one.code == code), None)
    if found is None:
        raise NotFound
    return found


def confirms(standard: Standard, level: str) -> str:
    """The level from which a place of this level is confirmed."""
    found = dict(standard.confirmed).get(level)
    if found is None:
        raise NotFound
    return found


def check_claim(item: StandardItem, state: MarkState) -> None:
    """What is shown already is not shown again."""
    if state in _NOT_NOW:
        raise Conflict(_NOT_NOW[state], item=item.name)


def check_evidence(note: str, photos: Collection[UUID], items: Collection[str]) -> None:
    """A photo is never demanded (国办函〔2026〕12号); words that can be checked are."""
    if not items:
        raise Invalid(fields={"codes": "请至少选一项。"})
    if not note.strip() and not photos:
        raise Invalid(fields={"note": "请写明依据，或者附一张照片。"})
    if len(note) > LONGEST:
        raise Invalid(fields={"note": "最多写 {most} 个字。"}, most=LONGEST)
    if photos and len(items) > 1:
        raise Invalid(fields={"photos": "带照片的请一项一项申报，照片才对得上。"})
    if len(photos) > MOST_PHOTOS:
        raise Invalid(fields={"photos": "最多传 {most} 张照片。"}, most=MOST_PHOTOS)


def check_decision(state: MarkState, *, claimed_by: UUID | None, decider: UUID | None) -> None:
    """Who showed it does not confirm it."""
    if state is not MarkState.CLAIMED:
        raise Conflict("这一项已经有人处理过了，请刷新后再看。")
    if claimed_by is not None and claimed_by == decider:
        raise Conflict("申报的人不能自己认定，请由别人来认定。")
