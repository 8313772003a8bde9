"""Working places as they would be found: what each has of the standard, and a day in the halls.

Addresses, phones and hours come with the package. Through the real actions, like the rest; words
and numbers are made up.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Final
from uuid import UUID

from sqlalchemy import select

from gridgov.calendar.lookup import calendar_for
from gridgov.cases.actions.reporting import report_case
from gridgov.cases.types import AROSE, About
from gridgov.context import Context
from gridgov.grid.models import GridNode
from gridgov.kernel.together import Together
from gridgov.standards.actions import claim_items, decide_items, keep_case, note_missing
from gridgov.standards.queries import claimed, sites
from gridgov.standards.types import CASE_ABOUT, Mark, Site
from gridgov.stations.actions.duty import plan_week, save_seat
from gridgov.stations.actions.numbers import call_next, move_number, post_notice, take_number
from gridgov.stations.actions.screens import open_screen
from gridgov.stations.queries.halls import candidates, numbers_of
from gridgov.stations.rules import WEEK, shifts_on, week_of
from gridgov.stations.types import NumberState
from gridgov.tenants.workplace import Workplace
from liling.demo.cast import Cast, Player
from liling.demo.pictures import photo_of_room
from liling.hall import SEATS, SHIFTS, ZONES
from liling.standards import SEVEN_HAVES

_ITEMS: Final = tuple(item.code for item in SEVEN_HAVES.items)
_EVIDENCE: Final = {
    "office": "一楼三间，门口挂了牌，验收表存档",
    "team": "站长、专员都已任职，名单在人员页面",
    "network": "政务外网已通，本平台打得开",
    "screen": "大厅一块屏，能放一张图和运行总览",
    "signs": "四单四制和办事流程图已上墙",
    "equipment": "电脑、打印机、电话各一，登记在册",
    "video": "和镇里、市里试开过视频会，画面声音都清楚",
}
_TOGETHER: Final = (
    "逐项对照验收过，照片和清单存在站里",
    "已按标准自查，验收表一式两份",
    "上月现场看过，缺的两样已补齐，有验收单",
    "设备有登记编号，制度已上墙，可随时来看",
)
_LACKING: Final = {
    "office": "门牌还是旧名称，换好再报。",
    "screen": "屏幕装好了还没有接通，接通再报。",
    "video": "试开会时没有声音，修好再报。",
    "equipment": "打印机没有登记编号，请补上。",
}
_DECIDING: Final = 4
_ABLE: Final = ("调度员", "督查员", "经办员", "分中心专员", "镇街负责人")
_QUEUES: Final = {
    "county": {"help": (9, 6), "window": (14, 11), "mediation": (3, 1)},
    "town": {"help": (3, 2), "window": (5, 3)},
    "elsewhere": {"help": (1, 0), "window": (2, 1)},
}
"""How many took a number today in a zone, and how many of them were served."""
_ONE_WAS_OUT: Final = 2
_NOTICES: Final = {
    "county": (
        ("老年证年审本月底截止，可以请网格员代办。", 20),
        ("周末照常受理；夜里有急事请打值班电话。", 30),
    ),
    "town": (("医保缴费在帮办咨询区办，带身份证即可。", 14),),
}


async def fill_places(
    place: Workplace, cast: Cast, home: str, *, now: datetime, say: Callable[[str], None]
) -> None:
    """Fill the standard of all sites, and the halls of the centre and the sub-centres."""
    luck = Random(home)  # noqa: S311  (a plausible history, no secret)
    async with place.transaction("演示") as ctx:
        shown = await _show(replace(ctx, now=now), cast, home, luck)
    async with place.transaction("演示") as ctx:
        await _decide(ctx, cast, luck, now)
        await _get_what_is_missing(ctx, cast, home, now)
    async with place.transaction("演示") as ctx:
        halls = await _halls(ctx, cast)
        for node_id, keeper, level in halls:
            at = replace(ctx, actor=keeper.actor, now=now)
            await _keep_duty(at, node_id, level)
            near = level == "county" or home.startswith(keeper.path)
            await _serve(at, node_id, level if near else "elsewhere")
            if near:
                await open_screen(at, node_id, name="一楼等候区")
    say(f"{shown} sites with the standard, {len(halls)} halls")


async def _show(ctx: Context, cast: Cast, home: str, luck: Random) -> int:
    """Sub-centres show all seven; of the stations most show all, some a few, a few nothing.

    Above the grid where the logins meet each item has evidence of its own.
    """
    seen = _as(ctx, cast.by_role["dispatcher"][0], ctx.now)
    shown = 0
    for site in await sites(seen, SEVEN_HAVES):
        role = "subcentre_clerk" if site.level == "town" else "station_clerk"
        clerk = cast.at(role, site.path)
        items = _ITEMS if site.level == "town" else _has(luck)
        if home.startswith(site.path) and site.level == "village":
            items = _ITEMS[:-1]  # what it lacks is what the station reports
        if clerk is None or not items:
            continue
        at = _as(ctx, clerk, ctx.now - timedelta(days=luck.uniform(_DECIDING + 1, 40)))
        near = home.startswith(site.path)
        groups = [[item] for item in items] if near else [items]
        for codes in groups:
            note = _EVIDENCE[codes[0]] if near else luck.choice(_TOGETHER)
            photos = await photo_of_room(at, len(codes[0])) if near else ()
            await claim_items(at, SEVEN_HAVES, site.id, codes, note=note, photos=photos)
        shown += 1
    return shown


def _has(luck: Random) -> Sequence[str]:
    """What a station has: screen and video come last, for they cost most."""
    draw = luck.random()
    if draw < 0.62:  # noqa: PLR2004
        return _ITEMS
    cheap = [item for item in _ITEMS if item not in {"screen", "video"}]
    if draw < 0.88:  # noqa: PLR2004
        return [*cheap, *luck.sample(("screen", "video"), luck.randrange(2))]
    return luck.sample(cheap, luck.randrange(4))


async def _decide(ctx: Context, cast: Cast, luck: Random, now: datetime) -> None:
    """One level up: most is confirmed, a little comes back with a reason, the newest waits."""
    waiting = await claimed(_as(ctx, cast.by_role["dispatcher"][0], now), SEVEN_HAVES)
    by_decider: defaultdict[str, list[tuple[Site, Mark]]] = defaultdict(list)
    for site, mark in waiting:
        path = site.path if site.level == "village" else ""
        town = cast.above("subcentre_clerk", path)
        by_decider[town.path if town else ""].append((site, mark))
    for path, rows in by_decider.items():
        decider = cast.at("subcentre_clerk", path) or cast.by_role["dispatcher"][0]
        at = _as(ctx, decider, now - timedelta(days=luck.uniform(0.2, _DECIDING)))
        fine: list[UUID] = []
        lacking: defaultdict[str, list[UUID]] = defaultdict(list)
        for _, mark in rows:
            draw = luck.random()
            if mark.id is None or draw < 0.1:  # noqa: PLR2004
                continue
            comes_back = draw < 0.14 and mark.item in _LACKING  # noqa: PLR2004
            (lacking[mark.item] if comes_back else fine).append(mark.id)
        await decide_items(at, SEVEN_HAVES, fine, confirm=True)
        for item, ids in lacking.items():
            await decide_items(at, SEVEN_HAVES, ids, confirm=False, reason=_LACKING[item])


async def _get_what_is_missing(ctx: Context, cast: Cast, home: str, now: datetime) -> None:
    """The station where the logins meet has reported what it lacks: the last of the seven."""
    clerk = cast.above("station_clerk", home)
    if clerk is None:
        return
    at = replace(_as(ctx, clerk, now - timedelta(hours=3)), together=Together({AROSE: [keep_case]}))
    (site,) = [one for one in await sites(at, SEVEN_HAVES) if one.path == clerk.path]
    item = SEVEN_HAVES.items[-1]
    about = About(CASE_ABOUT, await note_missing(at, SEVEN_HAVES, site.id, item.code))
    await report_case(
        at, category=item.category, node_id=site.id, title=f"{site.name}缺综治视联网", about=about
    )


async def _halls(ctx: Context, cast: Cast) -> list[tuple[UUID, Player, str]]:
    """The places with a hall, and who keeps each."""
    levels = {level for zone in ZONES for level in zone.levels}
    found = await ctx.session.execute(
        select(GridNode.id, GridNode.path, GridNode.level)
        .where(GridNode.level.in_(levels), GridNode.valid_to.is_(None))
        .order_by(GridNode.path)
    )
    halls: list[tuple[UUID, Player, str]] = []
    for node_id, path, level in found:
        keeper = cast.at("subcentre_clerk", path) or cast.at("dispatcher", path)
        if keeper is not None:
            halls.append((node_id, keeper, level))
    return halls


async def _keep_duty(ctx: Context, node_id: UUID, level: str) -> None:
    """Nights and holidays too; the centre knows the next week, but for one seat's last night."""
    calendar = await calendar_for(ctx)
    this = week_of(ctx.today)[0]
    for number, seat in enumerate((seat for seat in SEATS if level in seat.levels), start=1):
        phone = f"0731-0000900{number}" if level == "county" else ""
        await save_seat(ctx, node_id, seat.code, phone=phone, place=f"{number}号席")
        people = [
            staff_id
            for staff_id, _, title in await candidates(ctx, node_id, seat)
            if title.endswith(_ABLE)
        ]
        for first in (this, this + timedelta(days=WEEK))[: 2 if level == "county" else 1]:
            slots = [
                (day, shift.code)
                for day in week_of(first)
                for shift in shifts_on(seat, SHIFTS, working=calendar.is_working(day))
            ]
            if seat.code == "urban" and first > this:
                slots.pop()
            turns = {slot: people[turn % len(people)] for turn, slot in enumerate(slots)}
            await plan_week(ctx, node_id, seat.code, day=first, chosen=turns if people else {})


