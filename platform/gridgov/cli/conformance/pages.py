"""Its pages: who is let in, who is not, and that they are not there for other counties."""

from collections.abc import AsyncIterator
from typing import Final

from litestar import Litestar

from gridgov.cli.conformance.reading import Looked
from gridgov.contract.linting.flaw import Flaw
from gridgov.kernel.ids import new_id
from gridgov.plugins import BASELINE
from gridgov.testkit.counties import ACounty, a_county
from gridgov.testkit.doors import Door
from gridgov.testkit.signing_in import Browser, a_browser, csrf_of, sign_in
from gridgov.web.csrf import HEADER
from gridgov.web.urls import PUBLIC, SIGNED_IN

_BROKEN: Final = 500
_SAID: Final = {
    401: "a stranger is shown the log-in",
    403: "whoever lacks its right is refused",
    404: "it is absent in a county without the plugin",
}


async def faults(looked: Looked, app: Litestar, county: ACounty) -> AsyncIterator[Flaw]:
    """Every door is tried by a stranger, by those without its right and by one who has it."""
    state = app.state
    other = await a_county(state.database, state.settings, plugins=[BASELINE])
    for door in looked.doors:
        async for wrong in _tried(app, door, county, other):
            if wrong:
                yield looked.flaw(f"page {door.key}", "answer", wrong)


async def _tried(app: Litestar, door: Door, county: ACounty, other: ACounty) -> AsyncIterator[str]:
    without, holder = _roles(county, door.permission)
    async with a_browser(app) as browser:
        if door.permission != PUBLIC:
            yield _other_than(401, await _asked(browser, door, county))
        yield _other_than(404, await _asked(browser, door, other))
    if without:
        async with a_browser(app) as browser:
            await sign_in(browser, county, without, second_factor=True)
            yield _other_than(403, await _asked(browser, door, county))
    async with a_browser(app) as browser:
        await sign_in(browser, county, holder, second_factor=True)
        token = (
            await csrf_of(browser, f"/{county.tenant.slug}/account/devices") if door.writes else ""
        )
        status = await _asked(browser, door, county, token)
        if status >= _BROKEN or (status in _SAID and not door.places):
            yield f"{holder} is let in, and the answer is {status}."


def _other_than(expected: int, status: int) -> str:
    return "" if status == expected else f"It must be {expected} ({_SAID[expected]}): {status}."


def _roles(county: ACounty, permission: str) -> tuple[str, str]:
    """A role without the right, if any is asked for, and one that has it."""
    anybody = permission in {PUBLIC, SIGNED_IN}
    roles = county.policy.roles
    having = [code for code, role in roles.items() if anybody or permission in role.rights]
    lacking = [code for code in roles if code not in having]
    return next(iter(lacking), ""), next(iter(having), next(iter(roles)))


async def _asked(browser: Browser, door: Door, county: ACounty, token: str = "") -> int:
    """The answer to an empty form (with the page's token), or to the page; ids are nobody's."""
    address = door.at(county.tenant.slug, **{place: new_id() for place in door.places})
    headers = {"sec-fetch-site": "same-origin", HEADER: token}
    return (await browser.request(door.method, address, headers=headers)).status_code
