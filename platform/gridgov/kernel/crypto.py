"""Personal fields at rest: one data key per tenant, bound to the very place of the value.

SM4-GCM is the default (GB/T 39786 expects SM algorithms of e-government systems), AES-256-GCM the
alternative. Not a certified module; a hardware one would stand behind the same two functions.
"""

import hashlib
import hmac
import os
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12
_TAG = 16
_SM4_KEY = 16
SM4 = b"\x01"
AES = b"\x02"


class Tampered(Exception):
    """The bytes were changed, moved from another place, or sealed with another key."""


def _sm4_seal(key: bytes, nonce: bytes, data: bytes, aad: bytes) -> bytes:
    cipher = Cipher(algorithms.SM4(key[:_SM4_KEY]), modes.GCM(nonce)).encryptor()
    cipher.authenticate_additional_data(aad)
    body = cipher.update(data) + cipher.finalize()
    return body + cipher.tag


def _sm4_open(key: bytes, nonce: bytes, body: bytes, aad: bytes) -> bytes:
    mode = modes.GCM(nonce, body[-_TAG:])
    cipher = Cipher(algorithms.SM4(key[:_SM4_KEY]), mode).decryptor()
    cipher.authenticate_additional_data(aad)
    return cipher.update(body[:-_TAG]) + cipher.finalize()


def seal_bytes(key: bytes, data: bytes, aad: bytes, *, algorithm: bytes = SM4) -> bytes:
    """Algorithm byte, nonce, ciphertext, tag."""
    nonce = os.urandom(_NONCE)
    if algorithm == SM4:
        return SM4 + nonce + _sm4_seal(key, nonce, data, aad)
    return AES + nonce + AESGCM(key).encrypt(nonce, data, aad)


def open_bytes(key: bytes, sealed: bytes, aad: bytes) -> bytes:
    """The data; raises Tampered if anything does not fit."""
    algorithm, nonce, body = sealed[:1], sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
    try:
        if algorithm == SM4:
            return _sm4_open(key, nonce, body, aad)
        return AESGCM(key).decrypt(nonce, body, aad)
    except InvalidTag as error:
        raise Tampered from error


def new_data_key(secret: bytes, tenant_id: UUID) -> bytes:
    """A fresh data key, wrapped by the installation's secret, ready to be kept with the tenant."""
    return seal_bytes(_wrapping_key(secret), os.urandom(32), tenant_id.bytes, algorithm=AES)


def _wrapping_key(secret: bytes) -> bytes:
    return hashlib.sha256(b"gridgov wrapping key\0" + secret).digest()


@dataclass(frozen=True, slots=True)
class Vault:
    """Seals and opens the personal fields of one tenant."""

    tenant_id: UUID
    key: bytes

    @classmethod
    @lru_cache(maxsize=256)
    def unwrap(cls, secret: bytes, tenant_id: UUID, wrapped: bytes) -> "Vault":
        """The vault of a tenant from its wrapped data key; the process keeps those it opened."""
        return cls(tenant_id, open_bytes(_wrapping_key(secret), wrapped, tenant_id.bytes))

    def _aad(self, table: str, row: UUID, field: str) -> bytes:
        return f"{self.tenant_id}|{table}|{row}|{field}".encode()

    def seal(self, table: str, row: UUID, field: str, text: str) -> bytes:
        """``text`` sealed to its place: bytes copied to another row or tenant do not open."""
        return seal_bytes(self.key, text.encode(), self._aad(table, row, field))

    def open(self, table: str, row: UUID, field: str, sealed: bytes) -> str:
        """The text; raises Tampered."""
        return open_bytes(self.key, sealed, self._aad(table, row, field)).decode()

    def blind(self, field: str, text: str) -> bytes:
        """A keyed digest for equality search; tells nothing without the key."""
        key = hashlib.sha256(b"blind|" + field.encode() + b"|" + self.key).digest()
        return hmac.digest(key, text.encode(), "sha256")[:16]
