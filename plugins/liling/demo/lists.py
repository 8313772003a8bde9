"""A second version of two lists, and a supervision circular with what it tells of."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, update

from gridgov.cases.actions.circulars import issue_circular
from gridgov.cases.actions.performing import perform
from gridgov.cases.models import Case, CaseStep
from gridgov.context import Context
from gridgov.contract.lists import CLASSES, ROUNDS
from gridgov.kernel.errors import Refusal
from gridgov.kernel.joins import tied
from gridgov.rulebook.actions.lists import change_lists
from gridgov.tenants.models import DeclarationSnapshot
from liling.demo.cast import Cast, Player

_DAY: Final = timedelta(days=1)
_OLD: Final = 60 * _DAY
"""How long the county has run its rules: longer than the history that they are told by."""
_WATCHED: Final = 7
_WHY: Final = (
    "群众两次来电催问，还没有答复。",
    "同一个地方一个月内第三次报，要查原因。",
    "部门来回退了几次，请牵头的先办。",
    "路过的老人孩子多，怕伤人，先围起来再修。",
)


async def relist(ctx: Context, cast: Cast, home: str, *, days: int, now: datetime) -> None:
    """A row of two lists is otherwise since some days, one more is to be: before all cases."""
    admin = cast.above("county_admin", home)
    if admin is None:
        return
    begun = now - max(_OLD, (days + 1) * _DAY)
    await ctx.session.execute(update(DeclarationSnapshot).values(taken_at=begun))
    for ago, document, reason, from_on, rows in (
        (
            6,
            "醴网格办〔2026〕演示12号",
            "雨季井盖移位容易伤人，从一般改成即办",
            -6,
            {CLASSES: {"P0103": {"urgency": "prompt"}}},
        ),
        (
            3,
            "醴网格办〔2026〕演示15号",
            "冬季取暖，多看一项",
            -3,
            {
                ROUNDS: {
                    "home_4": {
                        "group": "楼栋院落",
                        "text": "取暖：煤炉通风、电热毯老化，独自在家的提醒一句",
                        "often": "每周",
                    }
                }
            },
        ),
        (
            1,
            "醴网格办〔2026〕演示18号",
            "年底工地赶工多，每天看",
            20,
            {ROUNDS: {"key_3": {"often": "每天"}}},
        ),
    ):
        at = _as(ctx, admin, now - ago * _DAY)
        on = ctx.tenant.day_of(now + from_on * _DAY)
        await change_lists(at, rows, effective_from=on, document=document, reason=reason)


async def circulate(ctx: Context, cast: Cast, home: str, now: datetime) -> None:
    """What lay too long is watched; most of it was in a circular, the newest waits for the next."""
    supervisor = cast.above("supervisor", home)
    if supervisor is None:
        return
    issued = now - _DAY
    watched: list[UUID] = []
    for number, (case_id, last) in enumerate(await _lying(ctx, issued - timedelta(hours=6))):
        at = _as(ctx, supervisor, last + timedelta(hours=3))
        try:
            await perform(at, case_id, "supervise", {"reason": _WHY[number % len(_WHY)]})
        except Refusal:  # it is over, or watched already
            continue
        watched.append(case_id)
    if not watched:
        return
    struck = _as(ctx, supervisor, issued - timedelta(hours=1))
    await perform(struck, watched[0], "strike_off", {"note": "现场看过，已经修好。"})
    at = _as(ctx, supervisor, issued)
    await issue_circular(
        at,
        first=at.today - timedelta(days=14),
        last=at.today,
        opening="多数事项已有部门接手，但有的几天没有进展，也没有告诉反映的人。",
        demand="承办单位逐件倒排时间，一时办不了的先采取临时措施，并把进展告诉反映的人。",
        answer_by=at.today + timedelta(days=5),
        asks=dict.fromkeys(watched[1:3], "三天内到现场，写明哪天办好。"),
    )


async def _lying(ctx: Context, before: datetime) -> list[tuple[UUID, datetime]]:
    """Open cases in which nothing happened for long, and when the last thing did."""
    last = func.max(CaseStep.at)
    found = await ctx.session.execute(
        select(Case.id, last)
        .join(CaseStep, tied(CaseStep.case_id, Case.id))
        .where(Case.ends == "", Case.supervised.is_(False))
        .group_by(Case.id)
        .having(last < before)
        .order_by(last)
        .limit(_WATCHED)
    )
    return [(case_id, at) for case_id, at in found]


def _as(ctx: Context, player: Player, at: datetime) -> Context:
    return replace(ctx, actor=player.actor, now=at)
