"""A row of a list changed: what it says is asked, shown beside what it said, and then done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final, TypedDict
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.context import Context
from gridgov.contract.lists import ASSIGNMENT, CLASSES, FIELDS
from gridgov.contract.relisting import newest_of
from gridgov.kernel.errors import Conflict, Invalid, NotFound, Refusal
from gridgov.kernel.ids import new_id
from gridgov.kernel.sentences import N_, joined
from gridgov.rulebook.actions.lists import (
    Planned,
    Rows,
    change_lists,
    plan_lists,
    withdraw_lists,
)
from gridgov.rulebook.queries.lists import Desk, desk, open_of, present
from gridgov.rulebook.rules.lists import ADDED, NEW
from gridgov.rulebook.types import RulebookRight
from gridgov.rulebook.web.lists import called
from gridgov.web.forms import convert, faults_of, typed, unplaced
from gridgov.web.guard import Ctx
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import AnyRequest, url_of

Text = Annotated[str, msgspec.Meta(max_length=200)]

DO: Final = "do"


class Changing(msgspec.Struct):
    """What a row is to say, from when on, on the strength of what."""

    effective_from: date
    document: Text = ""
    reason: Text = ""
    seen: Text = ""
    step: Text = ""
    gone: Text = ""
    urgency: Text = ""
    department: Text = ""
    others: list[Text] = []
    group: Text = ""
    text: Text = ""
    often: Text = ""


class ListRows(Controller):
    """One row of a list."""

    path = "/{tenant:str}/lists/{list_code:str}"

    @get("/rows/{row_code:str}", name="list_row", permission=RulebookRight.CHANGE)
    async def row(self, ctx: Ctx, list_code: FromPath[str], row_code: FromPath[str]) -> Page:
        """The form for a row: what it says now, filled in."""
        spot = await _spot(ctx, list_code, row_code)
        departments = spot.there.get("departments", [])
        values = spot.there | {
            "effective_from": ctx.today.isoformat(),
            "department": spot.there.get("department", next(iter(departments), "")),
            "others": departments[1:],
        }
        return _form(ctx, spot, values=values)

    @post("/rows/{row_code:str}", permission=RulebookRight.CHANGE)
    async def change(
        self, ctx: Ctx, request: AnyRequest, list_code: FromPath[str], row_code: FromPath[str]
    ) -> Response[Any]:
        """First what would be otherwise, then the change itself."""
        given = await typed(request)
        if given.get("step") == DO and (first := await once(ctx, request)):
            return done(request, first)  # looking at what would be otherwise is no sending
        spot = await _spot(ctx, list_code, row_code)
        try:
            form = convert(given, Changing)
            terms: Terms = {"effective_from": form.effective_from, "document": form.document}
            rows = _rows(spot, form)
            if form.step != DO:
                preview = await _preview(ctx, await plan_lists(ctx, rows, **terms))
                return _form(ctx, spot, values=given, preview=preview)
            await change_lists(ctx, rows, **terms, reason=form.reason, seen=form.seen)
        except (Invalid, Conflict) as fault:
            return _form(ctx, spot, values=given, fault=fault)
        to = _address(ctx, request, list_code)
        at_once = form.effective_from == ctx.today
        said = (
            N_("已改，从现在起新报的按这一版办；在办的按原来的办完。")
            if at_once
            else N_("已排好，到那天自动生效；在那之前随时可以撤销。")
        )
        return await done_once(ctx, request, to, said=said)

    @post(
        "/versions/{version_id:uuid}/withdraw",
        name="list_withdraw",
        permission=RulebookRight.CHANGE,
    )
    async def withdraw(
        self, ctx: Ctx, request: AnyRequest, list_code: FromPath[str], version_id: FromPath[UUID]
    ) -> Response[Any]:
        """Take back what has not begun."""
        if list_code not in ctx.policy.lists:
            raise NotFound
        await withdraw_lists(ctx, version_id)
        return done(request, _address(ctx, request, list_code), said="已撤销，清单照旧。")


class Terms(TypedDict):
    """From when on, and on the strength of what."""

    effective_from: date
    document: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A row of a list as it stands now; ``row`` is ``NEW`` for one that is to come."""

    found: Desk
    code: str
    row: str
    there: dict[str, Any]


