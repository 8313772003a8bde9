"""After any sequence of re-divisions no path is stale, and the leaves still tile the county."""

import asyncio
import random
from datetime import UTC, date, datetime

import pytest
import shapely
from sqlalchemy import DateTime, Text, delete, insert, or_, select

from gridgov.access.models import Binding
from gridgov.cases.models import Case, CaseCount
from gridgov.grid.actions.following import followers
from gridgov.grid.actions.redividing import redivide
from gridgov.grid.models import GridNode
from gridgov.grid.queries.nodes import COLUMNS, ever_under, node_seen, present, rows
from gridgov.grid.queries.places import hold_still
from gridgov.grid.rules.codes import parent_path
from gridgov.grid.rules.places import read
from gridgov.grid.types import Merge, Move, Part, Rename, Split
from gridgov.kernel.errors import Invalid
from gridgov.kernel.ids import new_id
from gridgov.kernel.ready import one_of
from gridgov.rooms import TOGETHER
from gridgov.staff.models import Department, PostHolding
from gridgov.staff.queries import holders_at

LONG_AGO = date(2026, 1, 1)
ON = {"effective_on": date(2026, 11, 23), "document": "测试"}
STEPS = 14


@pytest.mark.parametrize("seed", range(3))
async def test_no_path_is_stale_after_any_sequence_of_redivisions(county, open_context, seed):
    rng = random.Random(seed)

    async with open_context() as ctx:
        await cases_everywhere(ctx)
        opened_then = await opened_under(ctx, county.at("town").path)
    done = []
    for _ in range(STEPS):
        async with open_context(followers=TOGETHER) as ctx:
            done.append(await any_change(ctx, rng))

    assert len(set(done)) > 2, "the seed tries too little"
    async with open_context() as ctx:
        paths = {node.path for node in await rows(ctx, present(select(*COLUMNS)))}
        for model, key in followers():
            column = getattr(model, key)
            stale = set(await ctx.session.scalars(select(column))) - paths - {None}
            assert not stale, f"{model.__tablename__}.{key}"
        await check_tree(ctx)
        await check_people(ctx)
        await check_tiling(ctx)
        assert await opened_under(ctx, county.at("town").path) >= opened_then


async def test_who_holds_a_post_goes_with_the_code_and_the_other_half_is_vacant(
    county, open_context
):
    leaf = county.at("grid")
    line = ((leaf.lon - 0.001, leaf.lat), (leaf.lon + 0.001, leaf.lat))
    halves = (
        Part(name="甲格", households=20, population=60),
        Part(name="乙格", households=0, population=0),
    )

    async with open_context(followers=TOGETHER) as ctx:
        before = await holders_at(ctx, leaf.path)
        split = await redivide(ctx, Split(node_id=leaf.id, parts=halves, line=line, keeps=1), **ON)
        keeper, other = [await node_seen(ctx, node_id) for node_id in split.nodes]
        on_keeper, on_other = [await holders_at(ctx, node.path) for node in (keeper, other)]
        bound = set(
            await ctx.session.scalars(
                select(Binding.node_id).where(
                    Binding.account_id == county.accounts["worker"].account_id,
                    Binding.valid_to.is_(None),
                )
            )
        )

    assert before
    assert {(h.staff_id, h.post) for h in on_keeper} == {(h.staff_id, h.post) for h in before}
    assert on_other == []
    assert bound == {keeper.id, other.id}


async def test_a_post_for_one_stays_with_the_holder_of_the_first_of_those_merged(
    county, open_context
):
    first, second = county.at("grid", 0), county.at("grid", 1)
    people = [person.staff_id for person in county.accounts.values()][:3]

    async with open_context(followers=TOGETHER) as ctx:
        held = [h.id for h in await holders_at(ctx, first.path)]
        await ctx.session.execute(delete(PostHolding).where(PostHolding.id.in_(held)))
        for node, post, who in (
            (first, "chief", people[0]),
            (second, "chief", people[1]),
            (second, "worker", people[2]),
        ):
            holding = {"staff_id": who, "node_id": node.id, "post": post, "valid_from": LONG_AGO}
            await ctx.session.execute(
                insert(PostHolding).values(**filled(ctx, PostHolding, holding))
            )
        merged = await redivide(ctx, Merge(node_ids=(first.id, second.id), name="大格"), **ON)
        there = await holders_at(ctx, (await node_seen(ctx, merged.nodes[0])).path)

    assert {(h.post, h.staff_id) for h in there} == {("chief", people[0]), ("worker", people[2])}


async def test_while_a_path_is_being_written_no_redivision_runs_and_the_other_way_round(
    county, open_context
):
    village = county.at("village")

    async with open_context() as writer, open_context() as divider:
        await hold_still(writer)
        waiting = asyncio.create_task(
            redivide(divider, Rename(node_id=village.id, name="新名"), **ON)
        )
        await asyncio.sleep(0.2)
        assert not waiting.done()
        await writer.session.commit()
        await waiting
        held = asyncio.create_task(hold_still(writer))
        await asyncio.sleep(0.2)
        assert not held.done()
        await divider.session.commit()
        await held


def test_cases_are_among_those_that_follow():
    assert {(model.__tablename__, key) for model, key in followers()} >= {
        ("cases", "node_path"),
        ("cases", "desk_path"),
        ("cases", "passed_from"),
        ("case_counts", "node_path"),
    }


async def any_change(ctx, rng):
    """One re-division that the tree allows; those that it refuses are tried again elsewhere."""
    for _ in range(60):
        try:
            return await rng.choice([split_leaf, split_village, merge, move, rename])(ctx, rng)
        except Invalid:
            continue
    pytest.fail("nothing is allowed any more")


