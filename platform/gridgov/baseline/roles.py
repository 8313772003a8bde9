"""Who may do what. The three administrators are three people; none of them reads a case."""

from typing import Final

from gridgov.access.types import AccessRight
from gridgov.accounts.types import AccountRight
from gridgov.assessment.types import AssessmentRight
from gridgov.audit.types import AuditRight
from gridgov.calendar.types import CalendarRight
from gridgov.cases.types import CaseRight
from gridgov.compliance.types import ComplianceRight
from gridgov.contract.declarations import Binds, Role
from gridgov.desk.types import DeskRight
from gridgov.grid.types import GridRight
from gridgov.handover.types import HandoverRight
from gridgov.organisations.types import OrganisationRight
from gridgov.rulebook.types import RulebookRight
from gridgov.services.types import ServiceRight
from gridgov.staff.types import StaffRight
from gridgov.staffing.types import StaffingRight
from gridgov.standards.types import StandardRight
from gridgov.stations.types import StationRight
from gridgov.suggestions.types import SuggestionRight
from gridgov.yearly.types import YearlyRight

_FOLLOWS: Final = (
    GridRight.READ,
    RulebookRight.LISTS,
    CaseRight.READ,
    CaseRight.NOTE,
    AssessmentRight.READ,
)
_OUTSIDE: Final = (
    *_FOLLOWS,
    CaseRight.REPORT,
    CaseRight.SPOT,
    StaffingRight.READ,
    OrganisationRight.READ,
    OrganisationRight.KEEP,
)
_DESK: Final = (
    *_FOLLOWS,
    CaseRight.REPORT,
    CaseRight.FILE,
    CaseRight.SPOT,
    CaseRight.PASS_UP,
    CaseRight.VERIFY,
    CaseRight.MERGE,
    CaseRight.URGE,
    CaseRight.REVEAL,
    ServiceRight.CODES,
    StaffingRight.READ,
    OrganisationRight.READ,
    OrganisationRight.MEET,
    AssessmentRight.COMMENT,
    AssessmentRight.NOMINATE,
)
_DISPATCHING: Final = (
    *_DESK,
    CaseRight.DISPATCH,
    CaseRight.APPROVE,
    CaseRight.EXPORT,
    CaseRight.OVERVIEW,
    StandardRight.CONFIRM,
    StationRight.EDIT,
    StationRight.ROSTER,
    StationRight.HALL,
)

WORKER: Final = Role(
    code="worker",
    name="网格员",
    rights=_OUTSIDE,
    levels=("grid",),
    post="worker",
    home="my_day",
)
CHIEF: Final = Role(
    code="chief",
    name="网格长",
    rights=(*_OUTSIDE, CaseRight.URGE),
    levels=("village", "grid"),
    post="chief",
    home="my_day",
)
STATION_CLERK: Final = Role(
    code="station_clerk",
    name="村（社区）专员",
    rights=(
        *_DESK,
        AccountRight.RESET,
        StandardRight.CLAIM,
        StationRight.EDIT,
        StaffingRight.KIT,
        OrganisationRight.KEEP,
        OrganisationRight.REVEAL,
    ),
    levels=("village",),
    post="clerk",
    home="queue",
)
SUBCENTRE_CLERK: Final = Role(
    code="subcentre_clerk",
    name="镇街专员",
    rights=(
        *_DISPATCHING,
        AccountRight.RESET,
        AccountRight.APPROVE_RESET,
        StandardRight.CLAIM,
        StaffingRight.KIT,
        OrganisationRight.KEEP,
        OrganisationRight.REVEAL,
        HandoverRight.OPEN,
    ),
    levels=("town",),
    home="queue",
)
DISPATCHER: Final = Role(
    code="dispatcher",
    name="调度员",
    rights=(*_DISPATCHING, AssessmentRight.LEAD),
    levels=("county",),
    home="dispatch",
)
HANDLER: Final = Role(
    code="handler",
    name="经办员",
    rights=(
        *_FOLLOWS,
        CaseRight.HANDLE,
        AssessmentRight.COMMENT,
        AssessmentRight.APPEAL,
    ),
    binds=Binds.DEPARTMENT,
    home="handling",
)
SUPERVISOR: Final = Role(
    code="supervisor",
    name="督查员",
    rights=(
        *_FOLLOWS,
        CaseRight.URGE,
        CaseRight.SUPERVISE,
        CaseRight.EXPORT,
        CaseRight.OVERVIEW,
        StaffingRight.READ,
        OrganisationRight.READ,
        CalendarRight.READ,
        SuggestionRight.ANSWER,
        StandardRight.CONFIRM,
        AssessmentRight.SUPERVISE,
    ),
    levels=("county", "town"),
    home="overview",
)
LEADER: Final = Role(
    code="leader",
    name="负责人",
    rights=(
        *_FOLLOWS,
        CaseRight.URGE,
        CaseRight.OVERVIEW,
        StaffingRight.READ,
        OrganisationRight.READ,
        OrganisationRight.MEET,
        AssessmentRight.COMMENT,
        AssessmentRight.DECIDE,
        AssessmentRight.NOMINATE,
        HandoverRight.OPEN,
        HandoverRight.SIGN,
    ),
    levels=("county", "town", "village"),
    post="leader",
    home="overview",
)
COUNTY_ADMIN: Final = Role(
    code="county_admin",
    name="县级管理员",
    rights=(
        DeskRight.ADMINISTER,
        GridRight.READ,
        GridRight.REDIVIDE,
        AccountRight.CREATE,
        AccountRight.RESET,
        AccountRight.APPROVE_RESET,
        CalendarRight.READ,
        CalendarRight.CHANGE,
        RulebookRight.READ,
        RulebookRight.CHANGE,
        RulebookRight.LISTS,
        YearlyRight.TICK,
        SuggestionRight.ANSWER,
        StaffRight.READ,
        StaffRight.APPOINT,
        StaffingRight.READ,
        StaffingRight.KIT,
        ComplianceRight.ASK,
        ComplianceRight.CONFIRM,
        HandoverRight.OPEN,
        HandoverRight.SIGN,
        HandoverRight.TURNOVER,
    ),
    binds=Binds.TENANT,
    administrator=True,
    apart_from=("security_admin", "auditor"),
    home="admin",
)
SECURITY_ADMIN: Final = Role(
    code="security_admin",
    name="安全管理员",
    rights=(
        GridRight.READ,
        AccessRight.GRANT,
        AccessRight.READ,
        AccountRight.APPROVE_RESET,
        ComplianceRight.CONFIRM,
    ),
    grants=(
        WORKER.code,
        CHIEF.code,
        STATION_CLERK.code,
        SUBCENTRE_CLERK.code,
        DISPATCHER.code,
        HANDLER.code,
        SUPERVISOR.code,
        LEADER.code,
        COUNTY_ADMIN.code,
        "auditor",
    ),
    binds=Binds.TENANT,
    administrator=True,
    apart_from=("county_admin", "auditor"),
    home="bindings",
)
AUDITOR: Final = Role(
    code="auditor",
    name="审计员",
    rights=(AuditRight.READ, RulebookRight.READ),
    binds=Binds.TENANT,
    administrator=True,
    apart_from=("county_admin", "security_admin"),
    home="audit",
)

ROLES: Final = (
    WORKER,
    CHIEF,
    STATION_CLERK,
    SUBCENTRE_CLERK,
    DISPATCHER,
    HANDLER,
    SUPERVISOR,
    LEADER,
    COUNTY_ADMIN,
    SECURITY_ADMIN,
    AUDITOR,
)
