"""Words of the board."""

from enum import StrEnum


class BoardRight(StrEnum):
    """What a role can be given here."""

    READ = "moban.board.read"
