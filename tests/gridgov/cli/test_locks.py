"""What a fresh clone installs: locked by hashes, and from wherever its owner gets packages."""

import json
import re
import tomllib

from gridgov.embedded.places import CHECKOUT

HOST = re.compile(
    r"https?://|\b[a-z0-9-]+(\.[a-z0-9-]+)*\.(com|org|io|net|cn|dev)(/|:|\b)", re.IGNORECASE
)
NAME = re.compile(r"^([A-Za-z0-9._-]+)", re.MULTILINE)


def read(name: str) -> str:
    return (CHECKOUT / name).read_text()


def plain(names: list[str]) -> set[str]:
    return {re.sub(r"[-_.]+", "-", name).lower() for name in names}


def test_the_python_lock_names_no_host_and_no_place():
    text = read("requirements.txt")

    assert "://" not in text
    assert re.findall(r"^\s*-(?!-hash=)", text, re.MULTILINE) == []


def test_every_locked_package_has_a_version_and_hashes():
    blocks = re.split(r"\n(?=\S)", read("requirements.txt").strip())

    assert [block for block in blocks if "==" not in block or "--hash=sha256:" not in block] == []


def test_everything_that_is_asked_for_is_locked():
    asked = plain(NAME.findall(read("requirements.in")))
    locked = plain(NAME.findall(read("requirements.txt")))
    needed = tomllib.loads(read("pyproject.toml"))["project"]["dependencies"]

    assert asked - locked == set()
    assert plain([NAME.findall(each)[0] for each in needed]) - asked == set()


def test_the_npm_lock_carries_hashes_and_no_addresses():
    packages = json.loads(read("package-lock.json"))["packages"]

    assert [name for name, said in packages.items() if "resolved" in said] == []
    assert [name for name, said in packages.items() if name and "integrity" not in said] == []


def test_npm_packages_are_pinned():
    said = json.loads(read("package.json"))
    versions = [*said["dependencies"].values(), *said["devDependencies"].values()]

    assert [version for version in versions if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []


def test_what_builds_and_runs_names_no_host():
    files = ["Makefile", ".npmrc", ".ci/run", "requirements.in", "package.json"]
    known = {"htmx.org"}  # a package's name

    found = {name: {hit.group() for hit in HOST.finditer(read(name))} for name in files}

    assert {name: hits - known for name, hits in found.items() if hits - known} == {}
