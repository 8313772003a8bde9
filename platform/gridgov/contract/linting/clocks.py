"""Urgencies and their clocks: one promise, and no open case without a clock."""

from collections.abc import Iterator

from gridgov.contract.declarations import Clock, ClockRules, County, Each, Urgency
from gridgov.contract.linting.flaw import Found, doubled
from gridgov.contract.walking import without_clock


def urgency_flaws(urgency: Urgency, county: County) -> Iterator[Found]:
    """One urgency and its versions of rules."""
    named = f"urgency {urgency.code}"
    if not urgency.rules:
        yield Found(named, "rules", "It has no version of rules.")
    days = [rules.effective_from for rules in urgency.rules]
    if days != sorted(set(days)):
        yield Found(named, "rules", "The versions must come oldest first, each from another day.")
    for rules in urgency.rules:
        yield from _clock_rules(urgency, rules, county)


def _clock_rules(urgency: Urgency, rules: ClockRules, county: County) -> Iterator[Found]:
    named = f"urgency {urgency.code} from {rules.effective_from}"
    promises = [clock for clock in rules.clocks if clock.promise]
    if len(promises) != 1:
        yield Found(named, "clocks", "Exactly one clock is the promise that on-time is judged by.")
    yield from doubled(f"{named}, clock", (clock.code for clock in rules.clocks))
    for clock in rules.clocks:
        for one in _clock(clock, county):
            yield Found(named, f"clock {clock.code}", one)
    yield from _gaps(named, rules, county)


def _gaps(named: str, rules: ClockRules, county: County) -> Iterator[Found]:
    """Where a case could be without a clock."""
    for kind in county.case_kinds:
        opening = next((action for action in kind.actions if not action.before), None)
        if opening and not any(opening.code in clock.starts for clock in rules.clocks):
            yield Found(named, "clocks", f"No clock starts with {opening.code} of {kind.code}.")
        for action, state in sorted(without_clock(kind, rules)):
            sentence = f"After {action} of {kind.code} no clock may run any more in {state}: "
            yield Found(named, "clocks", f"{sentence}let one start with it.")


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
