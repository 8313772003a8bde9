"""A shadow run tells what other rules would decide, and writes nothing."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest
from sqlalchemy import make_url

from factories.cases import Crew
from factories.tenants import a_county
from gridgov.cases.actions.replaying import DEADLINE, LIGHT, ROUTE, replay
from gridgov.contract.declarations import County
from gridgov.contract.facts import CaseFacts, Route
from gridgov.contract.hooks import hookimpl
from gridgov.kernel.durations import hours, minutes
from gridgov.kernel.sentences import N_
from gridgov.policy import Policies, Policy
from gridgov.testkit.counties import installed_policies
from liling.plugin import case_route as liling_route
from trust.watch import checksums

SINCE = date(2026, 11, 1)
USUAL = installed_policies().of(("liling",))


@hookimpl
def case_route(case: CaseFacts) -> Route | None:
    return Route(department="water", confidence=1.0, reason=N_("统一由水利局办"))


def sooner() -> County:
    """Every promise is an hour."""
    normal = USUAL.urgencies["normal"]
    rules = tuple(
        replace(
            one,
            clocks=tuple(
                replace(clock, limit=hours(1), warn=minutes(30), setting="")
                if clock.promise
                else clock
                for clock in one.clocks
            ),
        )
        for one in normal.rules
    )
    changed = replace(normal, rules=rules)
    urgencies = tuple(changed if one.code == "normal" else one for one in USUAL.county.urgencies)
    return replace(USUAL.county, urgencies=urgencies)


def under(county: County = USUAL.county, **hooks) -> Policy:
    alone = replace(county, builds_on="")
    return Policies({"other": SimpleNamespace(county=lambda: alone, **hooks)}).of(("other",))


@pytest.fixture
async def crew(database, settings):
    return Crew(database, await a_county(database, settings))


async def told(crew, other: Policy, since=SINCE):
    async with crew.system() as ctx:
        return await replay(ctx, other, since=since)


async def test_the_same_rules_decide_the_same(crew):
    await crew.brought_to("dispatched")

    found = await told(crew, under(case_route=liling_route))

    assert (found.cases, found.differences) == (1, ())


async def test_another_route_is_told_with_its_reason(crew):
    await crew.brought_to("filed")

    (differs,) = (await told(crew, under(case_route=case_route))).differences

    assert (differs.what, differs.after) == (ROUTE, "测试·water")
    assert differs.why == "other 统一由水利局办"


async def test_another_deadline_and_the_light_that_it_would_show_now(crew):
    await crew.brought_to("filed")
    crew.later(hours=2)

    found = await told(crew, under(sooner(), case_route=lambda: None))

    assert found.count(DEADLINE) == 1
    (light,) = [one for one in found.differences if one.what == LIGHT]
    assert (light.before, light.after) == ("green", "red")


async def test_only_cases_since_the_day_are_looked_at(crew):
    await crew.brought_to("filed")

    assert (await told(crew, under(sooner()), since=date(2026, 11, 24))).cases == 0


async def test_nothing_is_written(crew, stack, settings):
    await crew.brought_to("dispatched")
    kept = (stack, make_url(settings.database_url).database, crew.county.tenant.id)
    before = checksums(*kept)

    await told(crew, under(sooner(), case_route=case_route))

    assert checksums(*kept) == before
