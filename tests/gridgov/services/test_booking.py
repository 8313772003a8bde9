"""Visits at home: booked with and without an account, five in one stairway, moved, made."""

import re
from contextlib import asynccontextmanager
from datetime import date, timedelta
from html import unescape

import pytest
from sqlalchemy import select

from factories.assessed import measured
from gridgov.contract.actor import NOBODY
from gridgov.grid.actions.redividing import redivide
from gridgov.grid.types import Merge
from gridgov.kernel.clock import CHINA, now
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.notices.models import Notice
from gridgov.services.actions import booking
from gridgov.services.actions.booking import (
    book_visit,
    end_visit,
    move_visit,
    reveal_visits,
)
from gridgov.services.actions.forgetting import forget_visits
from gridgov.services.models import Appointment
from gridgov.services.queries.booking import visit_of, visits_on, walks_on
from gridgov.services.rules.booking import walks
from gridgov.services.types import Booked, Half
from gridgov.testkit.signing_in import send

PHONE = "19900001234"
TEXTS = {
    "building": "3栋2单元",
    "door": "西头户",
    "name": "测试·李奶奶",
    "phone": PHONE,
    "note": "",
}


async def booked(crew, county, *, role="worker", days=1, half=Half.MORNING, node=None, **texts):
    async with crew.acting(role) as ctx:
        return await book_visit(
            ctx, node_id=(node or county.at("grid")).id, day=ctx.today + timedelta(days=days),
            half=half, texts=TEXTS | texts,
        )  # fmt: skip


@asynccontextmanager
async def resident(crew):
    async with crew.as_actor(NOBODY) as ctx:
        yield ctx


async def test_five_households_of_one_stairway_are_one_walk(crew, county):
    for number in range(5):
        await booked(crew, county, door=f"{number}01", phone=f"1990000{number:04}")
    await booked(crew, county, building="7栋", half=Half.AFTERNOON)

    async with crew.acting("worker") as ctx:
        morning, afternoon = walks(await visits_on(ctx, ctx.today + timedelta(days=1)))

    assert (morning.building, len(morning.visits), morning.half) == ("3栋2单元", 5, "morning")
    assert (afternoon.building, len(afternoon.visits)) == ("7栋", 1)
    assert {(v.door, v.name, v.phone[:3]) for v in morning.visits} == {("***", "测*****", "199")}


async def test_half_a_day_takes_so_many_households_and_no_more(crew, county):
    for number in range(8):
        await booked(crew, county, phone=f"1990001{number:04}")
    with pytest.raises(Invalid) as full:
        await booked(crew, county, phone="19900029999")
    await booked(crew, county, half=Half.AFTERNOON)

    assert "约满" in full.value.fields["day"]


@pytest.mark.parametrize(("days", "part"), [(-1, "已经过去"), (15, "最多提前 14 天")])
async def test_a_day_that_is_over_or_too_far_off_is_refused(crew, county, days, part):
    with pytest.raises(Invalid) as refused:
        await booked(crew, county, days=days)
    assert part in refused.value.fields["day"]


async def test_everything_that_is_wrong_is_told_at_once(crew, county):
    with pytest.raises(Invalid) as refused:
        await booked(crew, county, days=-1, building="", phone="12")

    assert set(refused.value.fields) == {"day", "building", "phone"}


async def test_a_day_that_is_refused_is_still_there_at_the_visit_it_was_for(browsing, crew, county):
    made = await booked(crew, county)
    await booked(crew, county, phone="19900005678")
    async with crew.acting("worker") as ctx:
        today = ctx.today
    root, day = f"/{county.tenant.slug}/bookings", (today + timedelta(days=1)).isoformat()
    before = (today - timedelta(days=3)).isoformat()
    async with browsing("worker") as browser:
        refused = await send(
            browser, f"{root}/{made.id}?day={day}", page=f"{root}?day={day}", do="move", day=before
        )

    assert refused.status_code == 422
    assert refused.text.count("这半天已经过去了") == 1
    assert refused.text.count(f'value="{before}"') == 1


async def test_one_phone_has_so_many_open_visits(crew, county):
    async def ask(days):
        async with resident(crew) as ctx:
            day = ctx.today + timedelta(days=days)
            await book_visit(
                ctx, node_id=county.at("grid").id, day=day, half=Half.MORNING, texts=TEXTS,
                by_resident=True,
            )  # fmt: skip

    for days in (1, 2, 3):
        await ask(days)
    with pytest.raises(Invalid) as refused:
        await ask(4)
    assert "已经约了 3 次" in refused.value.fields["phone"]


async def test_it_is_moved_made_and_then_over(crew, county):
    made = await booked(crew, county)
    async with crew.acting("worker") as ctx:
        with pytest.raises(Conflict, match="还没有到"):
            await end_visit(ctx, made.id, Booked.DONE)
        await move_visit(ctx, made.id, day=ctx.today, half=Half.AFTERNOON)
        await end_visit(ctx, made.id, Booked.DONE)
        with pytest.raises(Conflict, match="已经结束"):
            await move_visit(ctx, made.id, day=ctx.today, half=Half.AFTERNOON)
        assert (await visit_of(ctx, made.id)).moved == 1
    assert await measured(crew, "appointments_done") == 1


