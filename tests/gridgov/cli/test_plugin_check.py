"""``gridgov plugin check``: each fault that it is there to find is made once, and found."""

import importlib
import string
from dataclasses import replace
from types import SimpleNamespace

import pytest

from factories.environments import an_environment
from gridgov.app import create_app
from gridgov.baseline import plugin as baseline
from gridgov.cli.conformance import pages, reading
from gridgov.cli.conformance.cases import Walk
from gridgov.cli.conformance.reading import Looked
from gridgov.cli.main import main
from gridgov.cli.plugin_check import check
from gridgov.cli.plugin_new import write
from gridgov.contract.declarations import County
from gridgov.contract.hooks import hookimpl
from gridgov.kernel.errors import Conflict
from gridgov.plugins import Plugin, Plugins
from gridgov.policy import Policies
from gridgov.testkit.counties import a_county
from gridgov.testkit.serving import started

SLUGS = (f"made{letter}" for letter in string.ascii_lowercase)


@pytest.fixture
def looked(tmp_path, monkeypatch):
    """A new package, changed as asked before it is loaded among those that are installed."""

    def made(file="", old="", new=""):
        slug = next(SLUGS)
        folder = write(slug, tmp_path)
        if file:
            path = folder / slug / file
            before, after = (text.replace("SLUG", slug) for text in (old, new))
            assert before in path.read_text()
            path.write_text(path.read_text().replace(before, after, 1))
        monkeypatch.syspath_prepend(folder)
        plugin = Plugin(slug, importlib.import_module(f"{slug}.plugin"))
        plugins = Plugins({**Plugins.installed().loaded, slug: plugin}, {})
        monkeypatch.setattr(Plugins, "installed", lambda: plugins)
        return Looked(plugin, plugins)

    return made


def test_a_new_package_has_no_fault(looked):
    assert reading.faults(looked()) == []


