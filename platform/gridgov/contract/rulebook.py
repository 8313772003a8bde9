"""What a tenant runs, as one value that can be kept: resolved declarations, no code."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from gridgov.contract.declarations import County


class Brings(StrEnum):
    """What the code of a plugin adds besides what it declares."""

    PAGE = "page"
    PIECE = "piece"
    REACTION = "reaction"
    TABLES = "tables"


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """One such thing: a page's address, a piece's title, an event, or a version of own tables.

    ``where`` is the page of the core that a piece stands in.
    """

    kind: Brings
    what: str
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A plugin, and which version of it was there when the rulebook was made.

    ``brought`` is what its code added then; None in rulebooks that do not know it.
    """

    name: str
    version: str
    brought: tuple[Brought, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The county as it is where a plugin rules a part of it. ``plugins`` are asked there first."""

    plugins: tuple[Made, ...]
    county: County


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """The resolved declarations of a tenant.

    ``plugins`` have a say everywhere, in the order in which they are asked: those of the manifest,
    each followed by what it builds on. ``county`` holds everything that anybody declares, the parts
    included. ``parts`` are known by the plugin that rules them; where they lie is the tenant's.
    """

    plugins: tuple[Made, ...]
    county: County
    parts: Mapping[str, Part] = field(default_factory=dict[str, Part])

    @property
    def names(self) -> tuple[str, ...]:
        """Every plugin with a say somewhere, each once."""
        chains = (self.plugins, *(part.plugins for part in self.parts.values()))
        return tuple(dict.fromkeys(made.name for chain in chains for made in chain))


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A rulebook that a tenant runs, or ran, from a moment on."""

    rulebook: Rulebook
    digest: str
    taken_at: datetime
    taken_by: str


def kept(rulebook: Rulebook) -> dict[str, Any]:
    """The rulebook in JSON's own types."""
    made: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(rulebook, enc_hook=str))
    return made


def read(data: Mapping[str, Any]) -> Rulebook:
    """The rulebook that was kept. Fields that a later contract added have their defaults."""
    return msgspec.convert(data, Rulebook)


def digest_of(rulebook: Rulebook) -> str:
    """SHA-256 in hexadecimal of what is declared, whatever the plugins' versions are called."""
    declared = (rulebook.county, {name: part.county for name, part in rulebook.parts.items()})
    data = msgspec.json.encode(declared, enc_hook=str, order="deterministic")
    return hashlib.sha256(data).hexdigest()
