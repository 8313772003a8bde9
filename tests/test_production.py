"""What docs/production.md says: held against the code, and done as far as one machine can."""

import configparser
import contextlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from gridgov.cli.main import main
from gridgov.kernel.settings import Settings

ROOT = Path(__file__).parents[1]
PRODUCTION = ROOT / "docs/production"
UNITS = sorted(PRODUCTION.glob("*.service"))
CONTAINER = (PRODUCTION / "Containerfile").read_text()
EXAMPLE = (PRODUCTION / "gridgov.env.example").read_text()
SOURCE = (ROOT / "platform/gridgov/kernel/settings.py").read_text()
KNOWN = set(re.findall(r"GRIDGOV_[A-Z_]+", SOURCE)) | {
    f"GRIDGOV_{name}" for name in re.findall(r'"([A-Z]+(?:_[A-Z]+)*)"', SOURCE)
}
NOT_FOR_PRODUCTION = {"GRIDGOV_DEMO", "GRIDGOV_STATE"}
GRIDGOV = str(Path(sys.executable).with_name("gridgov"))
PIP = str(Path(sys.executable).with_name("pip"))
PATIENCE = 60.0


def unit(path):
    """The directives of a unit by section; one that is said twice keeps both."""
    said = configparser.RawConfigParser(strict=False)
    said.optionxform = str
    said.read(path)
    return said


def test_every_name_of_an_environment_in_the_documents_is_a_setting():
    told = {
        (path.name, name)
        for path in [*PRODUCTION.iterdir(), *ROOT.glob("docs/*.md"), *ROOT.glob("*.md")]
        for name in re.findall(r"GRIDGOV_[A-Z]+(?:_[A-Z]+)*", path.read_text())
    }
    assert {one for one in told if one[1] not in KNOWN} == set()


def test_every_setting_is_in_the_example():
    """Whoever fills in the example has everything; what is only for demos is not in it."""
    offered = set(re.findall(r"^(GRIDGOV_\w+)=", EXAMPLE, re.MULTILINE))
    read = set(Settings.environment(settings_of("x" * 40)))
    assert offered == {name for name in read if name.startswith("GRIDGOV_")} - NOT_FOR_PRODUCTION


def settings_of(secret):
    return Settings("d", "o", "p", "r", secret.encode(), Path("f"))


def test_both_services_are_alike_but_for_what_they_run():
    """A hardening that one forgets would be missed in no other place."""
    one, other = (unit(path) for path in UNITS)
    apart = {
        name
        for name in {*one["Service"], *other["Service"]}
        if one["Service"].get(name) != other["Service"].get(name)
    }
    assert apart == {"ExecStart"}


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_a_unit_runs_a_command_that_exists_with_the_settings_and_no_powers(path):
    service = unit(path)["Service"]
    program, *words = service["ExecStart"].split()
    assert program == "/opt/gridgov/.venv/bin/gridgov"
    with pytest.raises(SystemExit) as helped:
        main([*words, "--help"])
    assert helped.value.code == 0
    assert service["EnvironmentFile"] == "/etc/gridgov/gridgov.env"
    assert service["User"] == "gridgov"
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""
    files = re.search(r"^GRIDGOV_FILES=(.+)$", EXAMPLE, re.MULTILINE).group(1)
    assert files.startswith(f"/var/lib/{service['StateDirectory']}/")


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_systemd_understands_a_unit(path, tmp_path):
    """Where there is a systemd: elsewhere only the names of its directives can be looked at."""
    tool = shutil.which("systemd-analyze")
    if tool is None:
        assert set(unit(path).sections()) == {"Unit", "Service", "Install"}
        return
    copy = tmp_path / path.name
    copy.write_text(path.read_text().replace("/opt/gridgov/.venv/bin/gridgov", GRIDGOV))
    said = subprocess.run([tool, "verify", copy], capture_output=True, text=True, check=False)
    ours = [line for line in said.stderr.splitlines() if path.name in line]
    assert ours == []


