"""The second factor: six digits from a phone, each good once, and spare keys for a lost phone."""

import base64
import hmac
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

import pyotp
import segno
from pyotp.totp import TOTP

from gridgov.kernel.crypto import Tampered, open_bytes, seal_bytes
from gridgov.kernel.errors import Conflict
from gridgov.kernel.settings import Settings

STEP: Final = 30
_WINDOW: Final = (0, -1, 1)
CODES: Final = 8
DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Offer:
    """A secret not enrolled yet: the browser keeps it sealed, the database knows nothing."""

    secret: str
    sealed: str
    address: str

    @property
    def picture(self) -> str:
        """The QR code as an image's address."""
        code = segno.make(self.address, error="m")
        return code.svg_data_uri(scale=5, border=2, dark="#1f1d1a", light="#ffffff")

    @property
    def groups(self) -> str:
        """The secret in groups of four, to be typed where the camera fails."""
        return " ".join(self.secret[at : at + 4] for at in range(0, len(self.secret), 4))


def _key(settings: Settings) -> bytes:
    return sha256(b"gridgov second factor\0" + settings.secret).digest()


def seal_secret(settings: Settings, account_id: UUID, secret: str) -> bytes:
    """The secret as it is kept: bound to its account."""
    return seal_bytes(_key(settings), secret.encode(), b"totp|" + account_id.bytes)


def open_secret(settings: Settings, account_id: UUID, sealed: bytes) -> str:
    """The secret again; raises Tampered."""
    return open_bytes(_key(settings), sealed, b"totp|" + account_id.bytes).decode()


def offer(settings: Settings, sign_in_id: UUID, *, login: str, issuer: str) -> Offer:
    """A fresh secret for this sign-in to enrol."""
    secret = pyotp.random_base32()
    address = TOTP(secret).provisioning_uri(name=login, issuer_name=issuer)
    return _offer(settings, sign_in_id, secret, address)


def _offer(settings: Settings, sign_in_id: UUID, secret: str, address: str) -> Offer:
    sealed = seal_bytes(_key(settings), secret.encode(), b"offer|" + sign_in_id.bytes)
    return Offer(secret, base64.urlsafe_b64encode(sealed).decode(), address)


def offered(settings: Settings, sign_in_id: UUID, sealed: str, *, login: str, issuer: str) -> Offer:
    """The offer that this sign-in was shown."""
    try:
        data = base64.urlsafe_b64decode(sealed.encode())
        secret = open_bytes(_key(settings), data, b"offer|" + sign_in_id.bytes).decode()
    except (ValueError, Tampered) as error:
        raise Conflict("这个二维码已经过期，请刷新页面重新扫码。") from error
    address = TOTP(secret).provisioning_uri(name=login, issuer_name=issuer)
    return Offer(secret, sealed, address)


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """The time step whose code this is: the running one, the one before or the one after."""
    given = "".join(code.split())
    here = int(now.timestamp()) // STEP
    totp = TOTP(secret)
    for shift in _WINDOW:
        if hmac.compare_digest(totp.generate_otp(here + shift).encode(), given.encode()):
            return here + shift
    return None
