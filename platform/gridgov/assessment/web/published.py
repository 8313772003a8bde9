"""What was published of reviews, for everybody: departments and places, and no names of people."""

from hashlib import sha256
from uuid import UUID

from litestar import Controller, Response, get
from litestar.params import FromPath

from gridgov.access.queries.people import root_path
from gridgov.assessment.queries import reviews as queries
from gridgov.assessment.types import ReviewState
from gridgov.assessment.web.telling import told
from gridgov.context import Context
from gridgov.kernel.errors import NotFound
from gridgov.web.guard import Ctx
from gridgov.web.pages import Page, page
from gridgov.web.urls import PUBLIC, AnyRequest


class Published(Controller):
    """Circulars that residents may read. They never change, so a browser keeps them."""

    path = "/{tenant:str}/published"

    @get("/", name="published", permission=PUBLIC)
    async def list(self, ctx: Ctx) -> Page:
        """The circulars, the latest first."""
        rows = [
            (one, queries.title_of(ctx, one))
            for one in await queries.reviews(ctx)
            if one.state == ReviewState.PUBLISHED
        ]
        return page(ctx, "assessment/published.html", rows=rows)

    @get("/{review_id:uuid}", name="published_review", permission=PUBLIC)
    async def show(
        self, ctx: Ctx, request: AnyRequest, review_id: FromPath[UUID]
    ) -> Response[bytes]:
        """How departments did as residents rated them, and what was done where."""
        review = await queries.review_of(ctx, review_id)
        if review.state != ReviewState.PUBLISHED:
            raise NotFound
        tag = _tag(ctx, request, review_id)
        headers = {"etag": tag, "cache-control": "private, no-cache"}
        if request.headers.get("if-none-match") == tag:
            return Response(b"", status_code=304, headers=headers)
        root = await root_path(ctx)
        computed = await queries.evaluations(ctx, review_id)
        shown = await told(ctx, review, computed, leading=False, place=root, top=root)
        found = page(ctx, "assessment/published_review.html", **shown)
        found.headers.update(headers)
        return found


def _tag(ctx: Context, request: AnyRequest, review_id: UUID) -> str:
    """The same for a language, a version of the product and what the county calls it."""
    version = request.app.state.shell.version
    seen_by = f"{review_id} {ctx.locale} {version} {ctx.policy.called('reviews', '')}"
    return f'"{sha256(seen_by.encode()).hexdigest()[:24]}"'
