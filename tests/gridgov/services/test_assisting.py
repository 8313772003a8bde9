"""An item done for a resident: from the door, over the station and the department, to the door."""

import base64
import io
import re
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select, update

from factories.assessed import measured
from factories.uploads import a_photo
from gridgov.audit.models import AuditEntry
from gridgov.cases.actions.performing import perform
from gridgov.cases.actions.reporting import Contact
from gridgov.cases.models import Case, CaseClock
from gridgov.contract.services import RETURNED
from gridgov.files.models import StoredFile
from gridgov.kernel.clock import now
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.services.actions import assisting, custody
from gridgov.services.actions.assisting import Authority, begin_assist
from gridgov.services.actions.forgetting import forget_witnesses
from gridgov.services.jobs import on
from gridgov.services.models import Authorisation, ServiceItem
from gridgov.services.queries.assisting import (
    assist_of,
    assists,
    authority_of,
    documents_of,
)
from gridgov.services.types import ServiceRight, Way
from gridgov.testkit.signing_in import csrf_of

WHO = Contact(name="测试·李奶奶", phone="19900001234", address="青瓷小区3栋502")


def spoken(ctx, days=30, **other):
    until = ctx.today + timedelta(days=days)
    return Authority(
        way=Way.ORAL, purpose="代办老年证年审", valid_until=until, **{"witness": "王干事"} | other
    )


async def item(ctx, code="LL01001"):
    return await ctx.session.scalar(select(ServiceItem.id).where(ServiceItem.code == code))


async def begun(crew, county, *, handed=(), **word):
    async with crew.acting("worker") as ctx:
        return await begin_assist(
            ctx,
            await item(ctx),
            node_id=county.at("grid").id,
            resident=WHO,
            authority=spoken(ctx, **word),
            handed=handed,
        )


async def does(crew, role, case_id, action, **fields):
    async with crew.acting(role) as ctx:
        return await perform(ctx, case_id, action, fields)


async def to_the_door(crew, county, case_id):
    """Everything up to the delivery."""
    await does(crew, "station_clerk", case_id, "file")
    await does(
        crew, "station_clerk", case_id, "dispatch", departments=[county.departments["urban"]]
    )
    await does(crew, "handler", case_id, "accept")
    await does(crew, "handler", case_id, "finish", answer="已年审，加盖印章。")


async def state_of(crew, case_id):
    async with crew.system() as ctx:
        return await ctx.session.scalar(select(Case.state).where(Case.id == case_id))


async def test_the_whole_way_from_door_to_door(crew, county):
    case = await begun(crew, county, handed=["身份证（原件）"])
    async with crew.acting("worker") as ctx:
        (paper,) = await documents_of(ctx, case.case_id)
    await to_the_door(crew, county, case.case_id)

    with pytest.raises(Conflict, match="1 份材料还没有交还"):
        await does(crew, "worker", case.case_id, "close", answer="送到家里。")
    for to in ("station", "department", "worker", RETURNED):
        async with crew.acting("worker") as ctx:
            await custody.pass_document(ctx, case.case_id, paper.id, to=to)
    await does(crew, "worker", case.case_id, "close", answer="送到家里。")

    assert await state_of(crew, case.case_id) == "closed"
    async with crew.acting("worker") as ctx:
        (paper,) = await documents_of(ctx, case.case_id)
    places = [county.at("village", number).path for number in (0, 1)]
    assert [await measured(crew, "assists_done", path) for path in places] == [1, 0]
    assert [hand.where for hand in paper.history] == [
        "worker", "station", "department", "worker", "returned",
    ]  # fmt: skip
    assert all(hand.who for hand in paper.history)


@pytest.mark.parametrize("paper", ["邻居家的户口本", "字" * 300])
async def test_only_what_the_item_asks_for_is_taken_at_the_door(crew, county, paper):
    with pytest.raises(Invalid) as refused:
        await begun(crew, county, handed=["身份证（原件）", paper])
    assert list(refused.value.fields) == ["handed"]


async def test_a_paper_that_is_ticked_twice_is_one_paper(crew, county):
    case = await begun(crew, county, handed=["身份证（原件）", "身份证（原件）"])
    async with crew.acting("worker") as ctx:
        assert len(await documents_of(ctx, case.case_id)) == 1


