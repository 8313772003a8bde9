"""One-time tokens on their way to people: in a file for the owner alone, never on a screen."""

import csv
from collections.abc import Iterable
from pathlib import Path

from gridgov.kernel.errors import Conflict
from gridgov.onboarding.types import Token


def write_tokens(file: Path, tokens: Iterable[Token]) -> Path:
    """Write the file; one that is there is never overwritten."""
    try:
        file.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        raise Conflict("{file} 已经存在，请用 --tokens 另写一个文件名。", file=file) from None
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(("login", "name", "token"))
        writer.writerows((token.login, token.name, token.token) for token in tokens)
    return file


def throw_away(file: Path | None) -> None:
    """What was written for something that did not happen after all."""
    if file is not None:
        file.unlink(missing_ok=True)
