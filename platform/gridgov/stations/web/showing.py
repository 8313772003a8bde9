"""How the pages of working places say things."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any
from uuid import UUID

from gridgov.calendar.lookup import calendar_for
from gridgov.cases.queries.worklist import CaseRow
from gridgov.cases.rules.tags import tags_of
from gridgov.context import Context
from gridgov.contract.stations import Seat
from gridgov.kernel.masks import mask_name
from gridgov.kernel.sentences import N_, Sentence, joined
from gridgov.staff.types import StaffRight
from gridgov.stations.rules import hours_of, open_until
from gridgov.stations.types import StationRight, StationRow
from gridgov.web.urls import AnyRequest, Urls, url_of


@dataclass(frozen=True, slots=True)
class Now:
    """The county's time of day, and whether offices work today."""

    at: time
    working: bool


async def now_in(ctx: Context) -> Now:
    """What decides whether a place is open."""
    calendar = await calendar_for(ctx)
    return Now(ctx.tenant.local(ctx.now).time(), calendar.is_working(ctx.today))


def openness(row: StationRow, now: Now) -> str:
    """Whether the place is open now, in words; nothing where nobody wrote its hours down."""
    if not row.hours:
        return ""
    said = row.hours if now.working else row.rest_hours or ""
    until = open_until(hours_of(said), now.at)
    if until is None:
        return N_("现在没有开门")
    return Sentence("现在开门，到 {at}", at=f"{until:%H:%M}")


def name_for(ctx: Context, name: str, path: str) -> str:
    """A colleague's name: whole for who may look people up there, else the family name."""
    return name if ctx.actor.may(StaffRight.READ, path=path) else mask_name(name)


def duty_name(ctx: Context, name: str, path: str) -> str:
    """Who is on duty: whole also for who draws up the roster there."""
    return name if ctx.actor.may(StationRight.ROSTER, path=path) else name_for(ctx, name, path)


def seats_of(ctx: Context, row: StationRow) -> list[Seat]:
    """The seats of the hall at this place."""
    return [seat for seat in ctx.policy.county.seats if row.level in seat.levels]


def hall_tabs(ctx: Context, request: AnyRequest, node_id: UUID, here: str) -> list[dict[str, Any]]:
    """The pages of a hall, as tabs; those that the actor may not open are left out."""
    urls: Urls = request.app.state.urls
    return [
        {
            "label": label,
            "url": url_of(ctx, request, name, node_id=node_id),
            "current": name == here,
        }
        for name, label in (
            ("hall", N_("功能区")),
            ("hall_window", N_("一窗受理")),
            ("hall_numbers", N_("叫号")),
            ("hall_screens", N_("大屏")),
            ("duty", N_("值班表")),
            ("joints", N_("一体化")),
        )
        if urls.opens(ctx, name)
    ]


def case_rows(
    ctx: Context,
    request: AnyRequest,
    rows: Sequence[CaseRow],
    departments: Mapping[UUID, Sequence[str]],
) -> list[dict[str, Any]]:
    """Open cases as the macros draw them: the state, and the departments that have them."""
    found: list[dict[str, Any]] = []
    for row in rows:
        kind = ctx.policy.kinds[(row.kind, row.kind_version)]
        state = next((one.name for one in kind.states if one.code == row.state), row.state)
        hands = joined(departments.get(row.id, ()))
        found.append(
            {
                "id": row.id,
                "url": url_of(ctx, request, "case", case_id=row.id),
                "light": str(row.light(ctx.now)),
                "due": row.due_at,
                "code": row.code,
                "title": row.title,
                "place": row.place,
                "holder": hands or state,
                "state": state if hands else "",
                "since": row.opened_at,
                "tags": tags_of(row, ctx.policy.county.urgencies),
            }
        )
    return found
