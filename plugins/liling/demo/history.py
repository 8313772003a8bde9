"""Invented days, ten cases each and more today, through the real actions in the order of time.

The same seed gives the same days; only the day on which they end is today. Each step is one act of
one person, as the pages would do it; a step that the rules refuse ends its case's story there.
"""

import heapq
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from itertools import count
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from gridgov.cases.actions.performing import perform
from gridgov.cases.actions.reporting import Contact, report_case
from gridgov.cases.models import Case
from gridgov.context import Context
from gridgov.contract.actor import NOBODY, Actor
from gridgov.contract.declarations import Origin
from gridgov.kernel.clock import now as this_moment
from gridgov.kernel.db import Database
from gridgov.kernel.errors import Refusal
from gridgov.kernel.settings import Settings
from gridgov.policy import Policies
from gridgov.staff.models import Department
from gridgov.tenants.rulebooks import Rulebooks
from gridgov.tenants.workplace import Workplace, Workplaces
from liling.demo.assessing import last_moment, look_back
from liling.demo.cast import Cast, Login, Player, cast_of, ways_in
from liling.demo.field import fill_field
from liling.demo.ground import Leaf, leaves_of
from liling.demo.lists import circulate, relist
from liling.demo.opinions import say_what_does_not_work
from liling.demo.people import fill_people
from liling.demo.pictures import photo_of_case
from liling.demo.places import fill_places
from liling.demo.plots import Plot, fresh_plot_of, plot_of
from liling.demo.services import code_at, fill_services
from liling.demo.stories import COMMENTS, IN_TOWN, IN_VILLAGE, MATTERS
from liling.demo.teams import fill_teams

SEED: Final = 430281
A_DAY: Final = 9.5
FRESH: Final = 30
_BATCH: Final = 60
_STAGES: Final = 7
_TOLD_EVERY: Final = 600
_NEAR_HOME: Final = 0.12
_OFFICE: Final = (time(8, 30), time(17, 30))

_DESKS: Final = ("station_clerk", "subcentre_clerk", "dispatcher")


@dataclass
class Story:
    """One case as it goes: what has happened, and what the plot still holds."""

    plot: Plot
    leaf: Leaf
    case_id: UUID | None = None
    reporter_id: UUID | None = None
    department: UUID | None = None
    fresh: bool = False


@dataclass
class Telling:
    """The whole history: what happens next, at what time."""

    ctx: Context
    cast: Cast
    departments: dict[str, UUID]
    luck: random.Random
    until: datetime
    queue: list[tuple[datetime, int, Story, int]] = field(
        default_factory=list[tuple[datetime, int, "Story", int]]
    )
    order: Iterator[int] = field(default_factory=count)
    refused: int = 0

    def plan(self, at: datetime, story: Story, step: int) -> None:
        """Let a step of a story happen, unless the history ends before."""
        if at < self.until:
            heapq.heappush(self.queue, (at, next(self.order), story, step))

    def later(self, at: datetime, hours: float) -> datetime:
        """Some hours on, and then in office hours: people sleep."""
        moment = at + timedelta(hours=hours)
        local = self.ctx.tenant.local(moment)
        begin, end = (datetime.combine(local.date(), limit, local.tzinfo) for limit in _OFFICE)
        if local < begin:
            return begin + timedelta(minutes=self.luck.randrange(90))
        if local >= end:
            return begin + timedelta(days=1, minutes=self.luck.randrange(90))
        return moment


async def fill(
    settings: Settings, *, days: int, say: Callable[[str], None]
) -> tuple[Sequence[Login], str]:
    """Fill the onboarded county once; always give its logins, and a code at a door."""
    database = Database(settings)
    try:
        places = Workplaces(database, Rulebooks(Policies()), settings.secret, files=settings.files)
        (record,) = await places.records(slug="liling")
        return await _fill(places.of(record), days, say)
    finally:
        await database.close()


