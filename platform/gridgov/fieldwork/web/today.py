"""What is to do in the field today, and what was done in a place lately."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from litestar import Controller, get
from litestar.params import FromPath

from gridgov.context import Context
from gridgov.fieldwork.queries.campaigns import campaigns, progress
from gridgov.fieldwork.queries.lines import (
    LineFilter,
    ledgers_withheld,
    lines,
    lines_of_today,
    tallied,
)
from gridgov.fieldwork.rules import Plan, plan_of
from gridgov.fieldwork.types import FieldRight, LineRow
from gridgov.fieldwork.web.showing import shown
from gridgov.grid.queries.stepping import place_asked
from gridgov.kernel.sentences import N_
from gridgov.web.guard import Ctx
from gridgov.web.pages import Page, page, part
from gridgov.web.slots import Slot
from gridgov.web.urls import AnyRequest, url_of

SLOTS = (
    Slot(page="node", route="node_field", title="巡查走访", order=25),
    Slot(page="my_day", route="field_today", title="巡查走访", order=10),
)
_DAYS: Final = 30
_WAITING: Final = 5


class FieldDay(Controller):
    """Where fieldwork begins."""

    path = "/{tenant:str}/field"

    @get("/", name="field", permission=FieldRight.READ)
    async def field(self, ctx: Ctx, request: AnyRequest) -> Page:
        """One's own day, what waits for an answer, the campaigns that run, the ledgers."""
        records = ctx.actor.may(FieldRight.RECORD)
        mine = await lines_of_today(ctx) if records else []
        running = await campaigns(ctx, running=True)
        node = await place_asked(ctx, "", FieldRight.READ)
        since = ctx.tenant.midnight(ctx.today - timedelta(days=_DAYS))
        answers = ctx.actor.may(FieldRight.ANSWER)
        waiting = await _waiting(ctx) if answers else []
        return page(
            ctx,
            "fieldwork/field.html",
            records=records,
            plans=plans(ctx, mine),
            withheld=await ledgers_withheld(ctx),
            running=[line for line in mine if line.running],
            ledgers=ctx.policy.county.ledgers,
            mine=await shown(ctx, request, [line for line in mine if not line.running]),
            answers=answers,
            answered=[one.name for one in ctx.policy.county.ledgers if one.answered],
            waiting=await shown(ctx, request, waiting[:_WAITING]),
            more_waiting=len(waiting) > _WAITING,
            campaigns=running[:_WAITING],
            progress=await progress(ctx, [one.id for one in running[:_WAITING]]),
            tally=await tallied(ctx, node.path, since),
            node=node,
            since=since,
            days=_DAYS,
        )

    @get("/today", name="field_today", permission=FieldRight.RECORD)
    async def today(self, ctx: Ctx, request: AnyRequest) -> Page:
        """The reminder for the day's page: the plan, and what still runs."""
        mine = await lines_of_today(ctx)
        return part(
            ctx,
            request,
            "fieldwork/_today.html",
            title=N_("巡查走访"),
            back=url_of(ctx, request, "my_day"),
            plans=plans(ctx, mine),
            withheld=await ledgers_withheld(ctx),
            running=[line for line in mine if line.running],
            ledgers={ledger.code: ledger for ledger in ctx.policy.ever.ledgers},
        )

    @get("/at/{node_id:uuid}", name="node_field", permission=FieldRight.READ)
    async def at_node(self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]) -> Page:
        """How much was written of a node in thirty days, for the node's page."""
        node = await place_asked(ctx, str(node_id), FieldRight.READ)
        since = ctx.tenant.midnight(ctx.today - timedelta(days=_DAYS))
        return part(
            ctx,
            request,
            "fieldwork/_node.html",
            title=node.name,
            back=url_of(ctx, request, "node", node_id=node.id),
            node=node,
            tally=await tallied(ctx, node.path, since),
            days=_DAYS,
            since=since,
        )


def plans(ctx: Context, mine: list[LineRow]) -> list[Plan]:
    """The day's plans of whoever walks the grids, from their own lines: nobody else asks for it.

    A desk writes in the same ledgers, but has no plan to be reminded of.
    """
    found: list[Plan] = []
    for ledger in ctx.policy.county.ledgers:
        times = int(ctx.setting(ledger.daily)) if ledger.daily else 0
        minutes = int(ctx.setting(ledger.minutes)) if ledger.minutes else 0
        if times and set(ledger.planned_for) & set(ctx.actor.roles):
            own = [line for line in mine if line.ledger == ledger.code]
            found.append(plan_of(ledger, times, minutes, own))
    return found


async def _waiting(ctx: Context) -> list[LineRow]:
    """Opinions that nobody has answered yet, the newest first."""
    answered = [ledger.code for ledger in ctx.policy.ever.ledgers if ledger.answered]
    if not answered:
        return []
    return await lines(ctx, LineFilter(ledger=answered[0], open=True), limit=_WAITING)
