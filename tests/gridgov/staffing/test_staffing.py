"""What the standard asks for and is not there, and filling it from the list."""

import io
from datetime import date

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from factories.tenants import a_county
from gridgov.contract.staffing import Quota
from gridgov.grid.queries.nodes import node_of
from gridgov.staff.actions import appoint_post
from gridgov.staff.models import StaffMember
from gridgov.staffing.queries.gaps import filled_at, gaps
from gridgov.staffing.rules import needs_on
from gridgov.testkit.clock import NOON
from gridgov.testkit.signing_in import send, sign_in

TODAY = NOON.date()
ASKED = (
    "worker", "chief", "party_leader", "group_leader", "inspector", "mediator", "police",
    "patroller", "information_officer",
)  # fmt: skip


@pytest.fixture
async def small(app):
    return await a_county(app.state.database, app.state.settings)


@pytest.fixture
async def admin(client, small):
    await sign_in(client, small, "county_admin", second_factor=True)
    return client


def test_of_two_readings_the_one_of_the_day_is_asked_for_and_a_setting_changes_the_number():
    quotas = (
        Quota(code="a", post="city", level="grid", since=date(2017, 4, 1), until=date(2019, 5, 28)),
        Quota(code="b", post="city", level="grid", since=date(2019, 5, 28), setting="n"),
    )

    asked = {
        (day, number): [need.count for need in needs_on(quotas, lambda _, n=number: n, day)]
        for day in (date(2017, 1, 1), date(2018, 1, 1), date(2026, 1, 1))
        for number in (0, 2)
    }

    assert [asked[day, 0] for day in (date(2017, 1, 1), date(2018, 1, 1), date(2026, 1, 1))] == [
        [],
        [1],
        [],
    ]
    assert asked[date(2026, 1, 1), 2] == [2]


async def test_every_unit_is_held_to_the_standard_and_who_is_there_counts(crew, county):
    first, second = county.at("grid"), county.at("grid", 1)
    async with crew.acting("county_admin") as ctx:
        found = await gaps(ctx)

    lacking = {gap.post for gap in found if gap.node_id == first.id}
    assert {gap.post for gap in found if gap.node_id == second.id} == set(ASKED)
    assert "chief" not in lacking and "party_leader" in lacking
    assert all(gap.missing == 1 for gap in found)


async def test_a_worker_who_is_employed_otherwise_than_the_standard_says_fills_nothing(
    crew, county
):
    node, person = county.at("grid", 1), county.accounts["worker"].staff_id
    async with crew.acting("county_admin") as ctx:
        await appoint_post(ctx, person, node_id=node.id, post="worker", valid_from=TODAY)
        unit = await node_of(ctx, node.id)
        assert unit is not None
        filled, _ = await filled_at(ctx, unit)

    worker = next(one for one in filled if one.need.post == "worker")
    assert (worker.need.employment, worker.names, worker.missing) == ("full_time", (), 1)


async def test_somebody_sees_the_gaps_of_their_own_place_only(crew, county):
    async with crew.acting("station_clerk") as ctx:
        mine = {gap.path for gap in await gaps(ctx)}
    async with crew.acting("handler") as ctx:
        none = await gaps(ctx)

    village = county.at("village").path
    assert mine and all(path.startswith(village) for path in mine)
    assert none == []


async def test_a_gap_is_filled_from_the_list(admin, small):
    grid = small.at("grid", 1)
    place = f"/{small.tenant.slug}/staffing/gaps"
    form = f"{place}/{grid.id}/party_leader"
    number = small.accounts["dispatcher"].number

    before = (await admin.get(place, params={"post": "party_leader"})).text
    nobody = await send(admin, form, page=form, valid_from="2026-03-01")
    filled = await send(admin, form, page=form, other=number, valid_from="2026-03-01")
    after = (await admin.get(place, params={"post": "party_leader"})).text

    assert f"{grid.id}/party_leader" in before
    assert (nobody.status_code, filled.status_code) == (422, 303)
    assert "请选一个人，或者填工号" in nobody.text
    assert f"{grid.id}/party_leader" not in after


async def test_who_cannot_take_the_post_is_not_proposed_for_it(app, admin, small):
    """A full-time worker has one place: the rule would refuse them after the choice."""
    grid, worker = small.at("grid", 1), small.accounts["worker"]
    posts = f"/{small.tenant.slug}/staffing/gaps"
    form = f"{posts}/{grid.id}/party_leader"
    await send(
        admin, f"{posts}/{grid.id}/chief", page=f"{posts}/{grid.id}/chief",
        other=worker.number, valid_from="2026-03-01",
    )  # fmt: skip
    before = (await admin.get(form)).text
    async with app.state.database.session(small.tenant.id) as session:
        full = update(StaffMember).where(StaffMember.id == worker.staff_id)
        await session.execute(full.values(employment="full_time"))
    after = (await admin.get(form)).text
    refused = await send(admin, form, page=form, other=worker.number, valid_from="2026-03-01")

    assert f'value="{worker.number}"' in before
    assert f'value="{worker.number}"' not in after
    assert refused.status_code == 409
    assert "自 2026年3月1日 起任职于" in refused.text
    assert 'data-field="other" data-wrong' in refused.text
    assert 'data-field="person" data-wrong' not in refused.text


async def test_the_standard_says_how_the_worker_is_employed(admin, small):
    grid = small.at("grid", 1)
    form = f"/{small.tenant.slug}/staffing/gaps/{grid.id}/worker"

    refused = await send(
        admin, form, page=form, other=small.accounts["auditor"].number, valid_from="2026-03-01"
    )

    assert refused.status_code == 422
    assert "这里按标准要配专职人员" in refused.text


async def test_the_list_goes_along_as_a_spreadsheet(admin, small):
    place = f"/{small.tenant.slug}/staffing/gaps/export"

    file = await send(admin, f"{place}?post=police", page=place, purpose="排班")

    rows = list(load_workbook(io.BytesIO(file.content)).active.values)
    assert {row[3] for row in rows[2:]} == {"网格警员"}
    assert len(rows) == 2 + 8  # a mark, a head, and every grid


async def test_a_unit_shows_its_numbers_and_duties_and_prints_its_card(admin, small):
    grid = small.at("grid")
    place = f"/{small.tenant.slug}/staffing/at/{grid.id}"

    piece = (await admin.get(place)).text
    card = (await admin.get(f"{place}/card")).text
    printed = (await send(admin, f"{place}/card", page=f"{place}/card")).text

    assert "遇有治安情况，联系派出所或者拨打110" in piece
    assert "城区公开招聘220名专职网格员" in piece  # the source
    for post in ("网格员", "网格警员", "网格长"):
        assert f"{post}的职责" in card  # of every post of the grid, not of the first ones
    assert "<path d=" in card and grid.code in card and "监督电话" in card
    assert "19900000001" not in card and "19900000001" in printed


@pytest.mark.parametrize(("role", "status"), [("auditor", 403), ("handler", 403), (None, 401)])
async def test_the_pages_are_closed_to_others(client, small, role, status):
    if role:
        await sign_in(client, small, role, second_factor=True)

    for page in ("staffing/gaps", "kit/"):
        assert (await client.get(f"/{small.tenant.slug}/{page}")).status_code == status
