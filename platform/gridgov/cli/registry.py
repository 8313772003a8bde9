"""How a command joins ``gridgov``: a module of this folder with ``register(commands)``.

It adds its parser and says ``parser.set_defaults(run=function)``, where
``function(asked: argparse.Namespace) -> int`` returns the exit status.
"""

import argparse
from typing import TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001  (no public name)
