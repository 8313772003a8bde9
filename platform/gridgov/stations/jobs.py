"""What follows at once when the tree is re-divided: an office goes with the code of its node."""

from typing import Final

from gridgov.grid.types import REDIVIDED
from gridgov.stations.actions.places import follow_redivision

together: Final = {REDIVIDED: follow_redivision}
