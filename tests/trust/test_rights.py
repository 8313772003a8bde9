"""Who may pass which door: strangers, neighbours, every role, and a guard that forgot its right.

All of it is derived from the routes and the declared roles; no list to keep.
"""

import re

from gridgov.testkit.signing_in import a_browser
from gridgov.web.urls import PUBLIC, REGION, SIGNED_IN
from trust.calling import HTMX, call, token_of
from trust.walking import STREAMS
from trust.ways import filled, named, random_for

ASKS_ITSELF = {
    "/{tenant}/account/password",
    "/{tenant}/account/second-factor",
    "/{tenant}/account/verify",
}
"""Public by name, for they stand before the walls; each asks for a sign-in itself."""


def of_nobody(door, stock):
    """Every place with an id that nobody has: what such a call reaches is the guard."""
    own = filled(door, stock)
    return own | {place: random_for(own[place]) for place in named(door)}


async def test_a_stranger_meets_the_form_to_log_in(two, app, doors):
    faults = []
    async with a_browser(app) as browser:
        for door in doors:
            if door.in_tenant and door.permission != PUBLIC:
                faults += await faults_before_a_stranger(browser, door, two.mine)
    assert faults == [], "\n".join(map(str, faults))


async def faults_before_a_stranger(browser, door, stock):
    """What is wrong with a door at which somebody knocks who is not signed in."""
    faults = []
    address = door.at(stock.slug, **filled(door, stock))
    plain = await browser.request(door.method, address)
    piece = await browser.request(door.method, address, headers=HTMX)
    if plain.status_code != 401 or 'name="password"' not in plain.text:
        faults.append((door.key, plain.status_code))
    to = piece.headers.get("hx-redirect", "")
    if piece.status_code != 401 or not to.startswith(f"/{stock.slug}/log-in"):
        faults.append((door.key, "htmx", piece.status_code, to))
    if stock.mark in plain.text.replace(f"{stock.mark}-tenants-name", ""):
        faults.append((door.key, "tells a stranger something"))
    return faults


async def test_doors_open_to_all_ask_themselves_where_they_are_somebodys(two, app, doors):
    faults = []
    async with a_browser(app) as browser:
        for door in doors:
            if door.pattern in ASKS_ITSELF and not door.writes:
                answer = await browser.get(door.at(two.mine.slug))
                if answer.status_code != 401:
                    faults.append((door.key, answer.status_code))
    assert faults == []


async def test_the_door_above_the_counties_is_shut_to_them(two, app, doors):
    faults = []
    above = [door for door in doors if door.permission == REGION]
    assert above
    async with a_browser(app) as browser, two.mine.browsing() as rich:
        for door in above:
            for whose in (browser, rich):
                answer = await whose.request(door.method, door.pattern)
                if answer.status_code not in (401, 403):
                    faults.append((door.key, answer.status_code))
    assert faults == []


async def test_ones_sign_in_is_worth_nothing_in_another_county(two, doors):
    """With the cookie of one county at the other's addresses one is a stranger there."""
    faults = []
    async with two.mine.browsing() as browser:
        token = await token_of(browser, two.mine.slug)
        for door in doors:
            if not door.in_tenant or door.permission == PUBLIC:
                continue
            address = door.at(two.theirs.slug, **filled(door, two.theirs))
            answer = await call(browser, door, address, token=token)
            public = (two.theirs.county.tenant.name, f"{two.theirs.mark}-tenants-name")
            told = two.watch.leaks(answer, (address, two.theirs.slug, *public))
            if answer.status_code != 401 or told:
                faults.append((door.key, answer.status_code, told))
    assert faults == [], "\n".join(map(str, faults))


async def test_a_county_that_does_not_exist_has_no_doors(two, doors):
    async with two.mine.browsing() as browser:
        answers = {
            (await browser.request(d.method, d.at("nirgendwo", **filled(d, two.mine)))).status_code
            for d in doors
            if d.in_tenant
        }
    assert answers == {404}


async def test_every_role_passes_just_the_doors_that_its_rights_open(two, doors):
    """Both ways: what is declared opens, what is not is refused."""
    faults, tried = [], 0
    asking = [d for d in doors if d.in_tenant and d.permission not in (PUBLIC, SIGNED_IN)]
    for role in two.mine.policy.county.roles:
        rights = {str(right) for right in role.rights}
        async with two.mine.browsing(role.code) as browser:
            token = await token_of(browser, two.mine.slug)
            for door in asking:
                address = door.at(two.mine.slug, **of_nobody(door, two.mine))
                answer = await call(browser, door, address, token=token)
                let_in = answer.status_code not in (401, 403, 500)
                tried += 1
                if let_in != (door.permission in rights):
                    faults.append((role.code, door.key, answer.status_code))
    assert faults == [], "\n".join(map(str, faults))
    assert tried > 500


