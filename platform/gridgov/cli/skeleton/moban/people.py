"""Who works in the county besides those of the common rules."""

from typing import Final

from gridgov.cases.types import CaseRight
from gridgov.contract.declarations import ASSUMPTION, Post, Role
from gridgov.grid.types import GridRight

from moban.board.types import BoardRight

HELPER: Final = Post(
    code="helper",
    name="代办员",
    levels=("village",),
    source=ASSUMPTION,
)

HELPING: Final = Role(
    code="helper",
    name="代办员",
    rights=(
        GridRight.READ,
        CaseRight.READ,
        CaseRight.REPORT,
        CaseRight.FILE,
        CaseRight.VERIFY,
        BoardRight.READ,
    ),
    levels=("village",),
    post="helper",
    home="queue",
)
