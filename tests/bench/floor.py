"""The floor: what the same work costs with nothing in between.

The same statements with the same kind of arguments, in the same transactions, on bare asyncpg
behind a bare ASGI handler under the same server. For a page also the same template with the values
that the product gave it. At its start each process has the product do the work once and listens.
"""

import time
from collections.abc import Awaitable, Callable
from typing import Any, Final, NamedTuple

import asyncpg
import msgspec
from granian import Granian
from granian.constants import Interfaces
from sqlalchemy import make_url

from bench.acting import Cast, Life, address_of
from bench.hearing import Again, Ear, Script, hearing
from bench.line import Answer, Sender
from bench.within import Within
from gridgov.app import create_app
from gridgov.kernel.settings import Settings
from gridgov.web.shell import Shell

Send = Callable[[dict[str, Any]], Awaitable[None]]
LIVES: Final = 12
_CONNECTIONS: Final = 8


class Target(NamedTuple):
    """A page that is measured, and the cookie that opens it."""

    name: str
    address: str
    cookie: str


class _Listener:
    """Brings requests to the product and keeps, for each, what it said and what it rendered."""

    def __init__(self, sender: Sender, taken: Callable[[], Script]) -> None:
        self._sender = sender
        self._taken = taken
        self.scripts: list[Script] = []
        self.answers: list[Answer] = []

    async def send(
        self, method: str, target: str, headers: dict[str, str], body: bytes = b""
    ) -> Answer:
        """The answer; the script of the request goes to ``scripts``."""
        self._taken()
        answer = await self._sender.send(method, target, headers, body)
        self.scripts.append(self._taken())
        self.answers.append(answer)
        return answer


class Floor:
    """Everything that the bare handlers say, learned from the product."""

    def __init__(self, settings: Settings, cast: Cast) -> None:
        self._settings = settings
        self._cast = cast
        self._lives: list[Again] = []
        self._pages: dict[str, list[tuple[Again, Callable[[], bytes]]]] = {}
        self._pool: Any = None

    async def open(self) -> None:
        """Have the product work once, then connect."""
        app = create_app(self._settings)
        async with app.lifespan():
            with hearing(app.state.database.sync_engine) as ear:
                within = Within(app)
                first = time.time_ns() // 1_000_000 * 1000  # nobody has been here from its address
                await self._warm(within, first)
                for number in range(first + 1, first + 1 + LIVES):
                    await self._learn_life(_Listener(within, ear.taken), number)
                for page in targets(self._cast):
                    await self.learn(app.state.shell, within, ear, page)
        await self.connect()

    async def learn(self, shell: Shell, sender: Sender, ear: Ear, page: Target) -> None:
        """Listen while the product makes the page, once."""
        await self._learn_page(shell, _Listener(sender, ear.taken), page)

    async def connect(self) -> None:
        """The connections that the floor speaks through."""
        url = make_url(self._settings.database_url)
        self._pool = await asyncpg.create_pool(
            user=url.username,
            password=url.password,
            database=url.database,
            host=url.query["host"],
            min_size=_CONNECTIONS,
            max_size=_CONNECTIONS,
            statement_cache_size=500,
            reset=_leave_as_is,
            server_settings={"jit": "off"},
        )

    async def _warm(self, sender: Sender, number: int) -> None:
        """What a process asks but once is no part of the work."""
        await Life(sender, self._cast, number).run()
        cookies = {player.cookie for player in self._cast.staff()}
        for target, cookie in [(f"/{self._cast.slug}/suggestions", each) for each in cookies]:
            await sender.send("GET", target, {"cookie": cookie})
        for _, target, cookie in targets(self._cast):
            await sender.send("GET", target, {"cookie": cookie})

    async def _learn_life(self, listener: _Listener, number: int) -> None:
        since = time.time_ns() // 1_000_000
        life = Life(listener, self._cast, number)
        await life.run()
        words = {life.code: lambda n: f"{n:018d}", address_of(number): address_of}
        self._lives.append(Again(listener.scripts, words, since))

    async def _learn_page(self, shell: Shell, listener: _Listener, page: Target) -> None:
        kept: list[Callable[[], bytes]] = []
        render = shell.render

        def rendered(template: str, locale: str, values: Any) -> str:
            kept.append(lambda: render(template, locale, values).encode())
            return render(template, locale, values)

        shell.render = rendered  # type: ignore[method-assign]
        try:
            answer = await listener.send("GET", page.address, {"cookie": page.cookie})
        finally:
            shell.render = render  # type: ignore[method-assign]
        if answer.status != 200 or len(kept) != 1:
            raise RuntimeError(f"{page.address}: {answer.status}, rendered {len(kept)} times")
        learned = (Again(listener.scripts, {}, 1 << 60), kept[0])
        self._pages.setdefault(page.name, []).append(learned)

    async def life(self, number: int, step: int) -> None:
        """Say what the product said at this step, of a case with this number."""
        again = self._lives[number % len(self._lives)]
        await self._say(again, step, number)

    async def page(self, name: str, number: int) -> bytes:
        """Read what the product read, and render what it rendered."""
        again, render = self._pages[name][number % len(self._pages[name])]
        await self._say(again, 0, number)
        return render()

    async def _say(self, again: Again, step: int, number: int) -> None:
        for transaction in again.scripts[step]:
            (announced, _), *rest = transaction
            async with self._pool.acquire() as connection:
                await connection.execute(f"BEGIN; {announced.sql}")  # one message, as the product
                for said, changing in rest:
                    given = again.given(said, changing, number)
                    if said.many:
                        await connection.executemany(said.sql, given)
                    else:
                        await connection.fetch(said.sql, *given[0])
                await connection.execute("COMMIT")

    async def close(self) -> None:
        """Hang up."""
        if self._pool is not None:
            await self._pool.close()


