"""The one address of files. Who may see one is said by its owner's room; silence means no."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from gridgov.context import Context
from gridgov.files.documents import EXTENSIONS
from gridgov.files.queries import file_to_show
from gridgov.files.shelf import take
from gridgov.files.types import FileKind, Variant
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
        found = await _found(ctx, file_id, variant, may_see)
        data = await take(ctx, file_id, Variant(variant))
        headers = _HEADERS | {"content-disposition": _disposition(ctx, found)}
        return Response(data, media_type=found.mime, headers=headers)

    return show


@dataclass(frozen=True, slots=True)
class _Found:
    """What the answer needs to know of a file."""

    id: UUID
    mime: str
    name: bytes | None


async def _found(
    ctx: Context, file_id: UUID, variant: str, may_see: Mapping[str, MaySee]
) -> _Found:
    row = (await ctx.session.execute(file_to_show(ctx, file_id))).one_or_none()
    if row is None or variant not in _VARIANTS[row.kind]:
        raise NotFound
    if row.owner_kind is None or row.owner_id is None:
        seen = row.created_by is not None and row.created_by == ctx.actor.account_id
    else:
        ask = may_see.get(row.owner_kind)
        seen = ask is not None and await ask(ctx, row.owner_id)
    if not seen:
        raise NotFound
    return _Found(file_id, row.mime, row.name)


_VARIANTS: Mapping[str, tuple[str, ...]] = {
    FileKind.PHOTO: (Variant.DISPLAY, Variant.THUMB),
    FileKind.DOCUMENT: (Variant.DOCUMENT,),
}


def _disposition(ctx: Context, found: _Found) -> str:
    """Pictures are shown in the page; anything else is saved, under the name that it came with."""
    if found.name is None:
        return f'inline; filename="{found.id}.jpg"'
    name = ctx.vault.open("files", found.id, "name", found.name)
    fallback = f"{found.id}.{EXTENSIONS[found.mime]}"
    return f"attachment; filename=\"{fallback}\"; filename*=UTF-8''{quote(name or fallback)}"
