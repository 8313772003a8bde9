"""What tenants run, as a process comes to know it."""

from factories.tenants import a_county
from gridgov.contract import rulebook
from gridgov.tenants import rulebooks
from gridgov.tenants.rulebooks import Rulebooks
from gridgov.tenants.workplace import Workplaces
from gridgov.testkit.counties import installed_policies


async def test_counties_that_run_the_same_have_it_read_once(database, settings, monkeypatch):
    counties = [await a_county(database, settings) for _ in range(3)]
    known = Rulebooks(installed_policies())
    reads: list[object] = []

    def counted(data):
        reads.append(data)
        return rulebook.read(data)

    monkeypatch.setattr(rulebooks, "read", counted)
    places = Workplaces(database, known, settings.secret)
    names = set()
    for county in counties:
        (record,) = await places.records(slug=county.tenant.slug)
        async with places.of(record).transaction("测试") as ctx:
            names.add(ctx.policy.county.name)

    assert len(reads) == 1
    assert len(names) == 1
