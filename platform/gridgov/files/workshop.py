"""Where photos are made anew: one at a time for each process, the others wait their turn."""

import asyncio
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gridgov.files.types import MOST_PIXELS, Variant
from gridgov.kernel.errors import Invalid, Unavailable

_SCRIPT: Final = Path(__file__).with_name("remake.py")
_SECONDS: Final = 8
_MOST_WAITING: Final = 10


@dataclass(frozen=True, slots=True)
class Remade:
    """One size of a photo."""

    data: bytes
    width: int
    height: int


class _Bench:
    """One worker; counts who waits, for a transaction must not stand idle for long."""

    def __init__(self) -> None:
        self.worker = ThreadPoolExecutor(1, thread_name_prefix="photos")
        self.waiting = 0


_BENCH: Final = _Bench()


async def remake_photo(data: bytes) -> dict[Variant, Remade]:
    """The photo in its two sizes, pixels only. ``data`` was looked at before."""
    if _BENCH.waiting >= _MOST_WAITING:
        raise Unavailable("正在处理的照片太多，请过一会儿再传；已填写的内容还在。")
    _BENCH.waiting += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_BENCH.worker, _run, data)
    finally:
        _BENCH.waiting -= 1


def _run(data: bytes) -> dict[Variant, Remade]:
    try:
        done = subprocess.run(  # noqa: S603  (our own script; no shell; no environment)
            [sys.executable, "-I", str(_SCRIPT), str(MOST_PIXELS)],
            input=data,
            capture_output=True,
            timeout=_SECONDS,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired as fault:
        raise Invalid("这张照片处理不了，请换一张。") from fault
    if done.returncode != 0:
        raise Invalid("这张照片打不开，可能没有传完整，请重新选择。")
    line, _, rest = done.stdout.partition(b"\n")
    pictures: dict[Variant, Remade] = {}
    for variant, head in zip((Variant.DISPLAY, Variant.THUMB), json.loads(line), strict=True):
        pictures[variant] = Remade(rest[: head["size"]], head["width"], head["height"])
        rest = rest[head["size"] :]
    return pictures
