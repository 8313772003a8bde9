"""Kept in this process for as long as the tree does not change: one look at its version tells."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Final, Generic, TypeVar

from sqlalchemy import select

from gridgov.context import Context
from gridgov.grid.models import GridVersion
from gridgov.kernel.ready import Ready

T = TypeVar("T")
_VERSION: Final = Ready(select(GridVersion.version))


async def grid_version(ctx: Context) -> int:
    """What caches of the tree compare."""
    return await _VERSION.scalar(ctx.session) or 0


class Kept(Generic[T]):
    """Things worked out from the trees of several tenants; the least used go first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._things: OrderedDict[Hashable, tuple[int, T]] = OrderedDict()

    async def of(
        self, ctx: Context, make: Callable[[], Awaitable[T]], *, about: Hashable = None
    ) -> T:
        """The thing of the context's tenant, made anew if the tree has changed since."""
        version, key = await grid_version(ctx), (ctx.tenant.id, about)
        there = self._things.get(key)
        if there is None or there[0] != version:
            there = version, await make()
            self._things[key] = there
        self._things.move_to_end(key)
        while len(self._things) > self._most:
            self._things.popitem(last=False)
        return there[1]
