"""Whom a case is suggested to: what says who answers for it, what the place and the load do."""

from uuid import uuid4

import pytest

from gridgov.cases.rules.routing import Answering, candidates
from gridgov.contract.facts import CaseFacts, DepartmentFacts, Route
from gridgov.kernel.sentences import N_

HERE, TOWN, ELSEWHERE = "430281.001.002.", "430281.001.", "430281.007."
FIRST, NEXT = "这一类的首选部门", "这一类的备选部门"
DECIDED = ("liling", Route(department="c", confidence=0.85, reason=N_("农村公路")))


def suggested(listed, *, answering=None, decided=None, places=None, busy=None):
    """Code, certainty and reason of each of a, b, c and d that could take a case at one place."""
    departments = tuple(
        DepartmentFacts(
            id=uuid4(),
            code=code,
            name=code,
            path=(places or {}).get(code, "430281."),
            open_cases=(busy or {}).get(code, 0),
        )
        for code in "abcd"
    )
    case = CaseFacts(category="x", urgency="normal", path=HERE, departments=departments)
    found = candidates(case, listed.split(), answering, decided)
    return [(one.department.code, round(one.confidence, 2), str(one.reason)) for one in found]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"listed": ""}, []),
        ({"listed": "gone"}, []),
        ({"listed": "a"}, [("a", 0.8, FIRST)]),
        ({"listed": "b a"}, [("b", 0.75, FIRST), ("a", 0.45, NEXT)]),
        (
            {"listed": "a b", "answering": Answering("b", assumed=False)},
            [("b", 0.95, "归口责任单位"), ("a", 0.75, FIRST)],
        ),
        (
            {"listed": "a b", "answering": Answering("b", assumed=False, listed=True)},
            [("b", 0.95, "本县清单定的责任部门"), ("a", 0.75, FIRST)],
        ),
        (
            {"listed": "a", "answering": Answering("b", assumed=True)},
            [("a", 0.8, FIRST), ("b", 0.7, "归口责任单位（暂定，待县里确认）")],
        ),
        ({"listed": "a", "decided": DECIDED}, [("c", 0.85, "农村公路"), ("a", 0.8, FIRST)]),
        (
            {"listed": "a b", "decided": DECIDED},
            [("c", 0.85, "农村公路"), ("a", 0.75, FIRST), ("b", 0.45, NEXT)],
        ),
    ],
    ids=[
        "nobody",
        "a department that is gone",
        "the only one",
        "the order of the list",
        "the county's own data first",
        "its list of assignments",
        "what is assumed after what is listed",
        "a plugin before the only one of a list",
        "a plugin before a choice",
    ],
)
def test_who_is_suggested_and_why(told, expected):
    assert suggested(**told) == expected


def test_the_place_leaves_out_whose_it_is_not_and_is_named_where_it_counts():
    assert suggested("a b c", places={"a": ELSEWHERE, "c": TOWN}) == [
        ("c", 0.5, f"{NEXT}，专管这一片"),
        ("b", 0.45, NEXT),
    ]


def test_the_load_is_said_and_decides_among_equals():
    assert suggested("a b c d", busy={"b": 9, "c": 2}) == [
        ("a", 0.75, FIRST),
        ("d", 0.45, NEXT),
        ("c", 0.45, f"{NEXT}，目前在办 2 件"),
        ("b", 0.45, f"{NEXT}，目前在办 9 件"),
    ]


def test_however_busy_who_answers_for_a_matter_stays_first():
    found = suggested("a b", busy={"a": 500, "b": 1})

    assert [code for code, *_ in found] == ["a", "b"]


def test_place_and_load_are_both_said():
    ((_, _, reason), *_) = suggested("a", places={"a": HERE}, busy={"a": 3})

    assert reason == f"{FIRST}，专管这一片，目前在办 3 件"
