"""The page of an assisted service, its form, and what is read from them."""

import base64
import binascii
from datetime import date, timedelta
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec

from gridgov.cases.actions.reporting import Contact
from gridgov.cases.queries.units import leaves_within
from gridgov.context import Context
from gridgov.contract.services import RETURNED
from gridgov.files.actions import accept_photo
from gridgov.kernel.errors import Invalid
from gridgov.kernel.sentences import N_
from gridgov.services.actions.assisting import Authority
from gridgov.services.queries import assisting as found
from gridgov.services.queries.catalogue import Guide
from gridgov.services.types import ServiceRight, Way
from gridgov.services.web.showing import light_in, state_in
from gridgov.web.forms import read, typed, uploads
from gridgov.web.pages import Page, page
from gridgov.web.urls import AnyRequest, url_of

_BACK: Final = (RETURNED, N_("已交还居民"))
WAYS: Final = ((Way.SIGNED, N_("当面签名")), (Way.ORAL, N_("口头委托，有人见证")))
_MOST_SIGNATURES: Final = 2
_PICTURE: Final = "data:image/png;base64,"


class Word(msgspec.Struct):
    """The resident's authorisation."""

    way: Way = Way.SIGNED
    purpose: Annotated[str, msgspec.Meta(max_length=100)] = ""
    valid_until: date = date.min
    witness: Annotated[str, msgspec.Meta(max_length=30)] = ""


async def authority_of_form(ctx: Context, request: AnyRequest) -> Authority:
    given = await read(request, Word)
    pictures = await uploads(request, "paper")
    drawn = str((await typed(request)).get("signature", ""))
    if drawn.startswith(_PICTURE):
        pictures.insert(0, _drawn(drawn))
    signed = given.way is Way.SIGNED
    kept = [await accept_photo(ctx, one) for one in pictures[:_MOST_SIGNATURES] if signed]
    return Authority(
        way=given.way,
        purpose=given.purpose,
        valid_until=given.valid_until,
        witness="" if signed else given.witness,
        signature=[one.id for one in kept],
    )


def _drawn(text: str) -> bytes:
    try:
        return base64.b64decode(text.removeprefix(_PICTURE), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Invalid(fields={"signature": "签名没有传完整，请再签一次。"}) from error


async def assist_form(
    ctx: Context,
    guide: Guide,
    values: dict[str, Any],
    errors: dict[str, str] | None = None,
) -> Page:
    scopes = [scope.path for scope in ctx.actor.scopes(ServiceRight.ASSIST)]
    leaves = await leaves_within(ctx, scopes)
    last = _usual_until(ctx)
    filled = {
        "purpose": f"{guide.item.name}",
        "valid_until": last.isoformat(),
        "way": Way.SIGNED,
        **({"node": str(leaves[0].id)} if len(leaves) == 1 else {}),
    }
    return page(
        ctx,
        "services/assist_new.html",
        status_code=422 if errors else 200,
        guide=guide,
        leaves=leaves,
        ways=WAYS,
        values=filled | values,
        errors=errors or {},
    )


async def shown_of(ctx: Context, case_id: UUID, right: str) -> dict[str, Any]:
    assist = await found.assist_of(ctx, case_id, right)
    granted = await found.authority_of(ctx, case_id)
    documents = await found.documents_of(ctx, case_id)
    return {
        "assist": assist,
        "state": state_in(ctx, assist),
        "light": light_in(ctx, assist),
        "granted": granted[0] if granted else None,
        "holds": bool(granted and granted[0].holds(ctx.today)),
        "documents": documents,
        "out": sum(one.out for one in documents),
        "places": dict([*((one.code, one.name) for one in ctx.policy.ever.custody), _BACK]),
        "ways": dict(WAYS),
    }


async def assist_page(
    ctx: Context,
    request: AnyRequest,
    case_id: UUID,
    *,
    values: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None,
    contact: Contact | None = None,
) -> Page:
    shown = await shown_of(ctx, case_id, ServiceRight.ASSIST)
    granted = shown["granted"]
    pictures = await found.signatures_of(ctx, [granted] if granted else [])
    last = _usual_until(ctx)
    return page(
        ctx,
        "services/assist.html",
        status_code=422 if errors else 200,
        **shown,
        pictures=[
            url_of(ctx, request, "file", file_id=one, variant="display")
            for one in pictures.values()
        ],
        hands=[*((one.code, one.name) for one in ctx.policy.county.custody), _BACK],
        choices=WAYS,
        contact=contact,
        values={"purpose": shown["assist"].item, "valid_until": last.isoformat(), "way": "signed"}
        | (values or {}),
        errors=errors or {},
    )


def _usual_until(ctx: Context) -> date:
    """Until when an authorisation is offered to hold, if nobody says otherwise."""
    return ctx.today + timedelta(days=int(ctx.setting("authority_days")))
