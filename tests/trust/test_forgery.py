"""Forms from elsewhere, cookies, headers, methods: what every answer bears, whatever it says."""

import re
from dataclasses import replace

import pytest
from litestar.status_codes import HTTP_500_INTERNAL_SERVER_ERROR

from factories.tenants import a_county
from gridgov.app import create_app
from gridgov.testkit.serving import started
from gridgov.testkit.signing_in import a_browser, log_in, sign_in
from gridgov.web.csrf import cookie_name
from gridgov.web.headers import CONTENT_SECURITY_POLICY
from trust.calling import HTMX, token_of
from trust.walking import walk
from trust.ways import filled, named, random_for

ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
TOKEN = "x-csrf-token"
TOKENLESS = {"POST /{tenant}/language", "POST /province/language"}
"""What stays in the browser alone: the browser's own word that it was our page is enough."""


def forgeries(mine, theirs):
    """What a form of somebody else's page could send, and none of it is good enough."""
    yield "no token", {}, {}
    yield "another session's token", {"_csrf": theirs}, {}
    yield "another session's token in the header", {}, {TOKEN: theirs}
    yield "a made-up token", {"_csrf": "0" * 64}, {}
    yield "an empty token", {"_csrf": ""}, {}
    yield "from another site", {"_csrf": mine}, {"sec-fetch-site": "cross-site"}
    yield "from a sister site", {"_csrf": mine}, {"sec-fetch-site": "same-site"}
    yield "with another origin", {"_csrf": mine}, {"origin": "https://evil.example"}
    yield "with our name in theirs", {"_csrf": mine}, {"origin": "https://testserver.evil.example"}
    yield "with another port", {"_csrf": mine}, {"origin": "https://testserver:444"}


async def test_no_form_from_elsewhere_is_taken_anywhere(two, app, doors):
    """Every door that writes, the region's too, as somebody who may otherwise do it."""
    faults, tried = [], 0
    async with two.mine.browsing("worker") as other, two.mine.browsing() as browser:
        theirs = await token_of(other, two.mine.slug)
        mine = await token_of(browser, two.mine.slug)
        for door in doors:
            if not door.writes:
                continue
            own = filled(door, two.mine)
            nobody = own | {place: random_for(own[place]) for place in named(door)}
            for how, data, headers in forgeries(mine, theirs):
                if door.key in TOKENLESS and not headers.keys() - {TOKEN}:
                    continue
                address = door.at(two.mine.slug, **nobody)
                answer = await browser.request(door.method, address, data=data, headers=headers)
                tried += 1
                if answer.status_code != 403:
                    faults.append((door.key, how, answer.status_code))
    assert faults == [], "\n".join(map(str, faults))
    assert tried > 400


def test_only_the_language_of_the_pages_is_taken_without_a_token(doors):
    assert {door.key for door in doors if not door.handler.opt.get("token", True)} == TOKENLESS


async def test_our_own_page_is_believed(two, app, doors):
    """The control: the same doors with one's own token say something else than 403."""
    async with two.mine.browsing() as browser:
        token = await token_of(browser, two.mine.slug)
        for how in ({"_csrf": token}, None):
            answer = await browser.post(
                f"/{two.mine.slug}/suggestions",
                data=how or {},
                headers={"sec-fetch-site": "same-origin", "origin": "https://testserver"}
                | ({} if how else {TOKEN: token}),
            )
            assert answer.status_code == 422  # the form is empty


async def test_a_visitors_token_does_not_outlive_the_visit(two, app):
    """A token made before logging in is worth nothing after it: the session is another one."""
    async with a_browser(app) as browser:
        page = await browser.get(f"/{two.mine.slug}/log-in")
        planted = re.search(r'name="_csrf" value="([0-9a-f]+)"', page.text).group(1)
        await sign_in(browser, two.mine.county, "worker")
        answer = await browser.post(f"/{two.mine.slug}/suggestions", data={"_csrf": planted})
    assert answer.status_code == 403


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "", "x/y; z"])
async def test_a_token_in_a_body_of_another_kind_is_no_token(two, content_type):
    async with two.mine.browsing() as browser:
        token = await token_of(browser, two.mine.slug)
        answer = await browser.post(
            f"/{two.mine.slug}/suggestions",
            content=f'{{"_csrf": "{token}"}}'.encode(),
            headers={"content-type": content_type} if content_type else {},
        )
    assert answer.status_code == 403


