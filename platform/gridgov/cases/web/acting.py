"""One page for every action: its form is drawn from what the county declares."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from gridgov.cases.actions.performing import Offered, allowed_actions, perform
from gridgov.cases.queries.records import card_of
from gridgov.cases.queries.routing import suggestions_for
from gridgov.cases.types import CaseRight
from gridgov.context import Context
from gridgov.contract.declarations import Action, Field
from gridgov.files.actions import accept_photo
from gridgov.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from gridgov.staff.queries.departments import departments_open
from gridgov.web.forms import typed, uploads
from gridgov.web.guard import Ctx
from gridgov.web.once import once, remember
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import Urls

AnyRequest = Request[Any, Any, Any]
VERSION: Final = "version"


class Acting(Controller):
    """What can be done to a case, one form each."""

    path = "/{tenant:str}/cases/{case_id:uuid}/do/{action:str}"

    @get("/", name="case_action", permission=CaseRight.READ)
    async def ask(self, ctx: Ctx, case_id: FromPath[UUID], action: FromPath[str]) -> Page:
        """The form of one action, if it may be done now."""
        offered = await allowed_actions(ctx, case_id)
        return await _form(ctx, case_id, _chosen(offered, action), offered.version)

    @post("/", name="case_act", permission=CaseRight.READ)
    async def act(
        self, ctx: Ctx, request: AnyRequest, case_id: FromPath[UUID], action: FromPath[str]
    ) -> Response[Any]:
        """Do it."""
        if first := await once(ctx, request):
            return done(request, first)
        values = await typed(request)
        try:
            given = await _given(ctx, request, values)
            performed = await perform(
                ctx, case_id, action, given, expected_version=_version(values)
            )
        except Invalid as fault:
            offered = await allowed_actions(ctx, case_id)
            chosen = _chosen(offered, action)
            return await _form(
                ctx, case_id, chosen, offered.version, values=values, errors=fault.fields
            )
        urls: Urls = request.app.state.urls
        to = urls.url(ctx.tenant.slug, "case", case_id=case_id)
        await remember(ctx, request, to)
        return done(request, to, said=performed.said)


async def _given(ctx: Context, request: AnyRequest, values: dict[str, Any]) -> dict[str, Any]:
    photos = [await accept_photo(ctx, data) for data in await uploads(request, "photos")]
    return {**values, "photos": [photo.id for photo in photos]}


def _version(values: dict[str, Any]) -> int | None:
    given = str(values.get(VERSION, ""))
    return int(given) if given.isdecimal() else None


def _chosen(offered: Offered, code: str) -> Action:
    """The action if it is offered; else the reason why not, as the engine would say it."""
    for action in offered.actions:
        if action.code == code:
            return action
    known = {action.code: action for action in offered.kind.actions}
    if code not in known:
        raise NotFound
    state = next(s.name for s in offered.kind.states if s.code == offered.state)
    if offered.state in known[code].before:
        raise NotAllowed("现在不能{action}：你的岗位没有这项权限，或者条件还不满足。",
                         action=known[code].name)  # fmt: skip
    raise Conflict("这件事现在是“{state}”，不能{action}。", state=state, action=known[code].name)


async def _form(
    ctx: Context,
    case_id: UUID,
    action: Action,
    version: int,
    *,
    values: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None,
) -> Page:
    kinds = {field.kind for field in action.fields}
    departments: Sequence[Any] = ()
    suggested: Sequence[Any] = ()
    if "departments" in kinds:
        departments = await departments_open(ctx)
        suggested = await suggestions_for(ctx, case_id)
    values = dict(values or {})
    if suggested and "departments" not in values:
        values["departments"] = [str(one.department_id) for one in suggested[:1] if one.sure]
    return page(
        ctx,
        "cases/act.html",
        status_code=422 if errors else 200,
        case=await card_of(ctx, case_id),
        action=action,
        version=version,
        departments=departments,
        suggested=suggested,
        categories=_categories(ctx) if "category" in kinds else (),
        urgencies=[(u.code, u.name) for u in ctx.policy.county.urgencies],
        values=values,
        errors=errors or {},
        many={field.code for field in action.fields if _several(field)},
    )


def _several(field: Field) -> bool:
    return field.kind in {"departments", "photos"}


def _categories(ctx: Context) -> list[tuple[str, str, str]]:
    known = ctx.policy.categories
    return [
        (category.code, category.name, known[category.parent].name)
        for category in ctx.policy.county.categories
        if category.parent
    ]
