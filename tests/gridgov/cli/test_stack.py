"""The embedded servers: started, joined, left, killed, thrown away."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from gridgov.embedded.places import place_of
from gridgov.embedded.servant import StackError
from gridgov.embedded.stack import Stack
from gridgov.kernel.settings import SettingsError

ROLES = "SELECT rolname FROM pg_roles WHERE rolname LIKE 'gridgov%' AND {} ORDER BY 1"
ENTER = """
import sys
from gridgov.embedded.stack import Stack
with Stack.named(sys.argv[1]).opened():
    print("in", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture(scope="module")
def name() -> Iterator[str]:
    """A stack of this process alone, gone afterwards."""
    made = f"try{os.getpid()}"
    yield made
    Stack.named(made).discard()
    assert not place_of(made).folder.exists()


@pytest.fixture
def own(name) -> Iterator[Stack]:
    with Stack.named(name).opened() as opened:
        yield opened


def pid_of(stack: Stack) -> int:
    return int((stack.postgres.data / "postmaster.pid").read_text().split()[0])


def test_the_roles_are_as_little_as_they_can_be(own):
    every = own.sql(ROLES.format("true"))
    strong = own.sql(ROLES.format("(rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole)"))

    assert every == ["gridgov_app", "gridgov_key", "gridgov_owner", "gridgov_province"]
    assert strong == []


def test_making_a_database_twice_is_harmless(own):
    own.prepare_database("twice")
    own.prepare_database("twice")

    assert own.sql("SELECT current_setting('data_checksums')", database="twice") == ["on"]


def test_a_database_lets_in_nobody_but_the_roles(own):
    own.prepare_database("closed")

    assert own.sql("SELECT has_database_privilege('public', 'closed', 'CONNECT')") == ["f"]


def test_the_servers_listen_on_no_port_and_trust_nobody(own):
    rules = own.sql("SELECT DISTINCT auth_method FROM pg_hba_file_rules WHERE type = 'local'")

    assert own.sql("SHOW listen_addresses") == [""]
    assert rules == ["scram-sha-256"]


def test_passwords_lie_in_a_file_that_others_cannot_read(own):
    assert (own.place.folder / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_the_servers_run_until_the_last_one_leaves(own):
    with Stack.named(own.place.folder.name).opened() as other:
        assert pid_of(other) == pid_of(own)

    assert own.postgres.running()
    assert own.cache.running()
    own.close()
    assert not own.postgres.running()
    assert not own.cache.running()


def test_one_who_was_killed_no_longer_counts(own, name):
    other = subprocess.Popen(
        [sys.executable, "-c", ENTER, name],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdout.readline() == "in\n"
    other.kill()
    other.communicate()

    own.close()

    assert not own.postgres.running()


def test_a_server_that_was_killed_starts_anew_with_its_data(own):
    own.prepare_database("kept")
    own.sql("CREATE TABLE kept (word text); INSERT INTO kept VALUES ('here')", database="kept")
    os.kill(pid_of(own), signal.SIGKILL)
    until = time.monotonic() + 10
    while own.postgres.running() and time.monotonic() < until:
        time.sleep(0.01)

    with Stack.named(own.place.folder.name).opened() as again:
        assert again.sql("SELECT word FROM kept", database="kept") == ["here"]


def test_a_process_number_that_another_program_got_does_not_keep_it_from_starting(own):
    own.close()
    (own.postgres.data / "postmaster.pid").write_text(f"{os.getpid()}\n")

    own.open()

    assert own.postgres.running()


def test_each_run_gets_an_emptied_redis_of_its_own(own):
    assert own.cache.next_database() != own.cache.next_database()


def test_a_stack_in_use_is_not_thrown_away(own, name):
    with pytest.raises(StackError, match="in use"):
        Stack.named(name).discard()

    assert own.postgres.running()


def test_another_checkout_has_another_place(tmp_path):
    assert place_of("demo").folder != place_of("demo", checkout=tmp_path).folder


def test_a_path_too_long_for_a_socket_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="GRIDGOV_STATE"):
        place_of("demo", root=tmp_path / ("deep" * 30))
