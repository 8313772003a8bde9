"""Onboarding: one transaction, again only the difference, nothing deleted, no default password."""

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from factories.contexts import chosen
from factories.packages import tiny_files, tiny_policies
from factories.tenants import a_county
from gridgov.access.models import Binding
from gridgov.accounts.models import Account, Membership, SignIn
from gridgov.accounts.tokens import token_digest
from gridgov.audit.models import AuditEntry, AuditHead
from gridgov.contract.settings import as_kept
from gridgov.grid.models import GridNode, GridPast, GridVersion
from gridgov.kernel.changes import Verb
from gridgov.kernel.errors import Conflict, NotFound
from gridgov.kernel.ids import tenant_id_of
from gridgov.onboarding.actions.carrying import Ground, find_standing, onboard_tenant
from gridgov.onboarding.actions.state import resume_tenant, suspend_tenant
from gridgov.onboarding.rules.compare import compare
from gridgov.onboarding.rules.package import check
from gridgov.staff.models import Department, PostHolding, Responsibility, StaffMember
from gridgov.stations.models import Station
from gridgov.tenants.models import DeclarationSnapshot, TenantRecord
from gridgov.testkit.counties import installed_policies

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=8)
TODAY, THEN = date(2026, 11, 22), date(2026, 11, 30)
POLICIES = tiny_policies()
TABLES = (GridNode, Department, StaffMember, PostHolding, Binding, Responsibility)
ROWS = [5, 2, 6, 4, 5, 1]

_made = itertools.count(1)


class Desk:
    """The files of a county of its own, and the operator's desk to carry them out at."""

    def __init__(self, settings, database):
        self.code = f"98{next(_made):04}"
        self.tenant_id = tenant_id_of(self.code)
        self.settings, self.database = settings, database
        self.slug = "ceshi" + "".join(chr(97 + int(digit)) for digit in self.code)
        self.files = tiny_files()
        for old, new in (
            ("999900", self.code),
            ('"9999"', f'"{self.code[:4]}"'),
            ('"99"', '"98"'),
            ("province:99", "province:98"),
            ("ceshi", self.slug),
        ):
            for name, data in self.files.items():
                self.files[name] = data.replace(old.encode(), new.encode())

    def change(self, file, old, new):
        """Edit a file of the package; ``#`` stands for the county's code."""
        old, new = old.replace("#", self.code).encode(), new.replace("#", self.code).encode()
        assert old in self.files[file]
        self.files[file] = self.files[file].replace(old, new)

    def package(self):
        checked = check(self.files, POLICIES)
        assert checked.faults == ()
        return checked.package

    def ground(self, session, at=NOW):
        return Ground(session, POLICIES, self.settings.secret, at)

    async def onboard(self, at=NOW):
        async with self.database.session(self.tenant_id) as session:
            return await onboard_tenant(self.ground(session, at), self.package())

    async def rows(self, statement):
        async with self.database.session(self.tenant_id) as session:
            return [tuple(row) for row in await session.execute(statement)]

    async def one(self, statement):
        (row,) = await self.rows(statement)
        return row

    async def counts(self):
        return [(await self.one(select(func.count()).select_from(table)))[0] for table in TABLES]

    def record(self, *columns):
        return self.one(select(*columns).where(TenantRecord.id == self.tenant_id))

    def account(self, login, *columns):
        found = select(*columns).where(Account.realm == self.slug, Account.login == login)
        return self.one(found)


@pytest.fixture
def county(settings, database):
    return Desk(settings, database)


async def test_a_package_becomes_a_tenant(county):
    carried = await county.onboard()

    assert await county.counts() == ROWS
    assert {change.verb for change in carried.diff.changes} == {Verb.ADDED}
    assert await county.record(
        TenantRecord.slug, TenantRecord.state, TenantRecord.policy_version, TenantRecord.settings
    ) == (county.slug, "active", 1, as_kept(chosen(idle_minutes=20)))
    assert await county.one(select(GridVersion.version)) == (1,)
    assert (await county.one(select(DeclarationSnapshot.plugins)))[0] == ["tiny"]


async def test_a_node_is_found_by_path_code_and_pinyin_initials(county):
    await county.onboard()

    node = await county.one(
        select(GridNode.path, GridNode.initials, GridNode.valid_from, GridNode.lon).where(
            GridNode.code == f"{county.code}101201002"
        )
    )

    assert node == (f"{county.code}.101.201.002.", "jcd2wg", date(2026, 1, 1), 113.3)


