"""From docs/plugin-author.md alone a county stands on the screen: every block on it is run."""

import itertools
import re
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import httpx
import pytest

from factories.environments import Environment, an_environment

GUIDE = Path(__file__).parents[1] / "docs" / "plugin-author.md"
BLOCK = re.compile(r"(?:<!-- (\w+) ?(\S*) -->\n)?```\w+\n(.*?)\n```", re.DOTALL)


@pytest.fixture
def environment(tmp_path) -> Environment:
    return an_environment(tmp_path)


def test_every_block_of_the_guide_does_what_it_says(environment):
    blocks = BLOCK.findall(GUIDE.read_text())
    assert [text for what, _, text in blocks if not what] == []

    replaced = ("", "")
    for what, where, text in blocks:
        file = environment.home / where
        if what == "run":
            environment.run(text)
        elif what == "fails":
            environment.run(text, status=1)
        elif what == "show":
            show(environment, text)
        elif what == "write":
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"{text}\n")
        elif what == "append":
            file.write_text(f"{file.read_text()}{text}\n")
        elif what == "replace":
            replaced = (where, text)
        else:
            assert what == "by", what
            put(environment.home / replaced[0], replaced[1], text)


def put(file: Path, old: str, new: str) -> None:
    assert file.read_text().count(old) == 1, old
    file.write_text(file.read_text().replace(old, new))


def show(environment: Environment, command: str) -> None:
    """On the air until it is ended: its log-in opens, and nobody is let into its page."""
    state = Path(tempfile.mkdtemp(prefix="guide"))  # short, for sockets lie in it
    command = f"export GRIDGOV_STATE={state}; exec {command}"
    with subprocess.Popen(
        environment.spoken(command), cwd=environment.home, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout is not None
            look(list(itertools.takewhile(lambda line: "Ctrl-C" not in line, server.stdout)))
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(60)
            shutil.rmtree(state)


def look(told: list[str]) -> None:
    address = next(line.split()[1] for line in told if line.split()[:1] == ["staff"])
    (tokens,) = [line.split()[-1] for line in told if "one-time passwords" in line]
    assert "d1" in [line.split(",")[0] for line in Path(tokens).read_text().splitlines()]
    assert httpx.get(f"{address}log-in").status_code == 200
    assert httpx.get(f"{address}x/wanzai/board").status_code == 401
