"""Which suggestions?"""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from gridgov.kernel.paging import Cursor, after
from gridgov.suggestions.models import Suggestion


def suggestions(account_id: UUID | None, cursor: Cursor | None, limit: int) -> Select[Any]:
    """Newest first, one row more than ``limit``; ``mine`` marks those of the account."""
    rows = select(
        Suggestion.id,
        Suggestion.text,
        Suggestion.page,
        Suggestion.at,
        Suggestion.answer,
        Suggestion.answered_at,
        (Suggestion.account_id == account_id).label("mine"),
    )
    columns = (Suggestion.at, Suggestion.id)
    return after(rows, columns, cursor, descending=True).limit(limit + 1)
