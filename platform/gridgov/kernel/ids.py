"""Identifiers, made here and never by the database."""

from datetime import datetime
from uuid import UUID, uuid5

import uuid_utils

from gridgov.kernel.errors import NotFound

# A namespace of our own, so that a division code always gives the same tenant id.
_TENANTS = UUID("6f9c9a52-6a0b-5c63-9d0a-0c1e6a1f7d11")


def new_id() -> UUID:
    """A UUIDv7: unique everywhere and ordered by time."""
    return UUID(int=uuid_utils.uuid7().int)


def id_at(moment: datetime) -> UUID:
    """A UUIDv7 of that moment: for ids whose order is that of opening, also in a history."""
    milliseconds = round(moment.timestamp() * 1000)
    return UUID(int=(milliseconds << 80) | (new_id().int & (1 << 80) - 1))


def tenant_id_of(code: str) -> UUID:
    """The tenant id of a six-digit division code."""
    return uuid5(_TENANTS, code)


def id_in(text: str) -> UUID:
    """The id that an address or a form holds. What is no id leads to nothing: NotFound."""
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error
