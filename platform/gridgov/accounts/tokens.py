"""Random secrets that are shown once; only their SHA-256 is kept."""

import secrets
from hashlib import sha256
from typing import Final

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: read aloud, nobody errs
_MISREAD: Final = str.maketrans({"I": "1", "L": "1", "O": "0", "-": None, " ": None})
_TOKEN_BITS: Final = 128
_CODE_BITS: Final = 80
_GROUP: Final = 4
_LETTER_BITS: Final = 5


def new_session_secret() -> str:
    """256 random bits for a cookie."""
    return secrets.token_urlsafe(32)


def new_token() -> str:
    """A one-time token of at least 128 bits, in groups that can be typed from paper."""
    return _written(_TOKEN_BITS)


def new_recovery_code() -> str:
    """80 bits: guesses are throttled, and nobody searches through so many with a stolen digest."""
    return _written(_CODE_BITS)


def _written(bits: int) -> str:
    length = -(-bits // (_LETTER_BITS * _GROUP)) * _GROUP
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(length))
    return "-".join(letters[at : at + _GROUP] for at in range(0, length, _GROUP))


def session_digest(secret: str) -> bytes:
    """What is kept of a session's secret."""
    return sha256(secret.encode()).digest()


def token_digest(text: str) -> bytes:
    """What is kept of a token or a recovery code; dashes, case and look-alikes do not matter."""
    return sha256(text.strip().upper().translate(_MISREAD).encode()).digest()