async def test_the_list_shows_what_one_may_open_and_nothing_else(crew, county):
    """Who reads cases but does nothing for residents finds none of it in a list either."""
    case = await begun(crew, county)
    for role, listed in (("worker", [case.case_id]), ("supervisor", [])):
        async with crew.acting(role) as ctx:
            rows, _ = await assists(ctx)
            assert [row.case_id for row in rows] == listed
    async with crew.acting("supervisor") as ctx:
        with pytest.raises(NotFound):
            await assist_of(ctx, case.case_id, ServiceRight.ASSIST)


async def test_what_was_given_back_is_in_nobodys_hands_again(crew, county):
    case = await begun(crew, county, handed=["身份证（原件）"])
    async with crew.acting("worker") as ctx:
        (paper,) = await documents_of(ctx, case.case_id)
        await custody.pass_document(ctx, case.case_id, paper.id, to=RETURNED)

    async with crew.acting("worker") as ctx:
        with pytest.raises(Conflict, match="已经交还"):
            await custody.pass_document(ctx, case.case_id, paper.id, to="station")


async def test_nothing_is_refused_for_good_while_a_paper_is_held(crew, county):
    case = await begun(crew, county, handed=["一寸照片2张"])

    with pytest.raises(Conflict, match="还没有交还"):
        await does(crew, "station_clerk", case.case_id, "reject", reason="不符合条件")


@pytest.mark.parametrize("how", ["run out", "taken back"])
async def test_nothing_goes_on_without_the_residents_word(crew, county, how):
    case = await begun(crew, county, days=2)
    if how == "run out":
        crew.later(days=4)
    else:
        async with crew.acting("worker") as ctx:
            await assisting.end_authority(ctx, case.case_id)

    with pytest.raises(Conflict, match="请先重新委托"):
        await does(crew, "station_clerk", case.case_id, "file")
    async with crew.acting("worker") as ctx:
        await assisting.renew_authority(ctx, case.case_id, spoken(ctx))
    await does(crew, "station_clerk", case.case_id, "file")

    assert await state_of(crew, case.case_id) == "filed"
    async with crew.acting("worker") as ctx:
        assert [one.holds(ctx.today) for one in await authority_of(ctx, case.case_id)] == [
            True, False,
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("word", "field"),
    [
        ({"witness": ""}, "witness"),
        ({"days": -1}, "valid_until"),
        ({"days": 400}, "valid_until"),
    ],
)
async def test_a_word_needs_a_witness_and_an_end(crew, county, word, field):
    with pytest.raises(Invalid) as refused:
        await begun(crew, county, **word)
    assert field in refused.value.fields


async def test_a_signature_is_asked_for_where_one_is_said_to_be(crew, county):
    async with crew.acting("worker") as ctx:
        word = Authority(way=Way.SIGNED, purpose="代办", valid_until=ctx.today)
        with pytest.raises(Invalid) as refused:
            await begin_assist(
                ctx, await item(ctx), node_id=county.at("grid").id, resident=WHO, authority=word
            )
    assert "signature" in refused.value.fields


async def test_all_that_is_missing_at_the_door_is_told_at_once(browsing, crew, root):
    async with crew.system() as ctx:
        item_id = await item(ctx)
    page = f"{root}/assist/new?item={item_id}"
    async with browsing("worker") as browser:
        refused = await post(browser, f"{root}/assist/new", page, item=item_id, way="signed")

    assert refused.status_code == 422
    wrong = set(re.findall(r'data-field="(\w+)" data-wrong', refused.text))
    assert {"name", "phone", "purpose", "valid_until"} <= wrong
    assert "请居民在屏幕上签名" in refused.text
    assert "网格：请填写这一项。" in refused.text


async def test_only_what_is_open_to_an_agent_is_done_by_one(crew, county):
    async with crew.acting("worker") as ctx:
        with pytest.raises(Conflict, match="不能代办"):
            await begin_assist(
                ctx, await item(ctx, "LL17001"), node_id=county.at("grid").id, resident=WHO,
                authority=spoken(ctx),
            )  # fmt: skip


async def test_a_worker_elsewhere_finds_nothing_of_it(crew, county):
    case = await begun(crew, county)
    elsewhere = county.at("grid", 5).path

    async with crew.acting("worker", at=elsewhere) as ctx:
        for refused in (
            assist_of(ctx, case.case_id),
            assisting.reveal_resident(ctx, case.case_id, purpose="看看"),
            custody.take_document(ctx, case.case_id, "户口簿"),
            assisting.end_authority(ctx, case.case_id),
        ):
            with pytest.raises(NotFound):
                await refused
        with pytest.raises(NotFound):
            await begin_assist(
                ctx, await item(ctx), node_id=county.at("grid").id, resident=WHO,
                authority=spoken(ctx),
            )  # fmt: skip


