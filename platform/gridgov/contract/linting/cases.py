"""Categories, and the settings that the core asks for."""

from collections.abc import Iterator

from gridgov.contract.declarations import NEEDED_SETTINGS, County, Setting
from gridgov.contract.linting.flaw import Found


def category_flaws(county: County) -> Iterator[Found]:
    """Each category under one group, with an urgency and a department."""
    codes = {category.code for category in county.categories}
    urgencies = {urgency.code for urgency in county.urgencies}
    groups = {category.parent for category in county.categories if category.parent}
    for category in county.categories:
        named = f"category {category.code}"
        if category.parent and category.parent not in codes:
            yield Found(named, "parent", f"There is no category {category.parent}.")
        if category.parent in codes and _is_leaf(county, category.parent):
            yield Found(named, "parent", f"{category.parent} lies under another one itself.")
        if not county.case_kinds or (not category.parent and category.code in groups):
            continue
        if category.urgency not in urgencies:
            yield Found(named, "urgency", f"There is no urgency {category.urgency!r}.")
        if not category.departments:
            yield Found(named, "departments", "No department is named for it.")


def _is_leaf(county: County, code: str) -> bool:
    return any(category.code == code and category.parent for category in county.categories)


def setting_flaws(county: County) -> Iterator[Found]:
    """What the core asks for, and limits below limits."""
    declared = {setting.code: setting for setting in county.settings}
    for code in sorted(NEEDED_SETTINGS - declared.keys() if county.case_kinds else ()):
        yield Found(f"setting {code}", "code", "The core asks for it and nobody declares it.")
    for setting in county.settings:
        if setting.below:
            for sentence in _below(setting, declared.get(setting.below)):
                yield Found(f"setting {setting.code}", "below", sentence)


def _below(low: Setting, high: Setting | None) -> Iterator[str]:
    if high is None:
        yield f"There is no setting {low.below}."
    elif not isinstance(low.default, int) or not isinstance(high.default, int):
        yield f"Only numbers can be compared, and {high.code} or this one is none."
    elif low.unit != high.unit:
        yield f"{high.code} counts in another unit."
    elif low.default >= high.default:
        yield f"The default is not below that of {high.code}."
