"""A review, its opinions and appeals, switches and nominations for the stocked county."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import insert, select

from factories.cases import Crew
from gridgov.assessment.models import (
    Nomination,
    ReviewAnswer,
    ReviewAppeal,
    ReviewEvaluation,
    ReviewHeld,
    ReviewOpinion,
    ReviewPart,
)
from gridgov.assessment.queries.departments import Counting, departments_of
from gridgov.assessment.queries.figures import counted
from gridgov.assessment.rules.periods import bounds
from gridgov.assessment.types import DEPARTMENTS, QUESTIONS, UNITS, Period
from gridgov.cases.models import Case
from gridgov.compliance.models import SwitchGrant
from gridgov.context import Context
from gridgov.contract.assessment import Figure
from gridgov.kernel.ids import new_id


async def measured(
    crew: Crew,
    measure: str,
    path: str = "",
    *,
    of: tuple[str, ...] = (),
    period: Period | None = None,
) -> int:
    """What the core counts by the name of a measure, for who may read figures of the county."""
    figure = Figure(code=measure, name=measure, definition="…", measure=measure, of=of)
    async with crew.acting("supervisor") as ctx:
        when = period or Period(
            "", "", crew.now.date() - timedelta(90), crew.now.date() + timedelta(90)
        )
        return (await counted(ctx, [figure], when, path)).under(measure, path) or 0


async def a_review(ctx: Context, period: str, **values: Any) -> UUID:
    """A review of the last month, evaluated or not."""
    review_id = new_id()
    given = {
        "kind": "quarterly",
        "period": period,
        "since": ctx.today - timedelta(days=30),
        "until": ctx.today + timedelta(days=1),
        "state": "evaluated",
        "opened_at": ctx.now,
        "appeal_until": ctx.today + timedelta(days=7),
        "document": "",
        "conclusion": "",
    }
    await ctx.session.execute(
        insert(ReviewHeld).values(tenant_id=ctx.tenant.id, id=review_id, **(given | values))
    )
    return review_id


async def an_evaluation(ctx: Context, review_id: UUID, node: Any) -> UUID:
    """Computed figures of a review, with one question to a station."""
    evaluation_id = new_id()
    today = ctx.today
    window = bounds(
        Period("", "", today - timedelta(days=30), today + timedelta(days=1)), ctx.tenant.zone
    )
    counting = Counting(window=window, stars=4, ratings=tuple(ctx.policy.ratings))
    question = {
        "comparison": "reported_not_closed",
        "node_id": str(node.id),
        "path": node.path,
        "much": 3,
        "little": 0,
    }
    await ctx.session.execute(
        insert(ReviewEvaluation).values(
            tenant_id=ctx.tenant.id,
            id=evaluation_id,
            review_id=review_id,
            number=1,
            digest=ctx.policy.editions[0].digest,
            edition_at=ctx.policy.editions[0].taken_at,
            why="first",
            started_at=ctx.now,
            finished_at=ctx.now,
        )
    )
    parts: dict[str, Any] = {
        DEPARTMENTS: msgspec.to_builtins(
            await departments_of(ctx, evaluation_id, DEPARTMENTS, counting)
        ),
        UNITS: {"by_path": {"incidents": {node.path: 3}}, "whole": ["incidents"]},
        QUESTIONS: [question],
    }
    for part, content in parts.items():
        await ctx.session.execute(
            insert(ReviewPart).values(
                tenant_id=ctx.tenant.id,
                id=new_id(),
                evaluation_id=evaluation_id,
                part=part,
                content=content,
                at=ctx.now,
            )
        )
    return evaluation_id


async def fill_assessment(stock: Any) -> None:
    """One of everything that the pages of assessment and compliance show or do."""
    people = {person.login: person for person in stock.county.accounts.values()}
    node = stock.county.at("village")
    departments = stock.county.departments
    async with stock.acting() as ctx:
        mine = {"tenant_id": ctx.tenant.id}
        review = await a_review(ctx, "2025Q1")
        await an_evaluation(ctx, review, node)
        publishable = await a_review(ctx, "2025Q2", appeal_until=ctx.today - timedelta(days=1))
        await an_evaluation(ctx, publishable, node)
        circulated = await a_review(
            ctx, "2025Q3", state="published", published_at=ctx.now, document="测试〔2026〕1号",
            conclusion=stock.words("conclusion"),
        )  # fmt: skip
        await an_evaluation(ctx, circulated, node)
        opinion, appeal = new_id(), new_id()
        await ctx.session.execute(
            insert(ReviewOpinion).values(
                **mine, id=opinion, review_id=review, form="officers", node_id=node.id,
                staff_id=stock.rich.staff_id, post="leader", author="测试", at=ctx.now,
                text=ctx.vault.seal("review_opinions", opinion, "text", stock.words("opinion")),
                author_id=people["worker"].account_id,
            )
        )  # fmt: skip
        await ctx.session.execute(
            insert(ReviewAppeal).values(
                **mine, id=appeal, review_id=review, department_id=departments["urban"],
                figure="on_time", case_id=stock.cases["evaluated"], reason=stock.words("reason"),
                state="open", asker="测试", asked_at=ctx.now,
                asked_by=people["worker"].account_id,
            )
        )  # fmt: skip
        asked, on, nominated, agreed = new_id(), new_id(), new_id(), new_id()
        for grant, switch, state in ((asked, "emergency", "asked"), (on, "daily_ok", "on")):
            await ctx.session.execute(
                insert(SwitchGrant).values(
                    **mine, id=grant, switch=switch, state=state, document=stock.words("document"),
                    article="第三条", reason=stock.words("reason"),
                    expires_on=ctx.today + timedelta(days=30), asker="测试", asked_at=ctx.now,
                    asked_by=people["worker"].account_id,
                )
            )  # fmt: skip
        for nomination, state in ((nominated, "nominated"), (agreed, "agreed")):
            await ctx.session.execute(
                insert(Nomination).values(
                    **mine, id=nomination, honour="star", staff_id=stock.rich.staff_id,
                    node_id=node.id, post="leader", state=state, nominator="测试",
                    story=ctx.vault.seal("nominations", nomination, "story", stock.words("story")),
                    nominated_at=ctx.now, nominated_by=people["worker"].account_id,
                )
            )  # fmt: skip
        await ctx.session.execute(
            insert(ReviewAnswer).values(
                **mine, id=new_id(), review_id=publishable, node_id=node.id, who="测试",
                comparison="reported_not_closed", answer=stock.words("answer"), at=ctx.now,
            )
        )  # fmt: skip
        code = await ctx.session.scalar(select(Case.code).where(Case.id == stock.cases["closed"]))
    stock.things |= {
        "review": review,
        "publishable": publishable,
        "circulated": circulated,
        "opinion": opinion,
        "appeal": appeal,
        "asked": asked,
        "grant_on": on,
        "nominated": nominated,
        "agreed": agreed,
        "station": node.id,
        "closed_code": code,
    }
