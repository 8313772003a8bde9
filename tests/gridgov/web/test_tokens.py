"""The colours keep their promises: AA on every ground, and clock colours belong to clocks."""

import colorsys
import re
from itertools import product
from pathlib import Path

import pytest

from gridgov.web.assets import STATIC

CSS = STATIC / "css"
TOKENS = (CSS / "tokens.css").read_text(encoding="utf-8")
ROOT = dict(re.findall(r"(--[\w-]+):\s*(#[0-9a-f]{6})", TOKENS.split("[data-accent")[0]))
PALETTES = {
    name: dict(re.findall(r"(--[\w-]+):\s*(#[0-9a-f]{6})", body))
    for name, body in re.findall(r'\[data-accent="(\w+)"\] \{([^}]*)\}', TOKENS)
}
TEXTS = (
    "--ink",
    "--ink-2",
    "--ink-3",
    "--clock-green",
    "--clock-yellow",
    "--clock-red",
    "--clock-rest",
)
GROUNDS = ("--paper", "--leaf", "--shade")


def light_of(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((light_of(one), light_of(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    ("text", "ground"),
    list(product(TEXTS, GROUNDS)),
)
def test_text_is_legible_on_every_ground(text, ground):
    assert contrast(ROOT[text], ROOT[ground]) >= 4.5


@pytest.mark.parametrize(
    "mark", ["--edge", "--clock-green-fill", "--clock-yellow-fill", "--clock-red-fill"]
)
def test_marks_stand_out_from_paper(mark):
    assert contrast(ROOT[mark], ROOT["--paper"]) >= 3


def test_there_are_six_palettes():
    assert list(PALETTES) == ["qinghua", "tianqing", "dianlan", "zitan", "ouhe", "moyan"]


@pytest.mark.parametrize("name", PALETTES)
def test_a_palette_is_legible_and_is_no_clock_colour(name):
    palette = PALETTES[name]
    accent = palette["--accent"]
    hue, _, vivid = colorsys.rgb_to_hls(*(int(accent[at : at + 2], 16) / 255 for at in (1, 3, 5)))

    assert min(contrast(accent, ROOT[ground]) for ground in GROUNDS) >= 4.5
    assert contrast(accent, "#ffffff") >= 4.5
    assert contrast(palette["--accent-deep"], palette["--accent-soft"]) >= 4.5
    assert contrast(ROOT["--ink-3"], palette["--accent-soft"]) >= 4.5
    assert vivid < 0.2 or 185 <= hue * 360 <= 320


@pytest.mark.parametrize("sheet", sorted(CSS.glob("*.css")), ids=lambda file: file.name)
def test_colours_come_from_the_tokens(sheet: Path):
    allowed = {
        "tokens.css": None,
        "print.css": {"#fff", "#000", "#999"},
        "pages.css": {"#fff"},
        "portal.css": {"#fff"},
        "services.css": {"#fff"},
    }  # a QR code is read on white, and a signature is kept on it
    found = set(
        re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(", sheet.read_text(encoding="utf-8"))
    )

    assert allowed.get(sheet.name, set()) is None or found <= (allowed.get(sheet.name) or set())


@pytest.mark.parametrize("sheet", ["base.css", "components.css", "pages.css"])
def test_clock_colours_dress_clocks_only(sheet):
    rules = re.findall(
        r"([^{}]+)\{([^{}]*var\(--clock-[^{}]*)\}", (CSS / sheet).read_text(encoding="utf-8")
    )
    selectors = [one for rule, _ in rules for one in rule.split("*/")[-1].split(",")]

    assert [one for one in selectors if not re.search(r"light|clock|map-point", one)] == []


def test_every_variable_that_is_used_is_declared():
    declared = set(re.findall(r"(--[\w-]+):", TOKENS))
    used = {
        name
        for file in [*CSS.glob("*.css"), *(STATIC / "js").glob("*.js")]
        for name in re.findall(r"(?:var\(|token\(\")(--[\w-]+)", file.read_text(encoding="utf-8"))
    }

    assert used - declared == set()
