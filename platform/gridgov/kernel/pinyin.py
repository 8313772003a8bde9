"""Pinyin initials, by which a name is found from a keyboard: 网格员 is ``wgy``."""

import re

from pypinyin import Style, lazy_pinyin

_OTHER = re.compile(r"[^a-z0-9]")


def initials(text: str) -> str:
    """The first letter of each character's usual reading; letters and digits as they are."""
    letters = lazy_pinyin(text, style=Style.FIRST_LETTER, errors="default")
    return _OTHER.sub("", "".join(letters).lower())
