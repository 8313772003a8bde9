"""``gridgov plugin new``: what it writes can be worked with at once."""

import subprocess
import sys

import pytest

from gridgov.cli.main import main
from gridgov.cli.plugin_new import SKELETON, STANDS_FOR


@pytest.mark.parametrize("slug", ["xyz", "thelongestnameofall"])
def test_a_new_package_needs_no_mending(tmp_path, slug):
    assert main(["plugin", "new", slug, "--into", str(tmp_path)]) == 0

    for asked in (["check"], ["format", "--check"]):
        command = [sys.executable, "-m", "ruff", *asked, "--no-cache", str(tmp_path)]
        found = subprocess.run(command, check=False, capture_output=True, text=True)
        assert found.returncode == 0, found.stdout


def test_a_new_package_has_its_own_name_everywhere(tmp_path):
    main(["plugin", "new", "wanzai", "--into", str(tmp_path)])

    written = {path for path in tmp_path.rglob("*") if path.is_file()}
    assert len(written) > 10
    assert [path for path in written if STANDS_FOR in str(path.relative_to(tmp_path))] == []
    assert [path for path in written if STANDS_FOR in path.read_text()] == []
    assert (tmp_path / "wanzai" / "wanzai" / "plugin.py").exists()
    assert (SKELETON / STANDS_FOR / "plugin.py").exists()


@pytest.mark.parametrize(
    ("slug", "sentence"),
    [
        ("Wanzai", "3 to 20 letters"),
        ("wz", "3 to 20 letters"),
        ("wan-zai", "3 to 20 letters"),
        ("../wanzai", "3 to 20 letters"),
        ("cases", "a word of the platform"),
        ("static", "a word of the platform"),
        ("liling", "installed already"),
        ("json", "installed already"),
    ],
)
def test_a_name_that_cannot_be_used_is_refused(tmp_path, capsys, slug, sentence):
    assert main(["plugin", "new", slug, "--into", str(tmp_path)]) == 1

    assert sentence in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(tmp_path, capsys):
    (tmp_path / "wanzai").mkdir()
    kept = tmp_path / "wanzai" / "notes.txt"
    kept.write_text("mine")

    assert main(["plugin", "new", "wanzai", "--into", str(tmp_path)]) == 1

    assert "nothing is overwritten" in capsys.readouterr().err
    assert list((tmp_path / "wanzai").iterdir()) == [kept]
