"""The pages of cases, in the real application, by the people who use them."""

import io
import re
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from sqlalchemy import select, update

from factories.cases import Crew
from factories.tenants import a_county
from factories.uploads import a_pdf, a_photo
from gridgov.audit.models import AuditEntry
from gridgov.cases.actions.reporting import report_case
from gridgov.cases.models import Case, CaseStep
from gridgov.files.models import StoredFile
from gridgov.testkit.signing_in import a_browser, csrf_of, send, sign_in
from gridgov.testkit.statements import statements
from gridgov.web.spreadsheets import workbook

LIST_BUDGET = 8
RECORD_BUDGET = 14


@dataclass
class Office:
    """A county, the application and the people at work."""

    app: Any
    county: Any
    crew: Crew


@pytest.fixture
async def office(app):
    county = await a_county(app.state.database, app.state.settings)
    return Office(app, county, Crew(app.state.database, county))


@pytest.fixture
def at(office):
    return lambda tail="": f"/{office.county.tenant.slug}/cases/{tail}"


@pytest.fixture
async def signed(office):
    """Browsers of people with a role, each signed in once."""
    opened = {}

    async def by(role):
        if role not in opened:
            opened[role] = a_browser(office.app)
            await sign_in(opened[role], office.county, role, second_factor=True)
        return opened[role]

    yield by
    for one in opened.values():
        await one.aclose()


async def kept(office, statement):
    async with office.app.state.database.session(office.county.tenant.id) as session:
        return (await session.execute(statement)).all()


async def state_of(office, case_id):
    return (await kept(office, select(Case.state, Case.version).where(Case.id == case_id)))[0]


async def do(client, at, case_id, action, **fields):
    return await send(client, at(f"{case_id}/do/{action}"), page=at(f"{case_id}"), **fields)


async def test_a_case_goes_all_six_steps_through_the_pages(office, at, signed):
    worker, clerk = await signed("worker"), await signed("dispatcher")
    handler = await signed("handler")
    reported = await send(
        worker,
        at("new/"),
        category="P0103",
        title="雨水井盖破损",
        place="菜市场东门",
        node=str(office.county.at("grid").id),
    )
    case_id = re.search(r"cases/([0-9a-f-]{36})", reported.headers["location"]).group(1)
    page = await clerk.get(at(case_id))
    filed = await do(clerk, at, case_id, "file")
    department = str(office.county.departments["urban"])
    form = await clerk.get(at(f"{case_id}/do/dispatch"))
    dispatched = await do(clerk, at, case_id, "dispatch", departments=department)
    accepted = await do(handler, at, case_id, "accept")
    finished = await do(handler, at, case_id, "finish", answer="换了新的井盖。")
    closed = await do(clerk, at, case_id, "close", answer="井盖已经换好，谢谢您。")
    rated = await do(worker, at, case_id, "rate", effort="5", speed="4", result="5")

    assert reported.status_code == 303
    assert "雨水井盖破损" in page.text
    assert "待立案" in page.text
    assert "雨水井盖" in form.text
    assert department in form.text
    assert [a.status_code for a in (filed, dispatched, accepted, finished, closed, rated)] == [
        303
    ] * 6
    assert (await state_of(office, case_id)).state == "evaluated"
    shown = await clerk.get(at(case_id))
    assert "换了新的井盖。" in shown.text
    assert "办事力度 5 分、办事效率 4 分、办事结果 5 分" in shown.text


async def test_a_report_sent_twice_is_one_case(office, at, signed):
    worker = await signed("worker")
    fields = {"category": "E0102", "node": str(office.county.at("grid").id), "_op": str(uuid4())}

    first = await send(worker, at("new/"), **fields)
    second = await send(worker, at("new/"), **fields)

    assert first.status_code == second.status_code == 303
    assert first.headers["location"].split("?")[0] == second.headers["location"]
    assert len(await kept(office, select(Case.id))) == 1


