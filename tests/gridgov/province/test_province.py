"""Above the counties: one's own region, its aggregates, and nothing of what they are made of."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import ProgrammingError

from factories.cases import Crew
from factories.tenants import a_county
from gridgov.accounts.actions.entering import open_sign_in
from gridgov.accounts.models import Account
from gridgov.cli.region import grant, listed, revoke
from gridgov.kernel.clock import now
from gridgov.kernel.errors import Invalid, NotFound
from gridgov.kernel.ids import new_id
from gridgov.migrations.tables import METADATA
from gridgov.province.actions import count_county
from gridgov.province.models import CaseFigure
from gridgov.tenants.models import TenantRecord
from gridgov.testkit.signing_in import HASHED, a_browser, carry

CONTENT = [
    table.name for table in METADATA.sorted_tables if table.name not in {"case_figures", "tenants"}
]


@pytest.fixture
async def elsewhere(app):
    """A county of another province."""
    other = await a_county(app.state.database, app.state.settings)
    async with app.state.database.shared() as session:
        await session.execute(
            update(TenantRecord)
            .where(TenantRecord.id == other.tenant.id)
            .values(province="98", prefecture="9801")
        )
    return other


async def counted(crew):
    async with crew.system() as ctx:
        await count_county(ctx)


@pytest.fixture
def looking(app):
    """A browser signed in above the counties."""

    async def opened(client, region):
        database, login = app.state.database, f"p-{new_id()}"
        async with database.shared() as session:
            await grant(session, login, region)
            account = await session.scalar(select(Account.id).where(Account.login == login))
            await session.execute(
                update(Account).where(Account.id == account).values(password=HASHED, token=None)
            )
            entered = await open_sign_in(
                session,
                account,
                device="测试机",
                now=now(),
                until=now() + timedelta(hours=1),
                second_factor=True,
            )
        carry(client, entered)

    return opened


async def test_the_counties_own_figures_are_what_is_kept(app, crew, county):
    await crew.brought_to("closed")
    await crew.brought_to("handling")
    await counted(crew)

    async with app.state.database.session(county.tenant.id) as session:
        row = (await session.scalars(select(CaseFigure))).one()

    assert (row.open_green, row.open_red, row.reported) == (1, 0, 2)
    assert (row.closed, row.on_time, row.overdue) == (1, 1, 0)
    assert row.last_activity is not None


async def test_a_day_is_one_row_however_often_it_is_counted(app, crew, county):
    await counted(crew)
    await crew.report()
    await counted(crew)
    crew.later(days=1)
    await counted(crew)

    async with app.state.database.session(county.tenant.id) as session:
        rows = (await session.scalars(select(CaseFigure).order_by(CaseFigure.day))).all()

    assert [row.reported for row in rows] == [1, 1]


async def test_a_region_sees_its_own_counties_and_no_other(client, crew, elsewhere, looking):
    await counted(crew)
    await counted(Crew(crew.database, elsewhere))
    await looking(client, "province:99")

    answer = await client.get("/province")

    assert answer.status_code == 200
    assert crew.county.tenant.name in answer.text
    assert elsewhere.tenant.name not in answer.text


async def test_a_prefecture_sees_its_own_counties(client, county, elsewhere, looking):
    await looking(client, "prefecture:9801")

    answer = await client.get("/province")

    assert elsewhere.tenant.name in answer.text
    assert county.tenant.name not in answer.text
    assert "还没有统计数" in answer.text


async def test_the_page_shows_no_content(client, crew, looking):
    reported = await crew.report(title="测试雨水井盖破损")
    await counted(crew)
    await looking(client, "province:99")

    answer = await client.get("/province")

    assert "井盖" not in answer.text
    assert reported.code not in answer.text


@pytest.mark.parametrize("table", CONTENT)
async def test_the_provinces_role_may_read_no_table_of_content(app, table):
    async with app.state.database.region("province:99") as session:
        connection = await session.connection()
        with pytest.raises(ProgrammingError, match="permission denied"):
            await connection.exec_driver_sql(f"SELECT 1 FROM {table} LIMIT 1")


@pytest.mark.parametrize("column", ["data_key", "settings", "brand", "plugins"])
async def test_the_provinces_role_reads_no_key_and_no_setting_of_a_tenant(app, column):
    async with app.state.database.region("province:99") as session:
        connection = await session.connection()
        with pytest.raises(ProgrammingError, match="permission denied"):
            await connection.exec_driver_sql(f"SELECT {column} FROM tenants")


async def test_the_database_itself_shows_a_region_only_its_own_rows(app, crew, elsewhere):
    await counted(crew)
    await counted(Crew(app.state.database, elsewhere))
    async with app.state.database.region("province:98") as session:
        tenants = set((await session.scalars(select(TenantRecord.id))).all())
        figures = set((await session.scalars(select(CaseFigure.tenant_id))).all())

    assert elsewhere.tenant.id in tenants and crew.county.tenant.id not in tenants
    assert elsewhere.tenant.id in figures and crew.county.tenant.id not in figures


async def test_without_a_region_announced_nothing_is_shown(app, crew):
    await counted(crew)
    async with app.state.database._province.connect() as connection:  # noqa: SLF001
        for table in ("tenants", "case_figures"):
            shown = await connection.exec_driver_sql(f"SELECT count(*) FROM {table}")
            assert shown.scalar_one() == 0


async def test_the_provinces_role_changes_nothing(app, crew):
    await counted(crew)
    for statement in ("DELETE FROM case_figures", "UPDATE tenants SET state = 'active'"):
        async with app.state.database.region("province:99") as session:
            connection = await session.connection()
            with pytest.raises(ProgrammingError, match="permission denied"):
                await connection.exec_driver_sql(statement)


async def test_nobody_without_a_region_comes_in(app, client, county, crew):
    stranger = await client.get("/province")
    async with a_browser(app) as other:
        async with app.state.database.shared() as session:
            entered = await open_sign_in(
                session,
                county.accounts["leader"].account_id,
                device="测试机",
                now=now(),
                until=now() + timedelta(hours=1),
            )
        carry(other, entered)
        leader = await other.get("/province")

    assert stranger.status_code == 401
    assert leader.status_code == 401


async def test_a_region_is_granted_listed_and_revoked(app):
    login, database = f"q-{new_id()}", app.state.database
    async with database.shared() as session:
        token = await grant(session, login, "province:43")
    async with database.shared() as session:
        again = await grant(session, login.upper(), "prefecture:4302")
        rows = [row for row in await listed(session) if row[0] == login]
    assert token and again and token != again
    assert [row[1] for row in rows] == ["prefecture:4302", "province:43"]
    assert not any(row[3] for row in rows)

    async with database.shared() as session:
        await revoke(session, login, "province:43")
        await revoke(session, login, "prefecture:4302")
    async with database.shared() as session:
        assert [row for row in await listed(session) if row[0] == login] == []
        with pytest.raises(NotFound):
            await revoke(session, login, "province:43")


async def test_who_has_a_password_keeps_it_when_a_region_is_added(app):
    login, database = f"r-{new_id()}", app.state.database
    async with database.shared() as session:
        await grant(session, login, "province:43")
        await session.execute(
            update(Account).where(Account.login == login).values(password=HASHED, token=None)
        )
        assert await grant(session, login, "province:62") == ""
        kept = await session.scalar(select(Account.password).where(Account.login == login))
    assert kept == HASHED


@pytest.mark.parametrize("region", ["all", "province:4", "prefecture:43", "province:43; --", ""])
async def test_a_region_is_a_province_or_a_prefecture(app, region):
    async with app.state.database.shared() as session:
        with pytest.raises(Invalid):
            await grant(session, "x", region)


def test_only_the_figures_and_the_directory_are_open_to_the_province():
    opened = {table.name for table in METADATA.sorted_tables if table.info.get("province")}
    assert opened == {"tenants", "case_figures"}
