"""What the auditor sees, what others do not, and what leaves as a file."""

import io
import re
from dataclasses import dataclass
from uuid import UUID

import httpx
import openpyxl
import pytest
from sqlalchemy import select

from factories.tenants import a_county
from factories.working import place_in
from gridgov.audit.actions import record, record_reveal
from gridgov.audit.models import AuditEntry
from gridgov.audit.words import VERBS
from gridgov.tenants.workplace import Workplace
from gridgov.testkit.counties import ACounty
from gridgov.testkit.signing_in import send, sign_in

CASE, OTHER, STRANGER = (UUID(int=number) for number in (71, 72, 73))


@pytest.fixture
async def county(database, settings) -> ACounty:
    return await a_county(database, settings)


@pytest.fixture
async def place(county, database, settings) -> Workplace:
    return await place_in(county, database, settings)


@dataclass(frozen=True)
class Desk:
    """Somebody's browser, and where the audit is."""

    client: httpx.AsyncClient
    address: str

    async def get(self, rest: str = "") -> httpx.Response:
        return await self.client.get(f"{self.address}{rest}")


@pytest.fixture
async def desk(client, county) -> Desk:
    """The auditor's."""
    await sign_in(client, county, "auditor", second_factor=True)
    return Desk(client, f"/{county.tenant.slug}/audit")


async def act(place: Workplace, *verbs: str, subject=CASE, **details) -> None:
    async with place.transaction("测试员") as ctx:
        for verb in verbs:
            record(ctx, verb, "case", subject, **details)


async def look(place: Workplace, *purposes: str) -> None:
    async with place.transaction("测试员") as ctx:
        for purpose in purposes:
            record_reveal(ctx, "case", CASE, fields=["phone"], purpose=purpose)


def verbs_of(text: str) -> list[str]:
    return re.findall(r'class="ledger-what" title="([a-z.0-9_]+)"', text)


async def test_the_newest_entries_come_first_and_older_ones_on_the_next_page(place, desk):
    await act(place, *(f"case.done{number}" for number in range(60)))

    first = await desk.get()
    older = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert older
    second = await desk.client.get(older.group(1).replace("&amp;", "&"))

    assert first.status_code == 200
    shown = verbs_of(first.text) + verbs_of(second.text)
    assert shown[:60] == [f"case.done{number}" for number in reversed(range(60))]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("verb=case.sent", ["case.sent"]),
        ("verb=case.", ["case.closed", "personal", "case.sent"]),
        ("kind=reveal", ["personal.revealed"]),
        (f"record={OTHER}", ["case.closed"]),
        ("subject=nothing", []),
        ("since=2001-01-01&until=2001-01-02", []),
        (f"account={STRANGER}", []),
    ],
)
async def test_filters_narrow_the_list(place, desk, query, expected):
    await act(place, "case.sent")
    await look(place, "回访")
    await act(place, "case.closed", subject=OTHER)

    answer = await desk.get(f"?{query}")

    assert answer.status_code == 200
    assert verbs_of(answer.text) == [verb for verb in expected if verb != "personal"]


async def test_a_filter_that_makes_no_sense_says_so_and_shows_all(place, desk):
    answer = await desk.get("?since=gestern&account=nobody")

    assert answer.status_code == 422
    assert "日期要写成" in answer.text
    assert "gestern" in answer.text


async def test_who_looked_at_personal_records_is_counted(place, desk):
    await look(place, "回访", "回访", "核实住址")

    answer = await desk.get("/looks?days=30")

    cells = re.findall(r'<td class="number">([\d,]+)</td>', answer.text)
    assert cells == ["3", "1", "2"]


async def test_an_export_holds_what_the_filter_shows_and_no_formula(place, desk):
    await act(place, "case.sent", note="=1+1")
    await look(place, "=HYPERLINK(A1)", "@x", "+1", "-1", "\t=1")
    address = f"{desk.address}/export?kind=reveal"

    asked = await desk.client.get(address)
    answer = await send(desk.client, address, purpose="年度审计")

    assert "当前筛选：5 条" in asked.text
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert all(cell.data_type == "s" for cell in cells)
    assert "年度审计" in str(sheet["A1"].value)
    verbs = [row[4] for row in sheet.iter_rows(min_row=3, values_only=True)]
    assert verbs == ["personal.revealed"] * 5
    assert sheet["C3"].value == VERBS["personal.revealed"], "in words as well"


async def test_an_export_of_the_audit_is_in_the_audit_with_what_it_is_for(place, desk):
    await act(place, "case.sent")

    without = await send(desk.client, f"{desk.address}/export", purpose="")
    await send(desk.client, f"{desk.address}/export?verb=case.", purpose="年度审计")

    assert without.status_code == 422
    async with place.transaction("测试员") as ctx:
        (details,) = await ctx.session.scalars(
            select(AuditEntry.details).where(AuditEntry.verb == "audit.exported")
        )
    assert details == {"purpose": "年度审计", "rows": 1, "filter": {"verb": "case."}}


async def test_an_export_ends_at_its_cap_and_says_so(place, desk, monkeypatch):
    monkeypatch.setattr("gridgov.audit.web._MOST", 2)
    await act(place, "case.first", "case.second", "case.third")

    asked = await desk.get("/export?verb=case.")
    answer = await send(desk.client, f"{desk.address}/export?verb=case.", purpose="年度审计")

    assert "只导出最新的 2 条" in asked.text
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    verbs = [row[4] for row in sheet.iter_rows(min_row=4, values_only=True)]
    assert verbs == ["case.third", "case.second"]


@pytest.mark.parametrize(("who", "status"), [(None, 401), ("worker", 403), ("county_admin", 403)])
async def test_nobody_but_an_auditor_reads_the_audit(client, county, who, status):
    if who:
        await sign_in(client, county, who, second_factor=True)

    for page in ("", "/looks", "/export"):
        answer = await client.get(f"/{county.tenant.slug}/audit{page}")
        assert answer.status_code == status


async def test_an_auditor_of_one_county_reads_no_other(desk, database, settings):
    other = await a_county(database, settings)

    answer = await desk.client.get(f"/{other.tenant.slug}/audit")

    assert answer.status_code == 401
