"""What a line of a ledger must say, what may become of it, and what a day's plan asks for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from gridgov.cases.rules.fields import has_controls
from gridgov.cases.rules.words import plain
from gridgov.contract.fieldwork import CASE, CampaignKind, LedgerField, LedgerKind
from gridgov.fieldwork.types import LineRow
from gridgov.kernel.errors import Invalid, NotFound
from gridgov.kernel.sentences import N_, Sentence, joined

MOST_COUNT: Final = 100_000
MOST_CHECKS: Final = 30
_CHECK: Final = 60


@dataclass(frozen=True, slots=True)
class Words:
    """What a line says: what may be read, and what is sealed; by the codes of the fields."""

    said: dict[str, str]
    sealed: dict[str, str]


def ledger_of(ledgers: Iterable[LedgerKind], code: str) -> LedgerKind:
    """The ledger; NotFound if the county declares none of that code (any more)."""
    found = next((ledger for ledger in ledgers if ledger.code == code), None)
    if found is None:
        raise NotFound
    return found


def campaign_of(kinds: Iterable[CampaignKind], code: str) -> CampaignKind:
    """The kind of campaign; NotFound if the county declares none of that code (any more)."""
    found = next((kind for kind in kinds if kind.code == code), None)
    if found is None:
        raise NotFound
    return found


def check_words(
    ledger: LedgerKind, typed: Mapping[str, Any], *, today: date, partly: bool = False
) -> Words:
    """What was typed, field by field. ``partly`` leaves out what is required: it goes on later."""
    faults: dict[str, str] = {}
    words = Words({}, {})
    for field in ledger.fields:
        given = str(typed.get(field.code) or "").strip()
        needed = not partly and (field.required or _needed(field, typed))
        if fault := _fault(field, given, needed=needed, today=today):
            faults[field.code] = fault
        elif given:
            (words.sealed if field.sealed else words.said)[field.code] = given
    if (
        ledger.least
        and not partly
        and not any(str(typed.get(c) or "").strip() for c in ledger.least)
    ):
        labels = {field.code: field.label for field in ledger.fields}
        fields = joined(labels[code] for code in ledger.least)
        faults.setdefault(ledger.least[0], Sentence("至少写一项：{fields}。", fields=fields))
    if faults:
        raise Invalid(fields=faults)
    return words


def _needed(field: LedgerField, typed: Mapping[str, Any]) -> bool:
    if field.needed_when is None:
        return False
    other, choice = field.needed_when
    return typed.get(other) == choice


def _fault(field: LedgerField, given: str, *, needed: bool, today: date) -> str:
    if not given:
        return N_("请填写这一项。") if needed else ""
    if len(given) > field.limit:
        return Sentence("最多 {n} 个字，请缩短。", n=field.limit)
    if has_controls(given):
        return N_("里面有无法显示的控制字符，请删掉后再试。")
    if field.kind == "choice" and given not in {code for code, _ in field.choices}:
        return N_("没有这一项，请重新选择。")
    if field.kind == "number" and not (given.isdecimal() and int(given) <= MOST_COUNT):
        return Sentence("这里要填 0 到 {n} 的整数。", n=MOST_COUNT)
    return _date_fault(field, given, today) if field.kind == "date" else ""


def _date_fault(field: LedgerField, given: str, today: date) -> str:
    try:
        day = date.fromisoformat(given)
    except ValueError:
        return N_("日期要写成 2026-11-22 这样。")
    return N_("这是约好的日子，不能早于今天。") if field.ahead and day < today else ""


def searchable(ledger: LedgerKind, said: Mapping[str, Any], item: str) -> str:
    """What search compares: a line for each field that may be read; of a choice its label."""
    found = [dict(ledger.items).get(item, "")]
    for field in ledger.fields:
        words = str(said.get(field.code, ""))
        found.append(dict(field.choices).get(words, words))
    return "\n".join(plain(words) for words in found if words)


def check_item(ledger: LedgerKind, item: str, count: int | None) -> None:
    """A ledger of things takes one of its things and how many of them."""
    if not ledger.items:
        return
    faults: dict[str, str] = {}
    if item not in {code for code, _ in ledger.items}:
        faults["item"] = N_("请选择发了什么。")
    if count is None or not 1 <= count <= MOST_COUNT:
        faults["count"] = Sentence("份数在 1 到 {n} 之间。", n=MOST_COUNT)
    if faults:
        raise Invalid(fields=faults)


def becomes(ledger: LedgerKind, other: str) -> bool:
    """Whether a line of this ledger may become that: ``case``, or a line of another ledger."""
    return other in ledger.becomes


def may_become_case(ledger: LedgerKind | None) -> bool:
    """Whether a case may arise from its lines."""
    return ledger is not None and becomes(ledger, CASE)


def checklist(typed: str) -> list[str]:
    """One line of the checklist for each line that was typed."""
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    if not lines:
        raise Invalid(fields={"checks": N_("至少写一条检查内容，一行一条。")})
    if len(lines) > MOST_CHECKS or any(len(line) > _CHECK for line in lines):
        words = Sentence("最多 {n} 条，每条最多 {m} 个字。", n=MOST_CHECKS, m=_CHECK)
        raise Invalid(fields={"checks": words})
    return lines


@dataclass(frozen=True, slots=True)
class Plan:
    """What is planned for a day and what is done of it: for whoever does it, and nobody else.

    ``short`` is how many of those done ended before the planned minutes.
    """

    ledger: LedgerKind
    times: int
    minutes: int
    done: int
    short: int

    @property
    def left(self) -> int:
        """How many are still to do."""
        return max(self.times - self.done, 0)


def plan_of(ledger: LedgerKind, times: int, minutes: int, today: Iterable[LineRow]) -> Plan:
    """The day's plan beside one's own lines of that day."""
    ended = [line for line in today if line.ended_at is not None and line.began_at is not None]
    least = timedelta(minutes=minutes)
    short = sum(
        line.ended_at - line.began_at < least
        for line in ended
        if line.ended_at is not None and line.began_at is not None
    )
    return Plan(ledger, times, minutes, len(ended), short)
