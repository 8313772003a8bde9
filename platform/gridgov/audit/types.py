"""The words of the audit."""

from enum import StrEnum


class AuditRight(StrEnum):
    """What one may do with the audit."""

    READ = "audit.read"


class Kind(StrEnum):
    """What an entry tells of."""

    ACT = "act"
    REVEAL = "reveal"
