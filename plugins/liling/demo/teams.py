"""Teams that did something, weekly meetings with what came of them, and a joint consultation.

Around the grid where the logins meet, through the real actions; words and numbers are made up.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from gridgov.cases.actions.reporting import report_case
from gridgov.cases.models import Case
from gridgov.cases.types import AROSE, About
from gridgov.context import Context
from gridgov.grid.models import GridNode
from gridgov.kernel.together import Together
from gridgov.organisations.actions.consulting import consult
from gridgov.organisations.actions.meetings import (
    call_meeting,
    drop_item,
    keep_arisen,
    keep_minutes,
    raise_item,
)
from gridgov.organisations.actions.teams import (
    add_resident,
    add_staff,
    add_unnamed,
    form_team,
    keep_activity,
)
from gridgov.organisations.queries.meetings import items_of, meeting_seen
from gridgov.organisations.types import ITEM, Reason
from gridgov.staff.models import Department, StaffMember
from liling.demo.cast import Cast, Player
from liling.organisations import TEAM_KINDS

_FORMED: Final = timedelta(days=200)
_STATIONS: Final = 4
_WEEKS: Final = 3

_DID: Final = {
    "delegates": (
        ("两代表一委员接待日，收下七条建议，三条当场答复", "工作站", 12),
        ("陪同部门现场看排水改造，约定雨季前完工", "后山路", 9),
    ),
    "elders": (
        ("给孩子们讲村史和防溺水", "文化礼堂", 34),
        ("宣讲医保缴费和防诈骗", "小区广场", 41),
    ),
    "women": (
        ("“美丽庭院”互看互评，帮三户清理房前屋后", "老祠堂边", 18),
        ("移风易俗倡议上门发放", "二组", 11),
    ),
    "volunteers": (
        ("清扫背街小巷，清走杂物两车", "菜市场后巷", 23),
        ("帮独居老人换灯、理发、量血压", "1栋", 8),
        ("学校门口早晚护学", "学校门口", 6),
    ),
    "party": (
        ("党员先锋岗值守，疏通雨后堵住的排水口", "河边步道", 15),
        ("认领“微心愿”五个，办好四个", "工作站", 10),
    ),
}
_MEMBERS: Final = {
    "delegates": (("人大代表", 2), ("党代表", 1), ("政协委员", 1)),
    "elders": (("老党员", 3), ("退休教师", 4)),
    "women": (("妇女小组长", 2), ("队员", 11)),
    "volunteers": (("志愿者", 18),),
    "party": (("党员", 9),),
}
_RAISED: Final = (
    ("河边步道路灯夜里不亮，老人不敢走", "报给路灯所，这周修好；网格员先放反光牌", "P0118"),
    ("菜市场门口早上占道，校车过不去", "城管早上七点到场疏导，网格警员讲清规定", ""),
    ("楼道电动车进楼充电", "和物业一起上门劝导，充电棚加两排插座", ""),
)
_MINUTES: Final = (
    "先对上周的事逐件回头看，再说新事。社区民警讲了近期诈骗的新花样，请网格员走访时带上。",
    "逐件过了快到期和退回的事件，定了谁去、哪天回话。下周重点看用电和燃气。",
    "到会的人把走访中听到的意见摆出来，能当场定的当场定，定不了的报分中心。",
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A grid or a station."""

    id: UUID
    path: str


async def fill_teams(ctx: Context, cast: Cast, home: str, now: datetime) -> None:
    """Five teams on the grid itself and fewer around it; meetings of the stations of its town."""
    ctx = replace(ctx, together=Together({AROSE: [keep_arisen]}))
    luck = random.Random(f"{home}teams")  # noqa: S311  (a plausible history, no secret)
    town = ".".join(home.split(".")[:3]) + "."
    grids, stations = await _units(ctx, town, "grid"), await _units(ctx, town, "village")
    near = home.rsplit(".", 2)[0] + "."
    for number, grid in enumerate(grids):
        worker = cast.at("worker", grid.path)
        kinds = 5 if grid.path == home else 3 if grid.path.startswith(near) else number % 2
        if worker is not None and kinds:
            await _teams(replace(ctx, actor=worker.actor, now=now), grid, luck, kinds=kinds)
    stations.sort(key=lambda one: one.path != near)
    for number, station in enumerate(stations[:_STATIONS]):
        clerk = cast.at("station_clerk", station.path)
        if clerk is not None:
            await _meetings(ctx, clerk, station, number=number, now=now)
    clerk = cast.above("subcentre_clerk", home)
    if clerk is not None:
        await _consultation(replace(ctx, actor=clerk.actor, now=now), town)


