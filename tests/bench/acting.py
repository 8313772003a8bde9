"""One case from the resident's report to the resident's rating, through the pages' own forms.

Ten requests of five people: the resident reports and reads the code; the station's clerk finds the
case by it and puts it on file; the centre's dispatcher sends it to a department, whose handler
accepts and finishes it; the dispatcher verifies and closes; the resident opens the case with the
code and the last digits of the phone, and rates it.
"""

import re
import time
from collections.abc import Awaitable
from urllib.parse import quote, urlencode
from uuid import uuid4

import msgspec

from bench.line import FORM, Answer, Failed, Sender, multipart

PHONE = "19900001234"
_CODE = re.compile(r'class="code big">\s*(\d+)\s*<')
_SEE_OTHER = 303
_OK = 200

Took = tuple[float, float]
"""When an answer came, and how many seconds after its question."""


class Player(msgspec.Struct):
    """A browser: what its cookies say, and the token of its forms."""

    cookie: str
    token: str = ""


class Place(msgspec.Struct):
    """Where something happens, and the clerk of the station there."""

    lon: float
    lat: float
    clerk: Player


class Cast(msgspec.Struct):
    """Everybody who acts."""

    slug: str
    visitors: list[Player]
    places: list[Place]
    dispatchers: list[Player]
    handlers: list[tuple[str, Player]]
    supervisor: Player
    cases: list[str] = []
    codes: list[str] = []

    def staff(self) -> list[Player]:
        """Everybody who signs in."""
        clerks, handlers = [p.clerk for p in self.places], [h for _, h in self.handlers]
        return [*clerks, *self.dispatchers, *handlers, self.supervisor]


class Life:
    """The way of one case: its code; for each answer when it came and how long it took."""

    def __init__(self, sender: Sender, cast: Cast, number: int) -> None:
        self._sender = sender
        self._cast = cast
        self._number = number
        self.took: list[Took] = []
        self.code = ""

    async def run(self) -> str:
        """From report to rating; the id of the case."""
        cast, n = self._cast, self._number
        place = cast.places[n % len(cast.places)]
        dispatcher = cast.dispatchers[n % len(cast.dispatchers)]
        department, handler = cast.handlers[n % len(cast.handlers)]
        self.code = await self._report(place)
        found = await self._get(place.clerk, f"/search?q={self.code}", _SEE_OTHER)
        case = found.headers["location"].partition("?")[0].rpartition("/")[2]
        await self._act(place.clerk, case, "file", 1)
        await self._act(dispatcher, case, "dispatch", 2, departments=department)
        await self._act(handler, case, "accept", 3)
        done = {"answer": "已到现场处理，恢复正常。"}
        await self._act(handler, case, "finish", 4, files="photos", **done)
        await self._act(dispatcher, case, "close", 5, answer="您反映的问题已处理好。")
        await self._rate(self.code)
        return case

    async def _report(self, place: Place) -> str:
        visitor, about = self._visitor(), {"category": "P0103", "place": "农贸市场东侧"}
        fields = about | {
            "lon": str(place.lon),
            "lat": str(place.lat),
            "description": "井盖破了，走路要小心。",
            "name": "居民·测试",
            "phone": PHONE,
        }
        sent = await self._post(visitor, "/report", fields, files="photos")
        _, _, query = sent.headers["location"].partition("?")
        shown = await self._get(visitor, f"/report/done?{query}", _OK)
        found = _CODE.search(shown.body.decode())
        if found is None:
            raise Failed("the code is not on the page")
        return found.group(1)

    async def _rate(self, code: str) -> None:
        visitor = self._visitor()
        opened = await self._post(visitor, "/track", {"code": code, "key": PHONE[-4:]})
        ticket = "; ".join(f"{name}={value}" for name, value in opened.cookies.items())
        known = Player(f"{visitor.cookie}; {ticket}", visitor.token)
        stars = {"effort": "5", "speed": "4", "result": "5", "comment": "来得快，谢谢。"}
        await self._post(known, "/track/case/rate", stars)

    def _visitor(self) -> Player:
        return self._cast.visitors[self._number % len(self._cast.visitors)]

    async def _act(
        self, who: Player, case: str, action: str, version: int, *, files: str = "", **fields: str
    ) -> None:
        typed = {"version": str(version), **fields}
        await self._post(who, f"/cases/{case}/do/{action}", typed, files=files)

    async def _post(
        self, who: Player, path: str, fields: dict[str, str], *, files: str = ""
    ) -> Answer:
        typed = {"_csrf": who.token, "_op": str(uuid4()), **fields}
        kind, body = multipart(typed, files) if files else (FORM, urlencode(typed).encode())
        headers = self._headers(who) | {"content-type": kind}
        return await self._timed(
            self._sender.send("POST", self._target(path), headers, body), path, _SEE_OTHER
        )

    async def _get(self, who: Player, path: str, expected: int) -> Answer:
        headers = self._headers(who)
        return await self._timed(
            self._sender.send("GET", self._target(path), headers), path, expected
        )

    async def _timed(self, sent: Awaitable[Answer], path: str, expected: int) -> Answer:
        began = time.perf_counter()
        answer = await sent
        self.took.append(since(began))
        if answer.status != expected:
            text = re.sub(r"<[^>]*>|\s+", " ", answer.body.decode(errors="replace"))
            raise Failed(f"{path}: {answer.status} {text[:400]}")
        return answer

    def _target(self, path: str) -> str:
        return f"/{self._cast.slug}{quote(path, safe='/?=&%')}"

    def _headers(self, who: Player) -> dict[str, str]:
        """Behind a proxy, each resident from an address of their own."""
        return {"cookie": who.cookie, "x-forwarded-for": address_of(self._number)}


def address_of(number: int) -> str:
    """An address for each case."""
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def since(began: float) -> Took:
    """The answer to what was asked then has come now."""
    now = time.perf_counter()
    return now, now - began
