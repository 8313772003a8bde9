"""The standard of one unit on its page, and the card that is pinned up there."""

from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath

from gridgov.audit.actions import record_reveal
from gridgov.context import Context
from gridgov.grid.queries.nodes import line_of, node_seen
from gridgov.grid.queries.shapes import boundary_of
from gridgov.grid.rules.shapes import area_km2, outline
from gridgov.grid.types import GridRight, NodeRow
from gridgov.kernel.errors import NotFound
from gridgov.kernel.masks import mask_name
from gridgov.kernel.sentences import N_
from gridgov.staff.queries import person_seen
from gridgov.staff.types import Holder, StaffRight
from gridgov.staffing.queries.gaps import filled_at
from gridgov.staffing.rules import whole_set
from gridgov.staffing.types import StaffingRight
from gridgov.staffing.web.filling import EMPLOYMENTS
from gridgov.web.guard import Ctx
from gridgov.web.pages import Page, page, part
from gridgov.web.slots import Slot
from gridgov.web.urls import AnyRequest, url_of

SLOTS = (Slot(page="node", route="node_staffing", title=N_("定员和职责"), order=12),)


class Units(Controller):
    """Who one unit must have, and what for."""

    path = "/{tenant:str}/staffing/at/{node_id:uuid}"

    @get("/", name="node_staffing", permission=GridRight.READ)
    async def piece(self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]) -> Page:
        """For the page of the unit: how many are asked for, who is lacking, what each does."""
        node = await node_seen(ctx, node_id)
        filled, _ = await filled_at(ctx, node)
        return part(
            ctx,
            request,
            "staffing/_unit.html",
            title=node.name,
            back=url_of(ctx, request, "node", node_id=node.id),
            node=node,
            filled=filled,
            posts=ctx.policy.posts,
            employments=EMPLOYMENTS,
            duties=duties_of(ctx, [one.need.post for one in filled]),
            sources=list(dict.fromkeys(one.need.source for one in filled)),
            may_fill=ctx.actor.may(StaffRight.APPOINT, path=node.path),
            may_kit=ctx.actor.may(StaffingRight.READ, path=node.path),
        )

    @get("/card", name="node_card", permission=GridRight.READ)
    async def card(self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]) -> Page:
        """To print and pin up: where the unit lies, who serves it, what they do, whom to call."""
        return await _card(ctx, request, await node_seen(ctx, node_id))

    @post("/card", name="node_card_phone", permission=StaffRight.READ)
    async def with_phone(self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]) -> Page:
        """The same with the worker's number on it: who had it printed is written down."""
        node = await node_seen(ctx, node_id)
        if not ctx.actor.may(StaffRight.READ, path=node.path):
            raise NotFound
        _, there = await filled_at(ctx, node)
        return await _card(ctx, request, node, phone=await _duty_phone(ctx, there))


async def _card(ctx: Context, request: AnyRequest, node: NodeRow, phone: str = "") -> Page:
    filled, there = await filled_at(ctx, node)
    boundary = await boundary_of(ctx, node.id)
    named = ctx.actor.may(StaffRight.READ, path=node.path)
    codes = list(dict.fromkeys([one.need.post for one in filled] + [h.post for h in there]))
    return page(
        ctx,
        "staffing/card.html",
        node=node,
        level=ctx.policy.levels_ever[node.level],
        line=await line_of(ctx, node.path),
        outline=outline(boundary) if boundary else None,
        area=area_km2(boundary) if boundary else None,
        posts=[
            (
                ctx.policy.posts[code].name if code in ctx.policy.posts else code,
                [h.name if named else mask_name(h.name) for h in there if h.post == code],
            )
            for code in codes
        ],
        duties=duties_of(ctx, codes),
        phone=phone,
        may_phone=named and not phone,
        supervision=_supervision(ctx),
        back=url_of(ctx, request, "node", node_id=node.id),
    )


def duties_of(ctx: Context, posts: list[str]) -> list[tuple[str, list[str]]]:
    """The declared lines of each post."""
    known = ctx.policy.county.duties
    told = [(code, [duty.words for duty in known if duty.post == code]) for code in posts]
    return [(ctx.policy.posts[code].name, lines) for code, lines in told if lines]


def _supervision(ctx: Context) -> str:
    return (
        str(ctx.setting("supervision_phone")) if "supervision_phone" in ctx.policy.settings else ""
    )


async def _duty_phone(ctx: Context, there: list[Holder]) -> str:
    """The work phone of who is handed one, opened to be printed for residents, and logged."""
    kit = {post for item in whole_set(ctx.policy.county.kit) for post in item.posts}
    worker = next((one for one in there if one.post in kit), None)
    if worker is None:
        return ""
    person = await person_seen(ctx, worker.staff_id)
    if person.phone is None:
        return ""
    record_reveal(ctx, "staff", person.id, fields=["phone"], purpose="打印网格公示牌")
    return ctx.vault.open("staff", person.id, "phone", person.phone)
