"""Reading the audit in the chain's order: newest first on a page, oldest first to check it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Text,
    cast,
    extract,
    func,
    select,
    type_coerce,
)
from sqlalchemy.types import NullType

from gridgov.audit.chain import PLAIN, WORDS
from gridgov.audit.models import AuditEntry, AuditHead
from gridgov.audit.types import Kind
from gridgov.context import Context, Tenant
from gridgov.kernel import paging


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries an auditor asks for; empty means all."""

    account_id: UUID | None = None
    subject_kind: str = ""
    subject_id: UUID | None = None
    kind: Kind | None = None
    verb: str = ""
    since: date | None = None
    until: date | None = None  # this day included

    def conditions(self, tenant: Tenant) -> list[ColumnElement[bool]]:
        """As SQL. Verbs are found by their beginning: ``case.`` finds all that cases record."""
        found: list[ColumnElement[bool]] = []
        if self.account_id is not None:
            found.append(AuditEntry.account_id == self.account_id)
        if self.subject_kind:
            found.append(AuditEntry.subject_kind == self.subject_kind)
        if self.subject_id is not None:
            found.append(AuditEntry.subject_id == self.subject_id)
        if self.kind is not None:
            found.append(AuditEntry.kind == self.kind.value)
        if self.verb:
            found.append(func.starts_with(AuditEntry.verb, self.verb))
        if self.since is not None:
            found.append(AuditEntry.at >= tenant.midnight(self.since))
        if self.until is not None:
            found.append(AuditEntry.at < tenant.midnight(self.until + timedelta(days=1)))
        return found


def entries(
    wanted: Wanted, tenant: Tenant, *, after: paging.Cursor | None, limit: int
) -> paging.Rows:
    """A page of entries and one more, the newest first: who, what, on which record; no content."""
    rows = select(
        AuditEntry.seq,
        AuditEntry.at,
        AuditEntry.kind,
        AuditEntry.verb,
        AuditEntry.subject_kind,
        AuditEntry.subject_id,
        AuditEntry.account_id,
        AuditEntry.who,
        AuditEntry.purpose,
        AuditEntry.details,
    ).where(*wanted.conditions(tenant))
    return paging.after(rows, (AuditEntry.seq,), after, descending=True).limit(limit + 1)


async def count_up_to(ctx: Context, wanted: Wanted, most: int) -> int:
    """How many entries there are, and no further than ``most``."""
    capped = select(AuditEntry.seq).where(*wanted.conditions(ctx.tenant)).limit(most).subquery()
    return await ctx.session.scalar(select(func.count()).select_from(capped)) or 0


def looks(since: datetime, *, limit: int) -> paging.Rows:
    """Who looked at personal records since then, the busiest first."""
    count = func.count().label("looks")
    return (
        select(
            AuditEntry.account_id,
            func.max(AuditEntry.who).label("who"),
            count,
            func.count(AuditEntry.subject_id.distinct()).label("records"),
            func.count(AuditEntry.purpose.distinct()).label("purposes"),
            func.max(AuditEntry.at).label("last"),
        )
        .where(AuditEntry.kind == Kind.REVEAL.value, AuditEntry.at >= since)
        .group_by(AuditEntry.account_id)
        .order_by(count.desc(), AuditEntry.account_id)
        .limit(limit)
    )


def head_of() -> paging.Rows:
    """The end of the tenant's chain."""
    return select(AuditHead.seq, AuditHead.hash)


def links(after: int, until: int, *, limit: int) -> paging.Rows:
    """What a verifier needs of the entries after that number: numbers, digests, hashes, contents.

    The database writes each content as one text, the same that ``chain.content_of`` wrote when the
    entry was made, and the page as four arrays: fifteen columns of rows would take the driver
    several times longer than all the hashing.
    """
    at = cast(extract("epoch", AuditEntry.at) * 1_000_000, BigInteger)
    plain = [at if name == "at" else getattr(AuditEntry, name) for name in PLAIN]
    words = [
        part
        for column in (getattr(AuditEntry, name) for name in WORDS)
        for part in (func.length(column), ":", column, "|")
    ]
    content = func.concat(
        *(part for value in plain for part in (value, "|")), *words, cast(AuditEntry.details, Text)
    )
    rows = (
        select(AuditEntry.seq, AuditEntry.digest, AuditEntry.hash, content.label("content"))
        .where(AuditEntry.seq > after, AuditEntry.seq <= until)
        .order_by(AuditEntry.seq)
        .limit(limit)
        .subquery()
    )
    return select(*(type_coerce(func.array_agg(column), NullType()) for column in rows.c))
