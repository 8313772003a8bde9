"""What a scanned code costs against its floor: ``PYTHONPATH=tests python -m bench.scan``.

By the CPU time of this process and of the database, so that it can be measured on a machine that
is shared. The catalogue has 664 items, a hundred and twenty-nine of them done by workers.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from statistics import median
from typing import Any, Final

from sqlalchemy import select

from bench.acting import Cast
from bench.floor import Floor, Target
from bench.hearing import hearing
from bench.processes import cpu_of
from bench.within import Within
from gridgov.app import create_app
from gridgov.kernel.settings import Settings
from gridgov.services.actions.codes import issue_codes
from gridgov.services.actions.importing import bring_to
from gridgov.services.models import PlaceCode
from gridgov.services.types import CodeKind, Item
from gridgov.testkit.clock import Clock
from gridgov.testkit.contexts import open_context
from gridgov.testkit.counties import ACounty, a_county
from gridgov.testkit.databases import a_database, servers

_ITEMS: Final = 664
_AGENCY: Final = 129
_ROUNDS: Final = 9
_TIMES: Final = 300


async def _hung(app: Any, settings: Settings, county: ACounty) -> str:
    """The address behind a code in a county with a whole catalogue."""
    department = next(iter(county.departments))
    items = [
        Item(
            code=f"S{number:04}", name=f"事项{number}", batch="benefit", department=department,
            flags=frozenset({"online", "agency"} if number < _AGENCY else {"online"}),
            term="5个工作日", steps=("交材料",),
        )
        for number in range(_ITEMS)
    ]  # fmt: skip
    entering = (app.state.database, settings, Clock(), county)
    async with open_context(*entering, as_="station_clerk") as ctx:
        await bring_to(ctx, items)
        grid = county.at("grid").id
        await issue_codes(ctx, grid, kind=CodeKind.STAIR, places=["3栋2单元"])
        token = await ctx.session.scalar(select(PlaceCode.token))
    return f"/{county.tenant.slug}/q/{token}"


async def _cost(once: Callable[[], Awaitable[Any]], postmaster: int) -> float:
    """Milliseconds of CPU that one takes, here and in the database."""
    began = time.process_time() + cpu_of([postmaster])
    for _ in range(_TIMES):
        await once()
    return 1000 * (time.process_time() + cpu_of([postmaster]) - began) / _TIMES


async def measured(settings: Settings, postmaster: int) -> tuple[float, float, float]:
    """Product, floor and the median of the rounds' ratios."""
    app = create_app(settings)
    async with app.lifespan():
        county = await a_county(app.state.database, settings, plugins=["liling"])
        address = await _hung(app, settings, county)
        within = Within(app)
        cast: Any = Cast
        floor = Floor(settings, cast)
        with hearing(app.state.database.sync_engine) as ear:
            for _ in range(3):
                await within.send("GET", address, {})
            await floor.learn(app.state.shell, within, ear, Target("scan", address, ""))
        await floor.connect()
        rounds = [
            (
                await _cost(lambda: within.send("GET", address, {}), postmaster),
                await _cost(lambda: floor.page("scan", 0), postmaster),
            )
            for _ in range(_ROUNDS)
        ]
        await floor.close()
    product, bare = (median(one) for one in zip(*rounds, strict=True))
    return product, bare, median(mine / other for mine, other in rounds)


def main() -> None:
    """Measure and tell."""
    with servers() as stack, a_database(stack) as settings:
        postmaster = int((stack.postgres.data / "postmaster.pid").read_text().split()[0])
        product, bare, ratio = asyncio.run(measured(settings, postmaster))
    print(f"a scan: {product:.2f} ms, its floor {bare:.2f} ms, ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
