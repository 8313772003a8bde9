"""Statements made ready: the first wall is in them, and nothing is left out unsaid."""

import pytest
from sqlalchemy import Integer, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from factories.tenants import a_county
from gridgov.grid.models import GridNode, GridVersion
from gridgov.kernel.ids import new_id
from gridgov.kernel.ready import Ready, one_of
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


async def test_one_shape_is_compiled_once_and_filled_with_each_ones_values(database, counties):
    county = counties[0]
    found: list[str] = []
    async with database.session(county.tenant.id) as session:
        with statements(database) as said:
            for node in list(county.nodes.values())[:3]:
                ready = Ready(select(GridNode.path).where(GridNode.id == node.id))
                found.append(await ready.scalar(session))

    assert found == [node.path for node in list(county.nodes.values())[:3]]
    assert len(set(said)) == 1


async def test_a_list_of_any_length_travels_as_one_value(database, counties):
    nodes = list(counties[0].nodes.values())
    async with database.session(counties[0].tenant.id) as session:
        for some in (nodes[:1], nodes[:3], []):
            ready = Ready(select(GridNode.id).where(one_of(GridNode.id, [n.id for n in some])))

            assert {row.id for row in await ready.rows(session)} == {n.id for n in some}


async def test_what_the_database_refuses_comes_as_from_the_engine(database, counties):
    tenant = counties[0].tenant.id
    row = {"tenant_id": tenant, "id": new_id(), "version": 1}
    again = Ready(insert(GridVersion).values(row))
    slow = Ready(select(func.pg_sleep(5)))
    async with database.session(tenant) as session:
        await session.execute(delete(GridVersion))
        await again.rows(session)
        with pytest.raises(IntegrityError):
            await again.rows(session)
        await session.rollback()
    async with database.session(tenant) as session:
        await (await session.connection()).exec_driver_sql("SET LOCAL statement_timeout = 50")
        with pytest.raises(DBAPIError, match="statement timeout"):
            await slow.rows(session)
        await session.rollback()


async def test_a_connection_that_was_lost_is_given_up(database, counties):
    tenant = counties[0].tenant.id
    me = Ready(select(func.pg_backend_pid()))
    end = Ready(select(func.pg_terminate_backend(bindparam("pid", type_=Integer))))
    async with database.session(tenant) as session, database.session(tenant) as other:
        gone = await me.scalar(session)
        await end.rows(other, pid=gone)
        with pytest.raises(DBAPIError) as fault:
            await me.scalar(session)
        assert fault.value.connection_invalidated
        await session.rollback()
    async with database.session(tenant) as session:
        assert await me.scalar(session) != gone


async def test_what_is_said_after_a_savepoint_is_undone_with_it(database, counties):
    node = next(iter(counties[0].nodes.values()))
    rename = Ready(update(GridNode).where(GridNode.id == node.id).values(name=bindparam("new")))
    name = Ready(select(GridNode.name).where(GridNode.id == node.id))
    async with database.session(counties[0].tenant.id) as session:
        before = await name.scalar(session)
        async with session.begin_nested() as kept:
            await rename.rows(session, new="改了名")
            assert await name.scalar(session) == "改了名"
            await kept.rollback()

        assert await name.scalar(session) == before
