"""The pages of people and posts, in the real application."""

import re

import pytest

from factories.tenants import a_county
from gridgov.testkit.signing_in import send, sign_in


@pytest.fixture
async def admin(client, county):
    await sign_in(client, county, "county_admin", second_factor=True)
    return client


def people(county, tail=""):
    return f"/{county.tenant.slug}/people/{tail}"


async def test_the_list_shows_people_with_posts_and_masked_phones(admin, county):
    answer = await admin.get(people(county))

    assert answer.status_code == 200
    assert "测试·网格员" in answer.text
    assert "199****0001" in answer.text
    assert "19900000001" not in answer.text


async def test_a_place_shows_its_posts_and_vacancies(admin, county):
    answer = await admin.get(people(county), params={"node": county.at("grid").code})

    assert answer.status_code == 200
    assert "本级岗位" in answer.text
    vacant = await admin.get(people(county), params={"node": county.at("grid", 1).code})
    assert "空缺" in vacant.text
    assert "这里还没有人任职" in vacant.text


async def test_a_place_that_is_not_there_is_not_found(admin, county):
    answer = await admin.get(people(county), params={"node": "430281"})

    assert answer.status_code == 404


async def test_people_are_searched_by_initials(admin, county):
    answer = await admin.get(people(county), params={"q": "cssjy"})

    found = re.findall(r'<tr id="p-[^"]+">.*?scope="row"><a [^>]*>([^<]+)', answer.text, re.DOTALL)
    assert found == ["测试·审计员"]


async def test_somebody_is_appointed_and_leaves_again(admin, county):
    staff_id = county.accounts["dispatcher"].staff_id
    page = people(county, str(staff_id))
    node = county.at("grid", 1)

    appointed = await send(
        admin, f"{page}/posts", page=page, post="chief", node=node.code, valid_from="2026-03-01"
    )
    shown = await admin.get(page)
    (holding,) = re.findall(r"/posts/([0-9a-f-]+)/end", shown.text)
    early = await send(admin, f"{page}/posts/{holding}/end", page=page, on="2026-02-01")
    ended = await send(admin, f"{page}/posts/{holding}/end", page=page, on="2026-04-01")
    after = await admin.get(page)

    assert (appointed.status_code, ended.status_code) == (303, 303)
    assert early.status_code == 422
    assert "卸任日不能早于起始日 2026年3月1日" in early.text
    assert "2026-03-01 起" in shown.text
    assert "现在没有岗位" in after.text
    assert "2026-03-01 — 2026-04-01" in after.text


async def test_a_wrong_appointment_comes_back_with_what_was_typed(admin, county):
    page = people(county, str(county.accounts["dispatcher"].staff_id))

    nowhere = await send(
        admin, f"{page}/posts", page=page, post="chief", node="月球", valid_from="2026-03-01"
    )
    taken = await send(
        admin,
        f"{page}/posts",
        page=page,
        post="chief",
        node=county.at("grid").code,
        valid_from="2026-03-01",
    )

    assert nowhere.status_code == 422
    assert "没有这个网格" in nowhere.text
    assert 'value="月球"' in nowhere.text
    assert taken.status_code == 409
    assert "“网格长”只能有一人" in taken.text


@pytest.mark.parametrize(("role", "status"), [("worker", 403), ("auditor", 403), (None, 401)])
async def test_the_pages_are_closed_to_others(client, county, role, status):
    if role:
        await sign_in(client, county, role, second_factor=True)

    assert (await client.get(people(county))).status_code == status


async def test_a_person_of_another_county_is_not_found(admin, app, county):
    other = await a_county(app.state.database, app.state.settings)

    theirs = str(other.accounts["worker"].staff_id)

    through_their_door = await admin.get(people(other, theirs))
    through_ours = await admin.get(people(county, theirs))

    assert through_their_door.status_code == 401
    assert through_ours.status_code == 404
