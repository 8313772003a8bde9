"""Every page in Chromium, full of long names and of what attackers would write into every field."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

import pytest
from sqlalchemy import select, update

from browser.aside import aside
from browser.eyes import Tab, cut, resize, serious, wide
from factories.cases import USUAL_WAY
from factories.stock import RICH, Stock, a_stocked_county, by_resident
from gridgov.accounts.actions.entering import open_sign_in
from gridgov.accounts.models import Account
from gridgov.app import create_app
from gridgov.cases.actions.performing import perform
from gridgov.cli.region import grant
from gridgov.contract.actor import NOBODY
from gridgov.kernel.clock import now
from gridgov.portal.actions import seal
from gridgov.portal.types import Ticket, VisitTicket
from gridgov.province.actions import count_county
from gridgov.testkit.doors import Door, doors
from gridgov.testkit.serving import started
from gridgov.testkit.signing_in import HASHED, a_browser, secret_of, sign_in
from trust.walking import STREAMS
from trust.watch import plant
from trust.ways import filled, way_of

PHONE, DESK = 390, 1440
WIDTHS = (DESK, 1280, 320, PHONE)
"""The desk's first: what is folded away on a phone is open there."""

HOSTILE = "<img src=x onerror=window.pwned=1>'\"><script>pwned=1</script>KAN{{7*7}}${7*7}"
NAME = "<img src=x onerror=window.pwned=1>KAN{{7*7}}井冈山路湘东古街南段第十四居民"
"""Sixty characters, as long as a name may be."""
NAMES = {"name", "title", "place", "who", "initials", "number"}

RAN = """() => [
  ...(window.pwned ? ['a script of somebody else ran'] : []),
  ...(document.querySelector('img[src=x]') ? ['a picture of somebody else'] : []),
  ...(document.documentElement.outerHTML.includes('KAN49') ? ['a template ran'] : []),
  ...([...document.querySelectorAll('form:has([type=file])')].some(
    form => form.enctype !== 'multipart/form-data') ? ['a form does not send its files'] : []),
]"""
SHOWN = "() => document.body.innerText.includes('KAN{{7*7}}')"
REGION = "region"
LED_ON = {
    "GET /{tenant}/account/verify": "nothing bars this person's way; they are led home",
    "GET /{tenant}/log-in": "is signed in and led home; the door itself is in test_access",
    "GET /{tenant}/search": "the code of a case leads to it; a word is searched for below",
}
"""Pages that lead on to another, which is looked at then."""
CORE = {
    "GET /{tenant}",
    "GET /{tenant}/cases",
    "GET /{tenant}/cases/new",
    "GET /{tenant}/cases/{case_id}",
    "GET /{tenant}/dispatch",
    "GET /{tenant}/grid/{node_id}",
    "GET /{tenant}/my-day",
    "GET /{tenant}/overview",
    "GET /{tenant}/report",
}
"""What is open all day: looked at closely at every width, not only on a phone and on a desk."""
OWN = ("reported", "handling", "closed", "evaluated")
"""How far along a resident's own case is looked at: after the last two there is an answer."""


@dataclass(frozen=True)
class Site:
    """A county to walk through, with the secret of a sign-in for each of its people.

    ``tickets`` open a resident's own case by its state, and their own booked visit.
    """

    stock: Stock
    doors: list[Door]
    secrets: dict[str, str]
    tickets: dict[str, str]
    base: str

    def readable(self) -> Iterator[tuple[str, str]]:
        """What is read in the county: name and address."""
        yield "searching", f"{self.base}/{self.stock.slug}/search?q=KANAVIX"
        for door in self.doors:
            if door.in_tenant and not (door.writes or door.background or door.key in STREAMS):
                yield door.key, self.address(door)

    def address(self, door: Door) -> str:
        query = urlencode(way_of(door).typed(self.stock))
        path = door.at(self.stock.slug, **filled(door, self.stock))
        return f"{self.base}{path}?{query}" if query else f"{self.base}{path}"


