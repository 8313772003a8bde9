"""What stands against a change of rules: data that would be left without its declaration."""

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import Any, Final

from gridgov.cases.types import Carry
from gridgov.contract.declarations import CaseKind, County, State
from gridgov.contract.rulebook import Rulebook
from gridgov.contract.settings import Value
from gridgov.contract.wording import wordless
from gridgov.kernel.sentences import N_, Sentence
from gridgov.rulebook.rules.settings import unfit
from gridgov.rulebook.types import InUse

Kinds = Mapping[tuple[str, int], CaseKind]
"""By code and version."""

_HELD: Final[Mapping[str, str]] = {
    "levels": N_("层级“{name}”要去掉，但还有 {n} 个网格单元在这一级。"),
    "posts": N_("岗位“{name}”要去掉，但还有 {n} 人在任。"),
    "roles": N_("角色“{name}”要去掉，但还有 {n} 项授权给着它。"),
    "categories": N_("事件分类“{name}”要去掉，但还有 {n} 件没办结的事件属于它。"),
    "urgencies": N_("紧急程度“{name}”要去掉，但还有 {n} 件没办结的事件按它计时。"),
}


class Left(Enum):
    """What becomes of the data of a group of declarations when one of them goes.

    ``HELD``: it cannot go while anything stands on it (see ``reasons``). ``KEPT``: it may go; pages
    read what is there by ``policy.ever``, and nothing more begins by it. ``NOTHING`` is kept by it.
    """

    HELD = "held"
    KEPT = "kept"
    NOTHING = "nothing"


LEFT: Final[Mapping[str, Left]] = {
    **dict.fromkeys(_HELD, Left.HELD),
    "case_kinds": Left.KEPT,  # a case goes on by the version that it began with
    "settings": Left.KEPT,  # the history of changes tells it under its code
    "standards": Left.KEPT,
    "shifts": Left.KEPT,
    "seats": Left.KEPT,
    "zones": Left.KEPT,
    "ledgers": Left.KEPT,
    "campaigns": Left.KEPT,
    "building_uses": Left.KEPT,
    "service_batches": Left.KEPT,
    "service_flags": Left.KEPT,
    "custody": Left.KEPT,
    "kit": Left.KEPT,
    "team_kinds": Left.KEPT,
    "meeting_kinds": Left.KEPT,
    "figures": Left.KEPT,
    "sheets": Left.KEPT,
    "reviews": Left.KEPT,
    "honours": Left.KEPT,
    "lists": Left.KEPT,
    "remits": Left.KEPT,  # read by the rules of the moment: a list shows its old versions
    "rounds": Left.KEPT,
    "yearly": Left.KEPT,
    "navigation": Left.NOTHING,
    "joints": Left.NOTHING,
    "platforms": Left.NOTHING,
    "quotas": Left.NOTHING,
    "duties": Left.NOTHING,
    "practices": Left.NOTHING,
}
"""Of every group. Whoever adds one decides; a test takes them all away and looks at every page."""

_REWRITTEN: Final = N_(
    "流程“{name}”第 {n} 版的内容变了，版本号却没有变，而已有事件按它在办。"
    "请给改动后的流程一个新的版本号。"
)
_NOWHERE: Final = N_(
    "流程“{kind}”第 {n} 版没有了状态“{state}”，但还有 {count} 件事件在这个状态，"
    "新版也没有写明它们转到哪里。"
)
_OTHER_HANDS: Final = N_(
    "流程“{kind}”第 {n} 版把状态“{state}”转为“{to}”，但那里换了人来办，"
    "这 {count} 件事件会没有人接。"
)


def kinds_of(counties: Iterable[County]) -> dict[tuple[str, int], CaseKind]:
    """Every kind in every version; the later county's word counts."""
    return {(kind.code, kind.version): kind for one in counties for kind in one.case_kinds}


def rewritten(known: Kinds, after: Rulebook) -> list[tuple[str, int]]:
    """Kinds that go another way than so far under the same version; their words may change."""
    new = kinds_of([after.county])
    return [
        key for key, kind in new.items() if key in known and wordless(known[key]) != wordless(kind)
    ]


