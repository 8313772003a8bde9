"""From a slug and a cookie's secret to a context: one statement when everything is known."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from gridgov.access.actions.deciding import rights_of
from gridgov.access.queries.opening import OPENING, bindings_of, duty_of
from gridgov.accounts.models import SignIn
from gridgov.accounts.tokens import session_digest
from gridgov.accounts.types import SignedIn, Wall
from gridgov.context import Context, Tenant
from gridgov.contract.actor import NOBODY, Actor, Scope
from gridgov.contract.settings import value_on
from gridgov.kernel.crypto import Vault
from gridgov.kernel.db import Database
from gridgov.kernel.errors import NotFound, Unavailable
from gridgov.kernel.sentences import Sentence
from gridgov.kernel.settings import Settings
from gridgov.kernel.together import Together
from gridgov.policy import Policies, Policy, PolicyError
from gridgov.tenants.models import TenantRecord
from gridgov.tenants.rulebooks import Rulebooks
from gridgov.tenants.workplace import tenant_of

IDLE_MINUTES: Final = 15
_SEEN_EVERY: Final = timedelta(minutes=1)
_ACTORS: Final = 4096
_SUSPENDED: Final = "suspended"


AnyRow = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Knock:
    """What a browser brings. ``background``: the page asks by itself, maybe nobody is there."""

    slug: str
    secret: str
    now: datetime
    locale: str = "zh"
    background: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """A context whose transaction has begun, the sign-in behind it, and how many notices wait."""

    ctx: Context
    sign_in: SignedIn | None
    unread: int


@dataclass(frozen=True, slots=True)
class Known:
    """An actor as compiled from bindings, kept under the tenant's policy version."""

    actor: Actor
    administrator: bool


class Doorkeeper:
    """Opens contexts. Keeps tenants' ids (they never change) and actors (by policy version)."""

    def __init__(
        self, database: Database, policies: Policies, settings: Settings, together: Together
    ) -> None:
        self._database = database
        self._rulebooks = Rulebooks(policies)
        self._settings = settings
        self._together = together
        self._ids: dict[str, UUID] = {}
        self._actors: OrderedDict[tuple[UUID, UUID, int, date], Known] = OrderedDict()

    async def open(self, knock: Knock) -> Opened:
        """NotFound without such a tenant, Unavailable while it is suspended; else a context."""
        tenant_id = await self._tenant_id(knock.slug)
        session = self._database.open(tenant_id)
        try:
            return await self._open(session, knock)
        except BaseException:
            await session.close()
            raise

    async def _tenant_id(self, slug: str) -> UUID:
        found = self._ids.get(slug)
        if found is None:
            async with self._database.shared() as session:
                found = await session.scalar(
                    select(TenantRecord.id).where(TenantRecord.slug == slug)
                )
            if found is None:
                raise NotFound
            self._ids[slug] = found
        return found

    async def _open(self, session: AsyncSession, knock: Knock) -> Opened:
        digest = session_digest(knock.secret) if knock.secret else None
        row = await OPENING.row(session, digest=digest, moment=knock.now)
        if row is None:
            self._ids.pop(knock.slug, None)
            raise NotFound
        if row.state == _SUSPENDED:
            raise Unavailable("这个县的服务暂停中，请稍后再来。")
        tenant, policy = tenant_of(row), await self._policy(session, row)
        vault = Vault.unwrap(self._settings.secret, tenant.id, row.data_key)
        known, sign_in = NOBODYS, None
        if _is_in(row, tenant, policy, knock.now):
            await _note_seen(session, row, knock)
            known = await self._known(session, tenant, row, policy=policy, now=knock.now)
            sign_in = self._sign_in(row, known)
        return Opened(
            Context(
                tenant=tenant,
                actor=NOBODY if sign_in is None or sign_in.wall else known.actor,
                session=session,
                policy=policy,
                now=knock.now,
                vault=vault,
                together=self._together,
                locale=knock.locale,
                files=self._settings.files,
            ),
            sign_in,
            row.unread if sign_in else 0,
        )

    async def _policy(self, session: AsyncSession, record: Any) -> Policy:
        try:
            return await self._rulebooks.of(session, record)
        except PolicyError as error:
            raise Unavailable("这个县的业务包没有装好，请联系平台管理员。") from error

    def _sign_in(self, row: AnyRow, known: Known) -> SignedIn:
        wall = wall_before(row, factor_needed=known.administrator and not self._settings.demo)
        return SignedIn(
            row.sign_in_id,
            row.account_id,
            row.login,
            row.has_second_factor,
            row.second_factor,
            wall,
        )

    async def _known(
        self, session: AsyncSession, tenant: Tenant, row: AnyRow, *, policy: Policy, now: datetime
    ) -> Known:
        today = tenant.day_of(now)
        key = (tenant.id, row.account_id, tenant.policy_version, today)
        known = self._actors.get(key)
        if known is None:
            known = await known_of(session, policy, row, today)
            self._actors[key] = known
            while len(self._actors) > _ACTORS:
                self._actors.popitem(last=False)
        else:
            self._actors.move_to_end(key)
        return known


