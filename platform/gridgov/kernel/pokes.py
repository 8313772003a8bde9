"""Hints through Redis after a commit: never waited for, never needed.

Whoever has something to tell notes it on the session; the commit sends it. A worker that is not
woken finds the work by looking, and an open page asks again: Redis emptied or away loses nothing.
"""

import asyncio
import logging
from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

import msgspec
from arq.connections import ArqRedis
from redis.asyncio import ConnectionPool
from redis.exceptions import RedisError

from gridgov.kernel.tasks import end

QUEUE: Final = "gridgov:wake"
WAKE: Final = "wake"
_NOTED: Final = "pokes"
_PATIENCE: Final = 0.5
_REST: Final = 5.0  # seconds without a try after one that failed
_MOST_WAITING: Final = 1000
_BREATH: Final = 0.2  # seconds between rounds: what a crowd notes meanwhile is sent once

Poke = tuple[str, str]
"""What to do (``wake`` a worker, ``tell`` whoever listens), and the tenant or the channel."""

_log = logging.getLogger("gridgov.pokes")


def note_work(info: dict[Any, Any], tenant_id: UUID) -> None:
    """There is work for the relay in this tenant, as soon as the session commits."""
    info.setdefault(_NOTED, set()).add((WAKE, str(tenant_id)))


def note_news(info: dict[Any, Any], channel: str) -> None:
    """Whoever listens to ``channel`` should look again, as soon as the session commits."""
    info.setdefault(_NOTED, set()).add(("tell", channel))


def noted(info: dict[Any, Any]) -> set[Poke]:
    """What was noted, taken off."""
    taken: set[Poke] = info.pop(_NOTED, set())
    return taken


def redis_for(url: str) -> ArqRedis:
    """A client with our limits. Jobs travel as JSON: what is unpickled could be code."""
    pools: Any = ConnectionPool
    pool: ConnectionPool = pools.from_url(
        url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE
    )
    return ArqRedis(
        pool,
        job_serializer=msgspec.json.encode,
        job_deserializer=msgspec.json.decode,
        default_queue_name=QUEUE,
    )


class Poker:
    """Sends the hints of one process, one after another, beside everything else.

    The same hint is sent once however often it is asked for meanwhile. When Redis does not answer,
    hints are dropped for a while instead of tried.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._waiting: dict[Poke, None] = {}
        self._sender: asyncio.Task[None] | None = None
        self._redis: ArqRedis | None = None
        self._rests_until = 0.0

    def poke(self, pokes: Iterable[Poke]) -> None:
        """Send these soon. Returns at once and never raises."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # a command without a loop of its own: the worker will look by itself
            return
        if loop.time() < self._rests_until or len(self._waiting) > _MOST_WAITING:
            return
        self._waiting |= dict.fromkeys(pokes)
        if self._waiting and (self._sender is None or self._sender.done()):
            self._sender = loop.create_task(self._send())

    async def close(self) -> None:
        """Send what is waiting, if Redis is quick about it, and hang up."""
        if self._sender is not None:
            await asyncio.wait({self._sender}, timeout=_PATIENCE)
            await end([self._sender])
            self._sender = None
        if self._redis is not None:
            await self._redis.aclose(close_connection_pool=True)
            self._redis = None

    async def _send(self) -> None:
        try:
            while self._waiting:
                pokes, self._waiting = self._waiting, {}
                for poke in pokes:
                    await self._send_one(*poke)
                await asyncio.sleep(_BREATH)
        except (RedisError, OSError) as error:
            self._waiting.clear()
            self._rests_until = asyncio.get_running_loop().time() + _REST
            _log.warning("no hints for %.0f s: Redis says %s", _REST, type(error).__name__)

    async def _send_one(self, kind: str, to: str) -> None:
        if self._redis is None:
            self._redis = redis_for(self._url)
        if kind == WAKE:
            await self._redis.enqueue_job(WAKE, to, _job_id=f"{WAKE}:{to}", _expires=60)
        else:
            redis: Any = self._redis
            await redis.publish(to, "")