def hostile(_table: str, column: str) -> str:
    return NAME if column in NAMES else HOSTILE


async def furnish(settings):
    async with started(create_app(settings)) as app:
        stock = await a_stocked_county(app, "KANAVIX")
        tickets = {state: await own_case(stock, state) for state in OWN}
        async with stock.acting() as ctx:
            visit = VisitTicket(stock.things["visit"], ctx.now + timedelta(hours=1))
            tickets["visit"] = seal(ctx, visit)
        secrets = {}
        for role in (RICH, *(role.code for role in stock.policy.county.roles)):
            async with a_browser(app) as browser:
                await sign_in(browser, stock.county, stock.county.accounts[role])
                secrets[role] = secret_of(browser)
        secrets[REGION] = await above(stock)
        return stock, doors(app), secrets, tickets


async def above(stock: Stock) -> str:
    """The secret of somebody who looks after the county's province, where figures have come."""
    async with stock.acting() as ctx:
        await count_county(ctx)
    async with stock.app.state.database.shared() as session:
        await grant(session, f"region-{stock.slug}", f"province:{stock.county.tenant.code[:2]}")
        login = Account.login == f"region-{stock.slug}"
        account = await session.scalar(select(Account.id).where(login))
        await session.execute(update(Account).where(login).values(password=HASHED, token=None))
        at = now()
        entered = await open_sign_in(
            session,
            account,
            device="测试",
            now=at,
            until=at + timedelta(hours=1),
            second_factor=True,
        )
        return entered.secret


async def own_case(stock: Stock, state: str) -> str:
    """The ticket of a resident whose case has come as far as this."""
    told = await by_resident(stock)
    assert told.reporter_id is not None
    crew = stock.crew()
    way = [reached for reached, *_ in USUAL_WAY]
    far = way.index(state) + 1 if state in way else 0
    for _, role, action in [step for step in USUAL_WAY[:far] if step[2] != "rate"]:
        await crew.does(role, told.case_id, action)
    async with stock.acting(NOBODY) as ctx:
        if state == "evaluated":
            await perform(ctx, told.case_id, "rate", crew.filled("rate"), teller=told.reporter_id)
        return seal(ctx, Ticket(told.case_id, told.reporter_id, ctx.now + timedelta(hours=1)))


@pytest.fixture(scope="module")
def site(settings, stack, address):
    stock, *known = aside(furnish(settings))
    database = settings.database_url.partition("?")[0].rpartition("/")[2]
    plant(stack, database, stock, hostile)
    return Site(stock, *known, address)


@pytest.fixture
def open_tab(chromium, site):
    contexts = []

    def opened(role: str, case: str = "") -> Tab:
        """Somebody with the role; with ``case``, who told of the case that is in this state."""
        context = chromium.new_context(locale="zh-CN")
        contexts.append(context)
        carried = {"session": site.secrets[role]} if role else {}
        if case:
            carried |= {"ticket": site.tickets[case], "visit": site.tickets["visit"]}
        context.add_cookies(
            [
                {"name": f"gridgov_{name}", "value": value, "url": site.base}
                for name, value in carried.items()
            ]
        )
        return Tab(context)

    yield opened
    for context in contexts:
        context.close()


def test_every_page_is_sound_at_every_width(open_tab, site):
    """As somebody with every role: nothing runs, nothing sticks out, nothing is cut off."""
    tab = open_tab(RICH, case="closed")
    page = tab.page
    faults, seen, pages, shown = [], set(), 0, 0
    for name, address in site.readable():
        resize(page, WIDTHS[0])
        status, whole = tab.open(address)
        if status != 200:
            faults.append((name, status))
        elif whole:
            asked, came = (urlsplit(one).path.rstrip("/") for one in (address, page.url))
            faults += [] if asked == came or name in LED_ON else [(name, "led to", came)]
            faults += [(name, *one) for one in unsound(tab, close=name in CORE)]
            seen.add(name)
            pages += 1
            shown += page.evaluate(SHOWN)
    assert faults == [], "\n".join(map(str, faults))
    assert seen >= CORE
    assert pages > 40
    assert shown > 15  # the hostile words are there, as words


