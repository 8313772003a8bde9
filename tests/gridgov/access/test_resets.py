"""A forgotten password: two people and a slip of paper."""

import asyncio
import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from factories.tenants import a_county
from gridgov.access.actions.resetting import ask_reset, decide_reset, issue_slip, resets_seen
from gridgov.access.types import ResetState
from gridgov.accounts.actions.keeping import renew_recovery_codes
from gridgov.accounts.models import Account, RecoveryCode
from gridgov.audit.models import AuditEntry
from gridgov.kernel.clock import now
from gridgov.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from gridgov.testkit.signing_in import PASSWORD, a_browser, log_in, send, sign_in

SEEN = "本人到站，看了工作证"


async def asked(county, as_person, who="station_clerk", worker="worker"):
    async with as_person(who) as ctx:
        return await ask_reset(ctx, county.accounts[worker].staff_id, reason=SEEN)


async def approved(county, as_person):
    reset = await asked(county, as_person)
    async with as_person("subcentre_clerk") as ctx:
        await decide_reset(ctx, reset, approve=True)
    return reset


async def test_two_people_and_a_slip_let_a_worker_back_in(client, county, as_person, app):
    worker = county.accounts["worker"]
    async with a_browser(app) as old:
        await sign_in(old, county, "worker")
        reset = await approved(county, as_person)
        async with as_person("station_clerk") as ctx:
            slip = await issue_slip(ctx, reset)

        assert (await old.get(f"/{county.tenant.slug}/account")).status_code == 401
    assert (await log_in(client, county, worker.login, PASSWORD)).status_code == 422
    assert (await log_in(client, county, slip.login, slip.token)).status_code == 303


async def test_until_it_is_approved_nothing_changes(client, county, as_person):
    await sign_in(client, county, "worker")
    reset = await asked(county, as_person)
    async with as_person("station_clerk") as ctx:
        with pytest.raises(Conflict):
            await issue_slip(ctx, reset)

    assert (await client.get(f"/{county.tenant.slug}/account")).status_code == 200


async def test_who_asks_does_not_approve_even_with_the_right(county, as_person):
    reset = await asked(county, as_person, who="subcentre_clerk")
    async with as_person("subcentre_clerk") as ctx:
        with pytest.raises(NotAllowed):
            await decide_reset(ctx, reset, approve=True)


async def test_nobody_approves_their_own(county, as_person):
    reset = await asked(county, as_person, who="county_admin", worker="subcentre_clerk")
    async with as_person("subcentre_clerk") as ctx:
        with pytest.raises(NotAllowed):
            await decide_reset(ctx, reset, approve=True)


async def test_nobody_asks_for_themselves(county, as_person):
    async with as_person("station_clerk") as ctx:
        with pytest.raises(NotAllowed):
            await ask_reset(ctx, county.accounts["station_clerk"].staff_id, reason=SEEN)


async def test_the_approver_does_not_see_the_slip(county, as_person):
    reset = await approved(county, as_person)
    async with as_person("subcentre_clerk") as ctx:
        with pytest.raises(NotAllowed):
            await issue_slip(ctx, reset)


@pytest.mark.parametrize("worker", ["county_admin", "dispatcher", "subcentre_clerk", "handler"])
async def test_a_station_cannot_ask_for_people_above_it(county, as_person, worker):
    async with as_person("station_clerk") as ctx:
        with pytest.raises(NotFound):
            await ask_reset(ctx, county.accounts[worker].staff_id, reason=SEEN)


async def test_another_countys_people_and_requests_are_not_found(county, as_person, app):
    other = await a_county(app.state.database, app.state.settings)
    async with as_person("county_admin") as ctx:
        with pytest.raises(NotFound):
            await ask_reset(ctx, other.accounts["worker"].staff_id, reason=SEEN)
        with pytest.raises(NotFound):
            await decide_reset(ctx, other.accounts["worker"].staff_id, approve=True)


async def test_without_a_word_how_the_person_was_known_it_is_refused(county, as_person):
    async with as_person("station_clerk") as ctx:
        with pytest.raises(Invalid):
            await ask_reset(ctx, county.accounts["worker"].staff_id, reason="  ")


async def test_one_request_at_a_time_for_a_person(county, as_person):
    await asked(county, as_person)
    async with as_person("subcentre_clerk") as ctx:
        with pytest.raises(Conflict):
            await ask_reset(ctx, county.accounts["worker"].staff_id, reason=SEEN)


async def test_a_declined_request_ends_there(county, as_person):
    reset = await asked(county, as_person)
    async with as_person("subcentre_clerk") as ctx:
        await decide_reset(ctx, reset, approve=False, note="不认识")
    async with as_person("station_clerk") as ctx:
        with pytest.raises(Conflict):
            await issue_slip(ctx, reset)
        seen = await resets_seen(ctx)

    assert [(row.state, row.note) for row in seen] == [(ResetState.DECLINED, "不认识")]


