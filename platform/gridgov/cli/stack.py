"""``gridgov stack``: the embedded PostgreSQL and Redis by hand, for development."""

import argparse
import shlex
from importlib.resources import files

from gridgov.cli.registry import Commands
from gridgov.embedded.servant import StackError
from gridgov.embedded.stack import Stack


def register(commands: Commands) -> None:
    """Add ``stack`` with its verbs."""
    parser = commands.add_parser("stack", help="the embedded PostgreSQL and Redis")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    for name, run, told in (
        ("start", start, "start the servers and let them run"),
        ("stop", stop, "stop the servers unless a command uses them"),
        ("status", status, "tell whether the servers run"),
        ("environment", environment, "print the settings as lines for a shell (holds passwords)"),
        ("sql", sql, "print the SQL that makes the roles and a database, for an administrator"),
    ):
        verb = verbs.add_parser(name, help=told)
        verb.add_argument("--name", default="demo", help="which stack (default: demo)")
        verb.add_argument("--database", default="gridgov", help="which database of it")
        verb.set_defaults(run=run)


def start(asked: argparse.Namespace) -> int:
    """Start, and leave without stopping."""
    stack = Stack.named(asked.name)
    stack.keep()
    with stack.opened():
        stack.prepare_database(asked.database)
    return status(asked)


def stop(asked: argparse.Namespace) -> int:
    """Stop, unless somebody is in."""
    if not Stack.named(asked.name).halt():
        raise StackError("The stack is in use: stop the other command first.")
    return status(asked)


def status(asked: argparse.Namespace) -> int:
    """Tell what runs."""
    stack = Stack.named(asked.name)
    for name, server in (("PostgreSQL", stack.postgres), ("Redis", stack.cache)):
        print(f"{name:12}{'runs' if server.running() else 'is stopped'}")
    print(f"{'data':12}{stack.place.folder}")
    return 0


def environment(asked: argparse.Namespace) -> int:
    """Print ``export`` lines."""
    settings = Stack.named(asked.name).settings(asked.database)
    for name, value in settings.environment().items():
        if name.startswith("GRIDGOV_"):
            print(f"export {name}={shlex.quote(value)}")
    return 0


def sql(_: argparse.Namespace) -> int:
    """Print the very files that the embedded PostgreSQL is set up with."""
    for name in ("roles.sql", "database.sql"):
        print(files("gridgov.embedded").joinpath(name).read_text())
    return 0
