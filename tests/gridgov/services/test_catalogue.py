"""The catalogue: imported after a look, counted by flags, read by residents."""

import io
import re
import time
from pathlib import Path

from openpyxl import load_workbook
from sqlalchemy import any_, func, literal, select

from factories.cases import Crew
from factories.services import ITEMS, as_csv
from factories.tenants import a_county
from gridgov.audit.models import AuditEntry
from gridgov.services.actions.importing import bring_to
from gridgov.services.models import ServiceImport, ServiceItem
from gridgov.services.rules.compare import line
from gridgov.services.rules.table import columns_of
from gridgov.testkit.signing_in import csrf_of, send
from liling.services import FLAGS

COLUMNS = columns_of(FLAGS)
HEADS = [str(column.head) for column in COLUMNS]
FILE = Path(__file__).parents[3] / "tenants" / "liling" / "services.csv"


def lines_of(items):
    return [line(item, COLUMNS) for item in items]


async def upload(browser, root, data, name="目录.csv"):
    token = await csrf_of(browser, f"{root}/services/import")
    return await browser.post(
        f"{root}/services/import",
        data={"_csrf": token},
        files={"file": (name, data)},
        headers={"sec-fetch-site": "same-origin"},
    )


async def agree(browser, page):
    address = re.search(r'action="([^"]+/services/import/[0-9a-f-]+)"', page.text).group(1)
    token = re.search(r'name="_csrf" value="([0-9a-f]+)"', page.text).group(1)
    return await browser.post(
        address, data={"_csrf": token}, headers={"sec-fetch-site": "same-origin"}
    )


async def kept(crew, *what):
    async with crew.system() as ctx:
        return (await ctx.session.execute(select(*what))).all()


async def test_a_file_is_looked_at_before_anything_is_written(browsing, crew, root):
    card, birth, check = lines_of(ITEMS)
    card[HEADS.index("办理时限")] = "3个工作日"
    new = ["LL09009", "转学申请", "惠民事项", "测试·water", *[""] * 14]

    async with browsing("county_admin") as browser:
        page = await upload(browser, root, as_csv(HEADS, card, birth, new))
        before = await kept(crew, ServiceItem.code, ServiceItem.term, ServiceItem.closed_on)
        agreed = await agree(browser, page)
        again = await agree(browser, page)

    assert "将新增 1 项、改动 1 项、停办 1 项" in page.text
    assert "<del>5个工作日</del> → <ins>3个工作日</ins>" in page.text
    assert all(row.closed_on is None for row in before)
    assert agreed.status_code == 303
    assert again.status_code == 409
    rows = await kept(crew, ServiceItem.code, ServiceItem.term, ServiceItem.closed_on)
    after = {row.code: row for row in rows}
    assert after["LL01001"].term == "3个工作日"
    assert after[check[0]].closed_on is not None
    assert len(after) == 4
    ((file, added),) = await kept(crew, ServiceImport.file, ServiceImport.added)
    assert (file, added) == ("目录.csv", 1)
    verbs = [row.verb for row in await kept(crew, AuditEntry.verb)]
    assert verbs.count("service.imported") == 2  # the county's own, and this


async def test_what_is_wrong_is_listed_by_cell_and_nothing_is_kept(browsing, crew, root):
    bad = ["", "转学", "第六批", "火星局", *[""] * 14]
    async with browsing("county_admin") as browser:
        page = await upload(browser, root, as_csv([*HEADS[:-1], "得分"], bad))
        text = await upload(browser, root, "编码,事项名称".encode("gb18030"))

    assert page.status_code == 422
    for cell in ("A2", "C2", "D2", "R1"):
        assert f'class="code">{cell}<' in page.text
    assert text.status_code == 422 and "UTF-8" in text.text
    assert await kept(crew, func.count(ServiceImport.id)) == [(0,)]


async def test_an_unchanged_export_comes_back_as_no_difference(browsing, crew, root):
    async with browsing("county_admin") as browser:
        bare = await send(browser, f"{root}/services/export", purpose="")
        file = await send(browser, f"{root}/services/export", purpose="核对目录")
        page = await upload(browser, root, file.content, name="目录.xlsx")

    rows = list(load_workbook(io.BytesIO(file.content)).active.iter_rows(values_only=True))
    assert len(rows) == 1 + len(ITEMS)
    assert "没有不同" in page.text
    assert bare.status_code == 422
    (entry,) = [
        row
        for row in await kept(crew, AuditEntry.verb, AuditEntry.details)
        if row.verb == "service.catalogue_exported"
    ]
    assert entry.details == {"purpose": "核对目录", "rows": len(ITEMS)}


