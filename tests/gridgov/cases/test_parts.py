"""A village that a plugin of its own rules: other deadlines and departments there, nowhere else."""

from dataclasses import dataclass, replace
from datetime import timedelta
from types import SimpleNamespace

import msgspec
import pytest
from sqlalchemy import select

from factories.cases import Crew, a_case
from factories.tenants import a_county
from gridgov.cases.models import CaseClock
from gridgov.cases.queries.suggesting import router
from gridgov.contract.declarations import County
from gridgov.contract.facts import CaseFacts, Route
from gridgov.contract.hooks import hookimpl
from gridgov.grid.actions.redividing import redivide
from gridgov.grid.types import Move
from gridgov.kernel.clock import now as this_moment
from gridgov.kernel.durations import hours
from gridgov.kernel.sentences import N_
from gridgov.onboarding.actions.carrying import Ground, find_standing, onboard_tenant
from gridgov.policy import Policies, Policy
from gridgov.tenants.models import TenantRecord
from gridgov.tenants.rulebooks import Rulebooks
from gridgov.testkit.counties import installed_policies


@dataclass
class Ruled(Crew):
    """The people of a county that runs what it kept."""

    kept: Policy | None = None

    @property
    def policy(self) -> Policy:
        assert self.kept is not None
        return self.kept


def in_a_day(urgency):
    """The urgency with a promise of 24 hours in every version of its rules."""
    return replace(
        urgency,
        rules=tuple(
            replace(
                rules,
                clocks=tuple(
                    replace(clock, limit=hours(24), warn=hours(18)) if clock.promise else clock
                    for clock in rules.clocks
                ),
            )
            for rules in urgency.rules
        ),
    )


@hookimpl
def case_route(case: CaseFacts) -> Route | None:
    return Route(department="housing", confidence=0.99, reason=N_("村里自己管"))


def village_plugin() -> SimpleNamespace:
    usual = installed_policies().of(("liling",)).urgencies["normal"]
    declared = County(name="试点村", urgencies=(in_a_day(usual),))
    return SimpleNamespace(county=lambda: declared, case_route=case_route)


@pytest.fixture
def policies() -> Policies:
    installed = {plugin.name: plugin.module for plugin in installed_policies().plugins}
    return Policies({**installed, "village": village_plugin()})


@pytest.fixture
async def crew(database, settings, policies) -> Ruled:
    county = await a_county(database, settings, policies=policies)
    made = Ruled(database, county)
    async with database.session(county.tenant.id) as session:
        ground = Ground(session, policies, settings.secret, this_moment())
        parts = {"village": county.at("village").code}
        manifest = msgspec.structs.replace(county.package.manifest, parts=parts)
        await onboard_tenant(ground, replace(county.package, manifest=manifest))
    made.kept = await policy_of(made, policies)
    return made


async def policy_of(crew: Ruled, policies: Policies) -> Policy:
    async with crew.database.session(crew.county.tenant.id) as session:
        record = await session.get_one(TenantRecord, crew.county.tenant.id)
        return await Rulebooks(policies).of(session, record)


async def promised(crew: Ruled, grid: int) -> timedelta:
    """How long the county gives itself for a case there, filed at noon on a Monday."""
    async with crew.acting("dispatcher") as ctx:
        case_id = (await a_case(ctx, crew.county.at("grid", grid))).case_id
    await crew.does("dispatcher", case_id, "file")
    async with crew.system() as ctx:
        due = await ctx.session.scalar(
            select(CaseClock.due_at).where(CaseClock.case_id == case_id, CaseClock.promise)
        )
    return due - crew.now


async def test_the_deadlines_are_those_of_the_place(crew):
    assert await promised(crew, grid=0) == timedelta(hours=24)
    assert await promised(crew, grid=2) > timedelta(days=7)


async def test_the_plugin_of_the_place_is_asked_there_first_and_elsewhere_not_at_all(crew):
    inside, outside = crew.county.at("grid", 0).path, crew.county.at("grid", 2).path

    async with crew.system() as ctx:
        asked = await router(ctx, ["E0110"])
        here = asked.suggest("E0110", "normal", inside)[0]
        there = asked.suggest("E0110", "normal", outside)[0]

    assert (here.code, here.plugin) == ("housing", "village")
    assert there.plugin != "village"


async def test_the_part_follows_when_the_village_is_put_under_another_town(crew, policies):
    village, town = crew.county.at("village"), crew.county.at("town", 1)
    async with crew.system() as ctx:
        await redivide(
            ctx,
            Move(node_id=village.id, parent_id=town.id),
            effective_on=crew.now.date(),
            document="测试",
        )
    moved = await policy_of(crew, policies)

    assert moved.at(village.path) is moved
    assert moved.at(f"{town.path}203.").urgencies["normal"] != moved.urgencies["normal"]


async def test_what_is_there_says_which_part_is_ruled(crew, settings):
    async with crew.database.session(crew.county.tenant.id) as session:
        ground = Ground(session, installed_policies(), settings.secret, this_moment())
        there = await find_standing(ground, crew.county.tenant.code)

    assert there.package.manifest.parts == {"village": crew.county.at("village").code}