async def test_a_worker_reports_in_their_own_grid_without_choosing(office, at, signed):
    worker = await signed("worker")

    page = await worker.get(at("new/"))

    assert f'value="{office.county.at("grid").id}"' in page.text
    assert "上报到" in page.text
    assert "网格化工作站" in page.text


async def test_what_is_too_long_comes_back_with_the_words_kept(office, at, signed):
    worker = await signed("worker")

    answer = await send(
        worker, at("new/"), category="E0102", title="长" * 61, node=str(office.county.at("grid").id)
    )

    assert answer.status_code == 422
    assert "长" * 61 in answer.text
    assert "写得太长了" in answer.text


async def test_a_place_outside_the_county_is_refused_beside_the_map(at, signed):
    worker = await signed("worker")

    answer = await send(worker, at("new/"), category="E0102", lon="12.5", lat="41.9")

    assert answer.status_code == 422
    assert "不在本县范围内" in answer.text


async def test_a_move_that_the_state_forbids_is_a_conflict_naming_the_state(office, at, signed):
    case_id = await office.crew.brought_to("closed")
    clerk = await signed("dispatcher")

    answer = await do(clerk, at, case_id, "dispatch", departments=str(uuid4()))

    assert answer.status_code == 409
    assert "现在是“已结案”" in answer.text


async def test_a_stale_form_says_who_was_quicker_and_keeps_the_words(office, at, signed):
    case_id = (await office.crew.report()).case_id
    clerk = await signed("dispatcher")
    form = await clerk.get(at(f"{case_id}/do/reject"))
    version = re.search(r'name="version" value="(\d+)"', form.text).group(1)
    await office.crew.does("station_clerk", case_id, "file")

    answer = await do(
        clerk, at, case_id, "reject", reason="不属于本县管辖，已写明", version=version
    )

    assert answer.status_code == 409
    assert "刚刚对这件事做了“立案”" in answer.text
    assert "不属于本县管辖，已写明" in answer.text
    assert "看最新情况" in answer.text


async def test_a_stale_form_that_still_goes_is_offered_again_with_its_words(office, at, signed):
    case_id = (await office.crew.report()).case_id
    clerk = await signed("dispatcher")
    form = await clerk.get(at(f"{case_id}/do/note"))
    version = re.search(r'name="version" value="(\d+)"', form.text).group(1)
    await office.crew.does("station_clerk", case_id, "file")

    late = await do(clerk, at, case_id, "note", note="现场已看过", version=version)
    fresh = re.search(r'name="version" value="(\d+)"', late.text).group(1)
    again = await do(clerk, at, case_id, "note", note="现场已看过", version=fresh)

    assert late.status_code == 409
    assert "现场已看过" in late.text
    assert again.status_code == 303


async def test_a_form_with_an_empty_field_comes_back(office, at, signed):
    case_id = (await office.crew.report()).case_id
    clerk = await signed("dispatcher")

    answer = await do(clerk, at, case_id, "reject", reason="")

    assert answer.status_code == 422
    assert "请填写这一项" in answer.text


async def test_another_countys_case_is_not_found_anywhere(office, at, signed):
    other = await a_county(office.app.state.database, office.app.state.settings)
    theirs = (await Crew(office.app.state.database, other).report()).case_id
    clerk = await signed("dispatcher")

    for tail in ("", "do/file", f"compare/{uuid4()}"):
        assert (await clerk.get(at(f"{theirs}/{tail}"))).status_code == 404
    assert (await clerk.get(at(f"preview/{theirs}"))).status_code == 404
    assert (await do_from_list(clerk, at, theirs, "file")).status_code == 404
    assert (await clerk.get(at("points"), params={"case": str(theirs)})).status_code == 404


async def do_from_list(client, at, case_id, action):
    return await send(client, at(f"{case_id}/do/{action}"), page=at())


async def test_a_worker_of_another_grid_does_not_find_the_case(office, at, signed):
    async with office.crew.acting("dispatcher") as ctx:
        away = await report_case(ctx, category="E0102", node_id=office.county.at("grid", 7).id)
    worker = await signed("worker")

    assert (await worker.get(at(str(away.case_id)))).status_code == 404
    assert away.code not in (await worker.get(at())).text


