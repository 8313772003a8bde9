"""An environment of its own, with everything that ours has and what is installed into it.

So that a package from outside can come and go without anybody else noticing.
"""

import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

PROGRAMS = {"pip": "pip", "pytest": "pytest", "gridgov": "gridgov.cli.main"}


@dataclass(frozen=True)
class Environment:
    """``environment.run("pip install ./wanzai")``, from a folder outside of this repository."""

    folder: Path
    home: Path

    def run(self, command: str, *, status: int = 0) -> str:
        """A line of a shell; what it prints, on both ways."""
        done = subprocess.run(
            self.spoken(command),
            cwd=self.home,
            check=False,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        assert done.returncode == status, f"{command}\n{done.stdout}"
        return done.stdout

    def spoken(self, command: str) -> list[str]:
        """The command for a process: nothing is fetched from anywhere or built elsewhere."""
        offline = "PIP_NO_INDEX=1 PIP_NO_BUILD_ISOLATION=0 PIP_DISABLE_PIP_VERSION_CHECK=1"
        before = f'export PATH="{self.folder}/bin:$PATH" {offline}'
        return ["bash", "-euo", "pipefail", "-c", f"{before}\n{command}"]


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
    (folder / "bin" / "ruff").symlink_to(Path(sysconfig.get_path("scripts")) / "ruff")
    return Environment(folder, home)
