"""Checking a tenant's whole chain, a page at a time: in constant memory, while others write on."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from gridgov.audit.chain import Head, Verdict, Verifier, key_of
from gridgov.audit.queries import head_of, links
from gridgov.context import Context

_PAGE: Final = 20_000
_details = msgspec.json.Decoder()


async def head(ctx: Context) -> Head | None:
    """The end of the chain as the tenant keeps it."""
    row = (await ctx.session.execute(head_of())).one_or_none()
    return Head(row.seq, row.hash) if row else None


async def verify(ctx: Context, *, checkpoint: Head | None = None) -> Verdict:
    """Every entry up to the head as it is now."""
    kept = await head(ctx)
    until = max(kept.seq if kept else 0, checkpoint.seq if checkpoint else 0)
    verifier = Verifier(key_of(ctx.vault), checkpoint)
    last = 0
    while True:
        rows = (await ctx.session.execute(links(last, until, limit=_PAGE))).all()
        if not rows:
            return verifier.finish(kept)
        verifier.feed(_fed(row) for row in rows)
        last = rows[-1][0]


def _fed(row: Sequence[Any]) -> tuple[int, bytes, bytes, list[Any]]:
    content: list[Any] = [*row[3:]]
    content[-1] = _details.decode(content[-1])
    return row[0], row[1], row[2], content
