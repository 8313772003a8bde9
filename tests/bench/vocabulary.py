"""What the bulk loader's cases are about: few words that many cases share, many that few do."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gridgov.cases.rules.words import plain, terms_of, words_of
from gridgov.contract.declarations import Category

TITLES: Final = {
    "P0103": ("雨水井盖破损", "雨水井盖松动有响声", "雨水井盖缺失"),
    "P0102": ("污水井盖下沉", "污水井冒溢"),
    "P0118": ("路灯不亮", "路灯白天长亮", "路灯灯杆倾斜"),
    "P0305": ("垃圾箱破损", "垃圾箱满溢"),
    "P0402": ("行道树枝条压线", "行道树被风刮倒"),
    "E0102": ("路边暴露垃圾", "河边暴露垃圾"),
    "E0110": ("路面坑洼", "人行道地砖破损"),
    "E0404": ("下水道堵塞", "雨后积水排不走"),
    "E0505": ("机动车堵住消防通道", "门口乱停车"),
    "water": ("停水一整天", "自来水发黄", "水管爆裂"),
    "power": ("频繁停电", "电线垂落"),
    "gas": ("楼道闻到燃气味", "燃气表漏气"),
}
LANDMARKS: Final = (
    "农贸市场东侧",
    "小学后墙",
    "桥头公交站",
    "老瓷厂围墙外",
    "卫生室旁",
    "文化广场西侧",
    "三组晒谷坪",
    "加油站岔口",
)
_SHOPS: Final = "福禄寿喜财丰裕康泰和顺昌隆兴盛荣华富贵吉祥如意安宁平静远大宏图新"
_KINDS: Final = ("面馆", "药房", "理发店", "五金行", "茶铺")


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of text with the terms that search finds it by."""

    text: str
    words: str
    terms: list[int]


@dataclass(frozen=True, slots=True)
class Matter:
    """A title in its category."""

    category: str
    urgency: str
    title: Text


def matters(categories: Mapping[str, Category]) -> list[Matter]:
    """Every title; its category's name is searched with it."""
    return [
        Matter(code, categories[code].urgency, _title(title, categories[code].name))
        for code, titles in TITLES.items()
        for title in titles
    ]


def places(*, rare: bool = True) -> list[Text]:
    """Landmarks that many cases name; and shops, a pair of characters that one in thousands has."""
    shops = [first + second for first in _SHOPS for second in _SHOPS if first != second]
    named = [
        f"{LANDMARKS[n % len(LANDMARKS)]}{shop}{_KINDS[n % len(_KINDS)]}"
        for n, shop in enumerate(shops)
    ]
    return [_place(text) for text in ([*LANDMARKS, *named] if rare else LANDMARKS)]


def _title(title: str, category: str) -> Text:
    words = words_of(title, "", category)
    return Text(title, words, sorted(terms_of(words)))


def _place(place: str) -> Text:
    words = plain(place)
    return Text(place, words, sorted(terms_of(words)))


def quoted(value: object) -> str:
    """A value for a statement: ours alone, no input."""
    if isinstance(value, list):
        return "'{" + ",".join(f'"{each}"' for each in value) + "}'"
    if isinstance(value, dict):
        return "'" + json.dumps(value, ensure_ascii=False) + "'"
    return (
        str(value) if isinstance(value, int | float) else "'" + str(value).replace("'", "''") + "'"
    )
