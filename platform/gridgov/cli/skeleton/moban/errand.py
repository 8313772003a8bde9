"""代办: an errand that the village runs for somebody, from the asking to the answer.

Its actions are called as those of the common flow, so the common clocks run for it as well.
"""

from typing import Final

from gridgov.cases.types import CaseRight
from gridgov.contract.declarations import (
    ASSUMPTION,
    Action,
    By,
    CaseKind,
    Category,
    Ends,
    Field,
    State,
    Step,
)

CATEGORIES: Final = (
    Category(code="S01", name="代办事项", source=ASSUMPTION),
    Category(
        code="S0101",
        name="代取代送",
        parent="S01",
        urgency="normal",
        departments=("civil",),
        words=("跑腿", "送药"),
        source=ASSUMPTION,
    ),
)

ERRAND: Final = CaseKind(
    code="errand",
    name="代办",
    version=1,
    first="asked",
    steps=(
        Step(code="ask", name="提出"),
        Step(code="run", name="代办"),
        Step(code="answer", name="回告"),
    ),
    states=(
        State(code="asked", name="待接办", step="ask", holder="desk"),
        State(code="running", name="代办中", step="run", holder="desk"),
        State(code="answered", name="已办好", step="answer", ends=Ends.CLOSED),
    ),
    actions=(
        Action(
            code="report",
            name="提出代办",
            right=CaseRight.REPORT,
            by=By.PLACE,
            before=(),
            to="asked",
            effect="report",
            said="已记下，等代办点接办。",
            public=True,
        ),
        Action(
            code="file",
            name="接办",
            right=CaseRight.FILE,
            before=("asked",),
            to="running",
            effect="file",
            weight=90,
            said="已接办。",
            public=True,
        ),
        Action(
            code="close",
            name="办好了",
            right=CaseRight.VERIFY,
            before=("running",),
            to="answered",
            effect="close",
            fields=(
                Field(code="answer", label="回告", kind="long_text", required=True, limit=500),
            ),
            weight=90,
            said="已办好并回告。",
            public=True,
        ),
    ),
    source=ASSUMPTION,
)