def test_nginx_understands_the_example(tmp_path):
    """With a certificate that is nobody's; where there is no nginx its rules are read instead."""
    text = (PRODUCTION / "nginx.conf").read_text()
    for rule in ("Host $host", "X-Forwarded-For $remote_addr", "proxy_buffering off"):
        assert rule in text
    tools = [
        shutil.which(name, path="/usr/local/sbin:/usr/sbin:/usr/local/bin:/usr/bin")
        for name in ("nginx", "openssl")
    ]
    if None in tools:
        return
    nginx, openssl = tools
    key, chain = tmp_path / "key.pem", tmp_path / "chain.pem"
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=grid.example.gov",
         "-keyout", key, "-out", chain], check=True, capture_output=True,
    )  # fmt: skip
    text = text.replace("/etc/ssl/gridgov/fullchain.pem", str(chain))
    text = text.replace("/etc/ssl/gridgov/key.pem", str(key))
    whole = tmp_path / "nginx.conf"
    whole.write_text(f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ {text} }}")
    said = subprocess.run(
        [nginx, "-t", "-p", tmp_path, "-c", whole], capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stderr


def test_the_container_copies_what_there_is_and_runs_what_there_is():
    copied = [
        source
        for line in re.findall(r"^COPY (?!--from)(.+)$", CONTAINER, re.MULTILINE)
        for source in line.split()[:-1]
    ]
    assert len(copied) > 5
    assert [source for source in copied if not (ROOT / source).exists()] == []
    entry = re.search(r'^CMD \["gridgov", "(\w+)"\]$', CONTAINER, re.MULTILINE).group(1)
    with pytest.raises(SystemExit) as helped:
        main([entry, "--help"])
    assert helped.value.code == 0
    assert set(re.findall(r"GRIDGOV_[A-Z]+", CONTAINER)) <= KNOWN


def test_the_containers_last_install_needs_nothing_from_outside(tmp_path):
    """The very words of its step, but for that nothing is written: from the lock alone."""
    words = re.search(
        r"pip install (--no-cache-dir --no-build-isolation .+) \\$", CONTAINER, re.MULTILINE
    )
    said = subprocess.run(
        [PIP, "install", "--dry-run", "--no-index", *words.group(1).split()],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert said.returncode == 0, said.stderr
    assert "--no-deps" in words.group(1)


def test_every_command_of_the_documents_exists():
    told = {
        words
        for path in (ROOT / "docs/production.md", ROOT / "docs/admin.md")
        for words in re.findall(r"`gridgov ([a-z]+(?: [a-z]+)?)", path.read_text())
    }
    assert {"serve", "worker", "migrate"} <= {words.split()[0] for words in told}
    unknown = {words for words in told if not understood(words.split())}
    assert unknown == set()


def understood(words):
    """By the command itself; a second word may be an argument of the first."""
    for asked in (words, words[:1]):
        with contextlib.redirect_stderr(None), contextlib.redirect_stdout(None):
            try:
                main([*asked, "--help"])
            except SystemExit as end:
                if end.code == 0:
                    return True
    return False


def environment(settings, **others):
    """What systemd would give: the example's lines filled in, and nothing of ours."""
    names = re.findall(r"^(GRIDGOV_\w+)=", EXAMPLE, re.MULTILINE)
    filled = {name: settings.environment()[name] for name in names}
    return {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **filled, **others}


@pytest.fixture
def production(settings, tmp_path):
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        port = place.getsockname()[1]
    files = tmp_path / "files"
    files.mkdir()
    return replace(
        settings, demo=False, files=files, hosts=("grid.example.gov",),
        bind_port=port, web_processes=1, proxies=("127.0.0.1",),
    )  # fmt: skip


@pytest.mark.parametrize("command", ["serve", "worker", "migrate"])
@pytest.mark.parametrize("secret", ["", "changeme-" * 8, "a" * 31, "demo-only-" * 5])
def test_a_placeholder_starts_nothing(production, command, secret):
    said = subprocess.run(
        [GRIDGOV, command], env=environment(production, GRIDGOV_SECRET=secret),
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert said.returncode != 0
    assert "GRIDGOV_SECRET" in said.stderr
    assert "Traceback" not in said.stderr


def test_web_and_worker_run_as_the_units_run_them(production, tmp_path):
    """The commands of the units with the lines of the example, behind a proxy's headers."""
    done = subprocess.run(
        [GRIDGOV, "migrate"], env=environment(production), capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    away = environment(production, GRIDGOV_OWNER_URL="postgresql://nobody:x@/nowhere")
    running = []
    with contextlib.ExitStack() as logs:
        for path in UNITS:
            words = unit(path)["Service"]["ExecStart"].split()[1:]
            log = logs.enter_context((tmp_path / path.stem).open("wb"))
            running.append(
                subprocess.Popen([GRIDGOV, *words], env=away, stdout=log, stderr=log, cwd="/")
            )
        try:
            assert page_of(production) == 404  # no such county: the page of the product says so
            assert [process.poll() for process in running] == [None, None]
        finally:
            ended = [ended_by(process) for process in running]
    told = {path.stem: (tmp_path / path.stem).read_text() for path in UNITS}
    assert ended == [0, 0], told
    assert not any("Traceback" in text for text in told.values()), told


def page_of(settings):
    """The status of a page in Chinese with the headers of production, once it answers."""
    until = time.monotonic() + PATIENCE
    headers = {
        "host": "grid.example.gov",
        "x-forwarded-proto": "https",
        "x-forwarded-for": "10.0.0.9",
    }
    while time.monotonic() < until:
        with contextlib.suppress(httpx.HTTPError):
            page = f"http://127.0.0.1:{settings.bind_port}/nirgendwo/log-in"
            answer = httpx.get(page, headers=headers, timeout=5)
            assert re.search(r"[\u4e00-\u9fff]", answer.text)
            assert "content-security-policy" in answer.headers
            strange = httpx.get(page, headers=headers | {"host": "evil.example"}, timeout=5)
            assert strange.status_code == 400
            return answer.status_code
        time.sleep(0.2)
    raise AssertionError("no answer")


def ended_by(process):
    process.send_signal(signal.SIGTERM)
    try:
        return process.wait(15)
    finally:
        process.kill()