async def test_an_approval_lapses_after_a_day(county, as_person):
    reset = await approved(county, as_person)
    async with as_person("station_clerk", at=now() + timedelta(hours=25)) as ctx:
        with pytest.raises(Conflict):
            await issue_slip(ctx, reset)


async def test_the_slip_is_printed_once_even_if_asked_for_at_once(county, as_person):
    reset = await approved(county, as_person)

    async def issue():
        try:
            async with as_person("station_clerk") as ctx:
                return (await issue_slip(ctx, reset)).token
        except Conflict:
            return None

    tokens = await asyncio.gather(*(issue() for _ in range(4)))

    assert len([token for token in tokens if token]) == 1


async def test_of_two_deciders_at_once_one_decides(county, as_person):
    reset = await asked(county, as_person)

    async def decide(*, approve):
        try:
            async with as_person("subcentre_clerk") as ctx:
                await decide_reset(ctx, reset, approve=approve)
        except Conflict:
            return False
        return True

    answers = await asyncio.gather(decide(approve=True), decide(approve=False))

    assert sorted(answers) == [False, True]


async def test_each_step_is_on_record_and_no_token_is_kept(county, as_person, app):
    reset = await approved(county, as_person)
    async with as_person("station_clerk") as ctx:
        slip = await issue_slip(ctx, reset)

    async with app.state.database.session(county.tenant.id) as session:
        entries = (
            await session.execute(
                select(AuditEntry.verb, AuditEntry.details)
                .where(AuditEntry.verb.startswith("account.reset"))
                .order_by(AuditEntry.seq)
            )
        ).all()
        kept = await session.scalar(
            select(Account.token).where(Account.id == county.accounts["worker"].account_id)
        )

    assert [entry.verb.rpartition("_")[2] for entry in entries] == ["asked", "approved", "issued"]
    assert slip.token not in str(entries)
    assert slip.token.encode() not in kept


async def test_each_sees_the_requests_within_the_own_reach(county, as_person):
    await asked(county, as_person)
    await asked(county, as_person, who="county_admin", worker="dispatcher")

    seen = {}
    for who in ("station_clerk", "subcentre_clerk", "county_admin", "security_admin"):
        async with as_person(who) as ctx:
            seen[who] = len(await resets_seen(ctx))

    assert seen == {
        "station_clerk": 1,
        "subcentre_clerk": 1,
        "county_admin": 2,
        "security_admin": 2,
    }


async def test_through_the_pages(client, county, app):
    worker, base = county.accounts["worker"], f"/{county.tenant.slug}/resets"
    await sign_in(client, county, "station_clerk")
    found = await client.get(base, params={"q": worker.number})
    empty = await send(client, base, staff_id=worker.staff_id, reason="", q=worker.number)
    ask = await send(client, base, staff_id=worker.staff_id, reason=SEEN, q=worker.number)
    async with a_browser(app) as second:
        await sign_in(second, county, "subcentre_clerk")
        queue = await second.get(base + "/to-approve")
        address = re.search(rf'action="({base}/[0-9a-f-]+)"', queue.text).group(1)
        unreadable = await send(second, address, page=base, answer="decline", note="不像\x07本人")
        decided = await send(second, address, page=base, answer="approve", note="认识")
    slip = await send(client, f"{address}/slip", page=base)
    again = await send(client, f"{address}/slip", page=base)

    assert "为测试·网格员提出重置" in found.text
    assert empty.status_code == 422
    assert unreadable.status_code == 422
    assert "不像\x07本人" in unreadable.text  # what was written stays, the sentence beside it
    assert "控制字符" in unreadable.text
    assert (ask.status_code, decided.status_code) == (303, 303)
    assert slip.status_code == 200
    assert re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-", slip.text)
    assert again.status_code == 409
    assert slip.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("lost", [True, False])
async def test_a_lost_phone_is_let_go_only_where_both_agreed(county, as_person, app, lost):
    dispatcher = county.accounts["dispatcher"]
    async with app.state.database.shared() as session:
        mine = update(Account).where(Account.id == dispatcher.account_id)
        await session.execute(mine.values(totp_secret=b"sealed"))
        await renew_recovery_codes(session, dispatcher.account_id)
    async with as_person("county_admin") as ctx:
        reset = await ask_reset(ctx, dispatcher.staff_id, reason=SEEN, factor=lost)
    async with as_person("security_admin") as ctx:
        await decide_reset(ctx, reset, approve=True)
    async with as_person("county_admin") as ctx:
        await issue_slip(ctx, reset)

    async with app.state.database.shared() as session:
        kept = await session.scalar(
            select(Account.totp_secret).where(Account.id == dispatcher.account_id)
        )
        codes = await session.scalars(
            select(RecoveryCode.id).where(RecoveryCode.account_id == dispatcher.account_id)
        )
        assert (kept is None, len(codes.all())) == (lost, 0 if lost else 8)
