"""Following one's own case: these pages tell nothing to a guesser."""

from typing import Annotated, Any, Final

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.cases.actions.performing import allowed_actions, perform
from gridgov.cases.rules.lights import light_of
from gridgov.cases.rules.moves import TOLD_TO_REPORTER
from gridgov.cases.rules.steps import steps_of
from gridgov.context import Context
from gridgov.kernel.errors import Invalid, NotFound
from gridgov.portal import actions, queries
from gridgov.portal.types import Ticket
from gridgov.portal.web.counting import count
from gridgov.web.csrf import cookie, cookie_name
from gridgov.web.forms import read, typed
from gridgov.web.guard import Ctx
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import PUBLIC, AnyRequest, url_of

TICKET: Final = "ticket"
_GUESSES: Final = 10


class Key(msgspec.Struct):
    """What opens one's own case."""

    code: Annotated[str, msgspec.Meta(max_length=30)]
    key: Annotated[str, msgspec.Meta(max_length=8)]


class Tracking(Controller):
    """Following one's own case."""

    path = "/{tenant:str}/track"

    @get("/", name="track", permission=PUBLIC)
    async def form(self, ctx: Ctx, request: AnyRequest) -> Page:
        """Asking for the code and the key."""
        values = {"code": request.query_params.get("code", "")}
        return page(ctx, "portal/track.html", values=values, errors={})

    @post("/", name="track_open", permission=PUBLIC)
    async def open(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """Open the page of one's own case for half an hour."""
        values = await typed(request)
        try:
            given = await read(request, Key)
            await count(ctx, request, "track", _GUESSES, also=given.code)
            ticket = await actions.open_case(ctx, given.code.strip(), given.key.strip())
        except Invalid as fault:
            shown = {"code": values.get("code", "")}
            return page(
                ctx, "portal/track.html", status_code=422, values=shown, errors=fault.fields
            )
        carried = cookie(
            request.app.state.settings,
            TICKET,
            actions.seal(ctx, ticket),
            max_age=int(actions.OPEN_FOR.total_seconds()),
        )
        return done(request, url_of(ctx, request, "tracked"), cookies=[carried])

    @get("/case", name="tracked", permission=PUBLIC)
    async def case(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """The case: state, light in words, answer, and what its reporter may do."""
        try:
            return await _case(ctx, _ticket(ctx, request))
        except NotFound:
            return done(request, url_of(ctx, request, "track"))

    @post("/case/{action:str}", name="tracked_act", permission=PUBLIC)
    async def act(self, ctx: Ctx, request: AnyRequest, action: FromPath[str]) -> Response[Any]:
        """Rate it, or ask for it to be opened again."""
        if first := await once(ctx, request):
            return done(request, first)
        ticket = _ticket(ctx, request)
        values = await typed(request)
        try:
            performed = await perform(
                ctx, ticket.case_id, action, values, teller=ticket.reporter_id
            )
        except Invalid as fault:
            return await _case(ctx, ticket, values=values, errors=fault.fields)
        to = url_of(ctx, request, "tracked")
        return await done_once(ctx, request, to, said=performed.said)


async def _case(
    ctx: Context,
    ticket: Ticket,
    *,
    values: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None,
) -> Page:
    case = await queries.followed_case(ctx, ticket.case_id)
    if case is None:
        raise NotFound
    offered = await allowed_actions(ctx, ticket.case_id, teller=ticket.reporter_id)
    kind = ctx.policy.kinds[(case.kind, case.kind_version)]
    state = next(one for one in kind.states if one.code == case.state)
    return page(
        ctx,
        "portal/tracked.html",
        status_code=422 if errors else 200,
        case=case,
        light=light_of(
            case.due_at,
            case.yellow_at,
            paused=case.paused_at is not None,
            ended=bool(case.ends),
            now=ctx.now,
        ),
        state=state,
        category=ctx.policy.categories_ever[case.category].name,
        steps=steps_of(kind, state),
        told={a.code for a in kind.actions if a.effect in TOLD_TO_REPORTER},
        story=await queries.public_steps(ctx, case.id),
        names={action.code: action.name for action in kind.actions},
        actions=offered.actions,
        values=values or {},
        errors=errors or {},
    )


def _ticket(ctx: Context, request: AnyRequest) -> Ticket:
    word = request.cookies.get(cookie_name(request.app.state.settings, TICKET), "")
    return actions.valid(ctx, actions.unseal(ctx, word, Ticket))
