"""Every table of the core: importing this module fills ``Base.metadata``."""

from typing import Final

from gridgov.access import models as access
from gridgov.accounts import models as accounts
from gridgov.assessment import models as assessment
from gridgov.audit import models as audit
from gridgov.calendar import models as calendar
from gridgov.cases import models as cases
from gridgov.compliance import models as compliance
from gridgov.fieldwork import models as fieldwork
from gridgov.files import models as files
from gridgov.grid import models as grid
from gridgov.handover import models as handover
from gridgov.kernel import outbox, schedules
from gridgov.kernel.db import Base
from gridgov.notices import models as notices
from gridgov.organisations import models as organisations
from gridgov.province import models as province
from gridgov.registry import models as registry
from gridgov.rulebook import models as rulebook
from gridgov.services import models as services
from gridgov.staff import models as staff
from gridgov.staffing import models as staffing
from gridgov.standards import models as standards
from gridgov.stations import models as stations
from gridgov.suggestions import models as suggestions
from gridgov.tenants import models as tenants
from gridgov.web import models as web
from gridgov.yearly import models as yearly

ROOMS = (
    access,
    accounts,
    assessment,
    audit,
    calendar,
    cases,
    compliance,
    fieldwork,
    files,
    grid,
    handover,
    notices,
    organisations,
    outbox,
    province,
    registry,
    rulebook,
    schedules,
    services,
    staff,
    staffing,
    standards,
    stations,
    suggestions,
    tenants,
    web,
    yearly,
)

METADATA = Base.metadata

CORE: Final = "gridgov"
"""The name of the core's own run."""
