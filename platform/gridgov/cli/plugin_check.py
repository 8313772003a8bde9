"""``gridgov plugin check``: whether a plugin holds to what is asked of all, every fault at once."""

import argparse
import asyncio
import logging
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import perf_counter
from typing import Final

from gridgov.app import create_app
from gridgov.cli.conformance import pages, reading, tables
from gridgov.cli.conformance.cases import CASES, Walk, Walked
from gridgov.cli.conformance.reading import Looked
from gridgov.cli.registry import Commands
from gridgov.contract.linting.flaw import Flaw
from gridgov.kernel.errors import Conflict, Invalid
from gridgov.kernel.settings import Settings
from gridgov.plugins import Plugins
from gridgov.testkit.counties import a_county
from gridgov.testkit.databases import a_database, servers
from gridgov.testkit.serving import started

_STANDS_ON: Final = frozenset({"county", "pages"})
"""What must be right before anything can be tried."""


@dataclass
class Found:
    """Every fault; and what is no fault, but worth a look."""

    faults: list[Flaw] = field(default_factory=list[Flaw])
    notes: list[str] = field(default_factory=list[str])


def register(verbs: Commands) -> None:
    """Add ``check``."""
    parser = verbs.add_parser("check", help="whether a plugin holds to what is asked of all")
    parser.add_argument("name", help="an installed plugin")
    parser.add_argument("--quick", action="store_true", help="leave out what needs a database")
    parser.add_argument("--cases", type=int, default=CASES, help="of each kind (default: 200)")
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Print what was found; status 1 if there is a fault."""
    began = perf_counter()
    found = check(asked.name, quick=asked.quick, cases=asked.cases)
    for note in found.notes:
        print(note)
    for fault in found.faults:
        print(fault, file=sys.stderr)
    count = len(found.faults)
    print(f"{asked.name}: {count or 'no'} fault{'' if count == 1 else 's'}, ", end="")
    print(f"{perf_counter() - began:.1f} s")
    return 1 if found.faults else 0


def check(name: str, *, quick: bool = False, cases: int = CASES) -> Found:
    """Look at the plugin and, unless ``quick``, try it on a database of its own."""
    plugins = Plugins.installed()
    if name in plugins.left_out:
        return Found(
            [Flaw(name, "plugin", "load", plugins.left_out[name].removeprefix(f"{name}: "))]
        )
    if name not in plugins:
        raise Invalid(f"No plugin {name} is installed.")
    looked = Looked(plugins.loaded[name], plugins)
    found = Found(reading.faults(looked))
    if any(flaw.declaration in _STANDS_ON for flaw in found.faults):
        return found
    found.notes += [f"open to everybody: {key}" for key in reading.open_doors(looked)]
    if not quick:
        for chatty in ("httpx", "alembic"):
            logging.getLogger(chatty).setLevel(logging.WARNING)
        with servers() as stack, a_database(stack) as settings:
            asyncio.run(_tried(looked, settings, cases, found))
            found.faults += tables.faults(looked, stack, settings)
    return found


async def _tried(looked: Looked, settings: Settings, cases: int, found: Found) -> None:
    """A county with the plugin, on the air for a moment."""
    async with started(create_app(settings)) as app:
        database = app.state.database
        county = await a_county(database, settings, plugins=[looked.name])
        found.faults += [flaw async for flaw in pages.faults(looked, app, county)]
        for kind in county.policy.county.case_kinds:
            walked = await Walk(database, settings, county, kind).run(cases)
            found.notes += [_told(walked), *_waiting(walked)]
            found.faults += _stuck(looked, walked)


def _told(walked: Walked) -> str:
    per = 1000 * walked.seconds / max(walked.cases, 1)
    steps = walked.done.total()
    line = f"kind {walked.kind.code}: {walked.cases} cases, {steps} actions, "
    line += f"{walked.seconds:.1f} s ({per:.0f} ms a case)"
    return f"{line}; not come to: {', '.join(walked.never_done)}" if walked.never_done else line


def _waiting(walked: Walked) -> Iterator[str]:
    """What a case must have from elsewhere first, as an authorisation; the walk cannot bring it."""
    for code, said in walked.in_vain.items():
        if isinstance(said, Conflict):
            yield f"kind {walked.kind.code}, action {code}: something else must come first: {said}"


def _stuck(looked: Looked, walked: Walked) -> Iterator[Flaw]:
    named = f"kind {walked.kind.code}"
    for state, count in walked.stuck.items():
        sentence = f"{count} of {walked.cases} cases were stuck: nobody may do what leads on."
        yield looked.flaw(f"{named}, state {state}", "actions", sentence)
    for code, said in walked.in_vain.items():
        if not isinstance(said, Conflict):
            sentence = f"It is offered, and refused whenever it is done: {said}"
            yield looked.flaw(f"{named}, action {code}", "effect", sentence)
