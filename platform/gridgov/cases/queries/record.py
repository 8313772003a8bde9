"""One case with all that its page shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select

from gridgov.cases.models import Case, CaseReporter
from gridgov.cases.queries.seeing import SIGHTS, Sight, in_sight, sight_of
from gridgov.cases.queries.situations import situation_of
from gridgov.cases.queries.timeline import Step, steps_of
from gridgov.cases.rules.explaining import Story, explained
from gridgov.cases.rules.ratings import told
from gridgov.cases.types import Asked, CaseRight, Head, Part, Situation
from gridgov.context import Context
from gridgov.grid.queries.nodes import line_of
from gridgov.grid.types import NodeRow
from gridgov.kernel.errors import NotFound
from gridgov.kernel.joins import tied
from gridgov.kernel.masks import mask_address, mask_name, mask_phone
from gridgov.kernel.ready import Ready
from gridgov.staff.models import Department


@dataclass(frozen=True, slots=True)
class Body:
    """What only the page of one case shows."""

    description: str
    node_id: UUID
    lon: float | None
    lat: float | None


@dataclass(frozen=True, slots=True)
class Masked:
    """A reporter as everybody may see them: masked, and nothing at all without the right.

    ``case_code`` is another one than the page's when their report was merged into it.
    """

    id: UUID
    case_id: UUID
    case_code: str
    staff: bool
    name: str
    phone: str
    address: str
    stars: str
    comment: str
    rated_at: datetime | None
    may_reveal: bool


@dataclass(frozen=True, slots=True)
class Record:
    """One case. ``line`` are the units of the grid from the root down to its place."""

    head: Head
    body: Body
    line: tuple[NodeRow, ...]
    steps: tuple[Step, ...]
    stories: tuple[Story, ...]
    parts: tuple[tuple[Part, str], ...]
    requests: tuple[Asked, ...]
    reporters: tuple[Masked, ...]
    merged: tuple[tuple[UUID, str, str], ...]
    main: tuple[UUID, str] | None
    situation: Situation


_BODY: Final = Ready(
    select(Case.description, Case.node_id, Case.lon, Case.lat).where(Case.id == bindparam("case"))
)
_NAMES: Final = Ready(
    select(Department.id, Department.name).where(
        Department.id == any_(bindparam("ids", type_=ARRAY(Uuid)))
    )
)

_REPORTER: Final = (
    CaseReporter.id,
    CaseReporter.case_id,
    CaseReporter.account_id,
    CaseReporter.name,
    CaseReporter.phone,
    CaseReporter.address,
    CaseReporter.stars,
    CaseReporter.comment,
    CaseReporter.rated_at,
)


_THIS: Final = bindparam("case", type_=Uuid)
_KIN: Final = select(Case.id, Case.code, Case.title, Case.merged_into).order_by(Case.id)
_REPORTERS: Final = (
    select(*_REPORTER, Case.code)
    .join(Case, tied(Case.id, CaseReporter.case_id))
    .where((Case.id == _THIS) | (Case.merged_into == _THIS))
    .order_by(CaseReporter.id)
)


@lru_cache(SIGHTS)
def _seen(sight: Sight) -> Ready:
    return Ready(select(Case.id).where(in_sight(sight), Case.id == _THIS))


@lru_cache(SIGHTS)
def _coded(sight: Sight) -> Ready:
    return Ready(select(Case.id).where(in_sight(sight), Case.code == bindparam("code")))


@lru_cache(SIGHTS)
def _resting_in(sight: Sight) -> Ready:
    return Ready(_KIN.where(in_sight(sight), Case.merged_into == _THIS))


@lru_cache(SIGHTS)
def _main(sight: Sight) -> Ready:
    return Ready(_KIN.where(in_sight(sight), Case.id == _THIS))


@lru_cache(SIGHTS)
def _reporters_in(sight: Sight) -> Ready:
    """The reporters, and of each whether their contact may be opened."""
    return Ready(_REPORTERS.add_columns(in_sight(sight).label("open")))


async def record(ctx: Context, case_id: UUID) -> Record:
    """The case, if the actor may see it. Seven statements."""
    case = await situation_of(ctx, case_id)
    body: Any = await _BODY.row(ctx.session, case=case_id)
    names = await _departments(ctx, case)
    kin = await _kin(ctx, case)
    return Record(
        head=case.head,
        body=Body(*body),
        line=tuple(await line_of(ctx, case.head.node_path)),
        steps=await steps_of(ctx, case_id),
        stories=stories_of(ctx, case, names),
        parts=tuple((part, names[part.department_id]) for part in case.parts),
        requests=case.requests,
        reporters=await _reporters(ctx, case),
        merged=tuple((k.id, k.code, k.title) for k in kin if k.merged_into == case_id),
        main=next(((k.id, k.code) for k in kin if k.id == case.head.merged_into), None),
        situation=case,
    )


async def explain(ctx: Context, case_id: UUID) -> tuple[Story, ...]:
    """Every clock of the case told step by step: why is its light as it is?"""
    case = await situation_of(ctx, case_id)
    return stories_of(ctx, case, await _departments(ctx, case))


def stories_of(ctx: Context, case: Situation, departments: Mapping[UUID, str]) -> tuple[Story, ...]:
    """The stories of all clocks, those that run first."""
    bearers = {str(department): name for department, name in departments.items()}
    bearers |= {code: level.name for code, level in ctx.policy.levels_ever.items()}
    told = [
        explained(clock, case.pauses, bearers=bearers, zone=ctx.tenant.zone, now=ctx.now)
        for clock in case.clocks
    ]
    return tuple(sorted(told, key=lambda story: story.stopped_at is not None))


async def photo_seen(ctx: Context, owner_id: UUID) -> bool:
    """Whether the actor may see the photos of a case: as far as they may see the case."""
    sight = sight_of(ctx.actor)
    return await _seen(sight).scalar(ctx.session, case=owner_id) is not None


async def case_seen(ctx: Context, case_id: UUID, right: str = CaseRight.READ) -> None:
    """NotFound unless the actor holds the right on the case."""
    sight = sight_of(ctx.actor, right)
    if await _seen(sight).scalar(ctx.session, case=case_id) is None:
        raise NotFound


async def case_by_code(ctx: Context, code: str) -> UUID:
    """The id of a case that the actor may see, by its code."""
    if not code.isprintable():
        raise NotFound
    sight = sight_of(ctx.actor)
    case_id: UUID | None = await _coded(sight).scalar(ctx.session, code=code.strip())
    if case_id is None:
        raise NotFound
    return case_id


async def _departments(ctx: Context, case: Situation) -> dict[UUID, str]:
    ids = {part.department_id for part in case.parts}
    if not ids:
        return {}
    return {row.id: row.name for row in await _NAMES.rows(ctx.session, ids=list(ids))}


async def _kin(ctx: Context, case: Situation) -> Sequence[Any]:
    """The case that this one rests in, and those that rest in it, as far as the actor sees them."""
    main = case.head.merged_into
    kin = _resting_in if main is None else _main
    return await kin(sight_of(ctx.actor)).rows(ctx.session, case=main or case.head.id)


async def _reporters(ctx: Context, case: Situation) -> tuple[Masked, ...]:
    """The case's own reporters and those of the cases merged into it."""
    found = _reporters_in(sight_of(ctx.actor, CaseRight.REVEAL))
    return tuple(_masked(ctx, row) for row in await found.rows(ctx.session, case=case.head.id))


def _masked(ctx: Context, row: Any) -> Masked:
    def opened(name: str, sealed: bytes | None) -> str:
        if sealed is None or not row.open:
            return ""
        return ctx.vault.open("case_reporters", row.id, name, sealed)

    return Masked(
        id=row.id,
        case_id=row.case_id,
        case_code=row.code,
        staff=row.account_id is not None,
        name=mask_name(opened("name", row.name)),
        phone=mask_phone(opened("phone", row.phone)),
        address=mask_address(address) if (address := opened("address", row.address)) else "",
        stars=told(ctx.policy.ratings_ever.values(), row.stars or {}),
        comment=row.comment,
        rated_at=row.rated_at,
        may_reveal=row.open and any((row.name, row.phone, row.address)),
    )
