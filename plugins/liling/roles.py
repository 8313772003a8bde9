"""Who may do what: as everywhere, under the names that these people have here."""

from dataclasses import replace
from typing import Final

from gridgov.baseline import roles
from gridgov.fieldwork.types import FieldRight
from gridgov.registry.types import RegistryRight
from gridgov.services.types import ServiceRight

_LOOKS: Final = (FieldRight.READ, RegistryRight.READ, ServiceRight.READ)
_WALKS: Final = (
    *_LOOKS,
    FieldRight.RECORD,
    RegistryRight.COUNT,
    ServiceRight.ASSIST,
    ServiceRight.BOOK,
)
_HEARS: Final = (*_WALKS, FieldRight.ANSWER, FieldRight.REVEAL)
_CHECKS: Final = (*_LOOKS, FieldRight.EXPORT, RegistryRight.EXPORT, ServiceRight.EXPORT)
_ORGANISES: Final = (
    *_CHECKS,
    FieldRight.ANSWER,
    FieldRight.CAMPAIGN,
    ServiceRight.ASSIST,
    ServiceRight.BOOK,
)


ROLES: Final = (
    replace(roles.WORKER, rights=(*roles.WORKER.rights, *_WALKS)),
    replace(roles.CHIEF, rights=(*roles.CHIEF.rights, *_WALKS)),
    replace(
        roles.STATION_CLERK,
        name="工作站专员",
        rights=(*roles.STATION_CLERK.rights, *_HEARS),
    ),
    replace(
        roles.SUBCENTRE_CLERK,
        name="分中心专员",
        rights=(*roles.SUBCENTRE_CLERK.rights, *_ORGANISES),
    ),
    replace(roles.DISPATCHER, rights=(*roles.DISPATCHER.rights, *_ORGANISES)),
    replace(roles.HANDLER, name="部门经办员", rights=(*roles.HANDLER.rights, ServiceRight.READ)),
    replace(roles.SUPERVISOR, rights=(*roles.SUPERVISOR.rights, *_CHECKS)),
    replace(
        roles.LEADER,
        name="第一责任人",
        levels=("county", "district", "town", "village"),
        rights=(*roles.LEADER.rights, *_LOOKS),
    ),
    replace(
        roles.COUNTY_ADMIN,
        rights=(*roles.COUNTY_ADMIN.rights, ServiceRight.READ, ServiceRight.MAINTAIN),
    ),
)
