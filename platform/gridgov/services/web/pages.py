"""Every page of the room, and what it shows in pages of others."""

from typing import Final

from gridgov.services.web.assisting import SLOTS as ON_CASES
from gridgov.services.web.assisting import Assists
from gridgov.services.web.booking import SLOTS as ON_MY_DAY
from gridgov.services.web.booking import Bookings
from gridgov.services.web.catalogue import Catalogue
from gridgov.services.web.codes import SLOTS as ON_NODES
from gridgov.services.web.codes import Codes
from gridgov.services.web.exporting import ServiceExport

__all__ = ["PAGES", "SLOTS"]

PAGES: Final = (Assists, Bookings, Catalogue, Codes, ServiceExport)
SLOTS: Final = (*ON_CASES, *ON_MY_DAY, *ON_NODES)
