"""A county without a plugin works by its tables; code can come later, and no row is lost."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
from sqlalchemy import select

from factories.cases import USUAL_WAY, Crew
from gridgov.baseline import plugin as baseline
from gridgov.baseline.flow import FLOW
from gridgov.cases.models import Case, CaseClock
from gridgov.contract.declarations import County, Field
from gridgov.contract.hooks import hookimpl
from gridgov.contract.refining import refined
from gridgov.kernel.db import TenantRow
from gridgov.migrations.tables import METADATA
from gridgov.onboarding.rules.package import check
from gridgov.policy import Policies
from gridgov.tenants.rulebooks import editions
from gridgov.testkit.counties import on_the_air

EXAMPLE = Path(__file__).parents[3] / "docs" / "example-county"


@hookimpl
def county():
    """A plugin that comes later: it asks two questions and calls a step otherwise."""
    stars = (
        Field(code="satisfaction", label="满意程度", kind="stars", required=True),
        Field(code="speed", label="快慢", kind="stars", required=True),
    )
    return County(
        name="后来的插件",
        builds_on="baseline",
        case_kinds=(
            replace(
                refined(
                    FLOW,
                    source="示例",
                    actions={"rate": {"fields": stars}, "dispatch": {"name": "派工"}},
                ),
                version=FLOW.version + 1,
            ),
        ),
    )


POLICIES = Policies({"baseline": baseline, "later": SimpleNamespace(API=1, county=county)})


def package(*plugins):
    files = {path.name: path.read_bytes() for path in EXAMPLE.iterdir()}
    checked = check(files, POLICIES)
    assert checked.faults == ()
    manifest = msgspec.structs.replace(checked.package.manifest, plugins=plugins)
    return replace(checked.package, manifest=manifest)


@pytest.fixture(scope="module")
async def team(database, settings):
    on_air = await on_the_air(database, settings, package(), policies=POLICIES)
    return Crew(database, on_air)


async def rows_of(team):
    """The id of every row that the county has, by table."""
    async with team.system() as ctx:
        return {
            mapper.class_.__tablename__: set(await ctx.session.scalars(select(mapper.class_.id)))
            for mapper in TenantRow.registry.mappers
            if issubclass(mapper.class_, TenantRow)
            and mapper.class_.__table__ in METADATA.sorted_tables
        }


async def test_a_case_goes_from_report_to_rating_in_the_countys_own_words(team):
    case_id = (await team.report(category="heating_off")).case_id
    said = [(await team.does(role, case_id, code)).said for _, role, code in USUAL_WAY]

    async with team.system() as ctx:
        case = await ctx.session.get(Case, (ctx.tenant.id, case_id))
        (clock,) = await ctx.session.scalars(
            select(CaseClock).where(CaseClock.case_id == case_id, CaseClock.promise)
        )
    assert (case.state, case.urgency, case.late) == ("evaluated", "prompt", False)
    assert said[1] == "已交办，等待部门受理。"
    assert (clock.amount, clock.unit, clock.source) == (
        24 * 60,
        "minutes",
        "示例县网格工作办法第九条",
    )


async def test_a_plugin_comes_later_and_no_row_is_lost(team, database, settings):
    halfway = await team.brought_to("handling")
    before = await rows_of(team)

    team.county = await on_the_air(database, settings, package("later"), policies=POLICIES)

    after = await rows_of(team)
    assert {name: ids - after[name] for name, ids in before.items() if ids - after[name]} == {}
    async with team.system() as ctx:
        first, second = (one.rulebook for one in reversed(await editions(ctx.session)))
    assert (first.names, second.names) == (("baseline",), ("later", "baseline"))
    assert [level.name for level in second.county.levels] == ["县级", "乡镇", "村（社区）", "网格"]
    kind = second.county.case_kinds[-1]
    names = {action.code: action.name for action in kind.actions}
    assert names["dispatch"] == "交办"  # the table still lies over the plugin
    await team.does("handler", halfway, "finish")
    await team.does("dispatcher", halfway, "close")
    rated = await team.does("worker", halfway, "rate")
    assert rated.state == "evaluated"
