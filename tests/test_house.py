"""The rules of the house, held by walking it."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import ForeignKeyConstraint, Table

from factories.proper import proper_words
from gridgov.kernel.db import SharedRow, TenantRow
from gridgov.migrations.tables import METADATA
from gridgov.plugins import Plugins

HOUSE = Path(__file__).parents[1]
CORE = HOUSE / "platform" / "gridgov"
PLUGINS = HOUSE / "plugins"
LONGEST_MODULE = 300

SHARED = {
    "tenants": "read before anybody knows the tenant",
    "accounts": "log-in happens before the tenant's wall stands",
    "memberships": "which counties an account may enter",
    "region_roles": "roles above the counties belong to none",
    "sessions": "the cookie is looked up before the tenant is trusted",
    "attempts": "the limiter counts strangers as well",
    "recovery_codes": "the way back in of an account that lost its second factor",
    "calendar_days": "as the years they belong to",
    "calendar_years": "the State Council's working days are the same for all",
}


def modules() -> Iterator[Path]:
    for root in (CORE, PLUGINS):
        for path in sorted(root.rglob("*.py")):
            if "node_modules" not in path.parts and "versions" not in path.parts:
                yield path


def is_data(path: Path) -> bool:
    """The contract may be longer, and so may what holds values or columns and no verbs."""
    tree = ast.walk(ast.parse(path.read_text()))
    verbs = [node for node in tree if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return "contract" in path.parts or not verbs


def test_platform_is_a_plain_folder():
    assert not (HOUSE / "platform" / "__init__.py").exists()


@pytest.mark.parametrize("path", list(modules()), ids=lambda path: str(path.relative_to(HOUSE)))
def test_a_module_can_be_read_in_one_sitting(path):
    lines = len(path.read_text().splitlines())
    assert lines <= LONGEST_MODULE or is_data(path), f"{lines} lines"


def test_every_package_says_what_it_is():
    silent = [
        path
        for path in modules()
        if path.name == "__init__.py" and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


def test_a_room_holds_the_known_files_and_no_others():
    rooms = ("access", "assessment", "cases", "compliance", "desk", "fieldwork", "grid",
             "onboarding", "portal", "province", "registry", "staff", "suggestions")  # fmt: skip
    allowed = {"__init__", "types", "rules", "models", "queries", "actions", "web", "jobs"}
    strange = [
        f"{room}/{path.name}"
        for room in rooms
        for path in (CORE / room).iterdir()
        if path.name != "__pycache__"
        and (path.stem if path.suffix == ".py" else path.name) not in allowed | {"templates"}
    ]
    assert strange == []


def test_the_core_names_no_county():
    counties = {"liling", "minle", "suining", "laocheng", "醴陵", "民乐", "睢宁", "老城", "红花岗"}
    named = [
        (path.relative_to(HOUSE), word)
        for suffix in ("*.py", "*.html", "*.js", "*.css", "*.sql")
        for path in CORE.rglob(suffix)
        if "vendor" not in path.parts
        for word in counties
        if re.search(rf"(?<![A-Za-z]){word}", path.read_text(), re.IGNORECASE)
    ]
    assert named == []


def test_the_core_has_no_word_that_is_proper_to_one_county():
    """Its catalogues translate what these files say; the baseline is a county's rules as well."""
    words = proper_words()
    texts = {
        path.relative_to(HOUSE): path.read_text()
        for suffix in ("*.py", "*.html", "*.js")
        for path in CORE.rglob(suffix)
        if "vendor" not in path.parts
    }
    assert [(name, word) for name, text in texts.items() for word in words if word in text] == []


def test_nothing_is_imported_from_inside_a_function():
    hidden = [
        f"{path.relative_to(HOUSE)}:{inner.lineno}"
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_a_day_is_the_countys_and_never_utcs():
    """For eight hours of each day UTC still has yesterday: a date is taken from a local time."""
    astray = [
        f"{path.relative_to(HOUSE)}:{number}"
        for path in modules()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"\.date\(\)", line)
        and not re.search(
            r"(astimezone\([^()]*(\([^()]*\))?[^()]*\)|\blocal(\(\w+\))?)\.date\(\)", line
        )
    ]
    assert not astray


def test_a_countys_zone_is_read_once():
    """Everybody else asks the tenant: ``local``, ``day_of``, ``midnight``."""
    makers = {path.name for path in modules() if re.search(r"\bZoneInfo\(", path.read_text())}
    assert makers == {"clock.py", "workplace.py"}


def test_no_module_is_a_junk_drawer():
    drawers = {"utils", "util", "helpers", "helper", "common", "misc"}
    assert [path for path in modules() if path.stem in drawers or path.parent.name in drawers] == []


def test_every_table_belongs_to_a_tenant_or_has_a_reason_not_to():
    mappers = [mapper.class_ for mapper in TenantRow.registry.mappers]
    shared = {model.__tablename__ for model in mappers if issubclass(model, SharedRow)}
    assert shared == set(SHARED)
    strays = [m.__name__ for m in mappers if not issubclass(m, TenantRow | SharedRow)]
    assert strays == []


@pytest.mark.parametrize("table", METADATA.sorted_tables, ids=lambda table: table.name)
def test_every_key_begins_with_the_tenant_and_every_reference_has_an_index(table: Table):
    if table.name in SHARED:
        return
    assert next(iter(table.primary_key.columns)).name == "tenant_id"
    for index in table.indexes:
        assert next(iter(index.columns)).name == "tenant_id", index.name
    keys = [[column.name for column in index.columns] for index in table.indexes]
    keys.append([column.name for column in table.primary_key.columns])
    for constraint in table.constraints:
        if isinstance(constraint, ForeignKeyConstraint):
            names = [column.name for column in constraint.columns]
            assert names[0] == "tenant_id", constraint.name
            assert any(key[: len(names)] == names for key in keys), f"{names} has no index"


def test_every_plugin_loads():
    assert "liling" in Plugins.installed()


def templates() -> Iterator[Path]:
    for root in (CORE, PLUGINS):
        yield from sorted(root.rglob("templates/**/*.html"))


@pytest.mark.parametrize("path", list(templates()), ids=lambda path: path.name)
def test_a_template_holds_no_script_and_no_style_of_its_own(path):
    text = path.read_text()
    assert not re.search(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|hx-on", text)
    assert not re.search(r"\|\s*safe\b", text)


@pytest.mark.parametrize(
    "path",
    [p for p in templates() if not p.name.startswith("_") and "web" not in p.parts[-2:]],
    ids=lambda path: path.name,
)
def test_every_page_extends_the_shell(path):
    if "macros" in path.parts or path.parent.name == "web":
        return
    assert re.search(r'{% extends "web/(layout|public|sheet|error)\.html" %}', path.read_text())


def test_no_state_is_shown_in_a_colour_of_the_clocks():
    """Red, yellow and green belong to clocks and grade maps: their tokens are used there only."""
    allowed = {"tokens.css"}
    strays = [
        f"{path.name}: {line.strip()}"
        for path in (CORE / "web" / "static" / "css").glob("*.css")
        if path.name not in allowed
        for line in path.read_text().splitlines()
        if re.search(r"(?<![-\w])(red|green|yellow|orange|lime)(?![-\w])\s*[;,)]", line)
    ]
    assert strays == []


def test_every_decision_has_a_number_of_its_own():
    records = sorted((Path(__file__).parents[1] / "docs" / "decisions").glob("[0-9]*.md"))
    numbers = Counter(record.name[:4] for record in records)
    assert {number for number, count in numbers.items() if count > 1} == set()
