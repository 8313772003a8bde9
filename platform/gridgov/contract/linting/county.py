"""All checks of a county, one after the other."""

from collections.abc import Collection, Iterable, Iterator

from gridgov.contract.declarations import County
from gridgov.contract.linting.cases import category_flaws, setting_flaws
from gridgov.contract.linting.clocks import urgency_flaws
from gridgov.contract.linting.flaw import Flaw, Found, doubled
from gridgov.contract.linting.grid import level_flaws, post_flaws, role_flaws
from gridgov.contract.linting.kinds import kind_flaws, rating_flaws
from gridgov.contract.linting.people import organisation_flaws, staffing_flaws
from gridgov.contract.linting.rooms import (
    assessment_flaws,
    fieldwork_flaws,
    hall_flaws,
    list_flaws,
    service_flaws,
    standard_flaws,
    yearly_flaws,
)


def flaws(
    county: County, plugin: str, *, rights: Collection[str] | None = None
) -> tuple[Flaw, ...]:
    """Every flaw. ``rights`` are all rights that any room knows; None leaves them unchecked."""
    checks: tuple[Iterable[Found], ...] = (
        level_flaws(county),
        post_flaws(county),
        role_flaws(county, rights),
        category_flaws(county),
        setting_flaws(county),
        staffing_flaws(county),
        organisation_flaws(county),
        list_flaws(county),
        yearly_flaws(county),
        *(urgency_flaws(urgency, county) for urgency in county.urgencies),
        *(kind_flaws(kind, county, rights) for kind in county.case_kinds),
        rating_flaws(county),
        standard_flaws(county),
        hall_flaws(county),
        fieldwork_flaws(county),
        service_flaws(county),
        assessment_flaws(county),
    )
    return _flaws(plugin, (one for check in checks for one in check))


def doubles(county: County, plugin: str) -> tuple[Flaw, ...]:
    """What a plugin says twice; asked of its own declarations, for laid over others one is lost."""
    return _flaws(plugin, _doubles(county))


def _flaws(plugin: str, found: Iterable[Found]) -> tuple[Flaw, ...]:
    return tuple(sorted({Flaw(plugin, one.declaration, one.field, one.sentence) for one in found}))


def _doubles(county: County) -> Iterator[Found]:
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
        yield from doubled(group, codes)