async def test_the_list_keeps_its_filters_in_the_address(office, at, signed):
    await office.crew.report(category="P0103", title="雨水井盖破损")
    await office.crew.report(category="E0102", title="垃圾没人收")
    clerk = await signed("dispatcher")

    by_text = await clerk.get(at(), params={"q": "井盖"})
    by_group = await clerk.get(at(), params={"category": "E01"})
    by_state = await clerk.get(at(), params={"state": "closed"})

    assert "雨水井盖破损" in by_text.text
    assert "垃圾没人收" not in by_text.text
    assert "垃圾没人收" in by_group.text
    assert "雨水井盖破损" not in by_group.text
    assert "没有符合条件的事件" in by_state.text
    assert 'value="井盖"' in by_text.text


async def test_a_state_that_two_kinds_share_is_one_line_of_the_filter(office, at, signed):
    await office.crew.report(category="E0102")
    clerk = await signed("dispatcher")

    listed = await clerk.get(at())

    assert listed.text.count("state=reported") == 1
    assert "待立案、待预审" in listed.text


async def test_the_preview_shows_what_may_be_done_next(office, at, signed):
    case_id = (await office.crew.report()).case_id
    clerk = await signed("dispatcher")

    answer = await clerk.get(at(f"preview/{case_id}"), headers={"hx-request": "true"})

    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "立案" in answer.text


async def test_the_export_holds_no_formula_and_is_written_down(office, at, signed):
    await office.crew.report(title="=1+1", place="@SUM(A1)")
    clerk = await signed("dispatcher")

    answer = await send(clerk, at("export/"), purpose="周例会通报")

    assert answer.status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert all(cell.data_type == "s" for cell in cells)
    assert "=1+1" in {cell.value for cell in cells}
    assert "周例会通报" in str(sheet["A1"].value)
    assert "调度员" in str(sheet["A1"].value)
    (entry,) = await kept(
        office, select(AuditEntry.details).where(AuditEntry.verb == "case.exported")
    )
    assert entry.details["rows"] == 1
    assert entry.details["purpose"] == "周例会通报"


async def test_an_export_ends_at_its_cap_and_says_so(office, at, signed, monkeypatch):
    monkeypatch.setattr("gridgov.cases.queries.exporting.MOST_EXPORTED", 2)
    monkeypatch.setattr("gridgov.cases.web.exporting.MOST_EXPORTED", 2)
    for number in range(3):
        office.crew.later(minutes=1)
        await office.crew.report(title=f"第{number}件")
    clerk = await signed("dispatcher")

    asked = await clerk.get(at("export/"))
    answer = await send(clerk, at("export/"), purpose="周例会通报")

    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    titles = [row[1] for row in sheet.iter_rows(min_row=4, values_only=True)]
    assert titles == ["第2件", "第1件"]
    assert "只导出了最新的 2 条" in sheet["A2"].value
    assert "2" in asked.text and "第" not in asked.text


async def test_an_export_needs_a_purpose_and_the_right(office, at, signed):
    clerk, worker = await signed("dispatcher"), await signed("worker")

    without = await send(clerk, at("export/"), purpose="")
    forbidden = await worker.get(at("export/"))

    assert without.status_code == 422
    assert forbidden.status_code == 403


async def told_by_a_resident(clerk, office, at):
    """A case that a clerk wrote down for a resident, and the address of the resident's contact."""
    sent = await send(
        clerk,
        at("new/"),
        category="E0102",
        node=str(office.county.at("grid").id),
        name="测试·王一",
        phone="19900001234",
    )
    case = sent.headers["location"].split("?")[0]
    page = await clerk.get(case)
    return case, page, re.search(r'action="([^"]+/reporters/[^"]+)"', page.text).group(1)


