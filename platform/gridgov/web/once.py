"""A form sent twice is done once, and the second sender gets the first one's answer.

``_op`` is a number that the browser made for this form. It is written in the transaction of the
form's own effects: killed anywhere, both are there or neither.

    if first := await once(ctx, request):
        return done(request, first)
    ...
    return await done_once(ctx, request, to, said=...)
"""

from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Response
from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from gridgov.context import Context
from gridgov.kernel.db import WALL
from gridgov.kernel.errors import Conflict, Invalid
from gridgov.kernel.ready import Ready
from gridgov.web.forms import typed
from gridgov.web.models import Operation
from gridgov.web.pages import done
from gridgov.web.urls import AnyRequest

FIELD: Final = "_op"

_BEGIN: Final = Ready(
    insert(Operation)
    .values(
        tenant_id=bindparam(WALL),
        **{name: bindparam(name) for name in ("id", "account_id", "digest", "at")},
    )
    .on_conflict_do_nothing()
    .returning(Operation.id)
)
_BEFORE: Final = Ready(
    select(Operation.account_id, Operation.digest, Operation.location).where(
        Operation.id == bindparam("id")
    )
)
_END: Final = Ready(
    update(Operation)
    .where(Operation.id == bindparam("this"))
    .values(location=bindparam("location"))
)


async def once(ctx: Context, request: AnyRequest) -> str | None:
    """Where the first sending led to, or None if this is the first (or the form bears no number).

    Waits for a first sending that is still under way. The same number with other words is refused:
    answering it with the first answer would lose what was typed.
    """
    values = await typed(request)
    operation = _number(values)
    if operation is None:
        return None
    digest = _digest(ctx, request, values)
    account = ctx.actor.account_id
    first = await _BEGIN.scalar(
        ctx.session, id=operation, account_id=account, digest=digest, at=ctx.now
    )
    if first is not None:
        return None
    before: Any = await _BEFORE.row(ctx.session, id=operation)
    if before.account_id != account or before.digest != digest:
        raise Conflict("这张表单已经提交过一次，这次的内容不同，没有保存。请重新打开表单再填。")
    if not before.location:
        raise Conflict("这张表单已经提交过了，不用再提交。")
    return str(before.location)


async def done_once(ctx: Context, request: AnyRequest, to: str, *, said: str = "") -> Response[Any]:
    """As :func:`done`, and whoever sends the same form again is led to the same place."""
    await remember(ctx, request, to)
    return done(request, to, said=said)


async def remember(ctx: Context, request: AnyRequest, location: str) -> None:
    """Keep the answer for whoever sends the same form again."""
    operation = _number(await typed(request))
    if operation is not None:
        await _END.rows(ctx.session, this=operation, location=location)


def _number(values: dict[str, Any]) -> UUID | None:
    given = values.get(FIELD, "")
    if not given:
        return None
    try:
        return UUID(str(given))
    except ValueError as error:
        raise Invalid("页面已过期，请刷新后再提交；已填写的内容会保留。") from error


def _digest(ctx: Context, request: AnyRequest, values: dict[str, Any]) -> bytes:
    """What was typed and where to, keyed; fields of the shell itself (``_op``) are left out."""
    words = {name: value for name, value in values.items() if not name.startswith("_")}
    said = msgspec.json.encode([request.url.path, words], order="deterministic")
    return ctx.vault.blind("operation", said.decode())
