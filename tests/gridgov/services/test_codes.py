"""Codes at doors: scanned by anybody, unguessable, revoked, printed by eight and twenty-four."""

import base64
import re
from html import unescape

import pytest
from sqlalchemy import select

from gridgov.kernel.errors import Conflict, NotFound
from gridgov.services.actions.codes import issue_codes, replace_code
from gridgov.services.models import PlaceCode
from gridgov.services.queries.codes import codes_under
from gridgov.services.types import CodeKind, RevokedFor
from gridgov.staffing.actions import issue_piece
from gridgov.stations.actions.places import save_station
from gridgov.testkit.signing_in import send
from gridgov.testkit.statements import statements


async def hung(crew, county, place="3栋2单元"):
    async with crew.acting("station_clerk") as ctx:
        (code,) = await issue_codes(ctx, county.at("grid").id, kind=CodeKind.STAIR, places=[place])
        token = await ctx.session.scalar(select(PlaceCode.token).where(PlaceCode.id == code))
    return code, token


async def handed_a_phone(crew, county):
    async with crew.acting("station_clerk") as ctx:
        worker = county.accounts["worker"].staff_id
        await issue_piece(
            ctx, "phone", county.at("grid").id, staff_id=worker, mark="", on=ctx.today
        )


async def with_an_office(crew, county):
    async with crew.acting("station_clerk") as ctx:
        await save_station(
            ctx,
            county.at("village").id,
            address="一路1号",
            phone="0731-0000000",
            hours="8:30-17:30",
            rest_hours="",
        )


async def test_a_number_of_ones_own_is_told_to_nobody(client, crew, county, root):
    """Without a work phone the page gives the office's number, scanned or not."""
    _, token = await hung(crew, county)
    await with_an_office(crew, county)
    page = (await client.get(f"{root}/q/{token}")).text
    assert "网格员 · 测*" in page and "tel:0731-0000000" in page
    assert "tel:1990000" not in page


async def test_without_a_code_no_worker_is_rung_up(client, crew, county, root):
    """Asked grid by grid, a place would be a telephone list of everybody who works here."""
    await handed_a_phone(crew, county)
    await with_an_office(crew, county)
    node = county.at("grid")
    ways = ({"near": node.code}, {"lon": str(node.lon), "lat": str(node.lat)})
    for way in ways:
        page = (await send(client, f"{root}/q/", **way)).text
        assert "网格员 · 测*" in page and "tel:0731-0000000" in page
        assert "tel:1990000" not in page


async def test_a_scan_shows_grid_worker_phone_services_and_two_ways_on(app, client, crew, county):
    root = f"/{county.tenant.slug}"
    _, token = await hung(crew, county)
    await handed_a_phone(crew, county)
    await client.get(f"{root}/q/{token}")
    with statements(app.state.database) as sent:
        page = await client.get(f"{root}/q/{token}")

    assert page.status_code == 200
    for words in (
        "3栋2单元",
        "网格员 · 测*",
        "tel:1990000",
        "老年证年审",
        "反映问题",
        "约上门服务",
    ):
        assert words in page.text
    assert f"grid={county.at('grid').code}" in page.text
    assert "测试·网格员" not in page.text
    assert len(sent) <= 4, sent


async def test_who_only_scans_is_given_no_cookie_and_may_choose_the_language(client, crew, county):
    root = f"/{county.tenant.slug}"
    _, token = await hung(crew, county)
    scanned = await client.get(f"{root}/q/{token}")
    chosen = await client.post(
        f"{root}/language",
        data={"locale": "en", "next": f"{root}/q/{token}"},
        headers={"sec-fetch-site": "same-origin"},
    )
    elsewhere = await client.post(
        f"{root}/language", data={"locale": "zh"}, headers={"sec-fetch-site": "cross-site"}
    )
    english = await client.get(chosen.headers["location"])
    form = await client.get(f"{root}/report")

    assert "set-cookie" not in scanned.headers
    assert '<html lang="en"' in english.text
    assert elsewhere.status_code == 403
    assert "set-cookie" not in english.headers
    assert "gridgov_visitor" in form.headers["set-cookie"]


