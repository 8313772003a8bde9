"""Fieldwork in the real application: a worker's day, a station's answers, a town's campaign."""

import io
import re
from datetime import timedelta

import openpyxl
from sqlalchemy import func, select

from gridgov.cases.models import Case
from gridgov.compliance.actions import ask_switch, decide_switch
from gridgov.contract.compliance import Switch
from gridgov.fieldwork.models import LedgerCase, LedgerLine, TargetCase
from gridgov.kernel.clock import now
from gridgov.kernel.ids import new_id
from gridgov.registry.actions import Count, add_building
from gridgov.testkit.signing_in import send


def hidden(page, name):
    """What a page's hidden field of a name holds."""
    return re.search(rf'name="{name}" value="([^"]*)"', page).group(1)


async def counted(crew, model):
    async with crew.system() as ctx:
        return await ctx.session.scalar(select(func.count()).select_from(model))


async def test_a_patrol_from_its_beginning_to_a_case(crew, county, at, browsing):
    """巡查: begin, end, what was seen, and the hazard is a case with one more tap."""
    async with browsing("worker") as worker:
        begun = await send(worker, at("field/write/patrol"), node=str(county.at("grid").id))
        line = begun.headers["location"].split("?")[0]
        running = await worker.get(at("field"))
        today = await worker.get(at("field/today"), headers={"hx-request": "true"})
        ended = await send(
            worker, f"{line}/end", page=line, found="problem", seen="井盖翘起，已围住"
        )
        page = (await worker.get(line)).text
        form = await send(
            worker,
            at("cases/new/filled"),
            page=line,
            about=hidden(page, "about"),
            node=hidden(page, "node"),
            description=hidden(page, "description"),
        )
        sent = await send(
            worker,
            at("cases/new/"),
            category="E0102",
            node=hidden(page, "node"),
            description="井盖翘起，已围住",
            about=hidden(form.text, "about"),
        )
        after = (await worker.get(line)).text

    assert "巡查正在进行" in running.text
    assert "巡查正在进行" in today.text and "还有 2 次" in today.text
    assert ended.status_code == 303 and "井盖翘起，已围住" in page
    assert "井盖翘起，已围住" in form.text
    assert sent.status_code == 303
    assert sent.headers["location"].split("?")[0].rsplit("/", 1)[1] in after
    assert await counted(crew, LedgerCase) == await counted(crew, Case) == 1


async def test_a_desk_that_may_write_too_is_not_reminded_of_patrols(at, browsing):
    async with browsing("station_clerk") as clerk:
        pages = [await clerk.get(at("field")), await clerk.get(at("field/today"))]

    assert [page.status_code for page in pages] == [200, 200]
    assert "开始巡查" in pages[0].text
    assert all("今天计划" not in page.text for page in pages)


async def test_a_visit_sent_twice_is_one_and_its_words_are_sealed_to_others(
    crew, county, at, browsing
):
    fields = {
        "node": str(county.at("grid").id),
        "mode": "door",
        "need": "想装一个扶手",
        "_op": str(new_id()),
        "_at": "2026-11-27T09:00:00+08:00",
    }
    async with browsing("worker") as worker:
        first = await send(worker, at("field/write/visit"), **fields)
        again = await send(worker, at("field/write/visit"), **fields)
        own = await worker.get(first.headers["location"])
    line = first.headers["location"].split("?")[0]
    async with browsing("station_clerk") as clerk:
        masked = await clerk.get(line)
        listed = await clerk.get(at("field/lines?ledger=visit"))
        without = await send(clerk, f"{line}/reveal", page=line, reason="help", words="")
        shown = await send(clerk, f"{line}/reveal", page=line, reason="help", words="安排安装")
    async with browsing("leader") as leader:
        forbidden = await send(
            leader, f"{line}/reveal", page=at("field"), reason="help", words="看看"
        )

    assert first.headers["location"].split("?")[0] == again.headers["location"].split("?")[0]
    assert await counted(crew, LedgerLine) == 1
    assert "想装一个扶手" in own.text
    assert "扶手" not in masked.text + listed.text + without.text
    assert "加密保存" in masked.text
    assert (without.status_code, forbidden.status_code) == (422, 403)
    assert "想装一个扶手" in shown.text


async def test_what_was_typed_stays_in_a_refused_form(county, at, browsing):
    async with browsing("worker") as worker:
        refused = await send(
            worker,
            at("field/write/visit"),
            node=str(county.at("grid").id),
            need="想装一个扶手",
            mode="spy",
        )
    assert refused.status_code == 422
    assert "想装一个扶手" in refused.text and "没有这一项，请重新选择" in refused.text