def reasons(before: Rulebook, after: Rulebook, known: Kinds, used: InUse) -> list[str]:
    """Every reason why the county cannot run ``after``; none if it can."""
    return [
        *_undeclared(before.county, after.county, used),
        *_kinds(known, after, used),
        *_states(known, after, used),
        *_settings(after.county, used),
    ]


def carries(known: Kinds, after: Rulebook, used: InUse) -> dict[Carry, int]:
    """Which open cases go on to a newer version, and how many of each."""
    found: dict[Carry, int] = {}
    for (code, version, state), count in used.cases.items():
        newest = _newest(after, code)
        to = _follows(newest, state) if newest and newest.version > version else None
        if newest and to and _may_follow(known, (code, version, state), to):
            carry = Carry(kind=code, version=version, state=state, to_version=newest.version, to=to)
            found[carry] = count
    return found


def _undeclared(before: County, after: County, used: InUse) -> Iterator[str]:
    for group, sentence in _HELD.items():
        declared = {one.code for one in getattr(after, group)}
        names = {one.code: one.name for one in getattr(before, group)}
        counts: Mapping[str, int] = getattr(used, group)
        for code, count in counts.items():
            if code in names and code not in declared:
                yield Sentence(sentence, name=N_(names[code]), n=count)


def _kinds(known: Kinds, after: Rulebook, used: InUse) -> Iterator[str]:
    for code, version in rewritten(known, after):
        if (code, version) in used.begun:
            name = N_(known[code, version].name)
            yield Sentence(_REWRITTEN, name=name, n=version)
    there = {*known, *kinds_of([after.county])}
    for code, version in dict.fromkeys((code, version) for code, version, _ in used.cases):
        if (code, version) not in there:
            yield Sentence(
                "还有事件按流程“{code}”第 {n} 版在办，新旧规则里却都没有这一版。",
                code=code,
                n=version,
            )


def _states(known: Kinds, after: Rulebook, used: InUse) -> Iterator[str]:
    """A newer version that no longer has a state where cases are must say what follows it."""
    for key, count in used.cases.items():
        code, version, state = key
        newest = _newest(after, code)
        if newest is None or newest.version <= version or _state(newest, state):
            continue
        to, said = _follows(newest, state), _state(known.get((code, version)), state)
        places: dict[str, Any] = {
            "kind": N_(newest.name),
            "n": newest.version,
            "state": N_(said.name) if said else state,
            "count": count,
        }
        if to is None:
            yield Sentence(_NOWHERE, **places)
        elif not _may_follow(known, key, to):
            yield Sentence(_OTHER_HANDS, to=N_(to.name), **places)


def _settings(after: County, used: InUse) -> Iterator[str]:
    """What the county chose must fit what is declared from now on; what is gone is left alone."""
    declared = {setting.code: setting for setting in after.settings}
    for version in used.chosen:
        values: dict[str, Value] = {
            code: value
            for code, value in version.values.items()
            if value is not None and code in declared
        }
        for code, said in unfit(declared, values).items():
            yield Sentence(
                "县里把参数“{name}”定为 {value}，新规则不允许：{said}",
                name=N_(declared[code].name),
                value=values[code],
                said=said,
            )


def _newest(after: Rulebook, code: str) -> CaseKind | None:
    kinds = [kind for kind in after.county.case_kinds if kind.code == code]
    return max(kinds, key=lambda kind: kind.version, default=None)


def _state(kind: CaseKind | None, code: str) -> State | None:
    return next((state for state in kind.states if state.code == code), None) if kind else None


def _follows(kind: CaseKind, state: str) -> State | None:
    return _state(kind, dict(kind.follows).get(state, ""))


def _may_follow(known: Kinds, of: tuple[str, int, str], to: State) -> bool:
    """Whose turn it is stays: nobody else would know of the case."""
    code, version, state = of
    was = _state(known.get((code, version)), state)
    return was is not None and was.holder == to.holder
