"""Words of access: rights, and what pages show of bindings."""

from enum import StrEnum
from typing import Final


class AccessRight(StrEnum):
    """Rights about rights."""

    GRANT = "access.grant"
    READ = "access.read"


REGION_ADMIN: Final = "region_admin"
"""The role above the counties: aggregates and onboarding state of its region, no content."""
