"""The door above the counties."""

from typing import Any, Final

from litestar import Controller, Response, get, post

from gridgov.accounts.actions.entering import Try, end_sign_in, enter
from gridgov.accounts.signed import (
    AnyRequest,
    database_of,
    sentence,
    session_cookie,
    session_secret,
    visit_of,
)
from gridgov.accounts.web.door import LogIn
from gridgov.kernel.clock import now
from gridgov.kernel.errors import Invalid, Refusal
from gridgov.web.csrf import cookie
from gridgov.web.forms import read
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import PUBLIC, Urls

REALM: Final = "province"


class RegionDoor(Controller):
    """Log-in for accounts of a province or a prefecture."""

    path = "/province"

    @get("/log-in", permission=PUBLIC, name="region_log_in")
    async def form(self) -> Page:
        """The form."""
        return page(None, "accounts/log_in.html", next="", values={}, error="")

    @post("/log-in", permission=PUBLIC)
    async def log_in(self, request: AnyRequest) -> Response[Any]:
        """Come in, with a new secret in the cookie; or the form again."""
        given = LogIn("", "")
        try:
            given = await read(request, LogIn)
            tried = Try(REALM, given.login, given.password, visit_of(request), now())
            entered = await enter(database_of(request), tried, old_secret=session_secret(request))
        except Refusal as refusal:
            fields = refusal.fields if isinstance(refusal, Invalid) else {}
            return page(
                None,
                "accounts/log_in.html",
                status_code=refusal.status,
                next="",
                values={"login": given.login},
                errors=fields,
                error="" if fields else sentence(request, None, refusal),
            )
        urls: Urls = request.app.state.urls
        return done(request, urls.url("", "province"), cookies=[session_cookie(request, entered)])

    @post("/log-out", permission=PUBLIC, name="region_log_out")
    async def log_out(self, request: AnyRequest) -> Response[Any]:
        """Go out for good."""
        secret = session_secret(request)
        if secret:
            async with database_of(request).shared() as session:
                await end_sign_in(session, secret, now())
        gone = cookie(request.app.state.settings, "session", "", max_age=0)
        urls: Urls = request.app.state.urls
        response = done(request, urls.url("", "region_log_in"), cookies=[gone])
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response
