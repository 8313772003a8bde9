"""What follows at once: a case out of a meeting's item is linked, teams go with their unit."""

from typing import Final

from gridgov.cases.types import AROSE
from gridgov.grid.types import REDIVIDED
from gridgov.organisations.actions.meetings import keep_arisen
from gridgov.organisations.actions.teams import follow_redivision

together: Final = {REDIVIDED: follow_redivision, AROSE: keep_arisen}
