"""The invented history: the same again, as large as promised, and what suggestions answer to."""

import random
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from factories.working import place_in
from gridgov.cases.models import Case, CaseAssignment, CaseStep
from gridgov.cases.queries.suggesting import router
from gridgov.cli.main import parser
from gridgov.grid.models import GridNode
from gridgov.onboarding.types import BindingRow, StaffRow
from gridgov.staff.models import Department
from gridgov.testkit.counties import installed_policies, on_the_air
from gridgov.testkit.packages import a_package
from gridgov.testkit.statements import statements
from liling.demo.cast import cast_of
from liling.demo.ground import leaves_of
from liling.demo.history import A_DAY, FRESH, SEED, Draft, tell
from liling.demo.stories import MATTERS

NOW = datetime(2026, 11, 12, 7, tzinfo=UTC)
DAYS = 5
COMING = sorted({matter.who_comes(urban=urban) for matter in MATTERS for urban in (True, False)})


def a_lively_county(code):
    """Half of it country, with somebody who handles for each department that a story names."""
    handlers = [
        StaffRow(
            number=f"H{number:02}",
            name=f"测试·{department}",
            title="经办",
            employment="official",
            phone=f"1990001{number:04}",
            login=f"handler-{department}",
            synthetic=True,
        )
        for number, department in enumerate(COMING)
    ]
    package = a_package(
        code,
        installed_policies().of(("liling",)).county,
        ("liling",),
        departments=COMING,
        also=handlers,
        bound=[
            BindingRow(staff=who.number, role="handler", node="{code}", departments=(department,))
            for who, department in zip(handlers, COMING, strict=True)
        ],
    )
    halves = (
        replace(node, area_type="rural" if number % 2 else "urban")
        for number, node in enumerate(package.nodes)
    )
    return replace(package, nodes=tuple(halves))


async def told(database, settings, code):
    """The place of a county in which the whole history has happened."""
    package = a_lively_county(code)
    county = await on_the_air(database, settings, package, at=NOW - timedelta(days=DAYS + 1))
    place = await place_in(county, database, settings)
    async with place.transaction("演示") as ctx:
        cast, leaves = await cast_of(ctx, NOW.date()), await leaves_of(ctx)
    luck = random.Random(SEED)
    draft = Draft(cast, leaves, county.departments, leaves[0], luck, NOW, DAYS)
    await tell(place, draft, lambda _: None)
    return place


@pytest.fixture(scope="module")
async def twice(database, settings):
    return [await told(database, settings, code) for code in ("981001", "981002")]


async def story(place):
    """What happened to each case, without what belongs to one county alone."""
    async with place.transaction("测试") as ctx:
        rows = await ctx.session.execute(
            select(Case.title, Case.node_path, Case.place, CaseStep.action, CaseStep.at)
            .join(Case, (Case.tenant_id == CaseStep.tenant_id) & (Case.id == CaseStep.case_id))
            .order_by(CaseStep.at, Case.code, CaseStep.action)
        )
        return [(title, path.partition(".")[2], *rest) for title, path, *rest in rows]


async def test_the_same_seed_tells_the_same_history(twice):
    first, again = [await story(place) for place in twice]

    assert len(first) > 100
    assert len({title for title, *_ in first}) > 10
    assert again == first


def test_a_demo_is_sixty_days_and_some_six_hundred_cases_unless_told_otherwise():
    days = parser().parse_args(["demo", "tenants/liling"]).days

    assert days == 60
    assert 550 <= A_DAY * days + FRESH <= 650


async def test_nine_of_ten_of_its_cases_were_suggested_to_who_saw_to_them(twice):
    """The stories name who comes by themselves; no list and no rule is asked for them."""
    right, wrong = 0, []
    async with twice[0].transaction("测试") as ctx:
        seen_to = await ctx.session.execute(
            select(Case, Department.code, GridNode.area_type)
            .join(
                CaseAssignment,
                (CaseAssignment.tenant_id == Case.tenant_id) & (CaseAssignment.case_id == Case.id),
            )
            .join(
                Department,
                (Department.tenant_id == Case.tenant_id)
                & (Department.id == CaseAssignment.department_id),
            )
            .join(
                GridNode, (GridNode.tenant_id == Case.tenant_id) & (GridNode.path == Case.node_path)
            )
        )
        asked = await router(ctx, [matter.category for matter in MATTERS])
        for case, department, area in seen_to:
            (best, *_) = asked.suggest(case.category, case.urgency, case.node_path, area)
            if best.sure and best.code == department:
                right += 1
            else:
                wrong.append((case.title, area, best.code, department))

    assert right >= 20
    assert 10 * len(wrong) <= right + len(wrong), wrong


CASES, MISTAKEN = 240, 0.04


def held_out():
    """Cases that no history tells: what happened, town or country, and whom a dispatcher sent.

    Drawn as often as the matters come, by a seed of their own. Who comes is written down with the
    story, from what happens and not from the lists; one dispatcher in twenty-five sends somebody
    else of the county, as people do, and is then the one whom the suggestion has to meet.
    """
    luck = random.Random(f"{SEED} put aside")
    for _ in range(CASES):
        matter = luck.choices(MATTERS, [matter.weight for matter in MATTERS])[0]
        urban = luck.random() < 0.5
        right = matter.who_comes(urban=urban)
        sent = luck.choice(COMING) if luck.random() < MISTAKEN else right
        yield matter, "urban" if urban else "rural", sent


async def test_nine_of_ten_cases_that_were_put_aside_are_suggested_to_whom_a_dispatcher_sent(
    twice, database
):
    """A suggestion that abstains counts as wrong; none of the labels can have taught it.

    It reads the county's lists and data and the plugin's rule: that what was dispatched before is
    not even read is seen from its statements.
    """
    wrong = []
    async with twice[0].transaction("测试") as ctx:
        path = await ctx.session.scalar(select(GridNode.path).order_by(GridNode.path.desc()))
        with statements(database) as sent:
            asked = await router(ctx, [matter.category for matter in MATTERS])
            for matter, area, department in held_out():
                (best, *_) = asked.suggest(matter.category, "normal", path, area)
                if not best.sure or best.code != department:
                    wrong.append((matter.category, area, best.code, department))

    assert not [one for one in sent if re.search(r"\bFROM (cases|case_steps)\b", one)]
    assert len(set(held_out())) > 30
    assert 10 * len(wrong) <= CASES, wrong
