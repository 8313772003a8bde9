"""Several reports of one matter: one is worked on, each reporter keeps their own."""

from uuid import UUID

from sqlalchemy import func, select

from gridgov.cases.actions.act import Act
from gridgov.cases.models import Case
from gridgov.cases.queries.seeing import cases_seen_by
from gridgov.contract.declarations import Ends
from gridgov.kernel.errors import Conflict, Invalid


async def merge(act: Act) -> None:
    """Rest in another case.

    Clocks, reporters and notices stay as they are, so that there is nothing to undo but the state.
    """
    main: UUID = act.given["case"]
    if main == act.head.id:
        raise Invalid(fields={"case": "不能并入自己。"})
    seen = cases_seen_by(act.ctx.actor).with_only_columns(Case.code, Case.ends)
    found = (await act.ctx.session.execute(seen.where(Case.id == main))).one_or_none()
    if found is None:
        raise Invalid(fields={"case": "没有这件事，请重新选择。"})
    if found.ends != Ends.NO:
        raise Invalid(fields={"case": "那件事已经办结或并入别处，请选一件正在办理的。"})
    followers = await act.ctx.session.scalar(
        select(func.count()).select_from(Case).where(Case.merged_into == act.head.id)
    )
    if followers:
        raise Conflict("已有别的事并入这一件，请先拆开。")
    kept = {"state": act.head.state, "turn": act.head.turn}
    act.changes |= {"merged_into": main, "before_merge": kept}
    act.details |= {"into": found.code}


async def unmerge(act: Act) -> None:
    """On its own again, as it was before."""
    act.to = str((act.head.before_merge or {})["state"])
    act.changes |= {"merged_into": None, "before_merge": None}
