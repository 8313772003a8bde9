"""Who is honoured for what: the story, and no points."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.assessment.actions.honouring import (
    answer_nomination,
    decide_nomination,
    nominate,
    withdraw_consent,
)
from gridgov.assessment.queries import honours as queries
from gridgov.assessment.queries.places import places_to_name
from gridgov.assessment.queries.reviews import leads
from gridgov.assessment.types import AssessmentRight
from gridgov.context import Context
from gridgov.kernel.errors import Invalid
from gridgov.web.forms import read, typed
from gridgov.web.guard import Ctx
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import AnyRequest, url_of


class Nominating(msgspec.Struct):
    """The form of a nomination."""

    honour: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    node: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    post: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    story: Annotated[str, msgspec.Meta(min_length=20, max_length=2000)]


class Answering(msgspec.Struct):
    """What the nominated person says, or who decides."""

    answer: Annotated[str, msgspec.Meta(pattern="^(yes|no|withdraw)$")]


class Honours(Controller):
    """Stories of people who did well, told with their consent."""

    path = "/{tenant:str}/honours"

    @get("/", name="honours", permission=AssessmentRight.READ)
    async def list(self, ctx: Ctx) -> Page:
        """What is published, what waits for somebody here, and the form."""
        return await _list(ctx)

    @post("/", permission=AssessmentRight.NOMINATE)
    async def nominate(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """Nominate somebody."""
        if first := await once(ctx, request):
            return done(request, first)
        try:
            given = await read(request, Nominating)
            await nominate(ctx, given.honour, node=given.node, post=given.post, story=given.story)
        except Invalid as fault:
            return await _list(ctx, values=await typed(request), errors=fault.fields)
        to = url_of(ctx, request, "honours")
        return await done_once(
            ctx, request, to, said="已提名。先问本人愿不愿意，同意以后才会公布。"
        )

    @post("/{nomination_id:uuid}", name="honour_answer", permission=AssessmentRight.READ)
    async def answer(
        self, ctx: Ctx, request: AnyRequest, nomination_id: FromPath[UUID]
    ) -> Response[Any]:
        """The nominated person's own word."""
        given = await read(request, Answering)
        if given.answer == "withdraw":
            await withdraw_consent(ctx, nomination_id)
            said = "已撤回同意，不再显示。"
        else:
            await answer_nomination(ctx, nomination_id, agree=given.answer == "yes")
            said = "谢谢，等中心公布。" if given.answer == "yes" else "好的，不会公布。"
        return done(request, url_of(ctx, request, "honours"), said=said)

    @post("/{nomination_id:uuid}/decide", name="honour_decide", permission=AssessmentRight.LEAD)
    async def decide(
        self, ctx: Ctx, request: AnyRequest, nomination_id: FromPath[UUID]
    ) -> Response[Any]:
        """Publish it, or leave it."""
        given = await read(request, Answering)
        publish = given.answer == "yes"
        await decide_nomination(ctx, nomination_id, publish=publish)
        said = "已公布。" if publish else "没有公布，已告诉本人。"
        return done(request, url_of(ctx, request, "honours"), said=said)


async def _list(
    ctx: Context,
    *,
    values: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None,
) -> Page:
    leading = await leads(ctx)
    rows = await queries.nominations(ctx, leading=leading)
    return page(
        ctx,
        "assessment/honours.html",
        status_code=422 if errors else 200,
        rows=rows,
        most=queries.MOST_SHOWN,
        leading=leading,
        offered=ctx.policy.county.honours,
        names={honour.code: honour.name for honour in ctx.policy.ever.honours},
        posts=ctx.policy.posts,
        places=await places_to_name(ctx, AssessmentRight.NOMINATE),
        post_names=ctx.policy.posts_ever,
        may_nominate=ctx.actor.may(AssessmentRight.NOMINATE),
        values=values or {},
        errors=errors or {},
    )
