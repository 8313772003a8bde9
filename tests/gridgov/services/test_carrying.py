"""Flags were columns of the core, named after one county; what a catalogue says is carried over."""

from alembic import command
from sqlalchemy import Connection, insert

from gridgov.kernel.engines import engine_for
from gridgov.kernel.ids import new_id
from gridgov.migrations.running import Runs
from gridgov.migrations.tables import CORE
from gridgov.services.models import ServiceImport

BEFORE = "case_term"
ITEM = "SELECT {what} FROM service_items WHERE code = 'LL03001' AND tenant_id = '{tenant}'"
ROW = "SELECT rows FROM service_imports WHERE tenant_id = '{tenant}'"


async def test_flags_go_to_the_county_s_codes_and_back(app, county, crew):
    async with crew.system() as ctx:
        waiting = {"code": "A1", "flags": ["agency", "town"]}
        await ctx.session.execute(
            insert(ServiceImport).values(
                tenant_id=ctx.tenant.id, id=new_id(), file="目录.csv", rows=[waiting], added=1,
                changed=0, closed=0, who="测试", at=ctx.now,
            )
        )  # fmt: skip

    def seen(connection: Connection, what: str) -> tuple[object, object]:
        for table in ("service_items", "service_imports"):
            connection.exec_driver_sql(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        asked = (one.format(what=what, tenant=county.tenant.id) for one in (ITEM, ROW))
        item, row = (connection.exec_driver_sql(one).one() for one in asked)
        return tuple(item), row[0]

    def there_and_back(connection: Connection) -> None:
        config = Runs().config(connection, CORE)
        command.downgrade(config, BEFORE)
        told.append(seen(connection, "town, village, agency, online, assisted"))
        command.upgrade(config, "head")
        told.append(seen(connection, "flags"))

    told: list[tuple[object, object]] = []
    engine = engine_for(app.state.settings.owner_url, pooled=False)
    async with engine.connect() as connection:
        both = await connection.begin()  # else the way back alone would be undone
        await connection.run_sync(there_and_back)
        await both.rollback()
    await engine.dispose()

    (columns, kept), (flags, again) = told
    assert columns == (True, False, True, True, False)
    assert kept == [
        {"code": "A1", "agency": True, "assisted": False, "online": False, "town": True,
         "village": False}
    ]  # fmt: skip
    assert flags == (["agency", "online", "town"],)
    assert again == [waiting]
