"""``python -m gridgov.web.assets [node_modules]``: the web packages' files to static/vendor.

The icons that pages ask for (icons.txt) become one sprite.
Nothing of theirs is kept in the repository; the folder ``vendor`` is ignored by git.
"""

import re
import shutil
import sys
from pathlib import Path
from typing import Final

STATIC: Final = Path(__file__).parent / "static"

FILES: Final = {
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "leaflet/dist/leaflet.js": "leaflet/leaflet.js",
    "leaflet/dist/leaflet.css": "leaflet/leaflet.css",
    "leaflet/dist/images": "leaflet/images",
    "echarts/dist/echarts.min.js": "echarts.min.js",
}

ICONS: Final = tuple((Path(__file__).parent / "icons.txt").read_text(encoding="utf-8").split())
"""What ``icon("…")`` may ask for."""

_SVG: Final = re.compile(r"<svg\b([^>]*)>(.*)</svg>", re.DOTALL)
_VIEW_BOX: Final = re.compile(r'viewBox="([^"]*)"')


def symbol(name: str, svg: str) -> str:
    """The icon as one symbol of the sprite; strokes come from the page's style sheet."""
    found = _SVG.search(svg)
    box = _VIEW_BOX.search(svg)
    if found is None or box is None:
        message = f"{name}: this is not an icon"
        raise ValueError(message)
    inside = re.sub(r"\s+", " ", found.group(2)).strip()
    return f'<symbol id="{name}" viewBox="{box.group(1)}">{inside}</symbol>'


def sprite(folder: Path) -> str:
    """All icons in one file."""
    symbols = [symbol(name, (folder / f"{name}.svg").read_text(encoding="utf-8")) for name in ICONS]
    return '<svg xmlns="http://www.w3.org/2000/svg">\n{}\n</svg>\n'.format("\n".join(symbols))


def build(packages: Path, static: Path = STATIC) -> list[Path]:
    """Copy and write everything below ``static/vendor``; what was there before goes."""
    vendor = static / "vendor"
    shutil.rmtree(vendor, ignore_errors=True)
    made: list[Path] = []
    for source, target in FILES.items():
        there = vendor / target
        there.parent.mkdir(parents=True, exist_ok=True)
        if (packages / source).is_dir():
            shutil.copytree(packages / source, there)
        else:
            shutil.copyfile(packages / source, there)
        made.append(there)
    there = vendor / "icons.svg"
    there.write_text(sprite(packages / "lucide-static" / "icons"), encoding="utf-8")
    return [*made, there]


def main(arguments: list[str]) -> int:
    """Build from ``node_modules`` of the working folder, or from the folder given."""
    packages = Path(arguments[0]) if arguments else Path("node_modules")
    if not packages.is_dir():
        sys.stderr.write(f"{packages}: no such folder; run npm ci first\n")
        return 1
    for made in build(packages):
        sys.stdout.write(f"{made.relative_to(STATIC)}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