async def test_a_revoked_code_opens_nothing_and_another_takes_its_place(client, crew, county, root):
    code, token = await hung(crew, county)
    async with crew.acting("station_clerk") as ctx:
        await replace_code(ctx, code, why=RevokedFor.TORN, again=True)
        with pytest.raises(Conflict):
            await replace_code(ctx, code, why=RevokedFor.TORN, again=True)
        tokens = set(
            await ctx.session.scalars(select(PlaceCode.token).where(PlaceCode.revoked_at.is_(None)))
        )

    assert token not in tokens and len(tokens) == 1
    gone = await client.get(f"{root}/q/{token}")
    assert gone.status_code == 404
    assert "这个码打不开" in gone.text and f'href="{root}/q"' in gone.text
    assert (await client.get(f"{root}/q/{tokens.pop()}")).status_code == 200


async def test_who_guesses_is_stopped(client, crew, county, root):
    answers = [(await client.get(f"{root}/q/{n:016}")).status_code for n in range(32)]
    assert answers[0] == 404 and answers[-1] == 429


async def test_a_clerk_elsewhere_has_no_say(crew, county):
    code, _ = await hung(crew, county)
    async with crew.acting("station_clerk", at=county.at("village", 2).path) as ctx:
        for refused in (
            replace_code(ctx, code, why=RevokedFor.TORN, again=False),
            issue_codes(ctx, county.at("grid").id, kind=CodeKind.GRID, places=[]),
        ):
            with pytest.raises(NotFound):
                await refused


async def test_a_clerk_issues_prints_and_replaces_on_pages(browsing, county, root):
    async with browsing("station_clerk") as browser:
        grid = str(county.at("grid").id)
        bare = await send(browser, f"{root}/codes/", page=f"{root}/codes", node=grid, places="")
        await send(
            browser, f"{root}/codes/", page=f"{root}/codes", node=grid, places="1栋\n2栋",
        )  # fmt: skip
        listed = await browser.get(f"{root}/codes")
        eight = await browser.get(f"{root}/codes/sheet?per=8")
        many = await browser.get(f"{root}/codes/sheet?per=24")
        drawn = await browser.get(re.search(r'src="([^"]+code\.svg)"', eight.text)[1])
        code = re.search(r'action="([^"]+/codes/[0-9a-f-]+)"', listed.text)[1]
        why = await send(browser, code, page=f"{root}/codes", do="again")
        await send(browser, code, page=f"{root}/codes", do="again", why="copied")
        after = await browser.get(f"{root}/codes?view=revoked")

    assert bare.status_code == 422 and "一行一处" in bare.text
    assert "1栋" in listed.text and "2栋" in listed.text
    assert 'data-per="8"' in eight.text and 'data-per="24"' in many.text
    assert drawn.headers["content-type"] == "image/svg+xml"
    assert why.status_code == 422 and "请选为什么作废。" in why.text
    assert "1栋" in after.text and "作废" in after.text
    assert "测试·工作站专员" in after.text and "被翻拍、冒用" in after.text


async def test_a_place_leads_to_the_grid_and_is_not_kept(client, county, root):
    node = county.at("grid")
    found = await send(client, f"{root}/q/", lon=str(node.lon), lat=str(node.lat))
    lost = await send(client, f"{root}/q/", near="")

    assert found.status_code < 300
    assert node.code in found.text
    assert lost.status_code == 422


async def test_a_token_has_at_least_128_bits_and_no_two_are_alike(crew, county):
    tokens = [(await hung(crew, county, place=f"{n}栋"))[1] for n in range(5)]

    assert all(len(base64.urlsafe_b64decode(f"{token}==")) * 8 >= 128 for token in tokens)
    assert len(set(tokens)) == 5


