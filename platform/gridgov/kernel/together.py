"""What a higher room must do in the very transaction in which a lower one changes something.

A lower room cannot call a higher one. For most things it writes an event and the relay tells later;
a few must never be seen half done (a re-divided grid and the cases in it). Rooms list such
followers in their ``jobs.py`` as ``together = {"grid.redivided": follow}``.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

Follower = Callable[[Any, Any], Awaitable[None]]


class Together:
    """The followers of the whole application, by the kind of change."""

    def __init__(self, followers: Mapping[str, Sequence[Follower]]) -> None:
        self._followers = followers

    async def follow(self, ctx: Any, kind: str, change: Any) -> None:
        """Run each follower in the caller's transaction, in order; a refusal undoes everything."""
        for follower in self._followers.get(kind, ()):
            await follower(ctx, change)
