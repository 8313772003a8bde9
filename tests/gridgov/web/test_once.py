"""A form that is sent twice is done once."""

import asyncio
from typing import Any

import pytest
from litestar.enums import RequestEncodingType
from litestar.testing import RequestFactory
from sqlalchemy import func, select

from factories.contexts import Grounds, a_tenant
from gridgov.kernel.errors import Conflict, Invalid
from gridgov.kernel.ids import new_id
from gridgov.kernel.outbox import OutboxEvent, emit
from gridgov.web.once import once, remember

ALICE, BOB = new_id(), new_id()


@pytest.fixture
async def grounds(database, settings) -> Grounds:
    return await a_tenant(database, settings)


def a_form(operation: object, path: str = "/x/report", **fields: str) -> Any:
    return RequestFactory().post(
        path,
        data={"_op": str(operation), "_csrf": str(new_id()), "title": "井盖破损", **fields},
        request_media_type=RequestEncodingType.URL_ENCODED,
    )


async def send(grounds: Grounds, form: Any, *, account: Any = ALICE, keep: bool = True) -> str:
    """What a controller does: the first sending's answer, or the deed and a new answer."""
    async with grounds.opened(account=account, keep=keep) as ctx:
        if (before := await once(ctx, form)) is not None:
            return before
        await emit(ctx.session, ctx.tenant.id, "thing.reported", new_id(), at=ctx.now)
        await asyncio.sleep(0.05)
        answer = f"/x/cases/{new_id()}"
        await remember(ctx, form, answer)
        return answer


async def deeds(grounds: Grounds) -> int:
    async with grounds.opened() as ctx:
        return await ctx.session.scalar(select(func.count()).select_from(OutboxEvent)) or 0


async def test_the_second_sending_gets_the_answer_of_the_first(grounds):
    operation = new_id()

    first = await send(grounds, a_form(operation))
    second = await send(grounds, a_form(operation))

    assert second == first
    assert await deeds(grounds) == 1


async def test_ten_sendings_at_once_are_one_deed(grounds):
    operation = new_id()

    answers = await asyncio.gather(*(send(grounds, a_form(operation)) for _ in range(5)))

    assert len(set(answers)) == 1
    assert await deeds(grounds) == 1


async def test_a_sending_that_was_refused_may_be_sent_again(grounds):
    operation = new_id()
    await send(grounds, a_form(operation), keep=False)

    await send(grounds, a_form(operation))

    assert await deeds(grounds) == 1


@pytest.mark.parametrize(
    ("account", "changed"),
    [(ALICE, {"title": "路灯不亮"}), (ALICE, {"path": "/x/other"}), (BOB, {}), (None, {})],
)
async def test_other_words_or_another_person_are_not_answered_with_the_first(
    grounds, account, changed
):
    operation = new_id()
    await send(grounds, a_form(operation))

    with pytest.raises(Conflict):
        await send(grounds, a_form(operation, **changed), account=account)

    assert await deeds(grounds) == 1


async def test_a_form_without_a_number_is_always_new(grounds):
    await send(grounds, a_form(""))
    await send(grounds, a_form(""))

    assert await deeds(grounds) == 2


async def test_a_number_that_is_none_is_refused(grounds):
    with pytest.raises(Invalid):
        await send(grounds, a_form("' OR 1=1"))


async def test_another_county_may_use_the_same_number(grounds, database, settings):
    operation = new_id()
    other = await a_tenant(database, settings)

    await send(grounds, a_form(operation))
    await send(other, a_form(operation))

    assert (await deeds(grounds), await deeds(other)) == (1, 1)


async def test_a_deed_whose_answer_nobody_kept_is_not_done_again(grounds):
    operation = new_id()
    async with grounds.opened(account=ALICE) as ctx:
        assert await once(ctx, a_form(operation)) is None

    with pytest.raises(Conflict):
        await send(grounds, a_form(operation))
