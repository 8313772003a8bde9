"""``gridgov demo`` as a person at a terminal has it: started, looked at, ended, started again."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from gridgov.embedded.places import CHECKOUT

DAYS = "1"
READY = "Ctrl-C ends it"
SECONDS = re.compile(r" +\d+ s  (.*)")
PATIENCE = 240.0
QUICK = 10.0


@pytest.fixture(scope="module")
def state() -> Iterator[Path]:
    """A folder for all that a demo keeps; its path is short, for sockets lie in it."""
    folder = Path(tempfile.mkdtemp(prefix="demo"))
    yield folder
    shutil.rmtree(folder)


@dataclass
class Demo:
    """One run, in a process group of its own like a terminal's."""

    state: Path
    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def steps(self) -> list[str]:
        """What it said that it was doing, in order."""
        return [found[1] for line in self.lines if (found := SECONDS.match(line))]

    def address(self, of: str) -> str:
        return next(line.split()[1] for line in self.lines if line.split()[:1] == [of])

    def logins(self) -> dict[str, tuple[str, str]]:
        """The name and the password of each role, the first that is told."""
        told = [line.split(maxsplit=2) for line in self.lines if " demo-" in line]
        return {role.split()[0]: (name, password) for name, password, role in reversed(told)}

    def living(self) -> set[int]:
        """The processes that work for it: all that know its folder."""
        return {int(entry.name) for entry in Path("/proc").glob("[0-9]*") if self._knows(entry)}

    def _knows(self, process: Path) -> bool:
        known = str(self.state).encode()
        with contextlib.suppress(OSError):  # it has just ended
            if known in (process / "cmdline").read_bytes() + (process / "environ").read_bytes():
                return True
            return (process / "cwd").resolve().is_relative_to(self.state)
        return False

    def interrupt(self) -> int:
        """Ctrl-C, which a terminal sends to the whole group."""
        os.killpg(self.process.pid, signal.SIGINT)
        rest, _ = self.process.communicate(timeout=60)
        self.lines += rest.splitlines()
        return self.process.returncode


@contextlib.contextmanager
def a_demo(state: Path, *arguments: str) -> Iterator[Demo]:
    """Started, and ready."""
    command = [sys.executable, "-m", "gridgov.cli.main", "demo", "tenants/liling"]
    began = time.monotonic()
    process = subprocess.Popen(
        [*command, "--port", str(free_port()), "--days", DAYS, *arguments],
        cwd=CHECKOUT,
        env={**os.environ, "GRIDGOV_STATE": str(state)},  # noqa: TID251  (a child inherits)
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    demo = Demo(state, process)
    try:
        assert process.stdout is not None
        for line in process.stdout:
            demo.lines.append(line.rstrip())
            assert time.monotonic() < began + PATIENCE, demo.lines
            if READY in line:
                break
        demo.seconds = time.monotonic() - began
        assert process.poll() is None, demo.lines
        yield demo
    finally:
        if process.poll() is None:
            demo.interrupt()


def free_port() -> int:
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return int(place.getsockname()[1])


def send(browser: httpx.Client, address: str, **fields: str) -> httpx.Response:
    """A form, with the token of its page."""
    page = browser.get(address)
    token = re.search(r'name="_csrf" value="([0-9a-f]+)"', page.text)
    assert token, page.status_code
    headers = {"sec-fetch-site": "same-origin"}
    return browser.post(address, data={"_csrf": token[1], **fields}, headers=headers)


@contextlib.contextmanager
def entered(demo: Demo, role: str) -> Iterator[httpx.Client]:
    """A browser whose printed login came in through the form."""
    login, password = demo.logins()[role]
    with httpx.Client(timeout=30, follow_redirects=True) as browser:
        inside = send(browser, f"{demo.address('staff')}log-in", login=login, password=password)
        assert inside.status_code == 200
        assert "退出" in inside.text
        yield browser


def cases(demo: Demo) -> set[str]:
    """The codes of the cases that the dispatcher sees."""
    staff = demo.address("staff")
    with entered(demo, "调度员") as browser:
        found: set[str] = set()
        page: str | None = f"{staff}cases"
        while page:
            answer = browser.get(page)
            found |= set(re.findall(r"430281\d{11}", answer.text))
            following = re.search(r'href="([^"]+after=[^"]+)"', answer.text)
            page = str(answer.url.join(following[1].replace("&amp;", "&"))) if following else None
    return found


def report(demo: Demo) -> str:
    """A resident's report at the printed address; the code that they get."""
    address = demo.address("residents")
    with httpx.Client(timeout=30, follow_redirects=True) as browser:
        here = browser.get(address)
        form, door = re.findall(r'href="([^"]+/report)\?grid=(\d+)"', here.text)[0]
        done = send(
            browser, str(here.url.join(form)), category="P0118", description="路灯不亮", grid=door
        )
    return re.findall(r"430281\d{11}", done.text)[0]


MEETING = (
    ("工作站专员", "file", {}),
    ("工作站专员", "pass_up", {"reason": "站里修不了"}),
    ("分中心专员", "take", {}),
    ("分中心专员", "dispatch", {}),
    ("部门经办员", "accept", {}),
)
"""The README's walk: role by role, what each does."""
CHOSEN = r'name="departments" value="([^"]+)" checked'


def act(demo: Demo, code: str, step: tuple[str, str, dict[str, str]]) -> str:
    """What the case's page shows afterwards; the department is the one that is suggested."""
    role, action, fields = step
    staff = demo.address("staff")
    with entered(demo, role) as browser:
        listed = browser.get(f"{staff}cases", params={"q": code})
        case = re.search(r"/cases/([0-9a-f-]{36})", listed.text)
        assert case, f"{role} does not see {code}"
        form = f"{staff}cases/{case[1]}/do/{action}"
        suggested = re.search(CHOSEN, browser.get(form).text)
        if suggested:
            fields = {**fields, "departments": suggested[1]}
        done = send(browser, form, **fields)
        assert done.status_code == 200, f"{role} may not {action}: {done.status_code}"
        return done.text


def test_a_demo_comes_up_ends_with_ctrl_c_and_goes_on_where_it_was(state):
    with a_demo(state) as first:
        shown = cases(first)
        reported = report(first)
        pages = [act(first, reported, step) for step in MEETING]
        assert "处置中" in pages[-1]  # the printed logins meet: the README's walk leads on
        assert len(first.living()) >= 6  # itself, PostgreSQL, Redis, worker, web and its processes
        assert first.interrupt() == 0
        assert first.living() == set()

    with a_demo(state) as second:
        assert cases(second) == {*shown, reported}
        assert second.logins() == first.logins()

    with a_demo(state, "--fresh") as third:
        assert reported not in cases(third)
        assert third.logins() != first.logins()
    assert third.living() == set()

    begun = [step for step in first.steps if not step.startswith(" ")]
    assert begun == [
        "PostgreSQL and Redis",
        "the database",
        "onboarding tenants/liling",
        f"a history of {DAYS} days",
        "web and worker",
        "ready",
        "stopping",
        "stopped; the data stays",
    ]
    assert [step for step in second.steps if "onboarding" in step or "history" in step] == []
    assert second.seconds < max(QUICK, first.seconds)  # on a busy machine everything is slow
    assert len(shown) >= 30
    assert len(first.logins()) >= 9
