"""Giving and taking roles, for real."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from factories.newcomers import a_newcomer
from factories.tenants import a_county
from gridgov.access.actions.admitting import create_account
from gridgov.access.actions.granting import NewBinding, bind_role, end_binding
from gridgov.access.models import Binding
from gridgov.access.queries.people import person_of_staff
from gridgov.audit.models import AuditEntry
from gridgov.kernel.clock import CHINA, now
from gridgov.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from gridgov.kernel.outbox import OutboxEvent
from gridgov.testkit.signing_in import a_browser, send, sign_in
from gridgov.testkit.statements import statements


def today(ctx):
    return (ctx.now + timedelta(hours=8)).date()


def a_wish(ctx, node, role="station_clerk", **values):
    return NewBinding(role=role, node_id=node.id, since=today(ctx), **values)


async def test_a_security_admin_gives_a_role_and_it_is_on_record(county, as_person, app):
    worker = county.accounts["worker"]
    async with as_person("security_admin") as ctx:
        binding = await bind_role(ctx, worker.account_id, a_wish(ctx, county.at("village")))

    async with app.state.database.session(county.tenant.id) as session:
        audited = await session.scalars(
            select(AuditEntry.details).where(AuditEntry.verb == "access.bound")
        )
        told = await session.scalars(
            select(OutboxEvent.subject).where(OutboxEvent.kind == "access.bound")
        )
        assert [entry["binding"] for entry in audited] == [str(binding)]
        assert told.all() == [worker.account_id]


async def test_one_cannot_change_ones_own_rights(county, as_person):
    me = county.accounts["security_admin"].account_id
    async with as_person("security_admin") as ctx:
        with pytest.raises(NotAllowed):
            await bind_role(ctx, me, a_wish(ctx, county.at("county"), "county_admin"))


async def test_one_cannot_take_ones_own_role(county, as_person, app):
    me = county.accounts["security_admin"].account_id
    async with app.state.database.session(county.tenant.id) as session:
        mine = await session.scalar(select(Binding.id).where(Binding.account_id == me))
    async with as_person("security_admin") as ctx:
        with pytest.raises(NotAllowed):
            await end_binding(ctx, mine)


@pytest.mark.parametrize("who", ["county_admin", "auditor", "dispatcher"])
async def test_nobody_else_can_give_roles(county, as_person, who):
    async with as_person(who) as ctx:
        with pytest.raises(NotAllowed):
            await bind_role(
                ctx, county.accounts["worker"].account_id, a_wish(ctx, county.at("village"))
            )


async def test_a_security_admin_cannot_make_another(county, as_person):
    async with as_person("security_admin") as ctx:
        with pytest.raises(NotAllowed):
            await bind_role(
                ctx,
                county.accounts["worker"].account_id,
                a_wish(ctx, county.at("county"), "security_admin"),
            )


@pytest.mark.parametrize(
    ("who", "role"),
    [
        ("county_admin", "auditor"),
        ("auditor", "county_admin"),
        ("worker", "county_admin"),
        ("county_admin", "dispatcher"),
    ],
)
async def test_what_must_lie_in_different_hands_is_refused(county, as_person, who, role):
    node = county.at("county")
    async with as_person("security_admin") as ctx:
        with pytest.raises(Conflict):
            await bind_role(ctx, county.accounts[who].account_id, a_wish(ctx, node, role))


async def test_a_role_of_a_department_names_the_department(county, as_person):
    worker = county.accounts["worker"].account_id
    async with as_person("security_admin") as ctx:
        root = county.at("county")
        with pytest.raises(Invalid) as refused:
            await bind_role(ctx, worker, a_wish(ctx, root, "handler"))
        assert set(refused.value.fields) == {"departments"}
        water = (county.departments["water"],)
        await bind_role(ctx, worker, a_wish(ctx, root, "handler", departments=water))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"role": "dispatcher"}, "node"),
        ({"role": "no-such-role"}, "role"),
        ({"categories": ("no-such-category",)}, "categories"),
        ({"until": 0}, "until"),
    ],
)
async def test_what_does_not_fit_gets_a_sentence_at_its_field(county, as_person, values, field):
    async with as_person("security_admin") as ctx:
        given = {"role": "station_clerk"} | values
        if "until" in given:
            given["until"] = today(ctx)
        wish = a_wish(ctx, county.at("village"), **given)
        with pytest.raises(Invalid) as refused:
            await bind_role(ctx, county.accounts["worker"].account_id, wish)

    assert set(refused.value.fields) == {field}


async def test_the_same_role_twice_in_one_place_is_refused(county, as_person):
    worker = county.accounts["worker"].account_id
    async with as_person("security_admin") as ctx:
        await bind_role(ctx, worker, a_wish(ctx, county.at("village")))
        with pytest.raises(Conflict):
            await bind_role(ctx, worker, a_wish(ctx, county.at("village")))


async def test_another_countys_account_node_or_binding_is_not_found(county, as_person, app):
    other = await a_county(app.state.database, app.state.settings)
    async with app.state.database.session(other.tenant.id) as session:
        theirs = await session.scalar(select(Binding.id))
    async with as_person("security_admin") as ctx:
        wish = a_wish(ctx, county.at("village"))
        with pytest.raises(NotFound):
            await bind_role(ctx, other.accounts["worker"].account_id, wish)
        wish = a_wish(ctx, other.at("village"))
        with pytest.raises(Invalid):
            await bind_role(ctx, county.accounts["worker"].account_id, wish)
        with pytest.raises(NotFound):
            await end_binding(ctx, theirs)


async def test_an_ended_binding_cannot_be_ended_again(county, as_person):
    worker = county.accounts["worker"].account_id
    async with as_person("security_admin") as ctx:
        binding = await bind_role(ctx, worker, a_wish(ctx, county.at("village")))
    async with as_person("security_admin") as ctx:
        await end_binding(ctx, binding)
        with pytest.raises(NotFound):
            await end_binding(ctx, binding)


async def test_the_pages_give_and_take(client, county, app):
    await sign_in(client, county, "security_admin")
    worker, village = county.accounts["worker"], county.at("village")
    person = f"/{county.tenant.slug}/access/people/{worker.account_id}"
    shown = await client.get(person)

    given = await send(
        client,
        person,
        role="station_clerk",
        node=village.code,
        since=str(china_today()),
    )
    async with app.state.database.session(county.tenant.id) as session:
        binding = await session.scalar(
            select(Binding.id).where(
                Binding.account_id == worker.account_id, Binding.role == "station_clerk"
            )
        )
    taken = await send(client, f"/{county.tenant.slug}/access/bindings/{binding}/end", page=person)
    after = await client.get(person)

    assert shown.status_code == 200
    assert "工作站专员" in shown.text
    assert (given.status_code, taken.status_code) == (303, 303)
    assert "收回这个角色" in after.text  # the worker's own role is still there


def china_today():
    return now().astimezone(CHINA).date()


async def test_a_place_is_found_by_its_code_and_doubts_are_asked_about(client, county):
    await sign_in(client, county, "security_admin")
    person = f"/{county.tenant.slug}/access/people/{county.accounts['worker'].account_id}"
    fields = {"role": "station_clerk", "since": str(china_today())}

    unknown = await send(client, person, node="火星", **fields)
    several = await send(client, person, node="测试", **fields)

    assert unknown.status_code == 422
    assert "没有这个地方" in unknown.text
    assert several.status_code == 422
    assert several.text.count('name="node"') > 1


@pytest.mark.parametrize("words", ["T01", "worker", "网格员", "测试"])
async def test_bindings_are_found_by_person_and_place(client, county, words):
    await sign_in(client, county, "auditor")
    await sign_in(client, county, "security_admin")

    answer = await client.get(f"/{county.tenant.slug}/access/bindings", params={"q": words})

    assert answer.status_code == 200
    assert "测试·网格员" in answer.text


async def test_many_givers_at_once_leave_one_binding(county, as_person):
    worker = county.accounts["worker"].account_id

    async def give():
        try:
            async with as_person("security_admin") as ctx:
                return await bind_role(ctx, worker, a_wish(ctx, county.at("village")))
        except Conflict:
            return None

    given = await asyncio.gather(*(give() for _ in range(4)))

    assert len([one for one in given if one]) == 1


async def test_people_without_the_right_see_no_bindings(county, app):
    for who, status in (("worker", 403), ("county_admin", 403), ("security_admin", 200)):
        async with a_browser(app) as browser:
            await sign_in(browser, county, who)
            answer = await browser.get(f"/{county.tenant.slug}/access/bindings")
            assert answer.status_code == status


async def test_two_givers_at_once_cannot_put_two_powers_into_one_hand(app, county, as_person):
    """Auditor and county admin for the same new person, in the same moment."""
    newcomer = await a_newcomer(app.state.database, county)
    async with as_person("county_admin") as ctx:
        await create_account(ctx, newcomer, login="both-hands")
        account_id = (await person_of_staff(ctx, newcomer)).account_id

    async def give(role):
        try:
            async with as_person("security_admin") as ctx:
                return await bind_role(ctx, account_id, a_wish(ctx, county.at("county"), role))
        except Conflict:
            return None

    given = await asyncio.gather(give("auditor"), give("county_admin"))

    assert len([one for one in given if one]) == 1


async def test_the_list_costs_the_same_for_one_row_and_for_three(client, county, app, as_person):
    await sign_in(client, county, "security_admin")
    page = f"/{county.tenant.slug}/access/people/{county.accounts['worker'].account_id}"

    async def cost():
        await client.get(page)
        with statements(app.state.database) as counted:
            assert (await client.get(page)).status_code == 200
        return len(counted)

    one = await cost()
    async with as_person("security_admin") as ctx:
        for number in (0, 1):
            wish = a_wish(ctx, county.at("village", number))
            await bind_role(ctx, county.accounts["worker"].account_id, wish)
    three = await cost()

    assert one == three <= 8
