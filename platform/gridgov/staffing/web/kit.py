"""Kit by unit and person: handed out in one tap, given back, gone, and what leavers still hold."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post

from gridgov.context import Context
from gridgov.grid.queries.nodes import line_of, names_at
from gridgov.grid.queries.stepping import place_of, step_down
from gridgov.grid.rules.codes import parent_path
from gridgov.kernel import paging
from gridgov.kernel.sentences import N_
from gridgov.staffing.queries import kit as queries
from gridgov.staffing.queries.kit import Bearer, Show
from gridgov.staffing.rules import handed_to_people, handed_to_units, whole_set
from gridgov.staffing.types import KitState, StaffingRight
from gridgov.staffing.web.pieces import STATES, names_of
from gridgov.web.exporting import Asking, Sheet, ask_purpose, take_along
from gridgov.web.guard import Ctx
from gridgov.web.pages import Page, page
from gridgov.web.urls import AnyRequest, url_of

SHOWS: Final = {Show.ALL: N_("全部"), Show.LACKING: N_("没领齐"), Show.MISSING: N_("有遗失")}

_LONGEST_WORDS: Final = 30


@dataclass(frozen=True, slots=True)
class Line:
    """A unit with somebody (or nobody), and each item: where it is, or None for what is not due."""

    bearer: Bearer
    above: str
    marks: list[str | None]
    lacks: bool
    """Whether something that is due to the person was never handed out or is gone."""


class Kit(Controller):
    """What is handed out for work."""

    path = "/{tenant:str}/kit"

    @get("/", name="kit", permission=StaffingRight.READ)
    async def board(self, ctx: Ctx, request: AnyRequest) -> Page:
        """Every unit with its people and what they have."""
        params = request.query_params
        place = await place_of(ctx, params.get("node", ""), StaffingRight.READ)
        show, words = _show(request), _words(request)
        cursor = paging.decode(params.get("after"), "su")
        found = await queries.bearers(ctx, place.path, show, words, cursor=cursor)
        shown, older = paging.cut(
            found, queries.PAGE, lambda last: (last.path, last.staff_id or last.node_id)
        )
        return page(
            ctx,
            "staffing/kit.html",
            place=place,
            line=await line_of(ctx, place.path),
            units=await step_down(ctx, place),
            kit=whole_set(ctx.policy.county.kit),
            lines=await lines_of(ctx, shown),
            show=show,
            shows=SHOWS,
            words=words,
            states=STATES,
            older=older,
            first=cursor is None,
            may_issue=ctx.actor.may(StaffingRight.KIT),
        )

    @get("/leavers", name="kit_leavers", permission=StaffingRight.READ)
    async def leavers(self, ctx: Ctx, request: AnyRequest) -> Page:
        """What is still out with people who hold no post any more."""
        params = request.query_params
        place = await place_of(ctx, params.get("node", ""), StaffingRight.READ)
        cursor = paging.decode(params.get("after"), "tu")
        found = await queries.held_by_leavers(ctx, place.path, cursor)
        shown, older = paging.cut(found, queries.PAGE, lambda last: (last.issued_on, last.id))
        return page(
            ctx,
            "staffing/kit_leavers.html",
            place=place,
            pieces=shown,
            older=older,
            first=cursor is None,
            names=names_of(ctx),
            may_issue=ctx.actor.may(StaffingRight.KIT),
        )

    @get("/export", name="kit_export", permission=StaffingRight.READ)
    async def ask(self, ctx: Ctx, request: AnyRequest) -> Page:
        """How many lines, and what for."""
        return await ask_purpose(ctx, request, _asking)

    @post("/export", name="kit_export_file", permission=StaffingRight.READ)
    async def file(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """The board as a spreadsheet."""
        return await take_along(ctx, request, _asking, _taken)


def _show(request: AnyRequest) -> Show:
    given = request.query_params.get("show", "")
    return Show(given) if given in set(Show) else Show.ALL


def _words(request: AnyRequest) -> str:
    return request.query_params.get("q", "").strip()[:_LONGEST_WORDS]


async def lines_of(ctx: Context, shown: list[Bearer]) -> list[Line]:
    """What each has of what is due to them and to the unit."""
    kit = whole_set(ctx.policy.county.kit)
    have: defaultdict[UUID, dict[str, str]] = defaultdict(dict)
    for piece in await queries.pieces_among(ctx, shown):
        have[piece.staff_id or piece.node_id][piece.item] = piece.state
    names = await names_at(ctx, [one.path for one in shown])
    posts = {post for item in kit for post in item.posts}
    base = next((level.code for level in ctx.policy.county.levels if level.base), "")
    lines: list[Line] = []
    for one in shown:
        theirs = {item.code for item in handed_to_people(kit, posts, one.area)}
        its = {item.code for item in handed_to_units(kit, base, one.area)}
        own = have[one.staff_id] if one.staff_id is not None else None
        lines.append(
            Line(
                one,
                names.get(parent_path(one.path), ""),
                [
                    have[one.node_id].get(item.code, "")
                    if item.code in its
                    else own.get(item.code, "")
                    if item.code in theirs and own is not None
                    else None
                    for item in kit
                ],
                own is not None and any(own.get(code) != KitState.OUT for code in theirs),
            )
        )
    return lines


async def _taken(ctx: Context, request: AnyRequest) -> Sheet:
    place = await place_of(ctx, request.query_params.get("node", ""), StaffingRight.READ)
    most = queries.MOST_EXPORTED
    found = await queries.bearers(ctx, place.path, _show(request), _words(request), limit=most)
    kit = whole_set(ctx.policy.county.kit)
    words: dict[str | None, str] = {None: "—", "": N_("未领")} | dict(STATES)
    return Sheet(
        verb="kit.exported",
        subject="kit",
        details={"node": place.code},
        name=N_("装备清单"),
        columns=(
            (N_("上级"), 30),
            (N_("网格"), 24),
            (N_("姓名"), 14),
            *((item.name, 12) for item in kit),
        ),
        lines=[
            (
                line.above,
                line.bearer.node_name,
                line.bearer.person or N_("空缺"),
                *(words[mark] for mark in line.marks),
            )
            for line in await lines_of(ctx, found[:most])
        ],
        more=len(found) > most,
    )


async def _asking(ctx: Context, request: AnyRequest) -> Asking:
    code, show, words = request.query_params.get("node", ""), _show(request), _words(request)
    place = await place_of(ctx, code, StaffingRight.READ)
    most = queries.MOST_EXPORTED
    found = await queries.bearers(ctx, place.path, show, words, limit=most)
    given = {"node": code or None, "show": show, "q": words or None}
    return Asking(
        title=N_("导出装备清单"),
        list=N_("装备"),
        back=url_of(ctx, request, "kit", **given),
        count=len(found),
        most=most,
    )
