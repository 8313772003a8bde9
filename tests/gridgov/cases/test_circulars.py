"""督办通报: what is under supervision, issued under a number, read by those whom it concerns."""

import io
from datetime import timedelta
from uuid import UUID

import docx
import openpyxl
import pytest
from docx.table import Table
from sqlalchemy import select, update

from factories.cases import Crew, a_case, run_events
from factories.tenants import a_county
from gridgov.cases.actions.circulars import ISSUED, tell_of_circular
from gridgov.cases.actions.forgetting import forget_circulars
from gridgov.cases.models import Case, CircularLine
from gridgov.cases.queries.circulars import matters
from gridgov.kernel.clock import CHINA
from gridgov.kernel.clock import now as this_moment
from gridgov.kernel.ids import new_id
from gridgov.kernel.outbox import Event
from gridgov.notices.models import Notice
from gridgov.testkit.signing_in import a_browser, send, sign_in
from gridgov.testkit.statements import statements

TODAY = this_moment().astimezone(CHINA).date()


@pytest.fixture
async def crew(app):
    county = await a_county(app.state.database, app.state.settings)
    return Crew(app.state.database, county, this_moment())


@pytest.fixture
async def supervisor(app, crew):
    async with a_browser(app) as browser:
        await sign_in(browser, crew.county, "supervisor")
        yield browser


@pytest.fixture
def at(crew):
    return lambda tail="": f"/{crew.county.tenant.slug}/circulars/{tail}"


def form(**fields):
    return {
        "first": (TODAY - timedelta(days=7)).isoformat(),
        "last": TODAY.isoformat(),
        "demand": "逐件倒排时间，超期的说明原因。",
        "answer_by": (TODAY + timedelta(days=7)).isoformat(),
    } | fields


async def supervised(crew, reason="久拖不决", node=None):
    """A case under supervision: in a department's hands, or new in another place."""
    if node is None:
        case_id = await crew.brought_to("handling")
    else:
        async with crew.acting("dispatcher") as ctx:
            case_id = (await a_case(ctx, node)).case_id
    await crew.does("supervisor", case_id, "supervise", {"reason": reason})
    return case_id


async def test_a_circular_tells_of_what_is_supervised_and_what_was_struck_off(crew):
    open_one = await supervised(crew)
    struck = await supervised(crew, reason="群众反映强烈")
    await crew.does("supervisor", struck, "strike_off", {"reason": "已经办好"})
    await crew.brought_to("handling")

    async with crew.acting("supervisor") as ctx:
        found = {one.case_id: one for one in await matters(ctx, TODAY, TODAY)}
        before = await matters(ctx, TODAY - timedelta(days=9), TODAY - timedelta(days=8))

    assert found.keys() == {open_one, struck}
    assert found[open_one].reason == "久拖不决"
    assert found[open_one].struck_off_at is None
    assert found[open_one].unit == "测试·urban"
    assert found[struck].struck_off_at is not None
    assert before == []


async def test_it_is_issued_under_the_next_number_and_stays_as_it_was(crew, supervisor, at, app):
    case_id = await supervised(crew)
    draft = (await supervisor.get(at("new"))).text
    assert "久拖不决" in draft

    asked = {f"ask-{case_id}": "三天内修好"}
    first = await send(supervisor, at("new"), **form(**asked))
    second = await send(supervisor, at("new"), **form())

    assert (first.status_code, second.status_code) == (303, 303)
    page = (await supervisor.get(first.headers["location"])).text
    assert f"督办通报〔{TODAY.year}〕第 1 期" in page
    assert "三天内修好" in page
    assert "督办事项 1 件" in page
    async with app.state.database.session(crew.county.tenant.id) as session:
        await session.execute(update(Case).values(title="后来改了"))
    sheet = (await supervisor.get(first.headers["location"].split("?")[0] + "/sheet")).text
    assert "后来改了" not in sheet
    listed = (await supervisor.get(at())).text
    assert listed.index("第 2 期") < listed.index("第 1 期")