async def _leave_as_is(_: Any) -> None:
    """The product resets nothing either: what it sets ends with the transaction."""


def targets(cast: Cast) -> list[Target]:
    """The pages that are measured."""
    desk = cast.dispatchers[0].cookie
    return [
        Target("worklist", f"/{cast.slug}/cases", desk),
        *(Target("case", f"/{cast.slug}/cases/{case}", desk) for case in cast.cases),
        Target("overview", f"/{cast.slug}/overview", cast.supervisor.cookie),
        *(Target("scan", f"/{cast.slug}/q/{code}", "") for code in cast.codes),
    ]


def create_floor() -> Callable[..., Awaitable[None]]:
    """The bare application."""
    settings = Settings.from_env()
    cast = msgspec.json.decode((settings.files / "cast.json").read_bytes(), type=Cast)
    floor = Floor(settings, cast)

    async def app(scope: dict[str, Any], receive: Any, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(floor, receive, send)
            return
        while (await receive()).get("more_body"):
            pass
        _, kind, *rest = scope["path"].split("/")
        if kind == "life":
            await floor.life(int(rest[0]), int(rest[1]))
            await _answer(send, 303, b"")
        elif kind == "page":
            await _answer(send, 200, await floor.page(rest[0], int(rest[1])))
        else:
            await _answer(send, 200, b"ready")

    return app


async def _live(floor: Floor, receive: Any, send: Send) -> None:
    await receive()
    await floor.open()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await floor.close()
    await send({"type": "lifespan.shutdown.complete"})


async def _answer(send: Send, status: int, body: bytes) -> None:
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def main() -> None:
    """Serve the floor as the product is served, with as many processes."""
    settings = Settings.from_env()
    Granian(
        "bench.floor:create_floor",
        factory=True,
        interface=Interfaces.ASGI,
        address=settings.bind_host,
        port=settings.bind_port,
        workers=settings.web_processes,
        websockets=False,
        log_access=False,
    ).serve()


if __name__ == "__main__":
    main()
