"""The words of the bell."""

from typing import Final
from uuid import UUID

CHANNELS: Final = "t:*:bell:*"
"""Where hints about anybody's bell are published; they say that there is news, not what."""


def channel_of(tenant_id: UUID, account_id: UUID) -> str:
    """Where the hints about one person's bell are published."""
    return f"t:{tenant_id}:bell:{account_id}"
