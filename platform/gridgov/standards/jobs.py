"""What follows at once: what a place has goes with its code, and a case with what it lacks."""

from typing import Final

from gridgov.cases.types import AROSE
from gridgov.grid.types import REDIVIDED
from gridgov.standards.actions import follow_redivision, keep_case

together: Final = {REDIVIDED: follow_redivision, AROSE: keep_case}