async def test_who_it_is_for_is_masked_and_shown_for_a_reason_that_is_kept(crew, county):
    case = await begun(crew, county)
    async with crew.acting("worker") as ctx:
        shown = await assist_of(ctx, case.case_id)
        contact = await assisting.reveal_resident(ctx, case.case_id, purpose="上门前打电话")
        with pytest.raises(Invalid):
            await assisting.reveal_resident(ctx, case.case_id, purpose=" ")

    assert shown.name == "测*****" and shown.phone == "199****1234"
    assert shown.address == "青瓷小区3栋***"
    assert contact == WHO
    async with crew.system() as ctx:
        (purpose,) = await ctx.session.scalars(
            select(AuditEntry.purpose).where(AuditEntry.verb == "personal.revealed")
        )
    assert purpose == "上门前打电话"


async def test_witness_and_contact_are_forgotten_on_the_same_day(crew, county):
    case = await begun(crew, county)
    await to_the_door(crew, county, case.case_id)
    await does(crew, "worker", case.case_id, "close", answer="送到家里。")
    async with crew.system() as ctx:
        days = ctx.setting("contact_days")
        assert await forget_witnesses(ctx) == 0
    crew.later(days=days + 1)
    async with crew.system() as ctx:
        assert await forget_witnesses(ctx) == 1
        assert await ctx.session.scalar(select(func.count(Authorisation.witness))) == 0


@pytest.mark.parametrize(("code", "days"), [("LL01001", 5), ("LL03001", 10)])
async def test_an_item_is_done_within_its_own_term_else_within_the_countys(
    crew, county, code, days
):
    async with crew.acting("worker") as ctx:
        case = await begin_assist(
            ctx, await item(ctx, code), node_id=county.at("grid").id, resident=WHO,
            authority=spoken(ctx),
        )  # fmt: skip
    await does(crew, "station_clerk", case.case_id, "file")
    async with crew.system() as ctx:
        await ctx.session.execute(update(ServiceItem).values(term="90天"))
        row = await ctx.session.execute(
            select(CaseClock.amount, CaseClock.unit).where(
                CaseClock.case_id == case.case_id, CaseClock.promise
            )
        )
    assert row.one() == (days, "working_days")


# The pages.


async def post(browser, to, page, /, files=None, **fields):
    token = await csrf_of(browser, page)
    return await browser.post(
        to, data={"_csrf": token, **fields}, files=files,
        headers={"sec-fetch-site": "same-origin"},
    )  # fmt: skip


async def test_a_worker_does_it_on_the_phone_with_a_signature_on_the_screen(
    browsing, crew, county, root
):
    async with crew.system() as ctx:
        item_id = await item(ctx)
    picture = base64.b64encode(a_photo((640, 220), "PNG")).decode()
    async with browsing("worker") as browser:
        choose = await browser.get(f"{root}/assist/new")
        form = await browser.get(f"{root}/assist/new?item={item_id}")
        until = re.search(r'name="valid_until"[^>]*value="([\d-]+)"', form.text).group(1)
        fields = {
            "item": item_id, "node": county.at("grid").id, "name": WHO.name, "phone": WHO.phone,
            "address": WHO.address, "purpose": "代办老年证年审", "valid_until": until,
            "way": "signed", "handed": "身份证（原件）",
        }  # fmt: skip
        page = f"{root}/assist/new?item={item_id}"
        unsigned = await post(browser, f"{root}/assist/new", page, **fields)
        sent = await post(
            browser, f"{root}/assist/new", page,
            signature=f"data:image/png;base64,{picture}", **fields,
        )  # fmt: skip
        address = sent.headers["location"].split("?")[0]
        shown = await browser.get(address)
        signature = await browser.get(re.search(r'class="signature" src="([^"]+)"', shown.text)[1])
        receipt = await browser.get(f"{address}/receipt")
        document = re.search(rf'action="({address}/documents/[0-9a-f-]+)"', shown.text).group(1)
        await post(browser, document, address, to="returned")
        after = await browser.get(address)
        listed = await browser.get(f"{root}/assist")
        card = await browser.get(f"{address}/card", headers={"hx-request": "true"})
        case = await browser.get(address.replace("/assist/", "/cases/"))
        revealed = await post(browser, f"{address}/resident", address, words="上门前打电话")

    assert "老年证年审" in choose.text and "用电安全检查" not in choose.text
    assert unsigned.status_code == 422 and "请居民在屏幕上签名" in unsigned.text
    assert WHO.phone in unsigned.text  # what was typed stays
    assert sent.status_code == 303
    assert WHO.phone not in shown.text and "199****1234" in shown.text
    assert signature.status_code == 200 and signature.headers["content-type"] == "image/jpeg"
    assert "代办凭条" in receipt.text and "身份证（原件）" in receipt.text
    assert "已交还居民" in after.text
    assert "老年证年审" in listed.text
    assert "委托、清单和证件" in card.text
    assert "委托和材料" in case.text
    assert WHO.phone in revealed.text