async def _fill(
    place: Workplace, days: int, say: Callable[[str], None]
) -> tuple[Sequence[Login], str]:
    now = this_moment()
    async with place.transaction("演示") as ctx:
        there = await ctx.session.scalar(select(func.count()).select_from(Case)) or 0
        cast = await cast_of(ctx, ctx.tenant.day_of(now))
        leaves = await leaves_of(ctx)
        units = await ctx.session.execute(select(Department.code, Department.id))
        departments: dict[str, UUID] = {code: unit for code, unit in units}  # noqa: C416  (typed)
    luck = random.Random(SEED)  # noqa: S311  (a plausible history, no secret)
    home = luck.choice([leaf for leaf in leaves if ".002." in leaf.path or ".006." in leaf.path])
    if not there:
        async with place.transaction("演示") as ctx:
            await relist(ctx, cast, home.path, days=days, now=now)
        draft = Draft(cast, leaves, departments, home, luck, now, days)
        await tell(place, draft, say)
        before = replace(draft, now=last_moment(place.tenant, now), days=20, rate=3, fresh=0)
        await tell(place, replace(before, until=now), say)
        async with place.transaction("演示") as ctx:
            await say_what_does_not_work(ctx, cast, home.path, now)
            await circulate(ctx, cast, home.path, now)
        await fill_field(place, cast, home.path, days=days, now=now, say=say)
        await fill_services(place, cast, home.path, now=now)
        await fill_places(place, cast, home.path, now=now, say=say)
        async with place.transaction("演示") as ctx:
            await look_back(ctx, cast, home.path, now)
            await fill_teams(ctx, cast, home.path, now)
            await fill_people(ctx, cast, home.path, now)
    return await ways_in(place, cast, home.path), await code_at(place, home.path)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a history is made from."""

    cast: Cast
    leaves: list[Leaf]
    departments: dict[str, UUID]
    home: Leaf
    luck: random.Random
    now: datetime
    days: int
    rate: float = A_DAY
    fresh: int = FRESH
    until: datetime | None = None


async def tell(place: Workplace, draft: Draft, say: Callable[[str], None]) -> None:
    """Let the whole history happen, some steps a transaction."""
    done = 0
    telling: Telling | None = None
    while telling is None or telling.queue:
        async with place.transaction("演示") as ctx:
            telling = telling or _begun(ctx, draft)
            telling.ctx = ctx
            for _ in range(min(_BATCH, len(telling.queue))):
                await _next(telling)
                done += 1
        if done % _TOLD_EVERY < _BATCH:
            say(f"{done} steps")
    say(f"{done} steps in all, {telling.refused} refused by the rules")


def _begun(ctx: Context, draft: Draft) -> Telling:
    telling = Telling(ctx, draft.cast, draft.departments, draft.luck, draft.until or draft.now)
    luck, near = draft.luck, draft.home.path.rsplit(".", 2)[0]
    around = [leaf for leaf in draft.leaves if leaf.path.startswith(near)]
    for _ in range(round(draft.rate * draft.days)):
        leaf = luck.choice(around if luck.random() < _NEAR_HOME else draft.leaves)
        matter = luck.choices(MATTERS, [matter.weight for matter in MATTERS])[0]
        at = draft.now - timedelta(days=draft.days * luck.random())
        story = Story(plot_of(matter, luck), leaf)
        telling.plan(telling.later(at, 0), story, 0)
    for number in range(draft.fresh):  # whatever the hour, every desk has something to do
        matter = luck.choices(MATTERS, [matter.weight for matter in MATTERS])[0]
        story = Story(
            fresh_plot_of(matter, luck, number % _STAGES), luck.choice(around), fresh=True
        )
        telling.plan(draft.now - timedelta(hours=luck.uniform(2, 5)), story, 0)
    return telling


async def _next(telling: Telling) -> None:
    at, _, story, step = heapq.heappop(telling.queue)
    try:
        await (_report(telling, story, at) if step == 0 else _act(telling, story, step, at))
    except Refusal:
        telling.refused += 1
        return
    if step < len(story.plot.scenes):
        scene = story.plot.scenes[step]
        soon = at + timedelta(hours=scene.after)
        telling.plan(soon if story.fresh else telling.later(at, scene.after), story, step + 1)


async def _report(telling: Telling, story: Story, at: datetime) -> None:
    plot, luck, leaf = story.plot, telling.luck, story.leaf
    origin, actor = Origin.RESIDENT, NOBODY
    contact = Contact(name="居民·演示", phone=f"1990000{luck.randrange(10_000):04}")
    if plot.origin is Origin.WORKER:
        cast = telling.cast
        player = cast.at("worker", leaf.path) or cast.above("station_clerk", leaf.path)
        if player is not None:
            origin, actor, contact = Origin.WORKER, player.actor, Contact()
    reporting = _as(telling, actor, at)
    reported = await report_case(
        reporting,
        category=plot.matter.category,
        title=plot.title,
        description=f"{plot.title}，请尽快处理。",
        lon=leaf.lon,
        lat=leaf.lat,
        place=luck.choice(IN_TOWN if leaf.urban else IN_VILLAGE),
        origin=origin,
        contact=contact,
        photos=await photo_of_case(reporting),
    )
    story.case_id, story.reporter_id = reported.case_id, reported.reporter_id


async def _act(telling: Telling, story: Story, step: int, at: datetime) -> None:
    if story.case_id is None:
        return
    scene = story.plot.scenes[step - 1]
    fields = dict(scene.fields)
    if scene.role == "reporter":
        fields |= {"comment": telling.luck.choice(COMMENTS)} if scene.action == "rate" else {}
        ctx = _as(telling, NOBODY, at)
        await perform(ctx, story.case_id, scene.action, fields, teller=story.reporter_id)
        return
    if scene.action == "dispatch":
        # who comes is the story's own: what is suggested is measured against it
        story.department = telling.departments[story.plot.matter.who_comes(urban=story.leaf.urban)]
        fields["departments"] = [story.department]
    player = await _player(telling, story, scene.role)
    if player is not None:
        await perform(_as(telling, player.actor, at), story.case_id, scene.action, fields)


async def _player(telling: Telling, story: Story, role: str) -> Player | None:
    """Who plays the role for this case: at its leaf, at its desk, or in its department."""
    cast = telling.cast
    if role == "handler":
        return cast.handler(story.department) if story.department else None
    if role == "worker":
        return cast.at("worker", story.leaf.path)
    if role == "supervisor":
        return cast.above("supervisor", story.leaf.path)
    desk, handled_by = (
        await telling.ctx.session.execute(
            select(Case.desk_path, Case.handled_by).where(Case.id == story.case_id)
        )
    ).one()
    clerks = [cast.above(clerk, desk) for clerk in _DESKS]
    able = [one for one in clerks if one is not None]
    if role == "verifier":  # never who handled it: else the next desk above
        able = [one for one in able if one.actor.account_id != handled_by]
    return max(able, key=lambda one: len(one.path), default=None)


def _as(telling: Telling, actor: Actor, at: datetime) -> Context:
    return replace(telling.ctx, actor=actor, now=at)
