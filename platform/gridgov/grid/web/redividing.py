"""Re-division on pages: a form, what it would lead to, and only then the deed."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.context import Context
from gridgov.grid.actions.redividing import Outcome, preview, redivide, withdraw_change
from gridgov.grid.queries.ground import brothers_of, parents_for
from gridgov.grid.queries.history import planned_changes, recent_changes
from gridgov.grid.queries.nodes import below, names_at, node_seen
from gridgov.grid.queries.shapes import boundary_of
from gridgov.grid.rules.codes import parent_path
from gridgov.grid.rules.redividing import check_present
from gridgov.grid.types import (
    ChangeKind,
    ChangeState,
    GridRight,
    NodeRow,
    Plan,
)
from gridgov.grid.web.browsing import crumbs
from gridgov.grid.web.forms import meant
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.web.forms import faults_of, typed
from gridgov.web.guard import Ctx
from gridgov.web.maps import drawing
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import AnyRequest, url_of

_BAD: Final = 422
_MOST: Final = 50
_STEP: Final = "step"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which node is to be changed, and how."""

    kind: ChangeKind
    node: NodeRow
    children: list[NodeRow]


class Redivisions(Controller):
    """Changing the tree."""

    path = "/{tenant:str}/grid"

    @get("/redivision", name="redivision", permission=GridRight.REDIVIDE)
    async def list(self, ctx: Ctx) -> Page:
        """What is planned and what was done."""
        recent = await recent_changes(ctx, limit=_MOST)
        return page(
            ctx,
            "grid/redivision.html",
            plans=await planned_changes(ctx),
            changes=[change for change in recent if change.state is not ChangeState.PLANNED],
        )

    @post(
        "/redivision/{change_id:uuid}/withdraw",
        name="redivision_withdraw",
        permission=GridRight.REDIVIDE,
    )
    async def withdraw(
        self, ctx: Ctx, request: AnyRequest, change_id: FromPath[UUID]
    ) -> Response[Any]:
        """Take a planned change back."""
        await withdraw_change(ctx, change_id)
        return done(request, url_of(ctx, request, "redivision"), said="已撤回，网格不会变动。")

    @get("/{node_id:uuid}/split", name="node_split", permission=GridRight.REDIVIDE)
    async def split(self, ctx: Ctx, node_id: FromPath[UUID]) -> Page:
        """The form of a split."""
        return await _form(ctx, await _asked(ctx, ChangeKind.SPLIT, node_id))

    @get("/{node_id:uuid}/merge", name="node_merge", permission=GridRight.REDIVIDE)
    async def merge(self, ctx: Ctx, node_id: FromPath[UUID]) -> Page:
        """The form of a merge."""
        return await _form(ctx, await _asked(ctx, ChangeKind.MERGE, node_id))

    @get("/{node_id:uuid}/rename", name="node_rename", permission=GridRight.REDIVIDE)
    async def rename(self, ctx: Ctx, node_id: FromPath[UUID]) -> Page:
        """The form of a rename."""
        return await _form(ctx, await _asked(ctx, ChangeKind.RENAME, node_id))

    @get("/{node_id:uuid}/move", name="node_move", permission=GridRight.REDIVIDE)
    async def move(self, ctx: Ctx, node_id: FromPath[UUID]) -> Page:
        """The form of a move."""
        return await _form(ctx, await _asked(ctx, ChangeKind.MOVE, node_id))

    @post("/{node_id:uuid}/split", permission=GridRight.REDIVIDE)
    async def do_split(
        self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]
    ) -> Response[Any]:
        """Look at a split, then do it."""
        return await _step(ctx, request, await _asked(ctx, ChangeKind.SPLIT, node_id))

    @post("/{node_id:uuid}/merge", permission=GridRight.REDIVIDE)
    async def do_merge(
        self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]
    ) -> Response[Any]:
        """Look at a merge, then do it."""
        return await _step(ctx, request, await _asked(ctx, ChangeKind.MERGE, node_id))

    @post("/{node_id:uuid}/rename", permission=GridRight.REDIVIDE)
    async def do_rename(
        self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]
    ) -> Response[Any]:
        """Look at a rename, then do it."""
        return await _step(ctx, request, await _asked(ctx, ChangeKind.RENAME, node_id))

    @post("/{node_id:uuid}/move", permission=GridRight.REDIVIDE)
    async def do_move(
        self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]
    ) -> Response[Any]:
        """Look at a move, then do it."""
        return await _step(ctx, request, await _asked(ctx, ChangeKind.MOVE, node_id))

    @get("/{node_id:uuid}/cut", name="grid_cut", permission=GridRight.REDIVIDE)
    async def cut(self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]) -> Response[Any]:
        """The two sides of a split that is being considered, as GeoJSON."""
        asked = await _asked(ctx, ChangeKind.SPLIT, node_id)
        command, form = _meant(dict(request.query_params), asked)
        plan = await preview(ctx, command, effective_on=form.effective_on)
        return drawing(_features(plan))


