"""What follows at once when the tree is re-divided: what a place has goes with its code."""

from typing import Final

from gridgov.grid.types import REDIVIDED
from gridgov.standards.actions import follow_redivision

together: Final = {REDIVIDED: follow_redivision}
