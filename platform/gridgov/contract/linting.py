"""What is wrong with a county's declarations: every fault at once, before anybody works with them.

A case must never be stuck (a dead end), unowned (an open state whose holder can do nothing), or
without a clock; and nothing may be named that nobody declared.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from gridgov.contract import standards, stations
from gridgov.contract.assessment import faults_of as faults_of_assessment
from gridgov.contract.banned import PARTY, banned
from gridgov.contract.compliance import SOURCE
from gridgov.contract.declarations import (
    EFFECTS,
    FIELD_KINDS,
    GUARDS,
    NEEDED_SETTINGS,
    Action,
    By,
    CaseKind,
    Clock,
    ClockRules,
    County,
    Each,
    Ends,
    Setting,
    State,
    Urgency,
)
from gridgov.contract.fieldwork import campaign_faults, ledger_faults
from gridgov.contract.lists import LISTS, REMITS, ROUNDS
from gridgov.contract.services import ASKED, ASSIST, SERVICE_SETTINGS, service_faults
from gridgov.contract.walking import (
    HOLDERS,
    leads_to_an_end,
    moved_by_holder,
    reached,
    without_clock,
)
from gridgov.contract.years import RECKONINGS


@dataclass(frozen=True, slots=True, order=True)
class Flaw:
    """What is wrong, and where: the plugin, the declaration, its field, a sentence."""

    plugin: str
    declaration: str
    field: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.plugin}: {self.declaration}, {self.field}: {self.sentence}"


@dataclass(frozen=True, slots=True)
class _Found:
    """A flaw before the plugin's name is put to it."""

    declaration: str
    field: str
    sentence: str


def flaws(
    county: County, plugin: str, *, rights: Collection[str] | None = None
) -> tuple[Flaw, ...]:
    """Every flaw. ``rights`` are all rights that any room knows; None leaves them unchecked."""
    checks: tuple[Iterable[_Found], ...] = (
        _levels(county),
        _posts(county),
        _roles(county, rights),
        _categories(county),
        _settings(county),
        _staffing(county),
        _organisations(county),
        _lists(county),
        _yearly(county),
        *(_urgency(urgency, county) for urgency in county.urgencies),
        *(_kind(kind, county, rights) for kind in county.case_kinds),
        _ratings(county),
        _standards(county),
        _halls(county),
        _fieldwork(county),
        _services(county),
        _assessment(county),
    )
    return _flaws(plugin, (one for check in checks for one in check))


def doubles(county: County, plugin: str) -> tuple[Flaw, ...]:
    """What a plugin says twice; asked of its own declarations, for laid over others one is lost."""
    return _flaws(plugin, _doubles(county))


def _flaws(plugin: str, found: Iterable[_Found]) -> tuple[Flaw, ...]:
    return tuple(sorted({Flaw(plugin, one.declaration, one.field, one.sentence) for one in found}))


def _doubles(county: County) -> Iterator[_Found]:
    groups: dict[str, Iterable[str]] = {
        "level": (level.code for level in county.levels),
        "post": (post.code for post in county.posts),
        "role": (role.code for role in county.roles),
        "category": (category.code for category in county.categories),
        "urgency": (urgency.code for urgency in county.urgencies),
        "setting": (setting.code for setting in county.settings),
        "quota": (quota.code for quota in county.quotas),
        "duty": (duty.code for duty in county.duties),
        "kit item": (item.code for item in county.kit),
        "kind of team": (kind.code for kind in county.team_kinds),
        "kind of meeting": (kind.code for kind in county.meeting_kinds),
        "place": (place.code for place in county.navigation),
        "standard": (standard.code for standard in county.standards),
        "shift": (shift.code for shift in county.shifts),
        "seat": (seat.code for seat in county.seats),
        "zone": (zone.code for zone in county.zones),
        "joint": (joint.code for joint in county.joints),
        "platform": (platform.code for platform in county.platforms),
        "ledger": (ledger.code for ledger in county.ledgers),
        "campaign": (campaign.code for campaign in county.campaigns),
        "building use": (use.code for use in county.building_uses),
        "figure": (figure.code for figure in county.figures),
        "sheet": (sheet.code for sheet in county.sheets),
        "review": (review.code for review in county.reviews),
        "honour": (honour.code for honour in county.honours),
        "list": (one.code for one in county.lists),
        "remit": (one.code for one in county.remits),
        "round": (one.code for one in county.rounds),
        "practice": (one.code for one in county.practices),
        "yearly": (duty.code for duty in county.yearly),
        "kind": (f"{kind.code} v{kind.version}" for kind in county.case_kinds),
        "service batch": (batch.code for batch in county.service_batches),
        "service flag": (flag.code for flag in county.service_flags),
        "custody": (place.code for place in county.custody),
    }
    for group, codes in groups.items():
        yield from _doubled(group, codes)


