"""What somebody at a terminal reads when a command cannot do its work."""

import subprocess
import sys
from dataclasses import replace

import pytest

from gridgov.cli.main import main


@pytest.fixture
def migrate(settings, monkeypatch, capfd):
    """The command with another owner's address; its status and what it says."""

    def tried(old: str, new: str) -> tuple[int, str]:
        assert old in settings.owner_url
        away = replace(settings, owner_url=settings.owner_url.replace(old, new))
        for name, value in away.environment().items():
            monkeypatch.setenv(name, value)
        return main(["migrate"]), capfd.readouterr().err

    return tried


@pytest.mark.parametrize(
    ("old", "new", "because"),
    [
        ("gridgov_owner:", "gridgov_owner:not-", "password authentication failed"),
        ("gridgov_owner:", "nobody:", "password authentication failed"),
        ("host=/", "host=/nowhere/", "No such file or directory"),
    ],
)
def test_a_database_that_cannot_be_entered_is_a_sentence(migrate, old, new, because):
    status, said = migrate(old, new)

    assert status == 1
    assert said.startswith("gridgov: PostgreSQL does not let us in: ")
    assert because in said
    assert "GRIDGOV_*_URL" in said
    assert "Traceback" not in said


def test_a_reader_who_has_seen_enough_is_no_fault():
    with subprocess.Popen(
        [sys.executable, "-m", "gridgov.cli.main", "tenant", "validate", "tenants/liling"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as said:
        assert said.stdout and said.stderr
        said.stdout.close()  # before a word is said
        told = said.stderr.read().decode()

    assert (told, said.returncode) == ("", 141)
