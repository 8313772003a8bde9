import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import UUID

import pytest
from PIL import Image

from factories.tenants import a_county
from factories.uploads import a_photo
from gridgov import rooms
from gridgov.context import Context
from gridgov.contract.actor import Actor
from gridgov.files.actions import accept_photo, attach
from gridgov.kernel.ids import new_id
from gridgov.tenants.rulebooks import Rulebooks
from gridgov.tenants.workplace import Workplaces
from gridgov.testkit.counties import installed_policies
from gridgov.testkit.signing_in import sign_in

SHOWN, HIDDEN = new_id(), new_id()


@pytest.fixture(autouse=True)
def readers(monkeypatch):
    async def seen(ctx: Context, owner_id: UUID) -> bool:
        return ctx.actor.account_id is not None and owner_id == SHOWN

    monkeypatch.setitem(rooms.FILES_SEEN_BY, "case", seen)


@pytest.fixture
async def place(app, settings):
    return await a_county(app.state.database, settings)


@asynccontextmanager
async def acting(app, county, person) -> AsyncIterator[Context]:
    settings = app.state.settings
    places = Workplaces(
        app.state.database, Rulebooks(installed_policies()), settings.secret, files=settings.files
    )
    (record,) = await places.records(slug=county.tenant.slug)
    async with places.of(record).transaction("测试") as ctx:
        actor = Actor(person.account_id, person.staff_id, "测试·王一", "测试员")
        yield replace(ctx, actor=actor)


async def kept(app, county, *, owner: UUID | None, kind: str = "case"):
    async with acting(app, county, county.accounts["worker"]) as ctx:
        file = await accept_photo(ctx, a_photo())
        if owner is not None:
            await attach(ctx, [file.id], kind, owner)
        return file.id


def at(county, file_id: UUID, variant: str = "display") -> str:
    return f"/{county.tenant.slug}/files/{file_id}/{variant}"


async def test_a_photo_is_shown_to_whom_its_owners_room_lets(client, app, place):
    file_id = await kept(app, place, owner=SHOWN)
    await sign_in(client, place, "worker")

    display = await client.get(at(place, file_id))
    thumb = await client.get(at(place, file_id, "thumb"))

    assert display.status_code == thumb.status_code == 200
    assert Image.open(io.BytesIO(display.content)).size == (640, 480)
    assert Image.open(io.BytesIO(thumb.content)).size == (320, 240)
    assert display.headers["content-type"] == "image/jpeg"
    assert display.headers["content-disposition"] == f'inline; filename="{file_id}.jpg"'
    assert display.headers["cache-control"] == "private, no-store"
    assert display.headers["x-content-type-options"] == "nosniff"
    assert display.headers["content-security-policy"] == "default-src 'none'; sandbox"


async def test_whatever_one_may_not_see_is_not_found(client, app, settings, place):
    neighbour = await a_county(app.state.database, settings)
    own = await kept(app, place, owner=SHOWN)
    unseen = {
        "by nobody's rule": at(place, await kept(app, place, owner=HIDDEN)),
        "of a kind that nobody answers for": at(
            place, await kept(app, place, owner=SHOWN, kind="nothing")
        ),
        "of another county": at(place, await kept(app, neighbour, owner=SHOWN)),
        "at random": at(place, new_id()),
        "in no such size": at(place, own, "original"),
    }
    await sign_in(client, place, "worker")
    control = await client.get(at(place, own))

    answers = {why: (await client.get(address)).status_code for why, address in unseen.items()}

    assert control.status_code == 200
    assert answers == dict.fromkeys(unseen, 404)


async def test_a_stranger_sees_nothing(client, app, place):
    attached = await kept(app, place, owner=SHOWN)
    loose = await kept(app, place, owner=None)

    answers = [(await client.get(at(place, file))).status_code for file in (attached, loose)]

    assert answers == [404, 404]


async def test_what_is_not_attached_yet_is_seen_by_its_sender_alone(client, app, place):
    loose = await kept(app, place, owner=None)

    await sign_in(client, place, "worker")
    sender = await client.get(at(place, loose, "thumb"))
    await sign_in(client, place, "supervisor")
    somebody = await client.get(at(place, loose, "thumb"))

    assert (sender.status_code, somebody.status_code) == (200, 404)


async def test_bytes_that_are_gone_are_not_found(client, app, place):
    file_id = await kept(app, place, owner=SHOWN)
    for path in app.state.settings.files.rglob(f"{file_id}.*"):
        path.unlink()
    await sign_in(client, place, "worker")

    assert (await client.get(at(place, file_id))).status_code == 404
