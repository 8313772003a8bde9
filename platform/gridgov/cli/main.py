"""The entry point: one parser, and a fixed list of the modules that add their commands to it."""

import argparse
import os
import sys
from collections.abc import Sequence

from sqlalchemy.exc import DBAPIError

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
from gridgov.plugins import PolicyError

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
_UNREAD = 141  # as a shell tells of whom the pipe's end has stopped
_SHUT = ("08", "28", "3D", "57P")
"""How SQLSTATE begins where a database cannot be entered: unreachable, not allowed, not there."""


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
        status = int(asked.run(asked) or 0)
        sys.stdout.flush()
    except (SettingsError, StackError, Refusal, PolicyError) as fault:
        print(f"gridgov: {fault}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # whoever read along has seen enough: ``gridgov … | head``
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing is left to flush
        return _UNREAD
    except (DBAPIError, OSError) as fault:
        if not _is_shut(fault):
            raise
        said = fault.orig if isinstance(fault, DBAPIError) else fault
        print(f"gridgov: PostgreSQL does not let us in: {said}", file=sys.stderr)
        print("See the addresses GRIDGOV_*_URL, and pg_hba.conf of the server.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return _INTERRUPTED
    return status


def _is_shut(fault: DBAPIError | OSError) -> bool:
    if isinstance(fault, DBAPIError):
        return str(getattr(fault.orig, "sqlstate", "")).startswith(_SHUT)
    return fault.filename is None  # a socket's; files bear their names


if __name__ == "__main__":
    sys.exit(main())
