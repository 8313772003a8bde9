"""Whatever is sent: a 4xx in words, nothing half-written, never an error of the server's own."""

import base64
import json
import logging
import random
import re

import pytest
from litestar import Request
from sqlalchemy.exc import IntegrityError

from factories.stock import a_stocked_county
from gridgov.kernel.ids import new_id
from gridgov.suggestions import queries
from gridgov.testkit.signing_in import a_browser
from trust.calling import HTMX, call, token_of
from trust.committed import committed
from trust.walking import STREAMS
from trust.ways import filled, way_of

BAD = {
    "too long": "长" * 3000,
    "nothing to be seen": "\x00",
    "a control character": "a\x1b[31mb\x07",
    "a direction turned round": "\u202egpj.exe",
    "no such day": "2026-02-30",
    "day zero": "0000-00-00",
    "a day far off": "99999-12-31",
    "the last day of all": "9999-12-31",
    "not a number": "NaN",
    "endless": "Infinity",
    "too many digits": "9" * 5000,
    "beyond 64 bits": "9223372036854775808",
    "less than nothing": "-1",
    "not an id": "'; DROP TABLE cases;--",
    "nobody's id": "00000000-0000-0000-0000-000000000000",
    "a page": "<img src=x onerror=alert(1)>",
    "a template": "{{7*7}}${7*7}<%=7*7%>",
    "a formula": "=HYPERLINK('x')",
    "no address": "http://[",
    "a way up": "../../../../etc/passwd",
    "an empty cursor": "W10",
}
MAY_BE_WRITTEN = {"attempts", "sessions"}
"""What is noted whatever becomes of the request: by the limiter, and when one was last seen."""
REFUSED_BUT_KEPT = {"POST /{tenant}/log-in"}
"""A refused log-in is an entry of the audit."""
ASKS_OFTEN = {"POST /{tenant}/log-in", "POST /{tenant}/report", "POST /{tenant}/track"}
FORGETS = {"POST /{tenant}/log-out", "POST /{tenant}/account/devices/end-others"}

FIELDS = {
    "POST /{tenant}/log-in": ("login", "password", "next"),
    "POST /{tenant}/language": ("locale", "next"),
    "POST /{tenant}/cases/new": (
        "category", "title", "description", "place", "lon", "lat", "node", "urgency", "name",
        "phone", "address",
    ),
    "POST /{tenant}/report": (
        "category", "description", "place", "lon", "lat", "grid", "name", "phone"
    ),
    "POST /{tenant}/access/people/{account_id}": (
        "role", "node", "since", "until", "departments", "categories"
    ),
    "POST /{tenant}/people/{staff_id}/posts": ("post", "node", "valid_from", "valid_to", "acting"),
    "POST /{tenant}/cases/{case_id}/do/{action}": ("note", "version", "back", "case", "days"),
    "POST /{tenant}/cases/export": ("purpose",),
    "POST /{tenant}/audit/export": ("purpose",),
    "POST /{tenant}/accounts/{staff_id}": ("login",),
    "POST /{tenant}/resets/{reset_id}": ("answer", "note"),
}  # fmt: skip
"""Fields beside those that the ways type."""


def fields_of(door, stock):
    return dict.fromkeys((*way_of(door).typed(stock), *FIELDS.get(door.key, ()), "_op"))


def fault_in(door, how, answer, written):
    """What is wrong with an answer to something bad, if anything is."""
    status = answer.status_code
    if status >= 500:
        return door.key, how, status
    half = set(written) - MAY_BE_WRITTEN
    if status >= 400 and half and door.key not in REFUSED_BUT_KEPT:
        return door.key, how, status, half
    if status in (400, 422, 403) and not re.search(r"[\u4e00-\u9fff]{4}", answer.text):
        return door.key, how, status, "says nothing"
    return None


def said(faults):
    """One fault a line."""
    return "\n".join(str(fault) for fault in faults if fault)


@pytest.fixture(scope="module")
async def worn(app):
    """A county for rough handling."""
    return await a_stocked_county(app, "KANAVIE")


