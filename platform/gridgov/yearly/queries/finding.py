"""Which records there are of each kind: id, day, title, place and the id of what is opened.

Each begins with where the actor keeps the year. That a record waits is said there of every one,
what a case or a circular is about only to whom that is open. Reviews and switches are the county's.
"""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Date,
    Text,
    case,
    cast,
    exists,
    extract,
    false,
    func,
    or_,
    select,
)

from gridgov.access.models import Binding
from gridgov.accounts.models import Membership
from gridgov.assessment.models import Nomination, ReviewHeld
from gridgov.assessment.types import NominationState, ReviewState
from gridgov.cases.models import Case, CaseReporter, Circular
from gridgov.cases.queries.circulars import circulars_seen_by
from gridgov.cases.queries.seeing import seen
from gridgov.compliance.models import SwitchGrant
from gridgov.compliance.types import GrantState
from gridgov.context import Context
from gridgov.grid.models import GridNode
from gridgov.kernel.db import within
from gridgov.kernel.joins import tied
from gridgov.kernel.paging import Rows
from gridgov.organisations.models import Team, TeamMember
from gridgov.services.models import Authorisation
from gridgov.staff.models import StaffMember
from gridgov.yearly.types import YearlyRight

ENDING: Final = timedelta(days=90)
"""What ends within these days is told of."""
AGED: Final = timedelta(days=365)
"""A consent without an end is asked about again after so long."""


def _kept_below(ctx: Context, path: Any) -> ColumnElement[bool]:
    """In a place whose year the actor keeps."""
    scopes = ctx.actor.scopes(YearlyRight.TICK)
    return or_(false(), *(within(path, scope.path) for scope in scopes))


def _with_node(ctx: Context, found: Rows, kept: Any) -> Rows:
    at = tied(GridNode.id, kept.node_id)
    return found.join(GridNode, at).where(_kept_below(ctx, GridNode.path))


def _of_case(ctx: Context, found: Rows) -> Rows:
    """``found`` has the columns before its title; the title is for whom the case is open."""
    title = case((seen(ctx.actor), Case.title), else_=Case.code)
    opens = case((seen(ctx.actor), Case.id))
    more = found.add_columns(title, GridNode.name, opens)
    return _with_node(ctx, more.where(seen(ctx.actor, YearlyRight.TICK)), Case)


def bindings(ctx: Context, _: int) -> Rows:
    found = select(
        Binding.id, Binding.valid_to, Binding.role, GridNode.name, Binding.account_id
    ).where(Binding.valid_to > ctx.today, Binding.valid_to <= ctx.today + ENDING)
    return _with_node(ctx, found, Binding)


def leavers(ctx: Context, _: int) -> Rows:
    gone = exists().where(
        Membership.account_id == Binding.account_id,
        Membership.tenant_id == ctx.tenant.id,
        StaffMember.tenant_id == Binding.tenant_id,
        StaffMember.id == Membership.staff_id,
        StaffMember.left_on <= ctx.today,
    )
    found = select(
        Binding.id, Binding.valid_from, Binding.role, GridNode.name, Binding.account_id
    ).where(gone, or_(Binding.valid_to.is_(None), Binding.valid_to > ctx.today))
    return _with_node(ctx, found, Binding)


def authorisations(ctx: Context, _: int) -> Rows:
    found = (
        select(Authorisation.id, Authorisation.valid_until)
        .join(Case, tied(Case.id, Authorisation.case_id))
        .where(
            Case.ends == "",
            Authorisation.ended_on.is_(None),
            Authorisation.valid_until <= ctx.today + ENDING,
        )
    )
    return _of_case(ctx, found)


_team = func.coalesce(func.nullif(Team.name, ""), Team.kind).label("team")
"""A team without a name is called by its kind."""


def members(ctx: Context, _: int) -> Rows:
    found = (
        select(TeamMember.id, TeamMember.consent_on, _team, GridNode.name, Team.id)
        .join(Team, tied(Team.id, TeamMember.team_id))
        .where(
            TeamMember.consent_on <= ctx.today - AGED,
            or_(TeamMember.until.is_(None), TeamMember.until > ctx.today),
        )
    )
    return _with_node(ctx, found, Team)


def stories(ctx: Context, _: int) -> Rows:
    agreed = _day(ctx, Nomination.answered_at)
    found = select(Nomination.id, agreed, Nomination.honour, GridNode.name, Nomination.id).where(
        Nomination.state == NominationState.PUBLISHED, agreed <= ctx.today - AGED
    )
    return _with_node(ctx, found, Nomination)


def switches(ctx: Context, _: int) -> Rows:
    return select(
        SwitchGrant.id,
        SwitchGrant.expires_on,
        SwitchGrant.switch,
        SwitchGrant.document,
        SwitchGrant.id,
    ).where(
        SwitchGrant.state == GrantState.ON,
        SwitchGrant.expires_on >= ctx.today,
        SwitchGrant.expires_on <= ctx.today + ENDING,
    )


def contacts(ctx: Context, _: int) -> Rows:
    """Of whom somebody may still be reached, though the time for it is over."""
    closed = _day(ctx, Case.closed_at)
    kept = exists().where(
        tied(CaseReporter.case_id, Case.id),
        CaseReporter.phone.is_not(None),
    )
    last = ctx.now - timedelta(days=int(ctx.setting("contact_days")))
    found = select(Case.id, closed).where(Case.ends == "closed", Case.closed_at < last, kept)
    return _of_case(ctx, found)


def reviews(_: Context, year: int) -> Rows:
    return select(
        ReviewHeld.id, ReviewHeld.until, ReviewHeld.kind, ReviewHeld.period, ReviewHeld.id
    ).where(
        extract("year", ReviewHeld.since) == year - 1, ReviewHeld.state != ReviewState.PUBLISHED
    )


def begun(ctx: Context, year: int) -> Rows:
    return select(
        ReviewHeld.id, ReviewHeld.until, ReviewHeld.kind, ReviewHeld.period, ReviewHeld.id
    ).where(extract("year", func.timezone(ctx.tenant.zone.key, ReviewHeld.opened_at)) == year)


def circulars(ctx: Context, year: int) -> Rows:
    mine = Circular.id.in_(circulars_seen_by(ctx.actor).with_only_columns(Circular.id))
    number = cast(Circular.number, Text)
    return select(
        Circular.id,
        _day(ctx, Circular.issued_at),
        case((mine, Circular.opening), else_=number),
        Circular.place,
        case((mine, Circular.id)),
    ).where(Circular.year == year - 1, _kept_below(ctx, Circular.node_path))


def _day(ctx: Context, at: Any) -> Any:
    """The day in the county."""
    return cast(func.timezone(ctx.tenant.zone.key, at), Date)
