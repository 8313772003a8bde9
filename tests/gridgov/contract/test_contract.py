"""The contract is small, asks its questions as questions, and its page says just what it is."""

import inspect
from pathlib import Path

import pytest

from gridgov.cli.reference import FILE, reference, specs
from gridgov.embedded.places import CHECKOUT

TESTS = "".join(path.read_text() for path in (CHECKOUT / "tests").rglob("test_*.py"))
MOST_DECISIONS = 8
HOOKS = specs()


def test_the_page_of_the_contract_is_written_from_it():
    """Any change of the contract shows here: run `make reference` and look at what it changed."""
    assert FILE.read_text() == reference()


def test_there_are_few_hooks():
    decisions = [hook for hook in HOOKS if hook.__name__ != "county"]

    assert len(decisions) <= MOST_DECISIONS


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook.__name__)
def test_a_hook_asks_says_when_shows_how_and_is_tried(hook):
    said = inspect.getdoc(hook)

    assert said.splitlines()[0].endswith("?")
    assert "Asked " in said
    assert "Example:" in said
    assert hook.__name__ in TESTS


def test_every_field_of_a_declaration_has_a_type_that_the_page_can_say():
    assert "typing." not in Path(FILE).read_text()