async def _asked(ctx: Context, kind: ChangeKind, node_id: UUID) -> Asked:
    node = await node_seen(ctx, node_id, GridRight.REDIVIDE)
    check_present(node)
    if node.parent_id is None and kind is not ChangeKind.RENAME:
        raise NotFound
    return Asked(kind, node, await below(ctx, node.id))


def _meant(values: dict[str, Any], asked: Asked) -> Any:
    return meant(values, asked.kind, asked.node.id, [child.id for child in asked.children])


async def _step(ctx: Context, request: AnyRequest, asked: Asked) -> Response[Any]:
    """The first sending shows what would become of it; the second, from that page, does it."""
    values = await typed(request)
    step = values.pop(_STEP, "")
    if step == "edit":
        return await _form(ctx, asked, values=values)
    if step == "do" and (first := await once(ctx, request)):
        return done(request, first)
    try:
        command, form = _meant(values, asked)
        if step != "do":
            plan = await preview(ctx, command, effective_on=form.effective_on)
            return await _confirm(ctx, asked, plan, values, on=form.effective_on)
        outcome = await redivide(
            ctx, command, effective_on=form.effective_on, document=form.document
        )
    except (Invalid, Conflict) as fault:
        fields = faults_of(fault, otherwise="effective_on")
        return await _form(ctx, asked, values=values, errors=fields, status_code=fault.status)
    to, said = _led_to(ctx, request, outcome)
    return await done_once(ctx, request, to, said=said)


def _led_to(ctx: Context, request: AnyRequest, outcome: Outcome) -> tuple[str, str]:
    if outcome.state is ChangeState.PLANNED:
        to = url_of(ctx, request, "redivision")
        return to, "已列入计划，到生效那天自动调整；在那之前可以撤回。"
    to = url_of(ctx, request, "node", node_id=outcome.nodes[0])
    return to, "网格已经调整，事件和权限已经跟着归位。"


async def _form(
    ctx: Context,
    asked: Asked,
    *,
    values: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None,
    status_code: int = 200,
) -> Page:
    drawn = await boundary_of(ctx, asked.node.id) is not None
    given = values or {}
    return page(
        ctx,
        f"grid/{asked.kind}.html",
        status_code=status_code,
        node=asked.node,
        children=asked.children,
        crumbs=await crumbs(ctx, asked.node),
        drawn=drawn,
        beside=await brothers_of(ctx, asked.node) if asked.kind is ChangeKind.MERGE else [],
        parents=await parents_for(ctx, asked.node) if asked.kind is ChangeKind.MOVE else [],
        values={"effective_on": ctx.today.isoformat()} | given,
        errors=_unchosen(asked, given, drawn=drawn) | errors if errors else {},
    )


def _unchosen(asked: Asked, values: dict[str, Any], *, drawn: bool) -> dict[str, str]:
    """What was not picked, told with the fields that were left empty: nobody mends a form twice."""
    if asked.kind is ChangeKind.MERGE and not values.get("others"):
        return {"others": "请至少再选一个要并进来的。"}
    if asked.kind is not ChangeKind.SPLIT:
        return {}
    if asked.children:
        return {} if values.get("going") else {"children": "两边都至少要有一个下级。"}
    ends = ("lon1", "lat1", "lon2", "lat2")
    if not drawn or all(values.get(end) for end in ends):
        return {}
    return {"line": "请在地图上点两个点，画出分界线。"}


async def _confirm(
    ctx: Context, asked: Asked, plan: Plan, values: dict[str, Any], *, on: date
) -> Page:
    return page(
        ctx,
        "grid/confirm.html",
        kind=asked.kind,
        node=asked.node,
        plan=plan,
        crumbs=await crumbs(ctx, asked.node),
        on=on,
        ahead=on > ctx.today,
        pairs=_pairs(values),
        typed=dict(_pairs(values)),
        drawn=any(made.boundary for made in plan.made),
        recoded=any(moved.code != moved.old_code for moved in plan.moved),
        place=await _new_place(ctx, plan),
    )


async def _new_place(ctx: Context, plan: Plan) -> str:
    """Where a moved node will lie, in words."""
    if plan.kind is not ChangeKind.MOVE:
        return ""
    names = await names_at(ctx, [parent_path(plan.moved[0].path)])
    return " · ".join(names[path] for path in sorted(names)[1:])


def _pairs(values: dict[str, Any]) -> list[tuple[str, str]]:
    """The typed values as fields of a form; those of the shell come by themselves."""
    return [
        (name, text)
        for name, value in values.items()
        if not name.startswith("_")
        for text in _texts(value)
    ]


def _texts(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _features(plan: Plan) -> list[dict[str, Any]]:
    return [
        {
            "type": "Feature",
            "properties": {"name": made.name, "words": made.code, "grade": place},
            "geometry": made.boundary,
        }
        for place, made in enumerate(plan.made, start=1)
        if made.boundary is not None
    ]
