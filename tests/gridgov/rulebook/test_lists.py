"""The four lists: their rows are what routing goes by, and a change holds from a moment on."""

import io
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import openpyxl
import pytest
from sqlalchemy import select

from gridgov.audit.models import AuditEntry
from gridgov.cases.queries.situations import situation_anyway
from gridgov.cases.queries.suggesting import suggested_for
from gridgov.kernel.clock import CHINA, now
from gridgov.tenants.models import ListVersion
from gridgov.tenants.rulebooks import Rulebooks
from gridgov.tenants.workplace import Workplaces
from gridgov.testkit.counties import ACounty, installed_policies
from gridgov.testkit.signing_in import a_browser, send, sign_in

TODAY = now().astimezone(CHINA).date()
NEXT_WEEK = TODAY + timedelta(days=7)


@pytest.fixture
async def worker(app, county):
    async with a_browser(app) as browser:
        await sign_in(browser, county, "worker")
        yield browser


@pytest.fixture
def at(county):
    return lambda tail="": f"/{county.tenant.slug}/lists/{tail}"


@pytest.fixture
def kept(app, county):
    async def read(*columns, where=None):
        async with app.state.database.session(county.tenant.id) as session:
            query = select(*columns)
            found = await session.execute(query if where is None else query.where(where))
            return found.all()

    return read


@dataclass
class Matters:
    """Cases of the county as the worker reports them and the desk is told to dispatch them."""

    app: Any
    county: ACounty
    worker: Any

    async def reported(self):
        """A case as the phone sends it; its id."""
        node = str(self.county.at("grid").id)
        answer = await send(
            self.worker,
            f"/{self.county.tenant.slug}/cases/new",
            category="E0110",
            title="路坏了",
            node=node,
        )
        assert answer.status_code == 303, answer.text
        return answer.headers["location"].split("/cases/")[1].split("?")[0]

    async def suggested(self, case_id):
        """Whom the desk would be told to dispatch it to, and why."""
        settings = self.app.state.settings
        rulebooks = Rulebooks(installed_policies())
        places = Workplaces(self.app.state.database, rulebooks, settings.secret)
        (record,) = await places.records(slug=self.county.tenant.slug)
        async with places.of(record).transaction("测试") as ctx:
            head = (await situation_anyway(ctx, UUID(case_id))).head
            (best, *_) = (await suggested_for(ctx, head)).best
            return head.urgency, best.code, best.reason.split("，")[0]


@pytest.fixture
def matters(app, county, worker):
    return Matters(app, county, worker)


def change(**fields):
    """What the form of a row of classes holds."""
    return {
        "urgency": "prompt",
        "department": "housing",
        "effective_from": TODAY.isoformat(),
        "document": "测试〔2026〕1号",
        "seen": "",
        "step": "do",
    } | fields


async def test_every_list_has_its_rows_its_version_and_its_sheet(admin, at):
    index = (await admin.get(at())).text

    for code, name, row in (
        ("remits", "部门职责清单", "首办："),
        ("rounds", "日常巡查清单", "井盖"),
        ("classes", "事件分类清单", "道路破损"),
        ("assignment", "问题交办清单", "道路破损"),
    ):
        assert name in index
        page = (await admin.get(at(code))).text
        assert row in page
        assert "第 1 版" in page
        sheet = (await admin.get(at(f"{code}/sheet"))).text
        assert row in sheet
        assert "第 1 版" in sheet
    assert "督办通报制" in index


LISTED = "这一类的首选部门"
NAMED = "本县清单定的责任部门"


async def test_one_row_changed_routes_the_next_case_and_leaves_the_open_one(
    admin, matters, at, kept
):
    before = await matters.reported()
    form = (await admin.get(at("classes/rows/E0110"))).text
    assert 'value="prompt"' in form
    assert 'value="assist"' not in form  # an urgency of cases of another kind

    preview = await send(admin, at("classes/rows/E0110"), **change(step=""))
    assert preview.status_code == 200
    assert "<del>一般</del> → <ins>即办</ins>" in preview.text
    assert "在办的 1 件照原来的办完" in preview.text
    assert await kept(ListVersion.id) == []
    assert (await send(admin, at("classes/rows/E0110"), **change())).status_code == 303
    after = await matters.reported()

    assert await matters.suggested(before) == ("normal", "urban", LISTED)
    assert await matters.suggested(after) == ("prompt", "housing", NAMED)
    page = (await admin.get(at("classes"))).text
    assert "第 2 版" in page
    assert "测试〔2026〕1号" in page
    told = (await admin.get(at("classes?version=2&q=E0110"))).text
    assert "第 2 版改了什么" in told
    assert "<del>一般</del> → <ins>即办</ins>" in told
    assert "改了什么" not in page
    old = (await admin.get(at("classes?version=1&q=E0110"))).text
    assert "改了什么" not in old
    assert "这不是现行版本" in old
    assert ">一般<" in old


