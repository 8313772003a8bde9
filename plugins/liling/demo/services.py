"""Assisted services, booked visits and codes at doors around the grid where all logins meet."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Final

from sqlalchemy import select

from gridgov.cases.actions.performing import perform
from gridgov.cases.actions.reporting import Contact
from gridgov.grid.models import GridNode
from gridgov.kernel.errors import Refusal
from gridgov.services.actions.assisting import Authority, begin_assist
from gridgov.services.actions.booking import book_visit
from gridgov.services.actions.codes import issue_codes
from gridgov.services.models import ServiceItem
from gridgov.services.types import CodeKind, Half, Way
from gridgov.tenants.workplace import Workplace
from liling.demo.cast import Cast

_BEGUN: Final = 8
_STAIRS: Final = ("1栋1单元", "1栋2单元", "2栋1单元", "3栋2单元", "5栋1单元", "6栋1单元")


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
        items = list(
            await ctx.session.scalars(
                select(ServiceItem.id)
                .where(ServiceItem.assisted, ServiceItem.closed_on.is_(None))
                .order_by(ServiceItem.code)
                .limit(_BEGUN)
            )
        )
        if node is None or not items:
            return
        for number, item in enumerate(items):
            at = replace(ctx, actor=worker.actor, now=now - timedelta(days=1, hours=number))
            begun = await begin_assist(
                at,
                item,
                node_id=node,
                resident=Contact(name="居民·演示", phone=f"1990001{number:04}"),
                authority=Authority(
                    way=Way.ORAL,
                    purpose="代交材料、代取证件",
                    valid_until=at.today + timedelta(days=30),
                    witness="见证人·演示",
                ),
                handed=["一寸照片2张"] if number % 3 == 0 else (),
            )
            if number % 2:
                await perform(
                    replace(at, actor=clerk.actor, now=now - timedelta(hours=number)),
                    begun.case_id,
                    "file",
                )
        for number in range(_BEGUN):
            at = replace(ctx, actor=worker.actor, now=now)
            stair = _STAIRS[3] if number < len(_STAIRS) - 1 else luck.choice(_STAIRS)
            try:
                await book_visit(
                    at,
                    node_id=node,
                    day=at.today + timedelta(days=number // 6),
                    half=Half.AFTERNOON if number < _BEGUN - 2 else Half.MORNING,
                    item_id=luck.choice(items),
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
        await issue_codes(
            replace(ctx, actor=clerk.actor, now=now), node, kind=CodeKind.STAIR, places=_STAIRS
        )
