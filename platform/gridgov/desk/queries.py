"""What is to do, what is done, and how the county's installation is doing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from gridgov.accounts.models import Account, Membership
from gridgov.calendar.lookup import horizon
from gridgov.cases.models import Case, CaseAssignment, CaseStep
from gridgov.cases.queries.ledgers import Waiting, codes_by_effect, waiting
from gridgov.cases.queries.overview import Overview, overview
from gridgov.cases.queries.seeing import cases_seen_by
from gridgov.cases.queries.worklist import COLUMNS, CaseFilter, CaseRow, worklist
from gridgov.cases.rules.ratings import told
from gridgov.cases.types import CaseRight, Light, PartState
from gridgov.context import Context
from gridgov.desk import rules
from gridgov.desk.types import AreaRow, Bar, Health, Share
from gridgov.grid.models import GridNode
from gridgov.grid.queries.history import redivided
from gridgov.grid.queries.nodes import names_at
from gridgov.grid.rules.codes import depth_of
from gridgov.kernel.outbox import OutboxDelivery, OutboxEvent
from gridgov.kernel.sentences import N_
from gridgov.staff.models import PostHolding, StaffMember

_LATE: Final = 6
_RETURN, _REOPEN = "return", "reopen"


async def done_today(ctx: Context, *, limit: int = 30) -> list[CaseRow]:
    """The cases that the actor moved on today."""
    touched = select(CaseStep.case_id).where(
        CaseStep.tenant_id == ctx.tenant.id,
        CaseStep.account_id == ctx.actor.account_id,
        CaseStep.at >= ctx.tenant.midnight(ctx.today),
        CaseStep.action != "report",
    )
    found = await ctx.session.execute(
        cases_seen_by(ctx.actor)
        .with_only_columns(*COLUMNS)
        .where(Case.id.in_(touched))
        .order_by(Case.id.desc())
        .limit(limit)
    )
    return [CaseRow(*row) for row in found]


async def offered(ctx: Context, case_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the cases that a department of the actor has been sent and not accepted yet."""
    departments = {d for s in ctx.actor.scopes(CaseRight.HANDLE) for d in s.departments}
    if not departments or not case_ids:
        return set()
    found = await ctx.session.scalars(
        select(CaseAssignment.case_id).where(
            CaseAssignment.case_id.in_(case_ids),
            CaseAssignment.department_id.in_(departments),
            CaseAssignment.state == PartState.OFFERED,
        )
    )
    return set(found)


@dataclass(frozen=True, slots=True)
class Board:
    """The overview with the names that a page shows."""

    figures: Overview
    where: str
    areas: list[AreaRow]
    area_level: str
    shares: list[Share]
    categories: list[Bar]
    stars: str
    returns: int
    reopened: int
    late: tuple[CaseRow, ...]
    waiting: list[Waiting]
    names: dict[str, str]
    redivided: bool


async def board(ctx: Context, *, days: int, place: str = "", then: bool = False) -> Board:
    """What the actor oversees, or the part of it under ``place``. Ten statements at most."""
    levels = ctx.policy.county.levels
    top = place or min((s.path for s in ctx.actor.scopes(CaseRight.OVERVIEW)), key=len, default="")
    depth = rules.area_depth(levels, depth_of(top))
    returns, reopens = codes_by_effect(ctx, _RETURN), codes_by_effect(ctx, _REOPEN)
    figures = await overview(
        ctx, days=days, path=place, then=then, depth=depth, actions=(*returns, *reopens)
    )
    late = await worklist(ctx, CaseFilter(light=Light.RED, path=place, then=then), limit=_LATE)
    asked = await waiting(ctx) if ctx.actor.may(CaseRight.APPROVE) else []
    names = await names_at(ctx, [top, *(area.path for area in figures.areas)])
    categories = {code: category.name for code, category in ctx.policy.categories_ever.items()}
    return Board(
        figures=figures,
        where=names.get(top, ""),
        areas=rules.area_rows(figures.areas, names),
        area_level=levels[depth - 1].name,
        shares=rules.shares(levels, figures.levels),
        categories=rules.bars(figures.categories, categories, N_("其他各类合计")),
        stars=told(ctx.policy.ratings.values(), figures.ratings.means),
        returns=sum(figures.steps.get(code, 0) for code in returns),
        reopened=sum(figures.steps.get(code, 0) for code in reopens),
        late=late.rows,
        waiting=asked,
        names=names,
        redivided=await redivided(ctx),
    )


async def health(ctx: Context) -> Health:
    """The administrator's figures: counts only, nobody's name."""
    ahead = await horizon(ctx)
    members = (
        select(func.count(), func.count().filter(Account.password.is_(None)))
        .select_from(Membership)
        .join(Account, Account.id == Membership.account_id)
        .where(Membership.tenant_id == ctx.tenant.id, Membership.ended_at.is_(None))
    )
    _, never_in = (await ctx.session.execute(members)).one()
    people = await ctx.session.scalar(
        select(func.count()).select_from(StaffMember).where(StaffMember.left_on.is_(None))
    )
    parked = await ctx.session.scalar(
        select(func.count()).select_from(OutboxDelivery).where(OutboxDelivery.state == "parked")
    )
    oldest = await ctx.session.scalar(
        select(func.min(OutboxEvent.run_at)).where(OutboxEvent.done_at.is_(None))
    )
    return Health(
        people=people or 0,
        never_in=never_in,
        vacancies=await _vacancies(ctx),
        parked=parked or 0,
        oldest_event=oldest,
        calendar_days=ahead.days,
        calendar_alarm=ahead.alarm,
        tenant_state=ctx.tenant.state,
    )


async def _vacancies(ctx: Context) -> int:
    """Units whose answering post nobody holds today."""
    today = ctx.today
    answering = {level: post.code for post in ctx.policy.county.posts if post.answers
                 for level in post.levels}  # fmt: skip
    held = select(PostHolding.node_id).where(
        PostHolding.tenant_id == ctx.tenant.id,
        PostHolding.post.in_(answering.values()),
        PostHolding.valid_from <= today,
        (PostHolding.valid_to.is_(None)) | (PostHolding.valid_to > today),
    )
    empty = await ctx.session.scalar(
        select(func.count())
        .select_from(GridNode)
        .where(GridNode.level.in_(answering), GridNode.valid_to.is_(None), GridNode.id.not_in(held))
    )
    return empty or 0
