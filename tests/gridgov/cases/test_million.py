"""A county with a million cases: which index each list goes by, how fast search and figures are."""

import random
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import compress, islice
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, select

from bench.ground import fill, workplace_of
from bench.vocabulary import TITLES as TITLES_BY_CATEGORY
from bench.vocabulary import places
from gridgov.access.models import Binding
from gridgov.assessment.actions.evaluating import begin_evaluation, evaluate_part
from gridgov.assessment.actions.reviewing import open_review
from gridgov.assessment.queries import reviews
from gridgov.assessment.queries.figures import counted
from gridgov.assessment.rules.periods import ALL, period_before, period_of
from gridgov.assessment.rules.reviewing import parts_of
from gridgov.assessment.types import EVALUATE
from gridgov.cases.models import Case
from gridgov.cases.queries.overview import overview
from gridgov.cases.queries.platforms import of_platform, open_by_light
from gridgov.cases.queries.tallies import lights_among, tally
from gridgov.cases.queries.worklist import OPEN, CaseFilter, worklist
from gridgov.cases.rules.words import plain
from gridgov.cases.types import CaseRight, Light
from gridgov.context import Context
from gridgov.contract.actor import Actor, Scope
from gridgov.grid.models import GridNode
from gridgov.kernel.clock import now
from gridgov.kernel.db import Database
from gridgov.kernel.outbox import Event, OutboxEvent
from gridgov.testkit.databases import a_database

pytestmark = pytest.mark.million
MILLION = 1_000_000
TITLES = [title for titles in TITLES_BY_CATEGORY.values() for title in titles]
BIG = ("cases", "case_terms")
PAGE = 50


@dataclass(frozen=True)
class County:
    """Who looks, at how much."""

    database: Database
    place: Any
    actors: dict[str, Actor]
    code: str
    day: datetime = field(default_factory=lambda: now() - timedelta(days=100))

    @property
    def next_day(self) -> datetime:
        """A day after ``day``."""
        return self.day + timedelta(days=1)

    @property
    def grid(self) -> str:
        """Where the worker is bound."""
        return self.actors["worker"].rights[CaseRight.READ][0].path

    @property
    def department(self) -> UUID:
        """The handler's."""
        return self.actors["handler"].rights[CaseRight.READ][0].departments[0]

    @asynccontextmanager
    async def looking(self, role: str) -> AsyncIterator[Context]:
        """A transaction of somebody with that role."""
        async with self.place.transaction("test", now=now()) as ctx:
            yield replace(ctx, actor=self.actors[role])


@pytest.fixture(scope="module")
async def county(stack) -> AsyncIterator[County]:
    """Liling with a million cases and their terms, in a database of its own."""
    with a_database(stack) as settings:
        with ThreadPoolExecutor(1) as pool:  # it runs event loops of its own
            pool.submit(fill, stack, settings, MILLION, lasting=False).result()
        database = Database(settings)
        place = replace(await workplace_of(settings), database=database)
        async with place.transaction("test") as ctx:
            bound = await ctx.session.execute(
                select(Binding.role, Binding.account_id, Binding.departments, GridNode.path)
                .join(GridNode, GridNode.id == Binding.node_id)
                .order_by(GridNode.path.desc(), Binding.account_id.desc())
            )
            actors = {row.role: _actor(ctx.policy.roles[row.role], row) for row in bound}
            code = await ctx.session.scalar(select(Case.code).limit(1))
        yield County(database, place, actors, code)
        await database.close()


def _actor(role: Any, row: Any) -> Actor:
    scope = Scope(row.path, tuple(row.departments))
    rights = {str(right): (scope,) for right in role.rights}
    return Actor(row.account_id, None, "测试", role.name, (role.code,), rights)


