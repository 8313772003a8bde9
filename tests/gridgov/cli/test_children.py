"""Processes that a command starts are surely ended."""

import os
import time

import pytest

from gridgov.cli.children import Children
from gridgov.embedded.servant import StackError

ENVIRONMENT = {"PATH": os.defpath}


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_child_that_dies_is_told_with_its_last_words(tmp_path):
    with Children(tmp_path / "log", ENVIRONMENT) as children:
        child = children.start("web", "nonsense")
        child.process.wait(30)

        with pytest.raises(StackError, match="invalid choice: 'nonsense'"):
            children.check()


def test_leaving_ends_every_child(tmp_path):
    with Children(tmp_path / "log", ENVIRONMENT) as children:
        pids = [children.start(name, "stack", "status").process.pid for name in ("one", "two")]

    assert [pid for pid in pids if alive(pid)] == []


def test_waiting_ends_at_once_when_the_child_died(tmp_path):
    began = time.monotonic()

    with Children(tmp_path / "log", ENVIRONMENT) as children:
        children.start("web", "nonsense").process.wait(30)
        with pytest.raises(StackError, match="web ended by itself"):
            children.wait_for("127.0.0.1", 1, "/")

    assert time.monotonic() - began < 30
