"""Servers that are measured: started, watched through /proc, and surely ended."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final, Self

HOST: Final = "127.0.0.1"
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PATIENCE: Final = 120.0
_GRACE: Final = 15.0


def free_port() -> int:
    """A port that nobody listens to."""
    with closing(socket.socket()) as place:
        place.bind((HOST, 0))
        return int(place.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Server:
    """A running server and the processes under it."""

    name: str
    port: int
    process: subprocess.Popen[bytes]

    def cpu(self) -> float:
        """Seconds that its processes have worked."""
        return cpu_of(self.process.pid)

    def largest(self) -> float:
        """MiB of its largest process."""
        return max(_resident(pid) for pid in family(self.process.pid)) / 1024


@dataclass(slots=True)
class Servers:
    """All that were started here; ended at the end of the block, by their own handles."""

    folder: Path
    _born: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        for process in reversed(self._born):
            process.terminate()
        for process in reversed(self._born):
            try:
                process.wait(_GRACE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def start(self, name: str, environment: Mapping[str, str], path: str, *command: str) -> Server:
        """Start ``python COMMAND`` and wait until ``path`` is answered."""
        port = int(environment["GRIDGOV_BIND"].rpartition(":")[2])
        log = self.folder / f"{name}.log"
        with log.open("wb") as said:
            process = subprocess.Popen(
                [sys.executable, *command],
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._born.append(process)
        until = time.monotonic() + _PATIENCE
        while not _answers(port, path):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{name} does not answer:\n{log.read_text()[-3000:]}")
            time.sleep(0.1)
        return Server(name, port, process)


def _answers(port: int, path: str) -> bool:
    try:
        with closing(HTTPConnection(HOST, port, timeout=5)) as line:
            line.request("GET", path)
            return line.getresponse().status < 500
    except (OSError, HTTPException):
        return False


def cpu_of(root: int) -> float:
    """Seconds that a process, all that live under it and all that died under it have worked."""
    total = 0
    for pid in family(root):
        fields = _stat(pid)
        if fields:
            total += sum(int(fields[place]) for place in (11, 12))
            if pid == root:
                total += sum(int(fields[place]) for place in (13, 14))
    return total / _TICKS


def family(root: int) -> list[int]:
    """The process and all under it."""
    below: dict[int, list[int]] = {}
    for pid in _processes():
        fields = _stat(pid)
        if fields:
            below.setdefault(int(fields[1]), []).append(pid)
    found, look = [], [root]
    while look:
        pid = look.pop()
        found.append(pid)
        look += below.get(pid, [])
    return found


def _processes() -> Iterator[int]:
    return (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())


def _stat(pid: int) -> list[str]:
    """The fields of its ``stat`` from the state on."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return []


def _resident(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)
