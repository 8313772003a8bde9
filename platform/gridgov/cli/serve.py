"""``gridgov serve``: the web application on granian."""

import argparse
from pathlib import Path

from granian import Granian
from granian.constants import Interfaces

from gridgov.cli.registry import Commands
from gridgov.kernel.settings import Settings

_KILL_AFTER = 10  # seconds; a page's event stream would otherwise hold a process open
_LARGEST_PROCESS = 400  # MiB; one that leaks is replaced


def register(commands: Commands) -> None:
    """Add ``serve``."""
    parser = commands.add_parser("serve", help="run the web application")
    parser.add_argument("--reload", action="store_true", help="start anew when a file changes")
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Serve until told to stop. The settings come from the environment and are checked first."""
    settings = Settings.from_env()
    Granian(
        "gridgov.app:create_app",
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