LISTS = {
    "everything, the newest first": ("dispatcher", lambda _: {}, "pk_cases"),
    "open, the soonest due first": ("dispatcher", lambda _: {"ends": OPEN}, "due_at_id"),
    "red": ("dispatcher", lambda _: {"light": Light.RED}, "due_at_id"),
    "in one state": ("dispatcher", lambda _: {"states": ("filed",)}, "desk_path"),
    "of a category": ("dispatcher", lambda _: {"category": "P0103"}, "category_id"),
    "urgent": ("dispatcher", lambda _: {"urgency": "urgent"}, "urgency_id"),
    "of a grid": ("dispatcher", lambda c: {"path": c.grid}, "node_path"),
    "of a department": ("dispatcher", lambda c: {"department": c.department}, "department_id"),
    "supervised": ("dispatcher", lambda _: {"supervised": True}, "tenant_id_id "),
    "refused": ("dispatcher", lambda _: {"ends": "refused"}, "ends_id"),
    "of a day": ("dispatcher", lambda c: {"since": c.day, "until": c.next_day}, "opened_at"),
    "my turn, at a desk": ("subcentre_clerk", lambda _: {"mine": True}, "desk_path"),
    "my turn, in a department": ("handler", lambda _: {"mine": True}, "department_id"),
    "my own reports": ("worker", lambda _: {"reported": True}, "reported_by"),
    "by a common pair": ("dispatcher", lambda _: {"text": "井盖"}, "pk_case"),
    "by a rare pair": ("dispatcher", lambda _: {"text": "福禄面馆"}, "pk_case_terms"),
    "by a code": ("dispatcher", lambda c: {"text": c.code}, "code"),
}
"""Who asks for which list, and the index that leads to it (a part of its name)."""


@pytest.mark.parametrize("name", LISTS)
async def test_a_list_goes_by_its_index(county, name):
    role, wanted, index = LISTS[name]
    async with county.looking(role) as ctx, plans(ctx, county) as told:
        await worklist(ctx, CaseFilter(**wanted(county)))
    assert index in told[-1]
    assert scanned(told) == []


@pytest.mark.parametrize("role", ["dispatcher", "subcentre_clerk", "handler", "supervisor"])
async def test_what_is_counted_is_counted_over_indexes(county, role):
    async with county.looking(role) as ctx, plans(ctx, county) as told:
        await tally(ctx)
        await lights_among(ctx, CaseFilter(ends=OPEN))
    assert scanned(told) == []


async def test_the_overview_reads_no_table_whole(county):
    async with county.looking("supervisor") as ctx, plans(ctx, county) as told:
        await overview(ctx, days=30, depth=3)
    assert scanned(told) == []


async def test_search_finds_what_like_finds_and_is_quick(county):
    """Two hundred queries of two to six characters; the first page of each."""
    took: list[float] = []
    async with county.looking("dispatcher") as ctx:
        oracle = await Oracle.of(ctx)
        for asked in queries():
            began = time.perf_counter()
            rows = (await worklist(ctx, CaseFilter(text=asked), limit=PAGE)).rows
            took.append(time.perf_counter() - began)
            assert [row.id for row in rows] == oracle.newest(asked), asked

    assert len(took) == 200
    assert sorted(took)[189] < 0.1


@pytest.mark.parametrize("kind", ["quarterly", "year_end"])
async def test_a_period_is_evaluated_within_a_minute_step_by_step(county, kind):
    """Nothing of it takes as long as a statement may; how far it is can be seen after each step."""
    async with county.place.transaction("test") as ctx:
        months = next(one.months for one in ctx.policy.county.reviews if one.code == kind)
        review_id = await open_review(ctx, kind, period_before(ctx.today, months).code)
        evaluation = await begin_evaluation(ctx, review_id)
        steps = parts_of(await reviews.review_of(ctx, review_id))
    took: list[float] = []
    for step in steps:
        async with county.place.transaction("test") as ctx:
            row = await ctx.session.scalar(
                select(OutboxEvent).where(
                    OutboxEvent.kind == EVALUATE,
                    OutboxEvent.subject == evaluation,
                    OutboxEvent.payload["part"].as_string() == step,
                )
            )
            began = time.perf_counter()
            await evaluate_part(
                ctx, Event(row.id, row.tenant_id, row.kind, row.subject, None, row.payload, row.at)
            )
        took.append(time.perf_counter() - began)
    async with county.place.transaction("test") as ctx:
        (newest,) = await reviews.evaluations(ctx, review_id)
    assert newest.finished_at is not None
    assert sum(row.closed for row in newest.departments) > 50_000
    assert sum(row.rated for row in newest.departments) > 25_000
    assert max(took) < 10
    assert sum(took) < 60


