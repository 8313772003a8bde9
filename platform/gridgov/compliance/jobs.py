"""What expires goes off by itself, early in the morning."""

from datetime import time
from typing import Final

from gridgov.compliance.actions import end_expired
from gridgov.kernel.schedules import Every

every: Final = {"compliance.expire": Every(days=1, at=time(0, 10), run=end_expired)}
