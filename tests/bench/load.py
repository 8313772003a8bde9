"""The load, in a process of its own: takes orders as lines of JSON, answers with what it saw.

``lives`` and ``pages`` keep so many going at once for so long; ``arrivals`` and ``visits`` let them
come at a rate, whether or not the ones before are done (open loop: who waits is counted).
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from bench.acting import Cast, Life, Player
from bench.line import Failed, Line

_FAULTS_TOLD = 3
_LINES = 400


@dataclass
class Seen:
    """What came of it. ``at`` are moments since the beginning, one for each time."""

    done: int = 0
    faults: list[str] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    times: list[float] = field(default_factory=list)


class Lines:
    """Connections to one server, used again and again."""

    def __init__(self, port: int, most: int = _LINES) -> None:
        self._port = port
        self._idle: list[Line] = []
        self._room = asyncio.Semaphore(most)

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

    async def obey(self, order: dict[str, Any]) -> dict[str, Any]:
        """The answer to one order."""
        lines, seen = Lines(order["port"]), Seen()
        began, busy = time.perf_counter(), time.process_time()
        one = self._one(order, lines, seen, began)
        if "rate" in order or "phases" in order:
            phases = order.get("phases") or [[order.get("rate"), order["seconds"]]]
            await _arriving(one, phases)
        else:
            await _at_once(one, order["at_once"], began + order["seconds"])
        lines.close()
        return {
            "done": seen.done,
            "faults": len(seen.faults),
            "told": seen.faults[:_FAULTS_TOLD],
            "seconds": time.perf_counter() - began,
            "cpu": time.process_time() - busy,
            "at": [round(moment, 3) for moment in seen.at],
            "times": [round(took * 1000, 2) for took in seen.times],
        }

    def _one(
        self, order: dict[str, Any], lines: Lines, seen: Seen, began: float
    ) -> Callable[[], Awaitable[None]]:
        async def one() -> None:
            started = time.perf_counter()
            try:
                async with lines.line() as line:
                    took = await self._do(order, line)
            except (Failed, OSError, asyncio.IncompleteReadError) as fault:
                seen.faults.append(f"{type(fault).__name__}: {fault}")
                return
            seen.done += 1
            seen.times += took
            seen.at += [started - began] * len(took)

        return one

    async def _do(self, order: dict[str, Any], line: Line) -> list[float]:
        self._number += 1
        if order["do"] == "lives":
            life = Life(line, self._cast, self._number)
            await life.run()
            return life.took
        if order["do"] == "bare_lives":
            return [
                await _timed(line, f"/life/{self._number}/{step}", body=b"x" * 300)
                for step in range(order["steps"])
            ]
        targets = order["targets"]
        headers = {"cookie": Player(**order["who"]).cookie} if "who" in order else {}
        return [await _timed(line, targets[self._number % len(targets)], headers=headers)]


async def _timed(
    line: Line, target: str, *, headers: dict[str, str] | None = None, body: bytes = b""
) -> float:
    began = time.perf_counter()
    answer = await line.send("POST" if body else "GET", target, headers or {}, body)
    if answer.status not in {200, 303}:
        raise Failed(f"{target}: {answer.status} {answer.body[:300]!r}")
    return time.perf_counter() - began


async def _at_once(one: Callable[[], Awaitable[None]], many: int, until: float) -> None:
    async def again() -> None:
        while time.perf_counter() < until:
            await one()

    await asyncio.gather(*(again() for _ in range(many)))


async def _arriving(one: Callable[[], Awaitable[None]], phases: list[list[float]]) -> None:
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
    for order in sys.stdin:
        answer = asyncio.run(load.obey(json.loads(order)))
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
