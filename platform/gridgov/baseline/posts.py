"""Who answers for what in the grid."""

from typing import Final

from gridgov.contract.declarations import ASSUMPTION, Post

LEADER: Final = Post(
    code="leader",
    name="负责人",
    levels=("county", "town", "village"),
    answers=True,
    single=True,
    source=ASSUMPTION,
)
CHIEF: Final = Post(
    code="chief", name="网格长", levels=("grid",), answers=True, single=True, source=ASSUMPTION
)
CLERK: Final = Post(code="clerk", name="专员", levels=("town", "village"), source=ASSUMPTION)
WORKER: Final = Post(code="worker", name="网格员", levels=("grid",), source=ASSUMPTION)

POSTS: Final = (LEADER, CHIEF, CLERK, WORKER)
