"""Installed plugins: which can be used, what they build on, and what they say together."""

from dataclasses import replace
from importlib.metadata import EntryPoint
from types import SimpleNamespace

import pytest

from factories.packages import COUNTY
from gridgov import plugins as module
from gridgov.contract.declarations import Category, County, Level
from gridgov.plugins import Plugin, Plugins, PolicyError

WATER = Category(code="water", name="水务")


def of(**counties: County | None) -> Plugins:
    return Plugins(
        {
            name: Plugin(
                name, SimpleNamespace(**({"county": lambda c=county: c} if county else {}))
            )
            for name, county in counties.items()
        },
        {},
    )


def faults(plugins: Plugins, *names: str, **how) -> tuple[str, ...]:
    with pytest.raises(PolicyError) as refused:
        plugins.resolve(names, **how)
    return tuple(map(str, refused.value.faults))


BASE = replace(COUNTY, reusable=True)


def test_a_county_is_laid_over_what_it_builds_on():
    ours = County(name="本县", builds_on="base", categories=(WATER,))

    rulebook = of(base=BASE, ours=ours).resolve(["ours"])

    assert rulebook.county.categories == (*COUNTY.categories, WATER)
    assert rulebook.county.levels == COUNTY.levels
    assert rulebook.names == ("ours", "base")


def test_plugins_side_by_side_are_asked_in_their_order():
    more = County(name="更多", categories=(WATER,))

    rulebook = of(tiny=COUNTY, more=more, silent=None).resolve(["tiny", "silent", "more"])

    assert rulebook.names == ("tiny", "silent", "more")
    assert rulebook.county.categories == (*COUNTY.categories, WATER)


def test_a_plugin_whose_code_raises_is_told_with_the_line(monkeypatch, tmp_path):
    (tmp_path / "tumbling.py").write_text("API = 1\nLIMIT = 1 / 0\n")
    monkeypatch.syspath_prepend(tmp_path)
    bad = EntryPoint("tumbling", "tumbling", "gridgov")
    monkeypatch.setattr(module, "entry_points", lambda **_: [bad])

    assert Plugins.installed().left_out == {
        "tumbling": "tumbling: division by zero (ZeroDivisionError in tumbling.py, line 2)"
    }


def test_two_that_build_on_the_same_meet_only_where_both_say_something():
    ours = County(
        name="我", builds_on="base", categories=(replace(COUNTY.categories[0], name="路"),)
    )
    more = County(name="更多", builds_on="base", categories=(WATER,))

    rulebook = of(base=BASE, more=more, ours=ours).resolve(["more", "ours"])

    assert [one.name for one in rulebook.county.categories] == ["路", "劳资", "水务"]
    assert (rulebook.names, rulebook.county.name) == (("more", "base", "ours"), "更多")


def test_a_part_that_builds_on_the_same_adds_only_its_own():
    ours = County(name="我", builds_on="base", levels=(replace(COUNTY.levels[3], name="责任区"),))
    street = County(name="街道", builds_on="base", categories=(WATER,))

    rulebook = of(base=BASE, ours=ours, street=street).resolve(["ours"], parts=["street"])

    assert rulebook.parts["street"].county.levels[3].name == "责任区"


def test_what_the_manifest_declares_lies_over_all():
    tables = {"category": [{"code": COUNTY.categories[0].code, "name": "公路"}]}

    rulebook = of(tiny=COUNTY).resolve(["tiny"], tables=tables)

    assert [one.name for one in rulebook.county.categories] == ["公路", "劳资"]


def test_a_part_is_the_county_with_its_plugin_over_it():
    street = County(name="街道", categories=(replace(COUNTY.categories[0], name="街巷"), WATER))

    rulebook = of(tiny=COUNTY, street=street).resolve(["tiny"], parts=["street"])

    assert [one.name for one in rulebook.parts["street"].county.categories] == [
        "街巷",
        "水务",
        "劳资",
    ]
    assert [one.name for one in rulebook.county.categories] == ["道路", "劳资", "水务"]
    assert rulebook.names == ("tiny", "street")


@pytest.mark.parametrize(
    ("plugins", "names", "how", "expected"),
    [
        (of(), ["moon"], {}, "moon is not installed."),
        (
            of(ours=County(name="", builds_on="moon")),
            ["ours"],
            {},
            "ours: county, builds_on: moon is not installed.",
        ),
        (
            of(tiny=COUNTY, ours=County(name="", builds_on="tiny")),
            ["ours"],
            {},
            "ours: county, builds_on: tiny does not say that it is reusable.",
        ),
        (
            of(ours=replace(BASE, builds_on="ours")),
            ["ours"],
            {},
            "ours: county, builds_on: ours builds on itself.",
        ),
        (
            of(tiny=COUNTY, other=replace(COUNTY, categories=(replace(WATER, code="roads"),))),
            ["tiny", "other"],
            {},
            "tiny and other both declare 'roads' of categories, differently.",
        ),
        (
            of(
                tiny=COUNTY,
                street=County(
                    name="", levels=(Level(code="town", name="片", under=("grid",), code_length=9),)
                ),
            ),
            ["tiny"],
            {"parts": ["street"]},
            "tiny and street both declare 'town' of levels, differently.",
        ),
        (
            of(tiny=replace(COUNTY, posts=COUNTY.posts * 2)),
            ["tiny"],
            {},
            "tiny: post chief, code: The code is declared more than once.",
        ),
        (
            of(tiny=COUNTY),
            ["tiny"],
            {"rights": ["audit.read"]},
            "tiny: role admin, rights: No room knows the right staff.appoint.",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_does_not_fit_is_said(plugins, names, how, expected):
    assert expected in faults(plugins, *names, **how)


def test_a_county_that_raises_is_named():
    def county():
        raise KeyError("moon")

    broken = Plugins({"broken": Plugin("broken", SimpleNamespace(county=county))}, {})

    assert faults(broken, "broken") == ("broken: county, raised: KeyError('moon')",)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("factories.packages", "It is written for API None of the contract; this platform has 1."),
        ("liling.nowhere", "No module named 'liling.nowhere'"),
    ],
)
def test_one_that_cannot_be_used_is_named_and_left_out(monkeypatch, value, said):
    good = EntryPoint("liling", "liling.plugin", "gridgov")
    bad = EntryPoint("bad", value, "gridgov")
    monkeypatch.setattr(module, "entry_points", lambda **_: [bad, good])

    installed = Plugins.installed()

    assert [plugin.name for plugin in installed] == ["liling"]
    assert installed.left_out == {"bad": f"bad: {said}"}
    assert faults(installed, "bad") == (f"bad: {said}",)
