"""A review walked through its pages by the people who hold it; what each of them sees."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from factories.assessed import a_review, an_evaluation
from gridgov.assessment.models import ReviewHeld
from gridgov.assessment.rules.periods import period_before
from gridgov.kernel.clock import CHINA, now
from gridgov.testkit.contexts import in_role, open_context
from gridgov.testkit.signing_in import a_browser, send, sign_in

STORY = "大雨夜里守着水位，天亮才回家，没有一户进水。"


@pytest.fixture
async def people(app, county):
    opened = {}
    for role in ("dispatcher", "handler", "station_clerk", "worker", "supervisor"):
        opened[role] = a_browser(app)
        await sign_in(opened[role], county, role)
    yield opened
    for browser in opened.values():
        await browser.aclose()


@pytest.fixture
def opened(app, county):
    def of(role="dispatcher"):
        return open_context(
            app.state.database, app.state.settings, now, county, as_=in_role(county, role)
        )

    return of


@pytest.fixture
def at(county):
    return lambda tail="": f"/{county.tenant.slug}/{tail}"


async def test_a_review_is_begun_computed_and_shown_as_being_computed(people, at):
    period = period_before(now().astimezone(CHINA).date(), 3)
    begun = await send(people["dispatcher"], at("reviews/"), which=f"quarterly {period.code}")
    address = begun.headers["location"].partition("?")[0]
    asked = await send(people["dispatcher"], f"{address}/evaluate", page=address)
    page = (await people["dispatcher"].get(address)).text

    assert begun.status_code == asked.status_code == 303
    assert "正在计算，可以先离开" in page and "<progress" in page
    assert "计算数据" not in (await people["handler"].get(address)).text


async def test_an_unknown_period_comes_back_with_its_sentence(people, at):
    answer = await send(people["dispatcher"], at("reviews/"), which="quarterly 2099Q1")
    assert answer.status_code == 422 and "还没有开始" in answer.text


@pytest.fixture
async def review(opened, county):
    async with opened() as ctx:
        review_id = await a_review(ctx, "2025Q4")
        await an_evaluation(ctx, review_id, county.at("village"))
    return review_id


@pytest.fixture
def changed(app, county, review):
    async def to(**values):
        async with app.state.database.session(county.tenant.id) as session:
            await session.execute(
                update(ReviewHeld).where(ReviewHeld.id == review).values(**values)
            )

    return to


async def test_only_who_leads_sees_all_departments_until_it_is_published(
    people, at, review, changed
):
    async def named(role):
        page = (await people[role].get(at(f"reviews/{review}"))).text
        return len(set(re.findall(r"测试·(?:urban|housing|water|emergency)", page)))

    before = [await named(role) for role in ("dispatcher", "handler", "worker")]
    await changed(state="published", published_at=now(), conclusion="平稳", document="1号")
    after = [await named(role) for role in ("dispatcher", "handler", "worker")]

    assert (before, after) == ([4, 1, 0], [4, 4, 4])


async def test_the_draft_of_a_circular_is_for_who_leads(people, at, review):
    draft = await people["dispatcher"].get(at(f"reviews/{review}/circular"))
    assert "草稿，还没有通报" in draft.text and "没有回答" in draft.text
    assert (await people["worker"].get(at(f"reviews/{review}/circular"))).status_code == 404


async def test_a_station_answers_the_question_put_to_it(people, at, review, county):
    address = at(f"reviews/{review}/questions")
    node = county.at("village").id
    page = (await people["station_clerk"].get(address)).text
    short = await send(
        people["station_clerk"], address, node=node, comparison="reported_not_closed", answer="忙"
    )
    good = await send(
        people["station_clerk"], address, node=node, comparison="reported_not_closed",
        answer="都在等市政排期",
    )  # fmt: skip
    assert "卡在哪里" in page and "从不计分" in page
    assert short.status_code == 422 and "写得太短" in short.text
    assert good.status_code == 303
    assert "都在等市政排期" in (await people["dispatcher"].get(address)).text


async def test_an_opinion_that_cannot_be_comes_back_whole(people, at, review):
    address = at(f"reviews/{review}/opinions")
    answer = await send(
        people["handler"], address, form="officers", node="999", post="worker", text="报得清楚"
    )
    assert answer.status_code == 422
    assert "没有这个代码的网格单元" in answer.text and "报得清楚" in answer.text


async def test_appeals_are_open_to_the_department_alone(people, at, review):
    address = at(f"reviews/{review}/appeals")
    assert 'name="case"' in (await people["handler"].get(address)).text
    assert 'name="case"' not in (await people["worker"].get(address)).text
    refused = await send(people["worker"], address, page=address, case="x")
    assert refused.status_code == 403


async def test_a_story_goes_from_its_teller_to_all_only_past_its_person(people, at, county):
    address = at("honours/")
    told = await send(
        people["station_clerk"], address, honour="star", node=county.at("grid").code,
        post="worker", story=STORY,
    )  # fmt: skip
    assert told.status_code == 303
    assert STORY not in (await people["supervisor"].get(address)).text
    asked = (await people["worker"].get(address)).text
    (nomination,) = set(re.findall(r'id="n-([0-9a-f-]{36})"', asked))
    await send(people["worker"], f"{address}{nomination}", page=address, answer="yes")
    await send(people["dispatcher"], f"{address}{nomination}/decide", page=address, answer="yes")
    assert STORY in (await people["supervisor"].get(address)).text
    await send(people["worker"], f"{address}{nomination}", page=address, answer="withdraw")
    assert STORY not in (await people["supervisor"].get(address)).text


async def test_a_published_circular_is_for_everybody(people, at, review, changed):
    await changed(appeal_until=now().date() - timedelta(days=2))
    address = at(f"reviews/{review}")
    sent = await send(
        people["dispatcher"], f"{address}/publish", page=address, document="测试〔2026〕9号",
        conclusion="总体平稳，路灯修得快。",
    )  # fmt: skip
    page = await people["worker"].get(f"{address}/circular")
    assert sent.status_code == 303
    assert page.status_code == 200 and "测试〔2026〕9号" in page.text
