"""Assisted services, booked visits and codes at doors around the grid where all logins meet."""

import io
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import sin
from random import Random
from typing import Any, Final, NamedTuple
from uuid import UUID

from PIL import Image, ImageDraw
from sqlalchemy import any_, literal, select

from gridgov.cases.actions.performing import perform
from gridgov.cases.actions.reporting import Contact
from gridgov.context import Context
from gridgov.contract.actor import Actor
from gridgov.contract.services import RETURNED
from gridgov.files.actions import accept_photo
from gridgov.grid.models import GridNode
from gridgov.kernel.errors import Refusal
from gridgov.services.actions.assisting import Authority, begin_assist
from gridgov.services.actions.booking import book_visit
from gridgov.services.actions.codes import issue_codes, replace_code
from gridgov.services.actions.custody import check_materials, pass_document
from gridgov.services.models import PlaceCode, ServiceItem
from gridgov.services.queries.assisting import documents_of
from gridgov.services.types import CodeKind, Half, RevokedFor, Way
from gridgov.tenants.workplace import Workplace
from liling.demo.cast import Cast, Player

_FAR: Final = ((0, 2), (1, 26), (2, 5), (3, 30), (4, 50), (5, 52), (5, 75), (1, 28))
"""How far each has come, in steps of :data:`_STEPS` (five: delivered), and since how many hours."""
_VISITS: Final = 8
_STEPS: Final = (
    ("clerk", "file", "station"),
    ("clerk", "dispatch", "department"),
    ("handler", "accept", "department"),
    ("handler", "finish", "worker"),
    ("worker", "close", RETURNED),
)
_STAIRS: Final = ("1栋1单元", "1栋2单元", "2栋1单元", "3栋2单元", "5栋1单元", "6栋1单元")


class _Doing(NamedTuple):
    """An item that is done for somebody."""

    id: UUID
    department_id: UUID
    materials: list[str]


@dataclass(frozen=True, slots=True)
class _Hands:
    """Who does it, and since when."""

    ctx: Context
    since: datetime
    worker: Player
    clerk: Player
    handler: Player

    def at(self, role: str, hours: int = 0) -> Context:
        """The context of one of them, so many hours later."""
        actor: Actor = getattr(self, role).actor
        return replace(self.ctx, actor=actor, now=self.since + timedelta(hours=hours))


async def fill_services(place: Workplace, cast: Cast, home: str, *, now: datetime) -> None:
    """What is under way for residents of one grid, who is visited, where codes hang."""
    luck = Random(home)  # noqa: S311  (a plausible history, no secret)
    worker, clerk = cast.at("worker", home), cast.above("station_clerk", home)
    if worker is None or clerk is None:
        return
    async with place.transaction("演示") as ctx:
        node = await ctx.session.scalar(
            select(GridNode.id).where(GridNode.path == home, GridNode.valid_to.is_(None))
        )
        items = [
            _Doing(*row)
            for row in await ctx.session.execute(
                select(ServiceItem.id, ServiceItem.department_id, ServiceItem.materials)
                .where(
                    literal("assisted") == any_(ServiceItem.flags), ServiceItem.closed_on.is_(None)
                )
                .order_by(ServiceItem.code)
                .limit(len(_FAR))
            )
        ]
        if node is None or not items:
            return
        for number, (item, (far, since)) in enumerate(zip(items, _FAR, strict=False)):
            handler = cast.handler(item.department_id)
            if handler is not None:
                hands = _Hands(ctx, now - timedelta(hours=since), worker, clerk, handler)
                await _assist(hands, item, node, number=number, far=far)
        for number in range(_VISITS):
            at = replace(ctx, actor=worker.actor, now=now)
            stair = _STAIRS[3] if number < len(_STAIRS) - 1 else luck.choice(_STAIRS)
            try:
                await book_visit(
                    at,
                    node_id=node,
                    day=at.today + timedelta(days=number // 6),
                    half=Half.AFTERNOON if number < _VISITS - 2 else Half.MORNING,
                    item_id=luck.choice(items).id,
                    texts={
                        "building": stair,
                        "door": f"{number + 1}01",
                        "name": "居民·演示",
                        "phone": f"1990002{number:04}",
                        "note": "",
                    },
                )
            except Refusal:  # in the evening the day is over
                continue
        desk = replace(ctx, actor=clerk.actor, now=now - timedelta(days=20))
        await issue_codes(desk, node, kind=CodeKind.GRID, places=())
        hung = await issue_codes(desk, node, kind=CodeKind.STAIR, places=_STAIRS)
        later = replace(desk, now=now - timedelta(days=2))
        for code, why in zip(hung, (RevokedFor.TORN, RevokedFor.COPIED), strict=False):
            await replace_code(later, code, why=why, again=True)


async def code_at(place: Workplace, home: str) -> str:
    """Where the code of a grid leads that has not been replaced; empty if none hangs there."""
    async with place.transaction("演示") as ctx:
        token = await ctx.session.scalar(
            select(PlaceCode.token).where(
                PlaceCode.node_path == home,
                PlaceCode.kind == CodeKind.GRID,
                PlaceCode.revoked_at.is_(None),
            )
        )
    return f"q/{token}" if token else ""


async def _assist(hands: _Hands, item: _Doing, node: UUID, *, number: int, far: int) -> None:
    """One from the door on, as far as it has come; its papers go along, every other signed for."""
    at = hands.at("worker")
    signed = number % 2 == 1
    begun = await begin_assist(
        at,
        item.id,
        node_id=node,
        resident=Contact(
            name="居民·演示",
            phone=f"1990001{number:04}",
            address=f"{_STAIRS[number % 3]}{number}02",
        ),
        authority=Authority(
            way=Way.SIGNED if signed else Way.ORAL,
            purpose="代交材料、代取证件",
            valid_until=at.today + timedelta(days=30),
            witness="" if signed else "见证人·演示",
            signature=[(await accept_photo(at, _scribble(number))).id] if signed else (),
        ),
        handed=item.materials[:1] if number % 3 else (),
    )
    if far:
        await check_materials(at, begun.case_id, item.materials)
    for hours, (role, action, where) in enumerate(_STEPS[:far], 1):
        acting = hands.at(role, hours)
        said: dict[str, dict[str, Any]] = {
            "dispatch": {"departments": [str(item.department_id)]},
            "finish": {"answer": "已办好，请送达居民。"},
            "close": {"answer": "证件已送到家里，当面核对无误。"},
        }
        for paper in await documents_of(acting, begun.case_id):
            if paper.place != where:
                await pass_document(hands.at("worker", hours), begun.case_id, paper.id, to=where)
        await perform(acting, begun.case_id, action, said.get(action, {}))


def _scribble(number: int) -> bytes:
    """A signature that is nobody's."""
    picture = Image.new("RGB", (640, 220), "white")
    wave = [(x, 110 + 60 * sin(x / (23 + number)) * sin(x / 71)) for x in range(60, 580, 4)]
    ImageDraw.Draw(picture).line(wave, fill="black", width=5, joint="curve")
    kept = io.BytesIO()
    picture.save(kept, "PNG")
    return kept.getvalue()
