"""Servers, processes and a load of our own; what must be true when the dust has settled."""

import asyncio
import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import distinct, func, select

from crash.victims import REPORTED, TRACE
from factories.tenants import a_county
from factories.working import place_in
from gridgov.accounts.actions.entering import open_sign_in
from gridgov.accounts.models import Account, SignIn
from gridgov.audit.models import AuditEntry
from gridgov.audit.verifying import verify
from gridgov.cases.models import Case, CaseReporter
from gridgov.embedded.stack import Stack
from gridgov.kernel.clock import now
from gridgov.kernel.db import Database
from gridgov.kernel.outbox import DONE, OutboxDelivery, OutboxEvent
from gridgov.kernel.settings import Settings
from gridgov.notices.models import Notice
from gridgov.testkit.counties import ACounty, installed_policies
from gridgov.testkit.databases import make_database
from gridgov.testkit.signing_in import HASHED
from gridgov.web.models import Operation

TESTS = Path(__file__).parents[1]
PATIENCE = 60.0
"""Seconds in which everything must be right again, on a machine that others use as well."""


@pytest.fixture(scope="session")
def own_stack() -> Iterator[Stack]:
    """As everywhere, but one for all disasters: durable servers that may be killed."""
    own = Stack.named(f"crash{os.getpid()}")
    try:
        with own.opened():
            make_database(own, "gridgov")
            yield own
    finally:
        own.discard()


