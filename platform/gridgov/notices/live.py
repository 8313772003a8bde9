"""Live bells: hints from Redis to the open streams of this process.

A hint says that somebody's bell has news, never what. Streams hold no database session between two
looks, and end as soon as the process is told to: the server would wait for them otherwise.
"""

import asyncio
import logging
import signal
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any, Final
from uuid import UUID

from litestar import Litestar
from redis.exceptions import RedisError

from gridgov.kernel.errors import TooMany
from gridgov.kernel.pokes import redis_for
from gridgov.kernel.tasks import end
from gridgov.notices.types import CHANNELS, channel_of

MOST_STREAMS: Final = 8  # of one account in one process
_REST: Final = 5.0
_QUIET: Final = 30.0  # seconds; said aloud, for the client's own patience is shorter
_log = logging.getLogger("gridgov.notices")


class Hub:
    """The open streams of this process, by channel."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._bells: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._listener: asyncio.Task[None] | None = None
        self.closing = False

    def admit(self, tenant_id: UUID, account_id: UUID | None) -> None:
        """Refuse a person who has too many pages open in this process."""
        if (
            account_id
            and len(self._bells.get(channel_of(tenant_id, account_id), ())) >= MOST_STREAMS
        ):
            raise TooMany("同时打开的页面太多，请关掉几个。")

    @contextmanager
    def bell(self, tenant_id: UUID, account_id: UUID) -> Generator[asyncio.Event]:
        """An event that is set when this person's bell has news, or when the process closes."""
        channel = channel_of(tenant_id, account_id)
        if self._listener is None:
            self._listener = asyncio.get_running_loop().create_task(self._listen())
        rung = asyncio.Event()
        self._bells[channel].add(rung)
        try:
            yield rung
        finally:
            self._bells[channel].discard(rung)
            if not self._bells[channel]:
                del self._bells[channel]

    def count(self) -> int:
        """How many streams are open."""
        return sum(len(bells) for bells in self._bells.values())

    def close(self) -> None:
        """End every stream, and open no more."""
        self.closing = True
        for bells in self._bells.values():
            for rung in bells:
                rung.set()

    async def hang_up(self) -> None:
        """Close, and stop listening."""
        self.close()
        if self._listener is not None:
            await end([self._listener])
            self._listener = None

    async def _listen(self) -> None:
        """For ever; while Redis is away the streams look by themselves now and then."""
        while True:
            try:
                await self._hear()
            except (RedisError, OSError) as error:
                _log.warning("no live bells for %.0f s: %s", _REST, type(error).__name__)
            await asyncio.sleep(_REST)

    async def _hear(self) -> None:
        redis: Any = redis_for(self._url)
        try:
            async with redis.pubsub(ignore_subscribe_messages=True) as line:
                await line.psubscribe(CHANNELS)
                self._ring_all()  # whatever was missed meanwhile
                while True:
                    message = await line.get_message(timeout=_QUIET)
                    if message is not None:
                        self._ring(message["channel"].decode())
        finally:
            await redis.aclose(close_connection_pool=True)

    def _ring(self, channel: str) -> None:
        for rung in self._bells.get(channel, ()):
            rung.set()

    def _ring_all(self) -> None:
        for channel in self._bells:
            self._ring(channel)


def on_farewell(farewell: Callable[[], None]) -> None:
    """Call ``farewell`` as soon as the process is told to end, beside the server's own handler.

    The server ends its workers by a signal, but runs the application's shutdown only after the last
    connection has closed: too late for a stream. Where nobody handles the signal nothing is done.
    """
    loop = asyncio.get_running_loop()
    before = signal.getsignal(signal.SIGTERM)
    if not callable(before):
        return

    def told(number: int, frame: Any) -> None:
        loop.call_soon_threadsafe(farewell)
        before(number, frame)

    with suppress(ValueError):  # not in the main thread: some other process is told
        signal.signal(signal.SIGTERM, told)
        signal.siginterrupt(signal.SIGTERM, False)  # noqa: FBT003  (its only spelling)


@asynccontextmanager
async def listening(app: Litestar) -> AsyncGenerator[None]:
    """The hub for as long as the application runs."""
    hub = Hub(app.state.settings.redis_url)
    app.state["bells"] = hub
    on_farewell(hub.close)
    yield
    await hub.hang_up()
