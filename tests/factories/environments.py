"""An environment of its own, with everything that ours has and what is installed into it.

So that a package from outside can come and go without anybody else noticing.
"""

import os
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

PROGRAMS = {"pip": "pip", "pytest": "pytest", "gridgov": "gridgov.cli.main", "ruff": "ruff"}


@dataclass(frozen=True)
class Environment:
    """``environment.run("pip install ./wanzai")``, from a folder outside of this repository."""

    folder: Path
    home: Path

    @property
    def variables(self) -> dict[str, str]:
        """For commands in it. Nothing is fetched from anywhere, nothing is built elsewhere."""
        path = f"{self.folder / 'bin'}:{os.environ['PATH']}"
        offline = {"PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0"}
        return {**os.environ, **offline, "PATH": path, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}

    def run(self, command: str, *, status: int = 0) -> str:
        """A line of a shell; what it prints, on both ways."""
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", command],
            cwd=self.home,
            env=self.variables,
            check=False,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        assert done.returncode == status, f"{command}\n{done.stdout}"
        return done.stdout


def an_environment(home: Path) -> Environment:
    """Made in a moment: what ours has is linked, not copied."""
    folder = home / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    (site,) = folder.glob("lib/python*/site-packages")
    ours = sysconfig.get_path("purelib")
    (site / "ours.pth").write_text(f"import site; site.addsitedir({ours!r})\n")
    for name, module in PROGRAMS.items():
        program = folder / "bin" / name
        program.write_text(f'#!/bin/sh\nexec "{folder}/bin/python" -m {module} "$@"\n')
        program.chmod(0o755)
    return Environment(folder, home)
