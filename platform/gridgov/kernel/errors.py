"""The expected noes. Each is a sentence for a person, with a status for the browser."""

from collections.abc import Mapping
from typing import ClassVar

from gridgov.kernel.sentences import Sentence, spoken


class Refusal(Exception):
    """An expected no: a translatable message with its parameters, and an HTTP status.

    The message is a Chinese sentence with ``{named}`` places; it doubles as the gettext id.
    """

    status: ClassVar[int] = 400

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message)
        self.message = message
        self.params = spoken(params)

    def __str__(self) -> str:
        return Sentence(self.message, **self.params)


class Unauthenticated(Refusal):
    """Nobody is signed in, or the session ended."""

    status = 401


class NotAllowed(Refusal):
    """Signed in, but without the permission."""

    status = 403


class NotFound(Refusal):
    """No such thing for this person: another tenant's and another subtree's look the same."""

    status = 404

    def __init__(self, message: str = "没有找到，或者您无权查看。", **params: object) -> None:
        super().__init__(message, **params)


class Conflict(Refusal):
    """The thing is in another state than the request supposed."""

    status = 409


class TooLarge(Refusal):
    """More bytes, pixels or rows than the limit."""

    status = 413


class Invalid(Refusal):
    """What was typed cannot be accepted. ``fields`` holds one sentence per field."""

    status = 422

    def __init__(
        self,
        message: str = "有内容需要修改，请看标出的地方。",
        *,
        fields: Mapping[str, str] | None = None,
        **params: object,
    ) -> None:
        super().__init__(message, **params)
        self.fields: dict[str, str] = {
            name: sentence if isinstance(sentence, Sentence) else Sentence(sentence, **params)
            for name, sentence in (fields or {}).items()
        }


class TooMany(Refusal):
    """Asked too often."""

    status = 429


class Unavailable(Refusal):
    """Cannot serve now: the tenant is suspended or a needed part is down."""

    status = 503


class OverBudget(Exception):
    """Somebody else's code sent more statements than it may; what is too slow, a TimeoutError."""