def test_the_pages_above_the_counties_are_sound(open_tab, site):
    """The door of the region, and its counties with their figures."""
    for role, page, words in (("", "log-in", "上级平台"), (REGION, "", "KAN{{7*7}}")):
        tab = open_tab(role)
        status, whole = tab.open(f"{site.base}/province/{page}")
        assert (status, whole, unsound(tab)) == (200, True, [])
        assert tab.page.get_by_text(words).count()


def unsound(tab: Tab, *, close: bool = False) -> list[tuple[int | str, ...]]:
    """What is wrong with the page that is open, at every width."""
    faults = []
    for width in WIDTHS:
        resize(tab.page, width)
        faults += [(width, "sticks out", one) for one in wide(tab.page)]
        faults += [(width, "is cut off", one) for one in cut(tab.page)]
        if close or width in {PHONE, DESK}:
            faults += [(width, one) for one in serious(tab.page)]
    return [*faults, *((one,) for one in (*tab.faults(), *tab.page.evaluate(RAN)))]


@pytest.mark.parametrize("state", OWN)
def test_a_residents_own_case_is_sound_however_far_it_is(open_tab, site, state):
    """Without an account; an answer is shown as words, and what was forgotten is said."""
    tab = open_tab("", case=state)
    status, _ = tab.open(f"{site.base}/{site.stock.slug}/track/case")
    faults = [("shown", *one) for one in unsound(tab)]
    answered = "KAN{{7*7}}" in "".join(tab.page.locator(".notice").all_inner_texts())
    forms = tab.page.locator("main form").count()
    if forms:
        if forms == 1:  # who has rated already may ask to reopen, which is folded away
            tab.page.locator("main details.fold > summary").last.click()
        tab.page.locator("main form button[data-kind=main]").click()
        tab.page.locator("[data-wrong]").first.wait_for()
        mistaken = [one for one in unsound(tab) if "422" not in str(one)]
        faults += [("sent back", *one) for one in mistaken]

    assert faults == []
    assert status == 200
    assert answered == (state in {"closed", "evaluated"})
    assert forms == {"closed": 2, "evaluated": 1}.get(state, 0)  # rate, ask to reopen


def test_every_role_finds_its_places_sound(open_tab, site):
    """The home page of each role and where its navigation leads, on a desk and on a phone."""
    faults, places = [], 0
    for role in site.stock.policy.county.roles:
        tab = open_tab(role.code)
        home = f"{site.base}/{site.stock.slug}/"
        tab.open(home)
        leads = tab.page.eval_on_selector_all(".nav-list > li > a", "all => all.map(a => a.href)")
        for address in (home, *leads):
            resize(tab.page, DESK)
            where = (role.code, address.removeprefix(site.base))
            status, _ = tab.open(address)
            faults += [] if status == 200 else [(*where, status)]
            faults += [(*where, *one) for one in unsound(tab, close=address == home)]
        places += len(leads)
    assert faults == [], "\n".join(map(str, faults))
    assert places > 2 * len(site.stock.policy.county.roles)


@pytest.mark.parametrize(
    "refusal",
    [
        ("", "/{}/cases", 401),
        ("", "/nowhere/at/all", 404),
        ("worker", "/{}/audit", 403),
        ("worker", "/{}/cases/00000000-0000-7000-8000-000000000000", 404),
        ("auditor", "/{}/audit?since=x", 422),
    ],
    ids=lambda refusal: str(refusal[-1]),
)
def test_a_refusal_is_a_sound_page_too(open_tab, site, refusal):
    role, path, status = refusal
    tab = open_tab(role)
    answered, whole = tab.open(site.base + path.format(site.stock.slug))
    faults = [one for one in tab.faults() if f"status of {status}" not in one]
    for width in (PHONE, DESK):
        resize(tab.page, width)
        faults += [(width, one) for one in (*serious(tab.page), *wide(tab.page))]

    assert faults == []
    assert (answered, whole) == (status, True)
