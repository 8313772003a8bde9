"""How a command joins ``gridgov``: a module of this folder with ``register(commands)``.

It adds its parser and says ``parser.set_defaults(run=function)``, where
``function(asked: argparse.Namespace) -> int`` returns the exit status.
"""

import argparse
from typing import Any, Protocol


class Commands(Protocol):
    """What ``ArgumentParser.add_subparsers`` returns, whose own name is private."""

    def add_parser(self, name: str, **options: Any) -> argparse.ArgumentParser:
        """Add a command."""
        ...
