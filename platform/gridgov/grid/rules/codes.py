"""Codes and paths: what a node's number is made of, and which one is free next."""

from collections.abc import Collection, Sequence
from functools import lru_cache
from itertools import accumulate

from gridgov.kernel.errors import Conflict


@lru_cache(maxsize=8192)
def prefixes(path: str) -> tuple[str, ...]:
    """The paths of a node's line, from the root to itself."""
    return tuple(accumulate(f"{part}." for part in path[:-1].split("."))) if path else ()


def parent_path(path: str) -> str:
    """The path above, empty for the root."""
    return path[: path[:-1].rfind(".") + 1]


@lru_cache(maxsize=8192)
def at_depth(path: str, depth: int) -> str:
    """The ancestor's path with ``depth`` segments, or the path itself if it has no more."""
    return "".join(f"{part}." for part in path[:-1].split(".")[:depth])


def depth_of(path: str) -> int:
    """How many segments a path has: 1 is the root."""
    return path.count(".")


def stem_of(line: Sequence[str]) -> str:
    """What the codes below begin with: the nearest official code among the ancestors' (root first).

    Codes with a hyphen are short codes of our own, which nothing else builds upon.
    """
    return next((code for code in reversed(line) if "-" not in code), "")


def segment_of(code: str, stem: str) -> str:
    """What the code adds to its stem: the last part of its path."""
    return code.removeprefix(stem).lstrip("-")


def free_code(stem: str, sample: str, old_stem: str, taken: Collection[str]) -> str:
    """The code of a node that comes under ``stem``: its own number if that is free, else the next.

    ``sample`` is its code so far (or, for a new one, its brother's), under ``old_stem``.
    """
    tail = sample.removeprefix(old_stem)
    mark = "-" if tail.startswith("-") else ""
    number = tail.removeprefix(mark)
    width = len(number)
    first = int(number)
    most = 10**width
    for n in (*range(first, most), *range(1, first)):
        code = f"{stem}{mark}{n:0{width}d}"
        if code not in taken:
            return code
    raise Conflict("上级“{stem}”下面的代码已经用完。", stem=stem)
