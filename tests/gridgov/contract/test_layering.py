"""Declarations laid over one another, and where two plugins contradict each other."""

from dataclasses import replace
from datetime import date

from factories.packages import COUNTY
from gridgov.contract.declarations import Category, ClockRules, County, Level, Urgency
from gridgov.contract.layering import clashes, clashes_of_part, over, together
from gridgov.contract.rulebook import Made, Part, Rulebook, digest_of, kept, read
from liling.plugin import county as liling

ROADS, LABOUR = COUNTY.categories
WATER = Category(code="water", name="水务")
OUR_ROADS = replace(ROADS, name="本地道路")


def codes(county, group):
    return [one.code for one in getattr(county, group)]


def test_the_same_code_takes_the_place_of_the_one_below():
    top = County(name="上", categories=(OUR_ROADS, WATER), glossary={"甲": "乙"})

    laid = over(COUNTY, top)

    assert laid.categories == (OUR_ROADS, WATER, LABOUR)
    assert laid.levels == COUNTY.levels
    assert (laid.name, laid.glossary) == ("上", {"甲": "乙"})


def test_kinds_of_cases_are_told_apart_by_their_version():
    kind = liling().case_kinds[0]
    newer = replace(kind, version=kind.version + 1)

    laid = over(liling(), County(name="", case_kinds=(newer,))).case_kinds
    assert set(laid) == {*liling().case_kinds, newer}


def test_side_by_side_everything_is_there_once():
    other = County(name="别", categories=(ROADS, WATER), glossary={"丙": "丁"})

    both = together({"tiny": COUNTY, "other": other})

    assert both.categories == (ROADS, LABOUR, WATER)
    assert both.name == COUNTY.name
    assert both.glossary == {"丙": "丁"}


def test_what_two_plugins_say_differently_is_named_with_both():
    other = County(name="别", categories=(OUR_ROADS, WATER))

    alone = {"tiny": ("tiny",), "other": ("other",)}

    assert [str(clash) for clash in clashes({"tiny": COUNTY, "other": other}, alone)] == [
        "tiny and other both declare 'roads' of categories, differently."
    ]
    assert clashes({"tiny": COUNTY, "other": COUNTY}, alone) == []


def test_who_builds_on_another_may_say_otherwise():
    other = County(name="别", categories=(OUR_ROADS,), builds_on="tiny")

    assert clashes({"tiny": COUNTY, "other": other}, {"tiny": (), "other": ("other", "tiny")}) == []


def test_a_part_may_have_its_own_categories_but_no_levels_of_its_own():
    level = Level(code="town", name="片区", under=("county",), code_length=9)
    part = County(name="街道", categories=(OUR_ROADS,), levels=(level,))

    assert [clash.code for clash in clashes_of_part(COUNTY, part, ("tiny", "street"))] == ["town"]


def test_a_rulebook_comes_back_as_it_was_kept():
    made = Made(name="liling", version="1")
    part = Part(plugins=(made,), county=COUNTY)
    book = Rulebook(plugins=(made,), county=liling(), parts={"street": part})

    again = read(kept(book))

    assert again == book
    assert digest_of(again) == digest_of(book)


def test_the_digest_is_of_what_is_declared_and_not_of_who_declares_it():
    book = Rulebook(plugins=(Made(name="tiny", version="1"),), county=COUNTY)
    newer = replace(book, plugins=(Made(name="tiny", version="2"),))
    rules = ClockRules(effective_from=date(2026, 1, 1), clocks=())
    other = replace(COUNTY, urgencies=(Urgency(code="x", name="x", rules=(rules,)),))

    assert digest_of(newer) == digest_of(book)
    assert digest_of(replace(book, county=other)) != digest_of(book)
