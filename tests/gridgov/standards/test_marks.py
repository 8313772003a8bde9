"""What a place has is shown by one, confirmed by another who sits above, and counted."""

import pytest
from sqlalchemy import select

from factories.tenants import a_county
from gridgov.audit.models import AuditEntry
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.notices.models import Notice
from gridgov.standards.actions import claim_items, decide_items, withdraw_item
from gridgov.standards.queries import claimed, history_of, marks_of, sites
from gridgov.standards.types import MarkState, Share
from gridgov.testkit.contexts import with_rights


@pytest.fixture
def village(county):
    return county.at("village")


@pytest.fixture
def town(county):
    return county.at("town")


@pytest.fixture
async def theirs(database, settings):
    return await a_county(database, settings)


@pytest.fixture
def shown(crew, standard, village):
    """A station clerk shows items of the station; the ids of the marks."""

    async def by(*items, role="station_clerk", node=village, **what):
        async with crew.acting(role, at=node.path) as ctx:
            await claim_items(ctx, standard, node.id, items, **{"note": "已挂牌", **what})
            marks = await marks_of(ctx, standard, node.id)
        return [marks[item].id for item in items]

    return by


async def state_of(crew, standard, node, item):
    async with crew.system() as ctx:
        return (await marks_of(ctx, standard, node.id))[item].state


async def test_a_station_shows_what_it_has_and_the_town_confirms_it(crew, standard, county, shown):
    village, town = county.at("village"), county.at("town")
    ids = await shown("office", "team")
    async with crew.acting("subcentre_clerk", at=town.path) as ctx:
        waiting = [mark.item for _, mark in await claimed(ctx, standard)]
        await decide_items(ctx, standard, ids, confirm=True)
    async with crew.system() as ctx:
        marks = await marks_of(ctx, standard, village.id)
        steps = [step.action for step in await history_of(ctx, ids[0])]

    assert waiting == ["office", "team"]
    assert [mark.state for mark in marks.values()] == ["confirmed"] * 2 + ["missing"] * 5
    assert steps == ["confirmed", "claimed"]
    assert Share(2, 7).percent == 28


async def test_a_sub_centre_is_confirmed_from_the_county_and_not_from_its_own_town(
    crew, standard, town, shown
):
    ids = await shown("screen", role="subcentre_clerk", node=town)
    async with crew.acting("subcentre_clerk", at=town.path) as ctx:
        with pytest.raises(NotFound):
            await decide_items(ctx, standard, ids, confirm=True)
    async with crew.acting("dispatcher") as ctx:
        await decide_items(ctx, standard, ids, confirm=True)

    assert await state_of(crew, standard, town, "screen") == MarkState.CONFIRMED


async def test_who_showed_it_does_not_confirm_it(crew, standard, village, town):
    both = with_rights("grid.read", "standard.claim", "standard.confirm", at=town.path)
    async with crew.as_actor(both) as ctx:
        await claim_items(ctx, standard, village.id, ["office"], note="已挂牌")
        mark = (await marks_of(ctx, standard, village.id))["office"]
        with pytest.raises(Conflict, match="申报的人不能自己认定"):
            await decide_items(ctx, standard, [mark.id], confirm=True)


async def test_what_comes_back_says_why_and_can_be_shown_again(crew, standard, county, shown):
    village, town = county.at("village"), county.at("town")
    ids = await shown("video")
    async with crew.acting("subcentre_clerk", at=town.path) as ctx:
        with pytest.raises(Invalid):
            await decide_items(ctx, standard, ids, confirm=False)
        await decide_items(ctx, standard, ids, confirm=False, reason="照片里看不到设备")
    async with crew.system() as ctx:
        mark = (await marks_of(ctx, standard, village.id))["video"]
        told = (await ctx.session.scalars(select(Notice.text))).all()
    await shown("video", note="补了照片")

    assert (mark.state, mark.reason) == ("returned", "照片里看不到设备")
    assert any("有综治视联网" in text for text in told)
    assert await state_of(crew, standard, village, "video") == MarkState.CLAIMED


@pytest.mark.parametrize(
    ("items", "what", "field"),
    [
        ((), {}, "codes"),
        (("office",), {"note": " "}, "note"),
        (("office",), {"note": "长" * 301}, "note"),
    ],
)
async def test_evidence_that_cannot_be_checked_is_refused(shown, items, what, field):
    with pytest.raises(Invalid) as refused:
        await shown(*items, **what)

    assert list(refused.value.fields) == [field]


async def test_what_waits_or_is_confirmed_is_not_shown_twice(crew, standard, town, shown):
    ids = await shown("office")
    with pytest.raises(Conflict, match="等待认定"):
        await shown("office")
    async with crew.acting("subcentre_clerk", at=town.path) as ctx:
        await decide_items(ctx, standard, ids, confirm=True)
    with pytest.raises(Conflict, match="已经认定"):
        await shown("office")


async def test_a_claim_is_taken_back_until_it_is_decided(crew, standard, county, shown):
    village, town = county.at("village"), county.at("town")
    ids = await shown("office")
    async with crew.acting("station_clerk", at=village.path) as ctx:
        await withdraw_item(ctx, standard, village.id, "office")
    async with crew.acting("subcentre_clerk", at=town.path) as ctx:
        with pytest.raises(Conflict):
            await decide_items(ctx, standard, ids, confirm=True)

    assert await state_of(crew, standard, village, "office") == MarkState.MISSING


async def test_other_places_and_other_counties_are_not_there(crew, county, standard, theirs):
    village, town, other = county.at("village"), county.at("town"), county.at("village", 3)
    async with crew.acting("station_clerk", at=village.path) as ctx:
        for node in (other, theirs.at("village")):
            with pytest.raises(NotFound):
                await claim_items(ctx, standard, node.id, ["office"], note="已挂牌")
        with pytest.raises(NotFound):
            await claim_items(ctx, standard, county.at("grid").id, ["office"], note="已挂牌")
        seen = await sites(ctx, standard)
    async with crew.acting("dispatcher") as ctx:
        every = await sites(ctx, standard)
        found = await sites(ctx, standard, path=town.path, words=village.code)

    assert [site.id for site in seen] == [village.id]
    assert len(every) == 6
    assert [site.id for site in found] == [village.id]


async def test_it_is_written_down_who_showed_and_who_decided(crew, standard, town, shown):
    ids = await shown("office")
    async with crew.acting("subcentre_clerk", at=town.path) as ctx:
        await decide_items(ctx, standard, ids, confirm=True)
    async with crew.system() as ctx:
        verbs = set(await ctx.session.scalars(select(AuditEntry.verb)))

    assert {"standard.claimed", "standard.confirmed"} <= verbs