def _doubled(group: str, codes: Iterable[str]) -> Iterator[_Found]:
    for code, count in Counter(codes).items():
        if count > 1:
            yield _Found(f"{group} {code}", "code", "The code is declared more than once.")


def _assessment(county: County) -> Iterator[_Found]:
    for declaration, field, sentence in faults_of_assessment(
        county.figures,
        county.sheets,
        county.reviews,
        settings={setting.code for setting in county.settings},
        planned={ledger.code: bool(ledger.daily) for ledger in county.ledgers},
    ):
        yield _Found(declaration, field, sentence)


def _levels(county: County) -> Iterator[_Found]:
    codes = {level.code for level in county.levels}
    for level in county.levels:
        for above in level.under:
            if above not in codes:
                yield _Found(f"level {level.code}", "under", f"There is no level {above}.")
    if sum(not level.under for level in county.levels) != 1:
        yield _Found("levels", "under", "Exactly one level is the root (has nothing above it).")
    if county.case_kinds and not any(level.base for level in county.levels):
        yield _Found("levels", "base", "No level is the base in which people live.")
    if county.case_kinds and not any(level.desk for level in county.levels):
        yield _Found("levels", "desk", "Cases need at least one level with a desk.")


def _posts(county: County) -> Iterator[_Found]:
    codes = {level.code for level in county.levels}
    for post in county.posts:
        for level in post.levels:
            if level not in codes:
                yield _Found(f"post {post.code}", "levels", f"There is no level {level}.")


def _roles(county: County, rights: Collection[str] | None) -> Iterator[_Found]:
    known = {
        "level": {level.code for level in county.levels},
        "role": {role.code for role in county.roles},
    }
    for role in county.roles:
        named = (
            ("levels", "level", role.levels),
            ("apart_from", "role", role.apart_from),
            ("granted_by", "role", role.granted_by),
        )
        for field, noun, codes in named:
            for code in codes:
                if code not in known[noun]:
                    yield _Found(f"role {role.code}", field, f"There is no {noun} {code}.")
        for right in role.rights:
            if rights is not None and right not in rights:
                yield _Found(f"role {role.code}", "rights", f"No room knows the right {right}.")


def _staffing(county: County) -> Iterator[_Found]:
    yield from _quotas(county)
    for duty in county.duties:
        yield from _on_post(f"duty {duty.code}", county, duty.post)
    yield from _kit(county)


def _quotas(county: County) -> Iterator[_Found]:
    settings = {setting.code: setting for setting in county.settings}
    for quota in county.quotas:
        named = f"quota {quota.code}"
        yield from _on_post(named, county, quota.post, quota.level)
        if quota.setting and quota.setting not in settings:
            yield _Found(named, "setting", f"There is no setting {quota.setting}.")
        if quota.count < 0:
            yield _Found(named, "count", "A number of people is not below nothing.")
        if quota.until is not None and quota.until <= quota.since:
            yield _Found(named, "until", "It ends before it begins.")