async def test_doors_are_shown_for_a_reason_and_elsewhere_not_at_all(crew, county):
    made = await booked(crew, county, note="敲门轻一点")
    async with crew.acting("worker") as ctx:
        (step,) = (await reveal_visits(ctx, [made.id], purpose="按约上门")).values()
        with pytest.raises(Invalid):
            await reveal_visits(ctx, [made.id], purpose="")
    assert (step.door, step.phone, step.note) == ("西头户", PHONE, "敲门轻一点")

    async with crew.acting("worker", at=county.at("grid", 5).path) as ctx:
        assert await visits_on(ctx, ctx.today + timedelta(days=1)) == []
        for refused in (
            reveal_visits(ctx, [made.id], purpose="看看"),
            move_visit(ctx, made.id, day=ctx.today, half=Half.AFTERNOON),
            end_visit(ctx, made.id, Booked.CANCELLED),
            book_visit(
                ctx, node_id=county.at("grid").id, day=ctx.today, half=Half.AFTERNOON, texts=TEXTS
            ),
        ):
            with pytest.raises(NotFound):
                await refused


async def test_who_lived_where_is_forgotten(crew, county):
    await booked(crew, county)
    async with crew.system() as ctx:
        days = ctx.setting("contact_days")
        assert await forget_visits(ctx) == 0
    crew.later(days=days + 3)
    async with crew.system() as ctx:
        assert await forget_visits(ctx) == 1
        row = (await ctx.session.execute(select(Appointment.name, Appointment.building))).one()
        assert row == (None, "3栋2单元")


async def test_a_visit_follows_the_grid(crew, county):
    one, other = county.at("grid", 0), county.at("grid", 1)
    made = await booked(crew, county, node=other, role="station_clerk")
    async with crew.acting("county_admin") as ctx:
        await redivide(
            ctx,
            Merge(node_ids=(one.id, other.id), name="合格"),
            effective_on=ctx.today,
            document="测试",
        )
    async with crew.acting("station_clerk") as ctx:
        assert (await visit_of(ctx, made.id)).node_path == one.path


# The pages.


async def test_a_resident_books_moves_and_cancels_without_an_account(
    client, browsing, crew, county
):
    root = f"/{county.tenant.slug}"
    form = await client.get(f"{root}/book/?grid={county.at('grid').code}&item=LL01001")
    last = re.search(r'max="([\d-]+)"', form.text).group(1)
    fields = {"grid": county.at("grid").code, "day": last, "half": "morning"} | TEXTS
    lacking = await send(client, f"{root}/book/", **fields | {"phone": "", "building": ""})
    sent = await send(client, f"{root}/book/", **fields)
    page = await client.get(sent.headers["location"])
    day = date.fromisoformat(last)
    code = re.search(r'class="code big">(Y\d+)<', page.text).group(1)
    guess = await send(client, f"{root}/book/mine", code=code, key="0000")
    opened = await send(client, f"{root}/book/mine", code=code, key=PHONE[-4:])
    mine = await client.get(f"{root}/book/mine")
    moved = await send(
        client, f"{root}/book/mine/change", page=f"{root}/book/mine", do="move", day=last,
        half="afternoon",
    )  # fmt: skip
    after = await client.get(f"{root}/book/mine")
    async with browsing("worker") as browser:
        listed = await browser.get(f"{root}/bookings?day={last}")
    gone = await send(client, f"{root}/book/mine/change", page=f"{root}/book/mine", do="cancel")
    over = await client.get(f"{root}/book/mine")

    assert "的网格员上门" in form.text
    assert lacking.status_code == 422
    assert "请留一个能打通的电话" in lacking.text and "请写明哪一栋" in lacking.text
    assert sent.status_code == 303 and PHONE not in page.text
    assert f"{day.month}月{day.day}日" in page.text and "上午" in page.text
    assert guess.status_code == 422 and "不对" in guess.text
    assert opened.status_code == 303 and "3栋2单元" in mine.text
    assert PHONE not in mine.text and "西头户" not in mine.text
    assert moved.status_code == 303 and "下午" in after.text
    assert "3栋2单元" in listed.text and PHONE not in listed.text
    assert gone.status_code == 303 and "已取消" in over.text
    async with crew.system() as ctx:
        texts = list(await ctx.session.scalars(select(Notice.text).order_by(Notice.id)))
    assert len(set(texts)) == 3 and not any(PHONE in text or "李" in text for text in texts)


