"""How a case begins: by a worker, at a desk, or by a resident without an account."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from gridgov.calendar.lookup import calendar_for
from gridgov.cases.actions.act import SettingsOf, rules_for
from gridgov.cases.actions.writing import Rows, write_new
from gridgov.cases.models import CaseClock, CaseReporter, CaseStep, CaseTerm
from gridgov.cases.queries.desks import desks_above
from gridgov.cases.rules import clocks as ticking
from gridgov.cases.rules.fields import check_texts
from gridgov.cases.rules.moves import opening_of, state_of
from gridgov.cases.rules.places import Desk, first_desk
from gridgov.cases.rules.words import terms_of, words_of
from gridgov.cases.types import AROSE, PHOTO_OWNER, About, Arisen, CaseRight, Running
from gridgov.context import Context
from gridgov.contract.declarations import CaseKind, Category, Origin
from gridgov.files.actions import attach
from gridgov.grid.queries.nodes import node_of
from gridgov.grid.queries.places import hold_still, leaf_at
from gridgov.grid.types import NodeRow
from gridgov.kernel.errors import Invalid, NotAllowed
from gridgov.kernel.ids import id_at, new_id

_LIMITS: Final = {"title": 60, "description": 2000, "place": 60}
_CONTACT_LIMITS: Final = {"name": 30, "phone": 20, "address": 100}
_PIN_DIGITS: Final = 6
_TAIL: Final = 4
RESIDENT: Final = "反映人"


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach who reported. Each may be empty; all are sealed before they are kept."""

    name: str = ""
    phone: str = field(default="", repr=False)
    address: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Reported:
    """A case that began. ``pin`` is told once, to a reporter who left no phone number."""

    case_id: UUID
    code: str
    reporter_id: UUID
    pin: str = field(default="", repr=False)


async def report_case(
    ctx: Context,
    *,
    category: str,
    title: str = "",
    description: str = "",
    lon: float | None = None,
    lat: float | None = None,
    node_id: UUID | None = None,
    place: str = "",
    urgency: str = "",
    term: str = "",
    origin: Origin = Origin.WORKER,
    contact: Contact | None = None,
    photos: Sequence[UUID] = (),
    kind: str = "",
    about: About | None = None,
) -> Reported:
    """Begin a case at the place of a point (or at a chosen unit of the grid).

    ``title`` empty takes the category's name, ``place`` the unit's, ``urgency`` the category's. A
    resident's own words go into ``description``, which search does not read. ``contact`` is the
    resident's (also when staff write for them); who reports with an account is known by it.
    ``kind`` is named by rooms that begin cases of their own; only they can use a category of it.
    ``term`` is how long this very matter may take (5个工作日), for clocks that go by it.
    ``about`` is what it is reported out of: the room that has it is told and keeps the link.
    Raises Invalid for an unknown category, and for a place outside the county.
    """
    if origin is not Origin.RESIDENT and not ctx.actor.may(CaseRight.REPORT):
        raise NotAllowed("您的岗位不能上报事件。")
    leaf = _category(ctx, category, kind)
    if origin is Origin.RESIDENT:
        title = ""
    texts = check_texts(
        {"title": title or leaf.name, "description": description, "place": place}, _LIMITS
    )
    node = await _place(ctx, lon, lat, node_id)
    texts["place"] = texts["place"] or node.name
    desk = first_desk(await desks_above(ctx, node.path))
    declared = _kind(ctx, kind)
    case_id = id_at(ctx.now)
    listed = ctx.policy.at(node.path).listed(leaf.code, ctx.now) or leaf
    urgency = urgency or listed.urgency
    clocks = await _clocks(ctx, declared, urgency, term, desk=desk, path=node.path)
    begun = _Begun(ctx, case_id, declared, leaf, node, desk, tuple(clocks))
    sealed, pin = _sealed(ctx, case_id, contact or Contact())
    reporter_id = sealed["id"]
    code = await _write(
        begun,
        sealed,
        **texts,
        urgency=urgency,
        term=term,
        origin=origin,
        lon=lon,
        lat=lat,
    )
    await attach(ctx, photos, PHOTO_OWNER, case_id)
    if about is not None:
        await ctx.together.follow(ctx, AROSE, Arisen(case_id, about))
    return Reported(case_id, code, reporter_id, pin)


@dataclass(frozen=True, slots=True)
class _Begun:
    ctx: Context
    case_id: UUID
    kind: CaseKind
    category: Category
    node: NodeRow
    desk: Desk
    clocks: tuple[Running, ...]


def _category(ctx: Context, code: str, kind: str) -> Category:
    category = ctx.policy.categories.get(code)
    if category is None or not category.parent or category.kind not in ("", kind):
        raise Invalid(fields={"category": "请选择这件事属于哪一小类。"})
    return category


def _kind(ctx: Context, code: str) -> CaseKind:
    kinds = [kind for kind in ctx.policy.county.case_kinds if code in ("", kind.code)]
    return max(kinds, key=lambda kind: kind.version)


async def _place(
    ctx: Context, lon: float | None, lat: float | None, node_id: UUID | None
) -> NodeRow:
    await hold_still(ctx)
    if node_id is not None:
        node = await node_of(ctx, node_id)
        if node is None or node.valid_to is not None:
            raise Invalid(fields={"place": "没有这个网格，请重新选择。"})
        return node
    if lon is None or lat is None:
        raise Invalid(fields={"place": "请在地图上点一下位置，或者选择网格。"})
    leaf = await leaf_at(ctx, lon, lat)
    if leaf is None:
        raise Invalid(fields={"place": "这个位置不在本县范围内，请重新选择。"})
    return leaf


