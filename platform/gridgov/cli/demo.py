"""``gridgov demo``: everything from nothing, on this machine, until Ctrl-C.

The same steps as in production with what production replaces: the embedded servers, and people
and a history that a county's plugin invents (entry point group ``gridgov.demo``).
"""

import argparse
import asyncio
import hashlib
import socket
import time
import tomllib
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from importlib.metadata import entry_points
from pathlib import Path
from typing import Protocol, cast

import msgspec

from gridgov.cli.children import Children, finish_undisturbed, interrupt_on_signals
from gridgov.cli.console import Console
from gridgov.cli.plugin_rules import upgrade
from gridgov.cli.registry import Commands
from gridgov.cli.tenant import onboard_package
from gridgov.embedded.servant import StackError
from gridgov.embedded.stack import Stack
from gridgov.kernel.settings import Settings
from gridgov.migrations.running import migrate

_DATABASE = "gridgov"
_PORTS = range(8000, 8050)
_HOST = "127.0.0.1"
_DAYS = 60

Login = tuple[str, str, str]
"""The role in the county's words, the name to log in with, the password."""


class Filling(Protocol):
    """What a plugin's entry in ``gridgov.demo`` loads: fill the onboarded county with a history.

    Called again with the same settings it changes nothing. It returns logins, one a role and
    department, and the code of the grid where all of them meet: what a resident reports there, they
    can see through.
    """

    def __call__(
        self, settings: Settings, *, days: int, say: Callable[[str], None]
    ) -> Awaitable[tuple[Sequence[Login], str]]: ...


class Prepared(msgspec.Struct, frozen=True):
    """What the last run left: of which package, and how to log in. A file with mode 600."""

    state: str = ""
    logins: list[Login] = []
    door: str = ""
    tokens: str = ""


def register(commands: Commands) -> None:
    """Add ``demo``."""
    parser = commands.add_parser("demo", help="a county on the air, on this machine")
    parser.add_argument("package", type=Path, help="the folder of the tenant to onboard")
    parser.add_argument("--fresh", action="store_true", help="throw away the data of last time")
    parser.add_argument("--port", type=int, help="default: the first free one from 8000 on")
    parser.add_argument(
        "--days", type=int, default=_DAYS, help="of history to invent the first time (%(default)s)"
    )
    parser.add_argument("--reload", action="store_true", help="start anew when a file changes")
    parser.add_argument("--since", type=float, help=argparse.SUPPRESS)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Start all, tell how to get in, and end all when told to."""
    console = Console(asked.since)
    interrupt_on_signals()
    stack = Stack.named("demo")
    if asked.fresh:
        console.say("throwing away the data of last time")
        stack.discard()
    port = _free_port([asked.port] if asked.port else _PORTS)
    try:
        with console.step("PostgreSQL and Redis"):
            stack.open()
        settings = replace(stack.settings(_DATABASE), bind_host=_HOST, bind_port=port)
        prepared = prepare(console, stack, settings, asked)
        with Children(stack.place.folder / "log", settings.environment()) as children:
            _serve(console, children, settings, asked)
            _tell(console, settings, asked.package, prepared)
            _until_interrupted(children)
            console.say("stopping")
    finally:
        finish_undisturbed()
        stack.close()
    console.say("stopped; the data stays")
    return 0


def prepare(
    console: Console, stack: Stack, settings: Settings, asked: argparse.Namespace
) -> Prepared:
    """A migrated database with the county and its history; quick when it is there already."""
    package: Path = asked.package
    with console.step("the database"):
        stack.prepare_database(_DATABASE)
        migrate(settings)
    kept = stack.place.folder / "prepared.json"
    there = msgspec.json.decode(kept.read_bytes(), type=Prepared) if kept.exists() else Prepared()
    state = _state_of(package)
    if there.state != state:
        with console.step(f"onboarding {package}"):
            tokens = stack.place.folder / f"tokens-{time.time_ns()}.csv"
            onboard_package(settings, package, tokens=tokens)
        there = Prepared(state, tokens=str(tokens))
        for fill in _fillings(package):
            logins, door = _fill(console, settings, fill, asked.days)
            known = [*there.logins, *logins]
            there = Prepared(state, known, there.door or door, there.tokens)
        kept.touch(0o600)
        kept.write_bytes(msgspec.json.encode(there))
    _upgrade(console, settings, package)
    return there


def _upgrade(console: Console, settings: Settings, package: Path) -> None:
    """Declarations that changed since the last run hold from now on, if nothing stands against."""
    preview = upgrade(settings, _slug(package))
    if preview.reasons:
        console.say("the county goes on with the rules that it had, for what is installed now:")
    elif preview.anything:
        console.say(f"the county runs what is installed now: {len(preview.differences)} changes")
    for reason in preview.reasons:
        console.say(f"  {reason}")


def _fill(
    console: Console, settings: Settings, fill: Filling, days: int
) -> tuple[Sequence[Login], str]:
    async def filled() -> tuple[Sequence[Login], str]:
        return await fill(settings, days=days, say=lambda text: console.say(f"  {text}"))

    with console.step(f"a history of {days} days"):
        return asyncio.run(filled())


def _fillings(package: Path) -> Iterator[Filling]:
    wanted = _manifest(package)["plugins"]
    for point in entry_points(group="gridgov.demo"):
        if point.name in cast("list[str]", wanted):
            yield cast("Filling", point.load())


def _serve(
    console: Console, children: Children, settings: Settings, asked: argparse.Namespace
) -> None:
    with console.step("web and worker"):
        children.start("worker", "worker")
        children.start("web", "serve", *(["--reload"] if asked.reload else []))
        children.wait_for(_HOST, settings.bind_port, f"/{_slug(asked.package)}/log-in")


def _until_interrupted(children: Children) -> None:
    try:
        children.watch()
    except KeyboardInterrupt:
        finish_undisturbed()


def _tell(console: Console, settings: Settings, package: Path, prepared: Prepared) -> None:
    console.say("ready")
    address = f"http://{_HOST}:{settings.bind_port}/{_slug(package)}"
    print(f"\n  staff      {address}/\n  residents  {address}/{prepared.door or 'report'}\n")
    wide = max((len(name) for _, name, _ in prepared.logins), default=0)
    if not prepared.logins:
        print(f"  one-time passwords of everybody: {prepared.tokens}")
    for role, name, password in prepared.logins:
        print(f"  {name:{wide}}  {password}  {role}")
    print("\n  Ctrl-C ends it; the data stays (make demo FRESH=1 begins anew).\n", flush=True)


def _manifest(package: Path) -> dict[str, object]:
    return tomllib.loads((package / "tenant.toml").read_text())


def _slug(package: Path) -> str:
    return str(_manifest(package)["slug"])


def _state_of(package: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(package.iterdir()):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _free_port(ports: Sequence[int]) -> int:
    for port in ports:
        with closing(socket.socket()) as place:
            if place.connect_ex((_HOST, port)):
                return port
    raise StackError(f"Port {ports[0]} is taken: say another with PORT=.")