async def test_a_reporters_contact_is_shown_for_a_reason_only_and_logged(office, at, signed):
    clerk = await signed("dispatcher")
    case, page, address = await told_by_a_resident(clerk, office, at)

    without = await send(clerk, address, page=case, reason="call_back", words="")
    shown = await send(clerk, address, page=case, reason="call_back", words="约时间看现场")
    after = await clerk.get(case)

    assert "19900001234" not in page.text + without.text + after.text
    assert "199****1234" in page.text
    assert without.status_code == 422
    assert "19900001234" in shown.text
    (entry,) = await kept(office, select(AuditEntry.purpose).where(AuditEntry.kind == "reveal"))
    assert entry.purpose == "回电核实情况：约时间看现场"


async def test_who_may_not_reveal_sees_no_contact_at_all(office, at, signed):
    case, _, address = await told_by_a_resident(await signed("dispatcher"), office, at)
    worker = await signed("worker")

    page = await worker.get(case)
    answer = await send(worker, address, page=case, reason="call_back", words="看看")

    assert page.status_code == 200
    assert "****1234" not in page.text
    assert "居民（联系方式不对您显示" in page.text
    assert answer.status_code == 403


@pytest.mark.parametrize("address", ["", "mine/", "preview", "record", "desk"])
async def test_a_page_costs_the_same_statements_for_one_case_and_for_three(
    office, at, signed, address
):
    first = (await office.crew.report()).case_id
    await office.crew.does("dispatcher", first, "file")
    clerk = await signed("dispatcher")
    path = {
        "preview": at(f"preview/{first}"),
        "record": at(str(first)),
        "desk": f"/{office.county.tenant.slug}/dispatch/",
    }.get(address, at(address))
    await clerk.get(path)

    with statements(office.app.state.database) as once:
        assert (await clerk.get(path)).status_code == 200
    for title in ("测试·一", "测试·二"):
        other = (await office.crew.report(title=title)).case_id
        await office.crew.does("dispatcher", other, "file")
    with statements(office.app.state.database) as thrice:
        await clerk.get(path)

    assert len(once) == len(thrice)
    assert len(once) <= (RECORD_BUDGET if address in {"preview", "record"} else LIST_BUDGET)


async def test_the_desk_suggests_and_dispatches_what_is_sure(office, at, signed):
    sure = await office.crew.brought_to("filed", category="P0107")
    await office.crew.does("station_clerk", sure, "pass_up")
    await office.crew.does("subcentre_clerk", sure, "take")
    clerk = await signed("subcentre_clerk")
    desk = f"/{office.county.tenant.slug}/dispatch/"

    page = await clerk.get(desk)
    elsewhere = await (await signed("dispatcher")).get(desk)
    below = await (await signed("dispatcher")).get(desk, params={"below": "1"})
    sent = await send(clerk, f"{desk}batch", page=desk, ids=str(sure))

    assert "建议" in page.text
    assert str(sure) not in elsewhere.text
    assert str(sure) in below.text
    assert sent.status_code == 303
    assert (await state_of(office, sure)).state == "dispatched"


async def test_a_case_is_dispatched_to_two_departments_from_the_preview(office, at, signed):
    case_id = await office.crew.brought_to("filed")
    clerk = await signed("dispatcher")
    desk = f"/{office.county.tenant.slug}/dispatch/"
    piece = await clerk.get(f"{desk}preview/{case_id}")
    departments = [str(office.county.departments[name]) for name in ("urban", "water")]

    answer = await clerk.post(
        at(f"{case_id}/do/dispatch"),
        data={
            "_csrf": await csrf_of(clerk, desk),
            "departments": departments,
            "back": "dispatch_desk",
            "version": re.search(r'name="version" value="(\d+)"', piece.text).group(1),
        },
        headers={"sec-fetch-site": "same-origin"},
    )

    assert answer.status_code == 303
    assert "/dispatch" in answer.headers["location"]
    assert (await state_of(office, case_id)).state == "dispatched"