async def test_the_same_package_again_changes_nothing(county):
    await county.onboard()

    again = await county.onboard(LATER)

    assert not again.diff
    assert again.tokens == ()
    assert await county.counts() == ROWS
    assert await county.record(TenantRecord.policy_version) == (1,)
    assert await county.rows(select(AuditEntry.verb)) == [("tenant.onboarded",)]


async def test_again_applies_the_difference_alone(county):
    await county.onboard()
    county.change("grid.csv", "甲村第2网格,rural,20", "甲村西网格,rural,21")
    county.change(
        "grid.csv",
        "甲村第1网格,rural,20,60,true,2026-01-01\n",
        "甲村第1网格,rural,20,60,true,2026-01-01\n"
        "#101201003,#101201,grid,甲村第3网格,rural,9,30,true,2026-01-01\n",
    )
    county.change("posts.csv", "W2,worker,#101201002,false,2026-01-01,\n", "")
    county.change("tenant.toml", "idle_minutes = 20", "idle_minutes = 30")

    diff = (await county.onboard(LATER)).diff

    assert [(change.verb, change.table, change.key) for change in diff.changes] == [
        (Verb.CHANGED, "tenant", county.code),
        (Verb.CHANGED, "grid", f"{county.code}101201002"),
        (Verb.ADDED, "grid", f"{county.code}101201003"),
        (Verb.CLOSED, "posts", f"W2/worker/{county.code}101201002/2026-01-01"),
    ]
    assert diff.changes[1].fields == (
        ("name", "甲村第2网格", "甲村西网格"),
        ("households", 20, 21),
    )
    assert await county.record(TenantRecord.settings) == (
        as_kept(chosen(idle_minutes=20) + chosen(LATER.date(), idle_minutes=30)),
    )
    assert (await county.record(TenantRecord.policy_version))[0] > 1
    assert (await county.one(select(GridVersion.version)))[0] > 1
    assert await county.counts() == [6, *ROWS[1:]]


async def test_an_office_comes_with_the_package_and_what_was_said_on_its_page_shows_up(county):
    """No file takes away what the people of an office wrote down themselves."""
    await county.onboard()
    office = select(Station.address, Station.phone, Station.hours, Station.synthetic)
    first = await county.one(office)
    async with county.database.session(county.tenant_id) as session:
        await session.execute(update(Station).values(phone="0999-0000002"))
    silent = county.files.pop("stations.csv")
    nothing = await county.onboard(LATER)
    county.files["stations.csv"] = silent
    again = await county.onboard(LATER)

    assert first == ("甲镇一路1号", "0999-0000001", "08:30-12:00 14:30-17:30", True)
    assert not nothing.diff
    assert [(change.table, change.fields) for change in again.diff.changes] == [
        ("stations", (("phone", "0999-0000002", "0999-0000001"),))
    ]
    assert await county.one(office) == first


async def test_a_new_name_keeps_what_the_node_was_called(county):
    await county.onboard()
    county.change("grid.csv", "甲村第2网格", "甲村西网格")

    await county.onboard(LATER)

    node = select(GridNode.name, GridNode.initials).where(GridNode.code.endswith("201002"))
    assert await county.one(node) == ("甲村西网格", "jcxwg")
    assert await county.one(select(GridPast.name, GridPast.valid_to)) == ("甲村第2网格", THEN)


async def test_what_a_package_no_longer_names_is_closed_and_kept(county):
    await county.onboard()
    county.change(
        "grid.csv", "#101201002,#101201,grid,甲村第2网格,rural,20,60,true,2026-01-01\n", ""
    )
    county.change("staff.csv", "W2,网格员002,网格员,part_time,19900000002,,w2,true\n", "")
    county.change("posts.csv", "W2,worker,#101201002,false,2026-01-01,\n", "")
    county.change("posts.csv", "C1,chief,#101201002,false,2026-01-01,2026-06-30\n", "")
    county.change("bindings.csv", "W2,worker,#101201002,,\n", "")
    county.change("departments.csv", "labour,人社局,#\n", "")
    county.change("topics.csv", "labour,labour,true", "labour,urban,false")
    county.files["boundaries.csv"] = b"code,synthetic,wkt\n"

    carried = await county.onboard(LATER)

    assert carried.diff.count(Verb.CLOSED) == 5  # the chief's post had ended before
    assert await county.counts() == ROWS
    assert await county.one(
        select(GridNode.valid_to).where(GridNode.code == f"{county.code}101201002")
    ) == (THEN,)
    assert await county.one(select(StaffMember.left_on).where(StaffMember.number == "W2")) == (
        THEN,
    )
    assert await county.one(select(Department.closed_on).where(Department.code == "labour")) == (
        THEN,
    )
    assert await county.rows(select(Binding.valid_to).where(Binding.valid_to.is_not(None))) == [
        (THEN,)
    ]
    assert await county.one(select(Responsibility.assumed, Responsibility.valid_to)) == (
        False,
        None,
    )


