"""Asking plugins: in their order, at a place, and so that a broken one breaks nothing."""

import logging
from time import sleep
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from factories.packages import COUNTY
from gridgov.contract.declarations import County
from gridgov.contract.facts import CaseFacts, Route
from gridgov.contract.hooks import case_route, hookimpl
from gridgov.kernel.budget import within
from gridgov.kernel.errors import OverBudget
from gridgov.kernel.sentences import Sentence
from gridgov.policy import LONGEST_ANSWER, Policies, Policy, PolicyError
from gridgov.tenants.models import TenantRecord

CASE = CaseFacts(category="roads", urgency="normal", path="9.1.", departments=())


def routing(
    *, to: str = "", county: County | None = None, raises: bool = False, slow: bool = False
):
    """A plugin that answers, keeps silent, raises or takes its time."""

    @hookimpl
    def case_route(case: CaseFacts) -> Route | None:
        if raises:
            raise LookupError(f"电话 19900000000 {case.category}")
        if slow:
            sleep(LONGEST_ANSWER * 1.5)
        return Route(department=to, confidence=1.0, reason="") if to else None

    answers = {"case_route": case_route}
    if county is not None:
        answers["county"] = lambda: county
    return SimpleNamespace(**answers)


def a_policy(*, where: dict[str, str] | None = None, **plugins) -> Policy:
    policies = Policies(plugins)
    names = [name for name in plugins if name not in (where or {})]
    rulebook = policies.resolve(names, parts=where or {})
    return Policy(rulebook, policies.plugins, tenant="ceshi", where=where)


def route(policy: Policy) -> tuple[str, str] | None:
    found = policy.first(case_route, case=CASE)
    return (found.plugin, found.value.department) if found.value else None


def test_the_first_answer_counts_in_the_order_of_the_manifest():
    policy = a_policy(
        tiny=routing(county=COUNTY), silent=routing(), one=routing(to="urban"), two=routing(to="x")
    )

    assert route(policy) == ("one", "urban")


def test_one_that_raises_is_named_and_the_others_are_asked(caplog):
    policy = a_policy(
        tiny=routing(county=COUNTY), broken=routing(raises=True), sound=routing(to="urban")
    )

    with caplog.at_level(logging.ERROR, "gridgov.policy"):
        assert route(policy) == ("sound", "urban")

    assert "plugin='broken', hook='case_route', tenant='ceshi'" in caplog.text


def test_the_same_fault_has_the_same_number_and_nobodys_data_in_it():
    policy = a_policy(tiny=routing(county=COUNTY), broken=routing(raises=True))

    (first,), (again,) = (policy.first(case_route, case=CASE).faults for _ in range(2))

    assert first.number == again.number
    assert first.what.startswith("LookupError, test_policy.py:")
    assert "19900000000" not in str(first)


def test_one_that_takes_too_long_is_named(caplog):
    policy = a_policy(tiny=routing(county=COUNTY), slow=routing(to="urban", slow=True))

    with caplog.at_level(logging.ERROR, "gridgov.policy"):
        assert route(policy) == ("slow", "urban")

    assert "plugin='slow'" in caplog.text
    assert "took too long" in caplog.text


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("urban", "answered str, not Route"),
        ({"department": "urban"}, "answered dict, not Route"),
        (False, "answered bool, not Route"),
        (
            Route(department="urban", confidence="high", reason=""),  # type: ignore[arg-type]
            "answered Route: Expected `float`, got `str` - at `$.confidence`",
        ),
        (
            Route(department=None, confidence=1.0, reason=""),  # type: ignore[arg-type]
            "answered Route: Expected `str`, got `null` - at `$.department`",
        ),
    ],
)
def test_one_that_answers_something_else_is_named_and_the_others_are_asked(answer, said):
    wrong = SimpleNamespace(case_route=hookimpl(lambda: answer))
    policy = a_policy(tiny=routing(county=COUNTY), wrong=wrong, sound=routing(to="urban"))

    found = policy.first(case_route, case=CASE)

    assert (found.plugin, found.value.department) == ("sound", "urban")
    assert [(fault.plugin, fault.hook, fault.what) for fault in found.faults] == [
        ("wrong", "case_route", said)
    ]


def test_a_reason_with_places_in_it_is_an_answer():
    reason = Sentence("已有 {n} 件", n=3)
    told = SimpleNamespace(
        case_route=hookimpl(lambda: Route(department="urban", confidence=1, reason=reason))
    )
    policy = a_policy(tiny=routing(county=COUNTY), told=told)

    assert route(policy) == ("told", "urban")


def test_in_its_part_of_the_county_a_plugin_is_asked_first_and_elsewhere_not_at_all():
    policy = a_policy(
        tiny=routing(county=COUNTY, to="urban"),
        street=routing(county=County(name="街道"), to="street"),
        where={"street": "9.1.101."},
    )

    assert route(policy) == ("tiny", "urban")
    assert route(policy.at("9.1.101.")) == ("street", "street")
    assert route(policy.at("9.1.101.2.")) == ("street", "street")
    assert route(policy.at("9.1.1011.")) == ("tiny", "urban")


def test_a_misspelt_hook_is_refused():
    wrong = SimpleNamespace(county=lambda: COUNTY, case_rout=hookimpl(lambda: None))

    with pytest.raises(PolicyError, match="case_rout"):
        a_policy(tiny=wrong)


async def speak(session, times: int) -> None:
    for _ in range(times):
        await session.execute(select(TenantRecord.id))


async def speak_within(session, *, statements: int, times: int) -> None:
    async with within(session, seconds=5, statements=statements):
        await speak(session, times)


async def test_what_speaks_more_often_to_the_database_than_it_may_is_stopped(database):
    async with database.open(None) as session:
        with pytest.raises(OverBudget):
            await speak_within(session, statements=2, times=3)
        await session.rollback()

        await speak_within(session, statements=2, times=2)
        await speak(session, times=3)
