"""Reviews of the last quarter and of this one, stories to thank for, a switch with its history."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from gridgov.assessment.actions.evaluating import begin_evaluation
from gridgov.assessment.actions.honouring import (
    answer_nomination,
    decide_nomination,
    nominate,
)
from gridgov.assessment.actions.reviewing import open_review, write_opinion
from gridgov.assessment.rules.periods import period_before, period_on
from gridgov.compliance.actions import ask_switch, decide_switch
from gridgov.context import Context
from gridgov.contract.compliance import Switch
from gridgov.grid.queries.nodes import node_by_path
from gridgov.kernel.errors import Refusal
from liling.demo.cast import Cast, Player

_DAY: Final = timedelta(days=1)


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


async def look_back(ctx: Context, cast: Cast, home: str, now: datetime) -> None:
    """Everything in the order in which it happened."""
    await _switches(ctx, cast, home, now)
    await _review(ctx, cast, home, now)
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


async def _review(ctx: Context, cast: Cast, home: str, now: datetime) -> None:
    leads = cast.above("dispatcher", home)
    if leads is None:
        return
    begun = now - 7 * _DAY
    running = period_on(ctx.tenant.day_of(begun), 3)
    before = period_before(running.since, 3)
    over = await open_review(_as(ctx, leads, begun), "quarterly", before.code)
    await begin_evaluation(_as(ctx, leads, now - 4 * _DAY), over)
    review = await open_review(_as(ctx, leads, begun), "quarterly", running.code)
    await begin_evaluation(_as(ctx, leads, now), review)
    supervisor, clerk = cast.above("supervisor", home), cast.above("station_clerk", home)
    handler = next(iter(cast.by_role["handler"]), None)
    place = await node_by_path(ctx, home)
    if supervisor is not None and handler is not None and handler.departments:
        await write_opinion(
            _as(ctx, supervisor, now - 6 * _DAY),
            review,
            "problems",
            text="同一路口的井盖一季度报了四次，每次都是临时垫平。建议一次换成防沉降的。",
            points="下季度前换完这一处，再查全街同类井盖。",
            department=handler.departments[0],
        )
    if clerk is not None and place is not None:
        try:
            await write_opinion(
                _as(ctx, clerk, now - 5 * _DAY),
                review,
                "officers",
                text="下雨前总会先把低处走一遍，报上来的事情说得清楚，处置的人少跑一趟。",
                points="雨季前把沿河三处再画到网格图上。",
                node=place.code,
                post="worker",
            )
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
