"""The chain: what each entry's digest covers, and how a whole chain is checked.

``digest`` is a keyed hash of the entry's content, so that nobody who has the database alone can
write an entry that holds. ``hash`` is the SHA-256 of the previous hash and the digest: it fixes the
order. A cut tail leaves a whole chain: only a checkpoint that was kept elsewhere shows it.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final, cast

import msgspec

from gridgov.kernel.crypto import Vault

GENESIS: Final = bytes(32)
"""The hash before the first entry."""

PLAIN: Final = ("tenant_id", "id", "at", "subject_id", "account_id")
WORDS: Final = ("kind", "verb", "subject_kind", "who", "device", "purpose")
"""What the digest covers beside ``details``, in this order; words with their lengths."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_FAULTS: Final = 20


class Fault(StrEnum):
    """What is wrong with an entry."""

    CHANGED = "changed"  # its content is not what was written
    MISSING = "missing"  # entries are not there
    MOVED = "moved"  # put in between, or at another place than it was written
    CUT = "cut"  # the newest entries are not there
    FOREIGN = "foreign"  # not the chain that the checkpoint was taken of


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault, at an entry's number."""

    seq: int
    fault: Fault


@dataclass(slots=True)
class Verdict:
    """What a look at the whole chain found; ``findings`` holds the first few, in order."""

    entries: int = 0
    faults: int = 0
    findings: list[Finding] = field(default_factory=list[Finding])

    def blame(self, seq: int, fault: Fault) -> None:
        """Note a fault."""
        self.faults += 1
        if len(self.findings) < _MOST_FAULTS:
            self.findings.append(Finding(seq, fault))


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain: the number of its last entry and that entry's hash."""

    seq: int
    hash: bytes


def key_of(vault: Vault) -> bytes:
    """The tenant's key for digests."""
    return hashlib.sha256(b"gridgov audit|" + vault.key).digest()


def exact(value: Any) -> Any:
    """``value`` in the types and the order that the database gives back: fractions become text."""
    if isinstance(value, dict):
        named = {str(name): exact(inner) for name, inner in cast("dict[Any, Any]", value).items()}
        return dict(sorted(named.items(), key=lambda item: _place(item[0])))
    if isinstance(value, list | tuple | set | frozenset):
        return [exact(inner) for inner in cast("Iterable[Any]", value)]
    return repr(value) if isinstance(value, float) else msgspec.to_builtins(value)


def _place(name: str) -> tuple[int, bytes]:
    """The place of a name in the database: shorter ones first."""
    text = name.encode()
    return len(text), text


def content_of(entry: dict[str, Any]) -> str:
    """What the digest is of. ``queries.links`` has the database write the very same."""
    at = (entry["at"] - _EPOCH) // timedelta(microseconds=1)
    values = entry | {"at": at}
    plain = ["" if values[name] is None else str(values[name]) for name in PLAIN]
    words = [f"{len(entry[name])}:{entry[name]}" for name in WORDS]
    details = json.dumps(entry["details"], ensure_ascii=False)
    return "|".join([*plain, *words, details])


def digest_of(key: bytes, content: str) -> bytes:
    """The digest of an entry's content."""
    return hmac.digest(key, content.encode(), "sha256")


def link(before: bytes, digest: bytes) -> bytes:
    """The hash of an entry."""
    return hashlib.sha256(before + digest).digest()


class Verifier:
    """Checks a chain that it is fed entry by entry, oldest first."""

    def __init__(self, key: bytes, checkpoint: Head | None = None) -> None:
        self._key = key
        self._checkpoint = checkpoint
        self._last = Head(0, GENESIS)
        self.verdict = Verdict()

    @property
    def last(self) -> int:
        """The number of the entry that was seen last."""
        return self._last.seq

    def feed(self, rows: Iterable[Sequence[Any]]) -> None:
        """Number, digest, hash and content of each entry."""
        key, digest_with, sha256 = self._key, hmac.digest, hashlib.sha256
        seq, before = self._last.seq, self._last.hash
        mark = self._checkpoint.seq if self._checkpoint else 0
        verdict = self.verdict
        for number, digest, chained, content in rows:
            verdict.entries += 1
            seq += 1
            if number != seq:
                verdict.blame(seq, Fault.MISSING)
                seq = number
            elif chained != sha256(before + digest).digest():
                verdict.blame(number, Fault.MOVED)
            if digest != digest_with(key, content.encode(), "sha256"):
                verdict.blame(number, Fault.CHANGED)
            before = chained
            if number == mark:
                self._compare(chained)
        self._last = Head(seq, before)

    def finish(self, head: Head | None) -> Verdict:
        """Compare with the head that the tenant keeps, and with the checkpoint."""
        if head is None or head.seq > self._last.seq:
            self.verdict.blame(self._last.seq + 1, Fault.CUT)
        elif head != self._last:
            self.verdict.blame(head.seq, Fault.MOVED)
        if self._checkpoint is not None and self._checkpoint.seq > self._last.seq:
            self.verdict.blame(self._last.seq + 1, Fault.CUT)
        return self.verdict

    def _compare(self, chained: bytes) -> None:
        if self._checkpoint is not None and chained != self._checkpoint.hash:
            self.verdict.blame(self._checkpoint.seq, Fault.FOREIGN)
