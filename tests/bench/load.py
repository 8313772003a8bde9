"""The load, in a process of its own: takes orders as lines of JSON, answers with what it saw.

``at_once`` keeps so many going for so long; ``phases`` lets them come at rates, each for a while,
whether or not the ones before are done (open loop: who waits is counted).
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

import msgspec

from bench.acting import Cast, Life, Took, since
from bench.line import Failed, Line

_FAULTS_TOLD = 3
_LINES = 1000
_BODY = b"x" * 300


class Order(msgspec.Struct, kw_only=True):
    """What to do, where, and how much of it.

    ``lives`` are whole lifecycles, ``bare_lives`` the floor's, of so many requests; ``visits`` are
    addresses with the cookie that opens them.
    """

    do: Literal["lives", "bare_lives", "visits"]
    port: int
    steps: int = 0
    visits: list[tuple[str, str]] = []
    at_once: int = 0
    seconds: float = 0
    phases: list[tuple[float, float]] = []


class Seen(msgspec.Struct):
    """What came of it. ``took`` counts from the beginning."""

    done: int = 0
    seconds: float = 0
    faults: int = 0
    told: list[str] = []
    took: list[Took] = []


class Lines:
    """Connections to one server, used again and again."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: list[Line] = []
        self._room = asyncio.Semaphore(_LINES)

    @asynccontextmanager
    async def line(self) -> AsyncIterator[Line]:
        """One of them, for a while."""
        async with self._room:
            line = self._idle.pop() if self._idle else Line("127.0.0.1", self._port)
            try:
                yield line
            finally:
                self._idle.append(line)

    def close(self) -> None:
        """Hang up on all of them."""
        for line in self._idle:
            line.close()


class Load:
    """Does what it is told, one order after another."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast
        self._number = time.time_ns() // 1_000_000 % 100_000_000_000 * 100_000

    async def obey(self, order: Order) -> Seen:
        """The answer to one order."""
        lines, seen, began = Lines(order.port), Seen(), time.perf_counter()

        async def one() -> None:
            try:
                async with lines.line() as line:
                    took = await self._do(order, line)
            except (Failed, OSError, asyncio.IncompleteReadError) as fault:
                seen.faults += 1
                seen.told = [*seen.told, f"{type(fault).__name__}: {fault}"][:_FAULTS_TOLD]
                return
            seen.done += 1
            seen.took += [(at - began, seconds) for at, seconds in took]

        if order.phases:
            await _arriving(one, order.phases)
        else:
            await _at_once(one, order.at_once, began + order.seconds)
        lines.close()
        seen.seconds = time.perf_counter() - began
        return seen

    async def _do(self, order: Order, line: Line) -> list[Took]:
        self._number += 1
        if order.do == "lives":
            life = Life(line, self._cast, self._number)
            await life.run()
            return life.took
        if order.do == "bare_lives":
            targets = [f"/life/{self._number}/{step}" for step in range(order.steps)]
            return [await _timed(line, target, body=_BODY) for target in targets]
        target, cookie = order.visits[self._number % len(order.visits)]
        return [await _timed(line, target, headers={"cookie": cookie})]


async def _timed(
    line: Line, target: str, *, headers: dict[str, str] | None = None, body: bytes = b""
) -> Took:
    began = time.perf_counter()
    answer = await line.send("POST" if body else "GET", target, headers or {}, body)
    if answer.status not in {200, 303}:
        raise Failed(f"{target}: {answer.status} {answer.body[:300]!r}")
    return since(began)


async def _at_once(one: Callable[[], Awaitable[None]], many: int, until: float) -> None:
    async def again() -> None:
        while time.perf_counter() < until:
            await one()

    await asyncio.gather(*(again() for _ in range(many)))


async def _arriving(one: Callable[[], Awaitable[None]], phases: list[tuple[float, float]]) -> None:
    under_way: set[asyncio.Task[None]] = set()
    due = time.perf_counter()
    for rate, seconds in phases:
        for _ in range(round(rate * seconds)):
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            task = asyncio.ensure_future(one())
            under_way.add(task)
            task.add_done_callback(under_way.discard)
            due += 1 / rate
    await asyncio.gather(*under_way)


def main() -> None:
    """Orders come in as lines, answers go out as lines."""
    load = Load(msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Cast))
    for line in sys.stdin:
        seen = asyncio.run(load.obey(msgspec.json.decode(line, type=Order)))
        sys.stdout.write(msgspec.json.encode(seen).decode() + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
