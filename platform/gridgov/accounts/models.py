"""Accounts and their sessions. Shared: log-in happens before the tenant's wall stands."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from gridgov.kernel.db import SharedRow
from gridgov.kernel.ids import new_id


class Account(SharedRow):
    """A person's way in. ``realm`` is the slug of the home tenant, or ``province``.

    ``password`` is an argon2id hash; ``token`` the SHA-256 of a one-time token of 128 bits which
    opens the page where a password is chosen: an account without a password may do that and no
    more. ``totp_last_step`` is the last time step whose code was used, so that none is used twice.
    No name and no phone: those are the tenant's.
    """

    __tablename__ = "accounts"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    realm: Mapped[str]
    login: Mapped[str]
    password: Mapped[str | None]
    password_changed_at: Mapped[datetime | None]
    token: Mapped[bytes | None]
    token_until: Mapped[datetime | None]
    totp_secret: Mapped[bytes | None]
    totp_last_step: Mapped[int | None]
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    __table_args__ = (Index(None, "realm", "login", unique=True),)


class Membership(SharedRow):
    """An account may act in this tenant. ``staff_id`` is the person there."""

    __tablename__ = "memberships"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"), primary_key=True, index=True)
    staff_id: Mapped[UUID]
    ended_at: Mapped[datetime | None]


class RegionRole(SharedRow):
    """A role above the counties: bound to ``province:43`` or ``prefecture:4302``, never to all."""

    __tablename__ = "region_roles"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    region: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str]

    __table_args__ = (
        CheckConstraint("region ~ '^(province:[0-9]{2}|prefecture:[0-9]{4})$'", name="region"),
    )


class SignIn(SharedRow):
    """A signed-in browser. Only the hash of its id is kept; ``revoked_at`` is final."""

    __tablename__ = "sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    digest: Mapped[bytes] = mapped_column(unique=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    device: Mapped[str]
    second_factor: Mapped[bool]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Attempt(SharedRow):
    """A counter of the limiter: how often ``key`` was used in the window from ``since`` on."""

    __tablename__ = "attempts"

    key: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime] = mapped_column(primary_key=True, index=True)
    count: Mapped[int]


class RecoveryCode(SharedRow):
    """A spare key for a lost phone: the SHA-256 of 80 random bits, good once."""

    __tablename__ = "recovery_codes"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    digest: Mapped[bytes]
    used_at: Mapped[datetime | None]
