"""Words that reach people: Chinese here, and said in another language where a page is made."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Self, cast


class Sentence(str):
    """A sentence of the source language that a page says in its own.

    ``source`` is what catalogues know it by; ``places`` are the values of its ``{named}`` places.
    Wherever text is expected it is the Chinese sentence with its values in it. A ``date`` among
    them is said as people write it.
    """

    __slots__ = ("places", "source")

    source: str
    places: dict[str, Any]

    def __new__(cls, source: str, /, **places: object) -> Self:
        """The sentence with its values put in."""
        places = spoken(places)
        made = super().__new__(cls, source.format(**places) if places else source)
        made.source = source
        made.places = places
        return made


def spoken(places: Mapping[str, object]) -> dict[str, object]:
    """Values as a sentence says them: 2026年3月5日 for a date, everything else as it is."""
    return {name: _day(at) if type(at) is date else at for name, at in places.items()}


def _day(on: date) -> Sentence:
    return Sentence("{year}年{month}月{day}日", year=on.year, month=on.month, day=on.day)


def N_(words: str, /) -> Sentence:  # noqa: N802  (the name that catalogues know)
    """Marks words that are said later."""
    return Sentence(words)


def parts(words: str) -> dict[str, Any] | None:
    """A sentence as data, to be kept and said later; nothing for other text."""
    if not isinstance(words, Sentence):
        return None
    places = {
        name: parts(at) if isinstance(at, Sentence) else str(at)
        for name, at in words.places.items()
    }
    return {"source": words.source, "places": places}


def whole(kept: Mapping[str, Any]) -> Sentence:
    """The sentence of these parts."""
    places = {
        name: whole(cast("Mapping[str, Any]", at)) if isinstance(at, Mapping) else at
        for name, at in kept["places"].items()
    }
    return Sentence(kept["source"], **places)


def joined(words: Iterable[str]) -> str:
    """One after the other, as the language of the page separates them."""
    said = ""
    for word in words:
        said = Sentence("{before}、{word}", before=said, word=word) if said else word
    return said
