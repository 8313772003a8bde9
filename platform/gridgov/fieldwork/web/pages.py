"""Every page of the room, and what it shows in pages of others."""

from typing import Final

from gridgov.fieldwork.web.campaigns import Campaigns
from gridgov.fieldwork.web.covering import Covering
from gridgov.fieldwork.web.lines import Lines
from gridgov.fieldwork.web.lists import LedgerLists
from gridgov.fieldwork.web.targets import Targets
from gridgov.fieldwork.web.today import SLOTS, FieldDay
from gridgov.fieldwork.web.writing import Writings

__all__ = ["PAGES", "SLOTS"]

PAGES: Final = (Campaigns, Covering, Lines, LedgerLists, Targets, FieldDay, Writings)
