"""What a county declares: frozen values, read once when its plugin loads.

Numbers, thresholds and words are the county's; each carries its ``source``: a printed text, a law,
or ``assumption`` where this project had to choose and a county must confirm.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from gridgov.contract.assessment import Figure, Honour, Review, Sheet
from gridgov.contract.fieldwork import BuildingUse, CampaignKind, LedgerKind
from gridgov.contract.lists import CountyList, Practice, Remit, Round
from gridgov.contract.organisations import MeetingKind, TeamKind
from gridgov.contract.services import CustodyPlace, ServiceBatch, ServiceFlag
from gridgov.contract.staffing import Duty, KitItem, Quota
from gridgov.contract.standards import Standard
from gridgov.contract.stations import Joint, Platform, Seat, Shift, Zone
from gridgov.contract.years import YearlyDuty
from gridgov.kernel.durations import Duration

ASSUMPTION: Final = "assumption"
"""The ``source`` of a number that no document gives: this project's choice, flagged in pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One level of the grid tree.

    ``under`` names the levels that may be its parent (empty: it is the root). ``code_length`` is
    the length of a node's code; ``base`` marks the leaves in which people live and workers patrol.
    ``desk`` is what the working unit at this level is called, if cases can be handled there.
    ``motto`` is what the county calls it when a case is solved at this level or below.
    """

    code: str
    name: str
    under: tuple[str, ...] = ()
    code_length: int
    base: bool = False
    desk: str = ""
    motto: str = ""
    households: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A duty that a person holds on a node. ``answers`` marks the post that reminders climb to."""

    code: str
    name: str
    levels: tuple[str, ...]
    answers: bool = False
    single: bool = False
    source: str = ""


class Binds(StrEnum):
    """What a binding of a role must name."""

    NODE = "node"
    DEPARTMENT = "department"
    TENANT = "tenant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role and the rights it gives.

    ``administrator`` roles need a second factor and go with no other kind of role; ``apart_from``
    names roles that one person may not hold besides. ``grants`` are the roles that its holder may
    give to others where the holder's own binding reaches, if it has the right to give any;
    ``granted_by`` says the same from the other side, for a role that is added to theirs.
    ``post`` is the post that it goes with: who leaves the post on a node loses the role there.
    """

    code: str
    name: str
    rights: tuple[str, ...]
    binds: Binds = Binds.NODE
    levels: tuple[str, ...] = ()
    administrator: bool = False
    apart_from: tuple[str, ...] = ()
    grants: tuple[str, ...] = ()
    granted_by: tuple[str, ...] = ()
    post: str = ""
    home: str = ""


class Origin(StrEnum):
    """How a case came in."""

    WORKER = "worker"
    RESIDENT = "resident"
    DESK = "desk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """What a case is about. Only leaves (with a ``parent``) can be chosen.

    ``unverified`` marks a code taken from city handbooks and not yet checked against the standard.
    ``departments`` are codes of the county's departments, the likeliest first. ``kind`` is the kind
    of case that begins with it, where that is not the usual one (the first declared): such a
    category is not offered to who reports.
    """

    code: str
    name: str
    parent: str = ""
    kind: str = ""
    urgency: str = ""
    departments: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    unverified: bool = False
    source: str = ""


class Each(StrEnum):
    """Whose clock it is."""

    CASE = ""
    ASSIGNMENT = "assignment"
    LEVEL = "level"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A deadline: how long, from when until when, and when its light turns yellow.

    ``starts`` and ``stops`` name actions. ``promise`` marks the clock that on-time is judged by.
    ``warn`` runs from the same start and must end before ``limit``. ``each`` gives every department
    or every level a clock of its own. ``setting`` names the setting that a tenant may change the
    amount by, in the unit of ``limit``; ``warn`` changes in proportion. ``by_term``: a case that
    brings a term of its own (an assisted service that of its item) runs by that instead.

    A clock that runs is never started again: neither a return nor a second dispatch resets it.
    """

    code: str
    name: str
    limit: Duration
    warn: Duration
    starts: tuple[str, ...]
    stops: tuple[str, ...]
    each: Each = Each.CASE
    promise: bool = False
    setting: str = ""
    by_term: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRules:
    """The clocks of an urgency from a day on. A case keeps those of the day that it was filed."""

    effective_from: date
    clocks: tuple[Clock, ...]
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgency:
    """How fast a case must go, with every version of its rules, oldest first."""

    code: str
    name: str
    rules: tuple[ClockRules, ...]


