"""Ending tasks that do not want to end."""

import asyncio
from collections.abc import Collection
from typing import Any, Final

_AGAIN: Final = 0.5
_TIMES: Final = 6


async def end(tasks: Collection["asyncio.Task[Any]"]) -> None:
    """Cancel them until they are done; what they raise is dropped.

    Once is not enough: a client library may swallow a cancellation that comes while it reads
    (seen with redis-py), and whoever awaits the task would wait for ever.
    """
    left = set(tasks)
    for _ in range(_TIMES):
        if not left:
            return
        for task in left:
            task.cancel()
        done, left = await asyncio.wait(left, timeout=_AGAIN)
        for task in done:
            if not task.cancelled():
                task.exception()
