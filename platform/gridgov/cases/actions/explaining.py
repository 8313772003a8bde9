"""What "why can I (not) see this?" is told about a case."""

import re
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select

from gridgov.access.types import Question, Subject
from gridgov.cases.models import Case, CaseAssignment
from gridgov.cases.types import CaseRight, PartState
from gridgov.context import Context

_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


async def explain_case(ctx: Context, question: Question) -> None:
    """Add the case that a code or an address stands for; the page decides who is told of it."""
    ids = [UUID(found) for found in _ID.findall(question.text.lower())]
    case = (
        await ctx.session.execute(
            select(Case.id, Case.code, Case.node_path, Case.category, Case.reported_by).where(
                or_(Case.code == question.text.strip(), Case.id.in_(ids))
            )
        )
    ).first()
    if case is None:
        return
    departments = await ctx.session.scalars(
        select(CaseAssignment.department_id).where(
            CaseAssignment.case_id == case.id, CaseAssignment.state != PartState.WITHDRAWN
        )
    )
    question.subjects.append(
        Subject(
            "事件",
            case.code,
            CaseRight.READ,
            path=case.node_path,
            departments=tuple(departments),
            category=case.category,
            own=case.reported_by == question.account_id,
        )
    )
