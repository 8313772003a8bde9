"""The language of a page: Chinese is the source, English the one full catalogue."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, Final

from babel.messages.pofile import read_po
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from litestar.connection import ASGIConnection

from gridgov.kernel.errors import Refusal
from gridgov.kernel.sentences import Sentence
from gridgov.web.csrf import cookie_name

LOCALES: Final = ("zh", "en")
FILE: Final = Path("en") / "LC_MESSAGES" / "messages.po"

Say = Callable[..., str]
"""A sentence and the values of its ``{named}`` places, in the language of the page."""


def locale_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """The language that this browser asked for."""
    asked = connection.cookies.get(cookie_name(connection.app.state.settings, "locale"), "")
    return asked if asked in LOCALES else LOCALES[0]


class Choosing(Formatter):
    """Fills places as ``str.format`` does, and chooses words by a number.

    ``{n:case|cases}`` is the first for one and the second for any other number; with more than two,
    ``{month:January|February|…}`` is the one at that number.
    """

    def format_field(self, value: Any, format_spec: str) -> str:
        """The value as its place asks for it."""
        if "|" not in format_spec:
            return str(super().format_field(value, format_spec))
        words = format_spec.split("|")
        if len(words) == 2:  # noqa: PLR2004  (one, many)
            return words[str(value) != "1"]
        return words[int(value) - 1]


class Punctuation(Extension):
    """Chinese marks that stand between the words of a template become those of the page."""

    MARKS: Final = str.maketrans(
        {"：": ": ", "（": " (", "）": ") ", "，": ", ", "、": ", ", "；": "; "}
    )

    def filter_stream(self, stream: TokenStream) -> Iterable[Token]:
        """Jinja's door: the text between the tags."""
        for token in stream:
            if token.type == "data":
                yield Token(token.lineno, token.type, token.value.translate(self.MARKS))
            else:
                yield token


class Catalogues:
    """The translations of all installed packages, first hit wins."""

    def __init__(self, folders: list[Path]) -> None:
        self._english: dict[str, str] = {}
        for folder in reversed(folders):
            self._english.update(entries(folder / FILE))
        self._fill = Choosing()

    def translate(self, locale: str) -> Say:
        """What templates call ``_``: a message and the values of its ``{named}`` places."""
        return self._in_english if locale == "en" else in_source

    def refusal(self, refusal: Refusal, locale: str) -> str:
        """The sentence of a refusal in the language of the page."""
        return self.translate(locale)(refusal.message, **refusal.params)

    def _in_english(self, message: str, /, **values: object) -> str:
        source, places = _parts(message, values)
        said = self._english.get(source, source)
        if not places:
            return said
        return self._fill.vformat(said, (), {name: self._place(at) for name, at in places.items()})

    def _place(self, value: object) -> object:
        return self._in_english(value) if isinstance(value, Sentence) else value


def in_source(message: str, /, **values: object) -> str:
    """A message in the language that it is written in."""
    source, places = _parts(message, values)
    return source.format(**places) if places else source


def _parts(message: str, values: Mapping[str, object]) -> tuple[str, Mapping[str, object]]:
    if isinstance(message, Sentence):
        return message.source, {**message.places, **values}
    return message, values


@cache
def entries(file: Path) -> dict[str, str]:
    """What a catalogue says for each message; nothing if there is no such file."""
    if not file.exists():
        return {}
    with file.open("rb") as opened:
        catalogue = read_po(opened, locale="en")
    return {
        message.id: message.string
        for message in catalogue
        if isinstance(message.id, str)
        and isinstance(message.string, str)
        and message.id
        and message.string
    }
