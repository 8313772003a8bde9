"""五支队伍: formed on units, with members who agreed to be named, and what they do."""

import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from factories.assessed import measured
from factories.tenants import a_county
from gridgov.audit.models import AuditEntry
from gridgov.audit.types import Kind
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.organisations.actions.teams import (
    add_resident,
    add_staff,
    add_unnamed,
    end_team,
    form_team,
    keep_activity,
    remove_member,
    reveal_member,
)
from gridgov.organisations.jobs import forget
from gridgov.organisations.models import TeamMember
from gridgov.organisations.queries.teams import (
    activities,
    members_of,
    team_seen,
    teams_below,
    teams_on,
)
from gridgov.testkit.clock import NOON
from gridgov.testkit.signing_in import send, sign_in

TODAY = NOON.date()


@pytest.fixture
def grid(county):
    return county.at("grid")


async def a_team(ctx, grid, kind="volunteers"):
    return await form_team(ctx, kind, grid.id, on=TODAY - timedelta(days=400))


async def test_a_team_of_a_kind_is_on_a_unit_once(crew, grid, county):
    async with crew.acting("worker") as ctx:
        team = await a_team(ctx, grid)
        with pytest.raises(Conflict, match="志愿者服务队"):
            await a_team(ctx, grid)
        with pytest.raises(Invalid):
            await form_team(ctx, "choir", grid.id, on=TODAY)
        with pytest.raises(NotFound):
            await form_team(ctx, "elders", county.at("grid", 7).id, on=TODAY)
        await end_team(ctx, team, on=TODAY)
        assert await teams_on(ctx, [grid.id]) == []
        again = await form_team(ctx, "volunteers", grid.id, on=TODAY)

    assert again != team


async def test_members_are_staff_or_so_many_of_a_role_or_residents_who_agreed(crew, grid, county):
    number = county.accounts["chief"].number
    async with crew.acting("station_clerk") as ctx:
        team = await a_team(ctx, grid)
        await add_staff(ctx, team, number, role="队长")
        await add_unnamed(ctx, team, role="退休教师", count=6)
        with pytest.raises(Invalid) as refused:
            await add_resident(ctx, team, role="队员", name="某某某", phone="", consent_on=None)
        with pytest.raises(Invalid) as unreachable:
            await add_resident(ctx, team, role="队员", name="某", phone="没有", consent_on=TODAY)
        await add_resident(
            ctx, team, role="队员", name="钱居民", phone="19900001234", consent_on=TODAY
        )
        shown = await members_of(ctx, team)
        size = (await team_seen(ctx, team)).members

    assert "同意" in refused.value.fields["consent_on"]
    assert set(unreachable.value.fields) == {"phone"}
    assert [(one.role, one.count, one.name) for one in shown] == [
        ("队长", 1, "测试·网格长"),
        ("退休教师", 6, ""),
        ("队员", 1, "钱**"),
    ]
    assert shown[2].phone == "199****1234"
    assert size == 8


async def test_a_name_is_shown_for_a_reason_and_gone_when_they_leave(crew, grid):
    async with crew.acting("station_clerk") as ctx:
        team = await a_team(ctx, grid)
        await add_resident(ctx, team, role="队员", name="钱居民", phone="", consent_on=TODAY)
        (member,) = await members_of(ctx, team)
        with pytest.raises(Invalid):
            await reveal_member(ctx, team, member.id, purpose=" ")
        name, _ = await reveal_member(ctx, team, member.id, purpose="通知活动")
    async with crew.acting("worker") as ctx:
        with pytest.raises(NotFound):
            await reveal_member(ctx, team, member.id, purpose="通知活动")
        await remove_member(ctx, team, member.id)
        kept = (await ctx.session.execute(select(TeamMember.name, TeamMember.phone))).one()
        looks = await ctx.session.scalars(
            select(AuditEntry.purpose).where(AuditEntry.kind == Kind.REVEAL)
        )
        assert list(looks) == ["通知活动"]

    assert name == "钱居民"
    assert tuple(kept) == (None, None)


