"""What the bell does by the clock."""

from datetime import time

from gridgov.kernel.schedules import Every
from gridgov.notices.actions import forget_old_notices

every = {"notices.forget": Every(days=1, at=time(3, 20), run=forget_old_notices)}
