"""What each test's ground promises."""

import asyncpg


async def rows(url: str, sql: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetch(sql)
    finally:
        await connection.close()


async def test_the_application_is_no_owner_and_no_superuser(settings):
    (who,) = await rows(
        settings.database_url,
        "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user",
    )

    assert tuple(who) == ("gridgov_app", False, False)


async def test_every_table_belongs_to_the_plain_owner_or_the_key(settings):
    owners = await rows(
        settings.owner_url,
        "SELECT DISTINCT tableowner FROM pg_tables "
        "WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1",
    )

    assert [owner for (owner,) in owners] == ["gridgov_key", "gridgov_owner"]


async def test_the_application_cannot_make_tables(settings):
    (made,) = await rows(
        settings.database_url,
        "SELECT has_schema_privilege('public', 'CREATE'), "
        "has_database_privilege(current_database(), 'CREATE')",
    )

    assert tuple(made) == (False, False)


async def test_a_stack_of_ones_own_survives_a_restart(own_stack):
    settings = own_stack.settings("gridgov")
    own_stack.postgres.stop()
    own_stack.postgres.start()

    (count,) = await rows(settings.owner_url, "SELECT count(*) FROM gridgov_version")

    assert tuple(count) == (1,)
