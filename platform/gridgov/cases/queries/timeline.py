"""The timeline of a case: only ever added to."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, select

from gridgov.cases.models import CaseStep
from gridgov.context import Context
from gridgov.kernel.ready import Ready


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the timeline."""

    id: UUID
    at: datetime
    action: str
    before: str
    after: str
    who: str
    note: str
    details: Mapping[str, Any]
    public: bool


_COLUMNS: Final = tuple(getattr(CaseStep, field.name) for field in fields(Step))


_STEPS: Final = Ready(
    select(*_COLUMNS).where(CaseStep.case_id == bindparam("case")).order_by(CaseStep.id)
)


async def steps_of(ctx: Context, case_id: UUID) -> tuple[Step, ...]:
    """All lines, the first first. Ask it only for a case that the actor may see."""
    return tuple(Step(*row) for row in await _STEPS.rows(ctx.session, case=case_id))