def _kit(county: County) -> Iterator[_Found]:
    levels = {level.code for level in county.levels}
    for item in county.kit:
        named = f"kit item {item.code}"
        for post in item.posts:
            yield from _on_post(named, county, post)
        if bool(item.posts) == bool(item.level):
            yield _Found(
                named, "posts", "It is handed to the holders of posts or to the units of a level."
            )
        elif item.level and item.level not in levels:
            yield _Found(named, "level", f"There is no level {item.level}.")
        if item.key and not item.posts:
            yield _Found(named, "key", "A key is handed to somebody; name the posts.")


def _on_post(named: str, county: County, code: str, level: str = "") -> Iterator[_Found]:
    post = next((post for post in county.posts if post.code == code), None)
    if post is None:
        yield _Found(named, "post", f"There is no post {code}.")
    elif level and level not in post.levels:
        yield _Found(named, "level", f"The post {code} is not held on {level}.")


def _organisations(county: County) -> Iterator[_Found]:
    levels = {level.code for level in county.levels}
    yield from _teams(county, levels)
    for meeting in county.meeting_kinds:
        named = f"kind of meeting {meeting.code}"
        for level in meeting.levels:
            if level not in levels:
                yield _Found(named, "levels", f"There is no level {level}.")
        for post in meeting.posts:
            yield from _on_post(named, county, post)
        if meeting.on_case and meeting.posts:
            yield _Found(named, "posts", "Departments are asked to a meeting about a case.")


def _teams(county: County, levels: Collection[str]) -> Iterator[_Found]:
    for kind in county.team_kinds:
        named = f"kind of team {kind.code}"
        if kind.level not in levels:
            yield _Found(named, "level", f"There is no level {kind.level}.")
        if PARTY in kind.name and not kind.unnamed:
            words = "Residents in it would be named by their party: it must be unnamed."
            yield _Found(named, "unnamed", words)


def _categories(county: County) -> Iterator[_Found]:
    codes = {category.code for category in county.categories}
    urgencies = {urgency.code for urgency in county.urgencies}
    groups = {category.parent for category in county.categories if category.parent}
    for category in county.categories:
        named = f"category {category.code}"
        if category.parent and category.parent not in codes:
            yield _Found(named, "parent", f"There is no category {category.parent}.")
        if category.parent in codes and _is_leaf(county, category.parent):
            yield _Found(named, "parent", f"{category.parent} lies under another one itself.")
        if not county.case_kinds or (not category.parent and category.code in groups):
            continue
        if category.urgency not in urgencies:
            yield _Found(named, "urgency", f"There is no urgency {category.urgency!r}.")
        if not category.departments:
            yield _Found(named, "departments", "No department is named for it.")


def _lists(county: County) -> Iterator[_Found]:
    known = {one.code for one in county.lists}
    for code in sorted(known - LISTS):
        yield _Found(
            f"list {code}", "code", f"The core has no such list: {', '.join(sorted(LISTS))}."
        )
    for code, rows in ((REMITS, county.remits), (ROUNDS, county.rounds)):
        if rows and code not in known:
            yield _Found(f"list {code}", "code", "There are rows for it and nobody declares it.")


def _yearly(county: County) -> Iterator[_Found]:
    for duty in county.yearly:
        named = f"yearly {duty.code}"
        if duty.reckoned not in RECKONINGS:
            yield _Found(named, "reckoned", f"The core cannot reckon {duty.reckoned}.")
        try:
            date(_COMMON_YEAR, duty.month, duty.day)
        except ValueError:
            yield _Found(named, "day", "No year has this day every time.")


_COMMON_YEAR: Final = 2025


def _settings(county: County) -> Iterator[_Found]:
    declared = {setting.code: setting for setting in county.settings}
    for code in sorted(NEEDED_SETTINGS - declared.keys() if county.case_kinds else ()):
        yield _Found(f"setting {code}", "code", "The core asks for it and nobody declares it.")
    for setting in county.settings:
        if setting.below:
            for sentence in _below(setting, declared.get(setting.below)):
                yield _Found(f"setting {setting.code}", "below", sentence)


