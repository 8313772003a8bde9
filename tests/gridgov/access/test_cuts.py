"""A binding that is cut by category or department: what it shows, lets do, and lets give on."""

import re
from dataclasses import dataclass, replace
from uuid import UUID

import pytest
from sqlalchemy import select

from factories.cases import Crew, a_case
from factories.tenants import a_county
from gridgov.access.actions.granting import NewBinding, bind_role, end_binding
from gridgov.access.actions.passing import check_may_pass
from gridgov.access.models import Binding
from gridgov.access.queries.passing import roles_passing
from gridgov.access.types import Passing
from gridgov.cases.actions.performing import allowed_actions, perform
from gridgov.cases.queries.counting import light_counts
from gridgov.cases.queries.exporting import exportable, exported
from gridgov.cases.queries.holders import holders
from gridgov.cases.queries.places import points
from gridgov.cases.queries.record import case_by_code, record
from gridgov.cases.queries.situations import situation_anyway
from gridgov.cases.queries.tallies import tally
from gridgov.cases.queries.worklist import CaseFilter, worklist
from gridgov.cases.types import CaseRight
from gridgov.kernel.clock import now
from gridgov.kernel.errors import NotAllowed, NotFound, Refusal
from gridgov.kernel.ids import new_id
from gridgov.onboarding.types import BindingRow, StaffRow
from gridgov.testkit.signing_in import a_browser, sign_in

WATER = ("water", "power", "gas")
"""What the group ``livelihood`` of the county stands for."""

CUTS = {
    "one": {"categories": ("water",)},
    "group": {"categories": ("livelihood",)},
    "office": {"departments": ("water",)},
    "both": {"categories": ("E0102",), "departments": ("housing",)},
}
"""People with the role of a dispatcher, each narrowed in another way."""


@dataclass(frozen=True)
class Fact:
    """What the test knows of a case without asking the application."""

    id: UUID
    code: str
    category: str
    department: str

    def lies_in(self, categories=(), departments=()):
        wanted = {leaf for one in categories for leaf in (WATER if one == "livelihood" else (one,))}
        return (not categories or self.category in wanted) and (
            not departments or self.department in departments
        )


@pytest.fixture
async def county(app):
    """The usual one, and people whose roles are cut: at work, and in giving roles."""
    staff = [*CUTS, "giver", "newcomer"]
    return await a_county(
        app.state.database,
        app.state.settings,
        also=[
            StaffRow(number=f"C{n}", name=f"测试·{who}", login=who, synthetic=True)
            for n, who in enumerate(staff)
        ],
        bound=[
            *(
                BindingRow(staff=f"C{n}", role="dispatcher", node="{code}", **cut)
                for n, cut in enumerate(CUTS.values())
            ),
            BindingRow(
                staff=f"C{staff.index('giver')}",
                role="security_admin",
                node="{code}",
                categories=("livelihood",),
                departments=("water", "housing"),
            ),
            BindingRow(staff=f"C{staff.index('newcomer')}", role="worker", node="{code}101201001"),
        ],
    )


@pytest.fixture
async def crew(app, county):
    return Crew(app.state.database, county, now())


@pytest.fixture
async def facts(crew):
    """Three categories, each filed only, with one department, and with another."""
    known = []
    for category in ("E0102", "water", "power"):
        for department in ("", "water", "housing"):
            node = crew.county.at("grid", len(known) % 8)
            async with crew.acting("worker") as ctx:
                made = await a_case(
                    ctx, node, category=category, title="街口的事", lon=node.lon, lat=node.lat
                )
            known.append(Fact(made.case_id, made.code, category, department))
            if department:
                await crew.does("dispatcher", known[-1].id, "file")
                given = {"departments": [crew.county.departments[department]]}
                await crew.does("dispatcher", known[-1].id, "dispatch", given)
    return known


