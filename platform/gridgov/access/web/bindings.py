"""Who has which role where: looked up, given, taken."""

from datetime import date
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from msgspec import Struct

from gridgov.access.actions.granting import NewBinding, bind_role, end_binding
from gridgov.access.queries.bindings import (
    PAGE,
    bindings_of_account,
    department_names,
    found_bindings,
    places_named,
    reaches_of,
)
from gridgov.access.queries.people import found_people, person_of_account
from gridgov.access.rules import cut_of, may_give, shortest
from gridgov.access.types import AccessRight
from gridgov.accounts.signed import sentence
from gridgov.context import Context
from gridgov.kernel.errors import Conflict, Invalid, NotAllowed, Refusal
from gridgov.kernel.paging import cut, decode
from gridgov.web.forms import faults_of, read, typed
from gridgov.web.guard import Ctx
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import AnyRequest, url_of


class Bind(Struct):
    """A role, a place by code or name, and what it is narrowed to."""

    role: str
    node: str
    since: date
    until: date | None = None
    departments: list[UUID] = []
    categories: list[str] = []


class Bindings(Controller):
    """The security administrator's desk."""

    path = "/{tenant:str}/access"

    @get("/bindings", permission=AccessRight.READ, name="bindings")
    async def bindings(self, ctx: Ctx, request: AnyRequest) -> Page:
        """By person, place (all below included) or role; the newest first."""
        asked = request.query_params
        words, role = asked.get("q", "").strip()[:60], asked.get("role", "")
        cursor = decode(asked.get("after"), "du")
        today = ctx.today
        found = await found_bindings(ctx, today, words=words, role=role, cursor=cursor)
        rows, after = cut(found, PAGE, lambda last: (last.granted_at, last.id))
        given = {"q": words or None, "role": role or None, "after": after}
        people = [
            person
            for person in (await found_people(ctx, words=words) if words else [])
            if person.account_id is not None
        ]
        return page(
            ctx,
            "access/bindings.html",
            rows=rows,
            people=people[:12],
            words=words,
            role=role,
            roles=ctx.policy.roles,
            options=[(one.code, one.name) for one in ctx.policy.county.roles],
            more=url_of(ctx, request, "bindings", **given) if after else "",
            today=today,
        )

    @get("/people/{account_id:uuid}", permission=AccessRight.READ, name="person_bindings")
    async def person(self, ctx: Ctx, account_id: FromPath[UUID]) -> Page:
        """One person's roles, with the form for another."""
        return await _person(ctx, account_id)

    @post("/people/{account_id:uuid}", permission=AccessRight.GRANT, name="bind")
    async def bind(
        self, ctx: Ctx, request: AnyRequest, account_id: FromPath[UUID]
    ) -> Response[Any]:
        """Give a role; what does not fit comes back with the form."""
        values = await typed(request)
        try:
            given = await read(request, Bind)
            wanted = NewBinding(
                role=given.role,
                node_id=await _place(ctx, given.node),
                departments=tuple(given.departments),
                categories=tuple(given.categories),
                since=given.since,
                until=given.until,
            )
            await bind_role(ctx, account_id, wanted)
        except Ambiguous as fault:
            return await _person(ctx, account_id, values, fault, places=fault.places)
        except (Invalid, Conflict, NotAllowed) as fault:
            stop = "" if isinstance(fault, Invalid) else sentence(request, ctx, fault)
            return await _person(ctx, account_id, values, fault, stop=stop)
        to = url_of(ctx, request, "person_bindings", account_id=account_id)
        return done(request, to, said="已授予。对方下一次点击就生效，这件事已记入审计。")

    @post("/bindings/{binding_id:uuid}/end", permission=AccessRight.GRANT, name="unbind")
    async def unbind(
        self, ctx: Ctx, request: AnyRequest, binding_id: FromPath[UUID]
    ) -> Response[Any]:
        """Take a role."""
        account_id = await end_binding(ctx, binding_id)
        to = url_of(ctx, request, "person_bindings", account_id=account_id)
        return done(request, to, said="已收回。对方下一次点击就失效，这件事已记入审计。")


class Ambiguous(Invalid):
    """Several places are called so; the form offers them."""

    def __init__(self, places: list[tuple[str, str, str]]) -> None:
        super().__init__(fields={"node": "有几个地方都叫这个名字，请选一个。"})
        self.places = places


async def _place(ctx: Context, words: str) -> UUID:
    found = await places_named(ctx, words.strip())
    if not found:
        raise Invalid(fields={"node": "没有这个地方。写网格编码最准，也可以写全名。"})
    if len(found) > 1:
        levels = ctx.policy.levels
        raise Ambiguous([(row.code, row.name, levels[row.level].name) for row in found])
    node_id: UUID = found[0].id
    return node_id


async def _person(
    ctx: Context,
    account_id: UUID,
    values: dict[str, Any] | None = None,
    fault: Refusal | None = None,
    *,
    stop: str = "",
    places: list[tuple[str, str, str]] | None = None,
) -> Page:
    today = ctx.today
    own = await reaches_of(ctx, ctx.actor.account_id, today) if ctx.actor.account_id else []
    mine = account_id == ctx.actor.account_id
    give = [] if mine else may_give(ctx.policy.roles, own)
    cut = cut_of(ctx.policy.roles, own)
    county = ctx.policy.county.categories
    return page(
        ctx,
        "access/person.html",
        status_code=fault.status if fault else 200,
        person=await person_of_account(ctx, account_id),
        bindings=await bindings_of_account(ctx, account_id, today),
        roles=ctx.policy.roles,
        give=give,
        offers=[(role.code, role.name) for role in give],
        mine=mine,
        cut=cut,
        departments=[
            (one, name)
            for one, name in (await department_names(ctx)).items()
            if not cut.departments or one in cut.departments
        ],
        categories=[
            (one.code, one.name)
            for one in (shortest(cut.categories, county) or county)
            if cut.categories or not one.parent
        ],
        places=places or [],
        today=today,
        values=values or {"since": today.isoformat()},
        errors=faults_of(fault),
        stop=stop,
    )
