"""``gridgov serve``: the web application on granian."""

import argparse
import gc
from pathlib import Path

from granian import Granian
from granian.constants import Interfaces
from litestar import Litestar

from gridgov.app import create_app
from gridgov.cli.registry import Commands
from gridgov.kernel.settings import Settings

_KILL_AFTER = 10  # seconds; a page's event stream would otherwise hold a process open
_LARGEST_PROCESS = 400  # MiB; one that leaks is replaced
_YOUNG = 20_000  # objects; a page makes a few thousand and leaves none that only a look would find


def register(commands: Commands) -> None:
    """Add ``serve``."""
    parser = commands.add_parser("serve", help="run the web application")
    parser.add_argument("--reload", action="store_true", help="start anew when a file changes")
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Serve until told to stop. The settings come from the environment and are checked first."""
    settings = Settings.from_env()
    Granian(
        "gridgov.cli.serve:served",
        factory=True,
        interface=Interfaces.ASGI,
        address=settings.bind_host,
        port=settings.bind_port,
        workers=1 if asked.reload else settings.web_processes,
        workers_kill_timeout=_KILL_AFTER,
        workers_max_rss=_LARGEST_PROCESS,
        respawn_failed_workers=True,
        reload=asked.reload,
        reload_paths=[Path(__file__).parents[1]],
        websockets=False,
        log_access=False,
    ).serve()
    return 0


def served() -> Litestar:
    """The application in a process that serves. What stays for good is never looked through again.

    Half a million objects: a full collection of them would hold every page for a tenth of a second.
    """
    app = create_app()
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG)
    return app
