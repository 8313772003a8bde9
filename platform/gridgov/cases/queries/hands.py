"""In whose hands a case is: the departments that have a part in it."""

from collections.abc import Sequence

from sqlalchemy import ARRAY, ColumnElement, Text, func, literal, select

from gridgov.cases.models import Case, CaseAssignment
from gridgov.cases.types import HAVING_PARTS
from gridgov.kernel.joins import tied
from gridgov.kernel.ready import one_of
from gridgov.staff.models import Department


def in_hands_of(codes: Sequence[str]) -> ColumnElement[bool]:
    """One of these departments has it, or none of any does.

    One look at the parts of each case that is asked about: an EXISTS may be hashed over all.
    """
    having = (
        select(func.array_agg(Department.code))
        .join(CaseAssignment, tied(CaseAssignment.department_id, Department.id))
        .where(
            tied(CaseAssignment.case_id, Case.id),
            one_of(CaseAssignment.state, HAVING_PARTS),
        )
        .correlate(Case)
        .scalar_subquery()
    )
    wanted = literal(list(codes), ARRAY(Text))
    return func.coalesce(having, wanted).bool_op("&&")(wanted)
