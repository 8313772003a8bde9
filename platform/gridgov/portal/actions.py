"""Opening one's own case, and carrying that over from page to page; nothing of it is kept."""

import base64
import binascii
import hmac
from datetime import timedelta
from typing import Final, TypeVar
from uuid import UUID

import msgspec

from gridgov.cases.actions.reporting import pin_digest, tail_digest
from gridgov.context import Context
from gridgov.kernel.crypto import Tampered
from gridgov.kernel.errors import Invalid, NotFound
from gridgov.portal.queries import reporters_of
from gridgov.portal.types import Receipt, Ticket, VisitReceipt, VisitTicket
from gridgov.services.actions.booking import pin_of, tail_of
from gridgov.services.queries.booking import keys_of

OPEN_FOR: Final = timedelta(minutes=30)
_NO_CASE: Final = UUID(int=0)
_TABLE: Final = "portal"

T = TypeVar("T")
Passing = TypeVar("Passing", Ticket, VisitTicket)


async def open_case(ctx: Context, code: str, key: str) -> Ticket:
    """The ticket for who knows the code and the last four digits of the phone, or the PIN.

    One sentence for every fault, and the same work for a code that does not exist: a guesser
    learns nothing.
    """
    opened = None
    for reporter in await reporters_of(ctx, code) or [None]:
        case_id = reporter.case_id if reporter else _NO_CASE
        by_tail = _same(tail_digest(ctx, case_id, key), reporter and reporter.phone_tail)
        by_pin = _same(pin_digest(ctx, case_id, key), reporter and reporter.pin)
        if reporter is not None and (by_tail or by_pin):
            opened = reporter
    if opened is None:
        raise Invalid(fields={"key": "编号或查询码不对，请核对后再试。"})
    return Ticket(opened.case_id, opened.id, ctx.now + OPEN_FOR)


async def open_visit(ctx: Context, code: str, key: str) -> VisitTicket:
    """The ticket for who booked it; told to a guesser as little as with a case."""
    opened = None
    for visit in await keys_of(ctx, code) or [None]:
        visit_id = visit.id if visit else _NO_CASE
        by_tail = _same(tail_of(ctx, visit_id, key), visit and visit.phone_tail)
        by_pin = _same(pin_of(ctx, visit_id, key), visit and visit.pin)
        if visit is not None and (by_tail or by_pin):
            opened = visit
    if opened is None:
        raise Invalid(fields={"key": "编号或查询码不对，请核对后再试。"})
    return VisitTicket(opened.id, ctx.now + OPEN_FOR)


def _same(made: bytes, kept: bytes | None) -> bool:
    return hmac.compare_digest(made, kept or bytes(len(made)))


def seal(ctx: Context, value: Ticket | VisitTicket | Receipt | VisitReceipt) -> str:
    """The value as a word that only this tenant can read, for a cookie or an address."""
    name = type(value).__name__
    text = msgspec.json.encode(value).decode()
    sealed = ctx.vault.seal(_TABLE, ctx.tenant.id, name, text)
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def unseal(ctx: Context, word: str, shape: type[T]) -> T:
    """The value again; a word that is not ours opens nothing."""
    try:
        sealed = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4))
        text = ctx.vault.open(_TABLE, ctx.tenant.id, shape.__name__, sealed)
        return msgspec.json.decode(text, type=shape)
    except (Tampered, ValueError, binascii.Error) as error:
        raise NotFound from error


def valid(ctx: Context, ticket: Passing) -> Passing:
    """The ticket, while it lasts."""
    if ticket.until < ctx.now:
        raise NotFound
    return ticket