async def test_a_diary_line_becomes_an_opinion_that_the_station_answers(county, at, browsing):
    """民情日记 is private; 社情民意 is passed on, answered, and the answer comes home."""
    grid = str(county.at("grid").id)
    async with browsing("worker") as worker:
        kept = await send(worker, at("field/write/diary"), node=grid, words="大家都说河边少路灯")
        diary = kept.headers["location"].split("?")[0]
        line_id = diary.rsplit("/", 1)[1]
        form = await worker.get(at(f"field/write/opinion?made_of={line_id}"))
        made = await send(
            worker,
            at("field/write/opinion"),
            node=grid,
            topic="living",
            words="河边少路灯",
            made_of=hidden(form.text, "made_of"),
        )
        opinion = made.headers["location"].split("?")[0]
        linked = await worker.get(diary)
    async with browsing("station_clerk") as clerk:
        secret = await clerk.get(diary)
        desk = await clerk.get(at("field"))
        answered = await send(clerk, f"{opinion}/answer", page=opinion, answer="下周装")
        twice = await send(clerk, f"{opinion}/answer", page=at("field/lines"), answer="再答")
    async with browsing("worker") as worker:
        home = await worker.get(opinion)

    assert "大家都说河边少路灯" in form.text
    assert opinion in linked.text
    assert secret.status_code == 404
    assert opinion in desk.text and diary not in desk.text
    assert (answered.status_code, twice.status_code) == (303, 409)
    assert "下周装" in home.text


def rows_of(file):
    """The lines of a list that was taken along, without its mark and heads."""
    sheet = openpyxl.load_workbook(io.BytesIO(file.content)).active
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]


async def two_shops(crew):
    """One in the worker's grid, one in another village."""
    for number in (0, 3):
        async with crew.acting("station_clerk", at="") as ctx:
            grid = crew.county.at("grid", number)
            await add_building(ctx, grid.id, name=f"小店{number}", count=Count(use="shop"))


async def test_a_campaign_from_its_plan_to_its_report(crew, county, at, browsing):
    """集中式排查: targets of the register, a hazard as a case, coverage, report, spreadsheet."""
    await two_shops(crew)
    async with browsing("dispatcher") as dispatcher:
        kinds = await dispatcher.get(at("campaigns/new"))
        form = await dispatcher.get(at("campaigns/new?kind=shops"))
        day = re.search(r'name="first_on"[^>]*value="([^"]+)"', form.text).group(1)
        what = {"node": hidden(form.text, "node"), "first_on": day, "last_on": day}
        refused = await send(
            dispatcher,
            at("campaigns/new/shops"),
            page=at("campaigns"),
            name="冬查",
            checks="",
            **what,
        )
        made = await send(
            dispatcher,
            at("campaigns/new/shops"),
            page=at("campaigns"),
            name="冬季消防排查",
            checks="通道畅通\n灭火器在位",
            **what,
        )
    campaign = made.headers["location"].split("?")[0]
    async with browsing("worker") as worker:
        field = await worker.get(at("field"))
        todo = await worker.get(f"{campaign}/targets?state=todo")
        (target,) = set(re.findall(r'href="([^"]+/campaigns/targets/[^"]+)"', todo.text))
        found = await send(worker, target, failed="1", note="过期了")
        page = (await worker.get(target)).text
        sent = await send(
            worker,
            at("cases/new/"),
            category=hidden(page, "category"),
            node=hidden(page, "node"),
            place=hidden(page, "place"),
            about=hidden(page, "about"),
        )
        shut = await send(worker, f"{campaign}/close", page=at("field"), summary="不归我")
    async with browsing("dispatcher") as dispatcher:
        record = await dispatcher.get(campaign)
        shapes = (await dispatcher.get(f"{campaign}/shapes")).json()
        file = await send(dispatcher, f"{campaign}/export", purpose="周例会通报")
        await send(dispatcher, f"{campaign}/close", page=campaign, summary="一家有隐患")
        report = await dispatcher.get(f"{campaign}/report")

    assert "进商铺" in kinds.text and "灭火器在位、没有过期" in form.text
    assert refused.status_code == 422 and "冬查" in refused.text
    assert "冬季消防排查" in field.text
    assert "小店3" not in todo.text and "小店0" in todo.text
    assert (found.status_code, sent.status_code, shut.status_code) == (303, 303, 403)
    assert await counted(crew, TargetCase) == 1
    assert "1 / 2" in record.text
    told = {f["properties"]["words"]: f["properties"]["grade"] for f in shapes["features"]}
    assert told["查了 1 / 2"] == 2
    assert next(r[2:5] for r in rows_of(file) if r[0] == "小店0") == [
        "有隐患",
        "灭火器在位",
        "过期了",
    ]
    assert "一家有隐患" in report.text and "不合格 1 处" in report.text


