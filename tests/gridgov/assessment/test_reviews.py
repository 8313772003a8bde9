"""A review from its beginning to the circular: opinions, figures, questions, appeals."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from factories.cases import a_case
from gridgov.assessment.actions.appealing import appeal_figure, decide_appeal
from gridgov.assessment.actions.evaluating import begin_evaluation
from gridgov.assessment.actions.reviewing import (
    agree_opinion,
    answer_question,
    open_review,
    publish_review,
    remind_of_reviews,
    write_opinion,
)
from gridgov.assessment.models import ReviewEvaluation, ReviewOpinion
from gridgov.assessment.queries import reviews as queries
from gridgov.assessment.queries.departments import FIGURES, cases_behind
from gridgov.assessment.web.telling import departments_shown
from gridgov.cases.actions.reporting import report_case
from gridgov.cases.models import Case, CaseAssignment, CaseReporter
from gridgov.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from gridgov.notices.models import Notice

QUARTER = "2026Q4"
STEPS = [
    *("departments 2026-10", "departments 2026-11", "departments 2026-12"),
    *("units", "questions"),
]


@pytest.fixture
def root(county):
    return f"{county.tenant.code}."


@pytest.fixture
async def review(crew):
    """A quarter with cases in every state, over; its review has begun."""
    for state in ("filed", "handling", "closed", "evaluated", "evaluated"):
        await crew.brought_to(state)
    crew.now = crew.now.replace(year=2027, month=1, day=11)
    async with crew.acting("dispatcher") as ctx:
        return await open_review(ctx, "quarterly", QUARTER)


@pytest.fixture
async def computed(crew, review, compute):
    async with crew.acting("dispatcher") as ctx:
        await begin_evaluation(ctx, review)
    assert await compute() == STEPS
    return review


async def urban(crew, review):
    """The figures of the department that handled everything."""
    async with crew.acting("dispatcher") as ctx:
        (newest, *_) = await queries.evaluations(ctx, review)
        department = str(crew.county.departments["urban"])
        (row,) = [row for row in newest.departments if row.department == department]
        return row


async def code_of(crew, *conditions):
    async with crew.system() as ctx:
        return await ctx.session.scalar(select(Case.code).where(*conditions).order_by(Case.id))


async def appealed(crew, review, figure="closed", code=""):
    code = code or await code_of(crew, Case.ends == "closed")
    async with crew.acting("handler", department="urban") as ctx:
        return await appeal_figure(
            ctx, review, crew.county.departments["urban"], figure, case_code=code,
            reason="不归我们管",
        )  # fmt: skip


async def decided(crew, appeal, *, uphold=True):
    async with crew.acting("leader", at=f"{crew.county.tenant.code}.") as ctx:
        await decide_appeal(ctx, appeal, uphold=uphold, decision="查过了")


# opening


async def test_a_period_is_reviewed_from_its_first_day_on(crew):
    async with crew.acting("dispatcher") as ctx:
        with pytest.raises(Invalid) as refused:
            await open_review(ctx, "quarterly", "2027Q1")
        assert await open_review(ctx, "quarterly", QUARTER)
    assert "没有开始" in refused.value.fields["period"]


async def test_while_its_period_runs_figures_are_so_far_and_nothing_is_appealed_or_published(
    crew, compute
):
    await crew.brought_to("closed")
    crew.later(days=1)
    async with crew.acting("dispatcher") as ctx:
        review = await open_review(ctx, "quarterly", QUARTER)
        await begin_evaluation(ctx, review)
    await compute()
    assert (await urban(crew, review)).closed == 1
    with pytest.raises(Conflict, match="还没有结束"):
        await appealed(crew, review)
    with pytest.raises(Conflict, match="还没有结束"):
        await published(crew, review)

    crew.now = crew.now.replace(year=2027, month=1, day=11)
    async with crew.acting("dispatcher") as ctx:
        await begin_evaluation(ctx, review)
    await compute()
    assert await appealed(crew, review)


async def test_each_period_is_reviewed_once(crew, review):
    async with crew.acting("dispatcher") as ctx:
        with pytest.raises(Conflict, match="已经有了"):
            await open_review(ctx, "quarterly", QUARTER)


async def test_who_does_not_lead_cannot_begin_one(crew):
    async with crew.acting("station_clerk") as ctx:
        with pytest.raises(NotAllowed):
            await open_review(ctx, "quarterly", "2026Q3")


async def test_units_and_supervisors_are_asked_to_write(crew, review):
    async with crew.system() as ctx:
        told = {*await ctx.session.scalars(select(Notice.account_id))}
    people = crew.county.accounts
    assert {people[role].account_id for role in ("handler", "supervisor", "station_clerk")} <= told


async def test_those_who_lead_are_reminded_once_when_a_period_is_over(crew):
    for _ in range(2):
        async with crew.system() as ctx:
            await remind_of_reviews(ctx)
    async with crew.system() as ctx:
        about = [*await ctx.session.scalars(select(Notice.about))]
    assert about.count("review.due:quarterly:2026Q3") == 1


# three authors


async def officer(crew, review, **more):
    node = crew.county.at("grid")
    given = {"text": "路灯报得及时", "node": node.code, "post": "worker"} | more
    async with crew.acting("handler") as ctx:
        return await write_opinion(ctx, review, "officers", **given)


async def test_a_unit_writes_of_those_it_works_with_and_of_nobody_else(crew, review):
    """An opinion of anybody in the county would be gossip: a place, or a case that is shared."""
    far, near = crew.county.at("grid", 7), crew.county.at("grid")
    given = {"text": "路灯报得及时", "post": "worker"}
    village = crew.county.at("village").path
    async with crew.acting("station_clerk", at=village) as ctx:
        await write_opinion(ctx, review, "officers", node=near.code, **given)
        with pytest.raises(Invalid) as refused:
            await write_opinion(ctx, review, "officers", node=far.code, **given)
        assert list(refused.value.fields) == ["node"]
        await report_case(ctx, category="E0102", node_id=far.id)
        with pytest.raises(Invalid) as refused:  # nobody holds the post there
            await write_opinion(ctx, review, "officers", node=far.code, **given)
        assert list(refused.value.fields) == ["post"]


async def test_a_unit_writes_of_an_officer_and_the_officer_answers(crew, review):
    opinion = await officer(crew, review, points="每周一碰头")
    async with crew.system() as ctx:
        row = await ctx.session.get(ReviewOpinion, (ctx.tenant.id, opinion))
        assert "路灯".encode() not in row.text and "碰头".encode() not in row.points

    async with crew.acting("worker") as ctx:
        found = await queries.review_of(ctx, review)
        (seen,) = await queries.opinions(ctx, found, leading=False)
        assert seen.text == "路灯报得及时" and seen.points == "每周一碰头" and seen.of_me
        await agree_opinion(ctx, opinion, remark="会照办")
    async with crew.acting("worker") as ctx:
        with pytest.raises(Conflict):
            await agree_opinion(ctx, opinion)


async def test_nobody_else_reads_what_is_said_of_an_officer(crew, review):
    await officer(crew, review)
    for role in ("station_clerk", "supervisor", "subcentre_clerk"):
        async with crew.acting(role) as ctx:
            found = await queries.review_of(ctx, review)
            assert await queries.opinions(ctx, found, leading=False) == []
    async with crew.acting("dispatcher") as ctx:
        found = await queries.review_of(ctx, review)
        assert len(await queries.opinions(ctx, found, leading=True)) == 1


@pytest.mark.parametrize("wrong", [{"node": "999"}, {"post": "nothing"}, {"post": "inspector"}])
async def test_an_opinion_is_about_a_post_that_somebody_holds(crew, review, wrong):
    with pytest.raises(Invalid):
        await officer(crew, review, **wrong)


async def test_all_that_an_opinion_lacks_is_told_at_once(crew, review):
    async with crew.acting("station_clerk") as ctx:
        with pytest.raises(Invalid) as refused:
            await write_opinion(ctx, review, "officers", text="短")

    assert set(refused.value.fields) == {"text", "node", "post"}


async def test_a_supervisor_writes_of_problems_and_names_a_case(crew, review):
    urban = crew.county.departments["urban"]
    async with crew.acting("supervisor") as ctx:
        await write_opinion(
            ctx, review, "problems", text="同一处反复", department=urban,
            case_code=await code_of(crew, Case.ends == ""),
        )  # fmt: skip
        with pytest.raises(Invalid):
            await write_opinion(
                ctx, review, "problems", text="同一处反复", department=urban, case_code="没有"
            )
    async with crew.acting("handler", department="urban") as ctx:
        found = await queries.review_of(ctx, review)
        (seen,) = await queries.opinions(ctx, found, leading=False)
        assert seen.case_code and seen.about


async def test_who_is_no_author_of_a_form_cannot_use_it(crew, review):
    async with crew.acting("supervisor") as ctx:
        with pytest.raises(NotAllowed):
            await write_opinion(ctx, review, "officers", text="好好好好")


# figures


async def test_departments_are_told_by_what_was_closed_on_time_solved_and_rated(crew, computed):
    row = await urban(crew, computed)
    assert (row.closed, row.on_time, row.solved, row.rated, row.silent) == (3, 3, 3, 2, 1)
    assert row.overdue == 1 and row.judged == 4
    assert set(row.means) == {"effort", "speed", "result"}


async def listed(crew, review):
    """How many times the lists behind the figures of the department hold a case."""
    department = crew.county.departments["urban"]
    async with crew.acting("dispatcher") as ctx:
        (newest, *_) = await queries.evaluations(ctx, review)
        lists = {
            figure: await cases_behind(ctx, newest.id, figure, department) for figure in FIGURES
        }
    return {figure: sum(row.times for row in rows) for figure, (rows, _) in lists.items()}


async def test_every_figure_opens_what_it_counted_whatever_happens_to_the_cases(crew, computed):
    row = await urban(crew, computed)
    before = {figure: getattr(row, figure) for figure in FIGURES}
    assert await listed(crew, computed) == before

    async with crew.system() as ctx:
        handling = await ctx.session.scalar(select(Case.id).where(Case.state == "handling"))
    await crew.does("handler", handling, "finish")
    async with crew.system() as ctx:
        await ctx.session.execute(update(Case).values(late=True, turn="", reopened=1))
        await ctx.session.execute(update(CaseAssignment).values(state="withdrawn"))
        await ctx.session.execute(update(CaseReporter).values(rated_at=None, stars=None))
    await crew.brought_to("closed")

    assert await listed(crew, computed) == before


async def test_the_cases_behind_a_figure_come_in_pages(crew, computed, monkeypatch):
    monkeypatch.setattr("gridgov.assessment.queries.departments.PAGE", 2)
    department = crew.county.departments["urban"]
    async with crew.acting("dispatcher") as ctx:
        (newest, *_) = await queries.evaluations(ctx, computed)
        first, older = await cases_behind(ctx, newest.id, "closed", department)
        rest, end = await cases_behind(ctx, newest.id, "closed", department, cursor=older)
    assert [len(first), len(rest), end] == [2, 1, ""]
    assert len({row.id for row in (*first, *rest)}) == 3


async def test_an_evaluation_is_kept_with_its_rules_and_the_next_one_uses_the_same(
    crew, computed, compute
):
    async with crew.acting("dispatcher") as ctx:
        (first,) = await queries.evaluations(ctx, computed)
        await begin_evaluation(ctx, computed)
    await compute()
    async with crew.acting("dispatcher") as ctx:
        second, same = await queries.evaluations(ctx, computed)
    assert first.digest == crew.policy.editions[0].digest
    assert (second.number, second.digest) == (2, first.digest)
    assert same.id == first.id and second.departments == first.departments


async def test_a_second_computation_waits_for_the_first(crew, review):
    async with crew.acting("dispatcher") as ctx:
        await begin_evaluation(ctx, review)
    async with crew.acting("dispatcher") as ctx:
        with pytest.raises(Conflict, match="正在计算"):
            await begin_evaluation(ctx, review)


async def test_a_department_sees_its_own_figures_and_all_once_they_are_published(crew, computed):
    async with crew.acting("handler", department="urban") as ctx:
        found = await queries.review_of(ctx, computed)
        newest = await queries.evaluations(ctx, computed)
        mine = departments_shown(ctx, found, newest, leading=False)
        published = replace(found, state="published")
        everybody = departments_shown(ctx, published, newest, leading=False)
    assert [row.department for row in mine] == [str(crew.county.departments["urban"])]
    assert len(everybody) == len(crew.county.departments)


# questions


async def test_where_ledger_and_records_differ_the_station_is_asked_and_answers(crew, compute):
    node = crew.county.at("grid", 7)
    async with crew.acting("worker", at=node.path) as ctx:
        await a_case(ctx, node)
    crew.now = crew.now.replace(year=2027, month=1, day=11)
    async with crew.acting("dispatcher") as ctx:
        review = await open_review(ctx, "quarterly", QUARTER)
        await begin_evaluation(ctx, review)
    await compute()
    village = node.path[: node.path[:-1].rfind(".") + 1]
    async with crew.acting("station_clerk", at=village) as ctx:
        (newest,) = await queries.evaluations(ctx, review)
        (asked,) = newest.questions
        assert (asked["comparison"], asked["much"]) == ("reported_not_closed", 1)
        await answer_question(
            ctx, review, UUID(asked["node_id"]), "reported_not_closed", answer="在等排期"
        )
        assert [one.answer for one in await queries.answers(ctx, review)] == ["在等排期"]
        with pytest.raises(Conflict):
            await answer_question(
                ctx, review, UUID(asked["node_id"]), "reported_not_closed", answer="再答一次"
            )


async def test_an_answer_needs_a_question(crew, computed):
    async with crew.acting("station_clerk") as ctx:
        with pytest.raises(NotFound):
            await answer_question(
                ctx, computed, crew.county.at("village").id, "reported_not_closed", answer="在办"
            )


# appeals


async def test_an_upheld_appeal_takes_the_case_out_and_computes_anew(crew, computed, compute):
    before = await urban(crew, computed)
    await decided(crew, await appealed(crew, computed))
    assert await compute() == STEPS
    after = await urban(crew, computed)

    assert (after.closed, after.solved) == (before.closed - 1, before.solved - 1)
    async with crew.system() as ctx:
        found = await ctx.session.scalar(
            select(func.max(ReviewEvaluation.number)).where(ReviewEvaluation.review_id == computed)
        )
    assert found == 2


async def test_a_dismissed_appeal_changes_nothing(crew, computed, compute):
    await decided(crew, await appealed(crew, computed), uphold=False)
    assert await compute() == []


async def test_nobody_decides_their_own_appeal_and_only_once(crew, computed):
    appeal = await appealed(crew, computed)
    async with crew.acting("handler") as ctx:
        with pytest.raises(NotFound):
            await decide_appeal(ctx, appeal, uphold=True, decision="好")
    await decided(crew, appeal, uphold=False)
    with pytest.raises(Conflict):
        await decided(crew, appeal)


async def test_a_station_head_does_not_decide_for_the_county(crew, computed):
    appeal = await appealed(crew, computed)
    async with crew.acting("leader", at=crew.county.at("village").path) as ctx:
        with pytest.raises(NotFound):
            await decide_appeal(ctx, appeal, uphold=True, decision="好")


async def test_only_a_case_that_the_figure_counts_can_be_appealed_once(crew, computed):
    with pytest.raises(Invalid):
        await appealed(crew, computed, code=await code_of(crew, Case.ends == ""))
    await appealed(crew, computed)
    with pytest.raises(Conflict, match="申诉过"):
        await appealed(crew, computed)


async def test_another_departments_figure_is_none_of_ones_business(crew, computed):
    async with crew.acting("handler", department="water") as ctx:
        with pytest.raises(NotFound):
            await appeal_figure(
                ctx, computed, crew.county.departments["urban"], "closed", case_code="x",
                reason="测试",
            )  # fmt: skip


async def test_appeals_end_with_their_window(crew, computed):
    crew.later(days=10)
    with pytest.raises(Conflict, match="申诉期"):
        await appealed(crew, computed)


# the circular


async def published(crew, review):
    async with crew.acting("dispatcher") as ctx:
        await publish_review(ctx, review, document="测试〔2027〕1号", conclusion="总体平稳。")


async def test_nothing_is_published_while_somebody_may_still_object(crew, computed):
    with pytest.raises(Conflict, match="申诉期"):
        await published(crew, computed)


async def test_nothing_is_published_with_an_open_appeal_or_uncomputed(crew, review, compute):
    with pytest.raises(Conflict, match="没有算完"):
        await published(crew, review)
    async with crew.acting("dispatcher") as ctx:
        await begin_evaluation(ctx, review)
    await compute()
    await appealed(crew, review)
    crew.later(days=10)
    with pytest.raises(Conflict, match="申诉没有定"):
        await published(crew, review)


async def test_once_published_nothing_changes_any_more(crew, computed):
    crew.later(days=10)
    await published(crew, computed)
    async with crew.acting("dispatcher") as ctx:
        with pytest.raises(Conflict):
            await begin_evaluation(ctx, computed)
    with pytest.raises(Conflict):
        await officer(crew, computed)


async def test_the_window_is_counted_in_working_days(crew, computed):
    async with crew.acting("dispatcher") as ctx:
        found = await queries.review_of(ctx, computed)
    assert found.appeal_until - crew.now.date() >= timedelta(days=5)