@dataclass
class Process:
    """A part of the product in a process group of its own."""

    arguments: tuple[str, ...]
    settings: Settings
    log: Path
    running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin; one that runs goes on."""
        if self.alive:
            return
        environment = self.settings.environment()
        paths = [str(TESTS), environment.get("PYTHONPATH", "")]
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
        with self.log.open("ab") as said:
            self.running = subprocess.Popen(
                [sys.executable, "-m", *self.arguments],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                env=environment,
                start_new_session=True,
            )

    @property
    def alive(self) -> bool:
        return self.running is not None and self.running.poll() is None

    def kill(self) -> None:
        """As the kernel does when memory runs out: no farewell, children included."""
        if self.running is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.running.pid, signal.SIGKILL)
            self.running.wait(10)

    def stop(self) -> float:
        """Politely; how long it took."""
        began = monotonic()
        if self.running is not None and self.alive:
            self.running.terminate()
            try:
                self.running.wait(12)
            finally:
                self.kill()
        return monotonic() - began


@dataclass
class Scene:
    """A county on durable servers, and what is done to it."""

    stack: Stack
    settings: Settings
    database: Database
    county: ACounty
    web: Process
    workers: tuple[Process, Process]
    acknowledged: dict[str, str] = field(default_factory=dict)

    @property
    def worker(self) -> Process:
        return self.workers[0]

    async def begin(self) -> None:
        """The web process answers, and a worker works."""
        self.web.start()
        self.worker.start()
        await self.answers()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.settings.bind_port}/{self.county.tenant.slug}"

    async def answers(self) -> None:
        """Wait until the web process answers."""
        async with httpx.AsyncClient() as client:
            async for _ in trying():
                with contextlib.suppress(httpx.HTTPError):
                    answer = await client.get(f"{self.address}/log-in", timeout=2)
                    if answer.status_code == 200:
                        return

    async def submit(self, count: int, *, at_once: int = 8) -> None:
        """Send forms, each again and again until it is acknowledged; one in five twice at once."""
        submission = await Submission.learned(self)
        numbers = iter(range(count))

        async def send_all() -> None:
            async with httpx.AsyncClient(timeout=6) as client:
                for number in numbers:
                    operation = str(uuid4())
                    sendings = [submission.send(client, operation, number)]
                    if number % 5 == 0:
                        sendings.append(submission.send(client, operation, number))
                    places = await asyncio.gather(*sendings)
                    assert len(set(places)) == 1
                    self.acknowledged[operation] = places[0]
                    await asyncio.sleep(0.02)

        await asyncio.gather(*(send_all() for _ in range(at_once)))

    async def reaches(self, count: int) -> None:
        """Wait until that many forms are acknowledged."""
        async for _ in trying():
            if len(self.acknowledged) >= count:
                return

    async def has_traced(self, count: int) -> None:
        """Wait until that many events had their effect."""
        traces = select(func.count()).where(Operation.location == TRACE)
        async for _ in trying():
            async with self.database.session(self.county.tenant.id) as session:
                if (await session.scalar(traces) or 0) >= count:
                    return

    async def all_told(self) -> None:
        """Wait until the relay has nothing left to do."""
        pending = select(func.count()).where(OutboxEvent.done_at.is_(None))
        async for _ in trying():
            with contextlib.suppress(Exception):  # the server may be on its way up again
                async with self.database.session(self.county.tenant.id) as session:
                    if await session.scalar(pending) == 0:
                        return

    async def check(self, *, submitted: int = 0, pending: int = 0) -> None:
        """Nothing is missing and nothing is double."""
        events = submitted + pending
        traced, reported = Operation.location == TRACE, AuditEntry.verb == REPORTED
        async with self.database.session(self.county.tenant.id) as session:

            async def count(column, *which) -> tuple[int, int]:
                counts = select(func.count(column), func.count(distinct(column))).where(*which)
                return tuple((await session.execute(counts)).one())

            assert await count(Case.code) == (submitted, submitted)
            assert await count(Case.description) == (submitted, submitted)
            assert await count(CaseReporter.case_id) == (submitted, submitted)
            assert await count(Operation.location, ~traced) == (submitted, submitted)
            assert await count(OutboxEvent.id, OutboxEvent.kind == REPORTED) == (submitted,) * 2
            assert await count(Operation.account_id, traced) == (events, events)
            assert await count(AuditEntry.subject_id, reported) == (submitted, submitted)
            told = AuditEntry.verb == "crash.traced"
            assert await count(AuditEntry.subject_id, told) == (events, events)
            assert await count(OutboxDelivery.id, OutboxDelivery.state != DONE) == (0, 0)
            notices = select(func.count(Notice.id)).group_by(Notice.about)
            assert (await count(Notice.about))[1] == events
            assert len(set(await session.scalars(notices))) == 1  # of each as many as of the others
            rows = select(Operation.id, Operation.location).where(~traced)
            kept = {str(row.id): row.location for row in await session.execute(rows)}
        assert kept == self.acknowledged
        place = await place_in(self.county, self.database, self.settings)
        async with place.transaction("test") as ctx:
            assert (await verify(ctx)).findings == []

    @contextlib.asynccontextmanager
    async def signed_in(self) -> AsyncIterator[dict[str, str]]:
        """Somebody who is signed in before, and must be after; their cookies."""
        account_id = self.county.accounts["worker"].account_id
        async with self.database.shared() as session:
            account = await session.get(Account, account_id)
            assert account is not None
            account.password, account.token = HASHED, None
            entered = await open_sign_in(
                session, account_id, device="测试机", now=now(), until=now().replace(year=2099)
            )
        cookies = {"gridgov_session": entered.secret}
        yield cookies
        async with httpx.AsyncClient(cookies=cookies) as client:
            answer = await client.get(f"{self.address}/notices/unread", timeout=5)
        assert (answer.status_code, answer.json()) == (200, {"unread": 0})
        async with self.database.shared() as session:
            mine = select(func.count(SignIn.id)).where(SignIn.account_id == account_id)
            assert await session.scalar(mine) == 1


@dataclass(frozen=True)
class Submission:
    """A resident's report: where to, and with what besides its number."""

    address: str
    fields: dict[str, str]
    cookies: dict[str, str]

    @classmethod
    async def learned(cls, scene: Scene) -> "Submission":
        """With the page's token, which stays good when the server is started anew."""
        async with httpx.AsyncClient() as client:
            page = await client.get(f"{scene.address}/report", timeout=5)
        token = re.search(r'name="_csrf" value="([0-9a-f]+)"', page.text)
        assert token
        county = installed_policies().of(scene.county.tenant.plugins).county
        fields = {
            "_csrf": token.group(1),
            "category": next(each.code for each in county.categories if each.parent),
            "grid": scene.county.at(county.levels[-1].code).code,
        }
        return cls(f"{scene.address}/report", fields, dict(page.cookies))

    async def send(self, client: httpx.AsyncClient, operation: str, number: int) -> str:
        """Until it is acknowledged; where the answer leads."""
        form = {**self.fields, "_op": operation, "description": f"第{number}件 {operation}"}
        headers = {
            "sec-fetch-site": "same-origin",
            "cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "x-forwarded-for": f"10.0.{number // 200}.{number % 200}",
        }
        async for _ in trying():
            with contextlib.suppress(httpx.HTTPError):
                answer = await client.post(self.address, data=form, headers=headers)
                if answer.status_code == 303:
                    return answer.headers["location"]
                assert answer.status_code >= 500, answer.text
        raise AssertionError


async def trying() -> AsyncIterator[None]:
    """Again and again, ten times a second, until there is no more time."""
    until = monotonic() + PATIENCE
    while monotonic() < until:
        yield
        await asyncio.sleep(0.1)
    raise AssertionError(f"not within {PATIENCE:.0f} s")


def free_port() -> int:
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return int(place.getsockname()[1])


@pytest.fixture(scope="session")
def product(own_stack, tmp_path_factory) -> Iterator[tuple[Settings, Process, Process, Process]]:
    """Settings, a web process and two workers; begun by the tests, which leave them running."""
    folder = tmp_path_factory.mktemp("crash")
    settings = own_stack.settings("gridgov", redis_database=1)
    settings = replace(
        settings,
        hosts=("127.0.0.1",),
        proxies=("127.0.0.1",),
        bind_port=free_port(),
        web_processes=1,
    )
    web = Process(("gridgov.cli.main", "serve"), settings, folder / "web.log")
    workers = [Process(("crash.victims",), settings, folder / f"worker{n}.log") for n in range(2)]
    yield settings, web, *workers
    for process in (web, *workers):
        process.kill()


@pytest.fixture
async def scene(own_stack, product) -> AsyncIterator[Scene]:
    settings, web, *workers = product
    database = Database(settings, pooled=False)
    county = await a_county(database, settings, settings_of={"resident_reports_hourly": 100})
    yield Scene(own_stack, settings, database, county, web, tuple(workers))
    await database.close()
