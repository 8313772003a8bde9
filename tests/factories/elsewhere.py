"""A county that works as Liling does, and calls everything otherwise.

Its levels, ledgers and kinds of case keep their codes, so that the usual things can be done in it;
no word that people read is the same, and its services are divided by flags and places of its own.
"""

from dataclasses import fields, is_dataclass, replace
from typing import Any, Final

from factories.rules import LILING, installed
from gridgov.contract.declarations import Category, County
from gridgov.contract.services import CustodyPlace, ServiceFlag
from gridgov.contract.wording import PAIRS, WORDS

NAME: Final = "dongshan"
FLAGS: Final = (
    ServiceFlag(code="hotline", name="热线能问", printed=3),
    ServiceFlag(code="fetched", name="跑腿能办", heading="跑腿", on_behalf=True, needs=("steps",)),
    ServiceFlag(code="carried", name="跑腿送到家", under="fetched", needs=("materials",)),
)
CUSTODY: Final = (
    CustodyPlace(code="courier", name="跑腿员随身的文件袋", at_hand=True),
    CustodyPlace(code="counter", name="便民驿站的保管柜"),
)


def elsewhere() -> County:
    """The county as its plugin would declare it."""
    called: dict[str, str] = {}
    return replace(
        _called(LILING, called),
        name="东山县",
        service_flags=FLAGS,
        custody=CUSTODY,
        glossary={},
    )


def policies_elsewhere():
    """As if its plugin were the one installed."""
    return installed(**{NAME: elsewhere()})


def _called(value: Any, called: dict[str, str]) -> Any:
    if isinstance(value, tuple):
        return tuple(_called(one, called) for one in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    return replace(
        value,
        **{each.name: _word(value, each.name, called) for each in fields(value) if each.init},
    )


def _word(holder: object, name: str, called: dict[str, str]) -> Any:
    value = getattr(holder, name)
    if name == "source":
        return "东山县办公室"
    if isinstance(holder, Category) and name == "words":
        return tuple(_other(one, called) for one in value)
    if name in WORDS.get(type(holder), ()):
        return _other(value, called)
    place = PAIRS.get((type(holder), name))
    if place is None:
        return _called(value, called)
    return tuple(
        tuple(_other(one, called) if at == place else one for at, one in enumerate(pair))
        for pair in value
    )


def _other(word: str, called: dict[str, str]) -> str:
    """Another word for it, always the same."""
    return called.setdefault(word, f"东山词{len(called) + 1}") if word else word
