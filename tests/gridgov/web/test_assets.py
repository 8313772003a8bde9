import pytest

from gridgov.web.assets import FILES, ICONS, build, symbol

ICON = '<svg class="x" viewBox="0 0 24 24">\n  <path d="M1 1" />\n</svg>'


def test_an_icon_becomes_a_symbol():
    assert (
        symbol("bell", ICON) == '<symbol id="bell" viewBox="0 0 24 24"><path d="M1 1" /></symbol>'
    )


def test_what_is_no_icon_is_refused():
    with pytest.raises(ValueError, match="bell"):
        symbol("bell", "<html></html>")


def test_the_vendor_folder_is_built_anew(tmp_path):
    packages, static = tmp_path / "packages", tmp_path / "static"
    for source in FILES:
        there = packages / source
        there.parent.mkdir(parents=True, exist_ok=True)
        if there.suffix:
            there.write_text("x")
        else:
            there.mkdir()
    icons = packages / "lucide-static" / "icons"
    icons.mkdir(parents=True)
    for name in ICONS:
        (icons / f"{name}.svg").write_text(ICON)
    stale = static / "vendor" / "stale.js"
    stale.parent.mkdir(parents=True)
    stale.write_text("old")

    build(packages, static)

    assert not stale.exists()
    assert (static / "vendor" / "icons.svg").read_text().count("<symbol ") == len(ICONS)
    assert (static / "vendor" / "leaflet" / "leaflet.js").exists()
