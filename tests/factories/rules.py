"""Counties that run made-up plugins, and what is done to their rules."""

from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from types import SimpleNamespace

from sqlalchemy import insert, select, update

from factories.cases import NOON, a_case
from factories.tenants import ACounty
from gridgov.cases.models import Case, CaseCount
from gridgov.contract.actor import system_actor
from gridgov.contract.declarations import County
from gridgov.contract.layering import GROUPS
from gridgov.kernel.db import Database
from gridgov.kernel.ids import new_id
from gridgov.policy import Policies
from gridgov.rulebook.types import Wish
from gridgov.tenants.models import TenantRecord
from gridgov.tenants.rulebooks import Rulebooks
from gridgov.tenants.workplace import Workplaces

LILING = replace(Policies().resolve(("liling",)).county, builds_on="")
"""The whole county, standing on its own feet."""
INCIDENT, *_OTHERS = LILING.case_kinds
_OF_CASES = {"levels", "posts", "roles", "categories", "urgencies", "settings", "navigation"}
_ABOUT = {
    code
    for one in LILING.categories
    if one.urgency and not one.kind
    for code in (one.code, one.parent)
}
CASEWORK = replace(
    replace(LILING, **{group: () for group in GROUPS if group not in _OF_CASES}),
    case_kinds=(INCIDENT,),
    categories=tuple(one for one in LILING.categories if one.code in _ABOUT),
)
"""Of it what cases stand on alone: nothing else holds a level, a post or a category."""


def installed(**counties: County) -> Policies:
    """Policies as if these counties were the installed plugins."""
    return Policies(
        {
            name: SimpleNamespace(county=lambda one=one: one, __file__=__file__)
            for name, one in counties.items()
        }
    )


@dataclass
class Lifetime:
    """A county through several installations."""

    database: Database
    settings: object
    county: ACounty

    @asynccontextmanager
    async def acting(self, policies: Policies, now=NOON, actor=None):
        """A transaction of the county's administrator, under what is installed."""
        places = Workplaces(self.database, Rulebooks(policies), self.settings.secret)
        (record,) = await places.records(slug=self.county.tenant.slug)
        async with places.of(record).transaction("测试", now=now) as ctx:
            yield replace(ctx, actor=actor or system_actor("测试"))

    @property
    def wish(self) -> Wish:
        return Wish(plugins=tuple(self.county.tenant.plugins))

    async def record(self) -> TenantRecord:
        """The directory's row as it is now."""
        async with self.database.shared() as session:
            return await session.get_one(TenantRecord, self.county.tenant.id)

    async def many(self, policies: Policies, number: int, *, at: str = "grid") -> list:
        """That many new cases on one node: one that was reported, and copies of it."""
        async with self.acting(policies) as ctx:
            first = (await a_case(ctx, self.county.at(at))).case_id
            names = Case.__mapper__.columns.keys()
            columns = [getattr(Case, name) for name in names]
            row = (await ctx.session.execute(select(*columns).where(Case.id == first))).one()
            ids = [new_id() for _ in range(number - 1)]
            await ctx.session.execute(
                insert(Case),
                [
                    {**row._asdict(), "id": one, "code": f"{row.code}-{n}"}
                    for n, one in enumerate(ids)
                ],
            )
            await ctx.session.execute(
                update(CaseCount)
                .where(CaseCount.node_path == row.node_path, CaseCount.state == row.state)
                .values(count=CaseCount.count + len(ids))
            )
        return [first, *ids]
