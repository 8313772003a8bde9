"""What the county does by itself when something has happened.

001: “四单四制”, of which 会商研判: what departments pass back and forth is settled together.
"""

from gridgov.cases.actions.telling import answering
from gridgov.cases.queries.situations import situation_anyway
from gridgov.context import Context
from gridgov.contract.reactions import Reaction
from gridgov.kernel.outbox import Event
from gridgov.kernel.sentences import Sentence
from gridgov.notices.actions import notify


async def call_for_consultation(ctx: Context, event: Event) -> None:
    """Sent back so often that a desk alone will not settle it: whoever answers there is told."""
    case = (await situation_anyway(ctx, event.subject)).head
    if case.ends or case.bounces < int(
        ctx.setting("consult_after_returns", on=ctx.tenant.day_of(case.ruled_at))
    ):
        return
    await notify(
        ctx,
        await answering(ctx, case.desk_path),
        about=f"liling.consultation:{case.id}:{case.bounces}",
        text=Sentence("退单 {n} 次，请召集会商：{code}", n=case.bounces, code=case.code),
        link=f"/{ctx.tenant.slug}/cases/{case.id}",
    )


REACTIONS = (Reaction(event="case.returned", run=call_for_consultation),)