async def test_on_paper_it_is_a_circular_that_an_office_can_send(crew, supervisor, at, app):
    """标题、文号、主送、正文、落款、日期: in the name of the office, not of a person."""
    await supervised(crew)
    await supervised(crew, node=crew.county.at("grid", 7), reason="别处的事")
    answer = await send(supervisor, at("new"), **form(opening="进展不大。"))
    address = answer.headers["location"].split("?")[0]

    sheet = (await supervisor.get(f"{address}/sheet")).text
    parts = (
        "网格化服务管理中心</p>",
        f"督办通报〔{TODAY.year}〕第 1 期",
        "督办事项办理情况的通报",
        "测试·urban",
        "一、办理情况",
        "督办事项 2 件",
        "进展不大。",
        "二、督办事项",
        "三、要求",
        "逐件倒排时间",
    )
    paper = sheet[sheet.index("circular-head") :]
    places = [paper.index(part) for part in parts]
    assert places == sorted(places)
    assert "没有列出" not in sheet
    async with a_browser(app) as browser:
        await sign_in(browser, crew.county, "worker")
        part = (await browser.get(f"{address}/sheet")).text
    assert "督办事项 1 件" in part
    assert "另有 1 件与本单位无关，没有列出" in part


async def test_whom_it_concerns_is_told_and_sees_their_lines_only(crew, supervisor, at, app):
    mine = await supervised(crew)
    other = await supervised(crew, node=crew.county.at("grid", 7), reason="别处的事")
    answer = await send(supervisor, at("new"), **form())
    address = answer.headers["location"].split("?")[0]
    for _ in range(2):
        await run_events(crew, ISSUED)
    async with crew.system() as ctx:
        about = Notice.about.startswith(ISSUED)
        told = list(await ctx.session.scalars(select(Notice.account_id).where(about)))
    assert crew.county.accounts["handler"].account_id in told
    assert len(told) == len(set(told))

    async with a_browser(app) as browser:
        await sign_in(browser, crew.county, "worker")
        page = (await browser.get(address)).text
    assert str(mine) in page
    assert str(other) not in page
    assert "督办事项 1 件" in page


async def test_whom_it_does_not_concern_finds_none(crew, supervisor, at, app):
    await supervised(crew, node=crew.county.at("grid", 7))
    answer = await send(supervisor, at("new"), **form())

    async with a_browser(app) as browser:
        await sign_in(browser, crew.county, "worker")
        assert (await browser.get(answer.headers["location"])).status_code == 404
        assert "还没有通报" in (await browser.get(at())).text
        assert (await browser.get(at("new"))).status_code == 403


async def test_everything_wrong_is_told_and_what_was_typed_stays(crew, supervisor, at):
    case_id = await supervised(crew)
    wrong = form(
        last=(TODAY + timedelta(days=1)).isoformat(),
        answer_by=(TODAY - timedelta(days=1)).isoformat(),
        demand="",
    )

    answer = await send(supervisor, at("new"), **wrong | {f"ask-{case_id}": "写好的要求"})

    assert answer.status_code == 422
    assert "写好的要求" in answer.text
    assert "请填写这一项" in answer.text
    later = await send(supervisor, at("new"), **wrong | {"demand": "抓紧"})
    assert "通报到今天为止" in later.text
    assert "不能早于今天" in later.text


async def test_it_says_the_last_day_of_each_matter_wherever_it_is_read(app, crew, supervisor, at):
    await supervised(crew)
    last = TODAY + timedelta(days=3)
    async with app.state.database.session(crew.county.tenant.id) as session:
        midnight = crew.county.tenant.midnight(last + timedelta(days=1))
        await session.execute(update(Case).values(due_at=midnight))
    answer = await send(supervisor, at("new"), **form())
    address = answer.headers["location"].split("?")[0]

    read = [(await supervisor.get(f"{address}{tail}")).text for tail in ("", "/sheet")]
    read.append(words_in((await send(supervisor, f"{address}/word", purpose="印发")).content))
    file = await send(supervisor, f"{address}/export", purpose="存档")
    cells = [
        str(cell.value)
        for row in openpyxl.load_workbook(io.BytesIO(file.content)).active
        for cell in row
    ]

    said = f"到期 {last.year}年{last.month}月{last.day}日"
    assert [said in text for text in read] == [True, True, True]
    assert f"{last} 24:00" in cells


async def test_nothing_to_tell_of_is_no_circular(supervisor, at):
    page = (await supervisor.get(at("new"))).text
    assert "这段时间没有督办的事" in page

    answer = await send(supervisor, at("new"), **form())

    assert answer.status_code == 422
    assert "不用通报" in answer.text


