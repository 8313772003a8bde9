"""Every page of the room, and what it shows in pages of others."""

from typing import Final

from gridgov.standards.web.browsing import SLOTS, StandardPages
from gridgov.standards.web.deciding import Deciding
from gridgov.standards.web.sites import SitePages

__all__ = ["PAGES", "SLOTS"]

PAGES: Final = (StandardPages, Deciding, SitePages)