async def _clocks(
    ctx: Context, kind: CaseKind, urgency: str, term: str, *, desk: Desk, path: str
) -> list[Running]:
    if urgency not in ctx.policy.at(path).urgencies:
        raise Invalid(fields={"urgency": "没有这一种缓急，请重新选择。"})
    rules = rules_for(ctx, path, urgency, ctx.now)
    start = ticking.Starting(ctx.now, 0, rules.effective_from, await calendar_for(ctx), (), term)
    opening = opening_of(kind).code
    return [
        ticking.started(clock, bearer, start, SettingsOf(ctx, ctx.today))
        for clock in rules.clocks
        if opening in clock.starts
        for bearer in ticking.bearers_of(clock, level=desk.level, departments=())
    ]


def _sealed(ctx: Context, case_id: UUID, contact: Contact) -> tuple[dict[str, Any], str]:
    """The reporter's row, sealed, and a PIN for who leaves no phone number and has no account."""
    texts = check_texts(
        {"name": contact.name, "phone": contact.phone, "address": contact.address},
        _CONTACT_LIMITS,
    )
    digits = "".join(character for character in texts["phone"] if character.isdigit())
    if texts["phone"] and not len(digits) > _TAIL:
        raise Invalid(fields={"phone": "请填写完整的电话号码。"})
    anonymous = not digits and ctx.actor.account_id is None
    pin = f"{secrets.randbelow(10**_PIN_DIGITS):0{_PIN_DIGITS}d}" if anonymous else ""
    row_id, vault = new_id(), ctx.vault

    def seal(name: str) -> bytes | None:
        return vault.seal("case_reporters", row_id, name, texts[name]) if texts[name] else None

    kept = {
        "name": seal("name"),
        "phone": seal("phone"),
        "address": seal("address"),
        "phone_index": vault.blind("phone", digits) if digits else None,
        "phone_tail": tail_digest(ctx, case_id, digits[-_TAIL:]) if digits else None,
        "pin": pin_digest(ctx, case_id, pin) if pin else None,
    }
    account = None if texts["name"] or digits else ctx.actor.account_id
    row = {"id": row_id, "account_id": account}
    return row | {name: _hex(value) for name, value in kept.items()}, pin


def _hex(value: bytes | None) -> str | None:
    """Bytes as the database reads them from JSON."""
    return None if value is None else f"\\x{value.hex()}"


def tail_digest(ctx: Context, case_id: UUID, tail: str) -> bytes:
    """What is kept of the last four digits of a phone number: of use for this case only."""
    return ctx.vault.blind("phone_tail", f"{case_id}:{tail}")


def pin_digest(ctx: Context, case_id: UUID, pin: str) -> bytes:
    """What is kept of an anonymous reporter's PIN."""
    return ctx.vault.blind("pin", f"{case_id}:{pin}")


async def _write(
    begun: _Begun, reporter: dict[str, Any], *, title: str, place: str, **values: Any
) -> str:
    ctx, case_id = begun.ctx, begun.case_id
    state, opening = state_of(begun.kind, begun.kind.first), opening_of(begun.kind)
    due, yellow, provisional = ticking.earliest(begun.clocks) or (ctx.now, ctx.now, False)
    words = words_of(title, place, begun.category.name)
    case = {
        **_AS_NEW,
        **values,
        "id": case_id,
        "kind": begun.kind.code,
        "kind_version": begun.kind.version,
        "category": begun.category.code,
        "title": title,
        "place": place,
        "words": words,
        "node_id": begun.node.id,
        "opened_path": begun.node.path,
        "node_path": begun.node.path,
        "desk_path": begun.desk.path,
        "level": begun.desk.level,
        "state": state.code,
        "turn": state.holder,
        "due_at": due,
        "yellow_at": yellow,
        "tell_at": yellow,
        "provisional": provisional,
        "reported_by": ctx.actor.account_id,
        "opened_at": ctx.now,
    }
    rows: Rows = {
        CaseReporter: [{**reporter, "created_at": ctx.now}],
        CaseStep: [_first_step(begun)],
        CaseClock: begun.clocks,
        CaseTerm: [{"term": term} for term in terms_of(words)],
    }
    day = ctx.today.strftime("%y%m%d")
    prefix = f"{ctx.tenant.code[:6]}{day}"
    return await write_new(ctx, case, rows, effect=opening.effect, prefix=prefix, day=day)


_AS_NEW: Final[Mapping[str, Any]] = {
    "solved_level": "",
    "ends": "",
    "told_light": "",
    "answer": "",
    "bounces": 0,
    "reopened": 0,
    "urged": 0,
    "supervised": False,
    "version": 1,
}
"""What every case begins with."""


def _first_step(begun: _Begun) -> dict[str, Any]:
    actor, opening = begun.ctx.actor, opening_of(begun.kind)
    return {
        "id": new_id(),
        "at": begun.ctx.now,
        "action": opening.code,
        "before": "",
        "after": begun.kind.first,
        "account_id": actor.account_id,
        "who": actor.title or actor.name or RESIDENT,
        "note": "",
        "details": {},
        "public": opening.public,
    }
