"""What the county decides, on one page. The common rules lie beneath: see ``builds_on``."""

from gridgov.contract.declarations import County, Place
from gridgov.contract.hooks import hookimpl

from moban.board.web import Board
from moban.errand import CATEGORIES, ERRAND
from moban.levels import LEVELS
from moban.people import HELPER, HELPING

API = 1

CONTROLLERS = (Board,)


@hookimpl
def county() -> County:
    """What is the county's own: new codes are added, known codes take the place of the common."""
    return County(
        name="样板县",
        builds_on="baseline",
        levels=LEVELS,
        posts=(HELPER,),
        roles=(HELPING,),
        case_kinds=(ERRAND,),
        categories=CATEGORIES,
        navigation=(
            Place(
                code="errands",
                name="代办",
                icon="clipboard-list",
                entries=(("代办清单", "moban_board"),),
            ),
        ),
    )