async def test_a_browser_numbers_the_form_once_and_looking_first_does_not_use_the_number_up(
    admin, at, kept
):
    number = str(uuid4())
    await send(admin, at("classes/rows/E0110"), **change(step="", _op=number))
    changed = await send(admin, at("classes/rows/E0110"), **change(_op=number))
    again = await send(admin, at("classes/rows/E0110"), **change(_op=number))

    assert (changed.status_code, again.status_code) == (303, 303)
    assert len(await kept(ListVersion.id)) == 1


async def test_a_version_that_is_planned_does_nothing_yet_and_can_be_withdrawn(
    admin, matters, at, kept
):
    planned = change(effective_from=NEXT_WEEK.isoformat())
    assert (await send(admin, at("classes/rows/E0110"), **planned)).status_code == 303
    ((version, begins),) = await kept(ListVersion.id, ListVersion.effective_at)
    assert begins.astimezone(CHINA) == datetime.combine(NEXT_WEEK, time(), CHINA)

    assert await matters.suggested(await matters.reported()) == ("normal", "urban", LISTED)
    assert "待生效" in (await admin.get(at("classes"))).text
    assert "即办" in (await admin.get(at("classes?version=2&q=E0110"))).text

    answer = await send(admin, at(f"classes/versions/{version}/withdraw"), page=at("classes"))
    assert answer.status_code == 303
    assert await kept(ListVersion.id) == []
    again = await send(admin, at(f"classes/versions/{version}/withdraw"), page=at("classes"))
    assert again.status_code == 404


async def test_what_has_begun_is_not_withdrawn(admin, at, kept):
    await send(admin, at("classes/rows/E0110"), **change())
    ((version,),) = await kept(ListVersion.id)

    answer = await send(admin, at(f"classes/versions/{version}/withdraw"), page=at("classes"))

    assert answer.status_code == 409
    assert "已经生效" in answer.text


async def test_everything_wrong_is_told_beside_its_field_and_stays(admin, at, kept):
    wrong = change(
        urgency="sofort",
        department="nobody",
        document="",
        effective_from=(TODAY - timedelta(days=1)).isoformat(),
    )

    answer = await send(admin, at("classes/rows/E0110"), **wrong)

    assert answer.status_code == 422
    for sentence in ("没有这一种缓急", "没有这个部门", "请写明依据", "不能早于今天"):
        assert sentence in answer.text
    assert await kept(ListVersion.id) == []
    nothing = change(urgency="normal", department="urban")
    same = await send(admin, at("classes/rows/E0110"), **nothing)
    assert same.status_code == 422
    assert "没有要改的" in same.text
    assert (await admin.get(at("classes/rows/E9999"))).status_code == 404
    assert (await admin.get(at("nothing"))).status_code == 404


async def test_two_who_change_at_the_same_time_see_each_other(admin, at):
    await send(admin, at("classes/rows/E0110"), **change())

    answer = await send(admin, at("classes/rows/E0101"), **change())

    assert answer.status_code == 409
    assert "有人改过清单" in answer.text


async def test_rows_in_words_are_changed_added_and_left_out(admin, at, kept):
    words = {"effective_from": TODAY.isoformat(), "document": "测试〔2026〕2号", "step": "do"}
    row = words | {"group": "公共设施", "often": "每月", "text": "电梯：合格证过期没有"}

    assert (await send(admin, at("rounds/rows/new"), **row)).status_code == 303
    page = (await admin.get(at("rounds"))).text
    assert "电梯：合格证过期没有" in page

    ((newest,),) = await kept(ListVersion.id)
    gone = words | {"gone": "yes", "seen": str(newest), "group": "公共设施", "text": "x"}
    assert (await send(admin, at("rounds/rows/public_3"), **gone)).status_code == 303
    page = (await admin.get(at("rounds"))).text
    assert "消火栓" not in page
    assert "消火栓" in (await admin.get(at("rounds?version=1"))).text
    assert "去掉了" in (await admin.get(at("rounds?version=3"))).text
    second = (await admin.get(at("rounds?version=2"))).text
    assert "电梯：合格证过期没有</b>" in second
    assert "新增" in second
    assert "第 3 版" in page


async def test_a_list_is_taken_along_for_a_purpose(admin, at, kept):
    answer = await send(admin, at("assignment/export"), purpose="周例会")

    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert "用途：周例会" in lines[0][0]
    assert lines[1] == ["大类", "小类", "责任部门", "协办或备选", "依据"]
    assert any(line[1] == "道路破损" for line in lines[2:])
    ((details,),) = await kept(AuditEntry.details, where=AuditEntry.verb == "lists.exported")
    assert details["list"] == "assignment"


async def test_who_works_reads_the_lists_and_changes_none(worker, at):
    page = (await worker.get(at("rounds"))).text

    assert "井盖" in page
    assert "加一条" not in page
    assert (await worker.get(at("classes/rows/E0110"))).status_code == 403
    assert (await send(worker, at("classes/rows/E0110"), page=at(), **change())).status_code == 403
