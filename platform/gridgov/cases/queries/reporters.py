"""Who reported: accounts to be told, and the tracking page of somebody without one."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from hmac import compare_digest
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select

from gridgov.cases.models import Case, CaseReporter
from gridgov.cases.queries.timeline import Step, steps_of
from gridgov.cases.queries.situations import situation_anyway
from gridgov.cases.rules.moves import TOLD_TO_REPORTER
from gridgov.cases.types import Head, Situation
from gridgov.context import Context
from gridgov.contract.declarations import Ends

_NOBODY: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Tracked:
    """A case as its reporter may follow it. ``shown`` is the case that is worked on: their own, or
    the one that it was merged into. ``steps`` are the public ones; ``rated`` whether they rated.
    """

    reporter_id: UUID
    own: Situation
    shown: Head
    steps: tuple[Step, ...]
    answer: str
    rated: bool


async def accounts_reporting(ctx: Context, case_ids: Collection[UUID]) -> frozenset[UUID]:
    """The accounts among the reporters of these cases and of those merged into them."""
    found = await ctx.session.scalars(
        select(CaseReporter.account_id)
        .join(
            Case, (Case.tenant_id == CaseReporter.tenant_id) & (Case.id == CaseReporter.case_id)
        )
        .where(
            or_(Case.id.in_(case_ids), Case.merged_into.in_(case_ids)),
            CaseReporter.account_id.is_not(None),
        )
    )
    return frozenset(account for account in found if account is not None)


async def track(ctx: Context, code: str, secret: str) -> Tracked | None:
    """The case of whoever knows its code and the last four digits of their phone, or their PIN.

    None for everything else: a guesser learns nothing, not even by the time that it takes. The
    caller counts the tries.
    """
    rows = (
        await ctx.session.execute(
            select(Case.id, CaseReporter.id, CaseReporter.phone_tail, CaseReporter.pin)
            .join(
                CaseReporter,
                (CaseReporter.tenant_id == Case.tenant_id) & (CaseReporter.case_id == Case.id),
            )
            .where(Case.code == code.strip())
        )
    ).all()
    case_id = rows[0][0] if rows else _NOBODY
    said = "".join(character for character in secret if character.isdigit())
    tail, pin = tail_digest(ctx, case_id, said), pin_digest(ctx, case_id, said)
    known = [row[1] for row in rows if _same(row.phone_tail, tail) or _same(row.pin, pin)]
    return await tracked(ctx, case_id, known[0]) if known else None


async def tracked(ctx: Context, case_id: UUID, reporter_id: UUID) -> Tracked:
    """What the reporter of a case may follow. Ask it only for who has shown to be that reporter."""
    own = await situation_anyway(ctx, case_id)
    shown = own
    if own.head.ends == Ends.MERGED and own.head.merged_into is not None:
        shown = await situation_anyway(ctx, own.head.merged_into)
    steps = await public_steps(ctx, shown.head)
    teller = next((teller for teller in own.tellers if teller.id == reporter_id), None)
    return Tracked(
        reporter_id=reporter_id,
        own=own,
        shown=shown.head,
        steps=steps,
        answer=shown.head.answer if shown.head.ends else "",
        rated=teller is not None and teller.rated,
    )


async def public_steps(ctx: Context, head: Head) -> tuple[Step, ...]:
    """The timeline as the reporter sees it: what happened, by which duty, and the words that were
    meant for them; notes between offices stay there.
    """
    kind = ctx.policy.kinds.get((head.kind, head.kind_version))
    told = {a.code for a in kind.actions if a.effect in TOLD_TO_REPORTER} if kind else set[str]()
    return tuple(
        replace(step, note=step.note if step.action in told else "", details={})
        for step in await steps_of(ctx, head.id)
        if step.public
    )


def tail_digest(ctx: Context, case_id: UUID, tail: str) -> bytes:
    """What is kept of the last four digits of a phone number: of use for this case only."""
    return ctx.vault.blind("phone_tail", f"{case_id}:{tail}")


def pin_digest(ctx: Context, case_id: UUID, pin: str) -> bytes:
    """What is kept of an anonymous reporter's PIN."""
    return ctx.vault.blind("pin", f"{case_id}:{pin}")


def _same(kept: bytes | None, said: bytes) -> bool:
    return compare_digest(kept or b"", said)
