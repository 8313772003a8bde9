"""Every page in Chromium, full of long names and of what attackers would write into every field."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest

from browser.eyes import Tab, cut, resize, serious, wide
from factories.stock import RICH, Stock, a_stocked_county
from gridgov.app import create_app
from gridgov.testkit.doors import Door, doors
from gridgov.testkit.serving import started
from gridgov.testkit.signing_in import a_browser, secret_of, sign_in
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
]"""
SHOWN = "() => document.body.innerText.includes('KAN{{7*7}}')"


@dataclass(frozen=True)
class Site:
    """A county to walk through, with the secret of a sign-in for each of its people."""

    stock: Stock
    doors: list[Door]
    secrets: dict[str, str]
    base: str

    def readable(self) -> Iterator[tuple[str, str, tuple[int, ...]]]:
        """What is read in the county: name, address, and how it may answer instead of a page."""
        for door in self.doors:
            if door.in_tenant and not (door.writes or door.background or door.key in STREAMS):
                yield door.key, self.address(door), way_of(door).also

    def address(self, door: Door) -> str:
        query = urlencode(way_of(door).typed(self.stock))
        path = door.at(self.stock.slug, **filled(door, self.stock))
        return f"{self.base}{path}?{query}" if query else f"{self.base}{path}"


def hostile(_table: str, column: str) -> str:
    return NAME if column in NAMES else HOSTILE


async def furnish(settings):
    async with started(create_app(settings)) as app:
        stock = await a_stocked_county(app, "KANAVIX")
        secrets = {}
        for role in (RICH, *(role.code for role in stock.policy.county.roles)):
            async with a_browser(app) as browser:
                await sign_in(browser, stock.county, stock.county.accounts[role])
                secrets[role] = secret_of(browser)
        return stock, doors(app), secrets


@pytest.fixture(scope="module")
def site(settings, stack, address):
    with ThreadPoolExecutor(1) as thread:  # the browser's own loop runs in this one
        stock, ways, secrets = thread.submit(asyncio.run, furnish(settings)).result()
    database = settings.database_url.partition("?")[0].rpartition("/")[2]
    plant(stack, database, stock, hostile)
    return Site(stock, ways, secrets, address)


@pytest.fixture
def open_tab(chromium, site):
    contexts = []

    def opened(role: str) -> Tab:
        context = chromium.new_context(locale="zh-CN")
        contexts.append(context)
        if role:
            secret = {"name": "gridgov_session", "value": site.secrets[role], "url": site.base}
            context.add_cookies([secret])
        return Tab(context)

    yield opened
    for context in contexts:
        context.close()


def test_every_page_is_sound_at_every_width(open_tab, site):
    """As somebody with every role: nothing runs, nothing sticks out, nothing is cut off."""
    tab = open_tab(RICH)
    page = tab.page
    faults, pages, shown = [], 0, 0
    for name, address, also in site.readable():
        resize(page, WIDTHS[0])
        status, whole = tab.open(address)
        if status != 200:
            faults += [] if status in also else [(name, status)]
            continue
        if not whole:
            continue
        for width in WIDTHS:
            resize(page, width)
            faults += [(name, width, "sticks out", one) for one in wide(page)]
            if width in {PHONE, DESK}:
                faults += [(name, width, "is cut off", one) for one in cut(page)]
                faults += [(name, width, one) for one in serious(page)]
        faults += [(name, one) for one in (*tab.faults(), *page.evaluate(RAN))]
        pages += 1
        shown += page.evaluate(SHOWN)
    assert faults == [], "\n".join(map(str, faults))
    assert pages > 40
    assert shown > 15  # the hostile words are there, as words


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
            for width in (DESK, PHONE):
                resize(tab.page, width)
                faults += [(*where, width, "sticks out", one) for one in wide(tab.page)]
            faults += [(*where, one) for one in (*tab.faults(), *tab.page.evaluate(RAN))]
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
