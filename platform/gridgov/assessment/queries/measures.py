"""What the core counts, by the names that the contract knows."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, DateTime, and_, cast, func, literal, or_, true

from gridgov.assessment.queries.measuring import Measure, Which, places_seen
from gridgov.assessment.types import AssessmentRight
from gridgov.cases.models import Case, CaseReporter
from gridgov.cases.queries.seeing import seen
from gridgov.context import Context
from gridgov.contract.declarations import Level
from gridgov.contract.services import ASSIST
from gridgov.fieldwork.models import CampaignTarget, LedgerCase, LedgerLine
from gridgov.fieldwork.types import DONE
from gridgov.grid.models import GridNode
from gridgov.kernel.joins import tied
from gridgov.kernel.paging import Rows
from gridgov.kernel.ready import one_of
from gridgov.organisations.models import Activity, Meeting
from gridgov.registry.models import Building, BuildingCount
from gridgov.services.models import Appointment, AssistedService
from gridgov.services.types import Booked


def _cases(*, ends: bool = False, more: Any = None) -> Callable[[Context, Which], Any]:
    """Cases in sight; ``of`` are origins of reports."""

    def where(ctx: Context, of: Which) -> ColumnElement[bool]:
        parts = [seen(ctx.actor, AssessmentRight.READ)]
        if of:
            parts.append(one_of(Case.origin, of))
        if ends:
            parts.append(Case.ends == "closed")
        if more is not None:
            parts.append(more)
        return and_(*parts)

    return where


def _of_case(at: Any, where: Callable[[Context, Which], Any], **more: Any) -> Measure:
    return Measure(
        id=Case.id,
        at=at,
        path=Case.node_path,
        title=Case.title,
        where=where,
        route="case",
        key="case_id",
        **more,
    )


def _of_line(where: Callable[[Context, Which], Any], **more: Any) -> Measure:
    opened: dict[str, Any] = {"id": LedgerLine.id, "route": "line", "key": "line_id"}
    return Measure(
        at=LedgerLine.at,
        path=LedgerLine.node_path,
        title=func.split_part(LedgerLine.words, "\n", 1),  # what it is about, never who wrote
        where=where,
        **opened | more,
    )


def _with_case(found: Rows) -> Rows:
    of_case = tied(Case.id, CaseReporter.case_id)
    return found.join_from(CaseReporter, Case, of_case)


def satisfied(codes: Sequence[str], stars: int) -> ColumnElement[bool]:
    """A rating whose stars for these questions are on average at least so many."""
    given = [func.coalesce(CaseReporter.stars[code].as_integer(), 0) for code in codes]
    total: Any = sum(given[1:], start=given[0]) if given else literal(0)
    return total >= stars * len(codes) if codes else literal(value=False)


SATISFIED: Final = 4
"""From how many stars on average somebody is satisfied, where a review says nothing else."""


def _rated(ctx: Context, of: Which) -> ColumnElement[bool]:  # noqa: ARG001  (the shape of all)
    return and_(seen(ctx.actor, AssessmentRight.READ), CaseReporter.rated_at.is_not(None))


def _content(ctx: Context, of: Which) -> ColumnElement[bool]:
    return and_(_rated(ctx, of), satisfied([*ctx.policy.ratings], SATISFIED))


def _of_rating(where: Callable[[Context, Which], ColumnElement[bool]]) -> Measure:
    return Measure(
        id=CaseReporter.id,
        opens=Case.id,
        at=CaseReporter.rated_at,
        path=Case.node_path,
        title=Case.title,
        join=_with_case,
        where=where,
        route="case",
        key="case_id",
        whole=True,
    )


def _drawn(ctx: Context, of: Which) -> ColumnElement[bool]:  # noqa: ARG001
    base: list[Level] = [level for level in ctx.policy.county.levels if level.base]
    return and_(
        places_seen(ctx, GridNode.path),
        one_of(GridNode.level, [level.code for level in base]),
        GridNode.valid_to.is_(None),
        GridNode.boundary.is_not(None),
    )


def _lines(ctx: Context, of: Which) -> ColumnElement[bool]:
    """Lines that others may read; what still runs is counted when it has ended."""
    return and_(
        places_seen(ctx, LedgerLine.node_path),
        one_of(LedgerLine.ledger, of),
        LedgerLine.private.is_(False),
        or_(LedgerLine.began_at.is_(None), LedgerLine.ended_at.is_not(None)),
    )


def _handed_out(ctx: Context, of: Which) -> ColumnElement[bool]:
    wanted = one_of(LedgerLine.item, of) if of else true()
    return and_(places_seen(ctx, LedgerLine.node_path), LedgerLine.count.is_not(None), wanted)


def _with_line(found: Rows) -> Rows:
    return found.join_from(
        LedgerCase,
        LedgerLine,
        tied(LedgerLine.id, LedgerCase.line_id),
    )


def _with_building(found: Rows) -> Rows:
    return found.join_from(
        BuildingCount,
        Building,
        tied(Building.id, BuildingCount.building_id),
    )


def _updated(ctx: Context, of: Which) -> ColumnElement[bool]:  # noqa: ARG001
    return places_seen(ctx, Building.node_path)


def _looked_at(ctx: Context, of: Which) -> ColumnElement[bool]:  # noqa: ARG001
    return and_(places_seen(ctx, CampaignTarget.node_path), one_of(CampaignTarget.state, DONE))


def _with_service(found: Rows) -> Rows:
    of_case = tied(AssistedService.case_id, Case.id)
    return found.join_from(Case, AssistedService, of_case)


def _kept_appointments(ctx: Context, of: Which) -> ColumnElement[bool]:  # noqa: ARG001
    return and_(places_seen(ctx, Appointment.node_path), Appointment.state == Booked.DONE)


def _with_node(kept: type[Activity] | type[Meeting]) -> Callable[[Rows], Rows]:
    of_node = tied(GridNode.id, kept.node_id)
    return lambda found: found.join_from(kept, GridNode, of_node)


def _held(ctx: Context, of: Which) -> ColumnElement[bool]:
    wanted = one_of(Meeting.kind, of) if of else true()
    return and_(places_seen(ctx, GridNode.path), Meeting.held_at.is_not(None), wanted)


MEASURES: Final[Mapping[str, Measure]] = {
    "cases_reported": _of_case(Case.opened_at, _cases(), whole=True),
    "cases_closed": _of_case(Case.closed_at, _cases(ends=True), whole=True),
    "cases_on_time": _of_case(
        Case.closed_at, _cases(ends=True, more=Case.late.is_not(True)), whole=True
    ),
    "cases_solved": _of_case(
        Case.closed_at, _cases(ends=True, more=Case.reopened == 0), whole=True
    ),
    "cases_rated": _of_rating(_rated),
    "cases_satisfied": _of_rating(_content),
    "maps_drawn": Measure(
        id=GridNode.id,
        at=cast(GridNode.valid_from, DateTime(timezone=True)),
        path=GridNode.path,
        title=GridNode.name,
        where=_drawn,
        route="node",
        key="node_id",
        steady=True,
    ),
    "ledger_lines": _of_line(_lines),
    "ledger_cases": _of_line(
        _lines,
        id=LedgerCase.id,
        opens=LedgerCase.case_id,
        join=_with_line,
        route="case",
        key="case_id",
    ),
    "hand_outs": _of_line(_handed_out, amount=LedgerLine.count),
    "base_updates": Measure(
        id=BuildingCount.id,
        opens=Building.id,
        at=BuildingCount.at,
        path=Building.node_path,
        title=Building.name,
        join=_with_building,
        where=_updated,
        route="building",
        key="building_id",
    ),
    "targets_done": Measure(
        id=CampaignTarget.id,
        opens=CampaignTarget.campaign_id,
        at=CampaignTarget.at,
        path=CampaignTarget.node_path,
        title=CampaignTarget.name,
        where=_looked_at,
        route="campaign",
        key="campaign_id",
    ),
    "assists_done": _of_case(
        Case.closed_at, _cases(ends=True, more=Case.kind == ASSIST), join=_with_service
    ),
    "appointments_done": Measure(
        id=Appointment.id,
        at=Appointment.ended_at,
        path=Appointment.node_path,
        title=literal(""),
        where=_kept_appointments,
        route="appointment",
        key="appointment_id",
    ),
    "activities_held": Measure(
        id=Activity.id,
        at=cast(Activity.on, DateTime(timezone=True)),
        path=GridNode.path,
        title=Activity.what,
        join=_with_node(Activity),
        where=lambda ctx, _: places_seen(ctx, GridNode.path),
        route="activity",
        key="activity_id",
    ),
    "meetings_held": Measure(
        id=Meeting.id,
        at=Meeting.at,
        path=GridNode.path,
        title=literal(""),
        join=_with_node(Meeting),
        where=_held,
        route="meeting",
        key="meeting_id",
    ),
}