async def test_headline_figures_and_platforms_are_counted_over_indexes(county):
    async with county.looking("supervisor") as ctx, plans(ctx, county) as told:
        declared = ctx.policy.county
        (sheet,) = [one for one in declared.sheets if one.code == "headline"]
        wanted = [figure for figure in declared.figures if figure.code in sheet.figures]
        counts = await counted(ctx, wanted, period_of(ALL, ctx.today))
        open_ones = await open_by_light(ctx, [of_platform(one) for one in declared.platforms])
    assert counts.under("incidents", "") == MILLION
    assert sum(sum(lights.values()) for lights in open_ones) > 1_000
    assert scanned(told) == []


def queries() -> Iterator[str]:
    """Out of titles and places, and some that no case has."""
    rng = random.Random(11)
    texts = [*TITLES, *(place.text for place in places())]
    for number in range(200):
        text, length = rng.choice(texts), rng.randint(2, 6)
        start = rng.randrange(max(1, len(text) - length + 1))
        made_up = "".join(rng.sample("井盖雨水灯路破损区第网格漏坑", length))
        yield made_up if number % 10 == 0 else text[start : start + length]


@dataclass(frozen=True)
class Oracle:
    """A copy of every case, the newest first, by the number of its text: what LIKE would find."""

    cases: list[UUID]
    numbers: list[int]
    texts: list[str]

    @classmethod
    async def of(cls, ctx: Context) -> "Oracle":
        driver = await _driver(ctx)
        await driver.execute("SET LOCAL statement_timeout = 0")
        texts = await driver.fetchval("SELECT array_agg(DISTINCT words) FROM cases")
        cases, numbers = await driver.fetchrow(
            "SELECT array_agg(id ORDER BY id DESC), array_agg(number ORDER BY id DESC) FROM cases "
            "JOIN unnest($1::text[]) WITH ORDINALITY AS known (text, number) ON text = words",
            texts,
        )
        await driver.execute("SET LOCAL statement_timeout = 5000")
        return cls(cases, numbers, ["", *texts])

    def newest(self, asked: str) -> list[UUID]:
        """The first page of those in whose text it stands."""
        wanted = plain(asked)
        found = [wanted in text for text in self.texts]
        return list(islice(compress(self.cases, map(found.__getitem__, self.numbers)), PAGE))


async def _driver(ctx: Context) -> Any:
    connection = await ctx.session.connection()
    return (await connection.get_raw_connection()).driver_connection


@asynccontextmanager
async def plans(ctx: Context, county: County) -> AsyncIterator[list[str]]:
    """The plans of what is said meanwhile, each as the app's role gets it, row security and all."""
    said: list[tuple[str, Any]] = []
    told: list[str] = []

    def note(_connection: Any, _cursor: Any, words: str, given: Any, *_: Any) -> None:
        if not words.startswith("SET"):
            said.append((words, given))

    event.listen(county.database.sync_engine, "before_cursor_execute", note)
    try:
        yield told
    finally:
        event.remove(county.database.sync_engine, "before_cursor_execute", note)
    connection = await ctx.session.connection()
    for words, given in said:
        explained = await connection.exec_driver_sql(f"EXPLAIN {words}", given)
        told.append("\n".join(line for (line,) in explained))


def scanned(told: list[str]) -> list[str]:
    """The plans that read a big table from end to end."""
    return [plan for plan in told if any(f"Seq Scan on {table}" in plan for table in BIG)]
