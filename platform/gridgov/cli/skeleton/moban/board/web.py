"""The board as a page. Closed to whoever lacks its right, absent where the plugin is not had."""

from gridgov.cases.queries.worklist import CaseFilter, worklist
from gridgov.web.guard import Ctx
from gridgov.web.pages import Page, page
from litestar import Controller, get

from moban.board.types import BoardRight
from moban.errand import ERRAND

WAITING = CaseFilter(states=tuple(state.code for state in ERRAND.states if not state.ends))


class Board(Controller):
    """Stands at ``/{tenant}/x/moban/board``: the platform puts what is before it."""

    path = "/board"

    @get("/", name="moban_board", permission=BoardRight.READ)
    async def board(self, ctx: Ctx) -> Page:
        """The errands that the actor may see and that are not done."""
        found = await worklist(ctx, WAITING)
        states = {state.code: state.name for state in ERRAND.states}
        return page(ctx, "moban/board/board.html", rows=found.rows, states=states)
