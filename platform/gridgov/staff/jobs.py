"""What follows at once when the tree is re-divided: posts go with the code of their node."""

from typing import Final

from gridgov.grid.types import REDIVIDED
from gridgov.staff.actions import follow_redivision

together: Final = {REDIVIDED: follow_redivision}
