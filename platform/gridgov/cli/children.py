"""Processes that a command starts and surely ends: web, worker."""

import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType
from typing import Self

from gridgov.embedded.servant import StackError

_PATIENCE = 60.0
_GRACE = 15.0
_LAST_LINES = 15
_SERVER_ERROR = 500


@dataclass(slots=True)
class Child:
    """One process of ours in a session of its own, so that Ctrl-C reaches us alone."""

    name: str
    log: Path
    process: subprocess.Popen[bytes]

    def last_words(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()
        return "\n".join(lines[-_LAST_LINES:])


@dataclass(slots=True)
class Children:
    """All of them: started one by one, watched together, ended in the reverse order."""

    folder: Path
    environment: Mapping[str, str]
    _born: list[Child] = field(default_factory=list[Child])

    def __enter__(self) -> Self:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        for child in reversed(self._born):
            child.process.terminate()
        until = time.monotonic() + _GRACE
        for child in reversed(self._born):
            try:
                child.process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()

    def start(self, name: str, *arguments: str, module: str = "gridgov.cli.main") -> Child:
        """Start ``gridgov ARGUMENTS`` with our settings; what it says goes to a file."""
        log = self.folder / f"{name}.log"
        with log.open("wb") as said:
            process = subprocess.Popen(  # noqa: S603  (our own command, no shell)
                [sys.executable, "-m", module, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                env=dict(self.environment),
                start_new_session=True,
            )
        child = Child(name, log, process)
        self._born.append(child)
        return child

    def check(self) -> None:
        """Raise with its last words if one of them died."""
        for child in self._born:
            if child.process.poll() is not None:
                raise StackError(f"{child.name} ended by itself:\n{child.last_words()}")

    def wait_for(self, host: str, port: int, path: str, *, patience: float = _PATIENCE) -> None:
        """Wait until the web application answers there, or says why it never will."""
        until = time.monotonic() + patience
        while not _answers(host, port, path):
            self.check()
            if time.monotonic() > until:
                raise StackError(f"http://{host}:{port}{path} does not answer; see {self.folder}.")
            time.sleep(0.1)

    def watch(self) -> None:
        """Wait for Ctrl-C, or for one of them to die."""
        while True:
            self.check()
            time.sleep(0.5)


def _answers(host: str, port: int, path: str) -> bool:
    line = HTTPConnection(host, port, timeout=5)
    try:
        line.request("GET", path)
        return line.getresponse().status < _SERVER_ERROR
    except (OSError, HTTPException):
        return False
    finally:
        line.close()


def interrupt_on_signals() -> None:
    """Let a closed terminal and a polite kill end the command just as Ctrl-C does."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)


def _interrupt(number: int, _: FrameType | None) -> None:
    raise KeyboardInterrupt(signal.Signals(number).name)


def finish_undisturbed() -> None:
    """A second Ctrl-C must not leave half of the servers running."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
