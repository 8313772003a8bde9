"""The page above the counties."""

from typing import Final

from litestar import Controller, get

from gridgov.desk.rules import ON_TIME, pieces
from gridgov.province.queries import counties
from gridgov.province.types import LASTS_DAYS
from gridgov.web.guard import Region
from gridgov.web.pages import Page, page
from gridgov.web.urls import REGION

STATES: Final = {"onboarding": "正在接入", "active": "正常运行", "suspended": "已暂停"}


class Province(Controller):
    """The counties of a region: whether they are on the air, and how they stand."""

    path = "/province"

    @get("/", name="province", permission=REGION)
    async def counties(self, region: Region) -> Page:
        """One line a county: aggregates, no content."""
        rows = await counties(region)
        most = max((row.open for row in rows), default=0)
        return page(
            None,
            "province/counties.html",
            region=region,
            rows=[(row, pieces(row.lights, most)) for row in rows],
            states=STATES,
            days=LASTS_DAYS,
            on_time=ON_TIME,
            at=region.now,
        )
