"""``gridgov reference``: the contract with a county as a page, written from the contract itself."""

import argparse
import inspect
import re
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import StrEnum
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from gridgov.cases.rules.moves import EVENTS
from gridgov.cli.registry import Commands
from gridgov.contract import (
    assessment,
    compliance,
    declarations,
    facts,
    fieldwork,
    hooks,
    lists,
    organisations,
    reactions,
    services,
    staffing,
    standards,
    stations,
    years,
)
from gridgov.embedded.places import CHECKOUT

FILE: Final = CHECKOUT / "docs" / "HOOKS.md"

_HEAD: Final = """\
# The contract with a county

Written by `make reference` from `gridgov/contract`; a test holds the two equal. A county declares \
everything that can be declared in one value, `County`; hooks ask what cannot be declared; \
reactions do what follows when something has happened. The contract has version {api}: a plugin \
says `API = {api}` beside its hooks, and one that is written for another version is named and left \
out while the platform starts. Declarations take their values by name; a `Duration` is made by \
`gridgov.kernel.durations`: `minutes`, `hours` (kept in minutes), `work_hours`, `calendar_days`, \
`working_days`.

**How it ages.** A new field has a default, a new hook may be left unanswered: neither changes the \
version. What is to go is first marked (`warn_on_impl`, or a linter's line) for one release, with \
what to write instead; only when it goes does the version change. A tenant runs the rulebook that \
it kept, so no upgrade of a package changes a county by itself.
"""


def reference() -> str:
    """The page, as Markdown."""
    parts = [
        _HEAD.format(api=hooks.API),
        "## Hooks",
        _opening(hooks),
        *_hooks(),
        "## Reactions",
        *_values(reactions),
        "## What a hook is told, and answers",
        *_values(facts),
        "## Declarations",
        _opening(declarations),
        *_values(declarations),
        "## Standards",
        _opening(standards),
        *_values(standards),
        "## Working places",
        _opening(stations),
        *_values(stations),
        "## Declarations of fieldwork",
        _opening(fieldwork),
        *_values(fieldwork),
        "## Services",
        _opening(services),
        *_values(services),
        "## Declarations of staffing",
        _opening(staffing),
        *_values(staffing),
        "## Declarations of teams and meetings",
        _opening(organisations),
        *_values(organisations),
        "## What is counted and reviewed",
        _opening(assessment),
        *_values(assessment),
        "## What is held off",
        _opening(compliance),
        *_values(compliance),
        "## Lists",
        _opening(lists),
        *_values(lists),
        "## The year",
        _opening(years),
        *_values(years),
        "## Words that the core knows",
        *_words(),
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def specs() -> list[Any]:
    """The hooks in the order in which they are written."""
    return [
        one
        for _, one in inspect.getmembers(hooks, inspect.isfunction)
        if hasattr(one, f"{hooks.PROJECT}_spec")
    ]


def _opening(module: ModuleType) -> str:
    return _markdown(inspect.getdoc(module) or "")


def _words() -> Iterator[str]:
    known = {
        "Effects of an action": declarations.EFFECTS,
        "Guards of an action": declarations.GUARDS,
        "Kinds of a field": declarations.FIELD_KINDS,
        "What an action can have asked": services.ASKED,
        "What a flag of a service item can need": services.ITEM_COLUMNS,
        "Settings that the core asks for once there are services": services.SERVICE_SETTINGS,
        "Settings that the core asks for once there are cases": declarations.NEEDED_SETTINGS,
        "What the core measures": assessment.MEASURES,
        "What is measured nowhere": compliance.NOT_MEASURED,
        "Lists": lists.LISTS,
        "What is reckoned of a year": years.RECKONINGS - {""},
        "Events of a case": [f"case.{event}" for event in EVENTS.values()],
    }
    for title, words in known.items():
        yield f"**{title}**: {', '.join(f'`{word}`' for word in sorted(words))}."


def _hooks() -> Iterator[str]:
    for hook in sorted(specs(), key=lambda hook: hook.__code__.co_firstlineno):
        told, _, example = (inspect.getdoc(hook) or "").partition("Example:\n")
        signature = re.sub(r"gridgov(\.\w+)+\.", "", str(inspect.signature(hook)))
        yield f"### `{hook.__name__}{signature}`"
        yield _markdown(told)
        yield f"```python\n{inspect.cleandoc(example)}\n```"


def _values(module: ModuleType) -> Iterator[str]:
    own = [
        one for one in vars(module).values() if getattr(one, "__module__", "") == module.__name__
    ]
    for one in own:
        if is_dataclass(one) or (isinstance(one, type) and issubclass(one, StrEnum)):
            yield f"### {one.__name__}"  # type: ignore[union-attr]
            yield _markdown(inspect.getdoc(one) or "")
            yield _members(one)


def _members(one: Any) -> str:
    if is_dataclass(one):
        return "\n".join(["```python", *map(_line, fields(one)), "```"])
    return ", ".join(f"`{member.name}` ({member.value!r})" for member in one)


def _line(field: Field[Any]) -> str:
    said = field.type if isinstance(field.type, str) else inspect.formatannotation(field.type)
    said = re.sub(r"(?:gridgov(?:\.\w+)+|datetime|uuid|collections\.abc|typing)\.", "", said)
    if field.default is not MISSING:
        return f"{field.name}: {said} = {_default(field.default)}"
    return (
        f"{field.name}: {said}"
        if field.default_factory is MISSING
        else f"{field.name}: {said} = {{}}"
    )


def _default(value: Any) -> str:
    if isinstance(value, StrEnum):
        return f"{type(value).__name__}.{value.name}"
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _markdown(text: str) -> str:
    return text.replace("``", "`")


def register(commands: Commands) -> None:
    """``gridgov reference``."""
    parser = commands.add_parser("reference", help="write docs/HOOKS.md from the contract")
    parser.add_argument("--into", type=Path, default=FILE, metavar="FILE")
    parser.set_defaults(run=_run)


def _run(asked: argparse.Namespace) -> int:
    asked.into.write_text(reference(), encoding="utf-8")
    print(f"{asked.into} is up to date.")
    return 0
