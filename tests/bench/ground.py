"""A county with so many cases in a database of its own, and the people who will act in it."""

import asyncio
import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import make_url, select, update

from bench.acting import Cast, Place, Player
from bench.line import Line
from bench.loader import load
from bench.trail import Ground
from gridgov.access.models import Binding
from gridgov.accounts.actions.entering import open_sign_in
from gridgov.accounts.models import Account
from gridgov.cases.models import Case
from gridgov.cli.tenant import onboard_package
from gridgov.embedded.places import CHECKOUT
from gridgov.embedded.stack import Stack
from gridgov.grid.models import GridNode
from gridgov.kernel.clock import now as this_moment
from gridgov.kernel.db import Database
from gridgov.kernel.settings import Settings
from gridgov.migrations.running import migrate
from gridgov.policy import Policies
from gridgov.services.actions.codes import issue_codes
from gridgov.services.models import PlaceCode
from gridgov.services.types import CodeKind
from gridgov.tenants.rulebooks import Rulebooks
from gridgov.tenants.workplace import Workplace, Workplaces
from gridgov.testkit.signing_in import HASHED
from gridgov.web.csrf import cookie_name

PACKAGE: Final = CHECKOUT / "tenants" / "liling"
SHAPERS: Final = (
    "platform/gridgov/migrations/**/*.py",
    "tests/bench/loader.py",
    "tests/bench/trail.py",
    "tests/bench/vocabulary.py",
    "tenants/liling/*",
)
_PLACES: Final = 40
_VISITORS: Final = 40
_CASES: Final = 40
_CODES: Final = 12
_TOKEN: Final = re.compile(rb'name="_csrf" value="([0-9a-f]+)"')


def database_for(stack: Stack, cases: int, say: Callable[[str], None], *, fresh: bool) -> Settings:
    """The county with so many cases: made now, or kept from an earlier run of the same code."""
    name = f"bench_{cases}_{_state()}"
    settings = replace(stack.settings(name), proxies=("127.0.0.1",))
    kept = stack.sql("SELECT datname FROM pg_database WHERE datname LIKE 'bench%'")
    whole = bool(
        stack.sql(
            f"SELECT 1 FROM pg_shdescription s JOIN pg_database d ON d.oid = s.objoid "
            f"WHERE d.datname = '{name}' AND s.description = 'whole'"
        )
    )
    if whole and not fresh:
        return settings
    for old in kept:
        if old.startswith(f"bench_{cases}_"):
            stack.sql(f"DROP DATABASE {old} WITH (FORCE)")
    stack.prepare_database(name)
    migrate(settings)
    say(f"loading {cases:,} cases")
    fill(stack, settings, cases, everything=True)
    stack.sql(f"COMMENT ON DATABASE {name} IS 'whole'")
    return settings


def fill(stack: Stack, settings: Settings, cases: int, **how: bool) -> None:
    """Onboard the county into a migrated database and load so many cases."""
    name = str(make_url(settings.database_url).database)
    onboard_package(settings, PACKAGE, tokens=stack.place.folder / f"tokens-{name}.csv")
    place = asyncio.run(workplace_of(settings))
    ground = Ground(place.tenant.id, place.tenant.code, Policies().of(place.tenant.plugins))
    load(partial(stack.sql, database=name), ground, cases, **how)


def _state() -> str:
    """A short name for everything that shapes the rows."""
    digest = hashlib.sha256()
    for path in sorted({path for pattern in SHAPERS for path in CHECKOUT.glob(pattern)}):
        digest.update(Path(path).read_bytes())
    return digest.hexdigest()[:8]


async def workplace_of(settings: Settings) -> Workplace:
    """The one county there."""
    database = Database(settings)
    try:
        places = Workplaces(database, Rulebooks(Policies()), settings.secret)
        (record,) = await places.records()
        return places.of(record)
    finally:
        await database.close()


async def cast_of(settings: Settings) -> Cast:
    """Sign everybody in who will act. Their forms' tokens come with their first page."""
    database = Database(settings)
    try:
        place = await workplace_of(settings)
        async with database.session(place.tenant.id) as session:
            bound = (
                await session.execute(
                    select(Binding.role, Binding.account_id, Binding.departments, GridNode.path)
                    .join(GridNode, GridNode.id == Binding.node_id)
                    .order_by(GridNode.path, Binding.account_id)
                )
            ).all()
            leaves = (
                await session.execute(
                    select(GridNode.id, GridNode.path, GridNode.lon, GridNode.lat)
                    .where(GridNode.level == "grid", GridNode.lon.is_not(None))
                    .order_by(GridNode.path)
                )
            ).all()
            cases = list(
                await session.scalars(
                    select(Case.id).where(Case.ends == "").order_by(Case.due_at).limit(_CASES)
                )
            )
        sign_in = partial(_signed_in, database, settings)
        clerks = {row.path: row.account_id for row in bound if row.role == "station_clerk"}
        handlers = {row.departments[0]: row.account_id for row in bound if row.role == "handler"}
        chosen = leaves[:: max(1, len(leaves) // _PLACES)][:_PLACES]
        return Cast(
            slug=place.tenant.slug,
            visitors=[Player("") for _ in range(_VISITORS)],
            places=[
                Place(
                    lon,
                    lat,
                    await sign_in(clerks[path.rpartition(".")[0].rpartition(".")[0] + "."]),
                )
                for _, path, lon, lat in chosen
            ],
            dispatchers=[await sign_in(r.account_id) for r in bound if r.role == "dispatcher"],
            handlers=[(str(d), await sign_in(account)) for d, account in sorted(handlers.items())],
            supervisor=await sign_in(
                next(row.account_id for row in bound if row.role == "supervisor")
            ),
            cases=[str(case) for case in cases],
            codes=await _codes(place, [row.id for row in chosen[:_CODES]]),
        )
    finally:
        await database.close()


async def _codes(place: Workplace, grids: Sequence[UUID]) -> list[str]:
    """What is behind the codes of these grids; they are hung up once."""
    found = select(PlaceCode.token).where(PlaceCode.revoked_at.is_(None)).order_by(PlaceCode.id)
    async with place.transaction("bench") as ctx:
        if not await ctx.session.scalar(found.limit(1)):
            for grid in grids:
                await issue_codes(ctx, grid, kind=CodeKind.GRID, places=[])
        return [*await ctx.session.scalars(found)]


async def _signed_in(database: Database, settings: Settings, account: Any) -> Player:
    now = this_moment()
    async with database.shared() as session:
        await session.execute(
            update(Account).where(Account.id == account).values(password=HASHED, token=None)
        )
        entered = await open_sign_in(
            session, account, device="bench", now=now, until=now + timedelta(hours=12)
        )
    return Player(f"{cookie_name(settings, 'session')}={entered.secret}")


async def give_tokens(cast: Cast, host: str, port: int) -> None:
    """Let every browser open its first page and keep the token of its forms."""
    line = Line(host, port)
    for player, path in [(one, "/suggestions") for one in cast.staff()] + [
        (one, "/report") for one in cast.visitors
    ]:
        headers = {"cookie": player.cookie} if player.cookie else {}
        answer = await line.send("GET", f"/{cast.slug}{path}", headers)
        found = _TOKEN.search(answer.body)
        if found is None:
            raise RuntimeError(f"{path}: {answer.status} {answer.body[:2000]!r}")
        player.token = found.group(1).decode()
        if answer.cookies:
            player.cookie = "; ".join(f"{name}={value}" for name, value in answer.cookies.items())
    line.close()