async def test_whoever_is_signed_in_passes_the_doors_for_all(two, doors):
    faults = []
    open_to_all = [d for d in doors if d.in_tenant and d.permission in (PUBLIC, SIGNED_IN)]
    for door in open_to_all:
        if door.key in STREAMS:
            continue
        async with two.mine.browsing("worker") as browser:
            token = await token_of(browser, two.mine.slug)
            address = door.at(two.mine.slug, **of_nobody(door, two.mine))
            answer = await call(browser, door, address, token=token)
        if answer.status_code in (401, 500):
            faults.append((door.key, answer.status_code))
    assert faults == [], "\n".join(map(str, faults))


async def test_a_door_without_a_permission_opens_for_nobody(two, doors, monkeypatch):
    """Silence is a bug, found at the first call: each handler's right is taken away in turn."""
    faults = []
    async with two.mine.browsing() as browser:
        token = await token_of(browser, two.mine.slug)
        for door in doors:
            address = door.at(two.mine.slug, **of_nobody(door, two.mine))
            with monkeypatch.context() as taken:
                taken.delitem(door.handler.opt, "permission")
                answer = await call(browser, door, address, token=token)
            if answer.status_code != 500:
                faults.append((door.key, answer.status_code))
    assert faults == []


SHUT_TWICE = {
    "GET /{tenant}/account": "of whoever is signed in",
    "GET /{tenant}/account/devices": "of whoever is signed in",
    "POST /{tenant}/account/devices/end-others": "of whoever is signed in",
    "POST /{tenant}/account/devices/{device_id}/end": "of whoever is signed in",
    "POST /{tenant}/account/second-factor/codes": "of whoever is signed in",
    "POST /{tenant}/account/second-factor/remove": "of whoever is signed in",
    "GET /{tenant}/why": "of whoever is signed in, if of nobody else",
}
"""Doors that stay shut when their guard forgets the right: what lies behind asks who it is."""


async def test_a_guard_that_forgot_its_right_makes_the_test_of_strangers_red(
    two, app, doors, monkeypatch
):
    """Each door is opened to everybody once, and looked at as that test looks at it.

    Named by what it would say: ``test_a_stranger_meets_the_form_to_log_in``. The unsafe ones are
    knocked at with a visitor's own token, for without it the watch over forms refuses first.
    """
    unseen = set()
    async with a_browser(app) as stranger:
        token = await token_of_visitor(stranger, two.mine.slug)
        stranger.headers.update({"x-csrf-token": token, "sec-fetch-site": "same-origin"})
        for door in doors:
            if not door.in_tenant or door.permission == PUBLIC or door.key in STREAMS:
                continue
            with monkeypatch.context() as loosened:
                loosened.setitem(door.handler.opt, "permission", PUBLIC)
                if not await faults_before_a_stranger(stranger, door, two.mine):
                    unseen.add(door.key)
    assert unseen == set(SHUT_TWICE), "\n".join(sorted(unseen ^ set(SHUT_TWICE)))


async def test_a_guard_that_asks_for_no_right_makes_the_test_of_roles_red(two, doors, monkeypatch):
    """Each door is opened once to whoever is signed in, and tried by a role without its right.

    Named by what it would say: ``test_every_role_passes_just_the_doors_that_its_rights_open``.
    """
    unseen = set()
    asking = [d for d in doors if d.in_tenant and d.permission not in (PUBLIC, SIGNED_IN)]
    left = {door.key: door for door in asking}
    for role in two.mine.policy.county.roles:
        rights = {str(right) for right in role.rights}
        mine = [door for door in left.values() if door.permission not in rights]
        async with two.mine.browsing(role.code) as browser:
            token = await token_of(browser, two.mine.slug)
            for door in mine:
                del left[door.key]
                address = door.at(two.mine.slug, **of_nobody(door, two.mine))
                with monkeypatch.context() as loosened:
                    loosened.setitem(door.handler.opt, "permission", SIGNED_IN)
                    answer = await call(browser, door, address, token=token)
                if answer.status_code in (401, 403):
                    unseen.add(door.key)
    assert left == {}
    assert unseen == set(), "\n".join(sorted(unseen))


async def token_of_visitor(browser, slug):
    page = await browser.get(f"/{slug}/log-in")
    return re.search(r'name="_csrf" value="([0-9a-f]+)"', page.text).group(1)
