"""What processes have used, as the kernel counts it: right also on a machine that others share."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_USER, _SYSTEM, _CHILDREN_USER, _CHILDREN_SYSTEM = 11, 12, 13, 14
_PARENT = 1


def cpu_of(roots: Iterable[int]) -> float:
    """Seconds that these, all that live under them and all that died under them have worked."""
    total = 0
    below = _below()
    for root in roots:
        for pid in _family(root, below):
            fields = _stat(pid)
            if fields:
                total += int(fields[_USER]) + int(fields[_SYSTEM])
                total += int(fields[_CHILDREN_USER]) + int(fields[_CHILDREN_SYSTEM])
    return total / _TICKS


def largest(root: int) -> float:
    """MiB that the largest process at or under it has ever held in memory."""
    return max(_most_held(pid) for pid in _family(root, _below())) / 1024


def _family(root: int, below: dict[int, list[int]]) -> Iterator[int]:
    look = [root]
    while look:
        pid = look.pop()
        yield pid
        look += below.get(pid, [])


def _below() -> dict[int, list[int]]:
    """The children of each process."""
    below: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            below.setdefault(int(fields[_PARENT]), []).append(int(entry.name))
    return below


def _stat(pid: int) -> list[str]:
    """The fields of its ``stat`` from the state on."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return []


def _most_held(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)
