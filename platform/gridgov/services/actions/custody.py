"""The resident's papers: what was seen, what was handed over, each hand that signed for it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import insert, select, update

from gridgov.audit.actions import record
from gridgov.cases.rules.fields import check_texts
from gridgov.context import Context
from gridgov.contract.services import RETURNED
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.kernel.ids import new_id
from gridgov.services.models import AssistedService, HeldDocument
from gridgov.services.queries.assisting import Assist, assist_of, held_of
from gridgov.services.types import ServiceRight


async def open_assist(ctx: Context, case_id: UUID) -> Assist:
    """The assisted service, if the actor does such things there and it has not ended."""
    assist = await assist_of(ctx, case_id, ServiceRight.ASSIST)
    if not assist.open:
        raise Conflict("这件代办已经结束。")
    return assist


def signing(ctx: Context) -> str:
    """The duty in which somebody signs; a name stands in the audit."""
    return ctx.actor.title or ctx.actor.name


async def check_materials(ctx: Context, case_id: UUID, seen: Sequence[str]) -> None:
    """Tick off which materials were seen."""
    assist = await open_assist(ctx, case_id)
    await ctx.session.execute(
        update(AssistedService)
        .where(AssistedService.case_id == case_id)
        .values(
            materials=[
                {"name": one["name"], "seen": one["name"] in seen} for one in assist.materials
            ]
        )
        .execution_options(synchronize_session=False)
    )
    record(ctx, "service.materials_checked", "case", case_id, count=len(seen))


async def take_document(ctx: Context, case_id: UUID, name: str, *, copies: int = 1) -> UUID:
    """The resident hands a document over; the actor signs for it."""
    await open_assist(ctx, case_id)
    text = check_texts({"name": name}, {"name": 60})["name"]
    if not text:
        raise Invalid(fields={"name": "请写明是什么证件或材料。"})
    return await keep_document(ctx, case_id, text, copies=copies)


async def keep_document(ctx: Context, case_id: UUID, name: str, *, copies: int) -> UUID:
    place = next((place.code for place in ctx.policy.county.custody), "")
    if not place:
        raise Conflict("本县还没有写明材料由谁保管，不能收。")
    document_id = new_id()
    await ctx.session.execute(
        insert(HeldDocument).values(
            tenant_id=ctx.tenant.id,
            id=document_id,
            case_id=case_id,
            name=name,
            copies=copies,
            place=place,
            since=ctx.now,
            history=[_line(ctx, place)],
        )
    )
    record(ctx, "service.document_taken", "case", case_id, paper=name)
    return document_id


async def pass_document(ctx: Context, case_id: UUID, document_id: UUID, *, to: str) -> None:
    """A document goes into other hands, or back to the resident; the actor signs for it."""
    if to not in {RETURNED, *(place.code for place in ctx.policy.county.custody)}:
        raise Invalid(fields={"to": "没有这个去处，请重新选择。"})
    await assist_of(ctx, case_id, ServiceRight.ASSIST)
    held = (
        await ctx.session.execute(
            select(HeldDocument.name, HeldDocument.place, HeldDocument.history)
            .where(HeldDocument.case_id == case_id, HeldDocument.id == document_id)
            .with_for_update()
        )
    ).one_or_none()
    if held is None:
        raise NotFound
    if held.place == RETURNED:
        raise Conflict("这份材料已经交还居民了。")
    await ctx.session.execute(
        update(HeldDocument)
        .where(HeldDocument.id == document_id)
        .values(place=to, since=ctx.now, history=[*held.history, _line(ctx, to)])
        .execution_options(synchronize_session=False)
    )
    record(ctx, "service.document_passed", "case", case_id, paper=held.name, to=to)


def _line(ctx: Context, to: str) -> dict[str, str]:
    return {"where": to, "at": ctx.now.isoformat(), "who": signing(ctx)}


async def refuse_while_held(ctx: Context, case_id: UUID) -> None:
    """Nothing ends while a document of the resident is in other hands."""
    held = await held_of(ctx, case_id)
    if held:
        raise Conflict("居民的 {n} 份材料还没有交还，交还以后才能结束。", n=held)
