"""Each command says what it says in one language (docs/design.md, the operator's commands)."""

import ast
import re
from pathlib import Path

import pytest

import gridgov.cli

FOLDER = Path(gridgov.cli.__file__).parent
OF_A_COUNTY = {
    "audit", "calendar", "plugin_export", "plugin_remove", "plugin_replay", "plugin_rules",
    "region", "reset_admin", "tenant",
}  # fmt: skip
OF_THE_MACHINE = {
    "catalogue", "demo", "events", "main", "migrate", "plugin_check", "reference", "serve", "stack",
    "worker",
}  # fmt: skip
SILENT = {"__init__", "children", "console", "plugin", "plugin_new", "registry", "tables", "tokens"}
"""They say nothing by themselves; what ``plugin new`` ends with is a page of its own."""

CHINESE = re.compile(r"[\u4e00-\u9fff]")
ENGLISH = re.compile(r"[A-Za-z]{2,} [a-z]{2,}")


def calls(module, names):
    tree = ast.parse((FOLDER / f"{module}.py").read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in names:
                yield node


def texts(node):
    """The literal words of a call; pieces of one text together."""
    for part in ast.walk(node):
        if isinstance(part, ast.JoinedStr):
            yield "".join(str(one.value) for one in part.values if isinstance(one, ast.Constant))
        elif isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def said(module):
    return [text for call in calls(module, {"print", "say"}) for text in texts(call)]


def test_every_module_of_commands_is_on_one_side():
    there = {path.stem for path in FOLDER.glob("*.py")}
    assert there == OF_A_COUNTY | OF_THE_MACHINE | SILENT


@pytest.mark.parametrize("module", sorted(OF_A_COUNTY))
def test_what_is_told_of_a_county_is_chinese(module):
    told = said(module)
    assert [text for text in told if ENGLISH.search(text) and not CHINESE.search(text)] == []
    assert any(CHINESE.search(text) for text in told)


@pytest.mark.parametrize("module", sorted(OF_THE_MACHINE))
def test_what_is_told_of_the_machine_is_english(module):
    assert [text for text in said(module) if CHINESE.search(text)] == []


def test_help_is_english():
    asked = {
        text
        for path in FOLDER.glob("*.py")
        for call in calls(path.stem, {"add_parser", "add_argument", "ArgumentParser"})
        for text in texts(call)
    }
    assert len(asked) > 40
    assert {text for text in asked if CHINESE.search(text)} == set()
