"""Every page of the room."""

from typing import Final

from gridgov.organisations.web.activities import Activities
from gridgov.organisations.web.consulting import Consultations
from gridgov.organisations.web.meetings import Meetings
from gridgov.organisations.web.team import OneTeam
from gridgov.organisations.web.teams import Teams

__all__ = ["PAGES"]

PAGES: Final = (Activities, Consultations, Meetings, OneTeam, Teams)
