"""A county of one size on the stage: the product, its floor and the load, each in processes."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import msgspec
from redis import Redis
from sqlalchemy import make_url

from bench.acting import Cast
from bench.floor import targets
from bench.ground import cast_of, give_tokens
from bench.load import Order, Seen
from bench.processes import cpu_of, largest
from gridgov.cli.children import Child, Children
from gridgov.embedded.places import CHECKOUT
from gridgov.embedded.stack import Stack
from gridgov.kernel.settings import Settings

HOST = "127.0.0.1"
PORT, FLOOR_PORT = 8051, 8052


class Turn(msgspec.Struct):
    """What a server did with one order: its work by the kernel's count, in seconds of a core."""

    seen: Seen
    web: float
    database: float

    @property
    def cost(self) -> float:
        """Seconds of a core for each that was done."""
        return (self.web + self.database) / self.seen.done


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything that runs for one size."""

    cast: Cast
    product: Child
    floor: Child
    children: Children
    load: subprocess.Popen[str]
    ask: Callable[[str], list[str]]
    servers: tuple[int, int]
    """PostgreSQL and Redis."""

    def turn(self, order: Order) -> Turn:
        """Have the load do it, and count what that cost the server that it went to."""
        server = self.product if order.port == PORT else self.floor
        web, database = cpu_of([server.process.pid]), cpu_of(self.servers)
        seen = self._obeyed(order)
        return Turn(
            seen,
            cpu_of([server.process.pid]) - web,
            cpu_of(self.servers) - database,
        )

    def visits(self, name: str) -> list[tuple[str, str]]:
        """The addresses of a page, each with the cookie that opens it."""
        return [(target, cookie) for page, target, cookie in targets(self.cast) if page == name]

    def told(self, seconds: float) -> float:
        """What telling one event to all who listen costs, in seconds of a core.

        The worker stays; what it has not come to by then is forgotten.
        """
        worker = self.children.start("worker", "worker")
        waiting = before = self._waiting()
        while waiting == before:  # until it is awake
            time.sleep(0.5)
            self.children.check()
            waiting = self._waiting()
        busy = cpu_of([worker.process.pid, *self.servers])
        time.sleep(seconds)
        cost = cpu_of([worker.process.pid, *self.servers]) - busy
        told = waiting - self._waiting()
        self.ask("UPDATE outbox_events SET done_at = now() WHERE done_at IS NULL")
        return cost / max(1, told)

    def _waiting(self) -> int:
        return int(self.ask("SELECT count(*) FROM outbox_events WHERE done_at IS NULL")[0])

    def memory(self) -> float:
        """MiB that the largest web process has held."""
        return largest(self.product.process.pid)

    def _obeyed(self, order: Order) -> Seen:
        assert self.load.stdin and self.load.stdout
        self.load.stdin.write(msgspec.json.encode(order).decode() + "\n")
        self.load.stdin.flush()
        return msgspec.json.decode(self.load.stdout.readline(), type=Seen)


@contextmanager
def stage(stack: Stack, settings: Settings) -> Generator[Stage]:
    """Start everything; at the end of the block all of it is ended."""
    cast = asyncio.run(cast_of(settings))
    log, written = stack.place.folder / "log", settings.files / "cast.json"
    product = replace(settings, bind_port=PORT)
    bare = replace(settings, bind_port=FLOOR_PORT)
    with Children(log, _environment(product)) as ours, Children(log, _environment(bare)) as theirs:
        web = ours.start("web", "serve")
        ours.wait_for(HOST, PORT, f"/{cast.slug}/log-in")
        asyncio.run(give_tokens(cast, HOST, PORT))
        written.write_bytes(msgspec.json.encode(cast))
        floor = theirs.start("floor", module="bench.floor")
        theirs.wait_for(HOST, FLOOR_PORT, "/", patience=300)  # it learns first
        with subprocess.Popen(
            [sys.executable, "-m", "bench.load", written],
            env=_environment(product),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as load:
            ask = partial(stack.sql, database=str(make_url(settings.database_url).database))
            yield Stage(cast, web, floor, ours, load, ask, _servers(stack, settings))
            load.terminate()


def _environment(settings: Settings) -> dict[str, str]:
    return settings.environment() | {"PYTHONPATH": str(CHECKOUT / "tests")}


def _servers(stack: Stack, settings: Settings) -> tuple[int, int]:
    """The numbers of the processes of PostgreSQL and of Redis."""
    postmaster = (stack.postgres.data / "postmaster.pid").read_text().split()[0]
    with Redis.from_url(settings.redis_url) as redis:
        facts: Any = redis.info("server")
    return int(postmaster), int(facts["process_id"])
