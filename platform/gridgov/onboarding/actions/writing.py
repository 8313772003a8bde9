"""What the writers of places and people share."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update

from gridgov.context import Context
from gridgov.kernel.changes import Verb
from gridgov.kernel.db import TenantRow
from gridgov.kernel.ids import new_id
from gridgov.onboarding.rules.compare import keyed
from gridgov.onboarding.types import Diff, Ids, Package


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

    async def follow(
        self,
        table: str,
        model: type[TenantRow],
        ids: dict[str, UUID],
        values: Callable[[str], dict[str, Any]],
        *,
        begun: Mapping[str, Any] = MappingProxyType({}),
        end: str = "valid_to",
    ) -> None:
        """Bring the rows of a table to what is wanted, and their ids into ``ids``.

        ``begun`` are the columns that only a new row gets. What had ended and is wanted again
        comes back under the id it had.
        """
        added: list[dict[str, Any]] = []
        for key in self.keys(table, Verb.ADDED):
            if key in ids:
                await self.change(model, ids[key], values(key))
            else:
                ids[key] = new_id()
                added.append({"id": ids[key], **values(key), **begun})
        await self.add(model, added)
        for key in self.keys(table, Verb.CHANGED):
            await self.change(model, ids[key], values(key))
        await self.close(model, [ids[key] for key in self.keys(table, Verb.CLOSED)], end)
