"""Writing a line of a ledger, also one that is made of another."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.context import Context
from gridgov.contract.fieldwork import LedgerKind
from gridgov.fieldwork.actions.writing import (
    Writing,
    begin_line,
    make_line_of,
    unseal,
    write_line,
)
from gridgov.fieldwork.queries.lines import own_line
from gridgov.fieldwork.rules import ledger_of
from gridgov.fieldwork.types import FieldRight
from gridgov.fieldwork.web.showing import device_time, grids_to_write
from gridgov.kernel.errors import Conflict, Invalid
from gridgov.kernel.ids import id_in
from gridgov.kernel.sentences import N_
from gridgov.registry.queries import buildings_at
from gridgov.registry.types import RegistryRight
from gridgov.web.forms import convert, faults_of, typed
from gridgov.web.guard import Ctx
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import AnyRequest, url_of


class Place(msgspec.Struct):
    """What every line names besides its own fields."""

    node: UUID
    building: UUID | None = None
    item: Annotated[str, msgspec.Meta(max_length=30)] = ""
    count: int | None = None
    made_of: UUID | None = None


class Writings(Controller):
    """Writing a line."""

    path = "/{tenant:str}/field/write/{ledger:str}"

    @get("/", name="line_new", permission=FieldRight.RECORD)
    async def form(self, ctx: Ctx, request: AnyRequest, ledger: FromPath[str]) -> Page:
        """The form, with the own grid chosen; made of another line, with that line's words."""
        declared = ledger_of(ctx.policy.county.ledgers, ledger)
        given = request.query_params
        values: dict[str, Any] = {"node": given.get("node", "")}
        if made_of := given.get("made_of", ""):
            values |= await _words_of(ctx, declared, made_of)
        return await _form(ctx, declared, values)

    @post("/", name="line_write", permission=FieldRight.RECORD)
    async def write(self, ctx: Ctx, request: AnyRequest, ledger: FromPath[str]) -> Response[Any]:
        """Keep it; sent twice it is one line."""
        if first := await once(ctx, request):
            return done(request, first)
        declared = ledger_of(ctx.policy.county.ledgers, ledger)
        values = await typed(request)
        try:
            line_id = await _write(ctx, declared, values)
        except (Invalid, Conflict) as fault:
            return await _form(ctx, declared, values, fault)
        to = url_of(ctx, request, "line", line_id=line_id)
        return await done_once(ctx, request, to, said=_said(declared))


async def _write(ctx: Context, ledger: LedgerKind, values: dict[str, Any]) -> UUID:
    given = convert(values, Place)
    writing = Writing(
        node_id=given.node,
        words=values,
        building_id=given.building,
        item=given.item,
        count=given.count,
        device_at=device_time(values),
    )
    if ledger.spans:
        return await begin_line(ctx, ledger.code, writing)
    if given.made_of is not None:
        return await make_line_of(ctx, given.made_of, ledger.code, writing)
    return await write_line(ctx, ledger.code, writing)


def _said(ledger: LedgerKind) -> str:
    if ledger.spans:
        return N_("开始了。走完回到这里，写下看到了什么。")
    if ledger.answered:
        return N_("已报给工作站，答复后会通知您。")
    return N_("已记下。")


async def _words_of(ctx: Context, ledger: LedgerKind, made_of: str) -> dict[str, Any]:
    """One's own words from another line: they come from here, for no address may hold them."""
    line = await own_line(ctx, id_in(made_of))
    words = {**line.said, **unseal(ctx, line)}
    whole = "\n".join(str(one) for one in unseal(ctx, line).values())
    own = next((field.code for field in ledger.fields if field.kind == "long_text"), "")
    return {"node": str(line.node_id), "made_of": str(line.id), own: words.get(own) or whole}


async def _form(
    ctx: Context,
    ledger: LedgerKind,
    values: Mapping[str, Any],
    fault: Invalid | Conflict | None = None,
) -> Page:
    grids = await grids_to_write(ctx)
    chosen = next((one for one in grids if str(one.id) == values.get("node")), None)
    own = chosen or (grids[0] if len(grids) == 1 else None)
    asks = ledger.building and own is not None and ctx.actor.may(RegistryRight.READ)
    errors = faults_of(fault, otherwise="node")
    return page(
        ctx,
        "fieldwork/write.html",
        status_code=fault.status if fault else 200,
        ledger=ledger,
        grids=grids,
        own=own,
        buildings=await buildings_at(ctx, own.path) if own and asks else [],
        values={**values, "node": str(own.id) if own else values.get("node", "")},
        errors=errors,
    )
