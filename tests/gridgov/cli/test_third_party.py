"""A county's package from outside: installed from a folder, enabled, used, disabled, removed.

Every step is a process of its own, as in production; what is installed is what its path says.
"""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from gridgov.cli.main import main
from gridgov.testkit.databases import a_database

HERE = Path(__file__).parent
MODELS = '''"""What the county keeps beside its cases."""

from gridgov.cases.models import Case
from gridgov.kernel.db import TenantRow, tenant_fk
from sqlalchemy.orm import Mapped
from uuid import UUID


class Receipt(TenantRow):
    """What was brought along on an errand."""

    __tablename__ = "wanzai_receipts"

    case_id: Mapped[UUID]
    text: Mapped[str]

    __table_args__ = (*tenant_fk("case_id", Case),)
'''


class Outside:
    """The commands of the platform, with and without the package."""

    def __init__(self, folder: Path, settings, stack) -> None:
        self.stack = stack
        self.database = settings.database_url.partition("?")[0].rpartition("/")[2]
        self.site = folder / "site"
        self.package = folder / "wanzai"
        self.state = folder / "state.json"
        self.kept = folder / "kept"
        self.environment = settings.environment()
        self.installed = False

    def run(self, *command: str) -> tuple[int, str]:
        where = {"PYTHONPATH": str(self.site)} if self.installed else {}
        done = subprocess.run(
            [sys.executable, *command],
            check=False,
            capture_output=True,
            text=True,
            env={**self.environment, **where},
        )
        return done.returncode, done.stdout + done.stderr

    def gridgov(self, *words: str) -> str:
        status, said = self.run("-m", "gridgov.cli.main", *words)
        assert status == 0, said
        return said

    def refused(self, *words: str) -> str:
        status, said = self.run("-m", "gridgov.cli.main", *words)
        assert status != 0, said
        return said

    def visit(self, verb: str):
        status, said = self.run(str(HERE / "outside.py"), verb, str(self.state))
        assert status == 0, said
        return json.loads(self.state.read_text())["seen"]

    def install(self) -> None:
        pip = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--no-build-isolation",
        ]
        subprocess.run([*pip, "--target", str(self.site), str(self.package)], check=True)
        self.installed = True

    def tables(self) -> list[str]:
        return self.stack.sql(
            "SELECT tablename FROM pg_tables WHERE tablename LIKE 'wanzai%'", database=self.database
        )

    def audited(self, verb: str) -> list[str]:
        return self.stack.sql(
            f"SELECT who FROM audit_entries WHERE verb = '{verb}'", database=self.database
        )

    @property
    def slug(self) -> str:
        return json.loads(self.state.read_text())["one"]["slug"]


@pytest.fixture
def outside(tmp_path, stack):
    with a_database(stack) as settings:
        yield Outside(tmp_path, settings, stack)


def with_a_table_of_its_own(package: Path) -> None:
    """As an author adds one: a model that the front page brings in."""
    own = package / "wanzai"
    (own / "models.py").write_text(MODELS)
    front = own / "plugin.py"
    board = "from wanzai.board"
    words = front.read_text().replace(board, f"from wanzai import models\n{board}", 1)
    front.write_text(words)


def the_rows_are_taken_along(outside: Outside) -> None:
    """Before its tables go: once, for the owner alone, no formula in it, and told in the audit."""
    assert "plugin export" in outside.gridgov("plugin", "remove", "wanzai")
    export = ("plugin", "export", "wanzai", "--tenant", outside.slug, "--to")
    outside.gridgov(*export, str(outside.kept))
    assert "不会覆盖" in outside.refused(*export, str(outside.kept))
    file = outside.kept / "wanzai_receipts.csv"
    (line,) = csv.DictReader(file.read_text("utf-8-sig").splitlines())
    assert line["text"] == "'=药费单一张"
    assert file.stat().st_mode & 0o777 == 0o600
    assert outside.audited("rules.exported") == ["平台运维"]


def test_a_package_comes_is_used_and_goes_and_nobody_else_notices(outside):
    outside.visit("begin")
    main(["plugin", "new", "wanzai", "--into", str(outside.package.parent)])
    with_a_table_of_its_own(outside.package)
    outside.install()

    outside.gridgov("migration", "receipts", "--plugin", "wanzai")
    enable = ("plugin", "enable", "wanzai", "--tenant", outside.slug, "--yes")
    assert "gridgov migrate" in outside.refused(*enable)
    outside.gridgov("migrate")
    outside.gridgov(*enable)
    outside.visit("work")
    used = outside.visit("look")
    assert used["one"] == {
        "board": 200, "cases": 200, "case": 200, "errand": 200,
        "said": True, "state": False, "exported": True,
    }  # fmt: skip
    assert used["two"] == {"board": 404, "cases": 200, "case": 200, "said": False}

    why = outside.refused("plugin", "disable", "wanzai", "--tenant", outside.slug, "--yes")
    assert "代办" in why
    assert outside.slug in outside.refused("plugin", "remove", "wanzai", "--yes")
    outside.visit("finish")
    outside.gridgov("plugin", "disable", "wanzai", "--tenant", outside.slug, "--yes")
    left = outside.visit("look")
    assert left["one"]["board"] == 404

    the_rows_are_taken_along(outside)
    outside.gridgov("plugin", "remove", "wanzai", "--yes")
    outside.installed = False
    outside.gridgov("migrate")
    gone = outside.visit("look")
    assert gone["one"] == left["one"] == {
        "board": 404, "cases": 200, "case": 200, "errand": 200,
        "said": False, "state": True, "exported": True,
    }  # fmt: skip
    assert gone["two"] == used["two"]
    assert outside.tables() == []
