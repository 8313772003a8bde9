"""Lines on a terminal: what is being done, and how long it has taken so far."""

import time
from collections.abc import Generator
from contextlib import contextmanager


class Console:
    """Progress lines with the seconds since the command began, flushed as they come."""

    def __init__(self, since: float | None = None) -> None:
        self._since = since or time.time()

    @property
    def seconds(self) -> float:
        return time.time() - self._since

    def say(self, text: str) -> None:
        print(f"{self.seconds:5.0f} s  {text}", flush=True)

    @contextmanager
    def step(self, text: str) -> Generator[None]:
        """A line when something begins, and how long it took when that was noticeable."""
        self.say(text)
        began = time.time()
        yield
        if (took := time.time() - began) >= 1:
            self.say(f"  done in {took:.0f} s")
