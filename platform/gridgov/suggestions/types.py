"""Words of the suggestions room."""

from enum import StrEnum


class SuggestionRight(StrEnum):
    """Everybody signed in may write and read; answering is a right."""

    ANSWER = "suggestion.answer"
