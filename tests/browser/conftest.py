"""The system's Chromium against the real server, on a port and a database of its own."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).parent
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 90.0


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in Path(item.path).parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def address(settings) -> Iterator[str]:
    """Where the server listens: ``gridgov serve`` in a process of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    hosts = ("127.0.0.1", "localhost")
    mine = replace(settings, bind_port=port, web_processes=1, demo=True, hosts=hosts)
    server = subprocess.Popen(
        [sys.executable, "-m", "gridgov.cli.main", "serve"], env=mine.environment()
    )
    base = f"http://127.0.0.1:{port}"
    try:
        wait_for(base, server)
        yield base
    finally:
        server.terminate()
        server.wait(15)


def wait_for(base: str, server: subprocess.Popen) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if server.poll() is not None:
            pytest.fail("The server ended before it answered.")
        try:
            httpx.get(f"{base}/static/svg/mark.svg", timeout=1)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("The server did not answer in time.")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the run; each test opens contexts of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(FLAGS))
        yield browser
        browser.close()
