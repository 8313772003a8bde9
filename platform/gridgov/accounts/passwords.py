"""Passwords: argon2id as OWASP asks, hashed one at a time beside the event loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from gridgov.kernel.errors import Unavailable

T = TypeVar("T")

_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODYS: Final = (
    "$argon2id$v=19$m=19456,t=2,p=1$Q9aQDnVzTvm6m00LVJ7XYw"
    "$KLmq0zWGkOeek40+extnP72T2qjbxtVVGSQZZAo/k7c"
)
_LONGEST_QUEUE: Final = 40


class _Kiln:
    """One hash at a time in each process, so that a flood of log-ins leaves the pages alone."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="argon2")
        self._waiting = 0

    async def run(self, work: Callable[[], T]) -> T:
        """Wait for one's turn; refuses when the queue is longer than a few seconds."""
        if self._waiting >= _LONGEST_QUEUE:
            raise Unavailable("现在登录的人太多，请过一会儿再试。")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        finally:
            self._waiting -= 1


_KILN: Final = _Kiln()


async def hash_password(password: str) -> str:
    """The argon2id hash to be kept."""
    return await _KILN.run(lambda: _HASHER.hash(password))


async def verify_password(kept: str | None, given: str) -> bool:
    """Whether it is the password. Without one to compare it takes just as long, and is not."""
    return await _KILN.run(lambda: _verify(kept or _NOBODYS, given)) and kept is not None


def _verify(kept: str, given: str) -> bool:
    try:
        return _HASHER.verify(kept, given)
    except (VerificationError, InvalidHashError):
        return False