async def test_its_lines_are_taken_along_for_a_purpose(crew, supervisor, at):
    await supervised(crew)
    answer = await send(supervisor, at("new"), **form())
    address = answer.headers["location"].split("?")[0]

    file = await send(supervisor, f"{address}/export", purpose="存档")

    sheet = openpyxl.load_workbook(io.BytesIO(file.content)).active
    lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert "用途：存档" in lines[0][0]
    assert lines[2][3] == "测试·urban"


async def test_it_is_taken_along_as_a_word_file_with_only_what_its_reader_may_see(
    crew, supervisor, at, app
):
    await supervised(crew)
    await supervised(crew, node=crew.county.at("grid", 7), reason="别处的事")
    answer = await send(supervisor, at("new"), **form(opening="进展不大。"))
    address = answer.headers["location"].split("?")[0]

    whole = words_in((await send(supervisor, f"{address}/word", purpose="印发")).content)
    async with a_browser(app) as browser:
        await sign_in(browser, crew.county, "dispatcher")
        page = (await browser.get(address)).text
        refused = await send(browser, f"{address}/word", page=f"{address}/word", purpose="")

    order = (
        f"督办通报〔{TODAY.year}〕第 1 期",
        "督办事项办理情况的通报",
        "测试·urban",
        "一、办理情况",
        "督办事项 2 件",
        "进展不大。",
        "二、督办事项",
        "别处的事",
        "三、要求",
        "逐件倒排时间",
        "用途：印发",
    )
    assert [part for part in order if part not in whole] == []
    assert [whole.index(part) for part in order] == sorted(whole.index(part) for part in order)
    assert refused.status_code == 422
    assert f"{address}/word" in page


def words_in(file):
    """What a Word file says, in the order of its body, and its foot last."""
    book = docx.Document(io.BytesIO(file))
    said = []
    for block in book.iter_inner_content():
        if isinstance(block, Table):
            said += [cell.text for row in block.rows for cell in row.cells]
        else:
            said.append(block.text)
    foot = [line.text for line in book.sections[0].footer.paragraphs]
    return "\n".join([*said, *foot])


async def test_two_hundred_matters_are_told_of_in_as_many_statements_as_one(crew, supervisor, at):
    """What is asked of the database does not grow with the lines."""
    counted = []
    for more in (1, 3):
        for _ in range(more):
            await supervised(crew)
        answer = await send(supervisor, at("new"), **form())
        issued = UUID(answer.headers["location"].split("?")[0].rsplit("/", 1)[1])
        async with crew.system() as ctx:
            event = Event(new_id(), ctx.tenant.id, ISSUED, issued, None, {}, ctx.now)
            with statements(crew.database) as sent:
                await tell_of_circular(ctx, event)
            counted.append(len(sent))

    assert counted[0] == counted[1] <= 8


async def test_its_matters_go_after_their_time_and_that_it_was_issued_stays(crew, supervisor, at):
    await supervised(crew)
    await send(supervisor, at("new"), **form())
    async with crew.system() as ctx:
        days = ctx.setting("record_days")
    for later, kept in ((days - 1, True), (2, False)):
        crew.later(days=later)
        async with crew.system() as ctx:
            await forget_circulars(ctx)
            line = (
                await ctx.session.execute(
                    select(CircularLine.code, CircularLine.title, CircularLine.reason)
                )
            ).one()
        assert line.code
        assert (bool(line.title), bool(line.reason)) == (kept, kept)


async def test_pages_say_what_the_county_calls_putting_on_the_list_and_taking_off(
    crew, supervisor, at
):
    case_id = await supervised(crew)
    await crew.does("supervisor", case_id, "strike_off")
    drawn = (await supervisor.get(at("new"))).text
    answer = await send(supervisor, at("new"), **form())
    address = answer.headers["location"].split("?")[0]
    issued = (await supervisor.get(address)).text
    word = words_in((await send(supervisor, f"{address}/word", purpose="印发")).content)
    ledger = (await supervisor.get(at().replace("circulars/", "supervision"))).text

    assert "已销号 1 件" in drawn and "已销号 1 件" in issued and "已销号 1 件" in word
    assert '<th scope="col">挂号督办</th>' in issued and "办好才销号" in ledger