async def test_the_page_of_a_grid_prints_a_code_that_can_be_revoked_and_no_other(
    browsing, client, crew, county
):
    """What hangs at the door is never made of the code of a grid, which anybody could guess."""
    root = f"/{county.tenant.slug}"
    grid, village = county.at("grid"), county.at("village")
    async with browsing("station_clerk") as browser:
        bare = await browser.get(f"{root}/codes/at/{grid.id}")
        made = await send(
            browser, f"{root}/codes/", page=f"{root}/codes", node=str(grid.id), kind="grid"
        )
        poster = await browser.get(made.headers["location"])
        card = await browser.get(f"{root}/codes/at/{grid.id}")
        above = await browser.get(f"{root}/codes/at/{village.id}")
        node = await browser.get(f"{root}/grid/{grid.id}")
    async with crew.acting("station_clerk") as ctx:
        (token,) = await ctx.session.scalars(select(PlaceCode.token))

    assert "还没有整个网格的码" in bare.text
    assert made.status_code == 303 and "/poster" in made.headers["location"]
    assert "有事扫一扫" in poster.text and "code.svg" in poster.text
    assert "/poster" in card.text and f"grid={grid.code}" not in poster.text
    assert "这里贴着 1 个码" in above.text and "code.svg" not in above.text
    assert f"/codes/at/{grid.id}" in node.text
    assert grid.code in (await client.get(f"{root}/q/{token}")).text


async def test_codes_are_paged_and_narrowed_to_a_grid_and_a_sheet_says_what_is_left(
    browsing, crew, county, monkeypatch
):
    root = f"/{county.tenant.slug}"
    one, other = county.at("grid", 0), county.at("grid", 1)
    async with crew.acting("station_clerk") as ctx:
        await issue_codes(ctx, one.id, kind=CodeKind.STAIR, places=[f"甲{n}" for n in range(45)])
        await issue_codes(ctx, other.id, kind=CodeKind.STAIR, places=["乙1"])
    monkeypatch.setattr(codes_under, "__kwdefaults__", {**codes_under.__kwdefaults__, "limit": 24})
    async with browsing("station_clerk") as browser:
        first = (await browser.get(f"{root}/codes")).text
        second = (await browser.get(re.search(r'href="([^"]+after=[^"]+)"', first)[1])).text
        narrowed = (await browser.get(f"{root}/codes?grid={other.code}")).text
        unknown = await browser.get(f"{root}/codes?grid=nothing")
        sheet = (await browser.get(f"{root}/codes/sheet?per=24")).text
        further = unescape(re.search(r'href="([^"]+after=[^"]+)"', sheet)[1])
        rest = (await browser.get(further)).text
        alone = (await browser.get(f"{root}/codes/sheet?per=8&grid={other.code}")).text

        last = re.findall(r'action="([^"]+/codes/[^"?]+\?[^"]+)"', second)[-1]
        refused = await send(browser, unescape(last), page=f"{root}/codes")

    assert refused.status_code == 422
    assert "请选为什么作废" in refused.text
    assert refused.text.count("error-summary") == 1
    assert "现在贴着 46 个" in first
    assert first.count("/code.svg") == 0 and first.count("作废，换一个新码") == 40
    assert second.count("作废，换一个新码") == 6
    assert "乙1" in narrowed and "甲1<" not in narrowed
    assert unknown.status_code == 200
    assert sheet.count("code.svg") == 24 and "后面还有" in sheet
    assert rest.count("code.svg") == 22 and "后面还有" not in rest
    assert alone.count("code.svg") == 1


async def test_a_code_that_was_revoked_says_so_and_prints_no_more(browsing, client, crew, county):
    root = f"/{county.tenant.slug}"
    code, token = await hung(crew, county)
    async with crew.acting("station_clerk") as ctx:
        await replace_code(ctx, code, why=RevokedFor.NEEDLESS, again=False)
    scanned = await client.get(f"{root}/q/{token}")
    async with browsing("station_clerk") as browser:
        listed = (await browser.get(f"{root}/codes?view=revoked")).text
        prints = [
            (await browser.get(f"{root}/codes/{code}/{what}")).status_code
            for what in ("poster", "code.svg")
        ]

    assert scanned.status_code == 404
    assert "这个码已经作废，或者没有扫完整" in scanned.text
    assert "3栋2单元" in listed and "作废，换一个新码" not in listed
    assert prints == [404, 404]


async def test_what_hangs_elsewhere_prints_nowhere_else(browsing, crew, county, root):
    code, _ = await hung(crew, county)
    async with browsing("worker") as browser:
        refused = (await browser.get(f"{root}/codes/{code}/poster")).status_code
    async with crew.acting("station_clerk", at=county.at("village", 2).path) as ctx:
        rows, _ = await codes_under(ctx)

    assert refused == 403
    assert rows == []
