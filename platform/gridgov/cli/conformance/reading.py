"""What can be seen without a database: declarations, imports, doors, rights, words."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from litestar import Litestar, Router
from sqlalchemy import Table

from gridgov.cli.catalogue import CORE, messages_of, packages, unsayable
from gridgov.contract.linting.flaw import Flaw
from gridgov.kernel.db import Base
from gridgov.plugins import Plugin, Plugins, PolicyError
from gridgov.rooms import every_right, right_enums
from gridgov.testkit.doors import Door, doors
from gridgov.web.guard import CONTEXT, REGION_CONTEXT
from gridgov.web.locale import FILE, entries
from gridgov.web.urls import PUBLIC, SIGNED_IN

OPEN_TO_COUNTIES: Final = frozenset({"contract", "context", "kernel", "web"})
OPEN_OF_ROOMS: Final = frozenset({"types", "queries", "actions"})
_TEXT: Final = ("*.py", "*.html", "*.js", "*.css", "*.sql")


@dataclass(frozen=True)
class Looked:
    """A plugin that is looked at, among all that are installed."""

    plugin: Plugin
    plugins: Plugins

    @property
    def name(self) -> str:
        return self.plugin.name

    @cached_property
    def package(self) -> str:
        """The package that all of its modules are in."""
        return package_of(self.plugin)

    @cached_property
    def doors(self) -> list[Door]:
        """Every way into its pages."""
        pages = Router(
            path=f"/{{tenant:str}}/x/{self.name}", route_handlers=self.plugin.listed("CONTROLLERS")
        )
        return doors(
            Litestar(
                [pages],
                dependencies={"ctx": CONTEXT, "region": REGION_CONTEXT},
                openapi_config=None,
                logging_config=None,
            )
        )

    @cached_property
    def tables(self) -> list[Table]:
        """The tables of its models."""
        models = [mapper.class_ for mapper in Base.registry.mappers]
        mine = [model for model in models if _inside(model.__module__, self.package)]
        return [model.__table__ for model in mine]

    def flaw(self, declaration: str, field: str, sentence: str) -> Flaw:
        """A fault of this plugin."""
        return Flaw(self.name, declaration, field, sentence)


def package_of(plugin: Plugin) -> str:
    """The package of the module that its entry point names."""
    return plugin.module.__name__.rpartition(".")[0] or plugin.module.__name__


def faults(looked: Looked) -> list[Flaw]:
    """All that reading finds."""
    checks: tuple[Callable[[Looked], Iterator[Flaw]], ...] = (
        declarations, imports, mentions, rights, pages, tables, catalogue,
    )  # fmt: skip
    return [flaw for check in checks for flaw in check(looked)]


def declarations(looked: Looked) -> Iterator[Flaw]:
    """What the linter says of the county, with what it builds on."""
    try:
        looked.plugins.resolve((looked.name,), rights=every_right())
    except PolicyError as refused:
        for fault in refused.faults:
            yield looked.flaw("county", "declarations", str(fault).removeprefix(f"{looked.name}: "))


def imports(looked: Looked) -> Iterator[Flaw]:
    """A county stands on what is promised to it, and on no other county."""
    chain = {package_of(looked.plugins.loaded[name]) for name in looked.plugins.chain(looked.name)}
    others = {package_of(plugin) for plugin in looked.plugins} - chain
    for path, line, module in _imported(looked.plugin.folder):
        place = (str(path.relative_to(looked.plugin.folder)), f"line {line}")
        if any(_inside(module, package) for package in others):
            yield looked.flaw(*place, f"It imports {module}, which is another county's.")
        elif _of_the_core(module) and not any(_inside(module, package) for package in chain):
            yield looked.flaw(
                *place,
                f"It imports {module}. Promised are contract, context, kernel, web, and the "
                "types, queries and actions of rooms.",
            )


def _of_the_core(module: str) -> bool:
    """Whether it is part of the core that no county may lean on."""
    top, _, rest = module.partition(".")
    parts = rest.split(".")
    return (
        top == "gridgov"
        and parts[0] not in OPEN_TO_COUNTIES
        and not (len(parts) > 1 and parts[1] in OPEN_OF_ROOMS)
    )


def _imported(folder: Path) -> Iterator[tuple[Path, int, str]]:
    """File, line and module of every import, but those of demo data and of migrations."""
    for path in sorted(folder.rglob("*.py")):
        if {"demo", "migrations"} & set(path.relative_to(folder).parts):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                for name in node.names:
                    yield path, node.lineno, f"{node.module}.{name.name}"
            elif isinstance(node, ast.Import):
                for name in node.names:
                    yield path, node.lineno, name.name


def mentions(looked: Looked) -> Iterator[Flaw]:
    """The core names no county."""
    if looked.plugin.folder.is_relative_to(CORE):
        return
    named = re.compile(rf"(?<![A-Za-z]){looked.name}(?![A-Za-z])", re.IGNORECASE)
    for path in (path for pattern in _TEXT for path in CORE.rglob(pattern)):
        if {"vendor", "skeleton"}.isdisjoint(path.parts) and named.search(path.read_text()):
            yield looked.flaw(str(path.relative_to(CORE)), "text", "The core names the plugin.")


def rights(looked: Looked) -> Iterator[Flaw]:
    """A right of its own bears its name, so that it is nobody else's."""
    for enum in right_enums():
        for right in enum if _inside(enum.__module__, looked.package) else ():
            if not looked.plugin.folder.is_relative_to(CORE) and not right.startswith(
                f"{looked.name}."
            ):
                sentence = f"A right of its own begins with {looked.name}."
                yield looked.flaw(f"right {right}", "value", sentence)


def pages(looked: Looked) -> Iterator[Flaw]:
    """Every door can be opened, and names a right that somebody can be given."""
    try:
        looked.doors  # noqa: B018  (worked out once)
    except Exception as error:  # somebody else's code
        yield looked.flaw("pages", "CONTROLLERS", f"They cannot be put up: {error}")
        return
    known = {PUBLIC, SIGNED_IN, *every_right()}
    for door in looked.doors:
        if not door.permission:
            sentence = "It names no permission, and silence is no default: it would be refused."
            yield looked.flaw(f"page {door.key}", "permission", sentence)
        elif door.permission not in known:
            sentence = f"No room knows the right {door.permission}."
            yield looked.flaw(f"page {door.key}", "permission", sentence)


def open_doors(looked: Looked) -> list[str]:
    """What is open to everybody: no fault where it is meant, but never unseen."""
    return [door.key for door in looked.doors if door.permission == PUBLIC]


def tables(looked: Looked) -> Iterator[Flaw]:
    """Its tables bear its name, and each is a tenant's."""
    for table in looked.tables:
        if not table.name.startswith(f"{looked.name}_"):
            sentence = f"A table of its own begins with {looked.name}_."
            yield looked.flaw(f"table {table.name}", "name", sentence)
        if "tenant_id" not in table.columns:
            yield looked.flaw(f"table {table.name}", "tenant_id", "Whose rows are these?")


def catalogue(looked: Looked) -> Iterator[Flaw]:
    """All that it says can be said in English."""
    folder, declared = packages()[looked.name]
    known = entries(folder / "locale" / FILE)
    for message in sorted(messages_of(folder, declared) - set(known)):
        yield looked.flaw(f"locale/{FILE}", message, "It has no English.")
    for place in unsayable(folder):
        yield looked.flaw(
            place, "text", "No catalogue can take this: write it with {named} places."
        )


def _inside(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")
