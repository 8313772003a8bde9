"""What is kept: the catalogue and its imports, what is done for residents, visits, codes."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gridgov.cases.models import Case
from gridgov.grid.models import GridNode
from gridgov.kernel.db import TenantRow, path_column, tenant_fk, tenant_index
from gridgov.staff.models import Department


class ServiceItem(TenantRow):
    """An item of the one catalogue. Counts that texts print are counts of its flags.

    ``flags`` are looked through within the tenant, in the order of codes: a catalogue has some
    hundreds of items. ``term`` is written as people write it (5个工作日); empty: no term is set.
    What is no longer offered has the day that it closed on, for what was done of it still names it.
    """

    __tablename__ = "service_items"

    code: Mapped[str]
    name: Mapped[str]
    initials: Mapped[str]
    batch: Mapped[str]
    department_id: Mapped[UUID]
    flags: Mapped[list[str]]
    term: Mapped[str]
    what: Mapped[str]
    who: Mapped[str]
    steps: Mapped[list[str]]
    materials: Mapped[list[str]]
    fee: Mapped[str]
    place: Mapped[str]
    source: Mapped[str]
    synthetic: Mapped[bool]
    closed_on: Mapped[date | None]

    __table_args__ = (
        *tenant_fk("department_id", Department),
        tenant_index("code", unique=True),
        tenant_index("batch", "code"),
    )


class ServiceImport(TenantRow):
    """A file of the catalogue: read and shown first, carried out when somebody says so.

    ``rows`` are the items that it holds; emptied once it is carried out, for then they lie in the
    catalogue.
    """

    __tablename__ = "service_imports"

    file: Mapped[str]
    rows: Mapped[list[dict[str, Any]]]
    added: Mapped[int]
    changed: Mapped[int]
    closed: Mapped[int]
    account_id: Mapped[UUID | None]
    who: Mapped[str]
    at: Mapped[datetime]
    carried_out_at: Mapped[datetime | None]

    __table_args__ = (tenant_index("at", "id"),)


class AssistedService(TenantRow):
    """What belongs to a case by which an item is done for a resident.

    Who the resident is stands with the case's reporter, sealed and forgotten as every reporter is.
    ``materials`` are those of the item on the day that the case began, with what came of each.
    """

    __tablename__ = "service_assists"

    case_id: Mapped[UUID]
    item_id: Mapped[UUID]
    materials: Mapped[list[dict[str, Any]]]
    begun_at: Mapped[datetime]

    __table_args__ = (
        *tenant_fk("case_id", Case, index=False),
        *tenant_fk("item_id", ServiceItem),
        tenant_index("case_id", unique=True),
    )


class Authorisation(TenantRow):
    """A resident's word that something be done for them: what for, and until when.

    The picture of a signature lies with the files; ``witness`` is sealed and goes, as the
    signature does, when the contacts of the case go.
    """

    __tablename__ = "service_authorisations"

    case_id: Mapped[UUID]
    way: Mapped[str]
    purpose: Mapped[str]
    valid_until: Mapped[date]
    witness: Mapped[bytes | None]
    given_at: Mapped[datetime]
    account_id: Mapped[UUID | None]
    who: Mapped[str]
    ended_on: Mapped[date | None]

    __table_args__ = (
        *tenant_fk("case_id", Case),
        CheckConstraint("way IN ('signed', 'oral')", name="way"),
    )


class HeldDocument(TenantRow):
    """A document that the resident handed over. ``history`` are the hands it went through.

    ``place`` is a place of custody that the county declares, or that it is returned.
    """

    __tablename__ = "service_documents"

    case_id: Mapped[UUID]
    name: Mapped[str]
    copies: Mapped[int]
    place: Mapped[str]
    since: Mapped[datetime]
    history: Mapped[list[dict[str, Any]]]

    __table_args__ = (
        *tenant_fk("case_id", Case),
        tenant_index("place", "since", postgresql_where="place <> 'returned'"),
    )


class Appointment(TenantRow):
    """A visit at home that was booked. What tells who and which door is sealed.

    ``building`` is what visits are grouped by. ``phone_tail`` and ``pin`` open it for who booked,
    as with a case; ``phone_index`` counts how many one phone has open.
    """

    __tablename__ = "service_appointments"

    code: Mapped[str] = path_column()
    node_id: Mapped[UUID]
    node_path: Mapped[str] = path_column(follows=True)
    building: Mapped[str]
    day: Mapped[date]
    half: Mapped[str]
    item_id: Mapped[UUID | None]
    state: Mapped[str]
    origin: Mapped[str]
    name: Mapped[bytes | None]
    phone: Mapped[bytes | None]
    door: Mapped[bytes | None]
    note: Mapped[bytes | None]
    phone_index: Mapped[bytes | None]
    phone_tail: Mapped[bytes | None]
    pin: Mapped[bytes | None]
    moved: Mapped[int] = mapped_column(server_default="0")
    made_by: Mapped[UUID | None]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]

    __table_args__ = (
        tenant_index("code", unique=True),
        *tenant_fk("node_id", GridNode),
        *tenant_fk("item_id", ServiceItem),
        tenant_index("day", "node_path", "half"),
        tenant_index("ended_at", "node_path", postgresql_where="state = 'done'"),
        tenant_index("phone_index", postgresql_where="state = 'booked'"),
        CheckConstraint("half IN ('morning', 'afternoon')", name="half"),
        CheckConstraint("state IN ('booked', 'done', 'missed', 'cancelled')", name="state"),
    )


class PlaceCode(TenantRow):
    """A code that hangs at a door, a stair or in a grid. ``token`` cannot be guessed.

    One that was torn down, copied or misused is revoked and another takes its place.
    """

    __tablename__ = "service_codes"

    token: Mapped[str]
    kind: Mapped[str]
    node_id: Mapped[UUID]
    node_path: Mapped[str] = path_column(follows=True)
    place: Mapped[str]
    issued_at: Mapped[datetime]
    issued_by: Mapped[UUID | None]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[UUID | None]
    revoked_why: Mapped[str | None]

    __table_args__ = (
        tenant_index("token", unique=True),
        *tenant_fk("node_id", GridNode),
        tenant_index("node_path", "id"),
        CheckConstraint("kind IN ('door', 'stair', 'grid')", name="kind"),
    )
