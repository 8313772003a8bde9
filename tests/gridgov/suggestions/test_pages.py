"""What people say about the system itself, and what they are answered: for all to read."""

import re

import pytest
from sqlalchemy import select

from gridgov.notices.models import Notice
from gridgov.suggestions.models import Suggestion
from gridgov.testkit.signing_in import a_browser, send, sign_in

SAID = "地图打开太慢，山里信号不好"
ANSWER = "已改成先看列表，地图点开才取。"


@pytest.fixture
def address(county):
    return f"/{county.tenant.slug}/suggestions"


@pytest.fixture
async def people(app, county):
    """The worker who says something, a colleague, and the administrator who answers."""
    roles = ("worker", "handler", "county_admin")
    opened = [a_browser(app) for _ in roles]
    for browser, role in zip(opened, roles, strict=True):
        await sign_in(browser, county, role, second_factor=True)
    yield opened
    for browser in opened:
        await browser.aclose()


async def kept(app, county, *columns):
    async with app.state.database.session(county.tenant.id) as session:
        return (await session.execute(select(*columns))).all()


async def test_what_was_said_and_answered_is_listed_for_all_without_a_name(
    app, county, address, people
):
    worker, handler, admin = people
    await send(worker, address, text=SAID)
    waiting = (await handler.get(address)).text
    ((said_id,),) = await kept(app, county, Suggestion.id)
    await send(admin, f"{address}/{said_id}/answer", page=address, answer=ANSWER)
    answered = (await handler.get(address)).text

    main = answered[answered.index("<main") : answered.index("</main>")]
    assert SAID in waiting and "还没有答复。" in waiting
    assert SAID in main and ANSWER in main
    assert "测试·网格员" not in main
    told = {row.account_id for row in await kept(app, county, Notice.account_id)}
    assert told == {county.accounts["worker"].account_id}


async def test_a_page_of_every_role_leads_there(county, people):
    for browser in people:
        home = await browser.get(f"/{county.tenant.slug}/", follow_redirects=True)
        assert re.search(r'href="/[a-z]+/suggestions', home.text)


async def test_an_answer_that_is_too_short_comes_back_beside_its_own_suggestion(
    app, county, address, people
):
    worker, _, admin = people
    for text in (SAID, "字太小，看不清"):
        await send(worker, address, text=text)
    (first, *_) = [row.id for row in await kept(app, county, Suggestion.id)]

    refused = await send(admin, f"{address}/{first}/answer", page=address, answer="好")

    forms = re.findall(
        r'<textarea[^>]*id="f-answer-([^"]+)"[^>]*>\s*([^<]*)</textarea>', refused.text
    )
    assert refused.status_code == 422
    assert {said_id: text.strip() for said_id, text in forms}[str(first)] == "好"
    assert [text.strip() for said_id, text in forms if said_id != str(first)] == [""]
    assert await kept(app, county, Notice.id) == []


async def test_only_who_may_answer_does_and_only_once(app, county, address, people):
    worker, handler, admin = people
    await send(worker, address, text=SAID)
    ((said_id,),) = await kept(app, county, Suggestion.id)
    to = f"{address}/{said_id}/answer"

    assert (await send(handler, to, page=address, answer=ANSWER)).status_code == 403
    assert (await send(admin, to, page=address, answer=ANSWER)).status_code == 303
    assert (await send(admin, to, page=address, answer="另一个答复")).status_code == 409
