"""The language of a page: Chinese is the source, English the one full catalogue."""

from collections.abc import Callable
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from gridgov.kernel.errors import Refusal

LOCALES = ("zh", "en")


class Catalogues:
    """The translations of all installed packages, first hit wins."""

    def __init__(self, folders: list[Path]) -> None:
        self._english: NullTranslations = NullTranslations()
        for folder in folders:
            file = folder / "en" / "LC_MESSAGES" / "messages.mo"
            if file.exists():
                with file.open("rb") as catalogue:
                    translations = GNUTranslations(catalogue)
                translations.add_fallback(self._english)
                self._english = translations

    def translate(self, locale: str) -> Callable[..., str]:
        """What templates call ``_``: a message and the values of its ``{named}`` places."""

        def say(message: str, **values: object) -> str:
            said = self._english.gettext(message) if locale == "en" and message else message
            return said.format(**values) if values else said

        return say

    def refusal(self, refusal: Refusal, locale: str) -> str:
        """The sentence of a refusal in the language of the page."""
        said = self.translate(locale)(refusal.message)
        return said.format(**refusal.params) if refusal.params else said
