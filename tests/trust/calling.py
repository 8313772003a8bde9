"""Calling a door as its own page would, and putting answers beside each other."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import httpx

from gridgov.testkit.doors import Door
from gridgov.testkit.signing_in import csrf_of

HTMX = {"hx-request": "true"}
VOLATILE = {"date"}
CHANGING = re.compile(
    r"\d{4}-\d\d-\d\dT[\d:.+]+|\b\d\d:\d\d(:\d\d)?\b"  # the time of the answer
    r"|(?<=[\"'])[0-9a-f]{64}(?=[\"'])"  # the token of its forms
)


async def call(
    browser: httpx.AsyncClient,
    door: Door,
    address: str,
    typed: Mapping[str, Any] | None = None,
    *,
    token: str = "",
    headers: Mapping[str, str] | None = None,
) -> httpx.Response:
    """A read with its query, or a write with its form."""
    if door.writes:
        return await browser.request(
            door.method,
            address,
            data={"_csrf": token, **(typed or {})},
            headers={"sec-fetch-site": "same-origin", **(headers or {})},
        )
    return await browser.request(door.method, address, params=typed or None, headers=headers)


async def token_of(browser: httpx.AsyncClient, slug: str) -> str:
    """What the forms of this browser carry, from a page that costs little."""
    return await csrf_of(browser, f"/{slug}/account")


def levelled(answer: httpx.Response, words: Iterable[str]) -> tuple[int, str, dict[str, str]]:
    """Status, body and headers without what the asker wrote into the address or the form."""
    text = answer.text
    headers = {k: v for k, v in answer.headers.items() if k not in VOLATILE}
    for word in words:
        text = text.replace(word, "§")
        headers = {name: value.replace(word, "§") for name, value in headers.items()}
    return answer.status_code, CHANGING.sub("~", text), headers
