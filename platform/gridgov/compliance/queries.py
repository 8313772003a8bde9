"""What is on?"""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, bindparam, select

from gridgov.compliance.models import SwitchGrant
from gridgov.compliance.types import Grant, GrantState
from gridgov.context import Context
from gridgov.contract.compliance import NEVER, OPENED_BY, Switch
from gridgov.kernel.ready import Ready

_SHOWN: Final = 200

_GRANT: Final = (
    SwitchGrant.id,
    SwitchGrant.switch,
    SwitchGrant.document,
    SwitchGrant.article,
    SwitchGrant.reason,
    SwitchGrant.expires_on,
    SwitchGrant.state,
    SwitchGrant.asked_by,
    SwitchGrant.asked_at,
    SwitchGrant.asker,
    SwitchGrant.decided_by,
    SwitchGrant.decided_at,
    SwitchGrant.decider,
    SwitchGrant.note,
    SwitchGrant.ended_at,
)

_ON: Final = Ready(
    select(SwitchGrant.switch).where(
        SwitchGrant.state == GrantState.ON, SwitchGrant.expires_on >= bindparam("today")
    )
)


async def switches_on(ctx: Context) -> frozenset[Switch]:
    """Everything that is on today. A grant whose day is past does not count, whoever noticed."""
    found = await _ON.rows(ctx.session, today=ctx.today)
    on = frozenset(Switch(row.switch) for row in found) - NEVER
    return on.union(*(OPENED_BY.get(switch, ()) for switch in on))


async def is_on(ctx: Context, switch: Switch) -> bool:
    """Whether the county may do this today."""
    return switch in await switches_on(ctx)


async def grants(ctx: Context) -> list[Grant]:
    """What was ever asked, the latest first."""
    found = (
        select(*_GRANT).order_by(SwitchGrant.asked_at.desc(), SwitchGrant.id.desc()).limit(_SHOWN)
    )
    rows: Sequence[Row[*tuple[Any, ...]]] = (await ctx.session.execute(found)).all()
    return [Grant(*row) for row in rows]
