"""A supervision circular as the paper that an office sends."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from gridgov.cases.queries.circulars import Issued, Line
from gridgov.cases.types import LIGHTS, Light
from gridgov.context import Context
from gridgov.kernel.sentences import N_, Sentence, joined
from gridgov.web.documents import Paper, Part, Table


def light_in_words(light: Light) -> str:
    """What a matter's light says; of one that has ended, that it has."""
    return LIGHTS.get(light, N_("已办结"))


def paper_of(ctx: Context, shown: Mapping[str, Any]) -> Paper:
    """The parts of its printed sheet. ``shown`` is what the page of the circular shows."""
    issued: Issued = shown["circular"]
    office: str = shown["office"]
    counted, struck, late = shown["totals"]
    situation = [
        Sentence(
            "{first}至{last}，{place}督办事项 {n} 件，"
            "其中已{what} {struck} 件，超期未办结 {late} 件。",
            what=shown["struck_off"],
            first=_said(issued.first),
            last=_said(issued.last),
            place=issued.place,
            n=counted,
            struck=struck,
            late=late,
        ),
    ]
    if shown["others"]:
        situation.append(Sentence("另有 {n} 件与本单位无关，没有列出。", n=shown["others"]))
    addressed = joined(name for name, *_ in shown["units"] if name and name != office)
    return Paper(
        office=office,
        number=shown["title"],
        title=(
            Sentence("关于{first}至{last}", first=_said(issued.first), last=_said(issued.last)),
            N_("督办事项办理情况的通报"),
        ),
        to=Sentence("{units}：", units=addressed),
        parts=(
            Part(
                N_("一、办理情况"),
                [*situation, *filter(None, [issued.opening])],
                [_counts(shown, shown["town"], "towns"), _counts(shown, N_("单位"), "units")],
            ),
            Part(N_("二、督办事项"), [], [_matters(ctx, shown)]),
            Part(
                N_("三、要求"),
                [issued.demand, Sentence("请在{day}前反馈。", day=_said(issued.answer_by))],
            ),
        ),
        signed=(office, _day(ctx, issued.issued_at)),
    )


def _counts(shown: Mapping[str, Any], head: str, by: str) -> Table:
    rows: Sequence[tuple[str, int, int, int]] = shown[by]
    heads = (head, N_("督办"), Sentence("已{what}", what=shown["struck_off"]), N_("超期"))
    lines = [(name or "—", *(str(count) for count in counts)) for name, *counts in rows]
    return Table(heads, lines, (96, 20, 20, 20))


def _matters(ctx: Context, shown: Mapping[str, Any]) -> Table:
    lines: Sequence[Line] = shown["lines"]
    supervised: str = shown["supervised"]
    return Table(
        (N_("序号"), N_("事情"), N_("单位"), N_("进展"), supervised, N_("要求")),
        [
            (
                str(place),
                "\n".join([line.title, f"{line.town} {line.place}".strip(), line.code]),
                line.unit or "—",
                _progress(ctx, line, shown["struck_off"]),
                _taken_up(ctx, line),
                line.asked,
            )
            for place, line in enumerate(lines, 1)
        ],
        (12, 42, 27, 25, 24, 26),
    )


def _taken_up(ctx: Context, line: Line) -> str:
    """Since when, and why if something else is asked."""
    day = _day(ctx, line.supervised_at)
    return day if line.reason == line.asked else Sentence("{day}：{why}", day=day, why=line.reason)


def _progress(ctx: Context, line: Line, struck_off: str) -> str:
    if line.struck_off_at:
        return Sentence("已{what} {day}", what=struck_off, day=_day(ctx, line.struck_off_at))
    state = Sentence(line.state)  # as it was kept: said in the language of the paper
    if line.light is Light.NONE:
        return state
    return Sentence(
        "{state}，{light}，到期 {day}",
        state=state,
        light=light_in_words(line.light),
        day=_said(ctx.tenant.last_day(line.due_at)),
    )


def _day(ctx: Context, moment: datetime) -> Sentence:
    return _said(ctx.tenant.day_of(moment))


def _said(day: date) -> Sentence:
    return Sentence("{year}年{month}月{day}日", year=day.year, month=day.month, day=day.day)
