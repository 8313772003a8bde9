"""What the writers of places and people share."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update

from gridgov.context import Context
from gridgov.kernel.db import TenantRow
from gridgov.onboarding.rules.compare import keyed
from gridgov.onboarding.types import Diff, Ids, Package, Verb


@dataclass(frozen=True, slots=True)
class Writing:
    """One package being carried out. ``wanted`` are its rows by table and key."""

    ctx: Context
    package: Package
    diff: Diff
    ids: Ids
    today: date
    wanted: dict[str, dict[str, Any]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "wanted", keyed(self.package))

    def keys(self, table: str, verb: Verb) -> list[str]:
        """The keys of the rows that are added, changed or closed."""
        return [change.key for change in self.diff.of(table, verb)]

    async def add(self, model: type[TenantRow], rows: Sequence[dict[str, Any]]) -> None:
        """Insert many rows in one round trip."""
        if rows:
            tenant = {"tenant_id": self.ctx.tenant.id}
            await self.ctx.session.execute(insert(model), [tenant | row for row in rows])

    async def change(self, model: type[TenantRow], row_id: UUID, values: dict[str, Any]) -> None:
        """Set columns of one row."""
        await self.ctx.session.execute(update(model).where(model.id == row_id).values(**values))

    async def close(
        self, model: type[TenantRow], row_ids: Iterable[UUID], column: str = "valid_to"
    ) -> None:
        """Give the rows an end: today is the first day without them."""
        closed = list(row_ids)
        if closed:
            await self.ctx.session.execute(
                update(model).where(model.id.in_(closed)).values({column: self.today})
            )
