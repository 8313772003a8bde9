"""四件套 and the patrol car: issued, returned, missing, by person and by unit."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from factories.tenants import a_county
from gridgov.audit.models import AuditEntry
from gridgov.kernel.clock import CHINA, now
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.staff.actions import vacate_post
from gridgov.staff.queries import career_of
from gridgov.staffing.actions import end_piece, issue_piece, issue_set, strike_off
from gridgov.staffing.queries import kit as queries
from gridgov.staffing.queries.kit import (
    Show,
    bearers,
    held_by_leavers,
    pieces_at,
    pieces_of,
    still_held,
)
from gridgov.staffing.types import KitState
from gridgov.staffing.web.kit import lines_of
from gridgov.testkit.clock import NOON
from gridgov.testkit.signing_in import send, sign_in

TODAY = NOON.date()
FOUR = {"phone", "card", "bag", "uniform"}


@pytest.fixture
def worker(county):
    return county.accounts["worker"].staff_id


@pytest.fixture
def grid(county):
    return county.at("grid")


async def test_a_whole_set_is_handed_out_at_once_and_only_what_is_lacking(crew, worker, grid):
    async with crew.acting("station_clerk") as ctx:
        await issue_piece(ctx, "bag", grid.id, staff_id=worker, mark="B-7", on=TODAY)
        assert await issue_set(ctx, worker, grid.id, on=TODAY) == 3
        with pytest.raises(Conflict, match="已经领齐"):
            await issue_set(ctx, worker, grid.id, on=TODAY)

        assert {piece.item for piece in await still_held(ctx, worker)} == FOUR


async def test_what_is_gone_can_be_handed_out_anew_and_found_again(crew, worker, grid):
    async with crew.acting("station_clerk") as ctx:
        await issue_piece(ctx, "card", grid.id, staff_id=worker, mark="", on=TODAY)
        (card,) = await pieces_of(ctx, worker)
        with pytest.raises(Invalid):
            await end_piece(ctx, card.id, KitState.MISSING, on=TODAY - timedelta(days=1))
        await end_piece(ctx, card.id, KitState.MISSING, on=TODAY, note="下乡时丢失")
        lost = await bearers(ctx, show=Show.MISSING)
        await issue_piece(ctx, "card", grid.id, staff_id=worker, mark="", on=TODAY)
        await end_piece(ctx, card.id, KitState.RETURNED, on=TODAY)
        with pytest.raises(Conflict):
            await end_piece(ctx, card.id, KitState.MISSING, on=TODAY)

    assert [one.staff_id for one in lost] == [worker]


async def test_what_is_not_found_again_is_struck_off_for_a_reason_that_is_kept(crew, worker, grid):
    async with crew.acting("station_clerk") as ctx:
        await issue_piece(ctx, "card", grid.id, staff_id=worker, mark="", on=TODAY)
        (card,) = await pieces_of(ctx, worker)
        with pytest.raises(Conflict, match="登记了遗失的才能核销"):
            await strike_off(ctx, card.id, reason="丢了")
        await end_piece(ctx, card.id, KitState.MISSING, on=TODAY, note="下乡时丢失")
        with pytest.raises(Invalid):
            await strike_off(ctx, card.id, reason=" ")
        await strike_off(ctx, card.id, reason="登报挂失，已补发")
        (gone,) = await pieces_of(ctx, worker)
        assert await bearers(ctx, show=Show.MISSING) == []
        for state in (KitState.RETURNED, KitState.MISSING, KitState.STRUCK_OFF):
            with pytest.raises(Conflict):
                await end_piece(ctx, card.id, state, on=TODAY)
        await issue_piece(ctx, "card", grid.id, staff_id=worker, mark="", on=TODAY)
    async with crew.acting("auditor") as ctx:
        kept = AuditEntry.verb == "kit.struck_off"
        (detail,) = await ctx.session.scalars(select(AuditEntry.details).where(kept))

    assert (gone.state, gone.note, gone.struck_off_for) == (
        KitState.STRUCK_OFF, "下乡时丢失", "登报挂失，已补发",
    )  # fmt: skip
    assert detail["reason"] == "登报挂失，已补发"


async def test_the_board_is_searched_by_a_name_of_a_person_or_a_grid(crew, worker):
    async with crew.acting("station_clerk") as ctx:
        everybody = await bearers(ctx)
        mine = next(one for one in everybody if one.staff_id == worker)
        by_person = await bearers(ctx, words=mine.person)
        by_grid = await bearers(ctx, words=mine.node_name)
        nobody = await bearers(ctx, words="查无此人")

    assert {one.staff_id for one in by_person} == {worker}
    assert worker in {one.staff_id for one in by_grid}
    assert nobody == []


async def test_a_grid_without_its_car_leaves_nothing_to_hand_to_the_person(crew, worker, grid):
    """The car is the grid's: who has all four is offered no whole set."""
    async with crew.acting("station_clerk") as ctx:
        await issue_set(ctx, worker, grid.id, on=TODAY)
        (line,) = await lines_of(ctx, [b for b in await bearers(ctx) if b.staff_id == worker])

    assert "" in line.marks and not line.lacks