async def test_bounces_and_supervision_and_requests_are_listed(office, signed, at):
    bounced = await office.crew.brought_to("dispatched")
    await office.crew.does("handler", bounced, "return", {"reason": "不归我们管"})
    asked = await office.crew.brought_to("handling")
    await office.crew.does("handler", asked, "ask_extension", {"days": 2, "reason": "要等材料"})
    await office.crew.does("supervisor", asked, "supervise", {"reason": "群众反映强烈"})
    clerk, supervisor = await signed("dispatcher"), await signed("supervisor")
    root = f"/{office.county.tenant.slug}"

    bounces = await supervisor.get(f"{root}/bounces")
    supervision = await supervisor.get(f"{root}/supervision")
    requests = await clerk.get(f"{root}/requests")

    assert "不归我们管" in bounces.text
    assert "群众反映强烈" in supervision.text
    assert "要等材料" in requests.text
    assert f"{asked}/do/grant_extension" in requests.text


async def test_who_decides_reads_the_reason_on_the_form(office, signed, at):
    asked = await office.crew.brought_to("handling")
    await office.crew.does("handler", asked, "ask_extension", {"days": 2, "reason": "要等材料"})
    clerk = await signed("dispatcher")

    for decision in ("grant_extension", "refuse_extension"):
        form = (await clerk.get(at(f"{asked}/do/{decision}"))).text
        assert "申请的理由" in form
        assert "要等材料（2 天）" in form
    other = await office.crew.brought_to("handling")
    assert "申请的理由" not in (await clerk.get(at(f"{other}/do/dispatch"))).text


async def test_two_reports_of_one_matter_are_compared_and_merged(office, at, signed):
    node = office.county.at("grid")
    first = await office.crew.report(title="井盖坏了")
    second = await office.crew.report(title="井盖松动")
    async with office.app.state.database.session(office.county.tenant.id) as session:
        await session.execute(update(Case).values(lon=node.lon, lat=node.lat))
    clerk = await signed("station_clerk")

    page = await clerk.get(at(str(second.case_id)))
    compared = await clerk.get(at(f"{second.case_id}/compare/{first.case_id}"))
    merged = await do(clerk, at, second.case_id, "merge", case=str(first.case_id))
    after = await clerk.get(merged.headers["location"])

    assert "附近可能是同一件事" in page.text
    assert "相距 0 米" in page.text
    assert first.code in compared.text
    assert merged.status_code == 303
    assert "这件已经并案" in after.text
    assert "拆案" in after.text
    assert (await state_of(office, second.case_id)).state == "merged"


async def test_the_map_gets_points_with_lights_and_addresses(office, at, signed):
    node = office.county.at("grid")
    clerk = await signed("dispatcher")
    await send(clerk, at("new/"), category="E0102", lon=str(node.lon), lat=str(node.lat))

    points = (await clerk.get(at("points"))).json()

    (one,) = points["features"]
    assert one["properties"]["light"] == "green"
    assert "/cases/" in one["properties"]["url"]
    assert one["geometry"]["coordinates"] == [node.lon, node.lat]


async def test_a_node_shows_its_open_cases(office, at, signed):
    reported = await office.crew.report(title="路灯不亮")
    clerk = await signed("dispatcher")

    piece = await clerk.get(
        at(f"at/{office.county.at('village').id}"), headers={"hx-request": "true"}
    )
    empty = await clerk.get(
        at(f"at/{office.county.at('village', 3).id}"), headers={"hx-request": "true"}
    )

    assert "路灯不亮" in piece.text
    assert str(reported.case_id) in piece.text
    assert "没有未结的事件" in empty.text


async def test_the_timeline_marks_what_the_reporter_can_see(office, at, signed):
    case_id = await office.crew.brought_to("filed")
    clerk = await signed("dispatcher")

    page = await clerk.get(at(str(case_id)))

    public = await kept(
        office, select(CaseStep.id).where(CaseStep.case_id == case_id, CaseStep.public)
    )
    assert page.text.count("反映人可见") == len(public)


