"""``gridgov audit``: tells a whole chain from a broken one, and keeps checkpoints."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import make_url

from factories.tenants import a_county
from factories.working import place_in
from gridgov.audit.actions import record
from gridgov.cli.main import main
from gridgov.testkit.counties import ACounty

Run = Callable[..., Awaitable[tuple[int, str]]]


@pytest.fixture
def run(settings, monkeypatch, capsys) -> Run:
    """The command in a thread: it has an event loop of its own."""
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)

    async def started(*arguments: object) -> tuple[int, str]:
        status = await asyncio.to_thread(main, ["audit", *map(str, arguments)])
        said = capsys.readouterr()
        return status, said.out + said.err

    return started


@pytest.fixture
async def county(database, settings) -> ACounty:
    county = await a_county(database, settings)
    place = await place_in(county, database, settings)
    for number in range(5):
        async with place.transaction("tester") as ctx:
            record(ctx, f"thing.done{number}", "thing", None)
    return county


async def test_a_chain_is_whole_until_a_row_is_changed_by_hand(run, settings, county, stack):
    slug = county.tenant.slug
    before = await run("verify", slug)

    name = str(make_url(settings.database_url).database)
    mine = f"tenant_id = '{county.tenant.id}'"
    stack.sql(f"UPDATE audit_entries SET who = 'x' WHERE {mine} AND seq = 3", database=name)
    after = await run("verify", slug)

    assert "审计链完整。" in before[1]
    assert before[0] == 0
    assert after[0] == 2
    assert "第 3 条和当初写下的不一样" in after[1]


@pytest.fixture
def cut_off(settings, county, stack) -> Callable[[], None]:
    """Delete the newest two entries and set the head back, as a superuser."""
    name = str(make_url(settings.database_url).database)
    mine = f"tenant_id = '{county.tenant.id}'"
    last = f"(SELECT max(seq) FROM audit_entries WHERE {mine})"

    def cut() -> None:
        stack.sql(f"DELETE FROM audit_entries WHERE {mine} AND seq > {last} - 2", database=name)
        stack.sql(
            "UPDATE audit_heads h SET seq = e.seq, hash = e.hash FROM audit_entries e "
            f"WHERE h.{mine} AND e.{mine} AND e.seq = {last}",
            database=name,
        )

    return cut


async def test_a_checkpoint_finds_a_cut_tail(run, county, cut_off, tmp_path: Path):
    slug, file = county.tenant.slug, tmp_path / "checkpoints.jsonl"
    kept = await run("checkpoint", slug, "--file", file)
    cut_off()

    blind = await run("verify", slug)
    seen = await run("verify", slug, "--against", file)

    assert kept == (0, file.read_text())
    assert blind[0] == 0
    assert "被截掉了" in seen[1]
    assert seen[0] == 2


async def test_a_forged_checkpoint_is_refused(run, county, tmp_path: Path):
    file = tmp_path / "checkpoints.jsonl"
    _, line = await run("checkpoint", county.tenant.slug)
    file.write_text(line.replace('"seq":6', '"seq":5'))

    status, said = await run("verify", county.tenant.slug, "--against", file)

    assert line != file.read_text()
    assert (status, "签名不对" in said) == (1, True)


async def test_a_county_that_is_not_there_is_named(run):
    assert await run("verify", "nowhere") == (1, "gridgov: 没有“nowhere”这个县。\n")