async def test_only_urban_units_have_a_car_and_only_workers_a_uniform(crew, county, worker, grid):
    clerk = county.accounts["chief"].staff_id
    async with crew.acting("subcentre_clerk") as ctx:
        await issue_piece(ctx, "car", grid.id, staff_id=None, mark="湘B·演示1", on=TODAY)
        with pytest.raises(Conflict, match="网格巡查专用车"):
            await issue_piece(ctx, "car", grid.id, staff_id=None, mark="", on=TODAY)
        with pytest.raises(Invalid):
            await issue_piece(ctx, "car", grid.id, staff_id=worker, mark="", on=TODAY)
        with pytest.raises(Invalid):
            await issue_piece(ctx, "uniform", grid.id, staff_id=clerk, mark="", on=TODAY)
        (car,) = await pieces_at(ctx, grid.id)

    assert (car.mark, car.staff_id) == ("湘B·演示1", None)


async def test_who_has_not_the_whole_set_is_found(crew, worker, grid):
    async with crew.acting("station_clerk") as ctx:
        before = [one.staff_id for one in await bearers(ctx, show=Show.LACKING)]
        await issue_set(ctx, worker, grid.id, on=TODAY)
        after = [one.staff_id for one in await bearers(ctx, show=Show.LACKING)]
        everybody = await bearers(ctx)

    assert worker in before and worker not in after
    assert any(one.staff_id is None for one in everybody)  # a vacant unit is shown as such


async def test_what_a_leaver_still_holds_is_listed(crew, worker, grid):
    async with crew.acting("station_clerk") as ctx:
        await issue_set(ctx, worker, grid.id, on=TODAY)
        assert await held_by_leavers(ctx) == []
    async with crew.acting("county_admin") as ctx:
        for held in await career_of(ctx, worker):
            await vacate_post(ctx, held.id, on=TODAY)
        left = await held_by_leavers(ctx)

    assert {piece.item for piece in left} == FOUR
    assert {piece.staff_id for piece in left} == {worker}


async def test_what_leavers_hold_comes_in_pages_and_none_is_left_out(
    crew, worker, grid, monkeypatch
):
    monkeypatch.setattr(queries, "PAGE", 3)
    async with crew.acting("station_clerk") as ctx:
        await issue_set(ctx, worker, grid.id, on=TODAY)
    async with crew.acting("county_admin") as ctx:
        for held in await career_of(ctx, worker):
            await vacate_post(ctx, held.id, on=TODAY)
        first = await held_by_leavers(ctx)
        last = first[2]
        rest = await held_by_leavers(ctx, cursor=(last.issued_on, last.id))

    assert (len(first), len(rest)) == (4, 1)  # one more says that there is a next page
    assert {one.item for one in [*first[:3], *rest]} == FOUR


async def test_nobody_hands_out_elsewhere(crew, county, worker):
    elsewhere = county.at("grid", 7)
    async with crew.acting("station_clerk") as ctx:
        with pytest.raises(NotFound):
            await issue_piece(ctx, "car", elsewhere.id, staff_id=None, mark="", on=TODAY)
        with pytest.raises(NotFound):  # no post of theirs there
            await issue_set(
                ctx, county.accounts["auditor"].staff_id, county.at("grid").id, on=TODAY
            )


async def test_on_the_page_one_tap_hands_out_a_set_and_a_receipt_is_printed(app, client):
    county = await a_county(app.state.database, app.state.settings)
    await sign_in(client, county, "station_clerk")
    person, grid = county.accounts["worker"].staff_id, county.at("grid")
    kit = f"/{county.tenant.slug}/kit"

    board = (await client.get(f"{kit}/")).text
    given = await send(client, f"{kit}/people/{person}/set", page=f"{kit}/", node=grid.id)
    receipt = (await client.get(f"{kit}/people/{person}/receipt")).text
    again = await send(client, f"{kit}/people/{person}/set", page=f"{kit}/", node=grid.id)

    assert "领整套" in board and "网格巡查专用车" in board
    assert given.status_code == 303
    assert all(name in receipt for name in ("专用手机", "工作证", "工作包", "职业装", "签字"))
    assert again.status_code == 409


async def test_on_the_page_something_is_lost_struck_off_and_gone_from_the_list(app, client):
    county = await a_county(app.state.database, app.state.settings)
    await sign_in(client, county, "station_clerk")
    person, grid = county.accounts["worker"].staff_id, county.at("grid")
    kit = f"/{county.tenant.slug}/kit"
    own, today = f"{kit}/people/{person}", now().astimezone(CHINA).date().isoformat()
    await send(client, own, page=own, node=grid.id, item="bag", on=today)
    await send(client, own, page=own, node=grid.id, item="phone", on=today)
    page = (await client.get(own)).text
    piece = re.search(r'action="([^"]+/kit/pieces/[^"]+)"', page).group(1)
    unsaid = await send(client, piece, page=own, on=today, note="写好的话")
    await send(client, piece, page=own, state="missing", on=today, note="赶集时丢失")
    lost = (await client.get(f"{kit}/?show=missing")).text
    without = await send(client, f"{piece}/strike-off", page=own, reason="")
    struck = await send(client, f"{piece}/strike-off", page=own, reason="已照价赔偿")
    after = (await client.get(own)).text
    listed = (await client.get(f"{kit}/?show=missing")).text

    assert unsaid.text.count("field-error") == 1  # at the form that was sent, and at no other
    assert unsaid.text.count("写好的话") == 1
    assert "遗失" in lost and str(person) in lost
    assert (without.status_code, struck.status_code) == (422, 303)
    assert "核销：已照价赔偿" in after and "赶集时丢失" in after
    assert str(person) not in listed
