"""Records that a duty of the year asks somebody to look at: how many there are, and which.

One statement serves the number and the list behind it. It begins with where the actor keeps the
year; that a record waits is said there of every one, what a case or a circular is about only to
whom that is open.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Date,
    Text,
    and_,
    case,
    cast,
    exists,
    extract,
    false,
    func,
    literal,
    or_,
    select,
    union_all,
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
from gridgov.kernel.errors import NotFound
from gridgov.kernel.paging import Rows, after, decode, encode
from gridgov.kernel.sentences import N_, Sentence
from gridgov.organisations.models import Team, TeamMember
from gridgov.services.models import Authorisation
from gridgov.staff.models import StaffMember
from gridgov.yearly.types import Counted, Waiting, YearlyRight

PAGE: Final = 50
ENDING: Final = timedelta(days=90)
"""What ends within these days is told of."""
AGED: Final = timedelta(days=365)
"""A consent without an end is asked about again after so long."""


@dataclass(frozen=True, slots=True)
class Records:
    """Records of one kind. ``found`` selects id, day, title, place and the id of what is opened.

    That id is None, and the title a number, where what it is about is not the actor's to see.

    ``route`` opens one of them by ``key`` (a list, where ``key`` is empty), ``said`` tells how many
    there are, ``none`` that there are none.
    """

    name: str
    said: str
    none: str
    route: str
    key: str
    day: str
    found: Callable[[Context, int], Rows]


def _kept_below(ctx: Context, path: Any) -> ColumnElement[bool]:
    """In a place whose year the actor keeps."""
    scopes = ctx.actor.scopes(YearlyRight.TICK)
    return or_(false(), *(within(path, scope.path) for scope in scopes))


def _with_node(ctx: Context, found: Rows, kept: Any) -> Rows:
    at = and_(GridNode.tenant_id == kept.tenant_id, GridNode.id == kept.node_id)
    return found.join(GridNode, at).where(_kept_below(ctx, GridNode.path))


def _of_case(ctx: Context, found: Rows) -> Rows:
    """``found`` has the columns before its title; the title is for whom the case is open."""
    title = case((seen(ctx.actor), Case.title), else_=Case.code)
    opens = case((seen(ctx.actor), Case.id))
    more = found.add_columns(title, GridNode.name, opens)
    return _with_node(ctx, more.where(seen(ctx.actor, YearlyRight.TICK)), Case)


def _bindings(ctx: Context, _: int) -> Rows:
    found = select(
        Binding.id, Binding.valid_to, Binding.role, GridNode.name, Binding.account_id
    ).where(Binding.valid_to > ctx.today, Binding.valid_to <= ctx.today + ENDING)
    return _with_node(ctx, found, Binding)


def _leavers(ctx: Context, _: int) -> Rows:
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


def _authorisations(ctx: Context, _: int) -> Rows:
    found = (
        select(Authorisation.id, Authorisation.valid_until)
        .join(
            Case,
            and_(Case.tenant_id == Authorisation.tenant_id, Case.id == Authorisation.case_id),
        )
        .where(
            Case.ends == "",
            Authorisation.ended_on.is_(None),
            Authorisation.valid_until <= ctx.today + ENDING,
        )
    )
    return _of_case(ctx, found)


_team = func.coalesce(func.nullif(Team.name, ""), Team.kind).label("team")
"""A team without a name is called by its kind."""


def _members(ctx: Context, _: int) -> Rows:
    found = (
        select(TeamMember.id, TeamMember.consent_on, _team, GridNode.name, Team.id)
        .join(Team, and_(Team.tenant_id == TeamMember.tenant_id, Team.id == TeamMember.team_id))
        .where(
            TeamMember.consent_on <= ctx.today - AGED,
            or_(TeamMember.until.is_(None), TeamMember.until > ctx.today),
        )
    )
    return _with_node(ctx, found, Team)


def _stories(ctx: Context, _: int) -> Rows:
    agreed = _day(ctx, Nomination.answered_at)
    found = select(Nomination.id, agreed, Nomination.honour, GridNode.name, Nomination.id).where(
        Nomination.state == NominationState.PUBLISHED, agreed <= ctx.today - AGED
    )
    return _with_node(ctx, found, Nomination)


def _switches(ctx: Context, _: int) -> Rows:
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


def _contacts(ctx: Context, _: int) -> Rows:
    """Of whom somebody may still be reached, though the time for it is over."""
    closed = _day(ctx, Case.closed_at)
    kept = exists().where(
        CaseReporter.tenant_id == Case.tenant_id,
        CaseReporter.case_id == Case.id,
        CaseReporter.phone.is_not(None),
    )
    last = ctx.now - timedelta(days=int(ctx.setting("contact_days")))
    found = select(Case.id, closed).where(Case.ends == "closed", Case.closed_at < last, kept)
    return _of_case(ctx, found)


def _reviews(_: Context, year: int) -> Rows:
    return select(
        ReviewHeld.id, ReviewHeld.until, ReviewHeld.kind, ReviewHeld.period, ReviewHeld.id
    ).where(
        extract("year", ReviewHeld.since) == year - 1, ReviewHeld.state != ReviewState.PUBLISHED
    )


def _circulars(ctx: Context, year: int) -> Rows:
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
    return cast(func.timezone(ctx.tenant.zone, at), Date)


RECORDS: Final[Mapping[str, Records]] = {
    "bindings": Records(
        N_("快到期的授权"),
        N_("90 天内有 {n} 项授权到期"),
        N_("90 天内没有授权到期。"),
        "person_bindings",
        "account_id",
        N_("到期"),
        _bindings,
    ),
    "leavers": Records(
        N_("人走了还开着的授权"),
        N_("人走了还开着 {n} 项授权"),
        N_("走了的人都没有授权。"),
        "person_bindings",
        "account_id",
        N_("开始"),
        _leavers,
    ),
    "authorisations": Records(
        N_("快到期的代办委托"),
        N_("没办完的代办里，{n} 份委托 90 天内到期"),
        N_("没办完的代办，委托都还管用 90 天以上。"),
        "assist",
        "case_id",
        N_("到期"),
        _authorisations,
    ),
    "members": Records(
        N_("满一年的队员同意"),
        N_("{n} 位居民队员的同意满了一年"),
        N_("没有满一年的队员同意。"),
        "team",
        "team_id",
        N_("同意"),
        _members,
    ),
    "stories": Records(
        N_("公布满一年的先进故事"),
        N_("{n} 个先进故事公布满了一年"),
        N_("没有公布满一年的故事。"),
        "honours",
        "",
        N_("同意"),
        _stories,
    ),
    "switches": Records(
        N_("快到期的开关"),
        N_("90 天内有 {n} 项开关到期"),
        N_("没有开着、快到期的开关。"),
        "compliance",
        "",
        N_("到期"),
        _switches,
    ),
    "contacts": Records(
        N_("过了保存期的联系方式"),
        N_("{n} 件事的联系方式过了保存期还没有清"),
        N_("过了保存期的联系方式都清了。"),
        "case",
        "case_id",
        N_("结案"),
        _contacts,
    ),
    "reviews": Records(
        N_("上一年没有通报的讲评"),
        N_("上一年有 {n} 次讲评没有通报"),
        N_("上一年没有未通报的讲评。"),
        "review",
        "review_id",
        N_("期末"),
        _reviews,
    ),
    "circulars": Records(
        N_("上一年的督办事项通报"),
        N_("上一年发过 {n} 期督办事项通报，印出来归档"),
        N_("上一年没有发过督办事项通报。"),
        "circular",
        "circular_id",
        N_("印发"),
        _circulars,
    ),
}


async def counted(ctx: Context, year: int) -> dict[str, Counted]:
    """How many of each there are. One statement."""
    each = (
        select(literal(kind), func.count()).select_from(one.found(ctx, year).subquery())
        for kind, one in RECORDS.items()
    )
    found = dict[str, Counted]()
    for kind, amount in await ctx.session.execute(union_all(*each)):
        records = RECORDS[kind]
        words = Sentence(records.said, n=amount) if amount else records.none
        found[kind] = Counted(kind, amount, words)
    return found


async def waiting(
    ctx: Context, kind: str, year: int, *, cursor: str = ""
) -> tuple[list[Waiting], str]:
    """A page of them, the earliest day first, and where the next begins."""
    if kind not in RECORDS:
        raise NotFound
    named = RECORDS[kind].found(ctx, year).subquery()
    columns = [*named.c]
    start = decode(cursor, "su") if cursor else None
    by = (cast(columns[1], Text), columns[0])
    page = after(select(named), by, start, descending=False).limit(PAGE + 1)
    rows = [Waiting(*row) for row in await ctx.session.execute(page)]
    if len(rows) <= PAGE:
        return rows, ""
    last = rows[PAGE - 1]
    return rows[:PAGE], encode((last.day.isoformat(), last.id))
