"""Why is the light as it is? A clock told step by step, so that anybody can work it out again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Final

from gridgov.cases.rules.clocks import EXTENDED, RECKONED, RULED, STOOD
from gridgov.cases.rules.lights import light_of
from gridgov.cases.types import Light, Pause, Running
from gridgov.contract.declarations import ASSUMPTION
from gridgov.kernel.clock import end_in_digits
from gridgov.kernel.durations import Unit
from gridgov.kernel.sentences import N_, Sentence

_HOUR: Final = 60
_UNITS: Final[Mapping[str, str]] = {
    Unit.MINUTES: "{amount} 分钟",
    Unit.WORK_HOURS: "{amount} 个工作小时",
    Unit.CALENDAR_DAYS: "{amount} 天",
    Unit.WORKING_DAYS: "{amount} 个工作日",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence and the values of its named places, to be translated by the page."""

    message: str
    params: Mapping[str, Any]

    def __str__(self) -> str:
        return self.message.format(**self.params)


@dataclass(frozen=True, slots=True)
class Story:
    """One clock: what it is called, its light, and how its due time came about.

    ``assumed``: no document gives its number. ``bearer`` is the department or level whose it is.
    """

    code: str
    name: str
    bearer: str
    promise: bool
    light: Light
    started_at: datetime
    due_at: datetime
    yellow_at: datetime
    stopped_at: datetime | None
    provisional: bool
    assumed: bool
    lines: tuple[Line, ...]


def explained(
    clock: Running,
    pauses: Sequence[Pause],
    *,
    bearers: Mapping[str, str],
    zone: tzinfo,
    now: datetime,
) -> Story:
    """The story of one clock. ``bearers`` names departments and levels by what the clock keeps."""
    still = any(pause.ended_at is None for pause in pauses)
    at = clock.stopped_at or now
    return Story(
        code=clock.code,
        name=clock.name,
        bearer=bearers.get(clock.bearer, ""),
        promise=clock.promise,
        light=light_of(
            clock.due_at, clock.yellow_at, paused=still and clock.runs, ended=False, now=at
        ),
        started_at=clock.started_at,
        due_at=clock.due_at,
        yellow_at=clock.yellow_at,
        stopped_at=clock.stopped_at,
        provisional=clock.provisional,
        assumed=clock.source == ASSUMPTION,
        lines=tuple(_lines(clock, pauses, zone, now)),
    )


def _lines(clock: Running, pauses: Sequence[Pause], zone: tzinfo, now: datetime) -> Iterator[Line]:
    def told(at: datetime) -> str:
        return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")

    def ends(due: datetime) -> str:
        return end_in_digits(due, zone)

    yield _rule(clock)
    yield Line("{at} 开始计时。", {"at": told(clock.started_at)})
    if clock.unit in {Unit.WORKING_DAYS, Unit.CALENDAR_DAYS}:
        yield Line("开始当天不计，从次日起算。", {})
    yield Line("按工作日历第 {version} 版计算。", {"version": clock.calendar_version})
    for pause in pauses:
        if pause.ended_at is None or pause.ended_at > clock.started_at:
            yield _pause(pause, told)
    for entry in clock.history:
        yield _change(entry, told, ends)
    yield Line("到期时间 {due}。", {"due": ends(clock.due_at)})
    if clock.provisional:
        yield Line("其中有放假安排尚未公布的日子，到期时间是暂定的。", {})
    yield _end(clock, told, now)


def _rule(clock: Running) -> Line:
    how_long = amount_in_words(clock.amount, clock.unit)
    facts = {"name": N_(clock.name), "limit": how_long, "since": clock.rule_from}
    if clock.source == ASSUMPTION:
        return Line(
            "{name}时限 {limit}（{since} 起的规则；原文没有数字，本项目暂定，可由县里调整）。",
            facts,
        )
    return Line(
        "{name}时限 {limit}（{since} 起的规则，依据 {source}）。",
        facts | {"source": N_(clock.source)},
    )


def _pause(pause: Pause, told: Any) -> Line:
    if pause.ended_at is None:
        return Line(
            "{start} 起挂起，还没有恢复：{reason}",
            {"start": told(pause.started_at), "reason": pause.reason},
        )
    return Line(
        "{start} 至 {end} 挂起，不计时：{reason}",
        {"start": told(pause.started_at), "end": told(pause.ended_at), "reason": pause.reason},
    )


def _change(entry: Mapping[str, Any], told: Any, ends: Any) -> Line:
    def moment(name: str) -> str:
        at = datetime.fromisoformat(entry[name])
        return str(ends(at) if name == "due" else told(at))

    match entry["why"]:
        case why if why == STOOD:
            return Line(
                "{start} 至 {end} 不在这里办理，不计时，也不重新起算。",
                {"start": moment("from"), "end": moment("to")},
            )
        case why if why == EXTENDED:
            return Line(
                "{at} 批准延期 {days} 天，原到期时间 {due}。",
                {"at": moment("at"), "days": entry["days"], "due": moment("due")},
            )
        case why if why == RECKONED:
            return Line(
                "{at} 工作日历更新后重新计算，原到期时间 {due}。",
                {"at": moment("at"), "due": moment("due")},
            )
        case why if why == RULED:
            return Line(
                "{at} 更正类别后按新规则计算，起点不变，原到期时间 {due}。",
                {"at": moment("at"), "due": moment("due")},
            )
        case _:
            return Line("{at} 有过变更。", {"at": moment("at")})


def _end(clock: Running, told: Any, now: datetime) -> Line:
    if clock.stopped_at is not None:
        late = clock.stopped_at >= clock.due_at
        ended = "{at} 停止计时，超期。" if late else "{at} 停止计时，未超期。"
        return Line(ended, {"at": told(clock.stopped_at)})
    if now >= clock.due_at:
        return Line("到现在还没有完成，已超期。", {})
    if now >= clock.yellow_at:
        return Line("{at} 起亮黄灯提醒。", {"at": told(clock.yellow_at)})
    return Line("将在 {at} 亮黄灯提醒。", {"at": told(clock.yellow_at)})


def amount_in_words(amount: int, unit: str) -> str:
    """7 个工作日; whole hours of minutes as hours."""
    if unit == Unit.MINUTES and amount % _HOUR == 0:
        return Sentence("{n} 小时", n=amount // _HOUR)
    return Sentence(_UNITS[unit], amount=amount)
