"""Verifying, closing with an answer, rating, and taking up again."""

from dataclasses import replace
from typing import Final

from sqlalchemy import bindparam, update

from gridgov.cases.actions.act import Act
from gridgov.cases.models import CaseReporter
from gridgov.cases.rules.reach import teller_of
from gridgov.cases.types import PartState
from gridgov.contract.declarations import Ends
from gridgov.kernel.ready import Ready

_RATING: Final = Ready(
    update(CaseReporter)
    .where(CaseReporter.id == bindparam("teller"))
    .values({name: bindparam(f"new_{name}") for name in ("stars", "comment", "rated_at")})
)


async def close(act: Act) -> None:
    """Verified, and answered to whoever reported it."""
    act.changes |= {
        "closed_at": act.now,
        "answer": act.note,
        "solved_level": act.head.solved_level or act.head.level,
    }
    act.drop_requests()


async def redo(act: Act) -> None:
    """Not good enough: the departments that were done have it again; without any, the desk has."""
    latest = {part.department_id: part for part in act.parts.values()}
    done = [part for part in latest.values() if part.state == PartState.DONE]
    act.put(*(replace(p, state=PartState.ACCEPTED, ended_at=None, ended_by=None) for p in done))
    if not done:
        act.to = act.action.otherwise
    act.details["departments"] = [str(part.department_id) for part in done]
    act.changes |= {"solved_level": "", "answer": ""}


async def rate(act: Act) -> None:
    """A reporter says how it was. Each has a rating of their own, also after a merge."""
    teller = teller_of(act.asking)
    asked = {rating.code for rating in act.asking.kind.ratings}
    stars = {code: given for code, given in act.given.items() if code in asked}
    await _RATING.rows(
        act.ctx.session,
        teller=teller.id if teller else None,
        new_stars=stars,
        new_comment=act.given.get("comment", ""),
        new_rated_at=act.now,
    )
    act.details["stars"] = stars
    if act.head.ends == Ends.MERGED:
        act.to = ""


async def reopen(act: Act) -> None:
    """Taken up again: the clocks start anew, and who rated may rate again.

    The earlier round of clocks is kept, and the earlier rating on the timeline.
    """
    await act.ctx.session.execute(
        update(CaseReporter)
        .where(CaseReporter.case_id == act.head.id)
        .values(rated_at=None)
        .execution_options(synchronize_session=False)
    )
    act.changes |= {
        "closed_at": None,
        "late": None,
        "answer": "",
        "solved_level": "",
        "handled_by": None,
        "reopened": act.head.reopened + 1,
    }