async def test_every_account_begins_with_a_one_time_token_and_no_password(county):
    carried = await county.onboard()

    assert [token.login for token in carried.tokens] == ["w1", "w2", "h1", "a1", "s1"]
    assert len({token.token for token in carried.tokens}) == 5
    for token in carried.tokens:
        columns = (Account.password, Account.token, Account.token_until)
        assert await county.account(token.login, *columns) == (
            None,
            token_digest(token.token),
            NOW + timedelta(days=30),
        )
    assert "token=" not in repr(carried.tokens[0])


async def test_again_gives_tokens_to_new_accounts_only(county):
    await county.onboard()
    county.change(
        "staff.csv",
        "C1,网格长001,网格长,official,,,,true",
        "C1,网格长001,网格长,official,,,c1,true",
    )

    carried = await county.onboard(LATER)

    assert [token.login for token in carried.tokens] == ["c1"]


async def test_who_leaves_is_out_at_once_and_may_come_back(county):
    await county.onboard()
    (account_id,) = await county.account("w2", Account.id)
    async with county.database.session(county.tenant_id) as session:
        await session.execute(
            insert(SignIn).values(
                digest=county.code.encode(),
                account_id=account_id,
                device="",
                second_factor=False,
                created_at=NOW,
                seen_at=NOW,
                expires_at=LATER,
            )
        )
    before = dict(county.files)
    county.change("staff.csv", "W2,网格员002,网格员,part_time,19900000002,,w2,true\n", "")
    county.change("posts.csv", "W2,worker,#101201002,false,2026-01-01,\n", "")
    county.change("bindings.csv", "W2,worker,#101201002,,\n", "")
    await county.onboard(LATER)
    left = await county.account("w2", Account.disabled_at)
    revoked = await county.one(select(SignIn.revoked_at).where(SignIn.account_id == account_id))
    ended = await county.one(select(Membership.ended_at).where(Membership.account_id == account_id))

    county.files = before
    back = await county.onboard(LATER + timedelta(days=1))

    assert (left, revoked, ended) == ((LATER,), (LATER,), (LATER,))
    assert [token.login for token in back.tokens] == ["w2"]
    assert await county.account("w2", Account.id, Account.disabled_at) == (account_id, None)
    assert await county.one(select(StaffMember.left_on).where(StaffMember.number == "W2")) == (
        None,
    )


async def test_a_log_in_name_can_change_and_go(county):
    await county.onboard()
    (account_id,) = await county.account("w1", Account.id)
    county.change("staff.csv", ",,w1,true", ",,worker1,true")
    county.change("staff.csv", ",,w2,true", ",,,true")
    county.change("bindings.csv", "W2,worker,#101201002,,\n", "")

    carried = await county.onboard(LATER)

    assert carried.tokens == ()
    assert await county.account("worker1", Account.id) == (account_id,)
    assert await county.account("w2", Account.disabled_at) == (LATER,)


async def test_a_dry_run_leaves_nothing(county):
    async with county.database.open(county.tenant_id) as session:
        carried = await onboard_tenant(county.ground(session), county.package())
        await session.rollback()

    assert carried.diff.count(Verb.ADDED) == 25
    assert await county.counts() == [0] * 6
    assert await county.rows(select(TenantRecord.id).where(TenantRecord.code == county.code)) == []


async def test_a_failure_in_the_middle_leaves_nothing(county):
    sound = county.package()
    unknown = replace(sound.staff[0], employment=None)  # refused by the database, after the nodes
    broken = replace(sound, staff=(unknown, *sound.staff[1:]))

    with pytest.raises(IntegrityError):
        async with county.database.session(county.tenant_id) as session:
            await onboard_tenant(county.ground(session), broken)

    assert await county.counts() == [0] * 6


