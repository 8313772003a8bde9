"""The author's kit at its word."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from gridgov.cases.actions.performing import allowed_actions
from gridgov.cases.models import Case
from gridgov.contract.declarations import County, Level
from gridgov.kernel.errors import NotAllowed
from gridgov.testkit.cases import a_case, does
from gridgov.testkit.clock import NOON
from gridgov.testkit.contexts import with_rights
from gridgov.testkit.counties import a_county
from gridgov.testkit.packages import a_package
from gridgov.testkit.signing_in import sign_in


@pytest.fixture
async def county(database, settings):
    return await a_county(database, settings, plugins=["liling"])


async def test_a_role_acts_where_it_is_bound_or_where_it_is_put(county, open_context):
    elsewhere = county.at("grid", 5).path

    async with open_context(county, as_="worker") as ctx:
        own = ctx.actor.scopes("case.read")
    async with open_context(county, as_="worker", at=elsewhere) as ctx:
        other = ctx.actor.scopes("case.read")

    assert [scope.path for scope in own] == [county.at("grid").path]
    assert [scope.path for scope in other] == [elsewhere]


async def test_what_is_not_kept_is_gone(county, open_context):
    async with open_context(county, as_="worker", keep=False) as ctx:
        gone = await a_case(ctx, county.at("grid"))
    async with open_context(county, as_="worker") as ctx:
        kept = await a_case(ctx, county.at("grid"))

    async with open_context(county) as ctx:
        there = set(await ctx.session.scalars(select(Case.id)))
    assert (gone.case_id in there, kept.case_id in there) == (False, True)


async def test_nobody_has_no_right(county, open_context):
    async with open_context(county) as ctx:
        with pytest.raises(NotAllowed):
            await a_case(ctx, county.at("grid"))


async def test_the_clock_is_turned_by_hand(county, open_context, clock):
    async with open_context(county, as_="worker") as ctx:
        before = ctx.now
    clock.turn(days=7, hours=1)
    async with open_context(county, as_="worker") as ctx:
        after = ctx.now

    assert (before, after - before) == (NOON, timedelta(days=7, hours=1))


async def test_a_case_is_moved_with_something_in_every_field(county, open_context):
    async with open_context(county, as_="worker") as ctx:
        case_id = (await a_case(ctx, county.at("grid"))).case_id
    async with open_context(county, as_="station_clerk") as ctx:
        offered = {action.code: action for action in (await allowed_actions(ctx, case_id)).actions}
        moved = await does(ctx, county, case_id, offered["reject"])

    assert moved.state == "rejected"


async def test_whoever_is_given_one_right_has_that_one(county, open_context):
    async with open_context(county, as_=with_rights("case.read", at="99.")) as ctx:
        assert ctx.actor.may("case.read", path="99.1.")
        assert not ctx.actor.may("case.read", path="98.")
        assert not ctx.actor.may("case.report")


async def test_a_browser_is_signed_in_as_a_role(county, client):
    before = await client.get(f"/{county.tenant.slug}/account")
    await sign_in(client, county, "worker")
    after = await client.get(f"/{county.tenant.slug}/account")

    assert (before.status_code, after.status_code) == (401, 200)


@pytest.mark.parametrize("between", range(4))
def test_a_small_county_has_whatever_levels_are_declared(between):
    """The three lowest below the root are halved, the leaves lie side by side."""
    codes = ["county", *(f"middle{number}" for number in range(between)), "grid"]
    levels = [
        Level(code=code, name=code, under=(above,) if above else (), code_length=6, base=not below)
        for above, code, below in zip(["", *codes], codes, [*codes[1:], ""], strict=False)
    ]
    county = County(name="县", levels=tuple(levels))

    nodes = a_package("990001", county, ("x",)).nodes

    grids = [node for node in nodes if node.level == "grid"]
    assert len(grids) == 2 ** min(3, between + 1)
    assert len({(node.lon, node.lat) for node in grids}) == len(grids)
    assert {node.level for node in nodes} == set(codes)
    assert all(node.path.startswith("990001.") for node in nodes)