class Ends(StrEnum):
    """What it means for a case to rest in a state."""

    NO = ""
    CLOSED = "closed"
    REFUSED = "refused"
    MERGED = "merged"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Where a case can be. ``holder``, whose turn it is: ``desk``, ``department``, ``reporter``."""

    code: str
    name: str
    step: str = ""
    holder: str = ""
    ends: Ends = Ends.NO


FIELD_KINDS: Final = frozenset(
    {
        "text",
        "long_text",
        "choice",
        "departments",
        "category",
        "urgency",
        "photos",
        "days",
        "case",
        "stars",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """What an action asks for. ``limit`` is the longest text, or the largest number of days."""

    code: str
    label: str
    kind: str = "text"
    required: bool = False
    limit: int = 500
    choices: tuple[tuple[str, str], ...] = ()
    help: str = ""


EFFECTS: Final = frozenset(
    {
        "report",
        "file",
        "refuse",
        "restore",
        "pass_up",
        "call_back",
        "recategorise",
        "dispatch",
        "withdraw",
        "accept",
        "return",
        "object",
        "uphold_objection",
        "dismiss_objection",
        "attend",
        "handle",
        "finish",
        "explain",
        "ask_extension",
        "grant_extension",
        "refuse_extension",
        "ask_pause",
        "grant_pause",
        "refuse_pause",
        "resume",
        "close",
        "redo",
        "rate",
        "reopen",
        "urge",
        "supervise",
        "strike_off",
        "note",
        "merge",
        "unmerge",
    }
)
"""The mechanisms of the core that an action can be carried out by."""

GUARDS: Final = frozenset(
    {
        "has_upper_desk",
        "was_filed",
        "not_filed",
        "nobody_accepted",
        "offered_to_me",
        "accepted_by_me",
        "objection_left",
        "objection_open",
        "not_objecting",
        "explaining_counts",
        "extension_left",
        "extension_open",
        "pause_left",
        "pause_open",
        "paused",
        "not_paused",
        "decider_is_not_asker",
        "verifier_is_not_handler",
        "answered",
        "not_rated",
        "within_reopen_window",
        "supervised",
        "not_supervised",
    }
)
"""The further conditions that an action can name."""


class By(StrEnum):
    """Where the actor's right must reach."""

    DESK = "desk"  # the desk that has the case now: its node, or one above
    SENDER = "sender"  # the desk that passed the case up, and not the one that it was passed to
    DEPARTMENT = "department"  # a department with an open part in the case
    PLACE = "place"  # the place of the case, from whatever level
    REPORTER = "reporter"  # who reported it; needs no right


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What can be done to a case.

    ``to`` empty means that the case stays in its state. ``effect`` names the mechanism of the core
    that carries it out (dispatch, return, pass_up, ...); ``guards`` name further conditions of the
    core (verifier_is_not_handler, within_reopen_window, ...). An effect may hold the move back
    (other departments are not done yet) or send it to ``otherwise`` (no department to redo it).

    ``weight`` orders the action bar, the likeliest first; ``consequence`` is said before a
    ``grave`` one, ``said`` afterwards. ``undone_by`` names the actions that take it back.
    ``public`` lines of the timeline are shown to the reporter. ``asks`` names what higher rooms are
    asked in the same transaction before it is done (``contract.services.ASKED``): any may refuse.
    """

    code: str
    name: str
    right: str = ""
    by: By = By.DESK
    before: tuple[str, ...]
    to: str = ""
    otherwise: str = ""
    effect: str = "move"
    fields: tuple[Field, ...] = ()
    guards: tuple[str, ...] = ()
    weight: int = 50
    grave: bool = False
    consequence: str = ""
    said: str = ""
    undone_by: tuple[str, ...] = ()
    public: bool = False
    asks: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the county's loop, as its people count it."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseKind:
    """A kind of case: its steps, states and moves.

    Running cases keep the ``version`` they began with. A case begins in the state ``first`` by the
    action whose ``before`` is empty. ``follows`` says for states that earlier versions had and this
    one has no more, which of its states takes over the cases that are there.
    """

    code: str
    name: str
    version: int
    steps: tuple[Step, ...]
    first: str
    states: tuple[State, ...]
    actions: tuple[Action, ...]
    follows: tuple[tuple[str, str], ...] = ()
    source: str = ""

    @property
    def ratings(self) -> tuple[Field, ...]:
        """What a reporter is asked to rate: the stars of the action that rates, one or several."""
        rating = (action for action in self.actions if action.effect == "rate")
        return tuple(field for action in rating for field in action.fields if field.kind == "stars")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A number or word that a tenant may change. ``source`` says where the default comes from.

    ``unit`` is the word that people are shown; ``group`` is the heading that it stands under.
    ``below`` names a setting of the same unit that must stay larger: a change that breaks this is
    refused.
    """

    code: str
    name: str
    default: int | str | bool
    unit: str = ""
    least: int | None = None
    most: int | None = None
    below: str = ""
    group: str = ""
    help: str = ""
    source: str = ASSUMPTION


