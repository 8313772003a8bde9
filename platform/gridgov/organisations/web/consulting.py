"""Joint consultations about a case, on its page and as a form."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.cases.queries.situations import situation_of
from gridgov.cases.queries.suggesting import department_names
from gridgov.cases.types import CaseRight
from gridgov.context import Context
from gridgov.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from gridgov.kernel.sentences import N_
from gridgov.organisations.actions.consulting import consult
from gridgov.organisations.queries.meetings import consultations_on
from gridgov.organisations.types import OrganisationRight
from gridgov.organisations.web.meetings import kind_name, moment
from gridgov.web.forms import faults_of, read, typed
from gridgov.web.guard import Ctx
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done, page, part
from gridgov.web.slots import Slot
from gridgov.web.urls import AnyRequest, url_of

SLOTS = (Slot(page="case", route="case_consultations", title=N_("会商"), order=20),)


class Consulting(msgspec.Struct):
    """What was agreed, by whom."""

    at: Annotated[str, msgspec.Meta(max_length=30)]
    conclusion: Annotated[str, msgspec.Meta(max_length=300)] = ""
    next_step: Annotated[str, msgspec.Meta(max_length=120)] = ""
    departments: list[UUID] = []
    place: Annotated[str, msgspec.Meta(max_length=60)] = ""


class Consultations(Controller):
    """Meetings about one case."""

    path = "/{tenant:str}/cases/{case_id:uuid}/consultations"

    @get("/", name="case_consultations", permission=CaseRight.READ)
    async def piece(self, ctx: Ctx, request: AnyRequest, case_id: FromPath[UUID]) -> Page:
        """What was agreed so far, for the page of the case."""
        case = await situation_of(ctx, case_id)
        found = await consultations_on(ctx, case_id)
        return part(
            ctx,
            request,
            "organisations/_consultations.html",
            title=case.head.title,
            back=url_of(ctx, request, "case", case_id=case_id),
            case=case.head,
            meetings=found,
            names={one.kind: kind_name(ctx, one.kind) for one in found},
            calls=_calls(ctx),
            may_consult=not case.head.ends
            and ctx.actor.may(OrganisationRight.MEET, path=case.head.node_path)
            and ctx.actor.may(CaseRight.NOTE, path=case.head.node_path),
        )

    @get("/new", name="case_consult", permission=OrganisationRight.MEET)
    async def ask(self, ctx: Ctx, case_id: FromPath[UUID]) -> Page:
        """The form."""
        return await _form(ctx, case_id, {"at": f"{ctx.tenant.local(ctx.now):%Y-%m-%dT%H:%M}"})

    @post("/new", name="case_consulted", permission=OrganisationRight.MEET)
    async def keep(self, ctx: Ctx, request: AnyRequest, case_id: FromPath[UUID]) -> Response[Any]:
        """Keep it, and write its conclusion into the case's timeline."""
        if first := await once(ctx, request):
            return done(request, first)
        try:
            asked = await read(request, Consulting)
            await consult(
                ctx,
                case_id,
                at=moment(ctx, asked.at),
                departments=asked.departments,
                conclusion=asked.conclusion,
                next_step=asked.next_step,
                place=asked.place,
            )
        except (Invalid, Conflict, NotAllowed) as fault:
            errors = faults_of(fault, otherwise="conclusion")
            return await _form(ctx, case_id, await typed(request), errors)
        to = url_of(ctx, request, "case", case_id=case_id)
        return await done_once(ctx, request, to, said="会商结论已写进这件事的办理经过。")


def _calls(ctx: Context) -> str:
    """What the county calls a meeting about a case; empty where it has none."""
    return next((kind.name for kind in ctx.policy.county.meeting_kinds if kind.on_case), "")


async def _form(
    ctx: Context,
    case_id: UUID,
    values: dict[str, Any],
    errors: dict[str, str] | None = None,
) -> Page:
    case = await situation_of(ctx, case_id)
    if not _calls(ctx) or not ctx.actor.may(OrganisationRight.MEET, path=case.head.node_path):
        raise NotFound
    given = dict(values)
    if isinstance(given.get("departments"), str):
        given["departments"] = [given["departments"]]
    given.setdefault("departments", [str(part.department_id) for part in case.parts])
    return page(
        ctx,
        "organisations/consult.html",
        status_code=422 if errors else 200,
        case=case.head,
        calls=_calls(ctx),
        departments=await department_names(ctx),
        values=given,
        errors=errors or {},
    )