async def _spot(ctx: Context, code: str, row: str) -> Spot:
    if code not in ctx.policy.lists:
        raise NotFound
    found = await desk(ctx, ctx.now)
    if row == NEW and code in ADDED:
        return Spot(found, code, row, dict.fromkeys(FIELDS[code], ""))
    there = present(found, code, row)
    if there is None:
        raise NotFound
    return Spot(found, code, row, there)


def _rows(spot: Spot, form: Changing) -> Rows:
    """What the form says, by list: the list of classes shows the department of the other one."""
    code, row = spot.code, new_id().hex if spot.row == NEW else spot.row
    if form.gone:
        return {code: {row: None}}
    if code in {CLASSES, ASSIGNMENT}:
        others = [one for one in form.others if one != form.department]
        departments = [one for one in (form.department, *others) if one]
        rows: dict[str, Any] = {ASSIGNMENT: {row: {"departments": departments}}}
        return rows | ({CLASSES: {row: {"urgency": form.urgency}}} if code == CLASSES else {})
    return {code: {row: {name: getattr(form, name).strip() for name in FIELDS[code]}}}


async def _preview(ctx: Context, planned: Planned) -> dict[str, Any]:
    """What would be otherwise, from when on, and what it leaves alone."""
    found, changed, open_cases = planned.found, list[tuple[str, str, str]](), 0
    for code, said in planned.rows.items():
        for row, fields in said.items():
            if code in {CLASSES, ASSIGNMENT}:
                open_cases = await open_of(ctx, row)
            there = present(found, code, row) or {}
            changed += [
                (LABELS[name], _said(found, name, there.get(name, "")), _said(found, name, value))
                for name, value in (fields or {}).items()
            ]
            if fields is None:
                changed.append((N_("这一条"), N_("列在清单里"), N_("不再列入")))
    return {
        "changed": changed,
        "open": open_cases,
        "day": ctx.tenant.day_of(planned.at),
        "at_once": planned.at == ctx.now,
    }


LABELS: Final = {
    "urgency": N_("缓急"),
    "departments": N_("责任部门"),
    "department": N_("责任部门"),
    "text": N_("内容"),
    "group": N_("部位"),
    "often": N_("多久一次"),
}


def _said(found: Desk, name: str, value: Any) -> str:
    if name == "departments":
        return joined(found.names.get(one, one) for one in value)
    if name == "urgency" and value in found.policy.urgencies_ever:
        return found.policy.urgencies_ever[value].name
    return found.names.get(value, str(value)) if name == "department" else str(value)


def _form(
    ctx: Context,
    spot: Spot,
    *,
    values: Mapping[str, Any],
    preview: dict[str, Any] | None = None,
    fault: Refusal | None = None,
) -> Page:
    code = spot.code
    category = ctx.policy.categories.get(spot.row) if code in {CLASSES, ASSIGNMENT} else None
    # The departments of a category are asked for as the first one and the others.
    faults = {
        "department" if name == "departments" else name: said
        for name, said in faults_of(fault).items()
    }
    return page(
        ctx,
        "rulebook/list_row.html",
        status_code=fault.status if fault else 200,
        called=called(ctx),
        list=ctx.policy.lists[code],
        row=spot.row,
        category=category,
        fields=FIELDS[code],
        new=spot.row == NEW,
        may_go=code in ADDED and spot.row != NEW,
        departments=[(one.code, one.name) for one in spot.found.asked.departments],
        urgencies=_urgencies(ctx, category.kind) if category else [],
        preview=preview,
        today=ctx.today,
        values=dict(values) | {"seen": values.get("seen") or newest_of(ctx.policy.changes)},
        errors=faults,
        labels=LABELS | {"effective_from": N_("从哪天起"), "document": N_("依据")},
        refused=unplaced(fault),
    )


def _urgencies(ctx: Context, kind: str) -> list[tuple[str, str]]:
    """Those to choose from: what only cases of another kind have is none of theirs."""
    county = ctx.policy.county
    mine = {one.urgency for one in county.categories if one.kind == kind}
    others = {one.urgency for one in county.categories} - mine
    return [(one.code, one.name) for one in county.urgencies if one.code not in others]


def _address(ctx: Context, request: AnyRequest, code: str) -> str:
    return url_of(ctx, request, "list", list_code=code)