async def some(ctx, *levels):
    return await rows(
        ctx, present(select(*COLUMNS)).where(one_of(GridNode.level, levels)).order_by(GridNode.path)
    )


def name(rng):
    return f"新{rng.randrange(10**9)}"


async def split_leaf(ctx, rng):
    leaf = rng.choice(await some(ctx, "grid"))
    share = rng.randint(0, leaf.households)
    people = rng.randint(0, leaf.population)
    line = (
        (leaf.lon + rng.uniform(-1, 1) / 1000, leaf.lat + rng.uniform(-1, 1) / 1000),
        (leaf.lon + rng.uniform(-1, 1) / 1000, leaf.lat + rng.uniform(-1, 1) / 1000),
    )
    parts = (
        Part(name=name(rng), households=share, population=people),
        Part(
            name=name(rng),
            households=leaf.households - share,
            population=leaf.population - people,
        ),
    )
    await redivide(
        ctx, Split(node_id=leaf.id, parts=parts, line=line, keeps=rng.randint(0, 1)), **ON
    )
    return "split a leaf"


async def split_village(ctx, rng):
    node = rng.choice(await some(ctx, "village", "town"))
    below = [n.id for n in await some(ctx, "village", "grid") if n.parent_id == node.id]
    rng.shuffle(below)
    cut = rng.randint(0, len(below))
    parts = (
        Part(name=name(rng), children=tuple(below[:cut])),
        Part(name=name(rng), children=tuple(below[cut:])),
    )
    await redivide(ctx, Split(node_id=node.id, parts=parts, keeps=rng.randint(0, 1)), **ON)
    return "split a village"


async def merge(ctx, rng):
    nodes = await some(ctx, rng.choice(["grid", "village"]))
    one, other = rng.choice(nodes), rng.choice(nodes)
    await redivide(ctx, Merge(node_ids=(one.id, other.id), name=name(rng)), **ON)
    return "merge"


async def move(ctx, rng):
    node = rng.choice(await some(ctx, "grid", "village"))
    parent = rng.choice(await some(ctx, "village", "town"))
    await redivide(ctx, Move(node_id=node.id, parent_id=parent.id), **ON)
    return "move"


async def rename(ctx, rng):
    await redivide(
        ctx, Rename(node_id=rng.choice(await some(ctx, "village")).id, name=name(rng)), **ON
    )
    return "rename"


async def cases_everywhere(ctx):
    """A case on each leaf and at each village's desk, with the counters of their places."""
    for node in await some(ctx, "grid", "village"):
        desk = parent_path(node.path) if node.level == "grid" else node.path
        case = {"node_id": node.id, "node_path": node.path, "desk_path": desk, "level": "village"}
        case |= {"lon": node.lon, "lat": node.lat, "state": "filed"}
        for ends in ("", "closed"):
            made = filled(ctx, Case, case | {"ends": ends, "code": str(new_id())})
            await ctx.session.execute(insert(Case).values(**made))
        count = {"node_path": node.path, "state": "filed", "count": 2}
        await ctx.session.execute(insert(CaseCount).values(**filled(ctx, CaseCount, count)))


def filled(ctx, model, values):
    """The values, and something in each column that asks for it."""
    made = {"tenant_id": ctx.tenant.id, "id": new_id()} | values
    for column in model.__table__.c:
        if not column.nullable and column.server_default is None and column.key not in made:
            made[column.key] = (
                "-"
                if isinstance(column.type, Text)
                else datetime(2026, 11, 20, tzinfo=UTC)
                if isinstance(column.type, DateTime)
                else 1
            )
    return made


async def opened_under(ctx, path):
    return set(
        await ctx.session.scalars(select(Case.code).where(Case.node_id.in_(ever_under(path))))
    )


async def check_tree(ctx):
    """Every path is its parent's with one segment more; no path and no code stands twice."""
    nodes = await rows(ctx, present(select(*COLUMNS)))
    by_id = {node.id: node for node in nodes}
    assert len({node.path for node in nodes}) == len({node.code for node in nodes}) == len(nodes)
    for node in nodes:
        above = by_id[node.parent_id].path if node.parent_id else ""
        assert parent_path(node.path) == above
    households = sum(node.households for node in nodes if node.level == "grid")
    assert households == 8 * 20


async def check_people(ctx):
    """Whoever is bound, appointed or at work today is so on a node that is there today."""
    there = {node.id for node in await rows(ctx, present(select(*COLUMNS)))}
    today = ON["effective_on"]
    for model in (Binding, PostHolding):
        held = or_(model.valid_to.is_(None), model.valid_to > today)
        assert set(await ctx.session.scalars(select(model.node_id).where(held))) <= there
    assert set(await ctx.session.scalars(select(Department.node_id))) <= there


async def check_tiling(ctx):
    """No gap, no overlap; each village and town is the union of what lies below."""
    found = await ctx.session.execute(
        select(GridNode.level, GridNode.path, GridNode.boundary).where(GridNode.valid_to.is_(None))
    )
    drawn = [(level, path, boundary and read(boundary)) for level, path, boundary in found]
    leaves = [shape for level, _, shape in drawn if level == "grid"]
    assert shapely.coverage_is_valid(leaves)
    assert sum(shape.area for shape in leaves) == pytest.approx(8 * 0.01**2, rel=1e-9)
    for _, path, shape in drawn:
        below = [leaf for level, at, leaf in drawn if level == "grid" and at.startswith(path)]
        assert (shape is None) == (not below)
        if shape is not None:
            assert shapely.union_all(below).symmetric_difference(shape).area < 1e-9
