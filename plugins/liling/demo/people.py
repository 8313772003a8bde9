"""Who came and who goes around the grid where the logins meet: 三长多员, kit, hand-overs, 换届.

People, documents and numbers are made up; everything is done through the real actions.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from openpyxl import Workbook
from sqlalchemy import insert, select, update

from gridgov.access.actions.admitting import create_account
from gridgov.accounts.models import Account
from gridgov.context import Context
from gridgov.fieldwork.actions.writing import Writing, write_line
from gridgov.grid.models import GridNode
from gridgov.handover.actions.handovers import open_handover, sign
from gridgov.handover.actions.turnovers import confirm_turnover, read_sheet
from gridgov.handover.rules.sheets import HEADS
from gridgov.handover.types import Kind
from gridgov.kernel.ids import new_id
from gridgov.staff.models import PostHolding, StaffMember
from gridgov.staff.queries import holders, holdings
from gridgov.staff.types import Holder
from gridgov.staffing.actions import end_piece, issue_piece, issue_set, strike_off
from gridgov.staffing.queries.kit import still_held
from gridgov.staffing.types import KitState
from liling.demo.cast import Cast

_BEGAN: Final = timedelta(days=90)
_MANY: Final = (
    ("party_leader", "党小组长"),
    ("group_leader", "联组长"),
    ("inspector", "督导员"),
    ("mediator", "调解员"),
    ("police", "网格警员"),
    ("patroller", "巡防员"),
    ("information_officer", "网格信息员"),
)
_ROUND: Final = 9
_KEYS: Final = ("工作站会议室", "1栋天台门", "公示栏", "充电棚电箱")


@dataclass(frozen=True, slots=True)
class Place:
    """A grid as a sheet names it."""

    id: UUID
    path: str
    code: str
    area: str


async def fill_people(ctx: Context, cast: Cast, home: str, now: datetime) -> None:
    """Fill the posts of one village, hand kit out in its town, and let two posts pass on."""
    admin = cast.by_role["county_admin"][0]
    town = await _grids(ctx, ".".join(home.split(".")[:3]) + ".")
    village = [one for one in town if one.path.startswith(home.rsplit(".", 2)[0] + ".")]
    began = replace(ctx, actor=admin.actor, now=now - _BEGAN)
    await _fill_posts(began, village)
    await _hand_out(ctx, cast, town, now)
    others = [one for one in village if one.path != home]
    opening = replace(ctx, actor=admin.actor, now=now - timedelta(hours=4))
    await _pass_on(opening, cast, others)
    await _draw_up(replace(ctx, actor=admin.actor, now=now), town)


async def _grids(ctx: Context, path: str) -> list[Place]:
    base = [level.code for level in ctx.policy.county.levels if level.base]
    found = await ctx.session.execute(
        select(GridNode.id, GridNode.path, GridNode.code, GridNode.area_type)
        .where(
            GridNode.level.in_(base), GridNode.valid_to.is_(None), GridNode.path.startswith(path)
        )
        .order_by(GridNode.path)
    )
    return [Place(*row) for row in found]


async def _new_people(ctx: Context, people: Iterable[tuple[str, str, str, str]]) -> None:
    """Number, name, title and employment."""
    await ctx.session.execute(
        insert(StaffMember),
        [
            {
                "tenant_id": ctx.tenant.id,
                "id": new_id(),
                "number": number,
                "name": name,
                "title": title,
                "employment": employment,
                "synthetic": True,
            }
            for number, name, title, employment in people
        ],
    )


async def _fill_posts(ctx: Context, village: Sequence[Place]) -> None:
    """多员 and two of the 三长 come by one sheet; the last grid of the village still lacks them."""
    filled = [
        (place, number)
        for number, place in enumerate(village)
        if number < len(village) - 1 or len(village) == 1
    ]
    people = [
        (f"YS{number:02}{line}", f"{name}{number + 1:03}", name, "part_time")
        for _, number in filled
        for line, (_, name) in enumerate(_MANY)
    ]
    await _new_people(ctx, people)
    lines = [
        (place.code, name, "", f"YS{number:02}{line}")
        for place, number in filled
        for line, (_, name) in enumerate(_MANY)
    ]
    sheet, _ = await read_sheet(
        ctx, _sheet(lines), on=ctx.today, document="醴网格办〔2026〕演示3号"
    )
    if sheet is not None:
        await confirm_turnover(ctx, sheet)


def _sheet(lines: Iterable[tuple[str, ...]]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    page = book.worksheets[0]
    page.append([str(head) for head in HEADS])
    for line in lines:
        page.append(line)
    book.save(out)
    return out.getvalue()


async def _hand_out(ctx: Context, cast: Cast, town: Sequence[Place], now: datetime) -> None:
    """四件套 and patrol cars: mostly complete, some never fetched, some gone, some given back."""
    for number, place in enumerate(town):
        worker, clerk = cast.at("worker", place.path), cast.above("station_clerk", place.path)
        if worker is None or clerk is None or worker.actor.staff_id is None:
            continue
        acting = replace(ctx, actor=clerk.actor, now=now - _BEGAN)
        staff_id, on = worker.actor.staff_id, acting.today + timedelta(days=number % 20)
        if number % 7 == 4:  # noqa: PLR2004  (some have not fetched theirs)
            continue
        await issue_set(acting, staff_id, place.id, on=on)
        if number % 3 != 1:
            mark = _KEYS[number // 3 % len(_KEYS)]
            await issue_piece(acting, "key", place.id, staff_id=staff_id, mark=mark, on=on)
        if place.area == "urban" and number % 4:
            mark = f"巡查车{number:02}"
            await issue_piece(acting, "car", place.id, staff_id=None, mark=mark, on=on)
        if number % 6 == 1:
            phone = await _lose(
                replace(acting, now=now), staff_id, on=ctx.tenant.day_of(now) - timedelta(days=9)
            )
            if number % 12 == 1:
                await strike_off(replace(acting, now=now), phone, reason="打捞不到，已照价赔偿")


async def _lose(ctx: Context, staff_id: UUID, *, on: date) -> UUID:
    """A phone is gone, and which; a worn uniform was given back and a new one fetched."""
    pieces = {piece.item: piece for piece in await still_held(ctx, staff_id)}
    phone, uniform = pieces["phone"], pieces["uniform"]
    await end_piece(ctx, phone.id, KitState.MISSING, on=on, note="雨天巡查时掉进河里，已报停号码")
    await end_piece(ctx, uniform.id, KitState.RETURNED, on=on, note="磨破换新")
    await issue_piece(ctx, "uniform", uniform.node_id, staff_id=staff_id, mark="", on=on)
    return phone.id


async def _pass_on(opening: Context, cast: Cast, grids: Sequence[Place]) -> None:
    """Two workers go: one post has passed on, the other waits for two signatures."""
    places = [one for one in grids if cast.at("worker", one.path)][:2]
    people = [
        (f"XJ00{number}", f"新进网格员00{number}", "网格员", "full_time")
        for number in range(1, len(places) + 1)
    ]
    if not places:
        return
    await _new_people(opening, people)
    for place, (number, *_), kind in zip(places, people, (Kind.LEAVE, Kind.TRANSFER), strict=False):
        leaver = cast.at("worker", place.path)
        held = await _held(opening, place, "worker")
        if leaver is None or held is None:
            continue
        came = await _admit(opening, number)
        soon = (opening.today + timedelta(days=4)).isoformat()
        words = {"mode": "door", "need": "想在楼梯口装一个扶手", "next": soon}
        visit = Writing(node_id=place.id, words=words)
        await write_line(replace(opening, actor=leaver.actor), "visit", visit)
        handover = await open_handover(
            opening,
            held.id,
            successor=number,
            kind=kind,
            on=opening.today,
            note="钥匙和台账当面点清，三楼的老人每周要去看一次。",
        )
        if kind is Kind.LEAVE:
            signing = replace(opening, now=opening.now + timedelta(hours=1))
            await sign(replace(signing, actor=leaver.actor), handover)
            successor = replace(leaver.actor, account_id=came[1], staff_id=came[0])
            await sign(replace(signing, actor=successor), handover)


async def _admit(ctx: Context, number: str) -> tuple[UUID, UUID]:
    """The person and the account of somebody new."""
    staff_id = await ctx.session.scalar(select(StaffMember.id).where(StaffMember.number == number))
    if staff_id is None:
        raise LookupError(number)
    slip = await create_account(ctx, staff_id, login=number)
    account = await ctx.session.scalar(
        update(Account)
        .where(Account.login == slip.login, Account.realm == ctx.tenant.slug)
        .values(token=None, token_until=None)
        .returning(Account.id)
    )
    if account is None:
        raise LookupError(slip.login)
    return staff_id, account


async def _held(ctx: Context, place: Place, post: str) -> Holder | None:
    found = await holders(
        ctx,
        holdings().where(
            PostHolding.node_id == place.id,
            PostHolding.post == post,
            PostHolding.valid_to.is_(None),
        ),
    )
    return found[0] if found else None


async def _draw_up(ctx: Context, town: Sequence[Place]) -> None:
    """A sheet that waits to be looked at: the workers of the last villages change places."""
    posts: list[tuple[str, str]] = []
    for place in town[-_ROUND:]:
        held = await _held(ctx, place, "worker")
        if held is not None:
            number = await ctx.session.scalar(
                select(StaffMember.number).where(StaffMember.id == held.staff_id)
            )
            posts.append((place.code, number or ""))
    lines = [
        (code, "网格员", number, posts[place - 1][1]) for place, (code, number) in enumerate(posts)
    ]
    await read_sheet(
        ctx, _sheet(lines), on=ctx.today + timedelta(days=12), document="醴网格办〔2026〕演示8号"
    )
