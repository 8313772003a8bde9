"""Statements made ready: the first wall is in them, and nothing is left out unsaid."""

import pytest
from sqlalchemy import bindparam, func, select

from factories.tenants import a_county
from gridgov.grid.models import GridNode
from gridgov.kernel.ready import Ready
from gridgov.testkit.statements import statements


@pytest.fixture(scope="module")
async def counties(database, settings):
    return await a_county(database, settings), await a_county(database, settings)


async def test_it_finds_rows_of_the_sessions_tenant_alone(database, counties):
    every = Ready(select(GridNode.tenant_id, func.count().label("nodes")).group_by("tenant_id"))
    for county in counties:
        async with database.session(county.tenant.id) as session:
            (row,) = await every.rows(session)

        assert row.tenant_id == county.tenant.id
        assert row.nodes == len(county.nodes)


async def test_the_wall_stands_in_its_words(database, counties):
    ready = Ready(select(GridNode.id).where(GridNode.path == bindparam("path")))
    async with database.session(counties[0].tenant.id) as session:
        with statements(database) as said:
            await ready.rows(session, path="430281.")

    assert len(said) == 1
    assert "grid_nodes.tenant_id = $" in said[0]


async def test_a_parameter_that_is_not_given_is_a_fault(database, counties):
    ready = Ready(select(GridNode.id).where(GridNode.path == bindparam("path")))
    async with database.session(counties[0].tenant.id) as session:
        with pytest.raises(KeyError, match="path"):
            await ready.rows(session)


async def test_what_the_session_holds_back_is_said_before(database, counties):
    node = next(iter(counties[0].nodes.values()))
    name = Ready(select(GridNode.name).where(GridNode.id == bindparam("node")))
    async with database.session(counties[0].tenant.id) as session:
        entity = (await session.scalars(select(GridNode).where(GridNode.id == node.id))).one()
        entity.name = "改了名"

        assert await name.scalar(session, node=node.id) == "改了名"
        await session.rollback()


async def test_a_list_of_unknown_length_cannot_be_made_ready(database, counties):
    ready = Ready(select(GridNode.id).where(GridNode.path.in_(["430281."])))
    async with database.session(counties[0].tenant.id) as session:
        with pytest.raises(ValueError, match="unknown length"):
            await ready.rows(session)
