"""What happens to the register together with the grid."""

from typing import Final

from gridgov.grid.types import REDIVIDED
from gridgov.registry.actions import follow_redivision

together: Final = {REDIVIDED: follow_redivision}
