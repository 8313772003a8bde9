"""The rooms that are open: their controllers, what they listen to, and what follows at once.

Shared by ``app`` and ``worker``; with them and ``cli`` the only place that knows all rooms.
"""

from collections.abc import Sequence

from litestar.types import ControllerRouterHandler

from gridgov.kernel.together import Follower

CONTROLLERS: Sequence[ControllerRouterHandler] = ()

TOGETHER: dict[str, Sequence[Follower]] = {}
