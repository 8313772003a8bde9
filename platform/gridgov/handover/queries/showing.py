"""What one may read of the things that pass on: everybody concerned sees how many there are."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import select

from gridgov.cases.models import Case
from gridgov.cases.queries.seeing import seen
from gridgov.context import Context
from gridgov.contract.actor import Actor
from gridgov.handover.queries.handovers import things_of
from gridgov.handover.types import HandoverRight, HandoverRow, Thing
from gridgov.kernel.ready import one_of
from gridgov.services.types import ServiceRight

_TITLED: Final = frozenset({"case", "care"})
_OF_CASES: Final = _TITLED | {"document"}
"""What is read by whoever may read the case whose code it bears."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the actor may read, and how many things there are of each kind, read or not."""

    things: list[Thing]
    counts: Mapping[str, int]


async def things_shown(ctx: Context, row: HandoverRow) -> Shown:
    """What hangs on the post now, or what passed on when it was done, cut to what one may read.

    To open a hand-over gives no look into cases; neither does being named as a successor. The
    title of a case is never kept with the hand-over: it is the case's, for those who see it.
    """
    things = await _things(ctx, row)
    counts = Counter(one.what for one in things)
    if not _concerns(ctx.actor, row):
        return Shown([], counts)
    titles = await _titles(ctx, {one.code for one in things if _of_case(one)})
    books = ctx.actor.may(ServiceRight.BOOK, path=row.path)
    return Shown(
        [
            replace(one, words=titles[one.code]) if titled(one) else one
            for one in things
            if (not _of_case(one) or one.code in titles) and (one.what != "appointment" or books)
        ],
        counts,
    )


def titled(one: Thing) -> bool:
    """Whether it goes by the title of a case; a day that was promised bears no case."""
    return one.what in _TITLED and bool(one.code)


def _of_case(one: Thing) -> bool:
    return one.what in _OF_CASES and bool(one.code)


def _concerns(actor: Actor, row: HandoverRow) -> bool:
    """The leaver, who may sign for them, and the successor once the leaver's side has signed."""
    if actor.may(HandoverRight.SIGN, path=row.path):
        return True
    own = {row.leaver_id} if row.given_at is None else {row.leaver_id, row.successor_id}
    return actor.staff_id in own


async def _things(ctx: Context, row: HandoverRow) -> list[Thing]:
    if row.things is not None:
        return [_kept(row, one) for one in row.things]
    return await things_of(ctx, row) if row.open else []


def _kept(row: HandoverRow, one: Mapping[str, Any]) -> Thing:
    return Thing(one["what"], row.id, one["words"], one["code"], note=one.get("note", ""))


async def _titles(ctx: Context, codes: Collection[str]) -> dict[str, str]:
    if not codes:
        return {}
    found = await ctx.session.execute(
        select(Case.code, Case.title).where(one_of(Case.code, codes), seen(ctx.actor))
    )
    return {row.code: row.title for row in found}