async def test_a_phone_is_kept_sealed(county):
    await county.onboard()

    (kept,) = await county.one(select(StaffMember.phone).where(StaffMember.number == "W1"))

    assert b"19900000001" not in kept
    async with county.database.session(county.tenant_id) as session:
        there = await find_standing(county.ground(session), county.code)
    phones = {row.number: row.phone for row in there.package.staff}
    assert (phones["W1"], phones["C1"]) == ("19900000001", "")


async def test_what_is_there_reads_like_the_package(county):
    await county.onboard()

    async with county.database.session(county.tenant_id) as session:
        there = await find_standing(county.ground(session), county.code)

    assert not compare(there.package, county.package())


async def test_onboarding_is_the_first_entry_of_the_audit(county):
    await county.onboard()

    entry = await county.one(
        select(AuditEntry.seq, AuditEntry.verb, AuditEntry.who, AuditEntry.details)
    )

    assert entry == (
        1,
        "tenant.onboarded",
        "平台运维",
        {"added": 25, "changed": 0, "closed": 0, "new_accounts": 5},
    )
    assert await county.one(select(AuditHead.seq)) == (1,)


async def test_a_node_cannot_change_its_place_by_a_file(county):
    await county.onboard()
    package = county.package()
    grid = package.nodes[-1]
    moved = replace(grid, parent=county.code, path=f"{county.code}.002.")
    elsewhere = replace(package, nodes=(*package.nodes[:-1], moved))

    with pytest.raises(Conflict, match=f"“{grid.code}”的上级或层级变了"):
        async with county.database.session(county.tenant_id) as session:
            await onboard_tenant(county.ground(session, LATER), elsewhere)


async def test_a_short_name_cannot_be_taken_twice(county, settings, database):
    await county.onboard()
    other = Desk(settings, database)
    other.change("tenant.toml", other.slug, county.slug)

    with pytest.raises(Conflict, match="已由“测试县”使用"):
        await other.onboard()


async def test_an_open_tenant_keeps_its_short_name(county):
    await county.onboard()
    county.change("tenant.toml", county.slug, "bie" + county.slug)

    with pytest.raises(Conflict, match="不能改 slug"):
        await county.onboard(LATER)


async def test_a_tenant_is_suspended_and_resumed_with_a_reason(county):
    await county.onboard()
    async with county.database.session(county.tenant_id) as session:
        await suspend_tenant(county.ground(session), county.slug, reason="合同到期")
    suspended = await county.record(TenantRecord.state)
    with pytest.raises(Conflict):
        async with county.database.session(county.tenant_id) as session:
            await suspend_tenant(county.ground(session), county.slug, reason="再来")

    async with county.database.session(county.tenant_id) as session:
        await resume_tenant(county.ground(session), county.slug, reason="已续期")

    assert suspended == ("suspended",)
    assert await county.record(TenantRecord.state) == ("active",)
    verbs = select(AuditEntry.verb, AuditEntry.details).order_by(AuditEntry.seq)
    assert (await county.rows(verbs))[1:] == [
        ("tenant.suspended", {"reason": "合同到期"}),
        ("tenant.resumed", {"reason": "已续期"}),
    ]


async def test_a_tenant_that_is_not_there_cannot_be_suspended(county):
    async with county.database.session(county.tenant_id) as session:
        with pytest.raises(NotFound):
            await suspend_tenant(county.ground(session), "nirgendwo", reason="")


async def test_a_small_county_is_ready_in_a_moment(settings, database):
    made = await a_county(database, settings, policies=POLICIES, plugins=("tiny",))

    assert [made.at("grid", n).code for n in (0, 7)] == [
        f"{made.tenant.code}101201001",
        f"{made.tenant.code}102202002",
    ]
    assert set(made.accounts) == {"worker", "handler", "admin", "auditor"}
    assert made.accounts["worker"].path == made.at("grid").path
    assert made.accounts["handler"].path == f"{made.tenant.code}."


async def test_a_suspended_tenants_pages_say_so_and_come_back(client, settings, database):
    made = await a_county(database, settings)
    door = f"/{made.tenant.slug}/log-in"

    async with database.session(made.tenant.id) as session:
        ground = Ground(session, installed_policies(), settings.secret, NOW)
        await suspend_tenant(ground, made.tenant.slug, reason="检修")
    shut = await client.get(door)
    async with database.session(made.tenant.id) as session:
        ground = Ground(session, installed_policies(), settings.secret, NOW)
        await resume_tenant(ground, made.tenant.slug, reason="修好了")

    assert shut.status_code == 503
    assert (await client.get(door)).status_code == 200
