"""The one address of files. Who may see one is said by its owner's room; silence means no."""

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from gridgov.context import Context
from gridgov.files.queries import file_to_show
from gridgov.files.shelf import take
from gridgov.files.types import Variant
from gridgov.kernel.errors import NotFound
from gridgov.web.guard import Ctx
from gridgov.web.urls import PUBLIC

MaySee = Callable[[Context, UUID], Awaitable[bool]]
"""Whether the actor of the context may see what belongs to this owner."""

_HEADERS = {
    "cache-control": "private, no-store",
    "content-security-policy": "default-src 'none'; sandbox",
    "x-content-type-options": "nosniff",
}


def file_pages(may_see: Mapping[str, MaySee]) -> HTTPRouteHandler:
    """The route, knowing whom to ask for each kind of owner: ``{"case": photo_seen}``."""

    # Public to the guard, for residents see the photos of their own case; the owner's room decides.
    @get("/{tenant:str}/files/{file_id:uuid}/{variant:str}", name="file", permission=PUBLIC)
    async def show(ctx: Ctx, file_id: FromPath[UUID], variant: FromPath[str]) -> Response[bytes]:
        mime = await _mime_if_seen(ctx, file_id, variant, may_see)
        data = await take(ctx, file_id, Variant(variant))
        headers = _HEADERS | {"content-disposition": f'inline; filename="{file_id}.jpg"'}
        return Response(data, media_type=mime, headers=headers)

    return show


async def _mime_if_seen(
    ctx: Context, file_id: UUID, variant: str, may_see: Mapping[str, MaySee]
) -> str:
    row = (await ctx.session.execute(file_to_show(ctx, file_id))).one_or_none()
    if row is None or variant not in {*Variant}:
        raise NotFound
    if row.owner_kind is None or row.owner_id is None:
        seen = row.created_by is not None and row.created_by == ctx.actor.account_id
    else:
        ask = may_see.get(row.owner_kind)
        seen = ask is not None and await ask(ctx, row.owner_id)
    if not seen:
        raise NotFound
    mime: str = row.mime
    return mime
