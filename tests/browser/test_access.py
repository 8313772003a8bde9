"""The pages about accounts and rights: usable by everybody, on a phone and on a desk."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from browser.aside import aside
from browser.eyes import serious, wide
from factories.newcomers import a_newcomer
from factories.tenants import a_county
from gridgov.access.models import PasswordReset
from gridgov.accounts.actions.entering import open_sign_in
from gridgov.accounts.models import Account
from gridgov.kernel.clock import now
from gridgov.kernel.db import Database
from gridgov.kernel.ids import new_id
from gridgov.testkit.signing_in import HASHED

SIZES = ((320, 700), (390, 844), (1440, 900))

PAGES = {
    "": ("log-in", "log-in?next=x"),
    "worker": (
        "account",
        "account/devices",
        "account/password",
        "account/second-factor",
        "why?q=T01",
    ),
    "security_admin": (
        "access/bindings",
        "access/bindings?q=测试",
        "access/people/{worker}",
        "access/people/{security_admin}",
        "why?account={worker}&q={node}",
        "resets/to-approve",
    ),
    "county_admin": (
        "accounts",
        "accounts/{staff}",
        "resets?q=T01",
        "settings",
        "rules",
        "rules/change?disable=liling",
    ),
}


async def furnish(settings):
    """A county with a request under way, and the secret of a sign-in for each role."""
    database = Database(settings, pooled=False)
    county = await a_county(database, settings)
    people = county.accounts
    opened = {}
    async with database.session(county.tenant.id) as session:
        for role in PAGES:
            if role:
                mine = Account.id == people[role].account_id
                await session.execute(
                    update(Account).where(mine).values(password=HASHED, token=None)
                )
                for device in ("Android · 微信", "Windows · Edge"):
                    opened[role] = await open_sign_in(
                        session,
                        people[role].account_id,
                        device=device,
                        now=now(),
                        until=now() + timedelta(hours=12),
                    )
        await session.execute(
            insert(PasswordReset).values(
                tenant_id=county.tenant.id,
                id=new_id(),
                account_id=people["worker"].account_id,
                staff_id=people["worker"].staff_id,
                reason="本人到站，看了工作证",
                asked_by=people["station_clerk"].account_id,
                asked_at=now(),
            )
        )
    await database.close()
    return county, {role: entered.secret for role, entered in opened.items()}


def cases():
    return [(role, page) for role, pages in PAGES.items() for page in pages]


@pytest.mark.parametrize("case", cases(), ids=lambda case: " ".join(case).strip())
def test_a_page_fits_every_screen_and_hides_from_nobody(chromium, address, furnished, case):
    role, page = case
    county, secrets = furnished
    where = page.format(
        worker=county.accounts["worker"].account_id,
        security_admin=county.accounts["security_admin"].account_id,
        staff=county.accounts["worker"].staff_id,
        node=county.at("village", 1).code,
    )
    context = chromium.new_context(locale="zh-CN")
    if role:
        context.add_cookies([{"name": "gridgov_session", "value": secrets[role], "url": address}])
    tab = context.new_page()
    faults = {}
    for width, height in SIZES:
        tab.set_viewport_size({"width": width, "height": height})
        answer = tab.goto(f"{address}/{county.tenant.slug}/{where}")
        assert answer.status == 200
        faults[width] = wide(tab)
    faults["axe"] = serious(tab)
    context.close()

    assert {key: fault for key, fault in faults.items() if fault} == {}


async def add_newcomer(settings, county):
    database = Database(settings, pooled=False)
    staff_id = await a_newcomer(database, county, name="测试·新来的人")
    await database.close()
    return staff_id


def test_a_newcomer_gets_a_slip_and_comes_in_with_it(chromium, address, furnished, settings):
    county, secrets = furnished
    newcomer = aside(add_newcomer(settings, county))
    desk = chromium.new_context(locale="zh-CN")
    desk.add_cookies(
        [{"name": "gridgov_session", "value": secrets["county_admin"], "url": address}]
    )
    admin = desk.new_page()
    admin.goto(f"{address}/{county.tenant.slug}/accounts/{newcomer}")
    admin.fill("#f-login", "newcomer-1")
    admin.click("text=开账号并显示凭条")
    token = admin.text_content(".code-large").strip()
    assert wide(admin) == []
    assert serious(admin) == []
    desk.close()

    phone = chromium.new_context(locale="zh-CN", viewport={"width": 390, "height": 844})
    worker = phone.new_page()
    worker.goto(f"{address}/{county.tenant.slug}/account")
    worker.fill("#f-login", "newcomer-1")
    worker.fill("#f-password", token.lower().replace("-", ""))
    worker.click("button.button[data-kind=main]")
    worker.wait_for_url("**/account/password**")
    worker.fill("#f-password", "lantern-otter-canal")
    worker.fill("#f-again", "lantern-otter-canal")
    worker.click("button.button[data-kind=main]")
    worker.wait_for_load_state()
    worker.goto(f"{address}/{county.tenant.slug}/account")

    assert "newcomer-1" in worker.text_content("main")
    assert "还没有任何岗位权限" in worker.text_content("main")
    phone.close()
