"""A re-division takes its cases along: places, desks and counters, in one transaction."""

from datetime import date

import pytest
from sqlalchemy import func, select

from factories.cases import a_case
from gridgov.cases.actions.following import follow_redivision
from gridgov.cases.actions.reporting import report_case
from gridgov.cases.models import Case, CaseCount
from gridgov.cases.queries.worklist import CaseFilter, worklist
from gridgov.contract.actor import Actor, Scope
from gridgov.grid.actions.redividing import redivide
from gridgov.grid.types import REDIVIDED, GridRight, Merge, Move, Part, Split
from gridgov.kernel.together import Together

ON = {"effective_on": date(2026, 11, 23), "document": "测试"}


@pytest.fixture
def crew(crew):
    crew.together = Together({REDIVIDED: [follow_redivision]})
    return crew


def surveyor(crew):
    """Somebody who may re-divide the whole tree."""
    rights = {right: (Scope(""),) for right in GridRight}
    return Actor(
        crew.county.accounts["county_admin"].account_id, None, "测试", "测试", rights=rights
    )


async def rows(crew, *columns):
    async with crew.system() as ctx:
        return (await ctx.session.execute(select(*columns).order_by(Case.id))).all()


async def check_counts(crew):
    async with crew.system() as ctx:
        cases = select(Case.node_path, Case.state, func.count()).group_by(
            Case.node_path, Case.state
        )
        counted = select(CaseCount.node_path, CaseCount.state, CaseCount.count).where(
            CaseCount.count != 0
        )
        assert sorted((await ctx.session.execute(cases)).all()) == sorted(
            (await ctx.session.execute(counted)).all()
        )


async def test_a_split_grid_gives_each_case_to_the_half_that_holds_its_point(crew):
    grid = crew.county.at("grid")
    async with crew.acting("worker") as ctx:
        for north in (0.003, -0.003):
            await report_case(ctx, category="E0102", lon=grid.lon, lat=grid.lat + north)
        await a_case(ctx, grid)  # without a point
    line = ((grid.lon - 0.002, grid.lat), (grid.lon + 0.002, grid.lat))
    halves = (Part(name="北格", households=20, population=60), Part(name="南格"))

    async with crew.as_actor(surveyor(crew)) as ctx:
        await redivide(ctx, Split(node_id=grid.id, parts=halves, line=line), **ON)

    found = await rows(crew, Case.node_path, Case.node_id, Case.lat)
    north, south, pointless = sorted(found, key=lambda row: row.lat or 0.0, reverse=True)
    assert north.node_path == pointless.node_path != south.node_path
    assert {row.node_id for row in (north, south, pointless)} == {grid.id}
    await check_counts(crew)
    async with crew.acting("station_clerk") as ctx:
        assert len((await worklist(ctx, CaseFilter(path=south.node_path))).rows) == 1


async def test_merged_grids_have_the_cases_of_both(crew):
    first, second = crew.county.at("grid", 0), crew.county.at("grid", 1)
    async with crew.acting("worker") as ctx:
        await a_case(ctx, first)
        await a_case(ctx, second)
        await a_case(ctx, second)

    async with crew.as_actor(surveyor(crew)) as ctx:
        await redivide(ctx, Merge(node_ids=(first.id, second.id), name="合格"), **ON)

    assert {row.node_path for row in await rows(crew, Case.node_path)} == {first.path}
    await check_counts(crew)


async def test_a_moved_village_takes_its_cases_to_the_desks_of_the_other_town(crew):
    village, town = crew.county.at("village"), crew.county.at("town", 1)
    at_village = (await crew.report()).case_id
    at_town = (await crew.report()).case_id
    await crew.does("station_clerk", at_town, "pass_up")
    closed = (await crew.report()).case_id
    await crew.does("station_clerk", closed, "reject")
    (before, *_) = await rows(crew, Case.desk_path)

    async with crew.as_actor(surveyor(crew)) as ctx:
        await redivide(ctx, Move(node_id=village.id, parent_id=town.id), **ON)

    found = {
        row.id: row for row in await rows(crew, Case.id, Case.node_path, Case.desk_path, Case.level)
    }
    assert all(row.node_path.startswith(town.path) for row in found.values())
    assert found[at_town].desk_path == town.path
    assert found[at_village].desk_path.startswith(town.path)
    assert found[at_village].desk_path != before.desk_path
    assert (found[at_village].level, found[at_town].level) == ("village", "town")
    await check_counts(crew)


async def test_a_report_in_the_middle_of_a_redivision_waits_for_it(crew):
    """The tree is held still while a report reads it, so the counters agree afterwards."""
    first, second = crew.county.at("grid", 0), crew.county.at("grid", 1)
    async with crew.acting("worker") as ctx:
        await a_case(ctx, second)
    async with crew.as_actor(surveyor(crew)) as ctx:
        await redivide(ctx, Merge(node_ids=(first.id, second.id), name="合格"), **ON)
    async with crew.acting("worker") as ctx:
        await report_case(ctx, category="E0102", lon=second.lon, lat=second.lat)

    assert {row.node_path for row in await rows(crew, Case.node_path)} == {first.path}
    await check_counts(crew)
