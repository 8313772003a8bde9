"""Words that reach people: Chinese here, and said in another language where a page is made."""

from collections.abc import Iterable
from functools import reduce
from typing import Any, Self


class Sentence(str):
    """A sentence of the source language that a page says in its own.

    ``source`` is what catalogues know it by; ``places`` are the values of its ``{named}`` places.
    Wherever text is expected it is the Chinese sentence with its values in it.
    """

    __slots__ = ("places", "source")

    source: str
    places: dict[str, Any]

    def __new__(cls, source: str, /, **places: object) -> Self:
        """The sentence with its values put in."""
        made = super().__new__(cls, source.format(**places) if places else source)
        made.source = source
        made.places = places
        return made


def N_(words: str, /) -> Sentence:  # noqa: N802  (the name that catalogues know)
    """Marks words that are said later."""
    return Sentence(words)


def joined(words: Iterable[str]) -> str:
    """One after the other, as the language of the page separates them."""
    rest = iter(words)
    first = next(rest, "")
    return reduce(
        lambda said, word: Sentence("{before}、{word}", before=said, word=word), rest, first
    )
