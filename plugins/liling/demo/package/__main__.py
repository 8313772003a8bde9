"""Write the package into a folder."""

import sys
from pathlib import Path

from liling.demo.package.files import package


def main(folder: Path) -> None:
    """Write every file; files of another name are left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in package().items():
        (folder / name).write_bytes(data)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