async def test_no_form_is_broken_by_what_is_typed(worn, doors, app):
    faults, tried = [], 0
    for door in doors:
        if not door.writes or not door.in_tenant or door.key in FORGETS:
            continue
        fields = fields_of(door, worn)
        own = way_of(door).typed(worn)
        address = door.at(worn.slug, **filled(door, worn))
        async with worn.browsing() as browser:
            token = await token_of(browser, worn.slug)
            for field in fields:
                for how, value in some(door, field, 3):
                    with committed(app.state.database) as written:
                        typed = {**own, field: value}
                        answer = await call(browser, door, address, typed, token=token)
                    tried += 1
                    faults.append(fault_in(door, f"{field}: {how}", answer, written))
    assert said(faults) == ""
    assert tried > 500


ALWAYS = ("nothing to be seen", "too many digits", "no address")


def some(door, field, count):
    """A fixed choice, fewer where the limiter counts, and what broke most pages in any case."""
    luck = random.Random(f"{door.key}{field}")
    chosen = luck.sample(sorted(BAD), 3 if door.key in ASKS_OFTEN else count)
    return [(how, BAD[how]) for how in dict.fromkeys((*ALWAYS, *chosen))]


async def test_no_page_is_broken_by_its_address(worn, doors, app, monkeypatch):
    """The query parameters that a page really looks at are found by watching it look."""
    looked = set()
    plain = Request.query_params.fget

    class Watching(dict):
        def __init__(self, given):
            super().__init__(given)

        def get(self, name, default=None):
            looked.add(name)
            return super().get(name, default)

        def __getitem__(self, name):
            looked.add(name)
            return super().__getitem__(name)

    monkeypatch.setattr(Request, "query_params", property(lambda self: Watching(plain(self))))
    faults, tried = [], 0
    async with worn.browsing() as browser:
        for door in doors:
            if door.writes or not door.in_tenant or door.key in STREAMS:
                continue
            address = door.at(worn.slug, **filled(door, worn))
            looked.clear()
            own = dict(way_of(door).typed(worn))
            await call(browser, door, address, own)
            for name in sorted(looked | set(own)):
                for how, value in some(door, name, 2):
                    with committed(app.state.database) as written:
                        answer = await call(browser, door, address, {**own, name: value[:6000]})
                    tried += 1
                    faults.append(fault_in(door, f"{name}: {how}", answer, written))
    assert said(faults) == ""
    assert tried > 300


async def test_no_page_is_broken_by_the_places_of_its_address(worn, doors):
    bad = [
        "x",
        "%00",
        "%0a",
        "..%2f..%2f",
        "%ff",
        "%E7%BD%91",
        "0" * 32,
        "A" * 3000,
        "-1",
        "%7B%7D",
    ]
    faults = []
    async with worn.browsing() as browser:
        token = await token_of(browser, worn.slug)
        for door in doors:
            if not door.in_tenant or not door.places:
                continue
            own = filled(door, worn)
            for place in door.places:
                for value in bad:
                    answer = await call(
                        browser, door, door.at(worn.slug, **own | {place: value}), token=token
                    )
                    faults.append(fault_in(door, f"{place}: {value[:20]}", answer, ()))
    for slug in bad:
        async with worn.browsing() as browser:
            answer = await browser.get(f"/{slug}/cases")
            if answer.status_code not in (401, 404, 422):
                faults.append((slug, answer.status_code))
    assert said(faults) == ""


def cursor(kinds, values):
    raw = json.dumps([kinds, values]).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


CURSORS = [
    cursor(kinds, values)
    for kinds, values in (
        ("du", ["2026-01-01T00:00:00", str(new_id())]),  # a moment in no zone
        ("du", ["9999-12-31T23:59:59.999999+00:00", str(new_id())]),
        ("du", ["0001-01-01T00:00:00+14:00", str(new_id())]),
        ("du", ["x", "x"]),
        ("tu", ["9999-12-31", str(new_id())]),
        ("tu", ["x", str(new_id())]),
        ("su", ["\x00", str(new_id())]),
        ("su", ["a" * 20_000, str(new_id())]),
        ("i", [str(2**63)]),
        ("i", ["9" * 5000]),
        ("i", ["-1"]),
        ("u", [str(new_id())]),
        ("du", []),
        ("", []),
        ("dddd", ["2026-01-01T00:00:00+00:00"] * 4),
    )
] + ["x", "====", "W1tdXQ", "bnVsbA", "{}", "A" * 5000, base64.b64encode(b"[" * 20_000).decode()]


