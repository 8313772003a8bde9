"""Text search in ledgers, as in cases: the rarest pair leads, ``strpos`` makes sure."""

from typing import Final

from sqlalchemy import and_, func, select

from gridgov.cases.rules.words import LONGEST_QUERY, plain, terms_asked, terms_beginning
from gridgov.context import Context
from gridgov.fieldwork.models import LedgerLine, LedgerTerm
from gridgov.kernel.paging import Rows

_MANY: Final = 2000
"""From here on a pair is common: the newest lines are read until there are enough."""
_MOST_TERMS: Final = 10


async def holding(ctx: Context, found: Rows, text: str) -> Rows:
    """The lines with the text in what may be read of them. One statement for its pairs."""
    query = plain(text)[:LONGEST_QUERY]
    if not query:
        return found
    lowest, highest = terms_beginning(query[0])
    asked = [LedgerTerm.term == term for term in terms_asked(query)[:_MOST_TERMS]] or [
        and_(LedgerTerm.term >= lowest, LedgerTerm.term <= highest)
    ]
    capped = [
        select(func.count())
        .select_from(select(LedgerTerm.id).where(one).limit(_MANY).subquery())
        .scalar_subquery()
        for one in asked
    ]
    counts = (await ctx.session.execute(select(*capped))).one()
    rarest = min(range(len(asked)), key=lambda place: counts[place])
    sure = found.where(func.strpos(LedgerLine.words, query) > 0)
    if counts[rarest] >= _MANY:
        return sure
    return sure.where(LedgerLine.id.in_(select(LedgerTerm.id).where(asked[rarest])))
