"""The application at work: in this process, or as ``gridgov serve`` in one of its own."""

import asyncio
import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from typing import Final

import httpx
from litestar import Litestar

from gridgov.kernel.settings import Settings

_PATIENCE: Final = 90.0
_HOST: Final = "127.0.0.1"


@asynccontextmanager
async def started(app: Litestar) -> AsyncGenerator[Litestar]:
    """In a task of its own: a fixture's end runs in another task than its beginning."""
    ready, over = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app.lifespan():
            ready.set()
            await over.wait()

    life = asyncio.create_task(live())
    life.add_done_callback(lambda _: ready.set())
    await ready.wait()
    try:
        yield app
    finally:
        over.set()
        await life


@contextmanager
def served(settings: Settings) -> Generator[str]:
    """The address at which a server answers meanwhile."""
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        port = int(probe.getsockname()[1])
    mine = replace(settings, bind_port=port, web_processes=1, demo=True, hosts=(_HOST, "localhost"))
    server = subprocess.Popen(
        [sys.executable, "-m", "gridgov.cli.main", "serve"], env=mine.environment()
    )
    address = f"http://{_HOST}:{port}"
    try:
        _wait_for(address, server)
        yield address
    finally:
        server.terminate()
        server.wait(15)


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        if server.poll() is not None:
            raise RuntimeError("The server ended before it answered.")
        with contextlib.suppress(httpx.TransportError):
            httpx.get(f"{address}/static/svg/mark.svg", timeout=1)
            return
        time.sleep(0.1)
    raise RuntimeError(f"The server did not answer within {_PATIENCE:.0f} s.")
