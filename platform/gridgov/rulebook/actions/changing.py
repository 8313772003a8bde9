"""Changing what a county runs: plugins come, go and are upgraded, in one transaction."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy import delete, insert, update

from gridgov.audit.actions import record
from gridgov.cases.actions.carrying_over import carry_over
from gridgov.compliance.queries import switches_on
from gridgov.compliance.rules import held_off
from gridgov.context import Context
from gridgov.contract.rulebook import Edition, Rulebook, digest_of
from gridgov.kernel.errors import Conflict
from gridgov.kernel.ids import new_id
from gridgov.kernel.sentences import N_, Sentence
from gridgov.policy import Policies, PolicyError
from gridgov.rulebook.queries.standing import in_use, not_migrated, wish_of
from gridgov.rulebook.rules.differences import PLUGIN, differences
from gridgov.rulebook.rules.orphans import carries, kinds_of, reasons, rewritten
from gridgov.rulebook.types import Difference, Preview, Verb, Wish
from gridgov.tenants.actions import count_policy_up
from gridgov.tenants.models import RulePart, TenantRecord
from gridgov.tenants.rulebooks import editions, keep_rulebook

RULES: Final = "rules"
"""What the audit calls what a county runs."""
CHANGED: Final = "rules.changed"


class Refused(Conflict):
    """The change would leave data without its declaration, or cannot be read: every reason."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__("没有改动，因为：{reasons}", reasons=" ".join(reasons))
        self.reasons = tuple(reasons)


async def preview_change(ctx: Context, policies: Policies, wish: Wish) -> Preview:
    """What would be otherwise if the county ran ``wish`` as it is installed now."""
    return (await _planned(ctx, policies, wish))[0]


def waiting_upgrade(ctx: Context, policies: Policies, wish: Wish) -> int:
    """How much of what is installed differs from what the county runs; 0 also if it is unusable."""
    try:
        after = policies.resolve(wish.plugins, parts=tuple(wish.parts), tables=wish.tables)
    except PolicyError:
        return 0
    return len(differences(ctx.policy.editions[0].rulebook, after))


async def change_rules(ctx: Context, policies: Policies, wish: Wish, *, seen: str = "") -> Preview:
    """Let the county run ``wish``, as it is installed now, from this moment on.

    ``seen`` is the digest that the actor was shown: Conflict if it would be something else by now.
    Refused with every reason that stands against it, and then nothing is changed.
    """
    await count_policy_up(ctx)  # whoever changes rules or rights at the same time waits here
    preview, after = await _planned(ctx, policies, wish)
    if after is None or preview.reasons:
        raise Refused(preview.reasons)
    if seen and seen != preview.digest:
        raise Conflict("您看过预览以后，安装的插件又变了。请再看一遍改动，然后确认。")
    if not preview.anything:
        raise Conflict("这套规则正在运行，没有要改的。")
    await keep_wish(ctx, wish, after)
    carried = await carry_over(ctx, [carry for carry, _ in preview.carried])
    record(
        ctx,
        CHANGED,
        RULES,
        ctx.tenant.id,
        plugins=list(wish.plugins),
        parts=sorted(wish.parts),
        digest=preview.digest,
        differences=len(preview.differences),
        carried=carried,
    )
    return preview


async def keep_wish(ctx: Context, wish: Wish, rulebook: Rulebook) -> None:
    """Keep the rulebook, and what it was made from."""
    by = ctx.actor.title or ctx.actor.name
    await keep_rulebook(ctx.session, ctx.tenant.id, rulebook, at=ctx.now, by=by)
    await ctx.session.execute(
        update(TenantRecord)
        .where(TenantRecord.id == ctx.tenant.id)
        .values(plugins=list(wish.plugins))
        .execution_options(synchronize_session=False)
    )
    await ctx.session.execute(delete(RulePart))
    if wish.parts:
        mine = {"tenant_id": ctx.tenant.id}
        rows = [
            mine | {"id": new_id(), "plugin": plugin, "path": path}
            for plugin, path in wish.parts.items()
        ]
        await ctx.session.execute(insert(RulePart), rows)


async def follow_change(ctx: Context) -> None:
    """Judge the newest edition, which is kept already, by those before it: as ``change_rules``."""
    newest, *ran = await editions(ctx.session)
    if not ran:
        held = await _held_off(ctx, newest.rulebook)
        if held:
            raise Refused(held)
        return
    nothing = Preview(wish=Wish(plugins=()), digest=newest.digest)
    preview = await _judged(ctx, ran, newest.rulebook, nothing)
    if preview.reasons:
        raise Refused(preview.reasons)
    await carry_over(ctx, [carry for carry, _ in preview.carried])


async def _planned(ctx: Context, policies: Policies, wish: Wish) -> tuple[Preview, Rulebook | None]:
    try:
        after = policies.resolve(wish.plugins, parts=tuple(wish.parts), tables=wish.tables)
    except PolicyError as error:
        return Preview(wish=wish, digest="", reasons=tuple(map(str, error.faults))), None
    ran = await editions(ctx.session)
    before = ran[0].rulebook
    told = differences(before, after)
    if not told and await wish_of(ctx) != wish:
        told = (Difference(verb=Verb.CHANGED, group=PLUGIN, code="", name=N_("顺序或范围")),)
    preview = Preview(wish=wish, digest=digest_of(after), differences=told)
    judged = await _judged(ctx, ran, after, preview)
    waiting = [
        Sentence("插件“{name}”的数据表还没有建好，请运维先运行 gridgov migrate。", name=name)
        for name in await not_migrated(ctx, after.names)
    ]
    return replace(judged, reasons=(*judged.reasons, *waiting)), after


async def _judged(
    ctx: Context, ran: Sequence[Edition], after: Rulebook, preview: Preview
) -> Preview:
    known = kinds_of(one.rulebook.county for one in reversed(ran))
    used = await in_use(ctx, rewritten(known, after))
    return replace(
        preview,
        reasons=(
            *reasons(ran[0].rulebook, after, known, used),
            *await _held_off(ctx, after),
        ),
        carried=tuple(carries(known, after, used).items()),
    )


async def _held_off(ctx: Context, after: Rulebook) -> list[str]:
    """Each figure by name that uses what the county's switchboard holds off."""
    return [*held_off(after.county.figures, await switches_on(ctx))]
