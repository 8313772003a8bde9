"""From cookie to context: who is in, for how long, with which rights, at what cost."""

from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import insert, select, update

from factories.contexts import chosen
from factories.tenants import a_county
from gridgov.access.actions.granting import NewBinding, bind_role, end_binding
from gridgov.access.actions.opening import Knock
from gridgov.access.models import Binding
from gridgov.accounts.models import Account, Membership, SignIn
from gridgov.accounts.tokens import session_digest
from gridgov.contract.settings import as_kept
from gridgov.kernel.clock import now
from gridgov.kernel.errors import NotFound, Unavailable
from gridgov.kernel.ids import new_id
from gridgov.notices.models import Notice
from gridgov.tenants.models import TenantRecord
from gridgov.testkit.signing_in import a_browser, sign_in
from gridgov.testkit.statements import statements
from gridgov.web.address import client_address


@asynccontextmanager
async def opened(doorkeeper, knocked):
    made = await doorkeeper.open(knocked)
    try:
        yield made
    finally:
        await made.ctx.session.close()


async def actor_of(doorkeeper, knocked):
    async with opened(doorkeeper, knocked) as made:
        return made.ctx.actor


async def change(app, model, where, **values):
    async with app.state.database.shared() as session:
        await session.execute(update(model).where(where).values(**values))


async def test_an_unknown_county_is_not_found(new_doorkeeper):
    with pytest.raises(NotFound):
        await new_doorkeeper().open(Knock("nosuchcounty", "", now()))


async def test_a_suspended_county_cannot_be_served(new_doorkeeper, county, app, client):
    await change(app, TenantRecord, TenantRecord.id == county.tenant.id, state="suspended")

    with pytest.raises(Unavailable):
        await new_doorkeeper().open(Knock(county.tenant.slug, "", now()))
    assert (await client.get(f"/{county.tenant.slug}/log-in")).status_code == 503


async def test_without_a_cookie_one_is_nobody(new_doorkeeper, county):
    actor = await actor_of(new_doorkeeper(), Knock(county.tenant.slug, "", now()))

    assert (actor.account_id, actor.rights) == (None, {})


async def test_a_binding_gives_its_roles_rights_where_it_reaches(new_doorkeeper, county, knock):
    actor = await actor_of(new_doorkeeper(), await knock("station_clerk"))
    village, other = county.at("village"), county.at("village", 1)

    assert actor.name.startswith("测试·")
    assert actor.may("account.reset", path=village.path)
    assert actor.may("account.reset", path=f"{village.path}001.")
    assert not actor.may("account.reset", path=other.path)
    assert not actor.may("access.grant")


async def test_a_handler_is_narrowed_to_the_department(new_doorkeeper, county, knock):
    actor = await actor_of(new_doorkeeper(), await knock("handler"))
    own, other = county.departments["urban"], county.departments["water"]

    assert actor.may("case.handle", department=own)
    assert not actor.may("case.handle", department=other)


@pytest.mark.parametrize(
    ("minutes", "setting", "inside"), [(14, 0, True), (16, 0, False), (16, 30, True)]
)
async def test_who_idles_longer_than_the_countys_setting_is_out(  # noqa: PLR0917
    new_doorkeeper, county, knock, app, minutes, setting, inside
):
    if setting:
        await change(
            app,
            TenantRecord,
            TenantRecord.id == county.tenant.id,
            settings=as_kept(chosen(idle_minutes=setting)),
        )
    knocked = await knock("worker")

    later = replace(knocked, now=knocked.now + timedelta(minutes=minutes))

    actor = await actor_of(new_doorkeeper(), later)
    assert (actor.account_id is not None) == inside


async def test_using_it_keeps_a_session_open_but_not_beyond_its_end(new_doorkeeper, knock):
    knocked, keeper = await knock("worker"), new_doorkeeper()
    seen = []
    for minutes in range(0, 13 * 60, 10):
        step = replace(knocked, now=knocked.now + timedelta(minutes=minutes))
        seen.append((await actor_of(keeper, step)).account_id is not None)

    assert seen == [True] * 72 + [False] * 6


async def test_a_page_that_asks_by_itself_keeps_nobody_in(new_doorkeeper, knock):
    knocked, keeper = await knock("worker", background=True), new_doorkeeper()
    for minutes in (5, 10, 14):
        await actor_of(keeper, replace(knocked, now=knocked.now + timedelta(minutes=minutes)))

    late = replace(knocked, now=knocked.now + timedelta(minutes=16))
    assert (await actor_of(keeper, late)).account_id is None


async def test_last_seen_is_written_once_a_minute_at_most(new_doorkeeper, knock, app):
    knocked, keeper = await knock("worker"), new_doorkeeper()
    written = set()
    for seconds in (10, 30, 59, 61, 70, 100, 119):
        await actor_of(keeper, replace(knocked, now=knocked.now + timedelta(seconds=seconds)))
        async with app.state.database.shared() as session:
            mine = SignIn.digest == session_digest(knocked.secret)
            written.add(await session.scalar(select(SignIn.seen_at).where(mine)))

    assert written == {knocked.now, knocked.now + timedelta(seconds=61)}


async def test_a_disabled_account_is_out_at_the_next_request(new_doorkeeper, county, knock, app):
    knocked, keeper = await knock("worker"), new_doorkeeper()
    assert (await actor_of(keeper, knocked)).account_id is not None

    who = county.accounts["worker"].account_id
    await change(app, Account, Account.id == who, disabled_at=now())

    assert (await actor_of(keeper, knocked)).account_id is None


