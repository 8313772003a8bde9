"""What other rooms count: by place and period, never by person.

Each is a select of rows ``id, node_path, at`` (hand-outs with ``count``), to be counted or grouped.
Periods are half-open. Whoever reads them has checked that the reader may see the place.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from gridgov.fieldwork.models import CampaignTarget, LedgerLine
from gridgov.fieldwork.types import DONE
from gridgov.kernel.db import within
from gridgov.kernel.paging import Rows


def lines_between(ledger: str, path: str, since: datetime, until: datetime) -> Rows:
    """The lines of a ledger (visits, patrols, talks, opinions) written below a place.

    A patrol that still runs is counted when it has ended.
    """
    return select(LedgerLine.id, LedgerLine.node_path, LedgerLine.at).where(
        *_between(ledger, path, since, until)
    )


def answered_between(ledger: str, path: str, since: datetime, until: datetime) -> Rows:
    """Those of a ledger that were answered, by when they were written."""
    return lines_between(ledger, path, since, until).where(LedgerLine.answered_at.is_not(None))


def handed_out(ledger: str, path: str, since: datetime, until: datetime, *, item: str = "") -> Rows:
    """What was handed out below a place, all things or one: rows with ``count``, to be summed."""
    found = select(
        LedgerLine.id, LedgerLine.node_path, LedgerLine.at, LedgerLine.item, LedgerLine.count
    ).where(*_between(ledger, path, since, until))
    return found.where(LedgerLine.item == item) if item else found


def targets_done(path: str, since: datetime, until: datetime) -> Rows:
    """The targets of campaigns that were looked at below a place; nobody there is not looked at."""
    return select(CampaignTarget.id, CampaignTarget.node_path, CampaignTarget.at).where(
        within(CampaignTarget.node_path, path),
        CampaignTarget.state.in_(DONE),
        CampaignTarget.at >= since,
        CampaignTarget.at < until,
    )


def _between(ledger: str, path: str, since: datetime, until: datetime) -> tuple[Any, ...]:
    return (
        LedgerLine.ledger == ledger,
        within(LedgerLine.node_path, path),
        LedgerLine.at >= since,
        LedgerLine.at < until,
        LedgerLine.private.is_(False),
        LedgerLine.began_at.is_(None) | LedgerLine.ended_at.is_not(None),
    )