async def test_the_places_of_a_campaign_are_chosen_from_the_tree(crew, county, at, browsing):
    """Each unit with what the register has in it; narrower by a link; none chosen is told."""
    await two_shops(crew)
    village, grid = county.at("village"), county.at("grid")
    async with browsing("dispatcher") as dispatcher:
        whole = await dispatcher.get(at("campaigns/new?kind=shops"))
        form = await dispatcher.get(at(f"campaigns/new?kind=shops&node={village.id}"))
        day = re.search(r'name="first_on"[^>]*value="([^"]+)"', form.text).group(1)
        what = {
            "node": str(village.id),
            "name": "冬查",
            "first_on": day,
            "last_on": day,
            "checks": "通道畅通",
            "chosen": "1",
        }
        address, back = at("campaigns/new/shops"), at("campaigns")
        none = await send(dispatcher, address, page=back, **what)
        made = await send(dispatcher, address, page=back, **what, places=str(grid.id))
        record = await dispatcher.get(made.headers["location"])
        leaf = await dispatcher.get(at(f"campaigns/new?kind=shops&node={grid.id}"))
    async with browsing("worker") as worker:
        forbidden = await worker.get(at("campaigns/new?kind=shops"))

    assert "细选" in whole.text and "1 处" in form.text
    assert f'value="{grid.id}"' in form.text and "checked" in form.text
    assert "小店0" in leaf.text and "细选" not in leaf.text
    assert none.status_code == 422 and "请至少选一处" in none.text
    assert f'value="{grid.id}" data-private checked' not in none.text
    assert made.status_code == 303 and "0 / 1" in record.text
    assert forbidden.status_code == 403


async def test_ledgers_are_taken_along_without_what_is_sealed_or_private(county, at, browsing):
    grid = str(county.at("grid").id)
    async with browsing("worker") as worker:
        await send(worker, at("field/write/visit"), node=grid, mode="door", need="扶手")
        await send(worker, at("field/write/diary"), node=grid, words="只给自己看")
        await send(worker, at("field/write/talk"), node=grid, topic="医保缴费")
    async with browsing("dispatcher") as dispatcher:
        file = await send(dispatcher, at("field/lines/export"), purpose="月报")

    book = openpyxl.load_workbook(io.BytesIO(file.content)).active
    cells = " ".join(str(cell.value) for row in book.iter_rows() for cell in row)
    assert "医保缴费" in cells and "上门" in cells
    assert "扶手" not in cells and "只给自己看" not in cells


async def walked(worker, county, at):
    """A patrol from its beginning to its end; the address of its line."""
    begun = await send(worker, at("field/write/patrol"), node=str(county.at("grid").id))
    line = begun.headers["location"].split("?")[0]
    await send(worker, f"{line}/end", page=line, found="fine", seen="一切正常")
    return line


async def test_no_page_counts_or_lists_what_a_person_walked(county, at, browsing):
    """Patrols are a plan of one's own: with the switch off no desk sees when somebody walked."""
    grid = county.at("grid").id
    async with browsing("worker") as worker:
        line = await walked(worker, county, at)
        own = [(await worker.get(at(tail))).text for tail in ("field", "field/lines?ledger=patrol")]
        counted = (await worker.get(at(f"field/at/{grid}"))).text
    assert all(line in page for page in own)
    assert "1 条" not in counted
    for role in ("station_clerk", "dispatcher", "supervisor", "leader"):
        async with browsing(role) as browser:
            tails = ("field", f"field/at/{grid}", "field/lines", "field/lines?ledger=patrol")
            pages = [await browser.get(at(tail)) for tail in tails]
            assert {page.status_code for page in pages} == {200}
            assert not any(line in page.text or "一切正常" in page.text for page in pages)
            assert "ledger=patrol" not in pages[0].text and "1 条" not in pages[1].text
            assert "只有写的人自己看得到" in pages[3].text
            assert (await browser.get(line)).status_code == 404
    async with browsing("dispatcher") as dispatcher:
        file = await send(dispatcher, at("field/lines/export"), purpose="月报")
    book = openpyxl.load_workbook(io.BytesIO(file.content)).active
    assert "一切正常" not in " ".join(str(cell.value) for row in book.iter_rows() for cell in row)


async def test_with_the_switch_on_patrols_are_a_ledger_like_others(crew, county, at, browsing):
    crew.now = now()
    async with crew.acting("county_admin") as ctx:
        grant = await ask_switch(
            ctx,
            Switch.DAILY_OK,
            document="应急〔2026〕3号",
            article="第二条",
            reason="森林防火戒严期每天报巡查",
            expires_on=ctx.today + timedelta(days=10),
        )
    async with crew.acting("security_admin") as ctx:
        await decide_switch(ctx, grant, confirm=True)
    async with browsing("worker") as worker:
        line = await walked(worker, county, at)
    async with browsing("station_clerk") as clerk:
        listed = await clerk.get(at("field/lines?ledger=patrol"))
        counted = await clerk.get(at(f"field/at/{county.at('grid').id}"))
    assert line in listed.text and "1 条" in counted.text
