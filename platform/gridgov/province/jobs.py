"""What a county counts for those above it."""

from typing import Final

from gridgov.kernel.schedules import Every
from gridgov.province.actions import count_county

every: Final = {"province.figures": Every(minutes=10, run=count_county)}
