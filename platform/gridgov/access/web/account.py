"""One's own account in plain words: who I am here, which roles I have, and where."""

from litestar import Controller, get

from gridgov.access.queries.bindings import bindings_of_account
from gridgov.accounts.signed import signed_in
from gridgov.web.guard import Ctx
from gridgov.web.pages import Page, page
from gridgov.web.urls import SIGNED_IN, AnyRequest


class AccountPage(Controller):
    """What a clerk can read about the own account."""

    path = "/{tenant:str}/account"

    @get("/", permission=SIGNED_IN, name="account")
    async def account(self, ctx: Ctx, request: AnyRequest) -> Page:
        """Names, roles with their places, and the ways to change what one may change oneself."""
        sign_in = signed_in(request)
        today = ctx.today
        return page(
            ctx,
            "access/account.html",
            sign_in=sign_in,
            bindings=await bindings_of_account(ctx, sign_in.account_id, today),
            roles=ctx.policy.roles,
            today=today,
        )
