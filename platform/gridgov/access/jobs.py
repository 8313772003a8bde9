"""What follows at once when the tree or a post changes: nobody keeps a right by accident."""

from typing import Final

from gridgov.access.actions.following import follow_redivision, follow_vacated
from gridgov.grid.types import REDIVIDED
from gridgov.staff.types import VACATED

together: Final = {REDIVIDED: follow_redivision, VACATED: follow_vacated}
