"""The switchboard: off by default, on for a reason until a day by two people, off by itself."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from factories.cases import NOON, Crew
from factories.rules import LILING, installed
from factories.tenants import a_county
from gridgov.audit.models import AuditEntry
from gridgov.compliance.actions import ask_switch, decide_switch, end_expired, end_switch
from gridgov.compliance.models import SwitchGrant
from gridgov.compliance.queries import grants, is_on, switches_on
from gridgov.compliance.rules import held_off, lines_of
from gridgov.compliance.types import ABOUT
from gridgov.contract.assessment import Figure
from gridgov.contract.compliance import NEVER, NOT_MEASURED, SOURCE, Switch
from gridgov.contract.linting.county import flaws
from gridgov.kernel.errors import Conflict, Invalid, NotAllowed
from gridgov.notices.models import Notice
from gridgov.rulebook.actions.changing import preview_change
from gridgov.rulebook.types import Wish
from gridgov.testkit.signing_in import a_browser, send, sign_in

TODAY = NOON.date()
BASIS = {"document": "测试省条例", "article": "第八条", "reason": "防汛期间需要"}


@pytest.fixture
async def county(database, settings):
    return await a_county(database, settings, at=NOON)


@pytest.fixture
def crew(database, county):
    return Crew(database, county)


async def asked(crew, switch=Switch.RANKING, days=30):
    async with crew.acting("county_admin") as ctx:
        return await ask_switch(ctx, switch, expires_on=TODAY + timedelta(days=days), **BASIS)


async def switched_on(crew, switch=Switch.RANKING, days=30):
    grant_id = await asked(crew, switch, days)
    async with crew.acting("security_admin") as ctx:
        await decide_switch(ctx, grant_id, confirm=True)
    return grant_id


async def holds(crew, switch=Switch.RANKING):
    async with crew.system() as ctx:
        return await is_on(ctx, switch)


async def test_everything_is_off_in_a_new_county(crew):
    async with crew.system() as ctx:
        assert await switches_on(ctx) == frozenset()


async def test_what_one_person_asks_is_off_until_another_confirms(crew):
    grant_id = await asked(crew)
    assert not await holds(crew)

    async with crew.acting("county_admin") as ctx:
        with pytest.raises(NotAllowed, match="另一个人"):
            await decide_switch(ctx, grant_id, confirm=True)
    assert not await holds(crew)

    async with crew.acting("security_admin") as ctx:
        await decide_switch(ctx, grant_id, confirm=True)
    assert await holds(crew)


async def test_who_may_confirm_is_told_and_each_step_is_audited(crew):
    grant_id = await switched_on(crew)

    async with crew.system() as ctx:
        verbs = [*await ctx.session.scalars(
            select(AuditEntry.verb).where(AuditEntry.subject_id == grant_id)
        )]  # fmt: skip
        told = {*await ctx.session.scalars(select(Notice.account_id))}
    assert sorted(verbs) == ["compliance.asked", "compliance.confirmed"]
    assert crew.county.accounts["security_admin"].account_id in told
    assert crew.county.accounts["county_admin"].account_id in told


async def test_a_declined_request_stays_off_and_can_be_asked_again(crew):
    grant_id = await asked(crew)
    async with crew.acting("security_admin") as ctx:
        await decide_switch(ctx, grant_id, confirm=False, note="条款不对")

    assert not await holds(crew)
    assert await asked(crew) != grant_id


async def test_it_goes_off_by_its_day_even_if_no_worker_comes_by(crew):
    await switched_on(crew, days=3)
    crew.later(days=3)
    assert await holds(crew)
    crew.later(days=1)
    assert not await holds(crew)


async def test_the_job_warns_two_weeks_before_and_ends_it_after(crew):
    grant_id = await switched_on(crew, days=20)

    async def states():
        async with crew.system() as ctx:
            await end_expired(ctx)
        async with crew.system() as ctx:
            state = await ctx.session.scalar(
                select(SwitchGrant.state).where(SwitchGrant.id == grant_id)
            )
            about = [*await ctx.session.scalars(select(Notice.about))]
        return state, [one.split(":")[0] for one in about if "warned" in one or "ended" in one]

    assert await states() == ("on", [])
    crew.later(days=7)
    assert await states() == ("on", ["compliance.warned"])
    assert await states() == ("on", ["compliance.warned"])
    crew.later(days=14)
    state, told = await states()
    assert state == "over" and sorted(told) == ["compliance.ended", "compliance.warned"]


async def test_who_switched_it_on_can_switch_it_off_at_once(crew):
    grant_id = await switched_on(crew)
    async with crew.acting("county_admin") as ctx:
        await end_switch(ctx, grant_id)
    assert not await holds(crew)


@pytest.mark.parametrize("switch", sorted(NEVER))
async def test_what_is_blocked_or_does_not_exist_is_never_on(crew, switch):
    async with crew.acting("county_admin") as ctx:
        with pytest.raises(Invalid) as refused:
            await ask_switch(ctx, switch, expires_on=TODAY, **BASIS)
    assert ABOUT[switch].name in refused.value.fields["switch"]
    async with crew.system() as ctx:  # even if somebody wrote it into the table
        ctx.session.add(
            SwitchGrant(
                tenant_id=ctx.tenant.id, switch=switch, state="on", expires_on=TODAY, asker="x",
                asked_at=NOON, **BASIS
            )
        )  # fmt: skip
        await ctx.session.flush()
        assert switch not in await switches_on(ctx)


def test_every_switch_can_be_looked_at_or_can_never_be_on():
    """No switch does nothing: the page says what is there while it is on."""
    assert {switch for switch, about in ABOUT.items() if about.opens} == {*Switch} - NEVER


async def test_an_emergency_opens_what_the_rule_leaves_out_and_nothing_else(crew):
    await switched_on(crew, Switch.EMERGENCY, days=10)
    async with crew.system() as ctx:
        assert await switches_on(ctx) == {Switch.EMERGENCY, Switch.DAILY_OK}
        lines = {line.switch: line for line in lines_of(await grants(ctx), ctx.today)}
    assert lines[Switch.DAILY_OK].through.switch == Switch.EMERGENCY
    assert lines[Switch.RANKING].through is None
    crew.later(days=11)
    assert not await holds(crew, Switch.DAILY_OK)


def test_last_place_elimination_is_no_switch():
    assert not [one for one in Switch if "last" in one or "elimin" in one]


@pytest.mark.parametrize(
    ("switch", "days", "document"),
    [
        (Switch.RANKING, 367, "文件"),
        (Switch.EMERGENCY, 31, "文件"),
        (Switch.RANKING, -1, "文件"),
        (Switch.RANKING, 30, " "),
    ],
)
async def test_a_basis_that_does_not_hold_is_refused_beside_its_field(crew, switch, days, document):
    async with crew.acting("county_admin") as ctx:
        with pytest.raises(Invalid) as refused:
            await ask_switch(
                ctx, switch, document=document, article="第一条", reason="需要",
                expires_on=TODAY + timedelta(days=days),
            )  # fmt: skip
    assert [*refused.value.fields] == ["expires_on" if document.strip() else "document"]


async def test_a_second_request_for_the_same_switch_waits(crew):
    await asked(crew)
    with pytest.raises(Conflict):
        await asked(crew)


# what uses a switch


def figure(measure="cases_closed", **more):
    return Figure(code="walked", name="巡查次数", definition="走了几次。", measure=measure, **more)


def test_a_figure_that_uses_what_is_held_off_is_refused_by_its_name():
    counting = figure(needs=(Switch.DAILY_OK,))
    (said,) = held_off([counting], [])
    assert "巡查次数" in said and SOURCE in said
    assert [*held_off([counting], [Switch.DAILY_OK])] == []


@pytest.mark.parametrize(
    "declared",
    [
        *({"measure": one} for one in sorted(NOT_MEASURED)),
        *({"needs": (one,)} for one in sorted(NEVER)),
    ],
)
def test_a_plugin_with_what_is_never_allowed_cannot_be_used_at_all(declared):
    county = replace(LILING, figures=(figure(**declared),), sheets=(), reviews=())
    said = [str(flaw) for flaw in flaws(county, "one")]
    assert any("巡查次数" in one and SOURCE in one for one in said)


def test_a_form_that_insists_on_a_photo_cannot_be_used_at_all():
    def insisting(field):
        return replace(field, required=True) if field.kind == "photos" else field

    (kind, *_) = [kind for kind in LILING.case_kinds if kind.code == "incident"]
    actions = tuple(
        replace(action, fields=tuple(map(insisting, action.fields))) for action in kind.actions
    )
    county = replace(LILING, case_kinds=(replace(kind, actions=actions),))
    assert any(SOURCE in str(flaw) and "photo" in str(flaw) for flaw in flaws(county, "one"))


def test_counting_a_ledger_with_a_daily_plan_is_a_check_in_by_another_name():
    county = replace(
        LILING, figures=(figure("ledger_lines", of=("patrol",)),), sheets=(), reviews=()
    )
    assert any("daily_ok" in str(flaw) for flaw in flaws(county, "one"))


async def test_a_county_cannot_take_such_a_figure_on_until_the_switch_is_on(database, crew):
    counting = replace(
        LILING, figures=(*LILING.figures, figure(needs=(Switch.DAILY_OK,))), name="醴陵市"
    )
    policies = installed(one=counting)
    wish = Wish(plugins=("one",))
    async with crew.acting("county_admin") as ctx:
        before = await preview_change(ctx, policies, wish)
    await switched_on(crew, Switch.DAILY_OK)
    async with crew.acting("county_admin") as ctx:
        after = await preview_change(ctx, policies, wish)

    assert any("巡查次数" in str(reason) for reason in before.reasons)
    assert not any("巡查次数" in str(reason) for reason in after.reasons)


# the page


@pytest.fixture
async def people(app):
    place = await a_county(app.state.database, app.state.settings)
    opened = {}
    for role in ("county_admin", "security_admin", "worker"):
        opened[role] = a_browser(app)
        await sign_in(opened[role], place, role, second_factor=True)
    yield place, opened
    for browser in opened.values():
        await browser.aclose()


async def test_a_switch_goes_on_and_off_through_the_page(app, people):
    place, browsers = people
    address = f"/{place.tenant.slug}/compliance"
    async with app.state.database.session(place.tenant.id) as session:
        assert (await session.scalars(select(SwitchGrant.id))).all() == []
    day = (NOON.now(NOON.tzinfo) + timedelta(days=20)).date().isoformat()

    sent = await send(browsers["county_admin"], address, switch="ranking", expires_on=day, **BASIS)
    assert sent.status_code == 303
    async with app.state.database.session(place.tenant.id) as session:
        grant_id = await session.scalar(select(SwitchGrant.id))
    waiting = (await browsers["worker"].get(address)).text
    assert "等人确认" in waiting and "测试省条例" in waiting
    own = await send(
        browsers["county_admin"], f"{address}/{grant_id}", page=address, answer="confirm"
    )
    assert own.status_code == 403
    other = await send(
        browsers["security_admin"], f"{address}/{grant_id}", page=address, answer="confirm"
    )
    assert other.status_code == 303
    assert "已开启" in (await browsers["worker"].get(address)).text
    ended = await send(browsers["county_admin"], f"{address}/{grant_id}/end", page=address)
    assert ended.status_code == 303


async def test_everybody_reads_the_page_and_only_two_roles_act(people):
    place, browsers = people
    address = f"/{place.tenant.slug}/compliance"
    page = (await browsers["worker"].get(address)).text

    assert page.count("国办函〔2026〕12号") >= 1
    assert "没有的，不能开" in page and "末位淘汰也没有" in page
    for switch in NEVER:
        assert f"<b>{ABOUT[switch].name}</b>" in page and f"switch-{switch}" not in page
    assert 'name="document"' not in page
    assert (await send(browsers["worker"], address, page=address)).status_code == 403


async def test_a_form_with_gaps_comes_back_with_what_was_typed(people):
    place, browsers = people
    address = f"/{place.tenant.slug}/compliance"
    answer = await send(
        browsers["county_admin"], address, switch="daily_ok", document="条例", article="",
        reason="", expires_on="",
    )  # fmt: skip
    assert answer.status_code == 422
    assert 'value="条例"' in answer.text and "请填写这一项" in answer.text
