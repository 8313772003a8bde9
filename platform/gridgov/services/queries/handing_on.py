"""What hangs on a unit when somebody there goes, whoever asks: papers, visits, what is begun."""

from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import select

from gridgov.cases.models import Case
from gridgov.context import Context
from gridgov.kernel.db import within
from gridgov.kernel.joins import tied
from gridgov.services.models import Appointment, AssistedService, HeldDocument, ServiceItem

MOST: Final = 200


class Begun(NamedTuple):
    """A service that is under way for a resident: nobody is named."""

    case_id: UUID
    item: str
    code: str
    due_at: datetime
    yellow_at: datetime
    paused: bool


class Paper(NamedTuple):
    """A resident's document that lies with the worker or at the station."""

    id: UUID
    name: str
    code: str


async def assists_under(ctx: Context, path: str) -> list[Begun]:
    """What is being done for residents of a unit, the most pressing first."""
    found = (
        select(Case.id, ServiceItem.name, Case.code, Case.due_at, Case.yellow_at, Case.paused_at)
        .join(AssistedService, tied(AssistedService.case_id, Case.id))
        .join(ServiceItem, tied(ServiceItem.id, AssistedService.item_id))
        .where(Case.ends == "", within(Case.node_path, path))
        .order_by(Case.due_at, Case.id)
        .limit(MOST)
    )
    return [Begun(*row[:5], paused=row[5] is not None) for row in await ctx.session.execute(found)]


async def documents_under(ctx: Context, path: str) -> list[Paper]:
    """Documents of residents of a unit that lie near them, the longest there first."""
    at_hand = [place.code for place in ctx.policy.ever.custody if place.at_hand]
    found = (
        select(HeldDocument.id, HeldDocument.name, Case.code)
        .join(Case, tied(Case.id, HeldDocument.case_id))
        .where(HeldDocument.place.in_(at_hand), within(Case.node_path, path))
        .order_by(HeldDocument.since)
        .limit(MOST)
    )
    return [Paper(*row) for row in await ctx.session.execute(found)]


async def visits_under(ctx: Context, path: str) -> list[Any]:
    """Visits of a unit from today on: ``id``, ``building``, ``code``, ``day``."""
    found = (
        select(Appointment.id, Appointment.building, Appointment.code, Appointment.day)
        .where(
            Appointment.state == "booked",
            Appointment.day >= ctx.today,
            within(Appointment.node_path, path),
        )
        .order_by(Appointment.day)
        .limit(MOST)
    )
    return [*await ctx.session.execute(found)]