async def test_staff_book_for_who_has_no_phone_and_see_the_walk(browsing, crew, county, root):
    async with browsing("worker") as browser:
        form = await browser.get(f"{root}/bookings/new")
        day = re.search(r'max="([\d-]+)"', form.text).group(1)
        taken = await send(
            browser, f"{root}/bookings/new", node=str(county.at("grid").id), day=day,
            **TEXTS | {"phone": ""},
        )  # fmt: skip
        said = await browser.get(taken.headers["location"])
        ids = re.findall(r'name="ids" value="([0-9a-f-]+)"', said.text)
        unsaid = await send(
            browser, f"{root}/bookings/", page=f"{root}/bookings", ids=ids, day=day, words=""
        )
        shown = await send(
            browser, f"{root}/bookings/", page=f"{root}/bookings", ids=ids, day=day,
            words="按约上门",
        )  # fmt: skip

    assert taken.status_code == 303
    assert re.search(r"编号 Y\d+，查询码 \d{6}", said.text)
    assert unsaid.status_code == 422
    assert "西头户" in shown.text and "李奶奶" in shown.text
    assert "李奶奶" not in said.text


async def test_the_form_is_not_for_machines(client, county, root):
    fields = {"grid": county.at("grid").code, "half": "morning"} | TEXTS
    answers = [await send(client, f"{root}/book/", **fields, day="2020-01-01") for _ in range(40)]
    assert answers[-1].status_code == 429


async def test_five_households_of_one_stairway_book_themselves_and_are_one_walk_of_one_morning(
    client, browsing, county
):
    """001: 一栋楼里的5户老人约好上门: from five forms to five doors on one card."""
    root, grid = f"/{county.tenant.slug}", county.at("grid")
    form = await client.get(f"{root}/book/?grid={grid.code}&item=LL01001")
    item = re.search(r'<option value="([0-9a-f-]{36})"[^>]*selected', form.text)[1]
    tomorrow = (now().astimezone(CHINA) + timedelta(days=1)).date().isoformat()
    codes = []
    for number in range(5):
        sent = await send(
            client, f"{root}/book/", grid=grid.code, item=item, day=tomorrow, half="morning",
            building="3栋2单元", door=f"{number + 1}01", phone=f"1990000{number:04}", name="",
        )  # fmt: skip
        kept = (await client.get(sent.headers["location"])).text
        codes.append(re.search(r'class="code big">(Y\d+)<', kept)[1])
    async with browsing("worker") as browser:
        day = await browser.get(f"{root}/bookings?day={tomorrow}")
        ids = re.findall(r'name="ids" value="([0-9a-f-]+)"', day.text)
        doors = await send(
            browser, f"{root}/bookings/", page=f"{root}/bookings", ids=ids, day=tomorrow,
            words="按约上门",
        )  # fmt: skip

    assert day.text.count('class="panel walk"') == 1
    assert "上午 · 3栋2单元" in day.text and "一趟 5 户" in day.text
    assert all(code in day.text for code in codes)
    assert day.text.count("老年证年审") == 5
    assert all(f"<b>{number}01</b>" in doors.text for number in range(1, 6))


async def test_a_full_day_is_paged_between_two_walks_and_says_how_many_there_are(
    browsing, crew, county, monkeypatch
):
    root = f"/{county.tenant.slug}"
    for number in range(7):
        await booked(
            crew, county, building=f"{1 + number // 3}栋", phone=f"1990003{number:04}",
            half=Half.AFTERNOON if number == 6 else Half.MORNING,
        )  # fmt: skip
    monkeypatch.setattr("gridgov.services.queries.booking.MOST", 4)
    async with crew.acting("worker") as ctx:
        day = ctx.today + timedelta(days=1)
        first, following = await walks_on(ctx, day)
        second, last = await walks_on(ctx, day, following)
    async with browsing("worker") as browser:
        page = (await browser.get(f"{root}/bookings?day={day}")).text
        address = unescape(re.search(r'href="([^"]+after=[^"]+)"', page)[1])
        older = (await browser.get(address)).text

    assert [one.building for one in first] == ["1栋"] * 3
    assert [(one.building, one.half) for one in second] == [("2栋", "morning")] * 3 + [
        ("3栋", "afternoon")
    ]
    assert last == ""
    assert page.count('class="panel walk"') == 1 and "这一天共 7 户" in page
    assert older.count('class="panel walk"') == 2


async def test_a_code_bears_its_year_and_one_that_is_taken_is_drawn_anew(crew, county, monkeypatch):
    drawn = iter([7, 7, 8])
    monkeypatch.setattr(booking.secrets, "randbelow", lambda _: next(drawn))

    first, second = [await booked(crew, county, half=half) for half in Half]

    assert first.code == f"Y{crew.now.date() + timedelta(days=1):%y%m%d}000007"
    assert second.code == first.code[:-1] + "8"


async def test_who_finds_no_free_code_is_told_so(crew, county, monkeypatch):
    monkeypatch.setattr(booking.secrets, "randbelow", lambda _: 7)
    await booked(crew, county)

    with pytest.raises(Conflict, match="请另选一天"):
        await booked(crew, county, half=Half.AFTERNOON)
