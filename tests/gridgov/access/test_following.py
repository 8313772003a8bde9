"""Bindings follow the tree and the posts, at once."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from gridgov.access.models import Binding
from gridgov.contract.actor import Actor, Scope
from gridgov.grid.actions.redividing import redivide
from gridgov.grid.types import GridRight, Merge, Move, Part, Split
from gridgov.kernel.clock import CHINA
from gridgov.staff.actions import vacate_post
from gridgov.staff.models import PostHolding
from gridgov.staff.types import StaffRight


def planning(ctx):
    """The same transaction for somebody who may re-divide and appoint everywhere."""
    rights = dict.fromkeys([*GridRight, *StaffRight], (Scope(""),))
    return replace(ctx, actor=Actor(ctx.actor.account_id, None, "测试·规划", "", (), rights))


def today(ctx):
    return ctx.now.astimezone(CHINA).date()


async def actor_of(new_doorkeeper, knock, who):
    opened = await new_doorkeeper().open(await knock(who))
    await opened.ctx.session.close()
    return opened.ctx.actor


@pytest.fixture
def reach(new_doorkeeper, knock):
    async def of(who, right):
        actor = await actor_of(new_doorkeeper, knock, who)
        return sorted(scope.path for scope in actor.scopes(right))

    return of


async def test_merged_grids_are_reached_by_who_reached_one_of_them(county, as_person, reach):
    first, second = county.at("grid"), county.at("grid", 1)
    async with as_person("county_admin") as ctx:
        ctx = planning(ctx)  # noqa: PLW2901
        await redivide(
            ctx,
            Merge(node_ids=(second.id, first.id), name="测试·合"),
            effective_on=today(ctx),
            document="文",
        )

    assert await reach("worker", "case.report") == [second.path]


async def test_a_split_village_is_reached_on_both_sides(county, as_person, reach):
    village = county.at("village")
    grids = [county.at("grid"), county.at("grid", 1)]
    parts = tuple(Part(name=f"测试·{n}", children=(grid.id,)) for n, grid in enumerate(grids))
    before = await reach("station_clerk", "account.reset")
    async with as_person("county_admin") as ctx:
        ctx = planning(ctx)  # noqa: PLW2901
        await redivide(
            ctx, Split(node_id=village.id, parts=parts), effective_on=today(ctx), document="文"
        )

    after = await reach("station_clerk", "account.reset")

    assert before == [village.path]
    assert len(after) == 2
    assert village.path in after


async def test_a_moved_village_leaves_its_towns_reach_and_keeps_its_own(
    county, as_person, new_doorkeeper, knock
):
    village, town = county.at("village"), county.at("town", 1)
    async with as_person("county_admin") as ctx:
        ctx = planning(ctx)  # noqa: PLW2901
        await redivide(
            ctx, Move(node_id=village.id, parent_id=town.id), effective_on=today(ctx), document="文"
        )

    clerk = await actor_of(new_doorkeeper, knock, "station_clerk")
    (scope,) = clerk.scopes("account.reset")
    old_town = await actor_of(new_doorkeeper, knock, "subcentre_clerk")

    assert scope.path.startswith(town.path)
    assert not old_town.may("account.approve_reset", path=scope.path)


async def test_who_leaves_a_post_loses_its_role_on_the_same_day(county, as_person, reach, app):
    worker = county.accounts["worker"]
    async with app.state.database.session(county.tenant.id) as session:
        holding = await session.scalar(
            select(PostHolding.id).where(PostHolding.staff_id == worker.staff_id)
        )
    before = await reach("worker", "case.report")
    async with as_person("county_admin") as ctx:
        ctx = planning(ctx)  # noqa: PLW2901
        await vacate_post(ctx, holding, on=today(ctx))
    after = await reach("worker", "case.report")

    assert (len(before), after) == (1, [])
    async with app.state.database.session(county.tenant.id) as session:
        kept = await session.scalar(
            select(Binding.valid_to).where(Binding.account_id == worker.account_id)
        )
        assert kept is not None  # ended, not erased
