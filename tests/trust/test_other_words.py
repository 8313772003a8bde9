"""A second county, with other words and flags: its pages show none of the first one's."""

import html
import re

import pytest

from factories.elsewhere import CUSTODY, FLAGS, NAME, policies_elsewhere
from factories.proper import proper_words
from factories.stock import a_stocked_county
from trust.walking import STREAMS, visit

MARK = "KANAVIC"


@pytest.fixture(scope="module")
async def there(app):
    return await a_stocked_county(app, MARK, plugin=NAME, policies=policies_elsewhere())


async def test_no_page_shows_a_word_of_another_county(there, doors):
    words = re.compile("|".join(map(re.escape, sorted(proper_words(), key=len, reverse=True))))
    opened, said, pages = 0, [], {}
    async with there.browsing() as browser:
        for door in doors:
            if door.in_tenant and not door.writes and door.key not in STREAMS:
                answer = (await visit(browser, door, there)).answer
                if answer.headers.get("content-type", "").startswith("text/html"):
                    opened += answer.is_success
                    pages[door.key] = text = html.unescape(answer.text)
                    said += [(door.key, word) for word in sorted(set(words.findall(text)))]

    assert opened > 100
    assert said == [], "\n".join(map(str, said))
    assert all(flag.name in pages["GET /{tenant}/services"] for flag in FLAGS)
    assert all(one.name in pages["GET /{tenant}/assist/{case_id}"] for one in CUSTODY)
    ledgers = there.policy.county.ledgers
    assert any(ledger.name in pages["GET /{tenant}/field"] for ledger in ledgers)
