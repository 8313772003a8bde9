"""A thousand times a visit and the log-out of the same sign-in, at once: none is revived."""

import asyncio
import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from gridgov.access.actions.opening import Doorkeeper, Knock
from gridgov.accounts.actions.entering import end_sign_in, open_sign_in
from gridgov.accounts.models import SignIn
from gridgov.kernel.clock import now
from gridgov.kernel.db import Database

RACES = 1000
AT_ONCE = 4
"""Each race takes two connections of the pool."""
SEED = 430281
HEAD_START = 0.003


@dataclass
class Course:
    """Where they race. A visit writes one thing into a sign-in: when it was last seen."""

    database: Database
    keeper: Doorkeeper
    at: datetime

    async def visit(self, knock: Knock, delay: float = 0.0) -> bool:
        """A page that takes its time; whether it was somebody's."""
        await asyncio.sleep(delay)
        made = await self.keeper.open(knock)
        await asyncio.sleep(delay)
        await made.ctx.session.commit()
        await made.ctx.session.close()
        return made.sign_in is not None

    async def leave(self, knock: Knock, delay: float) -> None:
        await asyncio.sleep(delay)
        async with self.database.shared() as session:
            await end_sign_in(session, knock.secret, self.at)

    async def races(self, knocks: list[Knock], luck: random.Random) -> int:
        """Both at once, one of them with a head start; how many visits came in."""
        came_in = 0
        for knock in knocks:
            mine, other = luck.sample((0.0, luck.uniform(0, HEAD_START)), 2)
            was_in, _ = await asyncio.gather(self.visit(knock, mine), self.leave(knock, other))
            came_in += was_in
        return came_in


async def test_no_visit_revives_what_was_logged_out_meanwhile(app, new_doorkeeper, county, knock):
    came = now()
    still = await knock("worker", at=came)
    course = Course(app.state.database, new_doorkeeper(), came + timedelta(minutes=5))
    person = county.accounts["worker"].account_id
    knocks = []
    async with course.database.shared() as session:
        for _ in range(RACES):
            until = came + timedelta(hours=12)
            entered = await open_sign_in(session, person, device="", now=came, until=until)
            knocks.append(Knock(county.tenant.slug, entered.secret, course.at))

    came_in = await asyncio.gather(
        *(
            course.races(knocks[lane::AT_ONCE], random.Random(SEED + lane))
            for lane in range(AT_ONCE)
        )
    )

    revived = [knock for knock in knocks if await course.visit(knock)]
    noted = select(func.count()).where(
        SignIn.account_id == person, SignIn.revoked_at == course.at, SignIn.seen_at == course.at
    )
    async with course.database.shared() as session:
        seen_and_ended = await session.scalar(noted)
    assert revived == []
    assert 0 < sum(came_in) < RACES, "now this one was first, now that one"
    assert seen_and_ended, "visits wrote, and what they wrote on stayed ended"
    assert await course.visit(still), "the control: nobody logged that one out"
