"""A post passes on in two browsers: both sign, and the leaver's open page is shut that minute."""

import pytest

from browser.aside import aside
from browser.eyes import serious, wide
from browser.people import signed_in
from factories.cases import Crew
from factories.tenants import a_county
from gridgov.handover.actions.handovers import open_handover
from gridgov.handover.types import Kind
from gridgov.kernel.clock import now
from gridgov.kernel.db import Database
from gridgov.staff.queries import career_of

PHONE = {"width": 390, "height": 844}


async def begun(settings):
    """A county where the worker's post shall pass to the dispatcher, with a case that hangs on."""
    database = Database(settings, pooled=False)
    county = await a_county(database, settings)
    crew = Crew(database, county, now=now())
    await crew.report(title="井盖破损")
    leaver, successor = county.accounts["worker"], county.accounts["dispatcher"]
    async with crew.acting("county_admin") as ctx:
        (held,) = [one for one in await career_of(ctx, leaver.staff_id) if one.post == "worker"]
        handover = await open_handover(
            ctx, held.id, successor=successor.number, kind=Kind.LEAVE, on=ctx.today
        )
    secrets = await signed_in(database, county, ("worker", "dispatcher"))
    await database.close()
    return f"/{county.tenant.slug}", handover, secrets


@pytest.fixture
def handing(chromium, address, settings):
    root, handover, secrets = aside(begun(settings))
    contexts = {}
    for role, secret in secrets.items():
        contexts[role] = chromium.new_context(locale="zh-CN", viewport=PHONE)
        contexts[role].add_cookies([{"name": "gridgov_session", "value": secret, "url": address}])
    yield {role: each.new_page() for role, each in contexts.items()}, address + root, handover
    for each in contexts.values():
        each.close()


def test_leaver_and_successor_sign_and_the_leavers_open_form_is_shut_at_once(handing):
    pages, root, handover = handing
    leaver, successor = pages["worker"], pages["dispatcher"]
    leaver.goto(f"{root}/handovers?show=mine")
    leaver.get_by_role("link", name="网格员").first.click()
    assert "井盖破损" in leaver.text_content("main")
    assert wide(leaver) == [] and serious(leaver) == []
    leaver.get_by_role("button", name="签字，交出").click()
    leaver.wait_for_load_state()
    leaver.goto(f"{root}/cases/new/")  # open while the other one signs
    category = leaver.locator("main input").count()

    successor.goto(f"{root}/handovers/{handover}")
    assert "井盖破损" in successor.text_content("main")
    assert wide(successor) == [] and serious(successor) == []
    successor.get_by_role("button", name="签字，接任").click()
    successor.wait_for_load_state()
    assert "交接完成" in successor.text_content("body")

    statuses = [
        leaver.request.get(f"{root}/{tail}", max_redirects=0).status for tail in ("", "cases/new/")
    ]
    leaver.reload()

    assert set(statuses) <= {302, 303, 401, 403}
    assert "井盖破损" not in leaver.content()
    assert category and leaver.locator("textarea[name=description]").count() == 0
