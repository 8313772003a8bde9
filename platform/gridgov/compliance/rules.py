"""What may be on, and which figures use what is off."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta

from gridgov.compliance.types import ABOUT, Grant, GrantState, Line
from gridgov.contract.assessment import Figure
from gridgov.contract.compliance import ABSENT, BLOCKED, NEVER, OPENED_BY, SOURCE, Switch
from gridgov.kernel.sentences import Sentence


def faults_of(
    switch: Switch, *, document: str, article: str, reason: str, expires_on: date, today: date
) -> dict[str, str]:
    """What is wrong with a basis, by field."""
    faults = {
        name: "请填写这一项。"
        for name, text in (("document", document), ("article", article), ("reason", reason))
        if not text.strip()
    }
    if switch in ABSENT:
        faults["switch"] = Sentence(
            "这个系统没有“{name}”，没有什么可以开启。", name=ABOUT[switch].name
        )
    elif switch in BLOCKED:
        faults["switch"] = Sentence(
            "“{name}”不能开启：{source}一律不允许。",
            name=ABOUT[switch].name,
            source=Sentence(SOURCE),
        )
    latest = today + timedelta(days=ABOUT[switch].most_days)
    if expires_on < today:
        faults["expires_on"] = "到期的日子不能早于今天。"
    elif expires_on > latest:
        faults["expires_on"] = Sentence("最晚到 {day}，到期可以重新申请。", day=latest)
    return faults


def held_off(figures: Iterable[Figure], on: Collection[str]) -> Iterator[str]:
    """Each figure that uses what the switchboard holds off, by name: it is never computed."""
    for figure in figures:
        for switch in sorted({*figure.needs} - {*on}):
            yield Sentence(
                "指标“{figure}”要用“{switch}”，合规开关没有开启（{source}）。",
                figure=figure.name,
                switch=ABOUT[switch].name,
                source=Sentence(SOURCE),
            )


def lines_of(grants: Iterable[Grant], today: date) -> list[Line]:
    """Everything that can be on, with its grants."""
    by_switch: dict[str, list[Grant]] = {}
    for grant in grants:
        by_switch.setdefault(grant.switch, []).append(grant)
    on = {
        grant.switch: grant for found in by_switch.values() for grant in found if grant.holds(today)
    }
    lines: list[Line] = []
    for switch, about in ABOUT.items():
        if switch in NEVER:
            continue
        found = by_switch.get(switch, [])
        held = on.get(switch)
        asked = next((one for one in found if one.state == GrantState.ASKED), None)
        past = tuple(one for one in found if one not in (held, asked))
        through = next(
            (on[by] for by, opened in OPENED_BY.items() if switch in opened and by in on), None
        )
        lines.append(Line(switch, about, held, asked, past, through))
    return lines
