"""What text search compares, and the pairs of characters it is found by."""

import unicodedata
from itertools import pairwise
from typing import Final

LONGEST_QUERY: Final = 50
_LOW: Final = 0xFFFF
_UNSEEN: Final = frozenset({"Cc", "Cs"})
_SIGN: Final = 1 << 31


def plain(text: str) -> str:
    """As search sees it: wide letters like narrow ones, capitals like small ones, no blanks."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if not c.isspace() and unicodedata.category(c) not in _UNSEEN)


def words_of(title: str, place: str, category: str) -> str:
    """The searchable text of a case: one line each, so that no hit runs from one into another."""
    return "\n".join((plain(title), plain(place), plain(category)))


def terms_of(words: str) -> frozenset[int]:
    """Every pair of neighbours in the text, and each line's last character with nothing after."""
    return frozenset(
        _term(first, second)
        for line in words.split("\n")
        for first, second in zip(line, line[1:] + "\0", strict=False)
    )


def terms_asked(query: str) -> tuple[int, ...]:
    """The pairs that a text with this query in it must hold; none for a single character."""
    return tuple(dict.fromkeys(_term(a, b) for a, b in pairwise(query)))


def terms_beginning(character: str) -> tuple[int, int]:
    """The range of pairs that begin with the character, both ends included."""
    return _term(character, "\0"), _signed(_half(character) << 16 | _LOW)


def _term(first: str, second: str) -> int:
    return _signed(_half(first) << 16 | _half(second))


def _half(character: str) -> int:
    return ord(character) & _LOW


def _signed(number: int) -> int:
    """The column holds 32 bits with a sign."""
    return number - 2 * _SIGN if number >= _SIGN else number
