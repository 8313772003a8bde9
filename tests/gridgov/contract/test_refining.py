"""A county says of a kind of case only what differs."""

from dataclasses import fields, replace

import pytest

from gridgov.baseline.flow import FLOW
from gridgov.contract.declarations import Action, State, Step
from gridgov.contract.refining import OfAction, OfState, refined

BY_CODE = {action.code: action for action in FLOW.actions}


def actions_of(kind):
    return {action.code: action for action in kind.actions}


def test_what_is_not_named_stays():
    assert refined(FLOW, source=FLOW.source) == FLOW


def test_an_action_changes_by_its_code_and_the_others_do_not():
    found = actions_of(refined(FLOW, source="x", actions={"supervise": {"name": "挂牌督办"}}))

    assert found.pop("supervise") == replace(BY_CODE["supervise"], name="挂牌督办")
    assert found == {code: action for code, action in BY_CODE.items() if code != "supervise"}


def test_a_text_is_cited_for_many_actions_and_one_may_name_its_own():
    kind = refined(
        FLOW,
        source="the text",
        cited={"the text": ("file", "close")},
        actions={"close": {"source": "another"}},
    )

    assert kind.source == "the text"
    assert actions_of(kind)["file"].source == "the text"
    assert actions_of(kind)["close"].source == "another"


def test_steps_take_the_place_of_those_below_and_states_follow():
    steps = (Step(code="all", name="一步"),)
    there = {state.code: {"step": "all"} for state in FLOW.states}

    kind = refined(FLOW, source="x", steps=steps, states=there)

    assert kind.steps == steps
    assert {state.step for state in kind.states} == {"all"}


def test_actions_of_its_own_come_last():
    own = replace(BY_CODE["note"], code="own")

    assert refined(FLOW, source="x", added=(own,)).actions == (*FLOW.actions, own)


@pytest.mark.parametrize(
    ("said", "lacking"),
    [
        ({"states": {"lost": {"name": "x"}}}, "incident has no state lost."),
        ({"actions": {"fly": {"name": "x"}, "file": {}}}, "incident has no action fly."),
        ({"cited": {"a text": ("file", "fly", "dive")}}, "incident has no action dive, fly."),
    ],
)
def test_a_code_that_the_kind_does_not_have_is_named(said, lacking):
    with pytest.raises(ValueError, match=lacking):
        refined(FLOW, source="x", **said)


@pytest.mark.parametrize(("terms", "declared"), [(OfState, State), (OfAction, Action)])
def test_everything_but_the_code_can_be_said_otherwise(terms, declared):
    assert {"code", *terms.__annotations__} == {field.name for field in fields(declared)}
