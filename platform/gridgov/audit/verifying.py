"""Checking a tenant's whole chain, a page at a time: in constant memory, while others write on."""

import asyncio
from collections.abc import Sequence
from typing import Any, Final

from gridgov.audit.chain import Head, Verdict, Verifier, key_of
from gridgov.audit.queries import head_of, links
from gridgov.context import Context

_PAGE: Final = 20_000


async def head(ctx: Context) -> Head | None:
    """The end of the chain as the tenant keeps it."""
    row = (await ctx.session.execute(head_of())).one_or_none()
    return Head(row.seq, row.hash) if row else None


async def verify(ctx: Context, *, checkpoint: Head | None = None) -> Verdict:
    """Every entry up to the head as it is now."""
    kept = await head(ctx)
    until = max(kept.seq if kept else 0, checkpoint.seq if checkpoint else 0)
    verifier = Verifier(key_of(ctx.vault), checkpoint)
    page = await _page(ctx, 0, until)
    while page[0] is not None:
        # While this page is hashed the database makes the next one ready.
        following = _page(ctx, page[0][-1], until)
        hashed = asyncio.to_thread(verifier.feed, zip(*page, strict=True))
        page, _ = await asyncio.gather(following, hashed)
    return verifier.finish(kept)


async def _page(ctx: Context, after: int, until: int) -> Sequence[Any]:
    return (await ctx.session.execute(links(after, until, limit=_PAGE))).one()