@pytest.mark.parametrize("who", CUTS)
async def test_the_cut_holds_wherever_cases_are_shown(county, facts, as_person, who):
    """List, search, count, map, export, code and record, beside what the test itself knows."""
    mine = {fact.id for fact in facts if fact.lies_in(**CUTS[who])}
    assert 0 < len(mine) < len(facts)
    async with as_person(who) as ctx:
        shown = {
            "list": {row.id for row in (await worklist(ctx, CaseFilter())).rows},
            "search": {row.id for row in (await worklist(ctx, CaseFilter(text="街口"))).rows},
            "map": {spot.id for spot in await points(ctx, CaseFilter())},
            "export": {row.id for row in await exported(ctx, CaseFilter())},
        }
        counted = {
            "open": (await tally(ctx)).open,
            "states": sum((await tally(ctx)).states.values()),
            "lights": sum((await light_counts(ctx)).values()),
            "export": await exportable(ctx, CaseFilter()),
        }
        assert shown == dict.fromkeys(shown, mine)
        assert counted == dict.fromkeys(counted, len(mine))
        for fact in facts:
            for opened in (record(ctx, fact.id), case_by_code(ctx, fact.code)):
                if fact.id in mine:
                    await opened
                else:
                    with pytest.raises(NotFound):
                        await opened


@pytest.mark.parametrize("who", CUTS)
async def test_the_cut_holds_for_whatever_is_done(county, facts, as_person, who):
    """No action at all reaches a case outside; inside, the role's own can be done."""
    codes = [action.code for action in county.policy.county.case_kinds[0].actions]
    done = 0
    for fact in facts:
        if fact.lies_in(**CUTS[who]):
            async with as_person(who) as ctx:
                offered = {action.code for action in (await allowed_actions(ctx, fact.id)).actions}
                assert "note" in offered
                await perform(ctx, fact.id, "note", {"note": "看过了"})
                done += 1
            continue
        async with as_person(who) as ctx:
            for code in codes:
                with pytest.raises(NotFound):
                    await perform(ctx, fact.id, code)
    assert done


async def test_a_second_case_that_an_action_names_is_looked_for_in_the_same_sight(facts, as_person):
    wet = next(fact for fact in facts if fact.category == "water" and not fact.department)
    lid = next(fact for fact in facts if fact.category == "E0102" and not fact.department)
    async with as_person("one") as ctx:
        with pytest.raises(Refusal) as outside:
            await perform(ctx, wet.id, "merge", {"case": lid.id})
        with pytest.raises(Refusal) as nowhere:
            await perform(ctx, wet.id, "merge", {"case": new_id()})
    assert type(outside.value) is type(nowhere.value)
    assert outside.value.fields == nowhere.value.fields


@pytest.mark.parametrize(
    ("category", "told"), [("water", {"dispatcher", "one", "group"}), ("E0102", {"dispatcher"})]
)
async def test_only_who_may_see_a_case_hears_that_it_waits(county, crew, category, told):
    """Dispatchers at one desk; those of another matter and of a department are not called."""
    case_id = (await crew.report(category=category)).case_id
    for _ in range(2):
        await crew.does("dispatcher", case_id, "pass_up")
        await crew.does("dispatcher", case_id, "take")
    async with crew.system() as ctx:
        head = (await situation_anyway(ctx, case_id)).head
        kind = ctx.policy.county.case_kinds[0]
        held = await holders(ctx, head, kind)
    names = {person.account_id: name for name, person in county.accounts.items()}
    assert {names[account] for account in held} == told


def a_wish(ctx, county, role="supervisor", **cut):
    return NewBinding(role=role, node_id=county.at("county").id, since=ctx.today, **cut)


