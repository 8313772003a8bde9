"""What a password may be, where a log-in may lead, and what a browser is called. Pure."""

import re
import unicodedata
from collections.abc import Collection
from functools import cache
from importlib.resources import files
from typing import Final

from gridgov.kernel.errors import Invalid

SHORTEST: Final = 10
LONGEST: Final = 128
_FEW_DIFFERENT: Final = 4
_LOGIN: Final = 64
_SAFE: Final = re.compile(r"/[a-z]{3,20}(?:/[A-Za-z0-9._~-]+)*/?(?:\?[A-Za-z0-9._~%=&+,:-]*)?\Z")


def clean_login(text: str) -> str:
    """As it is kept: no blanks, one width of letters, no capitals."""
    return unicodedata.normalize("NFKC", text).strip().lower()[:_LOGIN]


def clean_password(text: str) -> str:
    """The same password from every keyboard."""
    return unicodedata.normalize("NFKC", text)


@cache
def common_passwords() -> frozenset[str]:
    """Passwords that are tried first, in lower case."""
    text = (files("gridgov.accounts") / "common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


def check_password(password: str, *, again: str, names: Collection[str]) -> str:
    """The password as it will be hashed; refuses one that others would try first.

    ``names`` are words that everybody knows of this person: log-in, county.
    """
    chosen = clean_password(password)
    sentence = _fault(chosen, [name.lower() for name in names if name])
    if sentence:
        raise Invalid(fields={"password": sentence})
    if clean_password(again) != chosen:
        raise Invalid(fields={"again": "两次填的不一样，请再填一次。"})
    return chosen


def _fault(password: str, names: Collection[str]) -> str:
    lower = password.lower()
    if len(password) < SHORTEST:
        return "密码至少要 10 位，可以用一句自己记得住的话。"
    if len(password) > LONGEST:
        return "密码最多 128 位。"
    if lower in common_passwords() or _is_pattern(lower):
        return "这个密码太常见，别人最先试的就是它，请换一个。"
    if any(_mostly(lower, name) for name in names):
        return "密码里不能主要是自己的账号或单位名，请换一个。"
    return ""


def _is_pattern(password: str) -> bool:
    """Few different characters, a run along alphabet or keyboard, or one piece repeated."""
    if len(set(password)) < _FEW_DIFFERENT:
        return True
    runs = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
    if any(password in run or password in run[::-1] for run in runs):
        return True
    return any(
        password == password[:size] * (len(password) // size)
        for size in range(1, len(password) // 2 + 1)
        if len(password) % size == 0
    )


def _mostly(password: str, name: str) -> bool:
    """The name and a few more signs, such as a year."""
    rest = password.replace(name, "")
    return len(rest) < len(password) and len(re.sub(r"[\W\d_]", "", rest)) == 0


def safe_next(next_: str, slug: str) -> str:
    """Where to go after log-in: a plain address of this tenant, or nothing."""
    inside = next_.partition("?")[0] == f"/{slug}" or next_.startswith(f"/{slug}/")
    return next_ if inside and _SAFE.match(next_) else ""


_SYSTEMS: Final = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("HarmonyOS", "HarmonyOS"),
    ("OpenHarmony", "HarmonyOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
_BROWSERS: Final = (
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("Edg", "Edge"),
    ("QQBrowser", "QQ 浏览器"),
    ("UCBrowser", "UC 浏览器"),
    ("HuaweiBrowser", "华为浏览器"),
    ("MiuiBrowser", "小米浏览器"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


def device_name(user_agent: str) -> str:
    """A few words by which a person knows the own phone again; the header itself is not kept."""
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    return " · ".join(word for word in (system, browser) if word)
