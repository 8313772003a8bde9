"""What the staff said about the system in the invented days, and what they were answered."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from gridgov.context import Context
from gridgov.suggestions.actions import answer_suggestion, suggest
from liling.demo.cast import Cast

_ANSWERED_AFTER: Final = timedelta(hours=20)


@dataclass(frozen=True, slots=True)
class Opinion:
    """Said so many days ago, by somebody with the role, on the page; unanswered where empty."""

    days: int
    role: str
    page: str
    text: str
    answer: str = ""


OPINIONS: Final[Sequence[Opinion]] = (
    Opinion(
        6,
        "worker",
        "cases/new",
        "雨天拍照，手机屏幕湿了按不准，按钮能不能再大一点。",
        "已报给平台，野外用的页面按钮都加高了。按两次也只报一件，请放心按。",
    ),
    Opinion(
        4,
        "station_clerk",
        "my-day",
        "上报上级以后想知道镇里接没接，不用打电话问。",
        "事件页的“办理经过”里写着什么时候接收的、是谁接的。",
    ),
    Opinion(
        3,
        "handler",
        "my-day",
        "现场照片在电脑上看太小，看不清裂缝。",
        "点一下照片就是大图，再点右上角关掉。",
    ),
    Opinion(1, "subcentre_clerk", "overview", "运行总览打印出来字有点小，贴墙上看不清。"),
)


async def say_what_does_not_work(ctx: Context, cast: Cast, home: str, now: datetime) -> None:
    """One opinion after another; the county's administrator answers all but the newest."""
    answering = cast.above("county_admin", home)
    for opinion in OPINIONS:
        player = cast.above(opinion.role, home) or cast.by_role[opinion.role][0]
        at = now - timedelta(days=opinion.days)
        said = await suggest(
            replace(ctx, actor=player.actor, now=at),
            text=opinion.text,
            page=f"/{ctx.tenant.slug}/{opinion.page}",
        )
        if opinion.answer and answering is not None:
            await answer_suggestion(
                replace(ctx, actor=answering.actor, now=at + _ANSWERED_AFTER),
                said,
                answer=opinion.answer,
                link=f"/{ctx.tenant.slug}/suggestions",
            )
