"""What single rooms declare. Their own modules find the faults; they are told the rest here."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any, Final

from gridgov.contract import standards, stations
from gridgov.contract.assessment import faults_of as faults_of_assessment
from gridgov.contract.declarations import County
from gridgov.contract.fieldwork import campaign_faults, ledger_faults
from gridgov.contract.linting.flaw import Found
from gridgov.contract.lists import LISTS, REMITS, ROUNDS
from gridgov.contract.services import ASSIST, SERVICE_SETTINGS, service_faults
from gridgov.contract.years import RECKONINGS


def standard_flaws(county: County) -> Iterator[Found]:
    """What a standard names of levels and categories is declared."""
    above = _levels_above(county)
    leaves = {category.code for category in county.categories if category.parent}
    for standard in county.standards:
        for field, sentence in standards.faults_of(standard, above=above, leaves=leaves):
            yield Found(f"standard {standard.code}", field, sentence)


def _levels_above(county: County) -> dict[str, Collection[str]]:
    """For each level those that may lie above it, however far."""
    under = {level.code: set(level.under) for level in county.levels}
    for _ in under:
        for above in under.values():
            above |= {higher for one in above for higher in under.get(one, ())}
    return {code: frozenset(above) for code, above in under.items()}


def hall_flaws(county: County) -> Iterator[Found]:
    """What shifts, seats, zones, joint desks and platforms name is declared."""
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
            yield Found(f"{noun} {one.code}", field, sentence)


def fieldwork_flaws(county: County) -> Iterator[Found]:
    """What ledgers and campaigns name is declared."""
    settings = {setting.code for setting in county.settings}
    faults = [
        *ledger_faults(county.ledgers, settings, {role.code for role in county.roles}),
        *campaign_faults(
            county.campaigns,
            levels={level.code for level in county.levels},
            uses={use.code for use in county.building_uses},
            categories={category.code for category in county.categories if category.parent},
        ),
    ]
    yield from (Found(*fault) for fault in faults)


def assessment_flaws(county: County) -> Iterator[Found]:
    """What figures, sheets, reviews and honours name is declared."""
    for declaration, field, sentence in faults_of_assessment(
        county.figures,
        county.sheets,
        county.reviews,
        settings={setting.code for setting in county.settings},
        planned={ledger.code: bool(ledger.daily) for ledger in county.ledgers},
    ):
        yield Found(declaration, field, sentence)


def service_flaws(county: County) -> Iterator[Found]:
    """The catalogue of services, and the cases that are begun for residents."""
    kinds = {"", *(kind.code for kind in county.case_kinds)}
    for category in county.categories:
        if category.kind not in kinds:
            sentence = f"There is no kind of case {category.kind}."
            yield Found(f"category {category.code}", "kind", sentence)
    declared = {setting.code for setting in county.settings}
    for code in sorted(SERVICE_SETTINGS - declared if county.service_batches else ()):
        yield Found(f"setting {code}", "code", "The catalogue of services asks for it.")
    for fault in service_faults(county.service_batches, county.service_flags, county.custody):
        yield Found(*fault)
    for batch in county.service_batches:
        for sentence in _on_behalf(batch.category, county) if batch.category else ():
            yield Found(f"service batch {batch.code}", "category", sentence)


def _on_behalf(code: str, county: County) -> Iterator[str]:
    """What is wrong with the category that something is done under for a resident."""
    category = next((one for one in county.categories if one.code == code and one.parent), None)
    if category is None:
        yield f"No case can be about {code}."
    elif category.kind != ASSIST:
        yield f"{code} does not begin a case of {ASSIST}."


def list_flaws(county: County) -> Iterator[Found]:
    """A list is one of the core's, and no rows are without theirs."""
    known = {one.code for one in county.lists}
    for code in sorted(known - LISTS):
        yield Found(
            f"list {code}", "code", f"The core has no such list: {', '.join(sorted(LISTS))}."
        )
    for code, rows in ((REMITS, county.remits), (ROUNDS, county.rounds)):
        if rows and code not in known:
            yield Found(f"list {code}", "code", "There are rows for it and nobody declares it.")


def yearly_flaws(county: County) -> Iterator[Found]:
    """A duty falls on a day that every year has, reckoned as the core can."""
    for duty in county.yearly:
        named = f"yearly {duty.code}"
        if duty.reckoned not in RECKONINGS:
            yield Found(named, "reckoned", f"The core cannot reckon {duty.reckoned}.")
        for code in set(duty.by) - {role.code for role in county.roles}:
            yield Found(named, "by", f"There is no role {code}.")
        try:
            date(_COMMON_YEAR, duty.month, duty.day)
        except ValueError:
            yield Found(named, "day", "No year has this day every time.")


_COMMON_YEAR: Final = 2025
