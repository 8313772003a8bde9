"""Who may do what: as everywhere, under the names that these people have here."""

from dataclasses import replace
from typing import Final

from gridgov.baseline import roles

ROLES: Final = (
    replace(roles.STATION_CLERK, name="工作站专员"),
    replace(roles.SUBCENTRE_CLERK, name="分中心专员"),
    replace(roles.HANDLER, name="部门经办员"),
    replace(roles.LEADER, name="第一责任人", levels=("county", "district", "town", "village")),
)
