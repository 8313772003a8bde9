"""Putting a county on the air, and bringing it up to a newer package: one transaction."""

from dataclasses import dataclass, replace
from datetime import datetime

import msgspec
from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from gridgov.audit.actions import begin_chain, record
from gridgov.context import Context
from gridgov.contract.actor import system_actor
from gridgov.contract.settings import (
    ALWAYS,
    Chosen,
    as_kept,
    from_kept,
    with_change,
)
from gridgov.grid.models import GridVersion
from gridgov.kernel.changes import Verb
from gridgov.kernel.crypto import Vault, new_data_key
from gridgov.kernel.errors import Conflict
from gridgov.kernel.ids import tenant_id_of
from gridgov.kernel.together import Together
from gridgov.onboarding.actions.people import write_people
from gridgov.onboarding.actions.places import write_places
from gridgov.onboarding.actions.writing import Writing
from gridgov.onboarding.queries import Standing, standing
from gridgov.onboarding.rules.compare import (
    GRID,
    SERVICES,
    check_changes,
    compare,
    touches_rules,
)
from gridgov.onboarding.types import Carried, Ids, Manifest, Package
from gridgov.policy import Policies
from gridgov.rulebook.actions.changing import follow_change
from gridgov.rulebook.actions.settings import tell_of_change
from gridgov.services.actions.importing import bring_to
from gridgov.tenants.models import RulePart, TenantRecord
from gridgov.tenants.rulebooks import Rulebooks, keep_rulebook
from gridgov.tenants.workplace import tenant_of

OPERATOR = "平台运维"


@dataclass(frozen=True, slots=True)
class Ground:
    """What onboarding stands on: there is no tenant yet to make a context of."""

    session: AsyncSession  # cut to the tenant that the package is of
    policies: Policies
    secret: bytes
    now: datetime


async def onboard_tenant(ground: Ground, package: Package) -> Carried:
    """Bring the tenant to what the package says; the caller commits, or rolls a dry run back.

    Nothing is deleted: what the package no longer names is closed today. New accounts get a
    one-time token each; there is no default password.
    """
    there = await find_standing(ground, package.manifest.code)
    diff = compare(there.package if there else None, package)
    if not diff:
        return Carried(diff)
    check_changes(diff)
    if there is None:
        await _check_free(ground, package.manifest)
        row = await _open_tenant(ground, package.manifest)
        ids = Ids()
    else:
        row = await _renew_tenant(ground, there, package.manifest)
        ids = there.ids
    if touches_rules(diff):
        await _keep_rules(ground, package)
    ctx = await context_of(ground, row)
    if there is not None:
        await _renew_settings(ctx, row, there.package.manifest, package.manifest)
    writing = Writing(ctx, package, diff, ids, ctx.today)
    await write_places(writing)
    if diff.count_of(GRID):
        await _count_up_tree(ctx)
    tokens = await write_people(writing)
    if diff.count_of(SERVICES):
        await bring_to(ctx, package.services)
    if touches_rules(diff):
        await follow_change(ctx)
    record(
        ctx,
        "tenant.onboarded" if there is None else "tenant.updated",
        "tenant",
        ctx.tenant.id,
        **{verb.value: diff.count(verb) for verb in Verb},
        new_accounts=len(tokens),
    )
    return Carried(diff, tuple(tokens), ids)


async def find_standing(ground: Ground, code: str) -> Standing | None:
    """The tenant of this division code, if it is there."""
    tenant_id = tenant_id_of(code)
    found = await ground.session.scalar(
        select(TenantRecord).where(TenantRecord.id == tenant_id).with_for_update()
    )
    if found is None:
        return None
    vault = Vault.unwrap(ground.secret, tenant_id, found.data_key)
    return await standing(ground.session, found, vault, now=ground.now)


async def context_of(ground: Ground, row: TenantRecord) -> Context:
    """A context in which the platform's operator acts."""
    return Context(
        tenant=tenant_of(row),
        actor=replace(system_actor(OPERATOR), title=OPERATOR),
        session=ground.session,
        policy=await Rulebooks(ground.policies).of(ground.session, row),
        now=ground.now,
        vault=Vault.unwrap(ground.secret, row.id, row.data_key),
        together=Together({}),
    )


async def _check_free(ground: Ground, manifest: Manifest) -> None:
    taken = await ground.session.scalar(
        select(TenantRecord.name).where(TenantRecord.slug == manifest.slug)
    )
    if taken is not None:
        raise Conflict("短名“{slug}”已由“{name}”使用。", slug=manifest.slug, name=taken)


def _columns(manifest: Manifest) -> dict[str, object]:
    return {
        "name": manifest.name,
        "zone": manifest.zone,
        "plugins": list(manifest.plugins),
        "tables": manifest.tables,
        "brand": msgspec.to_builtins(manifest.brand),
    }


async def _open_tenant(ground: Ground, manifest: Manifest) -> TenantRecord:
    tenant_id = tenant_id_of(manifest.code)
    row = TenantRecord(
        id=tenant_id,
        code=manifest.code,
        slug=manifest.slug,
        province=manifest.province,
        prefecture=manifest.prefecture,
        state="active",
        data_key=new_data_key(ground.secret, tenant_id),
        policy_version=1,
        created_at=ground.now,
        settings=as_kept(with_change((), Chosen(ALWAYS, manifest.settings))),
        **_columns(manifest),
    )
    ground.session.add(row)
    await ground.session.flush()
    await begin_chain(ground.session, tenant_id)
    await ground.session.execute(
        insert(GridVersion).values(tenant_id=tenant_id, id=tenant_id, version=0)
    )
    return row


async def _renew_tenant(ground: Ground, there: Standing, manifest: Manifest) -> TenantRecord:
    """The policy version counts every change, so that cached permissions are read anew."""
    row = there.record
    for name, value in _columns(manifest).items():
        setattr(row, name, value)
    row.policy_version += 1
    await ground.session.flush()
    return row


async def _renew_settings(ctx: Context, row: TenantRecord, had: Manifest, wanted: Manifest) -> None:
    """What the package sets anew holds from today on; what it no longer names is the default."""
    codes = {*had.settings, *wanted.settings}
    values = {
        code: wanted.settings.get(code)
        for code in sorted(codes)
        if had.settings.get(code) != wanted.settings.get(code)
    }
    if not values:
        return
    before, change = from_kept(row.settings), Chosen(ctx.today, values)
    row.settings = as_kept(with_change(before, change))
    await ctx.session.flush()
    await tell_of_change(ctx, change, before=before, reason="按开通文件包更新")


async def _keep_rules(ground: Ground, package: Package) -> None:
    """Let the tenant run what its manifest asks for, as it is installed now."""
    manifest, session = package.manifest, ground.session
    tenant_id = tenant_id_of(manifest.code)
    rulebook = ground.policies.resolve(
        manifest.plugins, parts=manifest.parts, tables=manifest.tables
    )
    await keep_rulebook(session, tenant_id, rulebook, at=ground.now, by=OPERATOR)
    paths = {node.code: node.path for node in package.nodes}
    await session.execute(delete(RulePart))
    for plugin, code in manifest.parts.items():
        session.add(RulePart(tenant_id=tenant_id, plugin=plugin, path=paths[code]))
    await session.flush()


async def _count_up_tree(ctx: Context) -> None:
    await ctx.session.execute(
        update(GridVersion)
        .where(GridVersion.id == ctx.tenant.id)
        .values(version=GridVersion.version + 1)
    )
