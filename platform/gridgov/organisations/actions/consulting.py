"""Joint consultations about a case."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from gridgov.audit.actions import record
from gridgov.cases.actions.act import asking_of
from gridgov.cases.actions.performing import perform
from gridgov.cases.queries.situations import situation_of
from gridgov.context import Context
from gridgov.grid.queries.nodes import node_by_path
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.kernel.sentences import Sentence, joined
from gridgov.organisations.actions.meetings import checked, keep_meeting
from gridgov.organisations.types import OrganisationRight
from gridgov.staff.models import Department


async def consult(
    ctx: Context,
    case_id: UUID,
    *,
    at: datetime,
    departments: Collection[UUID],
    conclusion: str,
    next_step: str,
    place: str = "",
) -> UUID:
    """Keep a joint consultation about a case; its conclusion is a line of the case's timeline.

    It is the county's own note that is written, so whoever may write none cannot keep one either.
    """
    case = await situation_of(ctx, case_id)
    declared = next((one for one in ctx.policy.county.meeting_kinds if one.on_case), None)
    node = await node_by_path(ctx, case.head.desk_path)
    if declared is None or node is None:
        raise NotFound
    if not ctx.actor.may(OrganisationRight.MEET, path=case.head.node_path):
        raise NotFound
    faults = {
        field: "请填写这一项。"
        for field, words in (("conclusion", conclusion), ("next_step", next_step))
        if not words.strip()
    }
    if at > ctx.now:
        faults["at"] = "还没到这个时间，商定之后再记。"
    elif at < case.head.opened_at.replace(second=0, microsecond=0):  # forms know minutes
        faults["at"] = "不能早于这件事上报的时间。"
    found = await ctx.session.execute(
        select(Department.id, Department.name)
        .where(Department.id.in_(list(departments)), Department.closed_on.is_(None))
        .order_by(Department.code)
    )
    came = [(row.id, row.name) for row in found]
    if not came or len(came) != len(set(departments)):
        faults["departments"] = "请选参加的部门。"
    if faults:
        raise Invalid(fields=faults)
    conclusion, next_step = checked("conclusion", conclusion), checked("next_step", next_step)
    meeting_id = await keep_meeting(
        ctx,
        declared,
        node,
        at=at,
        place=checked("place", place),
        attendance=[{"id": str(unit), "department": name, "present": True} for unit, name in came],
        case_id=case_id,
        conclusion=conclusion,
        next_step=next_step,
        held_at=ctx.now,
    )
    note = Sentence(
        "{meeting}（{units}）：{conclusion} 下一步：{next}",
        meeting=declared.name,
        units=joined(name for _, name in came),
        conclusion=conclusion,
        next=next_step,
    )
    asking = asking_of(ctx, case)
    noting = next((action for action in asking.kind.actions if action.effect == "note"), None)
    if noting is None:
        raise Conflict("这类事件不能加说明。")
    await perform(ctx, case_id, noting.code, {"note": str(note)})
    record(ctx, "meeting.consulted", "meeting", meeting_id)
    return meeting_id
