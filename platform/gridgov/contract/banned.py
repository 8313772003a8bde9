"""What no form may ask for, whatever a county wants: a linter refuses a field that says so."""

import re
from dataclasses import dataclass
from typing import Final, Protocol

_PIPL: Final = "个人信息保护法 6、28: 最小必要，敏感个人信息"
_MINIMUM: Final = "个人信息保护法 6: 限于实现处理目的的最小范围"


class Asked(Protocol):
    """A field of whatever form: what it is called, and what there is to choose from."""

    @property
    def code(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def choices(self) -> tuple[tuple[str, str], ...]: ...


@dataclass(frozen=True, slots=True)
class Banned:
    """A thing that is not asked: by ``words`` that people read, by ``codes`` that programs do."""

    what: str
    words: tuple[str, ...]
    codes: tuple[str, ...]
    source: str


BANNED: Final = (
    Banned("religion", ("宗教", "信仰"), ("religion", "faith"), _PIPL),
    Banned("politics", ("政治面貌", "党派"), ("politics", "political"), _MINIMUM),
    Banned("ethnicity", ("民族",), ("ethnicity", "ethnic", "nationality"), _MINIMUM),
    Banned(
        "biometric templates",
        ("人脸", "指纹", "虹膜", "声纹", "掌纹"),
        ("biometric", "fingerprint", "iris", "voiceprint"),
        _PIPL,
    ),
    Banned(
        "details of crimes",
        ("犯罪", "前科", "服刑", "刑满", "罪名"),
        ("crime", "criminal", "conviction"),
        _PIPL,
    ),
    Banned(
        "diagnoses",
        ("诊断", "病史", "病种", "病情", "精神障碍"),
        ("diagnosis", "disease", "illness"),
        _PIPL,
    ),
    Banned("drugs", ("吸毒", "戒毒", "涉毒"), ("drug", "drugs"), _PIPL),
    Banned("HIV", ("艾滋", "HIV"), ("hiv", "aids"), _PIPL),
    Banned("earlier petitions", ("上访", "信访史", "信访次数"), ("petitions",), _MINIMUM),
    Banned("lists of watched people", ("重点人员", "重点人群"), ("watchlist",), _MINIMUM),
)

PARTY: Final = "党"
"""A group whose name holds this says what those in it belong to."""


def banned(field: Asked) -> Banned | None:
    """What the field asks for that no form may. Its help is not read: that may say what to omit."""
    read = " ".join((field.label, *(words for _, words in field.choices)))
    codes = {field.code.lower(), *re.split(r"[^a-z]+", field.code.lower())}
    return next(
        (
            one
            for one in BANNED
            if any(word in read for word in one.words) or codes.intersection(one.codes)
        ),
        None,
    )
