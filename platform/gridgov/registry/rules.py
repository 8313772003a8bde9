"""What a count must say, and how counts come together."""

from collections.abc import Iterable, Mapping

from gridgov.contract.fieldwork import BuildingUse
from gridgov.kernel.sentences import N_, Sentence
from gridgov.registry.types import Sum

MOST_STOREYS = 200
MOST_DWELLINGS = 5000


def faults_of_count(
    uses: Iterable[BuildingUse],
    *,
    use: str,
    storeys: int | None,
    dwellings: int | None,
    households: int | None,
) -> dict[str, str]:
    """A use that the county does not know, and numbers that cannot be, by their fields."""
    declared = next((one for one in uses if one.code == use), None)
    faults: dict[str, str] = {}
    if declared is None:
        faults["use"] = N_("请选择这栋房屋的用途。")
    elif not declared.dwells and (dwellings or households):
        faults["dwellings"] = N_("这种用途没有住户；有人住的，请改选用途。")
    if storeys is not None and not 1 <= storeys <= MOST_STOREYS:
        faults["storeys"] = Sentence("层数在 1 到 {n} 之间。", n=MOST_STOREYS)
    for name, number in (("dwellings", dwellings), ("households", households)):
        if number is not None and not 0 <= number <= MOST_DWELLINGS:
            faults[name] = Sentence("数字在 0 到 {n} 之间。", n=MOST_DWELLINGS)
    return faults


def together(sums: Mapping[str, Sum], path: str) -> Sum:
    """All that lies below a path. What nobody recorded stays unknown."""
    below = [one for at, one in sums.items() if at.startswith(path)]
    dated = [one.oldest for one in below if one.oldest]
    newest = [one.newest for one in below if one.newest]
    return Sum(
        buildings=sum(one.buildings for one in below),
        uncounted=sum(one.uncounted for one in below),
        dwellings=_sum(one.dwellings for one in below),
        households=_sum(one.households for one in below),
        oldest=min(dated, default=None),
        newest=max(newest, default=None),
    )


def _sum(numbers: Iterable[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None
