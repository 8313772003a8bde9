"""The register on the phone: one building after the other, and the sums above."""

import io
import re

import openpyxl

from gridgov.registry.actions import Count, add_building
from gridgov.testkit.signing_in import send

NOTHING = "没有记录"


async def test_two_taps_record_a_building_and_one_confirms_it(county, at, browsing):
    grid = county.at("grid")
    form = at(f"buildings/new?node={grid.id}")
    async with browsing("worker") as worker:
        empty = await worker.get(at(f"buildings?node={grid.id}"))
        refused = await send(worker, form, name="", storeys="500")
        made = await send(worker, form, name="3栋", use="home", dwellings="24")
        listed = await worker.get(made.headers["location"])
        (confirm,) = set(re.findall(r'action="([^"]+/confirm)"', listed.text))
        confirmed = await send(worker, confirm, page=form)
        building = await worker.get(confirm.removesuffix("/confirm"))

    assert "没有登记，不等于没有" in empty.text
    assert refused.status_code == 422
    told = ("请写楼栋的名称或编号", "请选择这栋房屋的用途", "层数在 1 到 200 之间")
    assert all(sentence in refused.text for sentence in told)
    assert made.status_code == confirmed.status_code == 303
    assert "3栋" in listed.text and "24 套" in listed.text
    assert building.text.count("没有变化") >= 2  # the button, and the line of the history


async def test_above_the_grids_what_nobody_recorded_is_not_0(crew, county, at, browsing):
    async with crew.acting("worker") as ctx:
        await add_building(
            ctx, county.at("grid").id, name="1栋", count=Count(use="home", dwellings=8)
        )
    async with browsing("station_clerk") as clerk:
        page = (await clerk.get(at(f"buildings?node={county.at('village').id}"))).text

    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", page, re.DOTALL)
    assert [NOTHING in row for row in rows[:2]] == [True, True]  # households, and the other grid
    assert ">8<" in re.sub(r"\s", "", rows[0])


async def test_the_node_page_has_its_slot(county, at, browsing):
    async with browsing("worker") as worker:
        page = (await worker.get(at(f"grid/{county.at('grid').id}"))).text
        piece = await worker.get(
            at(f"buildings/at/{county.at('grid').id}"), headers={"hx-request": "true"}
        )
    assert "房屋和住户" in page and "<html" not in piece.text


async def test_sums_are_taken_along_for_a_purpose(crew, county, at, browsing):
    async with crew.acting("worker") as ctx:
        await add_building(ctx, county.at("grid").id, name="=1+1", count=Count(use="home"))
    address = at(f"buildings/export?node={county.at('village').id}")
    async with browsing("supervisor") as supervisor:
        without = await send(supervisor, address, purpose="")
        file = await send(supervisor, address, purpose="核对底数")
    async with browsing("worker") as worker:
        forbidden = await worker.get(address)

    sheet = openpyxl.load_workbook(io.BytesIO(file.content)).active
    cells = {str(cell.value) for row in sheet.iter_rows() for cell in row}
    assert (without.status_code, file.status_code, forbidden.status_code) == (422, 200, 403)
    assert NOTHING in cells and "=1+1" not in cells