WRONG = (
    ("code", "", "缺少编码"),
    ("code", "老年证", "字母、数字"),
    ("name", "", "缺少事项名称"),
    ("name", "=1+1", "公式"),
    ("batch", "第六批", "这个批次"),
    ("department", "火星局", "这个部门"),
    ("town", "也许", "写“是”或“否”"),
    ("term", "很快", "数字加单位"),
    ("place", "厅" * 121, "写得太长了"),
    ("who", "老人\u202e", "控制字符"),
)
"""Ten kinds of errors: a column, what somebody wrote into it, and what is said of that."""


async def test_ten_kinds_of_errors_in_664_rows_are_listed_by_cell_and_nothing_is_written(
    browsing, crew, root
):
    """And mended, the file comes in within five seconds, and comes out as it came in."""
    words = {"civil": "urban", "disabled": "housing"}
    head, *lines = [one.split(",") for one in FILE.read_text().splitlines()]
    for one in lines:
        one[3] = words.get(one[3], "water")
    broken = [list(one) for one in lines]
    cells = {}
    for number, (column, wrong, said_of_it) in enumerate(WRONG):
        row = 60 * number + 7
        broken[row][head.index(column)] = wrong
        cells[f"{chr(ord('A') + head.index(column))}{row + 2}"] = said_of_it
    async with browsing("county_admin") as browser:
        before = await kept(crew, ServiceItem.code, ServiceItem.name, ServiceItem.closed_on)
        refused = await upload(browser, root, as_csv(head, *broken))
        after = await kept(crew, ServiceItem.code, ServiceItem.name, ServiceItem.closed_on)
        looked_at = await kept(crew, func.count(ServiceImport.id))
        began = time.perf_counter()
        page = await upload(browser, root, as_csv(head, *lines))
        await agree(browser, page)
        took = time.perf_counter() - began
        file = await send(browser, f"{root}/services/export", purpose="核对目录")
        again = await upload(browser, root, file.content, name="目录.xlsx")

    told = dict(
        re.findall(r'class="code">([A-Z]+\d+)</th><td[^>]*>[^<]*</td><td>([^<]*)<', refused.text)
    )
    assert refused.status_code == 422 and "有 10 处要改" in refused.text
    assert set(told) == set(cells)
    assert all(cells[cell] in told[cell] for cell in cells), told
    assert before == after and looked_at == [(0,)]
    assert "将新增" in page.text, page.text
    assert took < 5
    assert "没有不同" in again.text
    flags = [func.count().filter(literal(flag.code) == any_(ServiceItem.flags)) for flag in FLAGS]
    async with crew.system() as ctx:
        counts = (
            await ctx.session.execute(select(*flags).where(ServiceItem.closed_on.is_(None)))
        ).one()
    assert tuple(counts) == (109, 97, 129, 664, 50)


async def test_a_worker_reads_the_catalogue_and_may_not_change_it(browsing, root):
    async with browsing("worker") as browser:
        page = await browser.get(f"{root}/services")
        form = await browser.get(f"{root}/services/import")

    assert page.status_code == 200
    assert "老年证年审" in page.text and "文件载明 664 项" in page.text
    assert "/services/import" not in page.text
    assert form.status_code == 403


async def test_a_resident_finds_a_guide_by_words_initials_batch_and_flag(client, root):
    for asked in ("q=年审", "q=lnz", "batch=benefit&q=老年", "flag=assisted", "q=LL01001"):
        page = await client.get(f"{root}/guide/?{asked}")
        assert "老年证年审" in page.text, asked
    assert "用电安全检查" not in (await client.get(f"{root}/guide/?batch=benefit")).text
    assert "没有找到" in (await client.get(f"{root}/guide/?q=没有的")).text


async def test_a_guide_says_what_to_bring_who_may_where_and_how_long(client, root):
    page = await client.get(f"{root}/guide/LL01001")

    for words in ("年满60周岁的本市老人", "一寸照片2张", "5个工作日", "不收费", "网格员送证上门"):
        assert words in page.text
    assert "示例" in (await client.get(f"{root}/guide/LL17001")).text
    assert (await client.get(f"{root}/guide/LL99999")).status_code == 404


async def test_the_item_of_another_county_is_not_found(app, browsing, crew, root):
    other = Crew(app.state.database, await a_county(app.state.database, app.state.settings))
    async with other.system() as ctx:
        await bring_to(ctx, ITEMS)
    ((theirs,), *_), ((mine,), *_) = [await kept(one, ServiceItem.id) for one in (other, crew)]

    async with browsing("worker") as browser:
        answers = [await browser.get(f"{root}/services/item/{one}") for one in (mine, theirs)]

    assert [answer.status_code for answer in answers] == [200, 404]
