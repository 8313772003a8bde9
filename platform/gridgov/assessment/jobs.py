"""The parts of an evaluation, one after the other; and a word when a period is over."""

from datetime import time
from typing import Final

from gridgov.assessment.actions.evaluating import evaluate_part
from gridgov.assessment.actions.reviewing import remind_of_reviews
from gridgov.assessment.types import EVALUATE
from gridgov.kernel.schedules import Every

on: Final = {EVALUATE: evaluate_part}

every: Final = {"assessment.remind": Every(days=1, at=time(8, 0), run=remind_of_reviews)}
