"""Working places: found, read, and kept up to date by who works there."""

import io

import openpyxl
import pytest
from sqlalchemy import select

from factories.tenants import a_county
from gridgov.audit.models import AuditEntry
from gridgov.testkit.signing_in import csrf_of, send

OFFICE = {
    "address": "东门路 8 号",
    "phone": "0731-23230001",
    "hours": "08:30-12:00 14:30-17:30",
    "rest_hours": "",
}


@pytest.fixture
def station(county, at):
    return at(f"/{spot(county, 'station_clerk').id}")


async def fill(browser, page, values):
    """Send the form; one of its fields is called address."""
    token = await csrf_of(browser, page)
    headers = {"sec-fetch-site": "same-origin"}
    return await browser.post(page, data={"_csrf": token, **values}, headers=headers)


def spot(county, role):
    return next(node for node in county.nodes.values() if node.path == county.accounts[role].path)


async def test_who_works_there_writes_down_address_phone_and_hours(app, county, at, signed):
    clerk = await signed("station_clerk")
    place = at(f"/{spot(county, 'station_clerk').id}")
    saved = await fill(clerk, f"{place}/edit", OFFICE)
    shown = await clerk.get(place)
    again = await fill(clerk, f"{place}/edit", OFFICE)
    async with app.state.database.session(county.tenant.id) as session:
        changes = (
            await session.scalars(
                select(AuditEntry.details).where(AuditEntry.verb == "station.changed")
            )
        ).all()

    assert saved.status_code == again.status_code == 303
    assert "东门路 8 号" in shown.text and "0731-23230001" in shown.text
    assert [change["changed"]["phone"] for change in changes] == [["", "0731-23230001"]]


@pytest.mark.parametrize(
    ("field", "value"),
    [("hours", "早八晚五"), ("phone", "打给老王"), ("address", "长" * 101)],
)
async def test_what_cannot_be_comes_back_beside_its_field(station, signed, field, value):
    clerk = await signed("station_clerk")
    page = f"{station}/edit"
    answer = await fill(clerk, page, OFFICE | {field: value})

    assert answer.status_code == 422
    assert value in answer.text and f'data-field="{field}" data-wrong' in answer.text


async def test_the_list_is_searched_and_narrowed(county, at, signed):
    boss = await signed("dispatcher")
    village = spot(county, "station_clerk")
    whole = await boss.get(at())
    by_code = await boss.get(at(), params={"q": village.code})
    towns = await boss.get(at(), params={"level": "town"})
    lacking = await boss.get(at(), params={"lacking": "1"})
    nothing = await boss.get(at(), params={"q": "没有这里"})

    assert whole.text.count('class="place-line"') == 7
    assert by_code.text.count('class="place-line"') == 1
    assert towns.text.count('class="place-line"') == 2
    assert lacking.text.count('class="place-line"') == 7
    assert "没有找到" in nothing.text


async def test_the_page_shows_people_by_post_masked_and_cases_by_light(county, at, signed, crew):
    await crew.brought_to("filed")
    boss = await signed("dispatcher")
    node = spot(county, "station_clerk")
    page = await boss.get(at(f"/{node.id}"))

    assert "工作站专员" not in page.text or "测*" in page.text
    assert (
        f"/cases?place={node.path}".replace(".", "%2E") in page.text or "/cases?place=" in page.text
    )
    assert "测试·" not in page.text[page.text.index("st-staff") : page.text.index("st-cases")]


async def test_centre_sub_centre_and_station_each_have_people_hours_phone_and_queue(
    county, at, signed, crew
):
    """000: 市、镇（街）、村（社区）三级平台."""
    await crew.brought_to("filed")
    boss, clerk = await signed("dispatcher"), await signed("station_clerk")
    village = spot(county, "station_clerk")
    town = county.at("town")
    await fill(clerk, at(f"/{village.id}/edit"), OFFICE)
    for node in (county.at("county"), town):
        await fill(boss, at(f"/{node.id}/edit"), OFFICE | {"rest_hours": "全天"})
    for node in (county.at("county"), town, village):
        page = (await boss.get(at(f"/{node.id}"))).text
        assert "谁在这里" in page and "第一责任人" in page
        assert OFFICE["phone"] in page and OFFICE["hours"] in page
        assert "未结的事件" in page and "案头" in page
    assert "全天" in (await boss.get(at(f"/{town.id}"))).text


async def test_the_node_page_leads_to_the_place_and_a_grid_to_its_station(county, at, signed):
    boss = await signed("dispatcher")
    grid = county.at("grid")
    part = await boss.get(at(f"/at/{grid.id}"), headers={"hx-request": "true"})
    node = await boss.get(f"/{county.tenant.slug}/grid/{grid.id}")

    assert f"/stations/{county.at('village').id}" in part.text
    assert f"/stations/at/{grid.id}" in node.text


async def test_the_list_is_taken_along_for_a_purpose(county, at, signed):
    boss = await signed("dispatcher")
    file = await send(boss, at("/export"), purpose="印通讯录")
    table = openpyxl.load_workbook(io.BytesIO(file.content)).active

    assert table.max_row == 2 + 7
    assert "印通讯录" in table["A1"].value


async def test_others_do_not_write_and_other_places_are_not_there(app, county, at, signed):
    clerk, worker = await signed("station_clerk"), await signed("worker")
    theirs = await a_county(app.state.database, app.state.settings)

    assert (await worker.get(at(f"/{county.at('village').id}/edit"))).status_code == 403
    for node in (county.at("village", 3), theirs.at("village"), county.at("grid")):
        assert (await clerk.get(at(f"/{node.id}"))).status_code == 404
