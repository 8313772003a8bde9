"""What each tenant runs: the rulebook that it kept, whatever code is installed meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import Row, cast, func, insert, select
from sqlalchemy.dialects.postgresql import JSONPATH
from sqlalchemy.ext.asyncio import AsyncSession

from gridgov.contract.relisting import Changes, ListChange
from gridgov.contract.rulebook import Edition, Rulebook, digest_of, kept, read
from gridgov.kernel.ids import new_id
from gridgov.policy import Policies, Policy, PolicyError
from gridgov.tenants.models import DeclarationSnapshot, ListVersion, RulePart, TenantRecord

Known: TypeAlias = dict[str, Rulebook]
"""Rulebooks that were read, by what they declare and which plugins they were made from."""


@dataclass(frozen=True, slots=True)
class _Known:
    """A policy, and what it was made from."""

    version: int
    snapshots: tuple[UUID, ...]
    where: Mapping[str, str]
    changes: Changes
    policy: Policy


class Rulebooks:
    """The policies of tenants. One is looked at again when its tenant's policy version moved on."""

    def __init__(self, policies: Policies) -> None:
        self.policies = policies
        self._known: dict[UUID, _Known] = {}
        self._read: Known = {}

    async def of(self, session: AsyncSession, record: TenantRecord) -> Policy:
        """The tenant's policy; ``session`` is cut to it. PolicyError if it never kept a rulebook.

        The same object as long as nothing changed, for what is compiled from it is kept by it.
        """
        known = self._known.get(record.id)
        if known is not None and known.version == record.policy_version:
            return known.policy
        snapshots = tuple(await session.scalars(_NEWEST_FIRST))
        where = {row.plugin: row.path for row in await session.scalars(select(RulePart))}
        changes = await list_changes(session)
        made_from = (snapshots, where, changes)
        if known is not None and (known.snapshots, known.where, known.changes) == made_from:
            policy = known.policy
        else:
            policy = await self._made(session, record, where, changes)
        self._known[record.id] = _Known(record.policy_version, *made_from, policy)
        return policy

    async def _made(
        self,
        session: AsyncSession,
        record: TenantRecord,
        where: Mapping[str, str],
        changes: Changes,
    ) -> Policy:
        current, *older = await editions(session, self._read)
        return Policy(
            current.rulebook,
            self.policies.plugins,
            tenant=record.slug,
            editions=(current, *older),
            where={p: path for p, path in where.items() if p in current.rulebook.parts},
            changes=changes,
            tell=self.policies.tell,
        )


_NEWEST_FIRST = select(DeclarationSnapshot.id).order_by(
    DeclarationSnapshot.taken_at.desc(), DeclarationSnapshot.id.desc()
)


async def editions(session: AsyncSession, known: Known | None = None) -> list[Edition]:
    """All that the tenant ever ran, the present one first; PolicyError if there is none.

    ``known`` are rulebooks that were read already, of whatever tenant: the same declarations made
    by the same plugins are the same value, and are neither fetched nor read again.
    """
    known = {} if known is None else known
    found = (await session.execute(_EDITIONS)).all()
    if not found:
        raise PolicyError(["The tenant has no rules yet: onboard it."])
    wanted = [row.id for row in found if _named(row) not in known]
    if wanted:
        unread = select(DeclarationSnapshot.id, DeclarationSnapshot.declarations)
        fetched = await session.execute(unread.where(DeclarationSnapshot.id.in_(wanted)))
        declarations = {row.id: row.declarations for row in fetched}
        for row in found:
            if _named(row) not in known:
                known[_named(row)] = read(declarations[row.id])
    return [
        Edition(
            rulebook=known[_named(row)],
            digest=row.digest,
            taken_at=row.taken_at,
            taken_by=row.taken_by,
        )
        for row in found
    ]


def _in_json(path: str) -> Any:
    return func.jsonb_path_query_array(DeclarationSnapshot.declarations, cast(path, JSONPATH))


_EDITIONS = select(
    DeclarationSnapshot.id,
    DeclarationSnapshot.digest,
    DeclarationSnapshot.taken_at,
    DeclarationSnapshot.taken_by,
    _in_json("$.plugins").label("made"),
    _in_json("$.parts.*.plugins").label("in_parts"),
).order_by(DeclarationSnapshot.taken_at.desc(), DeclarationSnapshot.id.desc())


def _named(row: Row[*tuple[Any, ...]]) -> str:
    """The digest leaves out what the plugins' versions are called; pages say it."""
    return f"{row.digest} {row.made} {row.in_parts}"


async def list_changes(session: AsyncSession) -> Changes:
    """What the tenant changed in its lists, oldest first."""
    found = await session.scalars(
        select(ListVersion).order_by(ListVersion.effective_at, ListVersion.id)
    )
    return tuple(
        ListChange(
            id=str(version.id),
            at=version.effective_at,
            rows=version.rows,
            document=version.document,
            reason=version.reason,
            by=version.made_by,
            made_at=version.made_at,
        )
        for version in found
    )


async def keep_rulebook(
    session: AsyncSession, tenant_id: UUID, rulebook: Rulebook, *, at: datetime, by: str
) -> bool:
    """Let the tenant run it from now on; whether it differs from what the tenant ran so far.

    The caller counts the tenant's policy version up.
    """
    declarations = kept(rulebook)
    newest = await session.scalar(
        select(DeclarationSnapshot.declarations)
        .order_by(DeclarationSnapshot.taken_at.desc(), DeclarationSnapshot.id.desc())
        .limit(1)
    )
    if newest == declarations:
        return False
    await session.execute(
        insert(DeclarationSnapshot).values(
            tenant_id=tenant_id,
            id=new_id(),
            plugins=list(rulebook.names),
            digest=digest_of(rulebook),
            declarations=declarations,
            taken_at=at,
            taken_by=by,
        )
    )
    return True
