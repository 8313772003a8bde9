"""Doing an item for a resident: on their word, with their papers, each hand written down."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, select, update

from gridgov.audit.actions import record, record_reveal
from gridgov.cases.actions.reporting import Contact, Reported, report_case
from gridgov.cases.models import CaseReporter
from gridgov.cases.rules.fields import check_texts
from gridgov.context import Context
from gridgov.contract.services import ASSIST, on_behalf
from gridgov.files.actions import attach
from gridgov.grid.queries.nodes import node_of
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.kernel.ids import new_id
from gridgov.services.actions.custody import keep_document, open_assist, signing
from gridgov.services.models import AssistedService, Authorisation
from gridgov.services.queries.assisting import assist_of, authority_of
from gridgov.services.queries.catalogue import guide_of
from gridgov.services.types import SIGNATURE_OWNER, ServiceRight, Way

_FURTHEST: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """A resident's word: signed (with the pictures of it), or said before a witness."""

    way: Way
    purpose: str
    valid_until: date
    witness: str = field(default="", repr=False)
    signature: Sequence[UUID] = ()


async def begin_assist(
    ctx: Context,
    item_id: UUID,
    *,
    node_id: UUID | None,
    resident: Contact,
    authority: Authority,
    handed: Sequence[str] = (),
) -> Reported:
    """Begin to do an item for a resident, in one step with their authorisation.

    ``handed`` are the materials that were handed over at once: their custody begins here.
    """
    guide = await guide_of(ctx, item_id)
    batch = next((b for b in ctx.policy.county.service_batches if b.code == guide.item.batch), None)
    flag = on_behalf(ctx.policy.county.service_flags)
    if guide.closed or flag not in guide.item.flags or batch is None or not batch.category:
        raise Conflict("这个事项不能代办。")
    faults = _lacking(node_id, resident) | _amiss(ctx, authority)
    if faults or node_id is None:
        raise Invalid(fields=faults)
    node = await node_of(ctx, node_id)
    if node is None or not ctx.actor.may(ServiceRight.ASSIST, path=node.path):
        raise NotFound
    if not set(handed) <= set(guide.item.materials):
        raise Invalid(fields={"handed": "清单里没有这一份材料，请重新勾选。"})
    reported = await report_case(
        ctx,
        category=batch.category,
        kind=ASSIST,
        title=guide.item.name,
        term=guide.item.term,
        node_id=node_id,
        contact=resident,
    )
    await ctx.session.execute(
        insert(AssistedService).values(
            tenant_id=ctx.tenant.id,
            id=new_id(),
            case_id=reported.case_id,
            item_id=item_id,
            materials=[{"name": name, "seen": name in handed} for name in guide.item.materials],
            begun_at=ctx.now,
        )
    )
    await _grant(ctx, reported.case_id, authority)
    for name in dict.fromkeys(handed):
        await keep_document(ctx, reported.case_id, name, copies=1)
    record(ctx, "service.begun", "case", reported.case_id, code=guide.item.code)
    return reported


def _lacking(node_id: UUID | None, resident: Contact) -> dict[str, str]:
    told = {"node": node_id, "name": resident.name.strip(), "phone": resident.phone.strip()}
    return {name: "请填写这一项。" for name, given in told.items() if not given}


def _amiss(ctx: Context, authority: Authority) -> dict[str, str]:
    """Everything at once: who fills it in stands at a door."""
    faults: dict[str, str] = {}
    if not authority.purpose.strip():
        faults["purpose"] = "请写清委托办什么。"
    if not ctx.today <= authority.valid_until <= ctx.today + _FURTHEST:
        faults["valid_until"] = "委托的期限从今天起，最长一年。"
    if authority.way is Way.SIGNED and not authority.signature:
        faults["signature"] = "请居民在屏幕上签名，或者拍下签好的委托书；也可以改为口头委托。"
    if authority.way is Way.ORAL and not authority.witness.strip():
        faults["witness"] = "口头委托要写明在场的见证人。"
    return faults


async def renew_authority(ctx: Context, case_id: UUID, authority: Authority) -> None:
    """A new word of the resident takes the place of what was there."""
    await open_assist(ctx, case_id)
    if faults := _amiss(ctx, authority):
        raise Invalid(fields=faults)
    await _end(ctx, case_id)
    await _grant(ctx, case_id, authority)
    record(ctx, "service.authorised", "case", case_id, way=authority.way)


async def end_authority(ctx: Context, case_id: UUID) -> None:
    """The resident takes their word back: nothing goes to a department any more."""
    await open_assist(ctx, case_id)
    await _end(ctx, case_id)
    record(ctx, "service.authority_ended", "case", case_id)


async def _end(ctx: Context, case_id: UUID) -> None:
    await ctx.session.execute(
        update(Authorisation)
        .where(Authorisation.case_id == case_id, Authorisation.ended_on.is_(None))
        .values(ended_on=ctx.today)
        .execution_options(synchronize_session=False)
    )


async def _grant(ctx: Context, case_id: UUID, authority: Authority) -> None:
    row_id = new_id()
    texts = check_texts(
        {"purpose": authority.purpose, "witness": authority.witness},
        {"purpose": 100, "witness": 30},
    )
    witness = texts["witness"]
    await ctx.session.execute(
        insert(Authorisation).values(
            tenant_id=ctx.tenant.id,
            id=row_id,
            case_id=case_id,
            way=authority.way,
            purpose=texts["purpose"],
            valid_until=authority.valid_until,
            witness=ctx.vault.seal("service_authorisations", row_id, "witness", witness)
            if witness
            else None,
            given_at=ctx.now,
            account_id=ctx.actor.account_id,
            who=signing(ctx),
        )
    )
    await attach(ctx, authority.signature, SIGNATURE_OWNER, row_id)


async def reveal_resident(ctx: Context, case_id: UUID, *, purpose: str) -> Contact:
    """Name, phone and door of who is served, for who serves them: with a reason, written down."""
    assist = await assist_of(ctx, case_id, ServiceRight.ASSIST)
    why = check_texts({"purpose": purpose}, {"purpose": 200})["purpose"]
    if not why:
        raise Invalid(fields={"purpose": "请写明为什么要看联系方式。"})
    row: Any = (
        await ctx.session.execute(
            select(CaseReporter.name, CaseReporter.phone, CaseReporter.address).where(
                CaseReporter.id == assist.reporter_id
            )
        )
    ).one()
    sealed = {
        name: value
        for name, value in zip(("name", "phone", "address"), row, strict=True)
        if value is not None
    }
    record_reveal(ctx, "case_reporter", assist.reporter_id, fields=sorted(sealed), purpose=why)
    return Contact(
        **{
            name: ctx.vault.open("case_reporters", assist.reporter_id, name, value)
            for name, value in sealed.items()
        }
    )


async def refuse_without_authority(ctx: Context, case_id: UUID) -> None:
    """Nothing goes on for a resident without their word, and not after it has run out."""
    granted = await authority_of(ctx, case_id)
    if not granted or not granted[0].holds(ctx.today):
        raise Conflict("居民的委托没有登记、已到期或已收回，请先重新委托。")
