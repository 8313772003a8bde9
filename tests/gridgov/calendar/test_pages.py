import re

import pytest
from sqlalchemy import select

from factories.tenants import a_county
from gridgov.calendar.models import CalendarClosure
from gridgov.kernel.ids import new_id
from gridgov.testkit.signing_in import csrf_of, send, sign_in

FLOOD = {"day": "2027-03-04", "reason": "洪水", "document": "测政办〔2027〕3号"}


@pytest.fixture
async def place(app, settings):
    return await a_county(app.state.database, settings)


def at(county, rest: str = "") -> str:
    return f"/{county.tenant.slug}/calendar{rest}"


async def closed_days(app, county) -> list:
    async with app.state.database.session(county.tenant.id) as session:
        rows = await session.execute(
            select(CalendarClosure.id, CalendarClosure.day, CalendarClosure.removed_revision)
            .where(CalendarClosure.tenant_id == county.tenant.id)
            .order_by(CalendarClosure.id)
        )
        return [(row.id, row.day.isoformat(), row.removed_revision) for row in rows]


async def test_the_year_shows_make_up_days_holidays_and_what_is_provisional(client, place):
    await sign_in(client, place, "supervisor")

    this_year = await client.get(at(place, "?year=2026"))
    next_year = await client.get(at(place, "?year=2027"))

    assert this_year.status_code == next_year.status_code == 200
    assert this_year.text.count("month-mark") == 33 + 6  # days off, make-up days
    assert (
        len(re.findall(r"<td data-look=.work. data-provisional", this_year.text)) == 4
    )  # 28 to 31 December
    assert "暂定：还没有通知" in next_year.text
    assert "2027 年的放假安排还没有装载" in next_year.text
    assert "假定，请县里确认" in next_year.text


async def test_a_year_that_no_calendar_covers_is_not_found(client, place):
    await sign_in(client, place, "supervisor")

    answers = [(await client.get(at(place, f"?year={year}"))).status_code for year in (1999, 9999)]

    assert answers == [404, 404]
    assert (await client.get(at(place, "?year=soon"))).status_code == 200


async def test_who_may_only_read_sees_no_form_and_may_not_post(client, app, place):
    await sign_in(client, place, "supervisor")

    assert 'name="document"' not in (await client.get(at(place))).text
    refused = await send(client, at(place, "/closures"), page=at(place), **FLOOD)

    assert refused.status_code == 403
    assert await closed_days(app, place) == []


async def test_the_administrator_closes_a_day_and_takes_it_back(client, app, place):
    await sign_in(client, place, "county_admin")

    closed = await send(client, at(place, "/closures"), page=at(place), **FLOOD)
    ((closure_id, day, _),) = await closed_days(app, place)
    shown = await client.get(closed.headers["location"])
    page = at(place, f"/closures/{closure_id}")
    reopened = await send(client, page, document="测政办〔2027〕4号")

    assert closed.status_code == reopened.status_code == 303
    assert day == "2027-03-04"
    assert FLOOD["document"] in shown.text
    assert 'data-look="closed"' in shown.text
    assert [(day, gone) for _, day, gone in await closed_days(app, place)] == [("2027-03-04", 2)]
    assert (await client.get(page)).status_code == 404


async def test_a_form_sent_twice_closes_once(client, app, place):
    await sign_in(client, place, "county_admin")
    operation = str(new_id())

    answers = [
        await send(client, at(place, "/closures"), page=at(place), _op=operation, **FLOOD)
        for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(await closed_days(app, place)) == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"document": ""}, "请填写这一项"),
        ({"document": "   "}, "请"),
        ({"day": "2027-03-06"}, "本来就休息"),
        ({"day": "soon"}, "日期要写成"),
        ({"reason": "长" * 201}, "写得太长"),
    ],
)
async def test_a_bad_form_comes_back_with_its_words_and_a_sentence(
    client, app, place, *, change, sentence
):
    await sign_in(client, place, "county_admin")

    answer = await send(client, at(place, "/closures"), page=at(place), **(FLOOD | change))

    assert answer.status_code == 422
    assert sentence in answer.text
    for typed in (FLOOD | change).values():
        assert typed.strip() in answer.text
    assert await closed_days(app, place) == []


async def test_another_countys_closure_is_not_there(client, app, settings, place):
    neighbour = await a_county(app.state.database, settings)
    await sign_in(client, place, "county_admin")
    await send(client, at(place, "/closures"), page=at(place), **FLOOD)
    ((closure_id, _, _),) = await closed_days(app, place)
    await sign_in(client, neighbour, "county_admin")
    token = await csrf_of(client, at(neighbour))

    for unknown in (closure_id, new_id()):
        page = at(neighbour, f"/closures/{unknown}")
        post = await client.post(
            page,
            data={"_csrf": token, "document": "x"},
            headers={"sec-fetch-site": "same-origin"},
        )
        assert ((await client.get(page)).status_code, post.status_code) == (404, 404)
    assert len(await closed_days(app, place)) == 1
