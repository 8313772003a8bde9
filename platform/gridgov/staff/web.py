"""The county's people by place and name, and the posts that each holds."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.context import Context
from gridgov.contract.declarations import Post
from gridgov.grid.queries.nodes import line_of, node_by_code, node_seen, search
from gridgov.grid.types import GridRight, NodeRow
from gridgov.kernel import paging
from gridgov.kernel.errors import Conflict, Invalid, NotFound
from gridgov.kernel.masks import mask_name, mask_phone
from gridgov.kernel.sentences import joined
from gridgov.staff import actions, queries
from gridgov.staff.types import Holder, PersonRow, StaffRight
from gridgov.web.forms import faults_of, read, typed
from gridgov.web.guard import Ctx
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done, page, part
from gridgov.web.slots import Slot
from gridgov.web.urls import AnyRequest, url_of

SLOTS = (Slot(page="node", route="node_posts", title="岗位", order=10),)
_SENTENCE: Final = 60


class Appointment(msgspec.Struct):
    """The form of an appointment. ``node`` is a code, or a name that only one node has."""

    post: str
    node: Annotated[str, msgspec.Meta(max_length=60)]
    valid_from: date
    valid_to: date | None = None
    acting: str = ""


class Leaving(msgspec.Struct):
    """The form that ends a post."""

    on: date


@dataclass(frozen=True, slots=True)
class Shown:
    """A person with their posts, as the pages show them."""

    row: PersonRow
    phone: str
    duties: list[Holder]


class People(Controller):
    """Who works for the county, and where."""

    path = "/{tenant:str}/people"

    @get("/", name="people", permission=StaffRight.READ)
    async def list(self, ctx: Ctx, request: AnyRequest) -> Page:
        """People by name, number and pinyin initials, or those who serve at a place."""
        asked = request.query_params
        words, code = asked.get("q", "")[:_SENTENCE], asked.get("node", "")
        place = await node_by_code(ctx, code) if code else None
        if code and (place is None or not ctx.actor.may(StaffRight.READ, path=place.path)):
            raise NotFound
        cursor = paging.decode(asked.get("after"), "su")
        found = await queries.people(
            ctx, words=words, path=place.path if place else "", cursor=cursor
        )
        rows, older = paging.cut(found, queries.PAGE, lambda last: (last.number, last.id))
        return page(
            ctx,
            "staff/people.html",
            people=await _shown(ctx, rows),
            posts=ctx.policy.posts_ever,
            q=words,
            code=code,
            line=await line_of(ctx, place.path) if place else [],
            filled=await queries.posts_at(ctx, place.path, place.level) if place else [],
            older=older,
            first=cursor is None,
        )

    @get("/at/{node_id:uuid}", name="node_posts", permission=GridRight.READ)
    async def posts(self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]) -> Page:
        """Every post that belongs to a node and who holds it, for the node's page."""
        node = await node_seen(ctx, node_id)
        filled = await queries.posts_at(ctx, node.path, node.level)
        may_read = ctx.actor.may(StaffRight.READ, path=node.path)
        return part(
            ctx,
            request,
            "staff/_node_posts.html",
            title=node.name,
            back=url_of(ctx, request, "node", node_id=node.id),
            filled=filled,
            names={
                one.id: one.name if may_read else mask_name(one.name)
                for _, held in filled
                for one in held
            },
            code=node.code,
            may_read=may_read,
        )

    @get("/{staff_id:uuid}", name="person", permission=StaffRight.READ)
    async def person(self, ctx: Ctx, request: AnyRequest, staff_id: FromPath[UUID]) -> Page:
        """One person: posts now and before, and the form for a new one."""
        person = await queries.person_seen(ctx, staff_id)
        return await _person_page(ctx, request, person)

    @post("/{staff_id:uuid}/posts", name="person_appoint", permission=StaffRight.APPOINT)
    async def appoint(
        self, ctx: Ctx, request: AnyRequest, staff_id: FromPath[UUID]
    ) -> Response[Any]:
        """Give the person a post."""
        if first := await once(ctx, request):
            return done(request, first)
        person = await queries.person_seen(ctx, staff_id)
        try:
            asked = await read(request, Appointment)
            node = await _node_meant(ctx, asked.node)
            await actions.appoint_post(
                ctx,
                staff_id,
                node_id=node.id,
                post=asked.post,
                valid_from=asked.valid_from,
                valid_to=asked.valid_to,
                acting=bool(asked.acting),
            )
        except (Invalid, Conflict) as fault:
            return await _person_page(ctx, request, person, fault)
        to = _address(ctx, request, staff_id)
        return await done_once(
            ctx, request, to, said="已任职。岗位不带权限，需要的话请安全管理员另行授权。"
        )

    @post(
        "/{staff_id:uuid}/posts/{holding_id:uuid}/end",
        name="post_end",
        permission=StaffRight.APPOINT,
    )
    async def vacate(
        self, ctx: Ctx, request: AnyRequest, staff_id: FromPath[UUID], holding_id: FromPath[UUID]
    ) -> Response[Any]:
        """End a post."""
        if first := await once(ctx, request):
            return done(request, first)
        person = await queries.person_seen(ctx, staff_id)
        try:
            asked = await read(request, Leaving)
            await actions.vacate_post(ctx, holding_id, on=asked.on)
        except (Invalid, Conflict) as fault:
            return await _person_page(ctx, request, person, fault, ending=holding_id)
        to = _address(ctx, request, staff_id)
        return await done_once(ctx, request, to, said="已卸任。这个岗位空缺时，提醒会送到上一级。")


