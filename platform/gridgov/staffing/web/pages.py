"""Every page of the room, and what it shows in pages of others."""

from typing import Final

from gridgov.staffing.web.filling import Fillings
from gridgov.staffing.web.gaps import Gaps
from gridgov.staffing.web.kit import Kit
from gridgov.staffing.web.pieces import KitPieces
from gridgov.staffing.web.units import SLOTS, Units

__all__ = ["PAGES", "SLOTS"]

PAGES: Final = (Fillings, Gaps, Kit, KitPieces, Units)