async def acts(browser, assist, action, **fields):
    case = assist.replace("/assist/", "/cases/")
    return await post(browser, f"{case}/do/{action}", case, **fields)


async def passes(browser, assist, to):
    page = (await browser.get(assist)).text
    paper = re.search(rf'action="({assist}/documents/[0-9a-f-]+)"', page)[1]
    return await post(browser, paper, assist, to=to)


async def the_word_runs_out(crew):
    async with crew.system() as ctx:
        yesterday = (now() - timedelta(days=1)).date()
        await ctx.session.execute(update(Authorisation).values(valid_until=yesterday))


async def test_every_step_from_the_door_to_the_door_on_the_pages_of_those_who_take_it(
    browsing, client, crew, county
):
    """001: 网格员统一上门收集材料，通过部门预审后，再由网格员送证上门."""
    root, urban = f"/{county.tenant.slug}", str(county.departments["urban"])
    async with crew.system() as ctx:
        item_id = await item(ctx)
    drawn = f"data:image/png;base64,{base64.b64encode(a_photo((640, 220), 'PNG')).decode()}"
    until = (now() + timedelta(days=20)).date().isoformat()
    word = {"purpose": "代办老年证年审", "valid_until": until, "way": "signed", "signature": drawn}
    answer = "证件送到家里，当面核对无误。"
    async with (
        browsing("worker") as worker,
        browsing("station_clerk") as clerk,
        browsing("handler") as handler,
    ):
        begun_at = await post(
            worker, f"{root}/assist/new", f"{root}/assist/new?item={item_id}", item=item_id,
            node=county.at("grid").id, name=WHO.name, phone=WHO.phone, address=WHO.address,
            handed="身份证（原件）", **word,
        )  # fmt: skip
        assist = begun_at.headers["location"].split("?")[0]
        await post(worker, f"{assist}/materials", assist, seen=["身份证（原件）", "一寸照片2张"])
        ticked = (await worker.get(assist)).text
        await the_word_runs_out(crew)
        unheard = await acts(clerk, assist, "file")
        warned = (await worker.get(assist)).text
        first = [
            await post(worker, f"{assist}/authority", assist, **word),
            await passes(worker, assist, "station"),
            await acts(clerk, assist, "file"),
        ]
        await the_word_runs_out(crew)
        unsent = await acts(clerk, assist, "dispatch", departments=urban)
        then = [
            await post(worker, f"{assist}/authority", assist, **word),
            await acts(clerk, assist, "dispatch", departments=urban),
            await passes(clerk, assist, "department"),
            await acts(handler, assist, "accept"),
            await acts(handler, assist, "finish", answer="已年审，加盖印章。"),
        ]
        held = await acts(worker, assist, "close", answer=answer)
        last = [
            await passes(worker, assist, "worker"),
            await passes(worker, assist, "returned"),
            await acts(worker, assist, "close", answer=answer),
        ]
        receipt = (await worker.get(f"{assist}/receipt")).text
    code = re.search(r'class="code">([^<]+)</dd>', receipt)[1]
    opened = await post(client, f"{root}/track", f"{root}/track", code=code, key=WHO.phone[-4:])
    followed = await client.get(opened.headers["location"])

    assert len(re.findall(r'name="seen"[^>]*checked', ticked)) == 2
    assert (unheard.status_code, unsent.status_code, held.status_code) == (409, 409, 409)
    assert "请先重新委托" in unheard.text and "请先重新委托" in unsent.text
    assert all(f'href="{assist}/card"' in one.text for one in (unheard, held))  # where to mend it
    assert "没有有效的委托" in warned and "1 份材料还没有交还" in held.text
    assert {one.status_code for one in (*first, *then, *last)} == {303}
    assert all(words in receipt for words in ("已送达", "已交还居民", answer))
    assert answer in followed.text


