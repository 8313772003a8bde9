"""What each tenant runs: the rulebook that it kept, whatever code is installed meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from gridgov.contract.rulebook import Edition, Rulebook, digest_of, kept, read
from gridgov.kernel.ids import new_id
from gridgov.policy import Policies, Policy, PolicyError
from gridgov.tenants.models import DeclarationSnapshot, RulePart, TenantRecord


@dataclass(frozen=True, slots=True)
class _Known:
    """A policy, and what it was made from."""

    version: int
    snapshots: tuple[UUID, ...]
    where: Mapping[str, str]
    policy: Policy


class Rulebooks:
    """The policies of tenants. One is looked at again when its tenant's policy version moved on."""

    def __init__(self, policies: Policies) -> None:
        self.policies = policies
        self._known: dict[UUID, _Known] = {}

    async def of(self, session: AsyncSession, record: TenantRecord) -> Policy:
        """The tenant's policy; ``session`` is cut to it. PolicyError if it never kept a rulebook.

        The same object as long as nothing changed, for what is compiled from it is kept by it.
        """
        known = self._known.get(record.id)
        if known is not None and known.version == record.policy_version:
            return known.policy
        snapshots = tuple(await session.scalars(_NEWEST_FIRST))
        where = {row.plugin: row.path for row in await session.scalars(select(RulePart))}
        if known is not None and (known.snapshots, known.where) == (snapshots, where):
            policy = known.policy
        else:
            policy = await self._made(session, record, where)
        self._known[record.id] = _Known(record.policy_version, snapshots, where, policy)
        return policy

    async def _made(
        self, session: AsyncSession, record: TenantRecord, where: Mapping[str, str]
    ) -> Policy:
        current, *older = await editions(session)
        return Policy(
            current.rulebook,
            self.policies.plugins,
            tenant=record.slug,
            editions=(current, *older),
            where={p: path for p, path in where.items() if p in current.rulebook.parts},
            tell=self.policies.tell,
        )


_NEWEST_FIRST = select(DeclarationSnapshot.id).order_by(
    DeclarationSnapshot.taken_at.desc(), DeclarationSnapshot.id.desc()
)


async def editions(session: AsyncSession) -> list[Edition]:
    """All that the tenant ever ran, the present one first; PolicyError if there is none."""
    found = await session.scalars(
        select(DeclarationSnapshot).order_by(
            DeclarationSnapshot.taken_at.desc(), DeclarationSnapshot.id.desc()
        )
    )
    read_all = [
        Edition(
            rulebook=read(snapshot.declarations),
            digest=snapshot.digest,
            taken_at=snapshot.taken_at,
            taken_by=snapshot.taken_by,
        )
        for snapshot in found
    ]
    if not read_all:
        raise PolicyError(["The tenant has no rules yet: onboard it."])
    return read_all


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