NOBODYS: Final = Known(NOBODY, administrator=False)


def wall_before(row: AnyRow, *, factor_needed: bool) -> Wall:
    """What the holder of this sign-in must do before anything else."""
    if row.must_choose:
        return Wall.PASSWORD
    if row.has_second_factor:
        return Wall.NONE if row.second_factor else Wall.VERIFY
    return Wall.ENROL if factor_needed else Wall.NONE


def idle_limit(tenant: Tenant, policy: Policy, today: date) -> timedelta:
    """How long nobody may do anything before a sign-in ends: the tenant's setting."""
    chosen = value_on(tenant.settings, "idle_minutes", today)
    minutes = chosen or policy.defaults.get("idle_minutes", IDLE_MINUTES)
    return timedelta(minutes=int(minutes))


def _is_in(row: AnyRow, tenant: Tenant, policy: Policy, now: datetime) -> bool:
    if row.sign_in_id is None or row.account_id is None or row.staff_id is None:
        return False
    today = tenant.day_of(now)
    gone = row.left_on is not None and row.left_on <= today
    return not gone and row.seen_at + idle_limit(tenant, policy, today) > now


async def _note_seen(session: AsyncSession, row: AnyRow, knock: Knock) -> None:
    """Once a minute at most, and committed at once: a slow page must not lock its own log-out."""
    if knock.background or knock.now - row.seen_at < _SEEN_EVERY:
        return
    await session.execute(
        update(SignIn)
        .where(SignIn.id == row.sign_in_id, SignIn.seen_at < knock.now)
        .values(seen_at=knock.now)
    )
    await session.commit()


async def known_of(session: AsyncSession, policy: Policy, row: AnyRow, today: date) -> Known:
    """Compile an actor: every binding of today gives the rights of its role, where it reaches."""
    bindings = (await session.execute(bindings_of(row.account_id, today))).all()
    rights: dict[str, tuple[Scope, ...]] = {}
    for binding in bindings:
        about = policy.cut_to(binding.categories)
        scope = Scope(binding.path, tuple(binding.departments), about)
        for right in rights_of(policy, binding.role):
            rights[right] = (*rights.get(right, ()), scope)
    roles = tuple(dict.fromkeys(binding.role for binding in bindings))
    duty = (await session.execute(duty_of(row.staff_id, today))).one_or_none()
    actor = Actor(
        account_id=row.account_id,
        staff_id=row.staff_id,
        name=row.staff_name or row.login,
        title=title_of(duty, policy),
        roles=roles,
        rights=rights,
    )
    declared = [policy.roles[role] for role in roles if role in policy.roles]
    return Known(actor, administrator=any(role.administrator for role in declared))


def title_of(duty: AnyRow | None, policy: Policy) -> str:
    """``张屋组网格员`` where a post is held, else department and title."""
    if duty is None:
        return ""
    if duty.post is None:
        return f"{duty.department or ''}{duty.title}"
    post = policy.posts.get(duty.post)
    name = post.name if post else duty.post
    if duty.acting:
        return Sentence("{place}{post}（代）", place=duty.node_name, post=name)
    return Sentence("{place}{post}", place=duty.node_name, post=name)
