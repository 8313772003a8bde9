"""What a setting can be, and what a change must keep to. Pure."""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Final

from gridgov.calendar.rules import OFFICE_SETTING, parse_office
from gridgov.contract.declarations import Setting
from gridgov.contract.settings import Value, Versions, value_on, values_on
from gridgov.kernel.errors import Invalid
from gridgov.kernel.sentences import N_, Sentence
from gridgov.rulebook.types import Line

LONGEST: Final = 200
YES, NO = "yes", "no"

_WHOLE = re.compile(r"[+-]?\d{1,9}")
_KINDS: Final = {int: N_("这里要填整数。"), str: N_("这里要填文字。"), bool: N_("这里要填是或否。")}

Declared = Mapping[str, Setting]


def understood(setting: Setting, text: str) -> Value:
    """What was typed, as the setting's own kind; the text as it is if it cannot be that."""
    if isinstance(setting.default, bool):
        return {YES: True, NO: False}.get(text, text)
    if isinstance(setting.default, int):
        return int(text) if _WHOLE.fullmatch(text) else text
    return text


def unfit(declared: Declared, values: Mapping[str, object]) -> dict[str, str]:
    """Everything that is wrong with the values, by code."""
    found = {
        code: misfit(declared[code], value) if code in declared else N_("没有这个参数。")
        for code, value in values.items()
    }
    return {code: sentence for code, sentence in found.items() if sentence}


def misfit(setting: Setting, value: object) -> str:
    """Why this value cannot be the setting's; empty if it can."""
    if type(value) is not type(setting.default):
        return _KINDS[type(setting.default)]
    match value:
        case str():
            return _unfit_text(setting, value)
        case int():
            return _unfit_number(setting, value)
        case _:
            return ""


def _unfit_number(setting: Setting, value: int) -> str:
    if setting.least is not None and value < setting.least:
        return Sentence("不能小于 {amount}。", amount=amount_of(setting, setting.least))
    if setting.most is not None and value > setting.most:
        return Sentence("不能大于 {amount}。", amount=amount_of(setting, setting.most))
    return ""


def _unfit_text(setting: Setting, text: str) -> str:
    if not text.isprintable():
        return N_("里面有无法显示的控制字符，请删掉后再试。")
    if not 0 < len(text) <= LONGEST:
        return Sentence("要写 1 至 {most} 个字。", most=LONGEST)
    if setting.code == OFFICE_SETTING:
        try:
            parse_office(text)
        except Invalid as fault:
            return str(fault)
    return ""


def amount_of(setting: Setting, value: Value) -> str:
    """The value with its unit."""
    if isinstance(value, bool):
        return N_("是") if value else N_("否")
    return Sentence("{n} {unit}", n=value, unit=setting.unit) if setting.unit else str(value)


def breaches(
    declared: Declared, versions: Versions, codes: Collection[str], since: date
) -> dict[str, str]:
    """Where one of ``codes`` would not stay below another setting, or another not below it.

    Looked at on ``since`` and on every later day on which something changes.
    """
    days = {since, *(v.effective_from for v in versions if v.effective_from > since)}
    faults: dict[str, str] = {}
    for day in sorted(days):
        held = {code: s.default for code, s in declared.items()} | values_on(versions, day)
        for mine, words, other in _breached(declared, held):
            if mine.code in codes and mine.code not in faults:
                amount = amount_of(other, held[other.code])
                if day > since:
                    amount = Sentence("{day} 起是 {amount}", day=day, amount=amount)
                faults[mine.code] = Sentence(words, name=other.name, amount=amount)
    return faults


def _breached(
    declared: Declared, held: Mapping[str, Value]
) -> Iterator[tuple[Setting, str, Setting]]:
    """Which setting, what it must be, and than which: both sides of each broken rule."""
    for low in declared.values():
        if low.below and int(held[low.code]) >= int(held[low.below]):
            high = declared[low.below]
            yield low, "要小于“{name}”（{amount}）。", high
            yield high, "要大于“{name}”（{amount}）。", low


def lines_of(declared: Declared, versions: Versions, today: date) -> dict[str, list[Line]]:
    """Every setting under the name of its group, in the county's order."""
    groups: dict[str, list[Line]] = {}
    for setting in declared.values():
        groups.setdefault(setting.group, []).append(_line(setting, versions, today))
    return groups


def _line(setting: Setting, versions: Versions, today: date) -> Line:
    mine = [version for version in versions if setting.code in version.values]
    begun = [version.effective_from for version in mine if version.effective_from <= today]
    chosen = value_on(versions, setting.code, today)
    return Line(
        setting=setting,
        value=setting.default if chosen is None else chosen,
        since=None if chosen is None else begun[-1],
        later=tuple(
            (version.effective_from, in_force(setting, version.values[setting.code]))
            for version in mine
            if version.effective_from > today
        ),
    )


def in_force(setting: Setting, chosen: Value | None) -> Value:
    """The value that was chosen, or the default where none was."""
    return setting.default if chosen is None else chosen
