"""What was typed is still there when it is refused: at every form, for all that was written."""

import html
import re

import pytest

from factories.stock import a_stocked_county
from trust.calling import call, token_of
from trust.test_bad_input import FORGETS
from trust.ways import filled, way_of

BAD = ("长" * 3000, "a\x1fb")
LOST = {
    "POST /{tenant}/handovers/{handover_id}/sign-for": "that form is not offered to who takes over",
    "POST /{tenant}/field/lines/{line_id}/reveal": "one's own line is open: that form is not there",
}
"""Forms that come back without what was written, with the reason."""


@pytest.fixture(scope="module")
async def tried(app):
    """A county whose forms are sent in badly."""
    return await a_stocked_county(app, "KANAVIF")


def written(door, stock):
    """What somebody would have to write again: words, marked so that no page has them anyhow."""
    own = way_of(door).typed(stock)
    return {
        name: f"{value}KEEP"
        for name, value in own.items()
        if re.search(r"[\u4e00-\u9fff]", str(value))
    }


async def test_a_refused_form_holds_what_was_written(tried, doors):
    """Each field of words is once too long and once unreadable; the others must stand there too."""
    lost, refused = set(), set()
    for door in doors:
        words = written(door, tried) if door.in_tenant and door.writes else {}
        if door.key in FORGETS:
            continue
        address = door.at(tried.slug, **filled(door, tried)) if words else ""
        for field in words:
            async with tried.browsing() as browser:
                token = await token_of(browser, tried.slug)
                for bad in BAD:
                    typed = {**way_of(door).typed(tried), **words, field: bad}
                    answer = await call(browser, door, address, typed, token=token)
                    if answer.status_code != 422:
                        continue
                    refused.add(door.key)
                    page = html.unescape(answer.text)
                    kept = words if "\x1f" in bad else {**words, field: bad}
                    kept = {name: said for name, said in kept.items() if said in typed.values()}
                    lost |= {
                        (door.key, field, name) for name, said in kept.items() if said not in page
                    }
    assert {one for one in lost if one[0] not in LOST} == set()
    assert {one[0] for one in lost} == set(LOST)
    assert len(refused) > 50
