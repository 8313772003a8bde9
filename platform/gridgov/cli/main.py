"""The entry point: one parser, and a fixed list of the modules that add their commands to it."""

import argparse
import sys
from collections.abc import Sequence

from gridgov.cli import (
    audit,
    calendar,
    catalogue,
    demo,
    events,
    migrate,
    plugin,
    reference,
    region,
    serve,
    stack,
    tenant,
    worker,
)
from gridgov.embedded.servant import StackError
from gridgov.kernel.errors import Refusal
from gridgov.kernel.settings import SettingsError

MODULES = (
    demo,
    serve,
    worker,
    migrate,
    tenant,
    plugin,
    region,
    calendar,
    audit,
    events,
    stack,
    catalogue,
    reference,
)
_INTERRUPTED = 130


def parser() -> argparse.ArgumentParser:
    """All commands with their help."""
    root = argparse.ArgumentParser(prog="gridgov", description="A county's grid, in one place.")
    commands = root.add_subparsers(required=True, metavar="COMMAND")
    for module in MODULES:
        module.register(commands)
    return root


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; an expected no is a sentence on stderr and exit status 1."""
    asked = parser().parse_args(arguments)
    try:
        return int(asked.run(asked) or 0)
    except (SettingsError, StackError, Refusal) as fault:
        print(f"gridgov: {fault}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return _INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