async def _serve(ctx: Context, node_id: UUID, level: str) -> None:
    """A morning at the windows up to now, and what stands on the screen."""
    wanted = _QUEUES[level]
    moments = _moments(ctx, sum(taken for taken, _ in wanted.values()))
    for window, (zone, (taken, served)) in enumerate(wanted.items(), start=1):
        for _ in range(taken):
            await take_number(replace(ctx, now=next(moments)), node_id, zone)
        for turn in range(served + 1):
            called = await call_next(ctx, node_id, zone, window=f"{window}号窗口")
            (number_id,) = (
                one.id
                for one in await numbers_of(ctx, node_id)
                if (one.zone, one.number) == (zone, called)
            )
            if turn < served:
                missed = turn == _ONE_WAS_OUT
                to = NumberState.MISSED if missed else NumberState.DONE
                await move_number(ctx, node_id, number_id, to)
    for text, days in _NOTICES.get(level, ()):
        until = ctx.today + timedelta(days=days)
        await post_notice(ctx, node_id, text=text, until=until)


def _moments(ctx: Context, count: int) -> Iterator[datetime]:
    """So many of today, evenly, from two hours ago on or from midnight."""
    local = ctx.tenant.local(ctx.now)
    begun = max(local - timedelta(hours=2), ctx.tenant.midnight(ctx.today))
    step = (local - begun) / (count + 1)
    return (ctx.now - step * (count - turn) for turn in range(count))


def _as(ctx: Context, player: Player, at: datetime) -> Context:
    return replace(ctx, actor=player.actor, now=at)
