"""What is done for residents: which, on whose word, and where their papers are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select

from gridgov.cases.models import Case, CaseReporter
from gridgov.cases.queries.seeing import cases_seen_by
from gridgov.context import Context
from gridgov.contract.services import RETURNED
from gridgov.files.queries import photos_of
from gridgov.kernel.errors import NotFound
from gridgov.kernel.joins import tied
from gridgov.kernel.masks import mask_address, mask_name, mask_phone
from gridgov.kernel.paging import after, cut, decode
from gridgov.kernel.ready import Ready
from gridgov.services.models import AssistedService, Authorisation, HeldDocument, ServiceItem
from gridgov.services.types import SIGNATURE_OWNER, Granted, Hand, Held, ServiceRight

PAGE: Final = 40
_ASSIST: Final = tied(AssistedService.case_id, Case.id)
_ITEM: Final = tied(ServiceItem.id, AssistedService.item_id)
_TELLER: Final = tied(CaseReporter.case_id, Case.id)


@dataclass(frozen=True, slots=True)
class Assist:
    """One assisted service. Who the resident is, is masked."""

    case_id: UUID
    code: str
    state: str
    kind_version: int
    ends: str
    place: str
    node_path: str
    closed_at: datetime | None
    due_at: datetime
    yellow_at: datetime
    paused_at: datetime | None
    promise_at: datetime | None
    provisional: bool
    answer: str
    item_id: UUID
    item: str
    item_code: str
    term: str
    materials: tuple[dict[str, Any], ...]
    begun_at: datetime
    reporter_id: UUID
    name: str
    phone: str
    address: str

    @property
    def open(self) -> bool:
        """Whether anything can still be changed."""
        return not self.ends


async def assist_of(ctx: Context, case_id: UUID, right: str = ServiceRight.READ) -> Assist:
    """The assisted service, if the actor holds the right where it is; NotFound else."""
    found = (
        cases_seen_by(ctx.actor, right)
        .with_only_columns(
            Case.id,
            Case.code,
            Case.state,
            Case.kind_version,
            Case.ends,
            Case.place,
            Case.node_path,
            Case.closed_at,
            Case.due_at,
            Case.yellow_at,
            Case.paused_at,
            Case.promise_at,
            Case.provisional,
            Case.answer,
            AssistedService.item_id,
            ServiceItem.name,
            ServiceItem.code,
            Case.term,
            AssistedService.materials,
            AssistedService.begun_at,
            CaseReporter.id,
            CaseReporter.name,
            CaseReporter.phone,
            CaseReporter.address,
        )
        .join(AssistedService, _ASSIST)
        .join(ServiceItem, _ITEM)
        .join(CaseReporter, _TELLER)
        .where(Case.id == case_id)
        .order_by(CaseReporter.id)
        .limit(1)
    )
    row: Any = await Ready(found).row(ctx.session)
    if row is None:
        raise NotFound
    materials, begun_at, reporter_id, name, phone, address = row[-6:]
    made: Any = Assist
    shown: Assist = made(
        *row[:-6],
        tuple(materials),
        begun_at,
        reporter_id,
        mask_name(_opened(ctx, reporter_id, "name", name)),
        mask_phone(_opened(ctx, reporter_id, "phone", phone)),
        mask_address(home) if (home := _opened(ctx, reporter_id, "address", address)) else "",
    )
    return shown


def _opened(ctx: Context, row_id: UUID, field: str, sealed: bytes | None) -> str:
    return ctx.vault.open("case_reporters", row_id, field, sealed) if sealed else ""


async def authority_of(ctx: Context, case_id: UUID) -> list[Granted]:
    """Every authorisation of a case, the latest first."""
    found = (
        select(
            Authorisation.id,
            Authorisation.way,
            Authorisation.purpose,
            Authorisation.valid_until,
            Authorisation.witness,
            Authorisation.given_at,
            Authorisation.who,
            Authorisation.ended_on,
        )
        .where(Authorisation.case_id == case_id)
        .order_by(Authorisation.given_at.desc(), Authorisation.id.desc())
    )
    return [_granted(ctx, row) for row in await Ready(found).rows(ctx.session)]


def _granted(ctx: Context, row: Any) -> Granted:
    row_id, way, purpose, until, witness, given_at, who, ended_on = row
    name = ctx.vault.open("service_authorisations", row_id, "witness", witness) if witness else ""
    return Granted(row_id, way, purpose, until, mask_name(name), given_at, who, ended_on)


async def documents_of(ctx: Context, case_id: UUID) -> list[Held]:
    """Every document that was handed over, those that are still out first."""
    found = (
        select(
            HeldDocument.id,
            HeldDocument.name,
            HeldDocument.copies,
            HeldDocument.place,
            HeldDocument.since,
            HeldDocument.history,
        )
        .where(HeldDocument.case_id == case_id)
        .order_by(HeldDocument.place == RETURNED, HeldDocument.id)
    )
    return [
        Held(
            row.id,
            row.name,
            row.copies,
            row.place,
            row.since,
            tuple(_hand(line) for line in row.history),
        )
        for row in await Ready(found).rows(ctx.session)
    ]


def _hand(line: dict[str, str]) -> Hand:
    return Hand(line["where"], datetime.fromisoformat(line["at"]), line["who"])


async def held_of(ctx: Context, case_id: UUID) -> int:
    """How many documents of a case the resident has not back."""
    found = select(func.count()).where(
        HeldDocument.case_id == case_id, HeldDocument.place != RETURNED
    )
    return await ctx.session.scalar(found) or 0


async def signatures_of(ctx: Context, granted: Sequence[Granted]) -> dict[UUID, UUID]:
    """The picture of the signature of the latest authorisation, if there is one."""
    if not granted:
        return {}
    photos = await photos_of(ctx, SIGNATURE_OWNER, granted[0].id)
    return {granted[0].id: photos[0]} if photos else {}


async def signature_seen(ctx: Context, authorisation_id: UUID) -> bool:
    """Whether the actor may see a signature: as far as they do such things there."""
    found = (
        cases_seen_by(ctx.actor, ServiceRight.ASSIST)
        .with_only_columns(Case.id)
        .join(Authorisation, tied(Authorisation.case_id, Case.id))
        .where(Authorisation.id == authorisation_id)
    )
    return await Ready(found).scalar(ctx.session) is not None


@dataclass(frozen=True, slots=True)
class AssistRow:
    """One line of the list."""

    case_id: UUID
    code: str
    item: str
    place: str
    state: str
    kind_version: int
    ends: str
    due_at: datetime
    yellow_at: datetime
    paused_at: datetime | None
    begun_at: datetime
    term: str
    promise_at: datetime | None
    closed_at: datetime | None
    provisional: bool
    held: int


async def assists(
    ctx: Context,
    cursor: str = "",
    *,
    ended: bool = False,
    right: str = ServiceRight.ASSIST,
    limit: int = PAGE,
) -> tuple[list[AssistRow], str]:
    """One page of those that the actor may open, the newest first: under way, or ended."""
    held = (
        select(func.count())
        .where(
            tied(HeldDocument.case_id, Case.id),
            HeldDocument.place != RETURNED,
        )
        .correlate(Case)
        .scalar_subquery()
    )
    found = (
        cases_seen_by(ctx.actor, right)
        .with_only_columns(
            Case.id,
            Case.code,
            ServiceItem.name,
            Case.place,
            Case.state,
            Case.kind_version,
            Case.ends,
            Case.due_at,
            Case.yellow_at,
            Case.paused_at,
            AssistedService.begun_at,
            Case.term,
            Case.promise_at,
            Case.closed_at,
            Case.provisional,
            held,
        )
        .join(AssistedService, _ASSIST)
        .join(ServiceItem, _ITEM)
        .where(Case.ends != "" if ended else Case.ends == "")
    )
    start = decode(cursor, "u")
    page = after(found, (Case.id,), start, descending=True).limit(limit + 1)
    rows = [AssistRow(*row) for row in await Ready(page).rows(ctx.session)]
    return cut(rows, limit, lambda last: (last.case_id,))
