"""What a county does when something has happened."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """``run(ctx, event)`` in a transaction of its own, once the event's own is committed.

    Run for tenants that have the plugin, tried again if it fails, and safe to repeat: once per
    event it must have its effect. What takes more ``seconds`` or ``statements`` is stopped, undone
    and named. Events are called as in the audit: ``case.closed``, ``case.returned``;
    ``event.subject`` is the case's id, and ``event.id`` stays the same when it is tried again.
    """

    event: str
    run: Callable[[Any, Any], Awaitable[None]]
    seconds: float = 5.0
    statements: int = 50
