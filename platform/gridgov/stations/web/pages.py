"""Every page of the room, and what it shows in pages of others."""

from typing import Final

from gridgov.stations.web.browsing import SLOTS, Stations
from gridgov.stations.web.duty import Duty
from gridgov.stations.web.exporting import StationExport
from gridgov.stations.web.hall import Hall
from gridgov.stations.web.numbers import Numbers
from gridgov.stations.web.screens import Screens
from gridgov.stations.web.window import Window

__all__ = ["PAGES", "SLOTS"]

PAGES: Final = (Stations, StationExport, Hall, Duty, Numbers, Screens, Window)
