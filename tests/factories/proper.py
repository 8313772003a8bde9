"""Which words are proper to Liling: taken from what it declares, with the few that are not names.

Nobody else's pages may show them, and the core may not say them. What is the field's own word,
or general Chinese, is left out by name, each with its reason.
"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, Final

from gridgov.contract.declarations import County
from gridgov.policy import Policies

_NAMES: Final = frozenset({"name", "desk", "motto", "heading", "group"})
_PAIRS: Final = {"items": 1, "lines": 1}
_SHORTEST: Final = 3
"""Two characters are hardly ever a name of one county; those that are stand in ``UNSAID``."""

UNSAID: Final = frozenset({
    "七有", "八个一", "三定", "三长", "多员", "四单", "四制", "四单四制", "四件套", "五支队伍",
    "五个一批", "一专三长", "三统一", "五个一体化", "三级平台", "六大功能区", "七大功能模块",
    "六步闭环", "分中心", "全市", "市中心", "民情日记", "社情民意", "督办通报", "交办反馈",
    "挂号销号", "销号", "讲评", "督导员",
})  # fmt: skip
"""Names of the two printed texts that no declaration bears as such."""

OF_THE_FIELD: Final = {
    "不能代办": "plain Chinese: that something cannot be done",
    "公共设施": "plain Chinese: what everybody uses",
    "办理部门": "plain Chinese: the department that has something in hand",
    "办结或答复": "plain Chinese, in a sample of the page of components",
    "待部门受理": "the baseline says it in a sentence",
    "工作证": "what every office calls the card of who works there",
    "监督电话": "what every office calls the number for complaints about it",
}


def proper_words() -> set[str]:
    """All of them."""
    policies = Policies()
    (own, common) = (policies.resolve((name,)).county for name in ("liling", "baseline"))
    names = {word for word in _names(own) if len(word) >= _SHORTEST} | set(own.glossary)
    pages = {title for county in (own, common) for title in _titles(county)}
    return (names - pages - {*_names(common)} - set(OF_THE_FIELD)) | UNSAID


def _titles(county: County) -> Iterator[str]:
    """What the navigation calls the core's own pages is what these call themselves."""
    yield from (label for place in county.navigation for label, _ in place.entries)


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, tuple):
        for one in value:
            yield from _names(one)
    elif is_dataclass(value):
        for each in fields(value):
            word = getattr(value, each.name)
            if each.name in _NAMES and not isinstance(value, County) and word:
                yield word
            elif each.name in _PAIRS and word and isinstance(word[0], tuple):
                yield from (pair[_PAIRS[each.name]] for pair in word)
            else:
                yield from _names(word)
