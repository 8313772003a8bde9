"""``gridgov worker``: what happens beside the pages."""

import argparse

from gridgov import worker
from gridgov.cli.registry import Commands


def register(commands: Commands) -> None:
    """Add ``worker``."""
    parser = commands.add_parser("worker", help="relay events and run schedules")
    parser.set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    """Work until told to stop. Any number of workers may run side by side."""
    return worker.main()
