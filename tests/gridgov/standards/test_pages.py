"""The pages of the standard, by those who show, confirm and read."""

import io
import re

import openpyxl
import pytest
from sqlalchemy import select

from factories.tenants import a_county
from factories.uploads import a_photo
from gridgov.cases.models import Case
from gridgov.standards.models import StandardMark
from gridgov.testkit.signing_in import csrf_of, send
from gridgov.testkit.statements import statements


@pytest.fixture
def at(county):
    return lambda tail="": f"/{county.tenant.slug}/standards{tail}"


def spot(county, role):
    return next(node for node in county.nodes.values() if node.path == county.accounts[role].path)


async def test_a_station_shows_an_item_with_a_photo_and_the_sub_centre_confirms_it(
    county, at, signed
):
    clerk, boss = await signed("station_clerk"), await signed("subcentre_clerk")
    site = at(f"/{spot(county, 'station_clerk').id}")
    token = await csrf_of(clerk, site)
    claimed = await clerk.post(
        site,
        data={"_csrf": token, "codes": "screen", "note": "一楼大厅，三月装好"},
        files={"photos": ("a.jpg", a_photo((64, 48)), "image/jpeg")},
        headers={"sec-fetch-site": "same-origin"},
    )
    waiting = await boss.get(at("/waiting"))
    item = await boss.get(f"{site}/screen")
    photo = re.search(r'href="([^"]+/files/[^"]+/display)"', item.text)
    confirmed = await send(boss, f"{site}/screen/decide", page=f"{site}/screen", answer="confirm")
    after = await clerk.get(f"{site}/screen")

    assert claimed.status_code == 303
    assert "一楼大厅，三月装好" in waiting.text
    assert photo and (await boss.get(photo.group(1))).status_code == 200
    assert confirmed.status_code == 303
    assert 'data-state="confirmed"' in after.text


async def test_several_are_sent_back_for_one_reason(county, at, signed):
    clerk, boss = await signed("station_clerk"), await signed("subcentre_clerk")
    site = at(f"/{spot(county, 'station_clerk').id}")
    await send(clerk, site, codes=["office", "team"], note="都有")
    page = (await boss.get(at("/waiting"))).text
    ids = re.findall(r'name="ids" value="([^"]+)"', page)
    silent = await send(boss, at("/waiting"), ids=ids, answer="return", reason="")
    back = await send(boss, at("/waiting"), ids=ids, answer="return", reason="写清地址")
    seen = await clerk.get(site)

    assert len(ids) == 2
    assert silent.status_code == 422 and "退回要写明原因" in silent.text
    assert back.status_code == 303
    assert seen.text.count("退回：写清地址") == 2


async def test_the_matrix_narrows_by_place_item_and_state_and_counts(county, at, signed):
    clerk, boss = await signed("station_clerk"), await signed("dispatcher")
    await send(clerk, at(f"/{spot(county, 'station_clerk').id}"), codes=["office"], note="有")
    whole = await boss.get(at())
    narrowed = await boss.get(at(), params={"item": "office", "state": "claimed"})
    nowhere = await boss.get(at(), params={"q": "没有这个地方"})
    odd = await boss.get(at(), params={"town": "x", "item": "y", "state": "z"})

    assert whole.text.count('class="mark-cell"') == 6 * 7
    assert narrowed.text.count('class="mark-cell"') == 7
    assert "没有符合条件的地方" in nowhere.text
    assert odd.text.count('class="mark-cell"') == 6 * 7


async def test_the_matrix_costs_the_same_however_much_is_known(app, county, at, signed):
    boss, clerk = await signed("dispatcher"), await signed("station_clerk")
    await boss.get(at())
    with statements(app.state.database) as few:
        await boss.get(at())
    await send(clerk, at(f"/{spot(county, 'station_clerk').id}"), codes=["office"], note="有")
    with statements(app.state.database) as more:
        await boss.get(at())

    assert len(few) == len(more) <= 8


async def test_map_sheet_and_spreadsheet_show_the_same(county, at, signed):
    boss = await signed("dispatcher")
    shapes = (await boss.get(at("/shapes"))).json()
    drawn = await boss.get(at("/map"))
    sheet = await boss.get(at("/sheet"))
    short = await send(boss, at("/export"), purpose="x")
    file = await send(boss, at("/export"), purpose="周例会")
    table = openpyxl.load_workbook(io.BytesIO(file.content)).active

    assert {one["properties"]["grade"] for one in shapes["features"]} == {0}
    assert all(one["properties"]["name"].endswith(" 0%") for one in shapes["features"])
    assert drawn.status_code == sheet.status_code == 200
    assert "<details" not in drawn.text.split("<main", 1)[1]  # the places stand once, in the table
    assert short.status_code == 422
    assert table.max_row == 2 + 6
    assert "周例会" in table["A1"].value


async def test_what_is_missing_becomes_a_case_whose_form_is_filled_in(app, county, at, signed):
    clerk = await signed("station_clerk")
    node = spot(county, "station_clerk")
    site = at(f"/{node.id}")
    opened = await send(clerk, f"{site}/video/missing", page=f"{site}/video")
    form = await clerk.get(opened.headers["location"])
    about = re.search(r'name="about" value="([^"]+)"', form.text).group(1)
    sent = await send(
        clerk,
        f"/{county.tenant.slug}/cases/new",
        category="station_lack",
        node=str(node.id),
        title="缺视联网",
        about=about,
    )
    seen = await clerk.get(f"{site}/video")
    async with app.state.database.session(county.tenant.id) as session:
        case_id = await session.scalar(select(StandardMark.case_id))
        origin = await session.scalar(select(Case.origin).where(Case.id == case_id))

    assert 'value="station_lack" ' in form.text and "selected" in form.text
    assert sent.status_code == 303
    assert origin == "desk"
    assert f"/cases/{case_id}" in seen.text


async def test_a_claim_is_withdrawn_and_a_bad_one_comes_back_with_what_was_typed(
    county, at, signed
):
    clerk = await signed("station_clerk")
    site = at(f"/{spot(county, 'station_clerk').id}")
    nothing = await send(clerk, site, note="什么都没选")
    await send(clerk, site, codes="office", note="有")
    again = await send(clerk, site, codes="office", note="有")
    taken = await send(clerk, f"{site}/office/withdraw", page=f"{site}/office")

    assert nothing.status_code == 422 and "什么都没选" in nothing.text
    assert again.status_code == 409
    assert taken.status_code == 303


async def test_what_is_refused_on_the_page_of_an_item_is_told_there(county, at, signed):
    clerk = await signed("station_clerk")
    site = at(f"/{spot(county, 'station_clerk').id}")
    item = f"{site}/office"
    bare = await send(clerk, site, page=item, codes="office", alone="office", note="")

    assert bare.status_code == 422
    assert "依据是什么" in bare.text and f'value="{"office"}"' in bare.text
    assert 'data-field="note" data-wrong' in bare.text
    assert "哪几项已经有了" not in bare.text


async def test_others_do_not_decide_and_other_places_are_not_there(app, county, at, signed):
    worker, clerk = await signed("worker"), await signed("station_clerk")
    boss = await signed("subcentre_clerk")
    theirs = await a_county(app.state.database, app.state.settings)
    far = county.at("village", 3)

    assert (await worker.get(at("/waiting"))).status_code == 403
    for node in (far.id, theirs.at("village").id, county.at("grid").id):
        assert (await clerk.get(at(f"/{node}"))).status_code == 404
    assert (await boss.get(at(f"/{spot(county, 'station_clerk').id}/nothing"))).status_code == 404
    assert (await boss.get(at("?standard=nothing"))).status_code == 404
