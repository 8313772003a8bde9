"""The embedded Redis. It only wakes workers, so it keeps nothing on disk."""

import socket
import time
from dataclasses import dataclass

from gridgov.embedded.binaries import Binaries
from gridgov.embedded.places import Place
from gridgov.embedded.servant import Servant, StackError

DATABASES = 512  # each run of the tests takes one
_PATIENCE = 5.0


@dataclass(frozen=True, slots=True)
class Cache:
    """One Redis server behind a socket."""

    place: Place
    servant: Servant
    binaries: Binaries

    def running(self) -> bool:
        """Whether the server answers."""
        try:
            return self._say("PING") == b"+PONG\r\n"
        except OSError:
            return False

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self.servant.run(
            *(self.binaries.redis, "--port", "0", "--daemonize", "yes"),
            *("--unixsocket", self.place.redis_socket, "--unixsocketperm", "700"),
            *("--save", "", "--appendonly", "no", "--databases", str(DATABASES)),
            *("--dir", self.place.server / "log", "--logfile", self.place.server / "log/redis.log"),
        )
        self._wait(running=True)

    def stop(self) -> None:
        """Stop the server; what it holds is gone, and nothing is lost by it."""
        if self.running():
            self._say("SHUTDOWN NOSAVE")
            self._wait(running=False)

    def next_database(self) -> int:
        """An emptied database for one run of the tests. Database 0 keeps the count."""
        count = int(self._say("INCR gridgov:runs").strip(b":\r\n"))
        number = 1 + count % (DATABASES - 1)
        self._say(f"SELECT {number}", "FLUSHDB")
        return number

    def url(self, database: int = 0) -> str:
        return f"unix://{self.place.redis_socket}?db={database}"

    def _say(self, *commands: str) -> bytes:
        """The server's answer to the last of the commands."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(_PATIENCE)
            line.connect(str(self.place.redis_socket))
            answer = b""
            for command in commands:
                line.sendall(f"{command}\r\n".encode())
                answer = line.recv(128)
            return answer

    def _wait(self, *, running: bool) -> None:
        until = time.monotonic() + _PATIENCE
        while self.running() != running:
            if time.monotonic() > until:
                raise StackError(f"Redis did not {'start' if running else 'stop'} in time.")
            time.sleep(0.02)
