"""A checkpoint: where a chain stood, signed and kept away from the database."""

import hashlib
import hmac
from typing import Final

import msgspec

from gridgov.audit.chain import Head
from gridgov.kernel.errors import Invalid


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is written to the file."""

    tenant: str
    seq: int
    hash: str
    at: str
    signature: str = ""

    @property
    def head(self) -> Head:
        """The end of the chain at that time."""
        return Head(self.seq, bytes.fromhex(self.hash))


def sign(secret: bytes, checkpoint: Checkpoint) -> Checkpoint:
    """The same with our signature."""
    return msgspec.structs.replace(checkpoint, signature=_signature(secret, checkpoint))


def write(checkpoint: Checkpoint) -> str:
    """As a line of JSON."""
    return msgspec.json.encode(checkpoint).decode() + "\n"


def read(secret: bytes, text: str, *, tenant: str) -> Checkpoint:
    """The newest checkpoint of a file, which may hold one a line; Invalid unless it is ours."""
    lines = [line for line in text.splitlines() if line.strip()]
    try:
        found = [msgspec.json.decode(line, type=Checkpoint) for line in lines]
        newest = max(found, key=lambda checkpoint: checkpoint.seq)
        newest.head  # noqa: B018  (its hash must be one)
    except (ValueError, msgspec.DecodeError) as error:
        raise Invalid("这不是存证点文件。") from error
    if newest.tenant != tenant:
        raise Invalid("这个存证点是“{tenant}”的。", tenant=newest.tenant)
    if not hmac.compare_digest(newest.signature, _signature(secret, newest)):
        raise Invalid("存证点的签名不对：文件被改过，或者不是本平台出具的。")
    return newest


_PURPOSE: Final = b"gridgov audit checkpoint|"


def _signature(secret: bytes, checkpoint: Checkpoint) -> str:
    key = hashlib.sha256(_PURPOSE + secret).digest()
    said = msgspec.structs.replace(checkpoint, signature="")
    return hmac.digest(key, msgspec.json.encode(said), "sha256").hex()
