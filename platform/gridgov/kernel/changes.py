"""What becomes of the rows of a table that is brought up to a file."""

from enum import StrEnum


class Verb(StrEnum):
    """What happens to a row."""

    ADDED = "added"
    CHANGED = "changed"
    CLOSED = "closed"
