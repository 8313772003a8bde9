"""Open cases of several filters at once: of the platforms, of the zones of a hall."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy import and_, case, func, select

from gridgov.cases.queries.lights import light_column
from gridgov.cases.queries.seeing import cases_seen_by
from gridgov.cases.queries.worklist import OPEN, CaseFilter, conditions, narrowed
from gridgov.context import Context
from gridgov.contract.stations import Platform
from gridgov.kernel.ready import Ready, one_of
from gridgov.staff.models import Department

_ONE: Final = 1


def of_platform(platform: Platform) -> CaseFilter:
    """What belongs to a platform: by what it is about, while no other department has it."""
    return CaseFilter(
        categories=platform.categories, kinds=platform.kinds, hands=platform.departments
    )


async def open_by_light(
    ctx: Context, wanted: Sequence[CaseFilter], *, among: CaseFilter | None = None
) -> list[dict[str, int]]:
    """For each filter its open cases by light, in one statement; ``among`` narrows all of them."""
    if not wanted:
        return []
    belongs = [
        case((and_(*conditions(ctx, one)), _ONE)).label(f"of_{place}")
        for place, one in enumerate(wanted)
    ]
    lit = (
        narrowed(ctx, cases_seen_by(ctx.actor), replace(among or CaseFilter(), ends=OPEN))
        .with_only_columns(light_column(ctx.now).label("light"), *belongs)
        .subquery()
    )
    counts = (func.count(lit.c[f"of_{place}"]) for place in range(len(wanted)))
    found = select(lit.c.light, *counts).group_by(lit.c.light)
    totals: list[dict[str, int]] = [{} for _ in wanted]
    for light, *numbers in await Ready(found).rows(ctx.session):
        for total, number in zip(totals, numbers, strict=True):
            total[light] = int(number)
    return totals


async def departments_named(ctx: Context, codes: Sequence[str]) -> dict[str, str]:
    """The names of departments by their code; those that the county does not have are left out."""
    found = select(Department.code, Department.name).where(
        one_of(Department.code, codes), Department.closed_on.is_(None)
    )
    names = dict(await Ready(found).rows(ctx.session))
    return {code: names[code] for code in codes if code in names}
