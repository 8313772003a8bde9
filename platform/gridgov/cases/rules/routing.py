"""Which department should take a case: the county's list, its own data, the place and the load."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from gridgov.contract.facts import CaseFacts, DepartmentFacts, Route
from gridgov.kernel.sentences import N_, Sentence

_NAMED: Final = 0.95
_ASSUMED: Final = 0.7
_ONLY: Final = 0.8
_FIRST: Final = 0.75
_NEXT: Final = 0.45
_OWN_PLACE: Final = 0.05


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

    The county's own data, what a plugin ``decided`` and the category's list say who answers for
    the matter, and how sure that is: a plugin's answer for this place outweighs a list that knows
    no places. The place leaves out departments whose jurisdiction does not
    hold it, and makes one that is of that very place a little surer. The load decides among
    equals alone, as the further departments of a list are: being busy takes nobody's duty away.
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
        yield answering.code, _NAMED, N_("本县清单定的责任部门"), ""
    elif answering is not None:
        yield answering.code, _NAMED, N_("归口责任单位"), ""
    first = _ONLY if len(listed) == 1 else _FIRST
    for number, code in enumerate(listed):
        if number == 0:
            yield code, first, N_("这一类的首选部门"), ""
        else:
            yield code, _NEXT, N_("这一类的备选部门"), ""


def _ranked(found: Iterable[Candidate]) -> list[Candidate]:
    """The surest first; of equals, who has less in hand."""
    weighed = [_weighed(candidate) for candidate in found]
    return sorted(weighed, key=lambda c: (-c.confidence, c.department.open_cases))


def _weighed(candidate: Candidate) -> Candidate:
    """With the place where it counts, and the load, both said in the reason."""
    department, sure, reason = candidate.department, candidate.confidence, candidate.reason
    if department.path.count(".") > 1:
        sure = min(sure + _OWN_PLACE, 1.0)
        reason = Sentence("{reason}，专管这一片", reason=reason)
    if department.open_cases:
        reason = Sentence("{reason}，目前在办 {n} 件", reason=reason, n=department.open_cases)
    return replace(candidate, confidence=sure, reason=reason)