async def test_an_ended_membership_is_out_at_the_next_request(new_doorkeeper, county, knock, app):
    knocked, keeper = await knock("worker"), new_doorkeeper()
    await actor_of(keeper, knocked)

    who = county.accounts["worker"].account_id
    await change(app, Membership, Membership.account_id == who, ended_at=now())

    assert (await actor_of(keeper, knocked)).account_id is None


async def test_a_new_binding_is_seen_at_the_next_request_of_every_process(
    new_doorkeeper, county, knock, as_person
):
    one, other = new_doorkeeper(), new_doorkeeper()
    knocked = await knock("worker")
    before = [await actor_of(keeper, knocked) for keeper in (one, other)]
    village = county.at("village")

    async with as_person("security_admin") as ctx:
        wanted = NewBinding(role="station_clerk", node_id=village.id, since=china_day(ctx))
        binding = await bind_role(ctx, county.accounts["worker"].account_id, wanted)
    after = [await actor_of(keeper, knocked) for keeper in (one, other)]
    async with as_person("security_admin") as ctx:
        await end_binding(ctx, binding)
    ended = [await actor_of(keeper, knocked) for keeper in (one, other)]

    def may(actors):
        return [actor.may("account.reset", path=village.path) for actor in actors]

    assert (may(before), may(after), may(ended)) == ([False] * 2, [True] * 2, [False] * 2)


def china_day(ctx):
    return (ctx.now + timedelta(hours=8)).date()


async def test_a_binding_holds_on_its_days_only(new_doorkeeper, county, knock, app):
    person, node = county.accounts["worker"], county.at("village")
    knocked = await knock("worker", until=now() + timedelta(days=30))
    today = (knocked.now + timedelta(hours=8)).date()
    async with app.state.database.session(county.tenant.id) as session:
        await session.execute(
            insert(Binding).values(
                tenant_id=county.tenant.id,
                id=new_id(),
                account_id=person.account_id,
                role="station_clerk",
                node_id=node.id,
                valid_from=today + timedelta(days=1),
                valid_to=today + timedelta(days=2),
                granted_at=knocked.now,
            )
        )
    keeper, held = new_doorkeeper(), []
    for days in (0, 1, 2):
        moment = knocked.now + timedelta(days=days)
        who = SignIn.digest == session_digest(knocked.secret)
        await change(app, SignIn, who, seen_at=moment)
        actor = await actor_of(keeper, replace(knocked, now=moment))
        held.append(actor.may("account.reset", path=node.path))

    assert held == [False, True, False]


async def test_a_known_person_costs_one_statement(new_doorkeeper, county, knock, app):
    keeper, knocked = new_doorkeeper(), await knock("worker")
    await actor_of(keeper, knocked)
    with statements(app.state.database) as sent:
        await actor_of(keeper, knocked)

    assert len(sent) == 1


async def test_unread_notices_are_counted_for_oneself_alone(new_doorkeeper, county, knock, app):
    other = await a_county(app.state.database, app.state.settings)
    mine, chief = county.accounts["worker"], county.accounts["chief"]
    rows = [(county, mine, "a"), (county, mine, "b"), (county, chief, "c"), (other, mine, "d")]
    for place, person, about in rows:
        async with app.state.database.session(place.tenant.id) as session:
            await session.execute(
                insert(Notice).values(
                    tenant_id=place.tenant.id,
                    id=new_id(),
                    account_id=person.account_id,
                    about=about,
                    text="有一件事",
                    link="",
                    urgent=False,
                    at=now(),
                    read_at=now() if about == "b" else None,
                )
            )

    async with opened(new_doorkeeper(), await knock("worker")) as made:
        assert made.unread == 1


async def test_a_page_without_the_right_is_refused_and_with_it_is_shown(client, county):
    await sign_in(client, county, "worker")
    refused = await client.get(f"/{county.tenant.slug}/access/bindings")
    await sign_in(client, county, "security_admin")
    shown = await client.get(f"/{county.tenant.slug}/access/bindings")

    assert (refused.status_code, shown.status_code) == (403, 200)


async def test_the_client_address_is_the_connections_unless_a_proxy_is_named(app):
    def asked(proxies, header, peer="10.0.0.9"):
        connection = SimpleNamespace(
            app=SimpleNamespace(state=SimpleNamespace(settings=SimpleNamespace(proxies=proxies))),
            client=SimpleNamespace(host=peer),
            headers={"x-forwarded-for": header} if header else {},
        )
        return client_address(connection)

    assert asked((), "1.2.3.4") == "10.0.0.9"
    assert asked(("10.0.0.9",), "1.2.3.4") == "1.2.3.4"
    assert asked(("10.0.0.9",), "6.6.6.6, 1.2.3.4") == "1.2.3.4"
    assert asked(("10.0.0.9",), "6.6.6.6, 1.2.3.4, 10.0.0.9") == "1.2.3.4"
    assert asked(("10.0.0.9",), "") == "10.0.0.9"


async def test_two_browsers_of_two_counties_never_mix(app, county):
    other = await a_county(app.state.database, app.state.settings)
    async with a_browser(app) as one, a_browser(app) as two:
        await sign_in(one, county, "worker")
        await sign_in(two, other, "worker")

        for _ in range(5):
            mine = await one.get(f"/{county.tenant.slug}/account")
            theirs = await two.get(f"/{other.tenant.slug}/account")
            assert county.tenant.name in mine.text
            assert other.tenant.name not in mine.text
            assert other.tenant.name in theirs.text
