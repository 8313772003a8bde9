"""``gridgov assets``: from the npm packages, what the pages load, into ``static/vendor``."""

import argparse
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from gridgov.cli.embedded.places import CHECKOUT
from gridgov.cli.embedded.servant import StackError
from gridgov.cli.registry import Commands

_PACKAGES = CHECKOUT / "node_modules"
_VENDOR = CHECKOUT / "platform/gridgov/web/static/vendor"
_FILES = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "leaflet.js": "leaflet/dist/leaflet.js",
    "leaflet.esm.js": "leaflet/dist/leaflet-src.esm.js",
    "leaflet.css": "leaflet/dist/leaflet.css",
    "images": "leaflet/dist/images",
    "echarts.min.js": "echarts/dist/echarts.min.js",
    "echarts.esm.js": "echarts/dist/echarts.esm.min.mjs",
}
_SPEAKERS = {".html", ".py", ".js"}
_QUOTED = re.compile(r"""["']([a-z0-9]+(?:-[a-z0-9]+)*)["']""")
_DRAWING = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


def register(commands: Commands) -> None:
    """Add ``assets``."""
    parser = commands.add_parser("assets", help="copy what the pages load out of node_modules")
    parser.set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    """Copy the files and draw the sprite of icons."""
    if not _PACKAGES.is_dir():
        raise StackError(f"{_PACKAGES} is missing: run `npm ci` first (or `make assets`).")
    _VENDOR.mkdir(parents=True, exist_ok=True)
    for name, source in _FILES.items():
        path = _PACKAGES / source
        if path.is_dir():
            shutil.copytree(path, _VENDOR / name, dirs_exist_ok=True)
        else:
            shutil.copyfile(path, _VENDOR / name)
    (_VENDOR / "icons.svg").write_text(sprite(_PACKAGES / "lucide-static/icons"))
    return 0


def sprite(icons: Path) -> str:
    """One file with the icons that are named anywhere in our templates, modules or scripts.

    The whole family weighs half a megabyte; a name that is merely a common word does no harm.
    """
    wanted = set(_words())
    symbols = [_symbol(path) for path in sorted(icons.glob("*.svg")) if path.stem in wanted]
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'


def _words() -> Iterator[str]:
    for folder in (CHECKOUT / "platform", CHECKOUT / "plugins"):
        for path in folder.rglob("*"):
            if path.suffix in _SPEAKERS and _VENDOR not in path.parents:
                yield from _QUOTED.findall(path.read_text(errors="replace"))


def _symbol(path: Path) -> str:
    drawing = _DRAWING.search(path.read_text())
    inside = " ".join(drawing.group(1).split()) if drawing else ""
    return (
        f'<symbol id="{path.stem}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        f'stroke-width="2" stroke-linecap="round" stroke-linejoin="round">{inside}</symbol>'
    )


if __name__ == "__main__":
    run(argparse.Namespace())
