"""Every form: not without its token, not with another session's, not from afar."""

import pytest
from litestar.routes import HTTPRoute

from gridgov.kernel.ids import new_id
from gridgov.testkit.signing_in import a_browser, csrf_of, sign_in
from gridgov.web.csrf import SAFE
from gridgov.web.urls import PUBLIC, SIGNED_IN


def unsafe(app):
    """Each way to write inside a tenant, with the permission that it asks for."""
    for route in app.routes:
        if isinstance(route, HTTPRoute) and "tenant" in {
            part.name for part in route.path_components if not isinstance(part, str)
        }:
            for handler in route.route_handlers:
                for method in handler.http_methods - SAFE:
                    if handler.opt.get("token", True):  # else see tests/trust/test_forgery.py
                        yield method, route, str(handler.opt["permission"])


def filled(route, slug):
    named = {"tenant": slug, "day": "2026-12-01"}
    parts = [
        part if isinstance(part, str) else named.get(part.name, str(new_id()))
        for part in route.path_components
    ]
    return "/" + "/".join(parts)


def holder(app, county, permission):
    """Somebody who may, so that a refusal is the token's and not the right's."""
    policy = app.state.policies.of(county.tenant.plugins)
    if permission in (PUBLIC, SIGNED_IN):
        return county.accounts["worker"]
    roles = [role.code for role in policy.county.roles if permission in role.rights]
    return county.accounts[roles[0]] if roles else None


async def test_no_form_is_taken_from_elsewhere(app, county):
    tried = []
    async with a_browser(app) as other:
        await sign_in(other, county, "chief")
        theirs = await csrf_of(other, f"/{county.tenant.slug}/account")
    for method, route, permission in unsafe(app):
        person = holder(app, county, permission)
        if person is None:
            continue
        async with a_browser(app) as browser:
            await sign_in(browser, county, person)
            mine = await csrf_of(browser, f"/{county.tenant.slug}/account")
            address = filled(route, county.tenant.slug)
            for how, data, headers in (
                ("no token", {}, {}),
                ("another session's", {"_csrf": theirs}, {}),
                ("cross-site", {"_csrf": mine}, {"sec-fetch-site": "cross-site"}),
                ("same-site", {"_csrf": mine}, {"sec-fetch-site": "same-site"}),
                ("foreign origin", {"_csrf": mine}, {"origin": "https://evil.example"}),
            ):
                answer = await browser.request(method, address, data=data, headers=headers)
                tried.append((method, route.path, how, answer.status_code))

    assert len({(method, path) for method, path, _, _ in tried}) >= 15
    assert [one for one in tried if one[3] != 403] == []


@pytest.mark.parametrize("where", ["field", "header"])
async def test_our_own_form_is_taken(client, county, where):
    await sign_in(client, county, "worker")
    token = await csrf_of(client, f"/{county.tenant.slug}/account")
    data = {"_csrf": token} if where == "field" else {}
    headers = {"x-csrf-token": token} if where == "header" else {}

    answer = await client.post(
        f"/{county.tenant.slug}/account/devices/end-others",
        data=data,
        headers=headers | {"sec-fetch-site": "same-origin", "origin": "https://testserver"},
    )

    assert answer.status_code == 303
