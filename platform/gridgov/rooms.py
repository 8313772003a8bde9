"""The rooms that are open: their controllers, what they listen to, and what follows at once.

Shared by ``app`` and ``worker``; with them and ``cli`` the only place that knows all rooms. What
counties listen to is told here as well, for it is heard in the same way.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import ModuleType
from typing import Any, cast

from litestar.types import ControllerRouterHandler

from gridgov.access import jobs as access_jobs
from gridgov.access.web.account import AccountPage
from gridgov.access.web.bindings import Bindings
from gridgov.access.web.opening import Opener
from gridgov.access.web.people import Accounts
from gridgov.access.web.resets import Resets
from gridgov.access.web.why import Why
from gridgov.accounts import jobs as accounts_jobs
from gridgov.accounts.web.door import Door
from gridgov.accounts.web.factor import SecondFactor
from gridgov.accounts.web.own import Devices, Passwords
from gridgov.accounts.web.region import RegionDoor
from gridgov.assessment import jobs as assessment_jobs
from gridgov.assessment.web.pages import PAGES as ASSESSMENT_PAGES
from gridgov.assessment.web.pages import SLOTS as SHEETS
from gridgov.audit.web import AuditLog
from gridgov.calendar import jobs as calendar_jobs
from gridgov.calendar.web import CalendarPages
from gridgov.cases import jobs as cases_jobs
from gridgov.cases.queries.record import photo_seen
from gridgov.cases.web.acting import Acting
from gridgov.cases.web.circulars import Circulars
from gridgov.cases.web.dispatching import DispatchDesk
from gridgov.cases.web.exporting import CaseExport
from gridgov.cases.web.lists import CaseLists, Ledgers
from gridgov.cases.web.placing import SLOTS as CASES
from gridgov.cases.web.placing import CasePlaces
from gridgov.cases.web.recording import CaseRecord
from gridgov.cases.web.reporting import StaffReport
from gridgov.compliance import jobs as compliance_jobs
from gridgov.compliance.web import Switchboard
from gridgov.context import Context
from gridgov.contract.reactions import Reaction
from gridgov.desk.web import Board, Desk
from gridgov.fieldwork import jobs as fieldwork_jobs
from gridgov.fieldwork.web.pages import PAGES as FIELD_PAGES
from gridgov.fieldwork.web.pages import SLOTS as FIELD
from gridgov.files import jobs as files_jobs
from gridgov.files.web import MaySee, file_pages
from gridgov.grid import jobs as grid_jobs
from gridgov.grid.web.browsing import GridPages
from gridgov.grid.web.mapping import MapPages
from gridgov.grid.web.redividing import Redivisions
from gridgov.handover import jobs as handover_jobs
from gridgov.handover.web.handovers import Handovers
from gridgov.handover.web.turnovers import Turnovers
from gridgov.kernel.budget import within
from gridgov.kernel.outbox import Event, Handler
from gridgov.kernel.schedules import Every
from gridgov.kernel.together import Follower
from gridgov.notices import jobs as notices_jobs
from gridgov.notices.live import listening
from gridgov.notices.web import Live, Notices
from gridgov.organisations import jobs as organisations_jobs
from gridgov.organisations.queries.teams import activity_seen
from gridgov.organisations.web.consulting import SLOTS as CONSULTATIONS
from gridgov.organisations.web.pages import PAGES as ORGANISATION_PAGES
from gridgov.organisations.web.teams import SLOTS as TEAMS
from gridgov.plugins import Plugin, Plugins
from gridgov.portal.web.booking import Visits
from gridgov.portal.web.guides import Guides
from gridgov.portal.web.places import Places
from gridgov.portal.web.reporting import Reporting
from gridgov.portal.web.tracking import Tracking
from gridgov.portal.web.walls import Walls
from gridgov.province import jobs as province_jobs
from gridgov.province.web import Province
from gridgov.registry import jobs as registry_jobs
from gridgov.registry.web.browsing import SLOTS as BUILDINGS
from gridgov.registry.web.browsing import Buildings
from gridgov.registry.web.counting import Counting
from gridgov.registry.web.exporting import BuildingExport
from gridgov.rulebook.web.list_rows import ListRows
from gridgov.rulebook.web.lists import Lists
from gridgov.rulebook.web.rules import RulesPage
from gridgov.rulebook.web.settings import SettingsPage
from gridgov.services import jobs as services_jobs
from gridgov.services.queries.assisting import signature_seen
from gridgov.services.web.pages import PAGES as SERVICE_PAGES
from gridgov.services.web.pages import SLOTS as SERVICES
from gridgov.staff import jobs as staff_jobs
from gridgov.staff.web import SLOTS as POSTS
from gridgov.staff.web import People
from gridgov.staffing import jobs as staffing_jobs
from gridgov.staffing.web.pages import PAGES as STAFFING_PAGES
from gridgov.staffing.web.pages import SLOTS as STAFFING
from gridgov.standards import jobs as standards_jobs
from gridgov.standards.queries import photo_seen as evidence_seen
from gridgov.standards.web.pages import PAGES as STANDARD_PAGES
from gridgov.standards.web.pages import SLOTS as STANDARDS
from gridgov.stations import jobs as stations_jobs
from gridgov.stations.web.pages import PAGES as STATION_PAGES
from gridgov.stations.web.pages import SLOTS as STATIONS
from gridgov.suggestions.web import Suggestions
from gridgov.web.components import show_components
from gridgov.web.slots import Slot
from gridgov.yearly import jobs as yearly_jobs
from gridgov.yearly.web import YearPage

__all__ = ["CONTROLLERS", "HANDLERS", "LIFESPANS", "SCHEDULES", "SLOTS", "TOGETHER", "Opener"]

FILES_SEEN_BY: dict[str, MaySee] = {
    "activity": activity_seen,
    "authorisation": signature_seen,
    "case": photo_seen,
    "standard": evidence_seen,
}
"""Who may see the files of a kind of owner, as its room says: ``"case": photo_seen``."""

CONTROLLERS: Sequence[ControllerRouterHandler] = (
    AccountPage,
    Accounts,
    Acting,
    AuditLog,
    Bindings,
    Board,
    BuildingExport,
    Buildings,
    CalendarPages,
    CaseExport,
    CaseLists,
    CasePlaces,
    CaseRecord,
    Circulars,
    Counting,
    Desk,
    Devices,
    DispatchDesk,
    Door,
    GridPages,
    Guides,
    Handovers,
    Ledgers,
    ListRows,
    Lists,
    Live,
    MapPages,
    Notices,
    Redivisions,
    Passwords,
    Places,
    People,
    Province,
    RegionDoor,
    Reporting,
    Resets,
    RulesPage,
    SecondFactor,
    SettingsPage,
    StaffReport,
    Suggestions,
    Switchboard,
    Tracking,
    Turnovers,
    Visits,
    Walls,
    Why,
    YearPage,
    *STANDARD_PAGES,
    *STATION_PAGES,
    *STAFFING_PAGES,
    *ORGANISATION_PAGES,
    *ASSESSMENT_PAGES,
    *FIELD_PAGES,
    *SERVICE_PAGES,
    file_pages(FILES_SEEN_BY),
    show_components,
)

SLOTS: Sequence[Slot] = (
    *POSTS,
    *STAFFING,
    *BUILDINGS,
    *FIELD,
    *TEAMS,
    *CASES,
    *CONSULTATIONS,
    *SERVICES,
    *SHEETS,
    *STANDARDS,
    *STATIONS,
)
"""What rooms show in the pages of the rooms below them."""

LIFESPANS = (listening,)
"""What runs beside the pages of a web process, from its start to its end."""

JOBS: Sequence[ModuleType] = (
    access_jobs,
    accounts_jobs,
    assessment_jobs,
    calendar_jobs,
    cases_jobs,
    fieldwork_jobs,
    compliance_jobs,
    files_jobs,
    grid_jobs,
    handover_jobs,
    notices_jobs,
    organisations_jobs,
    province_jobs,
    services_jobs,
    registry_jobs,
    staff_jobs,
    staffing_jobs,
    standards_jobs,
    stations_jobs,
    yearly_jobs,
)
"""Every room's ``jobs.py``: what it does ``on`` an event, ``every`` so often, and ``together``."""


