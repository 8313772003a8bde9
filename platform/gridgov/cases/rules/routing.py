"""Which department should take a case: the county's list, its own data, the place and the load."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from gridgov.contract.facts import CaseFacts, DepartmentFacts, Route
from gridgov.kernel.sentences import N_, Sentence

_NAMED: Final = 0.95
_ASSUMED: Final = 0.7
_ONLY: Final = 0.9
_FIRST: Final = 0.75
_NEXT: Final = 0.45
_LAST: Final = 0.3
_OWN_PLACE: Final = 0.05
_HEAVY_LOAD: Final = 0.1
_CLOSE: Final = 0.15


@dataclass(frozen=True, slots=True)
class Answering:
    """The department that the county itself names for a category.

    ``listed``: in a version of its list of assignments; else among its own data.
    """

    code: str
    assumed: bool
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A department that could take the case, how sure that is, and why, in words."""

    department: DepartmentFacts
    confidence: float
    reason: str
    plugin: str = ""


def candidates(
    case: CaseFacts,
    listed: Sequence[str],
    answering: Answering | None,
    decided: tuple[str, Route] | None,
) -> list[Candidate]:
    """The departments that could take the case, the surest first.

    What a plugin ``decided`` comes first, then the county's own data, then the category's list.
    Departments whose jurisdiction does not hold the place are left out.
    """
    here = {d.code: d for d in case.departments if case.path.startswith(d.path)}
    found: dict[str, Candidate] = {}
    for code, confidence, reason, plugin in _ways(listed, answering, decided):
        if code in here and code not in found:
            found[code] = Candidate(here[code], confidence, reason, plugin)
    return _ranked(found.values())


def _ways(
    listed: Sequence[str], answering: Answering | None, decided: tuple[str, Route] | None
) -> Iterable[tuple[str, float, str, str]]:
    if decided is not None:
        plugin, route = decided
        yield route.department, route.confidence, N_(route.reason), plugin
    if answering is not None and answering.assumed:
        yield answering.code, _ASSUMED, N_("归口责任单位（暂定，待县里确认）"), ""
    elif answering is not None and answering.listed:
        yield answering.code, _NAMED, N_("问题交办清单定的责任部门"), ""
    elif answering is not None:
        yield answering.code, _NAMED, N_("归口责任单位"), ""
    first = _ONLY if len(listed) == 1 else _FIRST
    for place, code in enumerate(listed):
        sure = first if place == 0 else max(_LAST, _NEXT - 0.1 * (place - 1))
        yield (
            code,
            sure,
            N_("事件分类清单的首选部门") if place == 0 else N_("事件分类清单的备选部门"),
            "",
        )


def _ranked(found: Iterable[Candidate]) -> list[Candidate]:
    """By confidence, with the place and the load of the departments taken into account."""
    weighed = [_weighed(candidate) for candidate in found]
    ordered = sorted(weighed, key=lambda c: (-c.confidence, c.department.open_cases))
    if len(ordered) > 1 and _much_busier(ordered[0], ordered[1]):
        lighter = replace(ordered[0], confidence=ordered[0].confidence - _HEAVY_LOAD)
        ordered = sorted([lighter, *ordered[1:]], key=lambda c: -c.confidence)
    return ordered


def _weighed(candidate: Candidate) -> Candidate:
    """A department of the very place is a little likelier than one of the whole county."""
    department = candidate.department
    own = _OWN_PLACE if department.path.count(".") > 1 else 0.0
    sure = min(candidate.confidence + own, 1.0)
    if not department.open_cases:
        return replace(candidate, confidence=sure)
    busy = Sentence("{reason}，目前在办 {n} 件", reason=candidate.reason, n=department.open_cases)
    return replace(candidate, confidence=sure, reason=busy)


def _much_busier(first: Candidate, second: Candidate) -> bool:
    near = first.confidence - second.confidence < _CLOSE
    return near and first.department.open_cases > 2 * second.department.open_cases + 5
