"""How a deed is done so that it succeeds, where the way that all walks share is refused.

The other walks use what is refused on purpose, or what another deed has used up; here each deed is
done once in a county of its own, and what would be used up comes before what uses it up.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from factories.services import as_csv
from factories.stock import RICH, Stock, phone_of
from factories.uploads import a_sheet
from gridgov.testkit.doors import Door
from gridgov.testkit.signing_in import PASSWORD
from gridgov.web.csrf import cookie_name
from trust.calling import token_of
from trust.ways import WAYS, WORDS, Way, filled, today

CHOSEN = "Kan-bu-dong-81"
CSV = "text/csv"


@dataclass(frozen=True, kw_only=True)
class Doing(Way):
    """A way with what only success needs.

    ``words`` are places that hold a word, ``query`` is what the address names behind its path,
    ``files`` are sent along, ``cookies`` are the sealed tickets of residents. ``early``: before
    the deeds that would use it up.
    """

    words: Mapping[str, str] = field(default_factory=lambda: WORDS)
    query: Callable[[Stock], Mapping[str, Any]] = lambda _: {}
    files: Callable[[Stock], Mapping[str, tuple[str, bytes, str]]] = lambda _: {}
    cookies: Callable[[Stock], Mapping[str, str]] = lambda _: {}
    early: bool = False


def again(key: str, **other: Any) -> Doing:
    """The shared way, at another moment or about another thing."""
    shared = WAYS.get(key, Way())
    return Doing(**{"ids": shared.ids, "typed": shared.typed, **other})


def known(stock: Stock, code: str) -> dict[str, Any]:
    """What a resident shows to prove that it is theirs."""
    return {"code": stock.things[code], "key": phone_of(stock.mark)[-4:]}


DOINGS: dict[str, Doing] = {
    "POST /{tenant}/access/people/{account_id}": again(
        "POST /{tenant}/access/people/{account_id}",
        typed=lambda s: {"role": "worker", "node": s.county.at("grid", 2).code, "since": today()},
        early=True,
    ),
    "POST /{tenant}/account/password": Doing(
        typed=lambda _: {"old": PASSWORD, "password": CHOSEN, "again": CHOSEN}
    ),
    "POST /{tenant}/log-in": Doing(typed=lambda _: {"login": RICH, "password": CHOSEN}),
    "POST /{tenant}/assist/new": again("POST /{tenant}/assist/new", early=True),
    "POST /{tenant}/book/mine": Doing(typed=lambda s: known(s, "visit_code"), early=True),
    "POST /{tenant}/book/mine/change": Doing(
        typed=lambda _: {"do": "cancel"},
        cookies=lambda s: {"visit": s.things["visit_ticket"]},
        early=True,
    ),
    "POST /{tenant}/track": Doing(typed=lambda s: known(s, "code")),
    "POST /{tenant}/track/case/{action}": Doing(
        typed=lambda _: {"effort": 5, "speed": 4, "result": 5, "comment": "修好了"},
        words=WORDS | {"action": "rate"},
        cookies=lambda s: {"ticket": s.things["ticket"]},
    ),
    "POST /{tenant}/buildings/new": again(
        "POST /{tenant}/buildings/new", query=lambda s: {"node": s.things["leaf"]}
    ),
    "POST /{tenant}/buildings/{building_id}/move": Doing(
        ids={"building_id": "to_remove"}, typed=lambda s: {"node": s.things["second_leaf"]}
    ),
    "POST /{tenant}/handovers/{handover_id}/sign": Doing(ids={"handover_id": "to_sign"}),
    "POST /{tenant}/handovers/{handover_id}/sign-for": again(
        "POST /{tenant}/handovers/{handover_id}/sign-for", ids={"handover_id": "to_sign_for"}
    ),
    "POST /{tenant}/kit/at/{node_id}": Doing(
        ids={"node_id": "second_leaf"},
        typed=lambda s: {"node": s.things["second_leaf"], "item": "car", "on": today()},
    ),
    "POST /{tenant}/meetings": again(
        "POST /{tenant}/meetings", query=lambda s: {"node": s.county.at("village").code}
    ),
    "POST /{tenant}/reviews/{review_id}/questions": again(
        "POST /{tenant}/reviews/{review_id}/questions", early=True
    ),
    "POST /{tenant}/reviews/{review_id}/export/{table}": again(
        "POST /{tenant}/reviews/{review_id}/export/{table}", early=True
    ),
    "POST /{tenant}/services/import": Doing(
        files=lambda _: {
            "file": (
                "items.csv",
                as_csv(["编码", "事项名称", "批次", "部门"], ["A2", "事项", "惠民事项", "urban"]),
                CSV,
            )
        }
    ),
    "POST /{tenant}/settings": again("POST /{tenant}/settings", early=True),
    "POST /{tenant}/standards/waiting": Doing(
        typed=lambda s: {"ids": s.things["shown"], "answer": "return", "reason": "看不清"}
    ),
    "POST /{tenant}/standards/{node_id}/{item}/missing": Doing(
        words=WORDS | {"standard_item": "signs"}, early=True
    ),
    "POST /{tenant}/standards/{node_id}/{item}/withdraw": Doing(
        words=WORDS | {"standard_item": "network"}
    ),
    "POST /{tenant}/turnovers": again(
        "POST /{tenant}/turnovers",
        files=lambda s: {
            "file": (
                "换届.xlsx",
                a_sheet((s.county.at("grid", 2).code, "调解员", "", s.rich.number)),
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            )
        },
    ),
    "POST /{tenant}/turnovers/{turnover_id}/counter": again(
        "POST /{tenant}/turnovers/{turnover_id}/counter", early=True
    ),
}


def doing_of(door: Door) -> Doing:
    """How this deed is done."""
    return DOINGS.get(door.key) or again(door.key)


async def do(stock: Stock, door: Door) -> httpx.Response:
    """The deed itself, by somebody who has just come in."""
    way = doing_of(door)
    address = door.at(stock.slug, **filled(door, stock, ids=way.ids, words=way.words))
    async with stock.browsing() as browser:
        token = await token_of(browser, stock.slug)
        for name, value in way.cookies(stock).items():
            browser.cookies.set(
                cookie_name(stock.app.state.settings, name), value, domain="testserver.local"
            )
        return await browser.request(
            door.method,
            address,
            params=way.query(stock) or None,
            data={"_csrf": token, **way.typed(stock)},
            files=way.files(stock) or None,
            headers={"sec-fetch-site": "same-origin"},
        )