CHANGES = {
    "the core's tables": (
        ("board/web.py", "from litestar", "from gridgov.cases.models import Case\nfrom litestar"),
        ("board/web.py", "line 6", "It imports gridgov.cases.models.Case."),
    ),
    "another county": (
        ("people.py", "from typing", "import liling.posts\nfrom typing"),
        ("people.py", "line 3", "It imports liling.posts, which is another county's."),
    ),
    "a page that says nothing of who may open it": (
        ("board/web.py", ", permission=BoardRight.READ", ""),
        ("page GET /{tenant}/x/SLUG/board", "permission", "It names no permission"),
    ),
    "a page for a right that nobody knows": (
        ("board/web.py", "permission=BoardRight.READ", 'permission="tower.read"'),
        ("page GET /{tenant}/x/SLUG/board", "permission", "No room knows the right tower.read."),
    ),
    "a page that cannot be put up": (
        ("board/web.py", "ctx: Ctx", "ctx: Ctx, moon: 'Moon'"),
        ("pages", "CONTROLLERS", "They cannot be put up:"),
    ),
    "a right that could be anybody's": (
        ("board/types.py", "SLUG.board.read", "board.read"),
        ("right board.read", "value", "A right of its own begins with SLUG."),
    ),
    "a word without its English": (
        ("levels.py", "村级代办点", "代办驿站"),
        ("locale/en/LC_MESSAGES/messages.po", "代办驿站", "It has no English."),
    ),
    "words that no catalogue can take": (
        ("plugin.py", '"""What is the county', 'f"县{1}"\n    """What is the county'),
        ("plugin.py:18: f'县{1}'", "text", "No catalogue can take"),
    ),
    "a field that no form may have": (
        ("errand.py", 'label="回告"', 'label="宗教信仰"'),
        ("county", "declarations", "No form may ask for religion"),
    ),
    "a case that never ends": (
        ("errand.py", 'to="answered"', 'to="running"'),
        ("county", "declarations", "a dead end"),
    ),
    "a state that nothing leads to": (
        ("errand.py", 'to="answered"', 'to="running"'),
        ("county", "declarations", "state answered, code: No action leads to it."),
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_fault_is_named_with_its_place(looked, change):
    made = looked(*change[0])
    declaration, field, sentence = (text.replace("SLUG", made.name) for text in change[1])

    found = reading.faults(made)

    assert [
        flaw
        for flaw in found
        if (flaw.plugin, flaw.declaration, flaw.field) == (made.name, declaration, field)
        and sentence in flaw.sentence
    ], found


def test_all_faults_are_told_at_once_and_what_is_open_to_everybody(looked, capsys):
    made = looked("board/web.py", "permission=BoardRight.READ", 'permission="public"')
    (made.plugin.folder / "locale/en/LC_MESSAGES/messages.po").write_text("")

    status = main(["plugin", "check", made.name, "--quick"])

    told = capsys.readouterr()
    assert status == 1
    assert f"open to everybody: GET /{{tenant}}/x/{made.name}/board" in told.out
    assert told.err.count("It has no English.") > 10


def test_the_core_may_not_name_it(looked, monkeypatch, tmp_path):
    made = looked()
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "rules.py").write_text(f"NEW = {made.name!r}")
    monkeypatch.setattr(reading, "CORE", tmp_path / "core")

    assert [(flaw.declaration, flaw.sentence) for flaw in reading.mentions(made)] == [
        ("rules.py", "The core names the plugin.")
    ]


def test_the_bundled_plugin_of_nobody_has_no_fault():
    assert check("baseline", quick=True).faults == []


def test_a_county_tried_whole_has_no_fault_with_two_hundred_cases_of_each_kind():
    found = check("liling")

    assert found.faults == []
    walked = [note for note in found.notes if ": 200 cases, " in note]
    assert [note.split(":")[0] for note in walked] == ["kind incident", "kind assist"]


async def test_a_page_open_to_all_and_there_for_other_counties_is_found(
    looked, database, settings, monkeypatch
):
    """The platform shuts every page itself, so that an open one is only played here."""

    async def open_to_all(*_):
        return 200

    made = looked()
    county = await a_county(database, settings, plugins=["baseline"])
    monkeypatch.setattr(pages, "_asked", open_to_all)

    async with started(create_app(settings)) as app:
        said = [flaw.sentence async for flaw in pages.faults(made, app, county)]

    assert [sentence.split(" (")[0] for sentence in said] == [
        "It must be 401",
        "It must be 404",
        "It must be 403",
    ]


def test_one_that_is_not_there_or_for_another_contract_is_said_so(capsys, monkeypatch):
    left_out = Plugins({}, {"old": "old: It is written for API 0 of the contract."})
    monkeypatch.setattr(Plugins, "installed", lambda: left_out)

    assert main(["plugin", "check", "old"]) == 1
    assert "It is written for API 0" in capsys.readouterr().err
    assert main(["plugin", "check", "none"]) == 1
    assert "No plugin none is installed." in capsys.readouterr().err
    for command in (["catalogue", "old"], ["migration", "a table", "--plugin", "old"]):
        assert main(command) == 1
        assert "No plugin old is installed, or it cannot be loaded." in capsys.readouterr().err


async def test_cases_are_walked_to_an_end_by_what_is_declared(database, settings):
    county = await a_county(database, settings, plugins=["liling"])
    kind = county.policy.county.case_kinds[0]

    found = await Walk(database, settings, county, kind).run(12)

    assert (found.cases, dict(found.stuck)) == (12, {})
    assert len(found.done) > len(kind.actions) / 2
    assert found.done.keys() > {"merge", "unmerge", "withdraw"}


async def test_what_is_done_for_a_resident_is_walked_on_their_word(database, settings):
    county = await a_county(database, settings, plugins=["liling"])
    kind = next(one for one in county.policy.county.case_kinds if one.code == "assist")

    found = await Walk(database, settings, county, kind).run(12)

    assert (found.cases, dict(found.stuck), found.in_vain) == (12, {}, {})
    assert found.done.keys() > {"file", "dispatch", "accept", "finish", "close", "reject"}


async def test_what_must_come_first_from_elsewhere_is_noted_and_no_fault(database, settings):
    """A matter that no item of the catalogue stands behind has no word of a resident."""
    (common,) = baseline.county().case_kinds
    kind = replace(
        common,
        actions=tuple(
            replace(action, asks=("authorised",)) if action.code == "file" else action
            for action in common.actions
        ),
    )

    @hookimpl
    def county():
        return County(name="县", builds_on="baseline", case_kinds=(kind,))

    policies = Policies({"baseline": baseline, "worded": SimpleNamespace(county=county)})
    made = await a_county(database, settings, plugins=["worded"], policies=policies)

    found = await Walk(database, settings, made, kind).run(2)

    assert isinstance(found.in_vain["file"], Conflict)
    assert not found.stuck


async def test_a_case_that_nobody_can_move_is_found(database, settings):
    """Held by departments, as the linter likes it; but no department ever has a part in it."""
    (common,) = baseline.county().case_kinds
    kind = replace(
        common,
        code="errand",
        first="handling",
        states=tuple(s for s in common.states if s.code in {"handling", "handled", "closed"}),
        actions=tuple(
            replace(action, before=before, to=to)
            for action in common.actions
            for code, before, to in (
                ("report", (), "handling"),
                ("finish", ("handling",), "handled"),
                ("close", ("handled",), "closed"),
            )
            if action.code == code
        ),
    )

    @hookimpl
    def county():
        return County(name="县", builds_on="baseline", case_kinds=(kind,))

    policies = Policies({"baseline": baseline, "stuck": SimpleNamespace(county=county)})
    made = await a_county(database, settings, plugins=["stuck"], policies=policies)

    found = await Walk(database, settings, made, kind).run(3)

    assert dict(found.stuck) == {"handling": 3}


MODELS = """\
from gridgov.kernel.db import TenantRow
from sqlalchemy.orm import Mapped


class Note(TenantRow):
    __tablename__ = "wanzai_notes"
    text: Mapped[str]
"""
VERSION = """\
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.create_table(
        "wanzai_notes",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade():
    pass
"""


@pytest.fixture(scope="module")
def outside(tmp_path_factory):
    """An environment of its own with a new package in it."""
    made = an_environment(tmp_path_factory.mktemp("outside"))
    made.run("gridgov plugin new wanzai; pip install -q -e wanzai")
    return made


def test_a_new_package_tried_whole_has_no_fault(outside):
    told = outside.run("gridgov plugin check wanzai")

    assert "kind errand: 200 cases, " in told
    assert "wanzai: no faults, " in told


def test_a_page_that_falls_is_found(outside):
    web = outside.home / "wanzai" / "wanzai" / "board" / "web.py"
    sound = web.read_text()
    web.write_text(sound.replace("found = await", "1 / 0\n        found = await"))

    told = outside.run("gridgov plugin check wanzai --cases 1", status=1)

    web.write_text(sound)
    assert (
        "wanzai: page GET /{tenant}/x/wanzai/board, answer: "
        "helper is let in, and the answer is 500."
    ) in told


def test_tables_without_walls_and_versions_that_do_not_fit_are_found(outside):
    package = outside.home / "wanzai" / "wanzai"
    (package / "board" / "models.py").write_text(MODELS)
    with (package / "plugin.py").open("a") as front:
        front.write("\n\nfrom wanzai.board import models  # noqa: E402, F401\n")
    versions = package / "migrations" / "versions"
    versions.mkdir(parents=True)
    (versions / "0001_notes.py").write_text(VERSION)

    told = outside.run("gridgov plugin check wanzai --cases 1", status=1)

    for sentence in (
        "wanzai: migrations, versions: They do not lead to the models: ",
        "wanzai: migrations, downgrade: It leaves wanzai_notes behind.",
        "wanzai: table wanzai_notes, walls: No forced row security.",
        "wanzai: table wanzai_notes, walls: No policy of the one form.",
        "wanzai: table pk_wanzai_notes, walls: Unique without the tenant.",
    ):
        assert sentence in told, told