async def test_a_listed_page_goes_on_where_it_ended(office, at, signed):
    for number in range(51):
        office.crew.later(seconds=1)  # of one moment, any could be the newest
        await office.crew.report(title=f"第{number:02}件")
    clerk = await signed("dispatcher")

    first = await clerk.get(at(), params={"order": "newest"})
    older = re.search(r'rel="next" href="([^"]+)"', first.text).group(1).replace("&amp;", "&")
    second = await clerk.get(older)

    assert "第50件" in first.text
    assert "第00件" in first.text + second.text
    assert len(re.findall(r'class="queue-row"', first.text)) == 50
    assert len(re.findall(r'class="queue-row"', second.text)) == 1


async def test_a_dispatch_can_be_taken_back_from_the_page_that_follows(office, at, signed):
    case_id = await office.crew.brought_to("filed")
    clerk = await signed("dispatcher")
    department = str(office.county.departments["urban"])

    sent = await do(clerk, at, case_id, "dispatch", departments=department)
    after = await clerk.get(sent.headers["location"])

    assert "刚才的操作可以收回" in after.text
    assert f"{case_id}/do/withdraw" in after.text


async def test_the_light_is_explained_step_by_step(office, at, signed):
    case_id = await office.crew.brought_to("filed")
    clerk = await signed("dispatcher")

    page = await clerk.get(at(str(case_id)))

    assert "这个灯是怎么来的" in page.text
    assert "开始计时" in page.text


async def test_a_photo_is_seen_by_whoever_sees_the_case(office, at, signed):
    worker, handler = await signed("worker"), await signed("handler")
    token = await csrf_of(worker, at("new/"))
    sent = await worker.post(
        at("new/"),
        data={"_csrf": token, "category": "E0102", "node": str(office.county.at("grid").id)},
        files={"photos": ("a.jpg", a_photo(), "image/jpeg")},
        headers={"sec-fetch-site": "same-origin"},
    )
    page = await worker.get(sent.headers["location"])
    (address,) = set(re.findall(r"/[a-z]+/files/[0-9a-f-]+/thumb", page.text))

    assert (await worker.get(address)).status_code == 200
    assert (await handler.get(address)).status_code == 404


async def test_a_file_of_a_wrong_type_leaves_the_words_and_nothing_else(office, at, signed):
    worker = await signed("worker")
    token = await csrf_of(worker, at("new/"))
    refused = await worker.post(
        at("new/"),
        data={
            "_csrf": token,
            "category": "E0102",
            "node": str(office.county.at("grid").id),
            "description": "桥头有一堆垃圾",
        },
        files=[
            ("photos", ("a.jpg", a_photo(), "image/jpeg")),
            ("photos", ("b.jpg", a_pdf(), "image/jpeg")),
        ],
        headers={"sec-fetch-site": "same-origin"},
    )

    assert refused.status_code == 422
    assert "桥头有一堆垃圾" in refused.text
    (beside,) = re.findall(r'data-field="photos" data-wrong.*?</p>', refused.text, re.DOTALL)
    assert "这不是照片" in beside
    assert await kept(office, select(Case.id)) == []
    assert await kept(office, select(StoredFile.id)) == []


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@A1", "\t=1", "\uff1d1", "=cmd|' /C calc'!A0"]
)
def test_no_text_becomes_a_formula_in_a_workbook(text):
    made = workbook([text], [(text, 9)] * 3, [[text] * 3], "事件")

    sheet = openpyxl.load_workbook(io.BytesIO(made)).active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]

    assert {cell.value for cell in cells} == {text}
    assert {cell.data_type for cell in cells} == {"s"}


async def test_the_form_is_filled_in_by_what_a_case_arises_from(office, at, signed):
    worker, about = await signed("worker"), f"ledger:{uuid4()}"
    words = {"category": "E0102", "title": "井盖翘起", "about": about}

    by_address = await worker.get(at("new/"), params=words)
    by_button = await send(worker, at("new/filled"), page=at("new/"), description="一句话", **words)

    for page in (by_address.text, by_button.text):
        assert 'value="井盖翘起"' in page and f'name="about" value="{about}"' in page
    assert "一句话" in by_button.text
    refused = await send(
        worker, at("new/"), category="E0102", node=str(office.county.at("grid").id), about="x"
    )
    assert refused.status_code == 404
