"""What is wrong, and where."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Flaw:
    """What is wrong, and where: the plugin, the declaration, its field, a sentence."""

    plugin: str
    declaration: str
    field: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.plugin}: {self.declaration}, {self.field}: {self.sentence}"


@dataclass(frozen=True, slots=True)
class Found:
    """A flaw before the plugin's name is put to it."""

    declaration: str
    field: str
    sentence: str


def doubled(group: str, codes: Iterable[str]) -> Iterator[Found]:
    """What is declared more than once."""
    for code, count in Counter(codes).items():
        if count > 1:
            yield Found(f"{group} {code}", "code", "The code is declared more than once.")