def _below(low: Setting, high: Setting | None) -> Iterator[str]:
    if high is None:
        yield f"There is no setting {low.below}."
    elif not isinstance(low.default, int) or not isinstance(high.default, int):
        yield f"Only numbers can be compared, and {high.code} or this one is none."
    elif low.unit != high.unit:
        yield f"{high.code} counts in another unit."
    elif low.default >= high.default:
        yield f"The default is not below that of {high.code}."


def _standards(county: County) -> Iterator[_Found]:
    above = _levels_above(county)
    leaves = {category.code for category in county.categories if category.parent}
    for standard in county.standards:
        for field, sentence in standards.faults_of(standard, above=above, leaves=leaves):
            yield _Found(f"standard {standard.code}", field, sentence)


def _levels_above(county: County) -> dict[str, Collection[str]]:
    """For each level those that may lie above it, however far."""
    under = {level.code: set(level.under) for level in county.levels}
    for _ in under:
        for above in under.values():
            above |= {higher for one in above for higher in under.get(one, ())}
    return {code: frozenset(above) for code, above in under.items()}


def _halls(county: County) -> Iterator[_Found]:
    known: dict[str, Collection[str]] = {
        "levels": {level.code for level in county.levels if level.desk},
        "states": {state.code for kind in county.case_kinds for state in kind.states},
        "categories": {category.code for category in county.categories},
        "kinds": {kind.code for kind in county.case_kinds},
        "seats": {seat.code for seat in county.seats},
        "roles": {role.code for role in county.roles},
    }
    on_duty: dict[str, Collection[str]] = {
        "shifts": {shift.code for shift in county.shifts},
        "levels": {level for zone in county.zones for level in zone.levels},
    }
    checked: tuple[tuple[str, Any, Iterable[tuple[str, str]]], ...] = (
        *(("shift", one, stations.faults_of_shift(one)) for one in county.shifts),
        *(("seat", one, stations.faults_of_seat(one, **on_duty)) for one in county.seats),
        *(("zone", one, stations.faults_of_zone(one, known)) for one in county.zones),
        *(("joint", one, stations.faults_of_joint(one)) for one in county.joints),
        *(("platform", one, stations.faults_of_platform(one, known)) for one in county.platforms),
    )
    for noun, one, faults in checked:
        for field, sentence in faults:
            yield _Found(f"{noun} {one.code}", field, sentence)


def _fieldwork(county: County) -> Iterator[_Found]:
    settings = {setting.code for setting in county.settings}
    faults = [
        *ledger_faults(county.ledgers, settings),
        *campaign_faults(
            county.campaigns,
            levels={level.code for level in county.levels},
            uses={use.code for use in county.building_uses},
            categories={category.code for category in county.categories if category.parent},
        ),
    ]
    yield from (_Found(*fault) for fault in faults)


def _is_leaf(county: County, code: str) -> bool:
    return any(category.code == code and category.parent for category in county.categories)


def _urgency(urgency: Urgency, county: County) -> Iterator[_Found]:
    named = f"urgency {urgency.code}"
    if not urgency.rules:
        yield _Found(named, "rules", "It has no version of rules.")
    days = [rules.effective_from for rules in urgency.rules]
    if days != sorted(set(days)):
        yield _Found(named, "rules", "The versions must come oldest first, each from another day.")
    for rules in urgency.rules:
        yield from _clock_rules(urgency, rules, county)


def _clock_rules(urgency: Urgency, rules: ClockRules, county: County) -> Iterator[_Found]:
    named = f"urgency {urgency.code} from {rules.effective_from}"
    promises = [clock for clock in rules.clocks if clock.promise]
    if len(promises) != 1:
        yield _Found(named, "clocks", "Exactly one clock is the promise that on-time is judged by.")
    yield from _doubled(f"{named}, clock", (clock.code for clock in rules.clocks))
    for clock in rules.clocks:
        for one in _clock(clock, county):
            yield _Found(named, f"clock {clock.code}", one)
    yield from _gaps(named, rules, county)


