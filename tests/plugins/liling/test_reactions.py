"""What Liling does by itself when something has happened."""

import pytest
from sqlalchemy import select

from factories.cases import Crew
from factories.tenants import a_county
from gridgov.kernel.outbox import Event, OutboxEvent
from gridgov.notices.models import Notice
from gridgov.plugins import Plugins
from gridgov.rooms import handlers
from liling.plugin import REACTIONS


@pytest.fixture
async def crew(database, settings):
    return Crew(database, await a_county(database, settings))


async def react(crew) -> None:
    """Every reaction of the county to every event so far, as the relay would have it."""
    reacting = {
        reaction.event: next(
            handler
            for handler in handlers(Plugins.installed())[reaction.event]
            if handler.name.startswith("liling: ")
        )
        for reaction in REACTIONS
    }
    async with crew.system() as ctx:
        for row in (await ctx.session.scalars(select(OutboxEvent).order_by(OutboxEvent.id))).all():
            if row.kind in reacting:
                event = Event(
                    row.id, row.tenant_id, row.kind, row.subject, row.actor, row.payload, row.at
                )
                await reacting[row.kind].run(ctx, event)


async def calls(crew) -> list[str]:
    async with crew.system() as ctx:
        found = await ctx.session.scalars(
            select(Notice.text).where(Notice.about.startswith("liling.consultation:"))
        )
        return [text.partition("：")[0] for text in found]


async def sent_back(crew, times: int):
    case_id = await crew.brought_to("filed")
    for _ in range(times):
        await crew.does("dispatcher", case_id, "dispatch")
        await crew.does("handler", case_id, "return")


async def test_sent_back_twice_whoever_answers_is_asked_to_call_a_consultation(crew):
    await sent_back(crew, 2)

    await react(crew)
    await react(crew)

    assert await calls(crew) == ["退单 2 次，请召集会商"]


async def test_sent_back_once_nobody_is_called(crew):
    await sent_back(crew, 1)

    await react(crew)

    assert await calls(crew) == []


async def test_a_county_without_the_plugin_does_not_react(crew, monkeypatch):
    await sent_back(crew, 2)
    monkeypatch.setattr(crew.policy, "plugins", ("other",))

    await react(crew)

    assert await calls(crew) == []
