"""Reviews of the last quarter and of this one, stories to thank for, a switch with its history."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, update

from gridgov.assessment.actions.appealing import appeal_figure, decide_appeal
from gridgov.assessment.actions.evaluating import begin_evaluation, compute_part
from gridgov.assessment.actions.honouring import (
    answer_nomination,
    decide_nomination,
    nominate,
)
from gridgov.assessment.actions.reviewing import (
    agree_opinion,
    open_review,
    publish_review,
    write_opinion,
)
from gridgov.assessment.models import ReviewEvaluation
from gridgov.assessment.queries.departments import cases_behind
from gridgov.assessment.queries.reviews import evaluation_named, evaluations, review_of
from gridgov.assessment.rules.periods import bounds, period_before, period_on
from gridgov.assessment.rules.reviewing import parts_of
from gridgov.assessment.types import Period
from gridgov.compliance.actions import ask_switch, decide_switch
from gridgov.context import Context, Tenant
from gridgov.contract.compliance import Switch
from gridgov.grid.queries.nodes import node_by_path
from gridgov.kernel.errors import Refusal
from gridgov.tenants.models import DeclarationSnapshot
from liling.demo.cast import Cast, Player

_DAY: Final = timedelta(days=1)
_TALKED: Final = 24 * _DAY


@dataclass(frozen=True, slots=True)
class Told:
    """A story: told so many days ago, for an honour, published or still being asked about."""

    days: int
    honour: str
    text: str
    published: bool = True


STORIES: Final[Sequence[Told]] = (
    Told(
        9,
        "star",
        "连下两天雨，桥头的排水沟堵了。他半夜冒雨掏开树枝，又挨家提醒低处的三户把东西搬高，"
        "天亮时水退了，没有一户进水。",
    ),
    Told(
        6,
        "finest",
        "楼道灯坏了半个月没人管。她一层一层数清楚坏了几盏、归谁管，一次报全，"
        "两天全亮了。老人说，晚上又敢下楼散步了。",
    ),
    Told(
        2,
        "star",
        "陪不识字的老人跑完一整套手续，回来还把要带的材料画成图贴在公告栏，"
        "后来的人都照着图准备，没有再白跑的。",
        published=False,
    ),
)


_APPEALS: Final = (
    (
        "现场看过，是相邻小区的专用管道，已经移交产权单位，不是我们办的。",
        True,
        "移交单在案，不算你单位办结，其余不变。",
    ),
    (
        "反映人撤回了，不应当算进办结。",
        False,
        "撤回之前已经到场处理，办结属实，照算。",
    ),
)
"""Why a case does not belong into a figure, whether that is so, and what was said to it."""


def _over(tenant: Tenant, now: datetime) -> Period:
    """The quarter that is talked over."""
    return period_before(tenant.day_of(now - _TALKED), 3)


def last_moment(tenant: Tenant, now: datetime) -> datetime:
    """Its last evening: what was reported before that is told in its circular."""
    _, ends = bounds(_over(tenant, now), tenant.zone)
    return ends - timedelta(hours=6)


async def look_back(ctx: Context, cast: Cast, home: str, now: datetime) -> None:
    """Everything in the order in which it happened."""
    await _switches(ctx, cast, home, now)
    await _reviews(ctx, cast, home, now)
    workers = [one for one in cast.by_role["worker"] if one.path[:-4] == home[:-4]] or [
        *cast.by_role["worker"]
    ]
    for story, worker in zip(STORIES, workers, strict=False):
        await _story(ctx, cast, story, worker=worker, now=now)


async def _switches(ctx: Context, cast: Cast, home: str, now: datetime) -> None:
    asks, confirms = cast.above("county_admin", home), cast.above("security_admin", home)
    if asks is None or confirms is None:
        return
    asked = (
        (Switch.RANKING, 12, "", "镇里想看各网格的先后", False),
        (
            Switch.EMERGENCY,
            5,
            "防汛应急响应启动的通知（演示）",
            "连续强降雨，巡堤按班次清点",
            True,
        ),
    )
    for switch, days, document, reason, confirm in asked:
        at = now - days * _DAY
        grant = await ask_switch(
            _as(ctx, asks, at),
            switch,
            document=document or "镇长办公会纪要（演示）",
            article="第三条",
            reason=reason,
            expires_on=ctx.tenant.day_of(at) + 20 * _DAY,
        )
        note = "" if confirm else "会议纪要不是法律依据，12号文不允许排名。"
        await decide_switch(
            _as(ctx, confirms, at + timedelta(hours=3)), grant, confirm=confirm, note=note
        )


async def _reviews(ctx: Context, cast: Cast, home: str, now: datetime) -> None:
    """A quarter that is over, from its first opinion to the circular; and a later one."""
    leads = cast.above("dispatcher", home)
    if leads is None:
        return
    lately = now - 7 * _DAY
    running = period_on(ctx.tenant.day_of(lately), 3)
    begun = now - _TALKED
    before = _over(ctx.tenant, now).code
    over = await open_review(_as(ctx, leads, begun), "quarterly", before)
    await _opinions(ctx, cast, over, home=home, at=begun)
    computed = _as(ctx, leads, begun + 4 * _DAY)
    await _compute(computed, await begin_evaluation(computed, over))
    await _appeals(ctx, cast, over, begun + 5 * _DAY)
    await publish_review(
        _as(ctx, leads, now - 2 * _DAY),
        over,
        document="醴网格〔2026〕11号（演示）",
        conclusion="路灯、井盖类事情普遍快了；环境卫生反复的多，办结以后没有人再去看。"
        "下季度各站每周回看一次办过的点位，城管、住建对交界处先接后分。",
    )
    review = await open_review(_as(ctx, leads, lately), "quarterly", running.code)
    await begin_evaluation(_as(ctx, leads, now), review)
    await _opinions(ctx, cast, review, home=home, at=lately)
    since = select(func.min(DeclarationSnapshot.taken_at)).scalar_subquery()
    await ctx.session.execute(  # the rules are told as older than the history: ``lists.relist``
        update(ReviewEvaluation).values(edition_at=since)
    )


async def _compute(ctx: Context, evaluation: UUID) -> None:
    """All parts at once, as the worker computes them one after the other."""
    found = await review_of(ctx, (await evaluation_named(ctx, evaluation))[0])
    part = parts_of(found)[0]
    while part:
        part = await compute_part(ctx, evaluation, part)


async def _appeals(ctx: Context, cast: Cast, review: UUID, at: datetime) -> None:
    """Two departments each object to a case; one is right, and everything is computed anew."""
    decides = min(cast.by_role["leader"], key=lambda one: len(one.path), default=None)
    if decides is None:
        return
    evaluation = (await evaluations(ctx, review))[0].id
    answers = [*_APPEALS]
    by_department = {one.departments[0]: one for one in cast.by_role["handler"] if one.departments}
    for department, handler in by_department.items():
        if not answers:
            return
        asking = _as(ctx, handler, at)
        cases, _ = await cases_behind(asking, evaluation, "closed", department)
        if not cases:
            continue
        reason, uphold, decision = answers.pop(0)
        appeal = await appeal_figure(
            asking, review, department, "closed", case_code=cases[0].code, reason=reason
        )
        deciding = _as(ctx, decides, at + _DAY)
        await decide_appeal(deciding, appeal, uphold=uphold, decision=decision)
        if uphold:
            await _compute(deciding, (await evaluations(ctx, review))[0].id)


async def _opinions(ctx: Context, cast: Cast, review: UUID, *, home: str, at: datetime) -> None:
    """A supervisor on problems; a station on an officer, who has talked it over with them."""
    supervisor, clerk = cast.above("supervisor", home), cast.above("station_clerk", home)
    handler = next(iter(cast.by_role["handler"]), None)
    worker, place = cast.at("worker", home), await node_by_path(ctx, home)
    if supervisor is not None and handler is not None and handler.departments:
        await write_opinion(
            _as(ctx, supervisor, at + _DAY),
            review,
            "problems",
            text="同一路口的井盖一季度报了四次，每次都是临时垫平。建议一次换成防沉降的。",
            points="下季度前换完这一处，再查全街同类井盖。",
            department=handler.departments[0],
        )
    if clerk is None or place is None:
        return
    try:
        opinion = await write_opinion(
            _as(ctx, clerk, at + 2 * _DAY),
            review,
            "officers",
            text="下雨前总会先把低处走一遍，报上来的事情说得清楚，处置的人少跑一趟。",
            points="雨季前把沿河三处再画到网格图上。",
            node=place.code,
            post="worker",
        )
        if worker is not None:
            agreeing = _as(ctx, worker, at + 3 * _DAY)
            await agree_opinion(agreeing, opinion, remark="好的，月底前画完。")
    except Refusal:  # nobody holds the post there today
        return


async def _story(ctx: Context, cast: Cast, story: Told, *, worker: Player, now: datetime) -> None:
    clerk, leads = cast.above("station_clerk", worker.path), cast.above("dispatcher", worker.path)
    place = await node_by_path(ctx, worker.path)
    if clerk is None or leads is None or place is None:
        return
    at = now - story.days * _DAY
    try:
        nomination = await nominate(
            _as(ctx, clerk, at), story.honour, node=place.code, post="worker", story=story.text
        )
    except Refusal:  # nobody holds the post there today
        return
    if story.published:
        await answer_nomination(_as(ctx, worker, at + timedelta(hours=4)), nomination, agree=True)
        await decide_nomination(_as(ctx, leads, at + _DAY), nomination, publish=True)


def _as(ctx: Context, player: Player, at: datetime) -> Context:
    return replace(ctx, actor=player.actor, now=at)
