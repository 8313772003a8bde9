"""One page for every action: its form is drawn from what the county declares."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.cases.actions.act import asking_of
from gridgov.cases.actions.performing import perform
from gridgov.cases.queries.choosing import categories
from gridgov.cases.queries.places import near_case
from gridgov.cases.queries.record import case_by_code
from gridgov.cases.queries.routing import Suggestion
from gridgov.cases.queries.situations import situation_of
from gridgov.cases.queries.suggesting import suggested_for
from gridgov.cases.rules.guards import decided_by
from gridgov.cases.rules.lights import light_of
from gridgov.cases.rules.moves import action_of, refusal
from gridgov.cases.types import CaseRight, Head, Light, Situation
from gridgov.cases.web.looking import ORIGINS
from gridgov.cases.web.showing import kind_of, light_code, state_name
from gridgov.context import Context
from gridgov.contract.declarations import Action, Field
from gridgov.files.actions import accept_photo
from gridgov.kernel.errors import Conflict, Invalid, NotFound, TooLarge
from gridgov.kernel.sentences import Sentence
from gridgov.policy import Fault
from gridgov.web.forms import faults_of, typed, uploads
from gridgov.web.guard import Ctx
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import AnyRequest, url_of

VERSION: Final = "version"
BACK: Final = {"dispatch_desk", "requests", "cases"}
"""The lists that an action may lead back to."""


class Acting(Controller):
    """What can be done to a case, one form each."""

    path = "/{tenant:str}/cases/{case_id:uuid}/do/{action:str}"

    @get("/", name="case_action", permission=CaseRight.READ)
    async def ask(
        self, ctx: Ctx, request: AnyRequest, case_id: FromPath[UUID], action: FromPath[str]
    ) -> Page:
        """The form of one action, if it may be done now; else why not."""
        case = await situation_of(ctx, case_id)
        chosen = _chosen(ctx, case, action)
        values = {"case": request.query_params.get("case", "")}
        return await _form(ctx, case, chosen, values=values)

    @post("/", name="case_act", permission=CaseRight.READ)
    async def act(
        self, ctx: Ctx, request: AnyRequest, case_id: FromPath[UUID], action: FromPath[str]
    ) -> Response[Any]:
        """Do it."""
        if first := await once(ctx, request):
            return done(request, first)
        values = await typed(request)
        version = _version(values.get(VERSION) or request.query_params.get(VERSION))
        try:
            given = await _given(ctx, request, values)
            performed = await perform(ctx, case_id, action, given, expected_version=version)
        except (Invalid, TooLarge) as fault:
            errors = faults_of(fault, otherwise="photos")
            case = await situation_of(ctx, case_id)
            return await _form(ctx, case, _chosen(ctx, case, action), values=values, errors=errors)
        except Conflict as conflict:
            return await _overtaken(ctx, case_id, action, values=values, conflict=conflict)
        to = _next(
            ctx,
            request,
            case_id=case_id,
            action=performed.action,
            back=str(values.get("back", "")),
        )
        return await done_once(ctx, request, to, said=performed.said)


def _next(ctx: Context, request: AnyRequest, *, case_id: UUID, action: Action, back: str) -> str:
    if back in BACK:
        return url_of(ctx, request, back)
    did = action.code if action.undone_by else None
    return url_of(ctx, request, "case", case_id=case_id, did=did)


async def _given(ctx: Context, request: AnyRequest, values: dict[str, Any]) -> dict[str, Any]:
    """What was typed; photos are taken in, a case may be named by its code."""
    photos = [await accept_photo(ctx, data) for data in await uploads(request, "photos")]
    given = {**values, "photos": [photo.id for photo in photos]}
    other = str(values.get("case", "")).strip()
    if other and "-" not in other:
        try:
            given["case"] = await case_by_code(ctx, other)
        except NotFound as error:
            raise Invalid(fields={"case": "没有这个编号，请核对。"}) from error
    return given


def _version(given: Any) -> int | None:
    text = str(given or "")
    return int(text) if text.isdecimal() and len(text) <= 9 else None  # noqa: PLR2004


def _chosen(ctx: Context, case: Situation, code: str) -> Action:
    """The action if it may be done now; else the refusal, as the engine would say it."""
    asking = asking_of(ctx, case)
    action = action_of(asking.kind, code)
    refused = refusal(asking, action)
    if refused is not None:
        raise refused
    return action


async def _overtaken(
    ctx: Context, case_id: UUID, code: str, *, values: dict[str, Any], conflict: Conflict
) -> Page:
    """Somebody was quicker: say who did what, keep what was typed, offer what still goes."""
    case = await situation_of(ctx, case_id)
    asking = asking_of(ctx, case)
    action = action_of(asking.kind, code)
    if refusal(asking, action) is None:
        return await _form(ctx, case, action, values=values, conflict=conflict)
    kept = [
        (field.label, values[field.code])
        for field in action.fields
        if isinstance(values.get(field.code), str) and values[field.code]
        if field.kind in {"text", "long_text"}
    ]
    return page(
        ctx,
        "cases/conflict.html",
        status_code=409,
        case=card(ctx, case.head),
        action=action,
        conflict=conflict,
        kept=kept,
    )


def card(ctx: Context, head: Head) -> dict[str, Any]:
    """The few words by which a case is known again above a form."""
    asked = kind_of(ctx, head.kind, head.kind_version)
    return {
        "id": head.id,
        "kind": head.kind,
        "code": head.code,
        "title": head.title,
        "place": head.place,
        "state": state_name(ctx, asked.code, asked.version, head.state),
        "light": light_code(_light(head, ctx), head.ends),
        "due": None if head.ends else head.due_at,
        "origin": ORIGINS.get(head.origin, ""),
    }


def _light(head: Head, ctx: Context) -> Light:
    return light_of(
        head.due_at,
        head.yellow_at,
        paused=head.paused_at is not None,
        ended=bool(head.ends),
        now=ctx.now,
    )


async def _form(
    ctx: Context,
    case: Situation,
    action: Action,
    *,
    values: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None,
    conflict: Conflict | None = None,
) -> Page:
    kinds = {field.kind for field in action.fields}
    chosen = Choices()
    filled = {name: value for name, value in (values or {}).items() if value}
    if "departments" in kinds:
        chosen = await choices(ctx, case)
        if chosen.suggested and chosen.suggested[0].sure and not (errors or conflict):
            filled.setdefault("departments", [str(chosen.suggested[0].department_id)])
        if isinstance(filled.get("departments"), str):
            filled["departments"] = [filled["departments"]]
    return page(
        ctx,
        "cases/act.html",
        status_code=422 if errors else 409 if conflict else 200,
        case=card(ctx, case.head),
        action=action,
        asked=decided_by(asking_of(ctx, case), action),
        at_version=case.head.version,
        departments=chosen.departments,
        suggested=chosen.suggested,
        faults=chosen.faults,
        near=await near_case(ctx, case.head.id) if "case" in kinds else (),
        categories=categories(ctx) if "category" in kinds else (),
        urgencies=[(u.code, u.name) for u in ctx.policy.county.urgencies],
        values=filled,
        errors=errors or {},
        conflict=conflict,
        files=any(_is_file(field) for field in action.fields),
    )


@dataclass(frozen=True, slots=True)
class Choices:
    """The departments to tick (id, name, load), those that fit first, and what is suggested."""

    departments: Sequence[tuple[str, str, str]] = ()
    suggested: Sequence[Suggestion] = ()
    faults: Sequence[Fault] = ()


async def choices(ctx: Context, case: Situation) -> Choices:
    """For the form that dispatches the case: without those that have it already."""
    found = await suggested_for(ctx, case.head)
    busy = {part.department_id for part in case.parts if part.open}
    suggested = [one for one in found.best if one.department_id not in busy]
    order = {one.department_id: place for place, one in enumerate(suggested)}
    free = [one for one in found.departments if one.id not in busy]
    free.sort(key=lambda one: order.get(one.id, len(order)))
    return Choices(
        [(str(one.id), one.name, Sentence("手上 {n} 件", n=one.open_cases)) for one in free],
        suggested,
        found.faults,
    )


def _is_file(field: Field) -> bool:
    return field.kind == "photos"
