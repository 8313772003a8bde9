"""A visit to two counties by a process of its own, for tests that install and remove a plugin.

``outside.py VERB STATE``: what it did and saw is kept in the file STATE, as JSON.
"""

import asyncio
import io
import json
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from litestar import Litestar
from openpyxl import load_workbook
from sqlalchemy import insert, update

from gridgov.access.models import Binding
from gridgov.app import create_app
from gridgov.cases.actions.performing import perform
from gridgov.cases.actions.reporting import report_case
from gridgov.context import Context
from gridgov.kernel.clock import now
from gridgov.kernel.db import Database
from gridgov.kernel.ids import new_id
from gridgov.kernel.settings import Settings
from gridgov.policy import Policies
from gridgov.tenants.actions import count_policy_up
from gridgov.tenants.rulebooks import Rulebooks
from gridgov.tenants.workplace import Workplaces
from gridgov.testkit.counties import a_county
from gridgov.testkit.serving import started
from gridgov.testkit.signing_in import a_browser, send, sign_in

Kept = dict[str, Any]


async def begin(kept: Kept) -> None:
    """Two counties that run the baseline, each with a case."""
    settings = Settings.from_env()
    database = Database(settings, pooled=False)
    for name in ("one", "two"):
        county = await a_county(database, settings, plugins=["baseline"])
        kept[name] = {
            "slug": county.tenant.slug,
            "clerk": str(county.accounts["station_clerk"].account_id),
            "supervisor": str(county.accounts["supervisor"].account_id),
            "village": str(county.at("village").id),
            "grid": str(county.at("grid").id),
        }
        async with in_county(database, settings, kept[name]) as ctx:
            leaf = next(c.code for c in ctx.policy.county.categories if c.parent)
            grid = UUID(kept[name]["grid"])
            kept[name]["case"] = str((await report_case(ctx, category=leaf, node_id=grid)).case_id)
    await database.close()


async def work(kept: Kept) -> None:
    """In the first county: the clerk helps, and somebody asks for an errand."""
    one = kept["one"]
    async with opened(one) as ctx:
        await ctx.session.execute(
            insert(Binding).values(
                tenant_id=ctx.tenant.id,
                id=new_id(),
                account_id=UUID(one["clerk"]),
                role="helper",
                node_id=UUID(one["village"]),
                valid_from=ctx.today,
                granted_at=ctx.now,
            )
        )
        await count_policy_up(ctx)
        errand = await report_case(
            ctx, kind="errand", category="S0101", node_id=UUID(one["grid"]), title="给三组送药"
        )
        receipts = import_module("wanzai.models").Receipt
        ctx.session.add(
            receipts(tenant_id=ctx.tenant.id, case_id=errand.case_id, text="=药费单一张")
        )
        one["errand"], one["code"] = str(errand.case_id), errand.code


async def finish(kept: Kept) -> None:
    """The errand is run and answered, and the clerk helps no longer."""
    one = kept["one"]
    async with opened(one) as ctx:
        await perform(ctx, UUID(one["errand"]), "file")
        await perform(ctx, UUID(one["errand"]), "close", {"answer": "药已送到。"})
        await ctx.session.execute(
            update(Binding).where(Binding.role == "helper").values(valid_to=ctx.today)
        )
        await count_policy_up(ctx)


async def look(kept: Kept) -> Kept:
    """Statuses of pages in both counties, and whether list and file of cases know the errand."""
    seen: Kept = {}
    async with started(create_app(Settings.from_env())) as app:
        for name in ("one", "two"):
            county = kept[name]
            base = f"/{county['slug']}"
            async with a_browser(app) as client:
                await sign_in(client, None, SimpleNamespace(account_id=UUID(county["clerk"])))
                pages = {"board": f"{base}/x/wanzai/board", "cases": f"{base}/cases?view=all"}
                pages["case"] = f"{base}/cases/{county['case']}"
                if "errand" in county:
                    pages["errand"] = f"{base}/cases/{county['errand']}"
                answers = {page: await client.get(address) for page, address in pages.items()}
                seen[name] = {page: answer.status_code for page, answer in answers.items()}
                seen[name]["said"] = "给三组送药" in answers["board"].text
                if "errand" in answers:
                    seen[name]["state"] = "已办好" in answers["errand"].text
                    seen[name]["exported"] = county["code"] in await exported(app, county)
    return seen


async def exported(app: Litestar, county: Kept) -> set[str]:
    """Every cell of the file of all cases, as the supervisor gets it."""
    async with a_browser(app) as client:
        await sign_in(client, None, SimpleNamespace(account_id=UUID(county["supervisor"])))
        file = await send(client, f"/{county['slug']}/cases/export?view=all", purpose="核对")
        return cells(file.content)


def cells(workbook: bytes) -> set[str]:
    sheet = load_workbook(io.BytesIO(workbook)).worksheets[0]
    return {str(cell.value) for row in sheet.iter_rows() for cell in row}


def opened(county: Kept) -> AsyncExitStack:
    settings = Settings.from_env()
    return in_county(Database(settings, pooled=False), settings, county)


class in_county(AsyncExitStack):  # noqa: N801  (reads as a sentence)
    """A transaction of the system in a county."""

    def __init__(self, database: Database, settings: Settings, county: Kept) -> None:
        super().__init__()
        self._places = Workplaces(database, Rulebooks(Policies()), settings.secret)
        self._slug = county["slug"]

    async def __aenter__(self) -> Context:
        (record,) = await self._places.records(slug=self._slug)
        return await self.enter_async_context(
            self._places.of(record).transaction("测试", now=now())
        )


VERBS: dict[str, Callable[[Kept], Awaitable[Kept | None]]] = {
    "begin": begin,
    "work": work,
    "finish": finish,
    "look": look,
}


def main() -> None:
    verb, file = sys.argv[1], Path(sys.argv[2])
    kept = json.loads(file.read_text()) if file.exists() else {}
    kept["seen"] = asyncio.run(VERBS[verb](kept))  # type: ignore[arg-type]
    file.write_text(json.dumps(kept))


if __name__ == "__main__":
    main()
