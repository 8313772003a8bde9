"""``gridgov tenant reset-admin``: an administrator whom nobody inside the county can vouch for."""

import asyncio
import csv
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import select, update

from gridgov.accounts.models import Account
from gridgov.audit.models import AuditEntry
from gridgov.cli.main import main
from gridgov.notices.models import Notice
from gridgov.testkit.signing_in import PASSWORD, a_browser, log_in, sign_in

Run = Callable[..., Awaitable[tuple[int, str]]]
WHY = "县网信办来函，本人当面核对"


@pytest.fixture
def file(tmp_path):
    return tmp_path / "token.csv"


@pytest.fixture
def run(settings, monkeypatch, capsys, county) -> Run:
    """The command in a thread: it has an event loop of its own."""
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)

    async def started(login: str, *more: object, reason: str = WHY) -> tuple[int, str]:
        words = ["tenant", "reset-admin", county.tenant.slug, login, "--reason", reason]
        status = await asyncio.to_thread(main, [*words, *map(str, more)])
        said = capsys.readouterr()
        return status, said.out + said.err

    return started


async def test_the_token_in_the_file_is_the_only_way_in(client, county, run, file):
    admin = county.accounts["county_admin"]
    async with a_browser(client.app) as old:
        await sign_in(old, county, "county_admin", second_factor=True)
        status, said = await run(admin.login, "--tokens", file)
        signed_out = (await old.get(f"/{county.tenant.slug}/account")).status_code

    (row,) = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    assert (status, file.stat().st_mode & 0o777) == (0, 0o600)
    assert row["token"] not in said
    assert signed_out == 401
    assert (await log_in(client, county, admin.login, PASSWORD)).status_code == 422
    assert (await log_in(client, county, row["login"], row["token"])).status_code == 303


async def test_the_county_sees_who_was_reset_and_why(app, county, run, file):
    admin = county.accounts["county_admin"]
    await run(admin.login, "--tokens", file)

    async with app.state.database.session(county.tenant.id) as session:
        entry = (
            await session.scalars(
                select(AuditEntry).where(AuditEntry.verb == "account.reset_from_above")
            )
        ).one()
        told = set(await session.scalars(select(Notice.account_id)))
    others = {county.accounts[role].account_id for role in ("security_admin", "auditor")}
    assert (entry.subject_id, entry.details["reason"]) == (admin.account_id, WHY)
    assert told == others


async def test_a_lost_phone_goes_only_when_it_is_said(app, county, run, file):
    admin = county.accounts["county_admin"]
    async with app.state.database.shared() as session:
        await session.execute(
            update(Account).where(Account.id == admin.account_id).values(totp_secret=b"sealed")
        )
    await run(admin.login, "--tokens", file)
    kept = await phone_of(app, admin)
    await run(admin.login, "--factor", "--tokens", file.with_suffix(".2"))

    assert (kept, await phone_of(app, admin)) == (b"sealed", None)


async def phone_of(app, person):
    async with app.state.database.shared() as session:
        return await session.scalar(
            select(Account.totp_secret).where(Account.id == person.account_id)
        )


REFUSED = {
    "who is no administrator": ("worker", WHY, "不是这个县在任的管理员"),
    "a reset without a reason": ("county_admin", " ", "请写明是怎么核对本人的"),
}


@pytest.mark.parametrize("what", REFUSED)
async def test_what_is_refused_leaves_no_token_behind(county, run, file, what):
    role, reason, sentence = REFUSED[what]

    status, said = await run(county.accounts[role].login, "--tokens", file, reason=reason)

    assert status != 0
    assert sentence in said
    assert not file.exists()