NEEDED_SETTINGS: Final = frozenset(
    {
        "contact_days",
        "extension_days_most",
        "extensions_most",
        "merge_hours",
        "merge_metres",
        "photo_days",
        "record_days",
        "reopen_days",
        "route_confidence",
    }
)
"""The settings that the core asks for once a county has cases."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place of the navigation: a module of the county and the named page that it opens.

    ``entries`` are (label, route name) pairs; those that the person may not open are left out.
    ``under`` names the pages that belong here without an entry: the module stays marked on them.
    """

    code: str
    name: str
    icon: str
    entries: tuple[tuple[str, str], ...]
    under: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class County:
    """Everything that a plugin declares.

    ``builds_on`` names an installed plugin that says ``reusable``: these declarations are laid over
    its, by code. What is left out there is as that plugin has it; so it may be little.
    """

    name: str
    builds_on: str = ""
    reusable: bool = False
    levels: tuple[Level, ...] = ()
    posts: tuple[Post, ...] = ()
    roles: tuple[Role, ...] = ()
    case_kinds: tuple[CaseKind, ...] = ()
    categories: tuple[Category, ...] = ()
    urgencies: tuple[Urgency, ...] = ()
    settings: tuple[Setting, ...] = ()
    navigation: tuple[Place, ...] = ()
    standards: tuple[Standard, ...] = ()
    shifts: tuple[Shift, ...] = ()
    seats: tuple[Seat, ...] = ()
    zones: tuple[Zone, ...] = ()
    joints: tuple[Joint, ...] = ()
    platforms: tuple[Platform, ...] = ()
    ledgers: tuple[LedgerKind, ...] = ()
    campaigns: tuple[CampaignKind, ...] = ()
    building_uses: tuple[BuildingUse, ...] = ()
    service_batches: tuple[ServiceBatch, ...] = ()
    service_flags: tuple[ServiceFlag, ...] = ()
    custody: tuple[CustodyPlace, ...] = ()
    quotas: tuple[Quota, ...] = ()
    duties: tuple[Duty, ...] = ()
    kit: tuple[KitItem, ...] = ()
    team_kinds: tuple[TeamKind, ...] = ()
    meeting_kinds: tuple[MeetingKind, ...] = ()
    figures: tuple[Figure, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    reviews: tuple[Review, ...] = ()
    honours: tuple[Honour, ...] = ()
    lists: tuple[CountyList, ...] = ()
    remits: tuple[Remit, ...] = ()
    rounds: tuple[Round, ...] = ()
    practices: tuple[Practice, ...] = ()
    yearly: tuple[YearlyDuty, ...] = ()
    glossary: dict[str, str] = field(default_factory=dict[str, str])
