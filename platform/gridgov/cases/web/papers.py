"""A supervision circular as the paper that an office sends."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from gridgov.cases.queries.circulars import Issued, Line
from gridgov.cases.types import LIGHTS, Light
from gridgov.context import Context
from gridgov.kernel.sentences import N_, Sentence, joined
from gridgov.web.documents import Paper, Part, Table

_COUNTED: Final = (N_("督办"), N_("已销号"), N_("超期"))
_TOLD: Final = (N_("序号"), N_("事情"), N_("单位"), N_("进展"), N_("挂号"), N_("要求"))


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
            "其中已销号 {struck} 件，超期未办结 {late} 件。",
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
        title=Sentence(
            "关于{first}至{last}督办事项办理情况的通报",
            first=_said(issued.first),
            last=_said(issued.last),
        ),
        to=Sentence("{units}：", units=addressed),
        parts=(
            Part(
                N_("一、办理情况"),
                [*situation, *filter(None, [issued.opening])],
                [_counts(shown["town"], shown["towns"]), _counts(N_("单位"), shown["units"])],
            ),
            Part(N_("二、督办事项"), [], [_matters(ctx, shown["lines"])]),
            Part(
                N_("三、要求"),
                [issued.demand, Sentence("请在{day}前反馈。", day=_said(issued.answer_by))],
            ),
        ),
        signed=(office, _day(ctx, issued.issued_at)),
    )


def _counts(head: str, rows: Sequence[tuple[str, int, int, int]]) -> Table:
    lines = [(name or "—", *(str(count) for count in counts)) for name, *counts in rows]
    return Table((head, *_COUNTED), lines)


def _matters(ctx: Context, lines: Sequence[Line]) -> Table:
    return Table(
        _TOLD,
        [
            (
                str(place),
                "\n".join([line.title, f"{line.town} {line.place}".strip(), line.code]),
                line.unit or "—",
                _progress(ctx, line),
                Sentence("{day}：{why}", day=_day(ctx, line.supervised_at), why=line.reason),
                line.asked,
            )
            for place, line in enumerate(lines, 1)
        ],
    )


def _progress(ctx: Context, line: Line) -> str:
    if line.struck_off_at:
        return Sentence("已销号 {day}", day=_day(ctx, line.struck_off_at))
    return Sentence(
        "{state}，{light}，到期 {day}",
        state=line.state,
        light=light_in_words(line.light),
        day=_said(ctx.tenant.last_day(line.due_at)),
    )


def _day(ctx: Context, moment: datetime) -> Sentence:
    return _said(ctx.tenant.day_of(moment))


def _said(day: date) -> Sentence:
    return Sentence("{year}年{month}月{day}日", year=day.year, month=day.month, day=day.day)