async def test_a_signature_goes_when_the_contacts_go(crew, county):
    case = await begun(crew, county)
    async with crew.system() as ctx:
        word = await ctx.session.scalar(select(Authorisation.id))
        await ctx.session.execute(
            StoredFile.__table__.insert().values(
                tenant_id=ctx.tenant.id, id=word, mime="image/jpeg", size=1,
                sha256="x", created_at=ctx.now, owner_kind="authorisation", owner_id=word,
            )
        )  # fmt: skip
    await to_the_door(crew, county, case.case_id)
    await does(crew, "worker", case.case_id, "close", answer="送到家里。")
    async with crew.system() as ctx:
        event = type("E", (), {"subject": case.case_id, "at": ctx.now})
        await on["case.closed"](ctx, event)
        kept = await ctx.session.scalar(select(StoredFile.expires_on))
        assert kept == ctx.today + timedelta(days=ctx.setting("contact_days"))
        await on["case.reopened"](ctx, event)
        assert await ctx.session.scalar(select(StoredFile.expires_on)) is None


async def test_a_resident_cannot_begin_one_through_the_report_form(client, county, root):
    form = await client.get(f"{root}/report/")
    sent = await post(
        client, f"{root}/report/", f"{root}/report/", category="assist_benefit",
        grid=county.at("grid").code,
    )  # fmt: skip

    assert "assist_benefit" not in form.text
    assert sent.status_code == 422


async def test_a_resident_follows_it_by_code_and_phone(client, crew, county, root):
    case = await begun(crew, county)
    opened = await post(
        client, f"{root}/track/", f"{root}/track/", code=case.code, key=WHO.phone[-4:]
    )
    page = await client.get(f"{root}/track/case")

    assert opened.status_code == 303
    assert "老年证年审" in page.text and "待预审" in page.text


async def test_the_list_is_taken_along_and_names_no_resident(browsing, crew, county, root):
    case = await begun(crew, county)
    async with browsing("subcentre_clerk") as browser:
        ask = await browser.get(f"{root}/assist/export")
        bare = await post(browser, f"{root}/assist/export", f"{root}/assist/export", purpose="")
        file = await post(
            browser, f"{root}/assist/export", f"{root}/assist/export", purpose="周例会通报"
        )
    async with browsing("worker") as browser:
        refused = await browser.get(f"{root}/assist/export")
    cells = "\n".join(
        str(cell) for row in load_workbook(io.BytesIO(file.content)).active.values for cell in row
    )

    assert "1 条" in ask.text and bare.status_code == 422 and refused.status_code == 403
    assert case.code in cells and "老年证年审" in cells and "5个工作日" in cells
    assert WHO.phone not in cells and "李" not in cells and "青瓷小区" not in cells


async def test_the_list_says_the_day_that_the_page_promises(browsing, crew, county, root):
    case = await begun(crew, county)
    await does(crew, "station_clerk", case.case_id, "file")
    async with crew.acting("worker") as ctx:
        promise = (await assist_of(ctx, case.case_id)).promise_at
        last = ctx.tenant.last_day(promise)
    async with browsing("subcentre_clerk") as browser:
        page = await browser.get(f"{root}/assist/{case.case_id}/card")
        file = await post(browser, f"{root}/assist/export", f"{root}/assist/export", purpose="例会")
    (line,) = [
        row for row in load_workbook(io.BytesIO(file.content)).active.values if case.code in row
    ]

    assert crew.now < promise and page.status_code == 200
    assert line[7].startswith(f"{last} 24:00") and line[8] == f"{last} 24:00"


async def test_a_leader_reads_the_card_and_does_nothing(browsing, crew, county, root):
    case = await begun(crew, county)
    async with browsing("leader") as browser:
        card = await browser.get(f"{root}/assist/{case.case_id}/card")
        page = await browser.get(f"{root}/assist/{case.case_id}")

    assert card.status_code == 200
    assert page.status_code == 403
