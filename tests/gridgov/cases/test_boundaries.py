"""Places as they are now or as they were then: every list and figure can be asked for either."""

from datetime import date

import pytest
from sqlalchemy import select

from factories.cases import Crew, a_case
from gridgov.cases.actions.following import follow_redivision
from gridgov.cases.actions.reporting import report_case
from gridgov.cases.models import Case
from gridgov.cases.queries.overview import overview
from gridgov.cases.queries.tallies import tally
from gridgov.cases.queries.worklist import CaseFilter, worklist
from gridgov.contract.actor import Actor, Scope
from gridgov.grid.actions.redividing import redivide
from gridgov.grid.types import REDIVIDED, GridRight, Merge, Move, Part, Split
from gridgov.kernel.together import Together
from gridgov.testkit.signing_in import a_browser, sign_in

ON = {"effective_on": date(2026, 11, 23), "document": "测试"}
TOWNS = 3


@pytest.fixture
def crew(app, county):
    return Crew(app.state.database, county, together=Together({REDIVIDED: [follow_redivision]}))


@pytest.fixture
def dividing(crew):
    """One transaction of somebody who may re-divide the whole tree."""
    rights = {right: (Scope(""),) for right in GridRight}
    account = crew.county.accounts["county_admin"].account_id
    return lambda: crew.as_actor(Actor(account, None, "测试", "测试", rights=rights))


@pytest.fixture
async def supervisor(app, county):
    async with a_browser(app) as client:
        await sign_in(client, county, "supervisor", second_factor=True)
        yield client


async def opened(crew, node, **where):
    async with crew.acting("worker") as ctx:
        return (await a_case(ctx, node, **where)).case_id


async def listed(crew, path, *, then):
    async with crew.acting("supervisor") as ctx:
        found = await worklist(ctx, CaseFilter(path=path, then=then))
        counted = await tally(ctx, path, then=then)
    assert counted.open == sum(counted.states.values()) == len(found.rows)
    return {row.id for row in found.rows}


async def test_a_merged_grid_keeps_its_cases_of_then(crew, dividing):
    first, second = crew.county.at("grid", 0), crew.county.at("grid", 1)
    one, other = await opened(crew, first), await opened(crew, second)
    async with dividing() as ctx:
        await redivide(ctx, Merge(node_ids=(first.id, second.id), name="合格"), **ON)

    assert await listed(crew, first.path, then=False) == {one, other}
    assert await listed(crew, second.path, then=False) == set()
    assert await listed(crew, first.path, then=True) == {one}
    assert await listed(crew, second.path, then=True) == {other}


async def test_of_a_split_grid_each_half_has_its_cases_now_and_the_whole_had_all_then(
    crew, dividing
):
    grid = crew.county.at("grid")
    async with crew.acting("worker") as ctx:
        north, south = [
            (await report_case(ctx, category="E0102", lon=grid.lon, lat=grid.lat + up)).case_id
            for up in (0.003, -0.003)
        ]
    line = ((grid.lon - 0.002, grid.lat), (grid.lon + 0.002, grid.lat))
    halves = (Part(name="北格", households=20, population=60), Part(name="南格"))
    async with dividing() as ctx:
        await redivide(ctx, Split(node_id=grid.id, parts=halves, line=line), **ON)
    async with crew.acting("worker") as ctx:
        later = await report_case(ctx, category="E0102", lon=grid.lon, lat=grid.lat - 0.003)
        (new_half,) = set(await ctx.session.scalars(select(Case.node_path).where(Case.id == south)))

    assert await listed(crew, grid.path, then=False) == {north}
    assert await listed(crew, new_half, then=False) == {south, later.case_id}
    assert await listed(crew, grid.path, then=True) == {north, south}
    assert await listed(crew, new_half, then=True) == {later.case_id}


async def test_what_a_moved_village_reported_before_counts_for_the_town_of_then(crew, dividing):
    village, gave, took = (
        crew.county.at("village"), crew.county.at("town", 0), crew.county.at("town", 1)
    )  # fmt: skip
    before = await opened(crew, crew.county.at("grid"))
    async with dividing() as ctx:
        await redivide(ctx, Move(node_id=village.id, parent_id=took.id), **ON)
    after = await opened(crew, crew.county.at("grid"))

    assert await listed(crew, took.path, then=False) == {before, after}
    assert await listed(crew, took.path, then=True) == {after}
    assert await listed(crew, gave.path, then=True) == {before}
    async with crew.acting("supervisor") as ctx:
        now = await overview(ctx, days=30, depth=TOWNS)
        then = await overview(ctx, days=30, depth=TOWNS, then=True)
    assert {area.path: area.open for area in now.areas} == {took.path: 2}
    assert {area.path: area.open for area in then.areas} == {gave.path: 1, took.path: 1}


async def test_the_choice_is_offered_once_the_grid_was_redivided(
    crew, dividing, supervisor, county
):
    root = f"/{county.tenant.slug}"
    first, second = county.at("grid", 0), county.at("grid", 1)
    await opened(crew, second)
    pages = {
        "list": (f"{root}/cases/", {"place": first.path}),
        "overview": (f"{root}/overview/", {}),
    }
    for address, params in pages.values():
        assert "按当时的网格" not in (await supervisor.get(address, params=params)).text
    async with dividing() as ctx:
        await redivide(ctx, Merge(node_ids=(first.id, second.id), name="合格"), **ON)

    for address, params in pages.values():
        now = (await supervisor.get(address, params=params)).text
        then = (await supervisor.get(address, params={**params, "grid": "then"})).text
        assert "从前的事件算到它们现在所在的网格。" in now
        assert "每件事算到它上报那天所在的网格" in then
    ended = await supervisor.get(f"{root}/cases/at/{second.id}")
    listed_then = await supervisor.get(
        f"{root}/cases/", params={"place": second.path, "grid": "then"}
    )
    assert f"place={second.path}&amp;grid=then" in ended.text
    assert f"测试·{second.code}" in listed_then.text
    assert "queue-row" in listed_then.text
