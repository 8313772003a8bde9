"""``gridgov events``: what is stuck can be seen and tried again."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from factories.tenants import a_county
from factories.working import failing, place_in, tell, traces
from gridgov.cli.main import main
from gridgov.kernel.clock import now
from gridgov.kernel.relay import Limits, Relay
from gridgov.tenants.workplace import Workplace
from gridgov.testkit.clock import Clock
from gridgov.testkit.counties import ACounty

Run = Callable[..., Awaitable[tuple[int, str]]]


@pytest.fixture
def run(settings, monkeypatch, capsys) -> Run:
    """The command in a thread: it has an event loop of its own."""
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)

    async def started(*arguments: str) -> tuple[int, str]:
        status = await asyncio.to_thread(main, ["events", *arguments])
        said = capsys.readouterr()
        return status, said.out + said.err

    return started


@pytest.fixture
async def county(database, settings) -> ACounty:
    return await a_county(database, settings)


@pytest.fixture
async def place(county, database, settings) -> Workplace:
    return await place_in(county, database, settings)


async def test_what_is_parked_is_seen_and_tried_again(run, county, place, database):
    slug, clock = county.tenant.slug, Clock(now())
    before = await run("status", slug)
    relay = Relay({"thing.done": [failing("shaky", times=1)]}, clock=clock, limits=Limits(tries=1))
    await tell(place, at=clock())
    await relay.relay(place)

    stuck = await run("status", slug)
    replayed = await run("replay", slug, "all")
    clock.turn(minutes=1)
    await relay.relay(place)

    assert before[0] == 0
    assert stuck[0] == 2
    assert "thing.done for shaky: LookupError" in stuck[1]
    assert replayed == (0, "1 will be tried again.\n")
    assert await traces(database, place) == {"shaky": 1}


async def test_what_is_not_parked_cannot_be_replayed(run, county):
    status, said = await run("replay", county.tenant.slug, "all")

    assert (status, "没有搁置" in said) == (1, True)