def _address(ctx: Context, request: AnyRequest, staff_id: UUID) -> str:
    return url_of(ctx, request, "person", staff_id=staff_id)


async def _node_meant(ctx: Context, words: str) -> NodeRow:
    """The node with this code, or with this name if there is only one."""
    node = await node_by_code(ctx, words)
    if node is not None:
        return node
    named = [found for found in await search(ctx, words) if found.name == words]
    if len(named) == 1:
        return named[0]
    raise Invalid(
        fields={
            "node": "有几个网格叫这个名字，请改填代码。"
            if named
            else "没有这个网格，请填网格代码或完整名称。"
        }
    )


async def _shown(ctx: Context, rows: list[PersonRow]) -> list[Shown]:
    duties = await queries.duties_of(ctx, [row.id for row in rows]) if rows else {}
    return [Shown(row, _phone(ctx, row), duties[row.id]) for row in rows]


def _phone(ctx: Context, row: PersonRow) -> str:
    """Masked: a list is no place for telephone numbers."""
    if row.phone is None:
        return ""
    return mask_phone(ctx.vault.open("staff", row.id, "phone", row.phone))


async def _person_page(
    ctx: Context,
    request: AnyRequest,
    person: PersonRow,
    fault: Invalid | Conflict | None = None,
    *,
    ending: UUID | None = None,
) -> Page:
    """The page, or the page again: ``ending`` is the post whose end could not be."""
    career = await queries.career_of(ctx, person.id)
    today = ctx.today
    values = await typed(request) if fault else {"node": request.query_params.get("node", "")}
    errors = faults_of(fault, otherwise="on" if ending else "post")
    return page(
        ctx,
        "staff/person.html",
        status_code=fault.status if fault else 200,
        person=replace(person, phone=None),
        phone=_phone(ctx, person),
        present=[held for held in career if held.term.until is None or held.term.until > today],
        past=[held for held in career if held.term.until is not None and held.term.until <= today],
        posts=ctx.policy.posts_ever,
        choices=[(one.code, one.name, _levels(ctx, one)) for one in ctx.policy.county.posts],
        ending=ending,
        may_appoint=ctx.actor.may(StaffRight.APPOINT),
        today=today,
        values={"valid_from": today.isoformat()} | values,
        errors=errors,
    )


def _levels(ctx: Context, declared: Post) -> str:
    """The levels of a post in the county's words."""
    return joined(ctx.policy.levels[code].name for code in declared.levels)