def _gaps(named: str, rules: ClockRules, county: County) -> Iterator[_Found]:
    """Where a case could be without a clock."""
    for kind in county.case_kinds:
        opening = next((action for action in kind.actions if not action.before), None)
        if opening and not any(opening.code in clock.starts for clock in rules.clocks):
            yield _Found(named, "clocks", f"No clock starts with {opening.code} of {kind.code}.")
        for action, state in sorted(without_clock(kind, rules)):
            sentence = f"After {action} of {kind.code} no clock may run any more in {state}: "
            yield _Found(named, "clocks", f"{sentence}let one start with it.")


def _clock(clock: Clock, county: County) -> Iterator[str]:
    if clock.promise and clock.each is not Each.CASE:
        yield "The promise is one clock for the case."
    if clock.warn.unit == clock.limit.unit and clock.warn.amount >= clock.limit.amount:
        yield "It warns no earlier than it ends."
    if not clock.starts or not clock.stops:
        yield "It needs an action that starts it and one that stops it."
    actions = {action.code for kind in county.case_kinds for action in kind.actions}
    for name in sorted({*clock.starts, *clock.stops} - actions):
        yield f"No kind of case has the action {name}."
    settings = {setting.code: setting.default for setting in county.settings}
    if clock.setting and clock.setting not in settings:
        yield f"There is no setting {clock.setting}."
    elif clock.setting and settings[clock.setting] != clock.limit.amount:
        limit = f"{clock.limit.amount} {clock.limit.unit.replace('_', ' ')}"
        yield f"Its limit is {limit}, and the setting {clock.setting} is another number."


def _kind(kind: CaseKind, county: County, rights: Collection[str] | None) -> Iterator[_Found]:
    named = f"kind {kind.code}"
    yield from _doubled(f"{named}, state", (state.code for state in kind.states))
    yield from _doubled(f"{named}, action", (action.code for action in kind.actions))
    openings = [action for action in kind.actions if not action.before]
    if len(openings) != 1 or openings[0].to != kind.first:
        yield _Found(named, "first", "Exactly one action without a state before leads to it.")
    granted = {right for role in county.roles for right in role.rights}
    for action in kind.actions:
        for field, sentence in _action(action, kind, rights, granted):
            yield _Found(f"{named}, action {action.code}", field, sentence)
    steps = {step.code for step in kind.steps}
    there = reached(kind)
    for state in kind.states:
        for field, sentence in _state(state, kind, steps, there):
            yield _Found(f"{named}, state {state.code}", field, sentence)
    for sentence in _follows(kind):
        yield _Found(named, "follows", sentence)


def _follows(kind: CaseKind) -> Iterator[str]:
    """What becomes of cases in states that earlier versions had."""
    states = {state.code: state for state in kind.states}
    for old, count in Counter(old for old, _ in kind.follows).items():
        if old in states:
            yield f"{old} is a state of this version."
        if count > 1:
            yield f"It says twice what follows {old}."
    for _, new in kind.follows:
        if new not in states or states[new].ends is not Ends.NO:
            yield f"There is no open state {new}."


def _action(
    action: Action, kind: CaseKind, rights: Collection[str] | None, granted: Collection[str]
) -> Iterator[tuple[str, str]]:
    states = {"", *(state.code for state in kind.states)}
    named = [("before", name) for name in action.before]
    named += [("to", action.to), ("otherwise", action.otherwise)]
    yield from (
        (field, f"There is no state {name}.") for field, name in named if name not in states
    )
    if action.effect not in EFFECTS:
        yield "effect", f"The core has no effect {action.effect}."
    for guard in action.guards:
        if guard not in GUARDS:
            yield "guards", f"The core has no guard {guard}."
    for name in action.asks:
        if name not in ASKED:
            yield "asks", f"No room of the core is asked for {name}."
    codes = {other.code for other in kind.actions}
    for name in action.undone_by:
        if name not in codes:
            yield "undone_by", f"There is no action {name}."
    yield from _right(action, rights, granted)
    yield from _fields(action)


