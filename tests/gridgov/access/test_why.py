"""Why can I, or can I not, see this?"""

from dataclasses import replace

from sqlalchemy import select

from factories.cases import Crew
from factories.tenants import a_county
from gridgov.access.actions.explaining import explain
from gridgov.access.types import EXPLAIN, Subject
from gridgov.cases.models import Case
from gridgov.cases.queries.seeing import cases_seen_by
from gridgov.kernel.clock import CHINA
from gridgov.kernel.together import Together
from gridgov.testkit.signing_in import sign_in


def today(ctx):
    return ctx.now.astimezone(CHINA).date()


async def page_of(client, county, **params):
    answer = await client.get(f"/{county.tenant.slug}/why", params=params)
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_a_page_is_explained_by_its_right_and_who_has_it(client, county):
    await sign_in(client, county, "worker")

    shown = await page_of(client, county, address=f"/{county.tenant.slug}/access/bindings")

    assert "看不到" in shown
    assert "安全管理员" in shown
    assert "这个角色没有这项权限" in shown


async def test_a_page_for_everybody_is_said_to_be_one(client, county):
    await sign_in(client, county, "worker")

    assert "登录了就能打开" in await page_of(client, county, q=f"/{county.tenant.slug}/account")


async def test_an_address_of_another_county_tells_nothing(client, county, app):
    other = await a_county(app.state.database, app.state.settings)
    await sign_in(client, county, "worker")

    theirs = await page_of(client, county, q=f"/{other.tenant.slug}/access/bindings")
    nowhere = await page_of(client, county, q="/nowhere/access/bindings")

    assert "没有这个编号或地址" in theirs
    assert theirs.replace(other.tenant.slug, "nowhere").count("<li") == nowhere.count("<li")


async def test_what_lies_beyond_ones_reach_looks_like_what_does_not_exist(county, as_person):
    node = county.at("village", 1)
    async with as_person("worker") as ctx:
        me = ctx.actor.account_id
        beyond = await explain(ctx, node.code, me, today(ctx))
        nothing = await explain(ctx, "99-no-such-code", me, today(ctx))

    def told(answers):
        return [(a.may, a.words, [(r.role, r.place, r.words) for r in a.reasons]) for a in answers]

    assert told(beyond) == told(nothing)
    assert beyond[0].subject.name == node.code


async def test_who_may_read_bindings_is_told_what_keeps_somebody_out(county, as_person, app):
    worker, node = county.accounts["worker"], county.at("village", 1)

    async def follow(_ctx, question):
        if question.text == "LL-1":
            question.subjects.append(
                Subject("事件", "LL-1", "case.read", path=node.path, category="x")
            )

    async with as_person("security_admin") as ctx:
        asking = Together({EXPLAIN: [follow]})
        told = await explain(replace(ctx, together=asking), "LL-1", worker.account_id, today(ctx))

    assert [answer.may for answer in told] == [False]
    assert "管的地方不包括这里" in told[0].reasons[0].words


async def test_only_who_may_read_bindings_asks_about_others(client, county):
    chief = county.accounts["chief"].account_id
    await sign_in(client, county, "worker")
    refused = await client.get(f"/{county.tenant.slug}/why", params={"account": str(chief)})
    await sign_in(client, county, "security_admin")
    shown = await client.get(f"/{county.tenant.slug}/why", params={"account": str(chief)})
    found = await page_of(client, county, who="网格长")

    assert (refused.status_code, shown.status_code) == (404, 200)
    assert "测试·网格长" in found


async def test_a_stranger_of_another_county_is_not_found(client, county, app):
    other = await a_county(app.state.database, app.state.settings)
    await sign_in(client, county, "security_admin")

    for account in (str(other.accounts["worker"].account_id), "not-a-uuid"):
        answer = await client.get(f"/{county.tenant.slug}/why", params={"account": account})
        assert answer.status_code == 404


async def test_the_answer_about_a_case_is_what_the_worklist_shows(app, county, as_person):
    crew = Crew(app.state.database, county)
    cases = [await crew.brought_to("reported"), await crew.brought_to("dispatched")]
    differing, told = [], []
    for role in county.accounts:
        async with as_person(role) as ctx:
            for case_id in cases:
                seen = await ctx.session.scalar(cases_seen_by(ctx.actor).where(Case.id == case_id))
                code = await ctx.session.scalar(select(Case.code).where(Case.id == case_id))
                answers = await explain(ctx, code, ctx.actor.account_id, today(ctx))
                told.append(any(answer.may for answer in answers))
                if told[-1] != (seen is not None):
                    differing.append((role, code))

    assert differing == []
    assert {True, False} == set(told)


async def test_a_cases_address_is_understood_too(app, county, client):
    case_id = await Crew(app.state.database, county).brought_to("reported")
    await sign_in(client, county, "dispatcher")

    shown = await page_of(client, county, address=f"/{county.tenant.slug}/cases/{case_id}")

    assert "能看到" in shown
    assert "事件" in shown