async def test_the_names_of_a_team_are_gone_on_the_day_it_ends(crew, grid):
    async with crew.acting("station_clerk") as ctx:
        for kind, days in (("volunteers", 0), ("elders", 3)):
            team = await a_team(ctx, grid, kind)
            await add_resident(
                ctx, team, role="队员", name="钱居民", phone="19900001234", consent_on=TODAY
            )
            await end_team(ctx, team, on=TODAY + timedelta(days=days))
            assert await sealed(ctx, team) is (days > 0)
    crew.later(days=3)
    async with crew.system() as ctx:
        await forget(ctx)
        assert not await sealed(ctx, team)


async def sealed(ctx, team):
    row = (
        await ctx.session.execute(
            select(TeamMember.name, TeamMember.phone).where(TeamMember.team_id == team)
        )
    ).one()
    return row != (None, None)


async def test_who_is_of_a_party_is_counted_and_never_named(crew, grid, county):
    """党员先锋队: a resident named in it would be a record of what they belong to."""
    async with crew.acting("station_clerk") as ctx:
        team = await a_team(ctx, grid, "party")
        with pytest.raises(Invalid) as refused:
            await add_resident(ctx, team, role="队员", name="钱居民", phone="", consent_on=TODAY)
        await add_unnamed(ctx, team, role="队员", count=6)
        await add_staff(ctx, team, county.accounts["chief"].number, role="队长")
    assert "只记人数" in refused.value.fields["how"]


async def test_what_a_team_did_is_counted_by_place_and_period(crew, grid, county):
    async with crew.acting("worker") as ctx:
        team = await a_team(ctx, grid)
        for days, people in ((1, 30), (40, 12), (200, 5)):
            await keep_activity(
                ctx,
                grid.id,
                on=TODAY - timedelta(days=days),
                what="清扫背街小巷",
                took_part=people,
                team_id=team,
            )
        with pytest.raises(Invalid):
            await keep_activity(
                ctx, grid.id, on=TODAY + timedelta(days=1), what="明天的事", took_part=1
            )
        row = await team_seen(ctx, team)
        recent = await activities(ctx, since=TODAY - timedelta(days=90))
    villages = [county.at("village", number).path for number in (0, 1)]
    assert [await measured(crew, "activities_held", path) for path in villages] == [2, 0]
    assert (row.acted, row.last_on) == (2, TODAY - timedelta(days=1))
    assert [one.took_part for one in recent] == [30, 12]


async def test_a_team_elsewhere_is_not_there(crew, county):
    async with crew.acting("county_admin") as ctx:
        assert await teams_below(ctx, "") == []  # the administrator reads no teams
    async with crew.acting("subcentre_clerk", at=county.at("town", 1).path) as ctx:
        team = await a_team(ctx, county.at("grid", 7))
    async with crew.acting("worker") as ctx:
        with pytest.raises(NotFound):
            await team_seen(ctx, team)


async def test_on_the_pages_a_team_is_formed_filled_and_does_something(app, client):
    county = await a_county(app.state.database, app.state.settings)
    await sign_in(client, county, "station_clerk")
    at, grid = f"/{county.tenant.slug}", county.at("grid")

    formed = await send(client, f"{at}/teams/", page=f"{at}/teams/", kind="women", node=grid.id)
    team = formed.headers["location"].split("?")[0]
    wrong = await send(client, f"{team}/members", page=team, how="resident", role="队员", name="某")
    added = await send(client, f"{team}/members", page=team, how="unnamed", role="队员", count=12)
    new = f"{at}/activities/new?team={team.rsplit('/', 1)[1]}"
    kept = await send(
        client, f"{at}/activities/new", page=new, node=grid.id, team=team.rsplit("/", 1)[1],
        what="文明劝导", on="2026-03-01", took_part=20, place="广场",
    )  # fmt: skip
    shown = (await client.get(team)).text
    board = (await client.get(f"{at}/teams/")).text
    listed = (await client.get(f"{at}/activities/", params={"period": "all"})).text
    export = f"{at}/activities/export?period=all"
    file = await send(client, export, page=f"{at}/activities/export", purpose="季度讲评")

    assert (formed.status_code, wrong.status_code, added.status_code) == (303, 422, 303)
    assert "没有同意就不写姓名" in wrong.text
    assert kept.status_code == 303
    assert "文明劝导" in shown and "12 人" in board and "文明劝导" in listed
    rows = list(load_workbook(io.BytesIO(file.content)).active.values)
    assert rows[-1][3:] == ("妇团文明队", "广场", "文明劝导", "20")
