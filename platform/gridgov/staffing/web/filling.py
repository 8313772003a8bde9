"""Filling a post without leaving the list of gaps."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.context import Context
from gridgov.grid.queries.nodes import line_of, node_seen
from gridgov.grid.types import NodeRow
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.kernel.sentences import N_, Sentence, joined
from gridgov.staff import queries as staff
from gridgov.staff.actions import appoint_post
from gridgov.staff.rules import is_free
from gridgov.staff.types import PersonRow, StaffRight
from gridgov.staffing.queries.gaps import filled_at, needs
from gridgov.web.forms import faults_of, read, typed
from gridgov.web.guard import Ctx
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import AnyRequest, url_of

MOST_CANDIDATES: Final = 12
EMPLOYMENTS: Final = {"full_time": N_("专职"), "part_time": N_("兼职"), "official": N_("在编")}


class Filling(msgspec.Struct):
    """The form that fills a gap. ``other`` is a number, or a name that only one has."""

    valid_from: date
    person: Annotated[str, msgspec.Meta(max_length=60)] = ""
    other: Annotated[str, msgspec.Meta(max_length=60)] = ""
    valid_to: date | None = None
    acting: str = ""


class Fillings(Controller):
    """Somebody for a post that is vacant."""

    path = "/{tenant:str}/staffing"

    @get("/gaps/{node_id:uuid}/{post:str}", name="staffing_fill", permission=StaffRight.APPOINT)
    async def ask_who(self, ctx: Ctx, node_id: FromPath[UUID], post: FromPath[str]) -> Page:
        """Who could take the post, nearest first."""
        return await _who(ctx, await _unit(ctx, node_id), post)

    @post("/gaps/{node_id:uuid}/{post:str}", name="staffing_filled", permission=StaffRight.APPOINT)
    async def fill(
        self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID], post: FromPath[str]
    ) -> Response[Any]:
        """Give somebody the post."""
        if first := await once(ctx, request):
            return done(request, first)
        node = await _unit(ctx, node_id)
        try:
            asked = await read(request, Filling)
            person = await _person_meant(
                ctx, asked.other or asked.person, _employment(ctx, node, post)
            )
            await appoint_post(
                ctx,
                person.id,
                node_id=node.id,
                post=post,
                valid_from=asked.valid_from,
                valid_to=asked.valid_to,
                acting=bool(asked.acting),
            )
        except (Invalid, Conflict) as fault:
            return await _who(ctx, node, post, values=await typed(request), fault=fault)
        line = await line_of(ctx, node.path)
        to = url_of(ctx, request, "staffing_gaps", node=line[-2:][0].code)
        return await done_once(
            ctx, request, to, said="已任职，这一处缺岗补上了。权限需要的话请安全管理员另行授予。"
        )


async def _unit(ctx: Context, node_id: UUID) -> NodeRow:
    node = await node_seen(ctx, node_id)
    if not ctx.actor.may(StaffRight.APPOINT, path=node.path):
        raise NotFound
    return node


def _employment(ctx: Context, node: NodeRow, post: str) -> str:
    """How the standard wants the holder employed here; empty where it does not say."""
    return next(
        (
            need.employment
            for need in needs(ctx)
            if need.post == post and need.on(node.level, node.area_type)
        ),
        "",
    )


async def _person_meant(ctx: Context, words: str, employment: str) -> PersonRow:
    """The person with this number, or with this name if there is only one."""
    if not words.strip():
        raise Invalid(fields={"person": "请选一个人，或者填工号。"})
    found = [
        one
        for one in await staff.people(ctx, words=words)
        if words.strip().lower() in {one.number.lower(), one.name.lower()}
    ]
    if len(found) != 1:
        raise Invalid(
            fields={
                "other": "有几个人叫这个名字，请改填工号。"
                if found
                else "没有这个人，请填工号或完整姓名。"
            }
        )
    (person,) = found
    if employment and person.employment != employment:
        raise Invalid(
            fields={"other": "这里按标准要配{wanted}人员，{name}不是。"},
            wanted=EMPLOYMENTS[employment],
            name=person.name,
        )
    return person


async def _who(
    ctx: Context,
    node: NodeRow,
    post: str,
    *,
    values: dict[str, Any] | None = None,
    fault: Invalid | Conflict | None = None,
) -> Page:
    declared = ctx.policy.posts.get(post)
    if declared is None or node.level not in declared.levels:
        raise NotFound
    employment = _employment(ctx, node, post)
    filled, there = await filled_at(ctx, node)
    line = await line_of(ctx, node.path)
    near = await staff.people(ctx, path=line[-2].path if len(line) > 1 else node.path)
    busy = {one.staff_id for one in there if one.post == post}
    duties = await staff.duties_of(ctx, [one.id for one in near])
    candidates = [
        one
        for one in near
        if one.id not in busy
        and employment in {"", one.employment}
        and is_free(one.employment, duties.get(one.id, []))
    ][:MOST_CANDIDATES]
    return page(
        ctx,
        "staffing/fill.html",
        status_code=fault.status if fault else 200,
        node=node,
        line=line,
        post=declared,
        posts=ctx.policy.posts,
        need=next((one for one in filled if one.need.post == post), None),
        employment=EMPLOYMENTS.get(employment, ""),
        candidates=[
            (one.number, one.name, _serves(ctx, duties.get(one.id, []))) for one in candidates
        ],
        values={"valid_from": ctx.today.isoformat()} | (values or {}),
        errors=_errors(fault, "other" if values and values.get("other") else "person"),
    )


def _errors(fault: Invalid | Conflict | None, asked: str) -> dict[str, str]:
    """Beside the field that was filled in: ``asked`` is where the person was named."""
    faults = faults_of(fault, otherwise="person")
    return {asked if name == "person" else name: words for name, words in faults.items()}


def _serves(ctx: Context, duties: Sequence[Any]) -> str:
    posts = ctx.policy.posts
    return joined(
        Sentence(
            "{post}（{place}）",
            post=posts[held.post].name if held.post in posts else held.post,
            place=held.node_name,
        )
        for held in duties[:2]
    )