async def test_every_answer_bears_the_headers(two, app, doors, monkeypatch):
    """Pages, redirects, refusals, errors, files; to HTMX and to strangers."""
    answers = [visit.answer for visit in await walk(two.mine, doors)]
    slug = two.mine.slug
    async with two.mine.browsing() as browser, a_browser(app) as stranger:
        for who in (browser, stranger):
            for address in (
                f"/{slug}/cases", f"/{slug}/nothing/here", "/nowhere", "/", "/province",
                "/static/css/tokens.css", "/static/nothing.css", "/static/../app.py",
                "/static/%2e%2e/%2e%2e/app.py", f"/{slug}/cases/{'0' * 36}", "/schema",
                f"/{slug}/cases?after=x", f"/{slug}/log-in",
            ):  # fmt: skip
                answers.append(await who.get(address))
                answers.append(await who.get(address, headers=HTMX))
            answers.append(await who.post(f"/{slug}/suggestions"))
            answers.append(await who.put(f"/{slug}/suggestions"))
        door = next(door for door in doors if door.key == "GET /{tenant}/suggestions")
        with monkeypatch.context() as broken:
            broken.delitem(door.handler.opt, "permission")
            answers.append(await browser.get(f"/{slug}/suggestions"))
    faults = [
        (str(answer.request.url.path), answer.status_code, name, answer.headers.get(name))
        for answer in answers
        for name, value in ALWAYS.items()
        if answer.headers.get(name) != value
    ]
    faults += [
        (str(answer.request.url.path), answer.status_code, "policy")
        for answer in answers
        if answer.headers.get("content-security-policy")
        not in (CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox")
    ]
    faults += [
        (
            str(answer.request.url.path),
            answer.status_code,
            "kept",
            answer.headers.get("cache-control"),
        )
        for answer in answers
        if not answer.request.url.path.startswith("/static/")
        and "no-store" not in answer.headers.get("cache-control", "")
        and not may_be_kept(slug, answer.request.url.path)
    ]
    assert faults == [], "\n".join(map(str, faults))
    codes = {answer.status_code for answer in answers}
    assert {200, 303, 401, 403, 404, HTTP_500_INTERNAL_SERVER_ERROR} <= codes


def may_be_kept(slug, path):
    """Asked anew each time with their tag, and no person in them: outlines, what was published."""
    outlines = {f"/{slug}/grid/shapes", f"/{slug}/report/shapes"}
    return path in outlines or path.startswith(f"/{slug}/published/")


def test_the_policy_allows_nothing_that_is_not_ours():
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "*" not in CONTENT_SECURITY_POLICY
    for part in ("default-src 'none'", "script-src 'self'", "style-src 'self'", "base-uri 'none'",
                 "form-action 'self'", "frame-ancestors 'none'"):  # fmt: skip
        assert part in CONTENT_SECURITY_POLICY.split("; ")


@pytest.mark.parametrize(
    "path",
    [
        "/schema", "/schema/openapi.json", "/schema/swagger", "/docs", "/openapi.json",
        "/.git/config", "/.env", "/metrics",
    ],
)  # fmt: skip
async def test_nothing_is_told_about_the_application(client, path):
    assert (await client.get(path)).status_code == 404


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "testserver@evil",
                                  "", "testserver:99999"])  # fmt: skip
async def test_an_unknown_host_is_refused(client, two, host):
    answer = await client.get(f"/{two.mine.slug}/log-in", headers={"host": host})
    assert answer.status_code in (400, 404)
    assert "evil" not in answer.text


@pytest.mark.parametrize("header", ["x-forwarded-host", "forwarded", "x-original-url"])
async def test_what_a_proxy_would_say_is_not_believed_from_anybody(two, header):
    async with two.mine.browsing() as browser:
        answer = await browser.get(
            f"/{two.mine.slug}/account", headers={header: "host=evil.example"}
        )
    assert answer.status_code == 200
    assert "evil.example" not in answer.text


@pytest.mark.parametrize(
    "method", ["TRACE", "OPTIONS", "CONNECT", "PUT", "PATCH", "DELETE", "PROPFIND"]
)
async def test_other_methods_do_and_tell_nothing(two, doors, method):
    """Neither an echo (TRACE) nor anything done; OPTIONS tells at most the methods."""
    async with two.mine.browsing() as browser:
        for pattern in ("/suggestions", "/cases", "/account", f"/grid/{two.mine.things['node']}"):
            answer = await browser.request(method, f"/{two.mine.slug}{pattern}")
            assert answer.status_code in (204, 400, 404, 405), (pattern, answer.status_code)
            assert cookie_name(two.mine.app.state.settings, "session") not in answer.text
            assert answer.headers.get("access-control-allow-origin") is None


async def test_a_page_is_not_shared_with_other_sites(two):
    async with two.mine.browsing() as browser:
        answer = await browser.get(
            f"/{two.mine.slug}/account", headers={"origin": "https://evil.example"}
        )
    assert [name for name in answer.headers if name.startswith("access-control")] == []


@pytest.fixture(scope="module")
async def in_earnest(settings):
    """The application as it runs outside of the demonstration."""
    async with started(create_app(replace(settings, demo=False, pool_size=2))) as made:
        yield made


async def test_cookies_have_all_their_guards(in_earnest):
    """``__Host-``, Secure, HttpOnly, SameSite; and the answer asks for HTTPS from now on."""
    county = await a_county(in_earnest.state.database, in_earnest.state.settings)
    async with a_browser(in_earnest) as browser:
        page = await browser.get(f"/{county.tenant.slug}/log-in")
        person = county.accounts["worker"]
        entered = await log_in(browser, county, person.login, person.token)
        chosen = await browser.get(entered.headers["location"])
        answers = [page, entered, chosen]
    said = [value for answer in answers for value in answer.headers.get_list("set-cookie")]
    assert entered.status_code == 303
    assert len(said) >= 2
    for value in said:
        parts = {part.strip().lower() for part in value.split(";")}
        assert value.startswith("__Host-gridgov_")
        assert {"secure", "httponly", "samesite=lax", "path=/"} <= parts
        assert not [part for part in parts if part.startswith("domain")]
    for answer in answers:
        assert "max-age=31536000" in answer.headers["strict-transport-security"]


async def test_logging_out_clears_the_browser(two):
    async with two.mine.browsing() as browser:
        token = await token_of(browser, two.mine.slug)
        answer = await browser.post(f"/{two.mine.slug}/log-out", data={"_csrf": token})
        after = await browser.get(f"/{two.mine.slug}/account")
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert after.status_code == 401
