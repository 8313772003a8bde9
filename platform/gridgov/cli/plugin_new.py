"""``gridgov plugin new``: a county's package to begin with, copied from the one in ``skeleton``.

The skeleton is a working package whose name stands for the new one's wherever it appears.
"""

import argparse
import re
from collections.abc import Iterator
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from gridgov.cli.registry import Commands
from gridgov.kernel.errors import Invalid
from gridgov.onboarding.rules.manifest import RESERVED
from gridgov.plugins import Plugins

SKELETON: Final = Path(str(files("gridgov.cli"))) / "skeleton"
STANDS_FOR: Final = "moban"
_SLUG: Final = re.compile(r"[a-z]{3,20}")

NEXT: Final = """\
{folder} is written. Then:

  pip install -e '{folder}[test]'
  pytest {folder}
  gridgov plugin check {slug}
"""


def register(verbs: Commands) -> None:
    """Add ``new``."""
    parser = verbs.add_parser("new", help="write a county's package to begin with")
    parser.add_argument("slug", help="its name: 3 to 20 letters a to z")
    parser.add_argument("--into", type=Path, default=Path(), help="the folder to put it in")
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Write it and say what to do next."""
    folder = write(asked.slug, asked.into)
    print(NEXT.format(folder=folder, slug=asked.slug))
    return 0


def write(slug: str, into: Path) -> Path:
    """The new package's folder; refused if the name cannot be used, and nothing is overwritten."""
    folder = into / slug
    if reason := _unfit(slug, folder):
        raise Invalid(reason)
    for inside in _skeleton():
        target = folder / str(inside).replace(STANDS_FOR, slug)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text((SKELETON / inside).read_text().replace(STANDS_FOR, slug))
    return folder


def _unfit(slug: str, folder: Path) -> str:
    """Why the name cannot be used, or nothing."""
    if not _SLUG.fullmatch(slug):
        return f"{slug!r} does not fit: a plugin's name is 3 to 20 letters a to z."
    if slug in RESERVED or find_spec(f"gridgov.{slug}"):
        return f"{slug} is a word of the platform: take another name."
    if slug in Plugins.installed() or find_spec(slug):
        return f"{slug} is installed already: take another name."
    if folder.exists():
        return f"{folder} is there already: nothing is overwritten."
    return ""


def _skeleton() -> Iterator[Path]:
    """Its files, as seen from its folder; what tools leave behind is not of it."""
    for path in sorted(SKELETON.rglob("*")):
        inside = path.relative_to(SKELETON)
        if path.is_file() and not any(part.startswith((".", "__")) for part in inside.parts[:-1]):
            yield inside
