"""What a resident can do without an account, and what a guesser cannot."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from factories.cases import Crew
from factories.tenants import a_county
from factories.uploads import a_pdf, a_photo
from gridgov.accounts.models import Attempt
from gridgov.cases.models import Case, CaseReporter
from gridgov.files.models import StoredFile
from gridgov.kernel.clock import now
from gridgov.testkit.signing_in import a_browser, csrf_of, send, sign_in


@pytest.fixture
async def county(app):
    """A county, and an hour in which nobody has asked anything yet."""
    async with app.state.database.shared() as session:
        await session.execute(Attempt.__table__.delete())
    return await a_county(app.state.database, app.state.settings)


@pytest.fixture
def root(county):
    return f"/{county.tenant.slug}"


@pytest.fixture
async def dispatcher(app, county):
    async with a_browser(app) as opened:
        await sign_in(opened, county, "dispatcher")
        yield opened


async def report(client, root, **fields):
    return await send(client, f"{root}/report/", **{"category": "P0103", **fields})


async def told(client, sent):
    """The code and the PIN on the page after a report."""
    page = await client.get(sent.headers["location"])
    assert page.status_code == 200, page.text
    code, *pin = re.findall(r'class="code big">(\d+)<', page.text)
    return code, (pin[0] if pin else "")


async def follow(client, root, code, key):
    opened = await send(client, f"{root}/track/", code=code, key=key)
    page = await client.get(f"{root}/track/case")
    return opened, page


async def done_but_not_checked(app, county, case_id):
    """The staff do the rest, up to the check, at the time that the pages have."""
    crew = Crew(app.state.database, county, now=now())
    for role, action in (
        ("dispatcher", "file"),
        ("dispatcher", "dispatch"),
        ("handler", "accept"),
        ("handler", "finish"),
    ):
        await crew.does(role, case_id, action)
    return crew


async def handled(app, county, case_id):
    """All of it: checked and answered too."""
    crew = await done_but_not_checked(app, county, case_id)
    await crew.does("dispatcher", case_id, "close", {"answer": "井盖已经换好。"})


async def the_case(app, county):
    async with app.state.database.session(county.tenant.id) as session:
        return (await session.execute(select(Case.id, Case.title, Case.node_id))).one()


async def test_from_the_form_one_finds_guides_visits_and_ones_own_grid(client, root):
    shown = (await client.get(f"{root}/report")).text

    for way in ("guide", "book", "q"):
        assert f'href="{root}/{way}"' in shown
        assert (await client.get(f"{root}/{way}")).status_code == 200


async def test_a_resident_reports_follows_and_rates_without_an_account(app, client, county, root):
    sent = await report(
        client, root, grid=county.at("grid").code, description="东门口的井盖翘起来了"
    )
    code, pin = await told(client, sent)
    case = await the_case(app, county)
    _, before = await follow(client, root, code, pin)
    await handled(app, county, case.id)
    answered = await client.get(f"{root}/track/case")
    rated = await send(
        client,
        f"{root}/track/case/rate",
        page=f"{root}/track/case",
        effort="5",
        speed="5",
        result="4",
        comment="谢谢",
    )
    after = await client.get(f"{root}/track/case")

    assert len(pin) == 6
    assert case.title == "雨水井盖"
    assert "待立案" in before.text
    assert "井盖已经换好。" in answered.text
    assert "评价" in answered.text
    assert rated.status_code == 303
    assert "已评价" in after.text
    assert "track/case/rate" not in after.text


async def send_with_photos(client, root, *photos, **fields):
    token = await csrf_of(client, f"{root}/report/")
    return await client.post(
        f"{root}/report/",
        data={"_csrf": token, "category": "P0103", **fields},
        files=[("photos", ("a.jpg", photo, "image/jpeg")) for photo in photos],
        headers={"sec-fetch-site": "same-origin"},
    )


async def test_the_staff_see_the_photo_of_a_resident(county, root, dispatcher, client):
    sent = await send_with_photos(client, root, a_photo(), grid=county.at("grid").code)
    desk = await dispatcher.get(f"{root}/cases/?view=all")
    (case_id,) = set(re.findall(r"/cases/([0-9a-f-]{36})", desk.text))
    page = await dispatcher.get(f"{root}/cases/{case_id}")
    (address,) = set(re.findall(r"/[a-z]+/files/[0-9a-f-]+/thumb", page.text))

    assert sent.status_code == 303
    assert (await dispatcher.get(address)).status_code == 200
    assert (await client.get(address)).status_code != 200


async def test_a_file_of_a_wrong_type_leaves_the_words_and_nothing_else(app, client, county, root):
    refused = await send_with_photos(
        client, root, a_photo(), a_pdf(), grid=county.at("grid").code, description="东门口的井盖"
    )

    assert refused.status_code == 422
    assert "东门口的井盖" in refused.text
    (beside,) = re.findall(r'data-field="photos" data-wrong.*?</p>', refused.text, re.DOTALL)
    assert "这不是照片" in beside
    async with app.state.database.session(county.tenant.id) as session:
        written = (await session.execute(select(Case.id).union(select(StoredFile.id)))).all()
    assert written == []


async def test_the_light_is_told_in_words(app, client, county, root):
    """A colour alone tells nothing to who cannot see it."""
    code, pin = await told(client, await report(client, root, grid=county.at("grid").code))
    said = []
    for yellow, due in ((1, 2), (-1, 1), (-2, -1)):
        async with app.state.database.session(county.tenant.id) as session:
            await session.execute(
                update(Case).values(
                    yellow_at=now() + timedelta(days=yellow), due_at=now() + timedelta(days=due)
                )
            )
        _, page = await follow(client, root, code, pin)
        said += re.findall(r'<span class="light".*?<span>(.*?)</span>', page.text, re.DOTALL)

    assert [words.strip() for words in said] == ["正常", "将到期", "已超期"]


async def test_what_a_department_writes_is_no_answer_before_it_is_checked(
    app, client, county, root
):
    code, pin = await told(client, await report(client, root, grid=county.at("grid").code))
    case = await the_case(app, county)
    crew = await done_but_not_checked(app, county, case.id)
    _, unchecked = await follow(client, root, code, pin)
    await crew.does("dispatcher", case.id, "close", {"answer": "井盖已经换好。"})
    checked = await client.get(f"{root}/track/case")

    assert "待核查" in unchecked.text
    assert "<b>答复</b>" not in unchecked.text
    assert checked.text.count("井盖已经换好。") == 1


async def test_the_last_four_digits_open_the_case_of_who_left_a_phone_number(client, county, root):
    sent = await report(client, root, grid=county.at("grid").code, phone="19900004321")
    code, pin = await told(client, sent)

    opened, page = await follow(client, root, code, "4321")

    assert pin == ""
    assert opened.status_code == 303
    assert code in page.text
    assert "19900004321" not in page.text


async def test_a_reporter_may_ask_for_it_to_be_done_again(app, client, county, root):
    sent = await report(client, root, grid=county.at("grid").code)
    code, pin = await told(client, sent)
    case = await the_case(app, county)
    await handled(app, county, case.id)
    await follow(client, root, code, pin)

    empty = await send(client, f"{root}/track/case/reopen", page=f"{root}/track/case", reason="")
    again = await send(
        client, f"{root}/track/case/reopen", page=f"{root}/track/case", reason="还是翘的"
    )

    assert empty.status_code == 422
    assert again.status_code == 303
    assert "待派遣" in (await client.get(f"{root}/track/case")).text


async def test_a_guesser_learns_nothing(client, county, root):
    sent = await report(client, root, grid=county.at("grid").code)
    code, pin = await told(client, sent)
    wrong_pin = f"{(int(pin) + 1) % 10**6:06d}"
    nowhere = f"{code[:-5]}99999"

    with_code = await send(client, f"{root}/track/", code=code, key=wrong_pin)
    without = await send(client, f"{root}/track/", code=nowhere, key=wrong_pin)

    assert with_code.status_code == without.status_code == 422
    assert plain(with_code.text, code) == plain(without.text, nowhere)
    assert "井盖" not in with_code.text


def plain(text, code):
    """The page without what was typed and without its own tokens."""
    return re.sub(r"[0-9a-f]{40,}|\d{2}:\d{2}", "", text.replace(code, ""))


async def test_wrong_keys_are_counted_and_then_refused(client, county, root):
    sent = await report(client, root, grid=county.at("grid").code)
    code, pin = await told(client, sent)

    tries = [await send(client, f"{root}/track/", code=code, key="000000") for _ in range(10)]
    locked = await send(client, f"{root}/track/", code=code, key=pin)

    assert {answer.status_code for answer in tries} <= {422}
    assert locked.status_code == 429


async def test_the_sixth_report_of_an_hour_is_refused_and_a_wrong_form_does_not_count(
    client, county, root
):
    grid = county.at("grid").code

    wrong = await report(client, root, category="", grid=grid)
    good = [await report(client, root, grid=grid) for _ in range(5)]
    sixth = await report(client, root, grid=grid)

    assert wrong.status_code == 422
    assert [answer.status_code for answer in good] == [303] * 5
    assert sixth.status_code == 429
    assert "次数太多" in sixth.text


async def test_all_that_is_missing_is_said_at_once(client, root):
    answer = await report(client, root, category="")

    assert answer.status_code == 422
    assert "请选是什么事。" in answer.text
    assert "请选村、社区，或在地图上点一下。" in answer.text


async def test_a_report_sent_twice_is_one_case_and_one_of_the_hour(app, client, county, root):
    fields = {"grid": county.at("grid").code, "_op": "6f5f3a52-1f0e-4c8b-9f0e-0d8f0a6c1a11"}

    first = await report(client, root, **fields)
    second = await report(client, root, **fields)

    assert first.headers["location"] == second.headers["location"]
    assert (await the_case(app, county)).title == "雨水井盖"


async def test_a_place_by_point_finds_its_grid_and_one_outside_is_refused(
    app, client, county, root
):
    node = county.at("grid", 3)

    inside = await report(client, root, lon=str(node.lon), lat=str(node.lat))
    outside = await report(client, root, lon="2.3", lat="48.8", description="不要丢掉我写的")

    assert inside.status_code == 303
    assert (await the_case(app, county)).node_id == node.id
    assert outside.status_code == 422
    assert "不要丢掉我写的" in outside.text
    assert "不在本县范围内" in outside.text


async def test_who_knows_only_the_village_reports_there(app, client, county, root):
    village = county.at("village", 2)
    form = await client.get(f"{root}/report/")

    sent = await report(client, root, near=village.code)

    assert f'<option value="{village.code}" data-group=' in form.text
    assert sent.status_code == 303, sent.text
    assert (await the_case(app, county)).node_id == village.id


async def test_the_map_shows_towns_and_then_what_lies_in_each(client, county, root):
    async def names(query=""):
        answer = await client.get(f"{root}/report/shapes{query}")
        return {f["properties"]["name"] for f in json.loads(answer.content)["features"]}

    shapes = f"{root}/report/shapes?below={county.at('village').code}"
    first = await client.get(shapes)
    again = await client.get(shapes, headers={"if-none-match": first.headers["etag"]})
    grids = json.loads(first.content)["features"]

    assert len(await names(f"?below={county.at('town').code}")) == 2
    assert len(grids) == 2
    assert [set(f["properties"]) for f in grids] == [{"name"}] * 2
    assert (again.status_code, again.content) == (304, b"")
    assert await names(f"?below={county.at('grid').code}") == set()
    assert (await client.get(f"{root}/report/shapes?below=1")).status_code == 404


async def test_what_a_resident_leaves_is_sealed(app, client, county, root):
    await report(client, root, grid=county.at("grid").code, name="测试·王一", phone="19900004321")

    async with app.state.database.session(county.tenant.id) as session:
        row = (await session.execute(select(CaseReporter))).scalar_one()
        case = (await session.execute(select(Case.words, Case.title))).one()

    assert "王一".encode() not in row.name
    assert b"4321" not in row.phone
    assert "王一" not in case.words + case.title


async def test_without_a_ticket_the_case_page_leads_to_the_door(client, county, root):
    page = await client.get(f"{root}/track/case")
    act = await send(client, f"{root}/track/case/rate", page=f"{root}/track/", effort="5")

    assert page.status_code == 303
    assert page.headers["location"].endswith("/track")
    assert act.status_code == 404


async def test_a_ticket_of_one_county_opens_nothing_in_another(app, client, county, root):
    other = await a_county(app.state.database, app.state.settings)
    sent = await report(client, root, grid=county.at("grid").code)
    await follow(client, root, *(await told(client, sent)))

    elsewhere = await client.get(f"/{other.tenant.slug}/track/case")

    assert elsewhere.status_code == 303


async def test_a_grid_that_was_chosen_is_filled_in_and_can_be_changed(client, county, root):
    grid = county.at("grid")

    page = await client.get(f"{root}/report/", params={"grid": grid.code})

    assert f'name="grid" value="{grid.code}"' in page.text
    assert "就按" in page.text and "换一个地方" in page.text


async def test_the_form_says_in_plain_words_what_becomes_of_what_is_told(client, app):
    """The days are the county's, not the page's."""
    days = {"contact_days": 200, "photo_days": 60}
    county = await a_county(app.state.database, app.state.settings, settings_of=days)

    form = (await client.get(f"/{county.tenant.slug}/report/")).text

    assert "只用来办这件事和答复您" in form
    assert "办结满 200 天后，联系方式会被清除；照片只留到办结后 60 天。" in form