async def test_no_list_is_broken_by_a_cursor(worn, doors):
    faults = []
    async with worn.browsing() as browser:
        for door in doors:
            if door.writes or not door.in_tenant or door.places or door.key in STREAMS:
                continue
            for number, after in enumerate(CURSORS):
                answer = await browser.get(door.at(worn.slug), params={"after": after})
                faults.append(fault_in(door, f"cursor {number}", answer, ()))
    assert said(faults) == ""


FORM = "application/x-www-form-urlencoded"
BOUND = "multipart/form-data; boundary=b"
NAMED = b'--b\r\nContent-Disposition: form-data; name="text"'
BODIES = {
    "json, a hundred deep": ("application/json", b"[" * 100 + b"]" * 100),
    "json, a hundred thousand deep": ("application/json", b"[" * 100_000),
    "objects, a hundred thousand deep": ("application/json", b'{"a":' * 100_000),
    "json that is none": ("application/json", b"{"),
    "ten megabytes of nothing": ("application/octet-stream", b"\x00" * 10_000_000),
    "ten megabytes in one field": (FORM, b"text=" + b"a" * 10_000_000),
    "a hundred thousand fields": (FORM, b"&".join(b"f%d=1" % n for n in range(100_000))),
    "percent signs": (FORM, b"text=%%%&%zz=%ff%fe&=&&==&text=%ED%A0%80"),
    "no utf-8": (FORM, b"text=\xff\xfe\xfd"),
    "multipart without a boundary": ("multipart/form-data", b"--b\r\n\r\n--b--"),
    "multipart with a bad boundary": ("multipart/form-data; boundary=\x07", b"--b--"),
    "multipart cut off": (BOUND, NAMED + b"\r\n\r\nabc"),
    "multipart without names": (BOUND, b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--\r\n"),
    "multipart with a strange head": (BOUND, b"--b\r\n: \r\nx\r\n\r\n\x00\r\n--b--\r\n"),
    "multipart of junk": (BOUND, bytes(range(256)) * 400),
    "multipart with ten thousand parts": (
        BOUND,
        (NAMED + b"\r\n\r\n1\r\n") * 10_000 + b"--b--\r\n",
    ),
    "multipart with a file for a text": (
        BOUND,
        NAMED + b'; filename="../../x.html"\r\nContent-Type: text/html\r\n\r\n<b>\r\n--b--\r\n',
    ),
    "multipart in another charset": (
        BOUND,
        NAMED + b"\r\nContent-Type: text/plain; charset=utf-99\r\n\r\nx\r\n--b--\r\n",
    ),
    "no kind": ("", b"text=x"),
    "a kind that is none": ("/;=,", b"text=x"),
}


@pytest.mark.parametrize("how", BODIES)
async def test_no_body_breaks_a_form(worn, app, doors, how):
    """With the token where a script of our own would put it, so that the body is really read."""
    kind, body = BODIES[how]
    faults = []
    keys = ("POST /{tenant}/suggestions", "POST /{tenant}/cases/new", "POST /{tenant}/report",
            "POST /{tenant}/cases/{case_id}/do/{action}", "POST /{tenant}/log-in")  # fmt: skip
    async with worn.browsing() as browser:
        token = await token_of(browser, worn.slug)
        for door in (door for door in doors if door.key in keys):
            for headers in ({"x-csrf-token": token}, {}):
                with committed(app.state.database) as written:
                    answer = await browser.post(
                        door.at(worn.slug, **filled(door, worn)),
                        content=body,
                        headers=headers | ({"content-type": kind} if kind else {}),
                    )
                faults.append(fault_in(door, how, answer, written))
                if not 400 <= answer.status_code < 500:
                    faults.append((door.key, how, answer.status_code, "is taken"))
    assert said(faults) == ""


@pytest.mark.parametrize(
    "headers",
    [
        {"referer": "http://["},
        {"origin": "http://["},
        {"origin": "null"},
        {"sec-fetch-site": "\x7f"},
        {"cookie": "gridgov_session=" + "x" * 8000},
        {"cookie": "gridgov_session=%00; gridgov_visitor==;;;=; \x01"},
        {"cookie": "gridgov_locale=../../x"},
        {"accept-language": "," * 2000},
        {"if-none-match": '"' * 1000},
        {"content-length": "0"},
        {"x-csrf-token": "井"},
        {"user-agent": "\x7f" * 500},
        {"range": "bytes=0-999999999999"},
        {"accept-encoding": "gzip;q=x"},
        {"content-type": "multipart/form-data; boundary"},
    ],
    ids=lambda headers: f"{headers}"[:40],
)
async def test_no_header_breaks_a_page(worn, headers):
    raw = {name.encode(): value.encode() for name, value in headers.items()}
    async with worn.browsing() as browser:
        for path in ("/suggestions", "/cases", "/grid/shapes", "/log-in", "/report"):
            answers = [
                await browser.get(f"/{worn.slug}{path}", headers=raw),
                await browser.post(f"/{worn.slug}{path}", headers=raw, data={"_csrf": "x"}),
            ]
            codes = [answer.status_code for answer in answers]
            assert max(codes) < 500, (path, codes)
            assert codes[1] >= 400, (path, codes)


PERSONAL = "张秘密 19912344321"


@pytest.mark.parametrize(
    "fault",
    [
        RuntimeError(f"电话 {PERSONAL}"),
        KeyError(PERSONAL),
        IntegrityError("INSERT INTO x", {"phone": PERSONAL}, Exception(f"Key ({PERSONAL})")),
        UnicodeDecodeError("utf-8", PERSONAL.encode(), 0, 1, PERSONAL),
        ExceptionGroup(PERSONAL, [ValueError(PERSONAL)]),
        AssertionError(PERSONAL),
        RecursionError(PERSONAL),
    ],
    ids=lambda fault: type(fault).__name__,
)
async def test_an_unknown_error_has_a_number_and_tells_of_nobody(two, monkeypatch, caplog, fault):
    """The page and the log share the number; the words of the fault are in neither."""

    def fails(*_):
        try:
            raise ValueError(f"innen {PERSONAL}")
        except ValueError as inner:
            raise fault from inner

    monkeypatch.setattr(queries, "suggestions", fails)
    caplog.set_level(logging.DEBUG)
    async with two.mine.browsing() as browser:
        caplog.clear()
        pages = [
            await browser.get(f"/{two.mine.slug}/suggestions", headers=headers)
            for headers in ({}, HTMX)
        ]
    for page in pages:
        number = re.search(r"<code>([0-9a-f]{8})</code>", page.text)
        assert page.status_code == 500
        assert number is not None
        assert number.group(1) in caplog.text
        for text in (page.text, caplog.text):
            assert "19912344321" not in text
            assert "张秘密" not in text
    assert "suggestions" in caplog.text  # where it happened is told


async def test_what_was_typed_is_still_there_when_it_is_refused(worn):
    """Beside the field a sentence, in it the words."""
    async with worn.browsing() as browser:
        token = await token_of(browser, worn.slug)
        answer = await browser.post(
            f"/{worn.slug}/cases/new",
            data={"_csrf": token, "description": "井盖&<b>翘起", "title": "长" * 61},
        )
    assert answer.status_code == 422
    assert "井盖&amp;&lt;b&gt;翘起" in answer.text
    assert "长" * 61 in answer.text
    assert answer.text.count('aria-invalid="true"') >= 1


async def test_a_stranger_can_break_nothing_either(worn, app, doors):
    """The public doors with a visitor's own token."""
    faults = []
    async with a_browser(app) as browser:
        page = await browser.get(f"/{worn.slug}/log-in")
        token = re.search(r'name="_csrf" value="([0-9a-f]+)"', page.text).group(1)
        for door in doors:
            if door.permission != "public" or not door.in_tenant or not door.writes:
                continue
            address = door.at(worn.slug, **filled(door, worn))
            for how, value in random.Random(door.key).sample(list(BAD.items()), 4):
                typed = dict.fromkeys(fields_of(door, worn), value)
                answer = await call(browser, door, address, typed, token=token)
                faults.append(fault_in(door, how, answer, ()))
    assert said(faults) == ""