async def _units(ctx: Context, path: str, level: str) -> list[Unit]:
    found = await ctx.session.execute(
        select(GridNode.id, GridNode.path)
        .where(GridNode.level == level, GridNode.valid_to.is_(None), GridNode.path.startswith(path))
        .order_by(GridNode.path)
    )
    return [Unit(*row) for row in found]


async def _teams(ctx: Context, grid: Unit, luck: random.Random, *, kinds: int) -> None:
    number = await ctx.session.scalar(
        select(StaffMember.number).where(StaffMember.id == ctx.actor.staff_id)
    )
    began = replace(ctx, now=ctx.now - _FORMED)
    for kind in luck.sample(TEAM_KINDS, kinds):
        team = await form_team(began, kind.code, grid.id, on=began.today, synthetic=True)
        await add_staff(began, team, number or "", role="联络员")
        for role, count in _MEMBERS[kind.code]:
            await add_unnamed(began, team, role=role, count=count + luck.randrange(3))
        if kind.code == "volunteers":
            await add_resident(
                began,
                team,
                role="队长",
                name="居民·演示",
                phone="19900030001",
                consent_on=began.today,
            )
        for what, place, people in luck.sample(_DID[kind.code], luck.randrange(1, 3)):
            on = ctx.today - timedelta(days=luck.randrange(3, 75))
            took_part = people + luck.randrange(5)
            await keep_activity(
                ctx, grid.id, on=on, what=what, took_part=took_part, place=place, team_id=team
            )


async def _meetings(
    ctx: Context, clerk: Player, station: Unit, *, number: int, now: datetime
) -> None:
    """One a week on the same morning: three that were held, and the next."""
    monday = ctx.tenant.local(now).replace(hour=9, minute=0, second=0, microsecond=0)
    monday += timedelta(days=(7 - monday.weekday() + number % 5) % 7 or 7)
    for back in range(_WEEKS if number < 2 else 1, 0, -1):  # noqa: PLR2004
        at = monday - timedelta(weeks=back)
        calling = replace(ctx, actor=clerk.actor, now=at - timedelta(days=2))
        meeting = await call_meeting(calling, "weekly", station.id, at=at, place="工作站会议室")
        await _hold(replace(ctx, actor=clerk.actor, now=at), meeting, station, round_=back)
    calling = replace(ctx, actor=clerk.actor, now=now)
    coming = await call_meeting(calling, "weekly", station.id, at=monday, place="工作站会议室")
    await raise_item(calling, coming, title="元旦前的用火用电检查怎么分工")


async def _hold(ctx: Context, meeting: UUID, station: Unit, *, round_: int) -> None:
    """What lay on no desk yet on that day is no matter of it; one item is left open each week."""
    title, resolution, category = _RAISED[round_ % len(_RAISED)]
    await raise_item(ctx, meeting, title=title)
    known = set(await ctx.session.scalars(select(Case.id).where(Case.opened_at < ctx.now)))
    resolutions: dict[UUID, str] = {}
    done: list[UUID] = []
    for item in await items_of(ctx, meeting):
        if item.case_id is not None and item.case_id not in known:
            await drop_item(ctx, item.id)
        elif item.reason == Reason.RAISED:
            resolutions[item.id] = resolution
        else:
            resolutions[item.id] = "盯到办完，下次会上说结果。"
            done.append(item.id)
    over = replace(ctx, now=ctx.now + timedelta(hours=1))
    people = (await meeting_seen(ctx, meeting)).attendance
    await keep_minutes(
        over,
        meeting,
        minutes=_MINUTES[round_ % len(_MINUTES)],
        present=[one["id"] for place, one in enumerate(people) if place % 6 != 5],  # noqa: PLR2004
        resolutions=resolutions,
        done=done,
    )
    raised = next(one for one in await items_of(ctx, meeting) if one.reason == Reason.RAISED)
    if category:
        await report_case(
            over,
            category=category,
            node_id=station.id,
            title=title,
            place="河边步道",
            about=About(ITEM, raised.id),
        )


async def _consultation(ctx: Context, town: str) -> None:
    """Two departments agree on a matter of the town that neither can solve alone."""
    case = await ctx.session.scalar(
        select(Case.id)
        .where(Case.ends == "", Case.desk_path == town, Case.opened_at < ctx.now)
        .order_by(Case.opened_at, Case.id)
        .limit(1)
    )
    units: Sequence[UUID] = (
        await ctx.session.scalars(
            select(Department.id).where(Department.code.in_(("urban", "housing")))
        )
    ).all()
    if case is None or not units:
        return
    await consult(
        ctx,
        case,
        at=ctx.now - timedelta(hours=1),
        departments=units,
        conclusion="责任在两家交界处：住建先修，城管管好后续。",
        next_step="三天内一起到现场，修好后由网格员回访。",
        place="分中心会商室",
    )