@pytest.mark.parametrize(
    ("cut", "allowed"),
    [
        ((("water",), ("water",)), True),
        ((("livelihood",), ("water", "housing")), True),
        ((("water", "power"), ("housing",)), True),
        (((), ("water",)), False),
        ((("water",), ()), False),
        (((), ()), False),
        ((("E0102",), ("water",)), False),
        ((("livelihood", "E0102"), ("water",)), False),
        ((("E01",), ("water",)), False),
        ((("water",), ("urban",)), False),
        ((("water",), ("water", "urban")), False),
    ],
)
async def test_nobody_gives_more_than_the_own_cut(county, as_person, cut, allowed):
    """On either axis: nothing wider, nothing beside it, and never without a cut."""
    categories, departments = cut
    to = county.accounts["worker"].account_id
    offices = tuple(county.departments[one] for one in departments)
    async with as_person("giver") as ctx:
        wish = a_wish(ctx, county, departments=offices, categories=categories)
        if not allowed:
            with pytest.raises(NotAllowed, match="管理范围"):
                await bind_role(ctx, to, wish)
            return
        made = await bind_role(ctx, to, wish)
        kept = (await ctx.session.execute(select(Binding).where(Binding.id == made))).scalar_one()
        assert kept.departments == list(offices)
        assert kept.categories == list(ctx.policy.cut_to(categories))


async def test_what_was_given_with_a_cut_shows_and_counts_no_more(county, facts, as_person):
    """Right at the next request of whoever got it."""
    async with as_person("giver") as ctx:
        wish = a_wish(
            ctx, county, departments=(county.departments["water"],), categories=("water",)
        )
        await bind_role(ctx, county.accounts["newcomer"].account_id, wish)
    async with as_person("newcomer") as ctx:
        (scope,) = ctx.actor.scopes(CaseRight.EXPORT)
        seen = {row.id for row in await exported(ctx, CaseFilter())}
    assert (scope.categories, scope.departments) == (("water",), (county.departments["water"],))
    assert seen == {fact.id for fact in facts if fact.lies_in(("water",), ("water",))}


async def test_a_wider_role_is_not_taken_by_who_could_not_give_it(county, as_person):
    async with as_person("security_admin") as ctx:
        to = county.accounts["newcomer"].account_id
        cut = {"departments": (county.departments["water"],), "categories": ("power",)}
        wide = await bind_role(ctx, to, a_wish(ctx, county))
        narrow = await bind_role(ctx, to, a_wish(ctx, county, role="dispatcher", **cut))
    async with as_person("giver") as ctx:
        with pytest.raises(NotAllowed):
            await end_binding(ctx, wide)
        await end_binding(ctx, narrow)


async def test_a_role_that_passes_with_a_post_keeps_its_cut(county, as_person):
    """Who hands it on cannot widen it, and who could not give it cannot let it pass."""
    root, people = county.at("county"), county.accounts
    passing = Passing(
        root.id, people["group"].account_id, people["newcomer"].account_id, "", whole=True
    )
    async with as_person("giver") as ctx:
        (passed,) = await roles_passing(ctx, [passing], on=ctx.today)
        with pytest.raises(NotAllowed):  # the departments are all of them
            await check_may_pass(ctx, [passed])
        await check_may_pass(ctx, [replace(passed, departments=(county.departments["housing"],))])
    assert set(passed.categories) == {"livelihood", *WATER}


async def test_the_form_offers_the_own_cut_and_says_so(app, county):
    worker = county.accounts["worker"].account_id
    pages = {}
    for who in ("giver", "security_admin"):
        async with a_browser(app) as browser:
            await sign_in(browser, county, who)
            pages[who] = (await browser.get(f"/{county.tenant.slug}/access/people/{worker}")).text
    offered = {who: re.findall(r'name="categories"[^>]*value="(\w+)"', pages[who]) for who in pages}

    assert offered["giver"] == ["livelihood"]
    assert len(offered["security_admin"]) > 5
    assert "测试·urban" not in pages["giver"]
    assert "测试·urban" in pages["security_admin"]
    assert "您自己只管这些" in pages["giver"]
    assert "您自己只管这些" not in pages["security_admin"]
