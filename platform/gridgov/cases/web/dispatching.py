"""The dispatch desk: what has been filed at my desk, with a department suggested for each."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.cases.actions.performing import perform
from gridgov.cases.queries.routing import Suggestion
from gridgov.cases.queries.situations import situation_of
from gridgov.cases.queries.suggesting import Router, router
from gridgov.cases.queries.tallies import lights_among
from gridgov.cases.queries.units import Units, units
from gridgov.cases.queries.worklist import (
    OPEN,
    PAGE,
    CaseFilter,
    CaseRow,
    Order,
    Worklist,
    worklist,
)
from gridgov.cases.types import CaseRight, Light, Situation
from gridgov.cases.web.acting import choices
from gridgov.cases.web.looking import looked_at
from gridgov.cases.web.recording import photos
from gridgov.cases.web.showing import Row, kind_of, shown
from gridgov.context import Context
from gridgov.contract.declarations import Action, CaseKind
from gridgov.kernel.errors import Refusal
from gridgov.kernel.sentences import Sentence
from gridgov.web.forms import typed
from gridgov.web.guard import Ctx
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done, page, piece
from gridgov.web.urls import AnyRequest, url_of

EFFECT: Final = "dispatch"


class DispatchDesk(Controller):
    """Cases that wait to be handed to a department."""

    path = "/{tenant:str}/dispatch"

    @get("/", name="dispatch_desk", permission=CaseRight.DISPATCH)
    async def desk(self, ctx: Ctx, request: AnyRequest) -> Page:
        """The queue, the soonest due first."""
        params = request.query_params
        light = params.get("light", "")
        chosen = Light(light) if light in set(Light) else None
        below = "1" if params.get("below") else None
        after = str(params.get("after", ""))
        found = await worklist(ctx, _waiting(ctx, chosen, below=bool(below)), after)
        asked = await router(ctx, {row.category for row in found.rows})
        known = await units(ctx, [row.node_path for row in found.rows])
        counts = await lights_among(ctx, _waiting(ctx, below=bool(below)))
        rows = _rows(ctx, request, found, known=known, asked=asked)
        older = (
            url_of(
                ctx, request, "dispatch_desk", light=light or None, below=below, after=found.next
            )
            if found.next
            else ""
        )
        return page(
            ctx,
            "cases/dispatch.html",
            rows=rows,
            faults=list(asked.faults.values()),
            lights=_lights(ctx, request, counts, light=light, below=below),
            below=below,
            total=sum(counts.values()),
            older=older,
            first=url_of(ctx, request, "dispatch_desk")
            if request.query_params.get("after")
            else "",
        )

    @get("/preview/{case_id:uuid}", name="dispatch_preview", permission=CaseRight.DISPATCH)
    async def preview(self, ctx: Ctx, request: AnyRequest, case_id: FromPath[UUID]) -> Page:
        """One case beside the queue, with the departments to hand it to."""
        values = await looked_at(ctx, request, case_id)
        case = values["record"].situation
        actions = _dispatching(values["kind"])
        action = next((a for a in actions if case.head.state in a.before), None)
        chosen = await choices(ctx, case)
        best = next((one for one in chosen.suggested if one.sure), None)
        return piece(
            ctx,
            "cases/_dispatch.html",
            **values,
            action=action,
            departments=chosen.departments,
            suggested=chosen.suggested,
            faults=chosen.faults,
            values={"departments": [str(best.department_id)] if best else []},
            photos=await photos(ctx, request, case_id),
        )

    @post("/batch", name="dispatch_batch", permission=CaseRight.DISPATCH)
    async def batch(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """Hand every ticked case to its suggested department, where the suggestion is sure."""
        if first := await once(ctx, request):
            return done(request, first)
        values = await typed(request)
        sent, left = await _dispatch_all(ctx, _ids(values.get("ids", "")))
        to = url_of(ctx, request, "dispatch_desk")
        return await done_once(ctx, request, to, said=_in_words(sent, left))


def _in_words(sent: int, left: int) -> str:
    if not sent:
        return Sentence("一件也没有派出：{n} 件没有把握的推荐，请逐件看。", n=left)
    if left:
        return Sentence("已派出 {n} 件。还有 {left} 件没有把握，请逐件看。", n=sent, left=left)
    return Sentence("已派出 {n} 件。", n=sent)


async def _dispatch_all(ctx: Context, ids: list[UUID]) -> tuple[int, int]:
    """How many were handed over, and how many left. A refusal comes before anything is written."""
    cases: list[Situation] = []
    for case_id in ids[:PAGE]:
        try:
            cases.append(await situation_of(ctx, case_id))
        except Refusal:
            continue
    asked = await router(ctx, {case.head.category for case in cases})
    known = await units(ctx, [case.head.node_path for case in cases])
    sent = 0
    for case in cases:
        head = case.head
        unit = known.by_path.get(head.node_path)
        area = unit.area if unit else ""
        suggested = asked.suggest(
            head.category, head.urgency, head.node_path, area, began=head.opened_at
        )
        kind = kind_of(ctx, head.kind, head.kind_version)
        action = next((a for a in _dispatching(kind) if head.state in a.before and a.to), None)
        if action is None or not suggested or not suggested[0].sure:
            continue
        fields = {"departments": [str(suggested[0].department_id)]}
        try:
            await perform(ctx, head.id, action.code, fields, expected_version=head.version)
        except Refusal:
            continue
        sent += 1
    return sent, len(ids) - sent


def _ids(given: Sequence[str] | str) -> list[UUID]:
    """What was ticked; one tick comes alone."""
    found: list[UUID] = []
    for text in [given] if isinstance(given, str) else given:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


def _dispatching(*kinds: CaseKind) -> list[Action]:
    """The actions that dispatch, those that move the case first."""
    found = [action for kind in kinds for action in kind.actions if action.effect == EFFECT]
    return sorted(found, key=lambda action: not action.to)


def _waiting(ctx: Context, light: Light | None = None, *, below: bool = False) -> CaseFilter:
    """In a state from which it can be dispatched: at a desk of mine, or also at those below."""
    actions = _dispatching(*ctx.policy.ever.case_kinds)
    states = dict.fromkeys(s for action in actions if action.to for s in action.before)
    return CaseFilter(states=tuple(states), mine=not below, ends=OPEN, light=light, order=Order.DUE)


def _rows(
    ctx: Context, request: AnyRequest, found: Worklist, *, known: Units, asked: Router
) -> list[tuple[Row, Suggestion | None, str]]:
    lines = shown(ctx, request, found.rows, known=known, departments={})
    return [
        (line, _best(asked, row, known), url_of(ctx, request, "dispatch_preview", case_id=row.id))
        for row, line in zip(found.rows, lines, strict=True)
    ]


def _best(asked: Router, row: CaseRow, known: Units) -> Suggestion | None:
    unit = known.by_path.get(row.node_path)
    area = unit.area if unit else ""
    suggested = asked.suggest(row.category, row.urgency, row.node_path, area, began=row.opened_at)
    return suggested[0] if suggested else None


def _lights(
    ctx: Context, request: AnyRequest, counts: dict[str, int], *, light: str, below: str | None
) -> list[dict[str, Any]]:
    return [
        {
            "light": code,
            "url": url_of(ctx, request, "dispatch_desk", light=code or None, below=below),
            "count": counts.get(code, 0) if code else sum(counts.values()),
            "current": light == code,
        }
        for code in ("", *_LIT)
        if not code or counts.get(code) or light == code
    ]


_LIT: Final = (Light.RED, Light.YELLOW, Light.GREEN, Light.PAUSED)