def _right(
    action: Action, rights: Collection[str] | None, granted: Collection[str]
) -> Iterator[tuple[str, str]]:
    if action.by is By.REPORTER:
        if action.right:
            yield "right", "What the reporter does needs no right."
    elif not action.right:
        yield "right", "It names no right."
    elif rights is not None and action.right not in rights:
        yield "right", f"No room knows the right {action.right}."
    elif action.right not in granted:
        yield "right", f"No role has the right {action.right}."


def _fields(action: Action) -> Iterator[tuple[str, str]]:
    for field in action.fields:
        if field.kind not in FIELD_KINDS:
            yield f"field {field.code}", f"There is no kind of field {field.kind}."
        if field.kind == "choice" and not field.choices:
            yield f"field {field.code}", "It has nothing to choose from."
        if field.kind == "photos" and field.required:
            yield f"field {field.code}", f"Nobody must take a photo ({SOURCE})."
        if found := banned(field):
            yield f"field {field.code}", f"No form may ask for {found.what} ({found.source})."
    for code, count in Counter(field.code for field in action.fields).items():
        if count > 1:
            yield f"field {code}", "The field is asked for twice."


def _ratings(county: County) -> Iterator[_Found]:
    """Stars are kept by their code and summed over all kinds, so a code asks one thing only."""
    asked: dict[str, str] = {}
    for kind in county.case_kinds:
        for action in kind.actions:
            named = f"kind {kind.code}, action {action.code}"
            stars = [field for field in action.fields if field.kind == "stars"]
            if action.effect == "rate" and not stars:
                yield _Found(named, "fields", "It rates, and asks for no stars.")
            for field in stars:
                if action.effect != "rate":
                    yield _Found(named, f"field {field.code}", "Only what rates asks for stars.")
                elif asked.setdefault(field.code, field.label) != field.label:
                    sentence = f"Another question, {asked[field.code]}, has this code."
                    yield _Found(named, f"field {field.code}", sentence)


def _services(county: County) -> Iterator[_Found]:
    kinds = {"", *(kind.code for kind in county.case_kinds)}
    for category in county.categories:
        if category.kind not in kinds:
            sentence = f"There is no kind of case {category.kind}."
            yield _Found(f"category {category.code}", "kind", sentence)
    declared = {setting.code for setting in county.settings}
    for code in sorted(SERVICE_SETTINGS - declared if county.service_batches else ()):
        yield _Found(f"setting {code}", "code", "The catalogue of services asks for it.")
    for fault in service_faults(county.service_batches, county.service_flags, county.custody):
        yield _Found(*fault)
    for batch in county.service_batches:
        for sentence in _on_behalf(batch.category, county) if batch.category else ():
            yield _Found(f"service batch {batch.code}", "category", sentence)


def _on_behalf(code: str, county: County) -> Iterator[str]:
    """What is wrong with the category that something is done under for a resident."""
    category = next((one for one in county.categories if one.code == code and one.parent), None)
    if category is None:
        yield f"No case can be about {code}."
    elif category.kind != ASSIST:
        yield f"{code} does not begin a case of {ASSIST}."


def _state(
    state: State, kind: CaseKind, steps: Collection[str], reached: Collection[str]
) -> Iterator[tuple[str, str]]:
    if state.step and state.step not in steps:
        yield "step", f"There is no step {state.step}."
    if state.code not in reached:
        yield "code", "No action leads to it."
    if state.holder and state.holder not in HOLDERS:
        yield "holder", f"There is no holder {state.holder}."
    if state.ends is not Ends.NO:
        return
    if not state.holder:
        yield "holder", "It is open and nobody holds it."
    elif state.holder in HOLDERS and not moved_by_holder(kind, state):
        yield "holder", "Its holder can do nothing to move it on."
    if not leads_to_an_end(kind, state.code):
        yield "ends", "From here a case can never be closed: a dead end."
