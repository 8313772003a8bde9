"""What follows at once when the tree is re-divided: kit goes with the code of its unit."""

from typing import Final

from gridgov.grid.types import REDIVIDED
from gridgov.staffing.actions import follow_redivision

together: Final = {REDIVIDED: follow_redivision}
