"""Every page of the room, and what it shows in pages of others."""

from typing import Final

from gridgov.assessment.web.appeals import ReviewAppeals
from gridgov.assessment.web.circulars import Circulars
from gridgov.assessment.web.figures import SLOTS, Figures, SheetExport
from gridgov.assessment.web.honours import Honours
from gridgov.assessment.web.opinions import ReviewWriting
from gridgov.assessment.web.published import Published
from gridgov.assessment.web.reviews import Reviews

__all__ = ["PAGES", "SLOTS"]

PAGES: Final = (
    Circulars,
    Figures,
    Honours,
    Published,
    ReviewAppeals,
    Reviews,
    ReviewWriting,
    SheetExport,
)
