"""People and their accounts: the county administrator's list."""

from typing import Any
from uuid import UUID

import segno
from litestar import Controller, Response, get, post
from litestar.params import FromPath
from msgspec import Struct

from gridgov.access.actions.admitting import close_account, create_account, reopen_account
from gridgov.access.queries.people import PAGE, found_people, person_of_staff
from gridgov.access.types import AccountState, Slip
from gridgov.accounts.types import AccountRight
from gridgov.context import Context
from gridgov.kernel.errors import Invalid
from gridgov.kernel.paging import cut, decode
from gridgov.web.forms import faults_of, read, typed
from gridgov.web.guard import Ctx
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import AnyRequest, url_of


class NewAccount(Struct):
    """The log-in; the number in the staff list if left empty."""

    login: str = ""


class Accounts(Controller):
    """Who has an account, and how it stands. No rights are given here."""

    path = "/{tenant:str}/accounts"

    @get("/", permission=AccountRight.CREATE, name="accounts")
    async def accounts(self, ctx: Ctx, request: AnyRequest) -> Page:
        """By name, number or log-in; by how the account stands."""
        asked = request.query_params
        words, state = asked.get("q", "").strip()[:60], asked.get("state", "")
        cursor = decode(asked.get("after"), "su")
        found = await found_people(ctx, words=words, state=state, cursor=cursor)
        rows, after = cut(found, PAGE, lambda last: (last.number, last.staff_id))
        given = {"q": words or None, "state": state or None, "after": after}
        return page(
            ctx,
            "access/accounts.html",
            rows=rows,
            words=words,
            state=state,
            states=list(AccountState),
            more=url_of(ctx, request, "accounts", **given) if after else "",
        )

    @get("/{staff_id:uuid}", permission=AccountRight.CREATE, name="person_account")
    async def person(self, ctx: Ctx, staff_id: FromPath[UUID]) -> Page:
        """One person and what can be done with the account."""
        return await _person(ctx, staff_id)

    @post("/{staff_id:uuid}", permission=AccountRight.CREATE, name="account_create")
    async def create(
        self, ctx: Ctx, request: AnyRequest, staff_id: FromPath[UUID]
    ) -> Response[Any]:
        """Open an account and show the slip, once."""
        try:
            given = await read(request, NewAccount)
            slip = await create_account(ctx, staff_id, login=given.login)
        except Invalid as fault:
            return await _person(ctx, staff_id, values=await typed(request), fault=fault)
        to = url_of(ctx, request, "person_account", staff_id=staff_id)
        return slip_page(ctx, request, slip, back=to)

    @post("/{staff_id:uuid}/close", permission=AccountRight.CREATE, name="account_close")
    async def close(self, ctx: Ctx, request: AnyRequest, staff_id: FromPath[UUID]) -> Response[Any]:
        """Disable it; whoever is in is out."""
        await close_account(ctx, staff_id)
        to = url_of(ctx, request, "person_account", staff_id=staff_id)
        return done(request, to, said="账号已停用，对方的登录都已退出。")

    @post("/{staff_id:uuid}/reopen", permission=AccountRight.CREATE, name="account_reopen")
    async def reopen(
        self, ctx: Ctx, request: AnyRequest, staff_id: FromPath[UUID]
    ) -> Response[Any]:
        """Enable it again."""
        await reopen_account(ctx, staff_id)
        to = url_of(ctx, request, "person_account", staff_id=staff_id)
        return done(request, to, said="账号已恢复，用原来的密码登录。")


async def _person(
    ctx: Context,
    staff_id: UUID,
    *,
    values: dict[str, Any] | None = None,
    fault: Invalid | None = None,
) -> Page:
    return page(
        ctx,
        "access/person_account.html",
        status_code=fault.status if fault else 200,
        person=await person_of_staff(ctx, staff_id),
        values=values or {},
        errors=faults_of(fault),
    )


def slip_page(ctx: Context, request: AnyRequest, slip: Slip, *, back: str) -> Page:
    """A sheet to print. The picture holds the address of the door only, never the token."""
    door = str(request.base_url).rstrip("/") + url_of(ctx, request, "log_in")
    picture = segno.make(door, error="m").svg_data_uri(scale=4, border=1)
    return page(ctx, "access/slip.html", slip=slip, door=door, picture=picture, back=back)
