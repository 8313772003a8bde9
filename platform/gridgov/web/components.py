"""``/_components``: every component in every state, in the demo only."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from litestar import get

from gridgov.kernel.clock import now
from gridgov.kernel.errors import NotFound
from gridgov.kernel.sentences import Sentence
from gridgov.web.clockline import clock_line
from gridgov.web.pages import Page, page
from gridgov.web.urls import PUBLIC, AnyRequest

LONG: Final = (
    "示范网格名称特别长的地方为了看看六十个字的名字会不会把页面撑"
    "破所以一直写下去直到真的写满六十个字为止再多写几个也不要紧"
)


@get("/_components", permission=PUBLIC, name="components")
async def show_components(request: AnyRequest) -> Page:
    """The page of components."""
    if not request.app.state.settings.demo:
        raise NotFound
    return page(None, "web/components.html", **specimens(now()))


def specimens(at: datetime) -> dict[str, Any]:
    """Little, usual and too much of everything."""
    return {
        "now": at,
        "long_name": LONG,
        "moments": _moments(at),
        "lines": _lines(at),
        "cards": _cards(at),
        "rows": _rows(at),
        "groups": _GROUPS,
        "actions": _ACTIONS,
        "entries": _entries(at),
        "values": {"title": "东门路口井盖翘起", "urgency": "normal", "town": "02"},
        "errors": {
            "title": Sentence("写得太长了，最多 {n} 个字。", n=60),
            "phone": "电话要写 11 位数字。",
        },
        "nodes": _NODES,
        "trend": [
            {"day": f"{day}日", "filed": 20 + day * 7 % 13, "closed": 16 + day * 5 % 17}
            for day in range(1, 15)
        ],
    }


def _moments(at: datetime) -> list[datetime]:
    hours = (-60 * 24 * 400, -60 * 24 * 3, -60 * 30, -200, -12, 0, 25, 200, 60 * 30, 60 * 24 * 9)
    return [at + timedelta(minutes=minutes) for minutes in hours]


def _lines(at: datetime) -> list[Any]:
    start = at - timedelta(days=3)
    day = timedelta(days=1)
    return [
        clock_line(start=start, due=at + 4 * day, now=at, light="green", words="还剩 4 天"),
        clock_line(
            start=start,
            due=at + timedelta(hours=5),
            now=at,
            light="yellow",
            words="还剩 5 小时",
            pauses=[(start + day, start + 1.6 * day, "暂停：等配件，经上一级同意")],
            provisional=True,
        ),
        clock_line(start=start, due=at - day, now=at, light="red", words="已超 1 天"),
        clock_line(
            start=start,
            due=at + 2 * day,
            now=at,
            light="paused",
            words="暂停中，恢复后还有 2 天",
            pauses=[(at - day, None, "暂停：当事人外出，约好周五")],
        ),
        clock_line(
            start=start,
            due=at + day,
            now=at,
            ended=at - day,
            light="done",
            words="用了 2 天，按时",
        ),
    ]


def _cards(at: datetime) -> list[dict[str, Any]]:
    return [
        {
            "title": "井盖翘起，先放警示牌",
            "url": "#",
            "light": "red",
            "due": at - timedelta(hours=2),
            "place": "示范街道 · 张屋组路口",
            "code": "示 2026-0412",
            "action": {"label": "我到现场了", "url": "#", "post": True},
        },
        {
            "title": "陪独居老人办高龄津贴",
            "url": "#",
            "light": "yellow",
            "due": at + timedelta(hours=3),
            "place": "示范社区 · 3 栋 2 单元",
            "who": "张*（已约 10:00）",
            "words": "带身份证和银行卡；上次缺一张照片。同一户还有一件：问水表。",
            "tags": ["代办", "一次敲门两件事"],
            "action": {"label": "开始办", "url": "#"},
        },
        {
            "title": LONG,
            "url": "#",
            "light": "green",
            "due": at + timedelta(days=3),
            "place": LONG,
            "action": {"label": "查看", "url": "#"},
        },
        {
            "title": "路灯不亮",
            "url": "#",
            "light": "done",
            "place": "示范社区 · 5 栋",
            "done": True,
        },
    ]


def _rows(at: datetime) -> list[dict[str, Any]]:
    titles = ("井盖翘起", "井", LONG, "车间通道堆放杂物", "三户共用水管漏水，争执不下")
    lights = ("red", "yellow", "green", "paused", "done")
    return [
        {
            "id": UUID(int=number),
            "url": "#",
            "light": lights[number % 5],
            "due": None if lights[number % 5] == "done" else at + timedelta(hours=number * 7 - 9),
            "code": f"430000-26-{number:05d}",
            "title": titles[number % 5],
            "place": LONG if titles[number % 5] == LONG else "示范街道 · 张屋组",
            "holder": "城管局" if number % 2 else "示范街道 · 值班",
            "since": at - timedelta(hours=number * 5 + 1),
            "tags": ["督办"] if number % 4 == 1 else [],
            "state": "待派遣",
        }
        for number in range(12)
    ]


_GROUPS: Final = [
    {
        "label": "灯",
        "options": [
            {"label": "全部", "url": "#", "count": 86, "current": True},
            {"label": "已超期", "url": "#", "count": 4, "light": "red"},
            {"label": "将到期", "url": "#", "count": 11, "light": "yellow"},
            {"label": "正常", "url": "#", "count": 66, "light": "green"},
            {"label": "已暂停", "url": "#", "count": 5, "light": "paused"},
        ],
    },
    {
        "label": "单位",
        "options": [
            {"label": "示范街道", "url": "#", "count": 31},
            {"label": LONG, "url": "#", "count": 5000},
            {"label": "一镇", "url": "#", "count": 0},
        ],
    },
]

_ACTIONS: Final = [
    {"label": "派给城管局", "url": "#", "icon": "send", "hint": "48 小时内须处置"},
    {"label": "改派别的部门", "url": "#", "dialog": "specimen-dialog"},
    {"label": "暂停计时", "url": "#", "icon": "pause"},
    {
        "label": "不予立案",
        "url": "#",
        "kind": "danger",
        "dialog": "specimen-dialog",
        "hint": "须写理由，会告诉报告人",
    },
]

_NODES: Final = [
    {"id": "1", "name": "示范街道", "url": "#", "level": "街道", "count": 31, "children": "#"},
    {"id": "2", "name": LONG, "url": "#", "level": "社区", "count": 5000, "children": "#"},
    {"id": "3", "name": "张屋组", "url": "#", "level": "网格", "count": 0},
]


def _entries(at: datetime) -> list[dict[str, Any]]:
    return [
        {
            "at": at - timedelta(minutes=20),
            "who": "示范街道 · 值班",
            "what": "派给城管局",
            "words": "请先放警示牌，再换井盖。\n旁边是小学，放学前要处理好。",
        },
        {
            "at": at - timedelta(hours=3),
            "who": "系统",
            "what": "受理时限变黄",
            "kind": "clock",
        },
        {
            "at": at - timedelta(hours=5),
            "who": "张屋组网格员 · 我",
            "what": "上报",
            "kind": "mine",
            "photos": [{"url": "/static/svg/mark.svg", "words": "现场照片"}],
        },
    ]
