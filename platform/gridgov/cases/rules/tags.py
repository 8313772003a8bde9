"""What sets a case apart in a list, beside its light."""

from collections.abc import Sequence
from typing import Protocol

from gridgov.contract.declarations import Urgency
from gridgov.kernel.sentences import N_, Sentence


class Marked(Protocol):
    """A line of a list, as far as its tags go."""

    @property
    def urgency(self) -> str: ...
    @property
    def supervised(self) -> bool: ...
    @property
    def urged(self) -> int: ...
    @property
    def bounces(self) -> int: ...
    @property
    def ends(self) -> str: ...


def tags_of(row: Marked, urgencies: Sequence[Urgency]) -> tuple[str, ...]:
    """The likeliest to matter first. The first of the ``urgencies`` is the usual one: no tag."""
    tags: list[str] = [urgency.name for urgency in urgencies[1:] if urgency.code == row.urgency]
    if row.supervised:
        tags.append(N_("督办"))
    if row.urged and not row.ends:
        tags.append(Sentence("催办 {n}", n=row.urged))
    if row.bounces:
        tags.append(Sentence("退单 {n}", n=row.bounces))
    return tuple(tags)
