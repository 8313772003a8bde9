"""Weeks of fieldwork around the grid where the logins meet, and a register begun in its town.

Through the real actions, like the cases; buildings, words and numbers are made up.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from gridgov.cases.actions.reporting import report_case
from gridgov.cases.types import AROSE, About
from gridgov.context import Context
from gridgov.fieldwork.actions.answering import answer_line, keep_origin
from gridgov.fieldwork.actions.campaigning import (
    Planned,
    close_campaign,
    look_at_target,
    make_campaign,
)
from gridgov.fieldwork.actions.writing import Writing, begin_line, end_line, write_line
from gridgov.fieldwork.queries.campaigns import targets
from gridgov.fieldwork.types import LINE, TARGET, TargetState
from gridgov.grid.models import GridNode
from gridgov.kernel.together import Together
from gridgov.registry.actions import Count, add_building, confirm_building
from gridgov.tenants.workplace import Workplace
from liling.demo.cast import Cast, Player
from liling.fieldwork import CAMPAIGNS

_WALKED: Final = 6
"""How many grids have weeks of lines; the others of the town have buildings alone."""
_SHOPS: Final = ("东门粮油", "好邻居超市", "老街面馆", "瓷城五金", "百姓药房", "小天使文具")
_FIRMS: Final = ("釉下彩工作室", "永兴包装", "顺达花炮零售仓")
_SEEN: Final = (
    ("fine", "", "主街、菜市场、河边步道"),
    ("fine", "灭火器在位，通道畅通。", "背街小巷"),
    ("problem", "小区东门井盖翘起，已放了警示牌。", "东门、停车场"),
    ("fine", "", "楼道、充电棚"),
    ("problem", "雨水井盖响动，边上塌了一块。", "后山路、晒谷坪"),
)
_NEEDS: Final = (
    ("door", "想知道医保今年怎么缴", "把缴费办法打印一份送来"),
    ("met", "楼道的灯不亮，晚上不方便", "报给工作站，这周内回话"),
    ("phone", "孩子开学要转户口材料", "问清楚要哪几样再告诉他们"),
    ("door", "想在楼梯口装一个扶手", ""),
    ("met", "没有什么要帮的", ""),
)
_DIARY: Final = (
    "今天路过老槐树，树枝伸到电线上了，大家都说该修一修。",
    "二单元的邻居说快递车总停在门口，明天去和物业商量一下。",
    "下雨，河边步道滑，放了两块提醒牌。",
)
_OPINIONS: Final = (
    ("living", "希望在河边步道再装几盏路灯。", "已列入今年亮化计划，年底前装。"),
    ("service", "老年证年审能不能到工作站办，不用跑镇上。", "可以，网格员代办，带上身份证就行。"),
    ("policy", "建议菜市场早市延长到十点。", ""),
    ("safety", "学校门口放学时车多，想请人帮忙疏导。", ""),
    ("living", "小区健身器材坏了两样，老人孩子都在用。", ""),
    ("service", "想在工作站添一台自助打印机。", ""),
    ("other", "社区想办一次邻里节，问能不能借文化站的场地。", ""),
)
_TALKS: Final = (("城乡居民医保缴费", "工作站门口"), ("防诈骗", "小区广场"), ("安全用气", "祠堂"))


@dataclass(frozen=True, slots=True)
class Ground:
    """A grid with its worker and the clerk of its station."""

    id: UUID
    path: str
    area: str
    worker: Player
    clerk: Player | None


async def fill_field(
    place: Workplace, cast: Cast, home: str, *, days: int, now: datetime, say: Callable[[str], None]
) -> None:
    """Fill the town of ``home`` once, up to now."""
    luck = random.Random(home)  # noqa: S311  (a plausible history, no secret)
    async with place.transaction("演示") as ctx:
        grounds = await _grounds(ctx, cast, home)
        for ground in grounds:
            await _register(ctx, ground, luck, now - timedelta(days=min(days, 50)))
    walked = [one for one in grounds if one.path.startswith(home.rsplit(".", 2)[0] + ".")]
    walked = [one for one in walked if one.path == home] + [
        one for one in walked if one.path != home
    ]
    count = 0
    async with place.transaction("演示") as ctx:
        for number, ground in enumerate(walked[:_WALKED]):
            for at in _moments(luck, days if number else days + 1, now, often=0.9 - 0.1 * number):
                await _walk(_linking(ctx), ground, luck, at)
                count += 1
            await _today(ctx, ground, luck, number=number)
    async with place.transaction("演示") as ctx:
        await _campaigns(_linking(ctx), cast, home, luck)
    say(f"{count} days in the field, {len(grounds)} grids with buildings")


async def _grounds(ctx: Context, cast: Cast, home: str) -> list[Ground]:
    town = ".".join(home.split(".")[:3]) + "."
    base = [level.code for level in ctx.policy.county.levels if level.base]
    found = await ctx.session.execute(
        select(GridNode.id, GridNode.path, GridNode.area_type)
        .where(GridNode.level.in_(base), GridNode.valid_to.is_(None))
        .order_by(GridNode.path)
    )
    grounds: list[Ground] = []
    for node_id, path, area in found:
        worker = cast.at("worker", path) if path.startswith(town) else None
        if worker is not None:
            clerk = cast.above("station_clerk", path)
            grounds.append(Ground(node_id, path, area, worker, clerk))
    return grounds


def _moments(luck: random.Random, days: int, now: datetime, *, often: float) -> Iterator[datetime]:
    for back in range(min(days, 45), 0, -1):
        at = (now - timedelta(days=back)).replace(hour=1, minute=luck.randrange(60))
        if at.isoweekday() <= 6 and luck.random() < often:  # noqa: PLR2004
            yield at


def _linking(ctx: Context) -> Context:
    """With the follower that keeps which case arose from what, as the application has it."""
    return replace(ctx, together=Together({AROSE: [keep_origin]}))


def _as(ctx: Context, player: Player, at: datetime) -> Context:
    return replace(ctx, actor=player.actor, now=at)


async def _register(ctx: Context, ground: Ground, luck: random.Random, at: datetime) -> None:
    acting = _as(ctx, ground.worker, at + timedelta(hours=luck.randrange(40)))
    made: list[UUID] = []
    for name, count in _buildings(ground, luck):
        made.append(await add_building(acting, ground.id, name=name, count=count, synthetic=True))
    later = replace(acting, now=acting.now + timedelta(days=luck.randrange(2, 25)))
    if made and later.now < ctx.now:
        await confirm_building(later, made[0])


def _buildings(ground: Ground, luck: random.Random) -> Sequence[tuple[str, Count]]:
    urban = ground.area == "urban"
    found: list[tuple[str, Count]] = []
    for number in range(1, luck.randrange(3, 6)):
        dwellings = luck.randrange(16, 72) if urban else luck.randrange(1, 3)
        known = luck.random() < 0.85  # noqa: PLR2004
        count = Count(
            use="home" if urban else "house",
            storeys=luck.randrange(5, 12) if urban else luck.randrange(1, 4),
            dwellings=dwellings if known else None,
            households=round(dwellings * luck.uniform(0.7, 1)) if known else None,
            source="物业台账（只抄数字）" if urban else "",
        )
        found.append((f"{number}栋" if urban else f"{luck.randrange(1, 90)}号", count))
    found.append((luck.choice(_SHOPS), Count(use="shop", storeys=1)))
    if luck.random() < 0.3:  # noqa: PLR2004
        found.append((luck.choice(_FIRMS), Count(use="firm", storeys=2)))
    return found


async def _walk(ctx: Context, ground: Ground, luck: random.Random, at: datetime) -> None:
    """A day: a patrol, and a few of the other things that a worker writes down."""
    acting = _as(ctx, ground.worker, at)
    here = Writing(node_id=ground.id)
    line = await begin_line(acting, "patrol", here)
    found, seen, where = luck.choice(_SEEN)
    ended = replace(acting, now=at + timedelta(minutes=luck.randrange(70, 160)))
    await end_line(ended, line, {"found": found, "seen": seen, "where": where})
    if found == "problem" and luck.random() < 0.5:  # noqa: PLR2004
        await report_case(
            ended, category="P0103", node_id=ground.id, title=seen[:20], about=About(LINE, line)
        )
    draw = luck.random()
    if draw < 0.6:  # noqa: PLR2004
        mode, need, promise = luck.choice(_NEEDS)
        visit = await _write(ended, ground, "visit", mode=mode, need=need, promise=promise)
        if promise.startswith("报给"):
            await report_case(
                ended,
                category="P0118",
                node_id=ground.id,
                title="楼道灯不亮",
                about=About(LINE, visit),
            )
    if draw < 0.25:  # noqa: PLR2004
        item, count = luck.choice((("leaflet", 30), ("card", 18), ("booklet", 10), ("leaflet", 55)))
        leaflets = Writing(node_id=ground.id, item=item, count=count + luck.randrange(12))
        await write_line(ended, "hand_out", leaflets)
    if draw < 0.15:  # noqa: PLR2004
        await _opinion(ended, ground, luck)
    if draw < 0.1:  # noqa: PLR2004
        topic, where = luck.choice(_TALKS)
        people = str(luck.randrange(8, 40))
        await _write(ended, ground, "talk", topic=topic, place=where, people=people)


async def _opinion(ctx: Context, ground: Ground, luck: random.Random) -> None:
    topic, words, answer = luck.choice(_OPINIONS)
    line = await _write(ctx, ground, "opinion", topic=topic, words=words)
    if answer and ground.clerk is not None:
        later = _as(ctx, ground.clerk, ctx.now + timedelta(hours=5))
        await answer_line(later, line, answer=answer, link=f"/{ctx.tenant.slug}/field/lines/{line}")


async def _write(ctx: Context, ground: Ground, ledger: str, **words: Any) -> UUID:
    return await write_line(ctx, ledger, Writing(node_id=ground.id, words=words))


async def _today(ctx: Context, ground: Ground, luck: random.Random, *, number: int) -> None:
    """What lies on the desks right now: a diary, and an opinion that waits for its answer."""
    acting = _as(ctx, ground.worker, ctx.now - timedelta(minutes=luck.randrange(20, 90)))
    waiting = _OPINIONS[2:]
    await _write(acting, ground, "diary", words=luck.choice(_DIARY))
    topic, words, _ = waiting[number % len(waiting)]
    await _write(acting, ground, "opinion", topic=topic, words=words)


async def _campaigns(ctx: Context, cast: Cast, home: str, luck: random.Random) -> None:
    """One of the town into shops that is half done, and one into villages that was summed up."""
    clerk = cast.above("subcentre_clerk", home)
    if clerk is None:
        return
    kinds = {kind.code: kind for kind in CAMPAIGNS}
    for code, name, ago, share in (
        ("communities", "秋季楼道堆物排查", 40, 1.0),
        ("shops", "冬季商铺消防排查", 9, 0.6),
    ):
        acting = _as(ctx, clerk, ctx.now - timedelta(days=ago))
        node = await ctx.session.scalar(
            select(GridNode.id).where(GridNode.path == clerk.path, GridNode.valid_to.is_(None))
        )
        if node is None:
            return
        planned = Planned(
            kind=code,
            name=name,
            document="醴网格办〔2026〕演示号",
            node_id=node,
            first_on=acting.today,
            last_on=acting.today + timedelta(days=21),
            checks="\n".join(line for _, line in kinds[code].lines),
        )
        campaign = await make_campaign(acting, planned)
        begun = replace(acting, now=acting.now + timedelta(days=3))
        await _look(begun, cast, campaign, luck, share=share)
        if share == 1:
            over = replace(acting, now=acting.now + timedelta(days=22))
            words = "楼道堆物集中在老旧小区，已当场清理大半；充电的问题随事件办理。"
            await close_campaign(over, campaign, summary=words)


async def _look(
    ctx: Context, cast: Cast, campaign: UUID, luck: random.Random, *, share: float
) -> None:
    for target in await targets(ctx, campaign, limit=40):
        walks = cast.at("worker", target.node_path) or cast.above("chief", target.node_path)
        player = walks or cast.above("station_clerk", target.node_path)
        if player is None or luck.random() > share:
            continue
        acting = _as(ctx, player, ctx.now + timedelta(hours=luck.randrange(40)))
        state = luck.choices(
            (TargetState.FINE, TargetState.HAZARD, TargetState.AWAY), (70, 20, 10)
        )[0]
        failed = [luck.randrange(4)] if state is TargetState.HAZARD else []
        await look_at_target(acting, target.id, state, failed=failed)
        if failed and luck.random() < 0.6:  # noqa: PLR2004
            about = About(TARGET, target.id)
            await report_case(
                acting, category="fire_exit", node_id=target.node_id, place=target.name, about=about
            )
