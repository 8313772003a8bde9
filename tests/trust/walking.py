"""One walk through every page of one's own county, kept for all that is to be said about it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
from sqlalchemy import delete

from factories.stock import Stock
from gridgov.accounts.models import Attempt
from gridgov.testkit.doors import Door
from gridgov.testkit.statements import statements
from trust.calling import call
from trust.doing import do, doing_of
from trust.watch import tenant_tables
from trust.ways import Typed, filled, way_of

STREAMS = {"GET /{tenant}/live"}
"""Never end, so they are not called to the end."""

TENANT_TABLES = "|".join(sorted((table.name for table in tenant_tables()), key=len, reverse=True))
NAMED = re.compile(
    rf"(?:\bFROM|\bJOIN|\bUPDATE|,)\s+({TENANT_TABLES})\b(?!\.)(?:\s+AS\s+(\w+))?", re.IGNORECASE
)
COLUMNS = re.compile(r"(?<=INTO )(\w+\s*)\([^)]*\)")
"""What an INSERT fills: columns that may be called like tables."""
PUT = re.compile(rf"\bINSERT INTO ({TENANT_TABLES})\s*\(([^)]*)\)", re.IGNORECASE)


@dataclass
class Visit:
    """One call with the statements that it cost."""

    door: Door
    answer: httpx.Response
    sent: list[str] = field(default_factory=list)
    also: tuple[int, ...] = ()

    @property
    def opened(self) -> bool:
        return self.answer.status_code < 400 or self.answer.status_code in self.also


async def visit(
    browser: httpx.AsyncClient,
    door: Door,
    stock: Stock,
    *,
    token: str = "",
    typed: Typed | None = None,
) -> Visit:
    """One call with what the way types, or with something else."""
    way = way_of(door)
    address = door.at(stock.slug, **filled(door, stock))
    typed = way.typed(stock) if typed is None else typed
    with statements(stock.app.state.database) as sent:
        answer = await call(browser, door, address, typed, token=token)
    return Visit(door, answer, list(sent), way.also)


async def walk(
    stock: Stock,
    doors: list[Door],
    typed: Callable[[Door], Typed | None] = lambda _: None,
    *,
    who: str | None = None,
) -> list[Visit]:
    """Every page that reads, twice: what is kept by the process is kept at the second visit."""
    visits = []
    async with stock.browsing(who) as browser:
        for door in doors:
            if door.in_tenant and not door.writes and door.key not in STREAMS:
                await visit(browser, door, stock, typed=typed(door))
                visits.append(await visit(browser, door, stock, typed=typed(door)))
    return visits


async def act(stock: Stock, doors: list[Door]) -> list[Visit]:
    """Every door that writes, each as somebody who has just come in; the sweeping ones last."""
    visits = []
    for door in sorted(doors, key=lambda door: (not doing_of(door).early, not door.places)):
        if door.in_tenant and door.writes:
            await uncounted(stock)
            with statements(stock.app.state.database) as sent:
                answer = await do(stock, door)
            visits.append(Visit(door, answer, list(sent), way_of(door).also))
    return visits


async def uncounted(stock: Stock) -> None:
    """Nobody does all of it in one hour: what the limiter has counted is forgotten."""
    async with stock.app.state.database.shared() as session:
        await session.execute(delete(Attempt))


def bare(statement: str) -> list[str]:
    """Tables of tenants that a statement names without saying whose rows."""
    found = []
    said_of = COLUMNS.sub("", statement)
    for table, alias in NAMED.findall(said_of):
        name = re.escape(alias or table)
        said = rf"\b{name}\.tenant_id (=|IN)|= {name}\.tenant_id\b"
        if not re.search(said, statement):
            found.append(alias or table)
    found += [table for table, columns in PUT.findall(statement) if "tenant_id" not in columns]
    return found
