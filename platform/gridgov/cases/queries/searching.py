"""Text search without LIKE: pairs of characters find the candidates, ``strpos`` makes sure.

Row security takes the index away from LIKE, trigrams and full text (their operators are not
leakproof). So the rarest pair of the query, as one statement counts them up to a cap, leads to the
cases through the key of ``case_terms``, newest first; a small field of view is read as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    Uuid,
    and_,
    any_,
    false,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from gridgov.cases.models import Case, CaseCount, CaseTerm
from gridgov.cases.queries.seeing import widest
from gridgov.cases.rules.words import (
    LONGEST_QUERY,
    plain,
    terms_asked,
    terms_beginning,
)
from gridgov.cases.types import CaseRight
from gridgov.context import Context
from gridgov.kernel.db import within
from gridgov.kernel.joins import tied

_MANY: Final = 2000
"""From here on a pair counts as common; counting stops."""
_FEW: Final = 5000
"""So many cases in view are looked through one by one."""
_MOST_TERMS: Final = 10
_CODE_DIGITS: Final = 8
_OTHER: Final = aliased(CaseTerm)


@dataclass(frozen=True, slots=True)
class _Counted:
    term: int
    count: int


async def matching(ctx: Context, cases: Select[Any], text: str) -> Select[Any]:
    """``cases`` narrowed to those with the text in title, place or category, or as code.

    Of a code the beginning will do. To be ordered by id, the newest first.
    """
    query = plain(text)[:LONGEST_QUERY]
    if not query:
        return cases
    if query.isdigit() and len(query) >= _CODE_DIGITS:
        return cases.where(Case.code >= query, Case.code < f"{query}~")
    sure = cases.where(func.strpos(Case.words, query) > 0)
    if len(query) == 1:
        return await _one_character(ctx, sure, query)
    terms = terms_asked(query)[:_MOST_TERMS]
    view, counted = await _counts(ctx, [CaseTerm.term == term for term in terms])
    ranked = sorted(map(_Counted, terms, counted), key=lambda found: found.count)
    if not ranked[0].count:
        return cases.where(false())
    if view <= _FEW:
        return sure
    found = _led_by(sure, CaseTerm.term == ranked[0].term)
    if ranked[0].count >= _MANY and len(ranked) > 1:
        found = found.where(_has(ranked[1].term))
    return found


async def _one_character(ctx: Context, sure: Select[Any], query: str) -> Select[Any]:
    lowest, highest = terms_beginning(query)
    begins = and_(CaseTerm.term >= lowest, CaseTerm.term <= highest)
    view, (count,) = await _counts(ctx, [begins])
    if view <= _FEW or count >= _MANY:
        return sure
    # Found first: the planner takes a range of characters for more common than it is.
    found = (await ctx.session.scalars(select(CaseTerm.id).where(begins).distinct())).all()
    return sure.where(Case.id == any_(literal(found, ARRAY(Uuid))))


def _led_by(sure: Select[Any], condition: ColumnElement[bool]) -> Select[Any]:
    joined = tied(CaseTerm.id, Case.id)
    return sure.join(CaseTerm, joined).where(condition)


def _has(term: int) -> ColumnElement[bool]:
    return (
        select(_OTHER.id)
        .where(tied(_OTHER.id, Case.id), _OTHER.term == term)
        .correlate(Case)
        .exists()
    )


async def _counts(ctx: Context, conditions: Sequence[ColumnElement[bool]]) -> tuple[int, list[int]]:
    """How many cases the actor has in view, and how many rows each condition finds, up to a cap."""
    scopes = widest(ctx.actor.scopes(CaseRight.READ))
    inside = [within(CaseCount.node_path, scope.path) for scope in scopes]
    view = select(func.coalesce(func.sum(CaseCount.count), 0)).where(
        or_(*inside) if inside else false()
    )
    capped = [
        select(func.count())
        .select_from(select(CaseTerm.id).where(condition).limit(_MANY).subquery())
        .scalar_subquery()
        for condition in conditions
    ]
    row = (await ctx.session.execute(select(view.scalar_subquery(), *capped))).one()
    return int(row[0]), [int(count) for count in row[1:]]
