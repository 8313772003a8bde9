"""Nominated with a story, published with consent, and no table of points."""

import pytest
from sqlalchemy import select

from gridgov.assessment.actions.honouring import (
    answer_nomination,
    decide_nomination,
    nominate,
    withdraw_consent,
)
from gridgov.assessment.models import Nomination
from gridgov.assessment.queries.honours import nominations
from gridgov.kernel.errors import Conflict, Invalid, NotFound

STORY = "大雨夜里守着水位，天亮才回家，没有一户进水。"


@pytest.fixture
async def nomination(crew, county):
    return await nominated(crew, county.at("grid"))


async def nominated(crew, place, honour="star", **more):
    given = {"node": place.code, "post": "worker", "story": STORY} | more
    async with crew.acting("station_clerk") as ctx:
        return await nominate(ctx, honour, **given)


async def seen(crew, role, *, leading=False):
    async with crew.acting(role) as ctx:
        return await nominations(ctx, leading=leading)


async def agreed(crew, nomination):
    async with crew.acting("worker") as ctx:
        await answer_nomination(ctx, nomination, agree=True)


async def published(crew, nomination):
    async with crew.acting("dispatcher") as ctx:
        await decide_nomination(ctx, nomination, publish=True)


async def test_a_story_is_sealed_and_its_person_asked_first(crew, nomination):
    async with crew.system() as ctx:
        story = await ctx.session.scalar(select(Nomination.story))
    (mine,) = await seen(crew, "worker")

    assert STORY.encode() not in story
    assert mine.mine and mine.story == STORY and mine.name.endswith("*")
    assert await seen(crew, "supervisor") == []
    assert await seen(crew, "dispatcher", leading=True) == []


async def test_nothing_is_published_without_consent(crew, nomination):
    with pytest.raises(Conflict, match="本人同意"):
        await published(crew, nomination)
    async with crew.acting("worker") as ctx:
        await answer_nomination(ctx, nomination, agree=False)
    with pytest.raises(Conflict):
        await published(crew, nomination)


async def test_with_consent_it_is_published_to_all_under_the_name(crew, nomination):
    await agreed(crew, nomination)
    assert len(await seen(crew, "dispatcher", leading=True)) == 1
    await published(crew, nomination)
    (told,) = await seen(crew, "supervisor")
    assert told.state == "published" and not told.name.endswith("*")


async def test_consent_is_taken_back_as_easily(crew, nomination):
    await agreed(crew, nomination)
    await published(crew, nomination)
    async with crew.acting("worker") as ctx:
        await withdraw_consent(ctx, nomination)
    assert await seen(crew, "supervisor") == []


async def test_only_the_nominated_person_answers(crew, nomination):
    for act in (answer_nomination, withdraw_consent):
        async with crew.acting("station_clerk") as ctx:
            with pytest.raises(NotFound):
                await (act(ctx, nomination, agree=True) if act is answer_nomination
                       else act(ctx, nomination))  # fmt: skip


async def test_who_does_not_lead_does_not_publish(crew, nomination):
    await agreed(crew, nomination)
    async with crew.acting("station_clerk") as ctx:
        with pytest.raises(NotFound):
            await decide_nomination(ctx, nomination, publish=True)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"node": "999"}, "node"), ({"post": "leader"}, "post"), ({"honour": "best"}, "honour")],
)
async def test_a_nomination_that_cannot_be_is_refused_beside_its_field(crew, county, wrong, field):
    with pytest.raises(Invalid) as refused:
        await nominated(crew, county.at("grid"), **wrong)
    assert field in refused.value.fields


async def test_another_stations_people_are_not_nominated(crew, county):
    with pytest.raises(Invalid) as refused:
        await nominated(crew, county.at("grid", 7))
    assert "node" in refused.value.fields


def test_a_nomination_has_no_number_to_rank_by():
    columns = {column.name for column in Nomination.__table__.columns}
    assert not columns & {"points", "score", "rank", "place", "votes"}