def _listed(word: str) -> dict[str, list[Any]]:
    """What the rooms say under ``word``, by kind: one function, or several in a list."""
    found: dict[str, list[Any]] = {}
    said: Mapping[str, Any]
    for said in (getattr(room, word, {}) for room in JOBS):
        for kind, one in said.items():
            found.setdefault(kind, []).extend(
                cast("list[Any]", one) if isinstance(one, list) else [one]
            )
    return found


TOGETHER: dict[str, Sequence[Follower]] = {**_listed("together")}

HANDLERS: dict[str, Sequence[Handler]] = {
    kind: [
        Handler(f"{run.__module__}.{run.__name__}".removeprefix("gridgov."), run) for run in runs
    ]
    for kind, runs in _listed("on").items()
}

SCHEDULES: dict[str, Every] = {job: every for job, (every,) in _listed("every").items()}


def every_right() -> set[str]:
    """All rights of all rooms, and of the plugins that are loaded."""
    return {str(right) for enum in right_enums() for right in enum}


def right_enums() -> list[type[StrEnum]]:
    """Every enum of rights that is loaded: their names end so."""
    return [enum for enum in StrEnum.__subclasses__() if enum.__name__.endswith("Right")]


def handlers(plugins: Plugins) -> dict[str, list[Handler]]:
    """Who listens to an event: the rooms first, then the counties."""
    found = {kind: list(those) for kind, those in HANDLERS.items()}
    for plugin in plugins:
        for reaction in plugin.listed("REACTIONS"):
            found.setdefault(reaction.event, []).append(_reacting(plugin, reaction))
    return found


def _reacting(plugin: Plugin, reaction: Reaction) -> Handler:
    async def run(ctx: Context, event: Event) -> None:
        if plugin.name not in ctx.policy.plugins:
            return
        seconds, statements = reaction.seconds, reaction.statements
        try:
            async with within(ctx.session, seconds=seconds, statements=statements):
                await reaction.run(ctx, event)
        except Exception as error:
            ctx.policy.note(plugin.name, reaction.event, error)
            raise

    run_of: Any = reaction.run
    return Handler(f"{plugin.name}: {run_of.__module__}.{run_of.__qualname__}", run)
