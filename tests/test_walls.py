"""The two walls between counties, and that each of their stones is watched.

The catalogue query lists every fault of the second wall. Each policy, FORCE and composite key is
then taken out once: the query must find it every time, or the watch is blind.
"""

import asyncio
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import ForeignKeyConstraint, select
from sqlalchemy.exc import DBAPIError

from factories.tenants import a_county
from gridgov.kernel.db import Database, TenantRow, engine_for
from gridgov.kernel.row_security import APP
from gridgov.migrations.running import differences, migrate
from gridgov.migrations.tables import METADATA
from gridgov.migrations.walls import faults_sql
from test_house import SHARED

TENANT_TABLES = [table for table in METADATA.sorted_tables if table.name not in SHARED]


@pytest.fixture(scope="module")
def database_name(settings) -> str:
    return settings.database_url.partition("?")[0].rpartition("/")[2]


def unseen(stack, database_name: str, changes: dict[str, str]) -> list[str]:
    """Those changes after which the catalogue query does not say the expected words.

    Each is made and undone in a transaction of its own.
    """
    script = "".join(
        f"BEGIN; {change}; SELECT '#{number}'; {faults_sql()} ROLLBACK;\n"
        for number, change in enumerate(changes)
    )
    said: list[list[str]] = []
    for line in stack.sql(script, database=database_name):
        if line.startswith("#"):
            said.append([])
        else:
            said[-1].append(line)
    assert len(said) == len(changes)
    return [
        change
        for (change, expected), lines in zip(changes.items(), said, strict=True)
        if not any(expected in line for line in lines)
    ]


def test_the_catalogue_shows_no_fault(stack, database_name):
    assert stack.sql(faults_sql(), database=database_name) == []


@pytest.mark.parametrize(
    "change",
    [
        "DROP POLICY tenant ON {table}",
        "ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        "CREATE POLICY extra ON {table} USING (true)",
        "GRANT TRUNCATE ON {table} TO gridgov_app",
    ],
)
def test_a_stone_taken_out_of_the_wall_is_seen(stack, database_name, change):
    changes = {change.format(table=table.name): table.name for table in TENANT_TABLES}

    assert unseen(stack, database_name, changes) == []


def test_a_reference_that_leaves_out_the_tenant_is_seen(stack, database_name):
    changes = {
        f"ALTER TABLE {target} ADD CONSTRAINT bare_key UNIQUE (id); ALTER TABLE {table.name} "
        f"ADD CONSTRAINT bare FOREIGN KEY ({column}) REFERENCES {target} (id)": "without the tenant"
        for table in TENANT_TABLES
        for constraint in table.constraints
        if isinstance(constraint, ForeignKeyConstraint)
        for column, target in [(constraint.column_keys[-1], constraint.referred_table.name)]
    }

    assert changes
    assert unseen(stack, database_name, changes) == []


async def test_the_versions_lead_to_the_models_and_twice_is_once(settings):
    await asyncio.to_thread(migrate, settings)
    engine = engine_for(settings.owner_url, pooled=False)
    async with engine.connect() as connection:
        await connection.run_sync(differences)
    await engine.dispose()


@pytest.fixture(scope="module")
async def database(settings):
    opened = Database(settings)
    yield opened
    await opened.close()


@pytest.fixture(scope="module")
async def two_counties(database, settings):
    """Two counties in one database; each has what onboarding gives it."""
    return [(await a_county(database, settings)).tenant for _ in range(2)]


async def test_without_a_tenant_the_database_shows_no_row(database, two_counties):
    """Bare statements in the application's role, no tenant announced, every table."""
    async with database.engine.connect() as connection:
        shown = {}
        for table in TENANT_TABLES:
            result = await connection.exec_driver_sql(f"SELECT count(*) FROM {table.name}")
            shown[table.name] = result.scalar_one()
    assert {name for name, count in shown.items() if count} == set()


async def test_with_a_tenant_announced_bare_statements_show_only_its_rows(database, two_counties):
    mine, _ = two_counties
    async with database.session(mine.id) as session:
        connection = await session.connection()
        for table in TENANT_TABLES:
            result = await connection.exec_driver_sql(
                f"SELECT count(*) FROM {table.name} WHERE tenant_id <> '{mine.id}'"
            )
            assert result.scalar_one() == 0, table.name
        result = await connection.exec_driver_sql("SELECT count(*) FROM grid_nodes")
        assert result.scalar_one() > 0


async def test_every_model_is_invisible_to_the_other_county(database, two_counties):
    mine, other = two_counties
    async with database.session(other.id) as session:
        theirs = {
            mapper.class_: set((await session.scalars(select(mapper.class_.id))).all())
            for mapper in TenantRow.registry.mappers
            if issubclass(mapper.class_, TenantRow)
        }
    async with database.session(mine.id) as session:
        for model, ids in theirs.items():
            seen = set((await session.scalars(select(model.id))).all())
            assert seen & ids == set(), model.__name__
            for row_id in list(ids)[:2]:
                found = await session.execute(select(model.id).where(model.id == row_id))
                assert found.all() == [], model.__name__


async def test_a_forged_announcement_opens_nothing(database, two_counties):
    """An injected set_config without the seal sees no row at all, not even one's own."""
    mine, other = two_counties
    async with database.session(mine.id) as session:
        connection = await session.connection()
        for forged in (str(other.id), f"{other.id}.{'0' * 32}", "", "x"):
            shown = await connection.exec_driver_sql(
                f"WITH turn AS MATERIALIZED (SELECT set_config('app.tenant', '{forged}', true)) "
                "SELECT count(*) FROM turn, grid_nodes"
            )
            assert shown.scalar_one() == 0


@pytest.mark.parametrize("given", [(), ("x",)])
async def test_a_statement_stacked_on_another_is_refused(database, two_counties, given):
    """Not even both of one's own county: nothing can be added behind a statement."""
    mine, _ = two_counties
    async with database.open(mine.id) as session:
        connection = await session.connection()
        stacked = f"SELECT {'$1::text' if given else '1'}; SELECT count(*) FROM grid_nodes"
        with pytest.raises(DBAPIError, match="multiple commands"):
            await connection.exec_driver_sql(stacked, given)


async def test_a_row_of_another_county_cannot_be_written(database, two_counties):
    mine, other = two_counties
    async with database.open(mine.id) as session:
        connection = await session.connection()
        with pytest.raises(DBAPIError):
            await connection.exec_driver_sql(
                "INSERT INTO grid_versions (tenant_id, id, version) VALUES "
                f"('{other.id}', '{UUID(int=1)}', 1)"
            )


async def test_a_session_cannot_change_its_county(database, two_counties):
    mine, other = two_counties
    async with database.open(mine.id) as session:
        with pytest.raises(ValueError, match="cannot change its tenant"):
            database.cut(session, other.id)


async def test_nothing_of_the_county_is_left_on_a_pooled_connection(settings, two_counties):
    mine, _ = two_counties
    database = Database(replace(settings, pool_size=1))
    async with database.session(mine.id) as session:
        assert (await session.execute(select(1))).scalar_one() == 1
    async with database.engine.connect() as connection:
        left = await connection.exec_driver_sql("SELECT current_setting('app.tenant', true)")
        assert left.scalar_one() in (None, "")
        user = await connection.exec_driver_sql("SELECT current_user")
        assert user.scalar_one() == APP
    await database.close()
