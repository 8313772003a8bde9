"""What other rooms count of services, by place and time. Definitions stand beside the numbers."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Select, and_, func, select

from gridgov.cases.models import Case
from gridgov.contract.declarations import Ends
from gridgov.contract.services import ASSIST
from gridgov.kernel.db import within
from gridgov.kernel.sentences import N_
from gridgov.services.models import Appointment, AssistedService
from gridgov.services.types import Booked

Counted = Select[UUID, str, datetime | None]

ASSISTED: Final = N_("统计期内送达办结的代办件数；不能代办、没有办成的不计。")
VISITED: Final = N_("统计期内办完的预约上门件数；取消的、没有见到人的不计。")


def assists_done(path: str, since: datetime, until: datetime) -> Counted:
    """The cases (id, path, closed_at) by which items were done for residents and brought home."""
    return (
        select(Case.id, Case.node_path, Case.closed_at)
        .join(
            AssistedService,
            and_(AssistedService.tenant_id == Case.tenant_id, AssistedService.case_id == Case.id),
        )
        .where(
            Case.kind == ASSIST,
            Case.ends == Ends.CLOSED,
            within(Case.node_path, path),
            Case.closed_at >= since,
            Case.closed_at < until,
        )
    )


def appointments_done(path: str, since: datetime, until: datetime) -> Counted:
    """The visits (id, path, ended_at) that were booked and made."""
    return select(Appointment.id, Appointment.node_path, Appointment.ended_at).where(
        Appointment.state == Booked.DONE,
        within(Appointment.node_path, path),
        Appointment.ended_at >= since,
        Appointment.ended_at < until,
    )


def counted(found: Counted) -> Select[int]:
    """How many of them."""
    return select(func.count()).select_from(found.subquery())
