"""What was typed is still there when it is refused: at every form, for all that was written."""

import html
import re
from collections import defaultdict
from html.parser import HTMLParser
from itertools import product
from urllib.parse import urlencode

import pytest

from factories.stock import a_stocked_county
from trust.calling import call, token_of
from trust.doing import doing_of
from trust.test_bad_input import FORGETS
from trust.walking import walk
from trust.ways import filled, way_of

BAD = ("长" * 5000, "a\x1fb")
LOST = {
    "POST /{tenant}/handovers/{handover_id}/sign-for": "that form is not offered to who takes over",
    "POST /{tenant}/field/lines/{line_id}/reveal": "one's own line is open: that form is not there",
}
"""Forms that come back without what was written, with the reason."""
TAKEN = {
    "POST /{tenant}/cases/new/filled": "fills in a form that is sent once more, and is read then",
}
"""Forms that take what is bad elsewhere, with the reason."""


@pytest.fixture(scope="module")
async def tried(app):
    """A county whose forms are sent in badly."""
    return await a_stocked_county(app, "KANAVIF")


class Forms(HTMLParser):
    """The fields in which somebody writes, by the address that their form is sent to."""

    WRITTEN = ("text", "search", "textarea")

    def __init__(self):
        super().__init__()
        self.fields = defaultdict(set)
        self.to = None

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            posts = (given.get("method") or "get").lower() == "post"
            self.to = (given.get("action") or "").partition("?")[0] if posts else None
        elif tag in {"input", "textarea"} and self.to and "readonly" not in given:
            kind = given.get("type", "text") if tag == "input" else tag
            if kind in self.WRITTEN and given.get("name"):
                self.fields[self.to].add(given["name"])

    def handle_endtag(self, tag):
        if tag == "form":
            self.to = None


@pytest.fixture(scope="module")
async def seen(tried, doors):
    """Fields of every form of every page, by the door that takes the form and by its address."""
    forms = Forms()
    for visit in await walk(tried, doors):
        if "html" in visit.answer.headers.get("content-type", ""):
            forms.feed(visit.answer.text)
            forms.to = None
    found, known = defaultdict(dict), set()
    for door in sorted(doors, key=lambda door: len(door.places)):  # the plainest address first
        if door.writes and door.in_tenant:
            address = re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(door.pattern)))
            for to in [to for to in forms.fields.keys() - known if address.fullmatch(to)]:
                found[door.key][to] = forms.fields[to]
                known.add(to)
    return found


def written(door, stock, seen):
    """What somebody would have to write again: words, marked so that no page has them anyhow.

    Those of the way, and those of the form as a page really shows it: this one, or one like it.
    """
    forms = seen.get(door.key, {})
    address = door.at(stock.slug, **filled(door, stock))
    fields = forms.get(address) or set().union(*forms.values())
    own = way_of(door).typed(stock)
    words = {
        name: f"{value}KEEP"
        for name, value in own.items()
        if re.search(r"[\u4e00-\u9fff]", str(value))
    }
    return words | {name: f"再写一遍{name}KEEP" for name in fields - set(own)}


async def test_a_refused_form_holds_what_was_written(tried, doors, seen):
    """Each field of words is once too long and once unreadable; the others must stand there too."""
    lost, refused, taken = set(), set(), set()
    for door in doors:
        words = written(door, tried, seen) if door.in_tenant and door.writes else {}
        if door.key in FORGETS or not words:
            continue
        address = door.at(tried.slug, **filled(door, tried))
        if query := doing_of(door).query(tried):
            address = f"{address}?{urlencode(query)}"
        async with tried.browsing() as browser:
            token = await token_of(browser, tried.slug)
            for field, bad in product(words, BAD):
                typed = {**way_of(door).typed(tried), **words, field: bad}
                answer = await call(browser, door, address, typed, token=token)
                if answer.status_code != 422:
                    if answer.status_code < 400 and door.key not in TAKEN:
                        taken.add((door.key, field, bad[:1]))
                    continue
                refused.add(door.key)
                page = html.unescape(answer.text)
                kept = words if "\x1f" in bad else {**words, field: bad}
                kept = {name: said for name, said in kept.items() if said in typed.values()}
                lost |= {(door.key, field, name) for name, said in kept.items() if said not in page}
    forgotten = {one for one in lost if one[0] not in LOST}
    assert forgotten == set(), "\n".join(map(str, sorted(forgotten)))
    assert {one[0] for one in lost} == set(LOST)
    assert taken == set(), "\n".join(map(str, sorted(taken)))
    assert len(refused) > 80
