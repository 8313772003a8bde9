"""From lines and units to what a page shows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from gridgov.cases.queries.units import Unit, leaves_within
from gridgov.context import Context
from gridgov.contract.fieldwork import LedgerKind
from gridgov.fieldwork.queries.lines import CaseOf, cases_of_lines
from gridgov.fieldwork.types import FieldRight, LineRow
from gridgov.grid.queries.nodes import names_at
from gridgov.grid.rules.codes import parent_path
from gridgov.kernel.sentences import N_, Sentence
from gridgov.web.urls import AnyRequest, url_of


@dataclass(frozen=True, slots=True)
class Shown:
    """A line as lists show it: a title, a few words, and what arose from it."""

    row: LineRow
    ledger: str
    icon: str
    title: str
    words: str
    place: str
    url: str
    cases: tuple[CaseOf, ...] = ()


async def shown(ctx: Context, request: AnyRequest, rows: Iterable[LineRow]) -> list[Shown]:
    """The lines of one page: two statements, however many there are."""
    lines = list(rows)
    if not lines:
        return []
    names = await names_at(ctx, [line.node_path for line in lines])
    cases = await cases_of_lines(ctx, [line.id for line in lines])
    declared = {ledger.code: ledger for ledger in ctx.policy.ever.ledgers}
    return [
        Shown(
            row=line,
            ledger=declared[line.ledger].name if line.ledger in declared else line.ledger,
            icon=declared[line.ledger].icon if line.ledger in declared else "notebook-pen",
            title=title_of(declared.get(line.ledger), line),
            words=words_of(declared.get(line.ledger), line),
            place=place_in_words(names, line.node_path),
            url=url_of(ctx, request, "line", line_id=line.id),
            cases=tuple(cases[line.id]),
        )
        for line in lines
    ]


def place_in_words(names: Mapping[str, str], path: str) -> str:
    """The unit, after the one above it unless its own name begins with that."""
    above, own = names.get(parent_path(path), ""), names.get(path, "")
    return " · ".join(part for part in (above, own) if part and (part is own or part not in own))


def title_of(ledger: LedgerKind | None, line: LineRow) -> str:
    """What a line is about: the first choice or short text that it says, or the thing counted."""
    if ledger is None:
        return line.ledger
    if ledger.items:
        things = dict(ledger.items)
        return Sentence("{what} {n} 份", what=things.get(line.item, line.item), n=line.count or 0)
    for field in ledger.fields:
        said: str = line.said.get(field.code, "")
        if said and field.kind in {"choice", "text"}:
            return dict(field.choices).get(said, said) if field.kind == "choice" else said
    return N_("还没有结束") if line.running else ledger.name


def words_of(ledger: LedgerKind | None, line: LineRow) -> str:
    """What else may be read of it; that something is sealed is said, not what."""
    if ledger is None:
        return ""
    texts = [one.code for one in ledger.fields if one.kind in {"text", "long_text"}]
    words = [line.said[code] for code in texts if line.said.get(code)]
    return " · ".join(word for word in words if word != title_of(ledger, line))


def said_of(
    ledger: LedgerKind, line: LineRow, sealed: Mapping[str, str] | None
) -> list[tuple[str, str | None]]:
    """Label and words of each field that was filled in; None for what stays sealed."""
    pairs: list[tuple[str, str | None]] = []
    for field in ledger.fields:
        if not field.sealed:
            words: str = line.said.get(field.code, "")
            if words:
                pairs.append((field.label, _in_words(field.kind, field.choices, words)))
        elif sealed is not None:
            if field.code in sealed:
                pairs.append((field.label, sealed[field.code]))
        elif line.sealed is not None:
            pairs.append((field.label, None))
    return pairs


def _in_words(kind: str, choices: tuple[tuple[str, str], ...], said: str) -> str:
    if kind == "choice":
        return dict(choices).get(said, said)
    if kind == "date":
        day = date.fromisoformat(said)
        return Sentence("{year}年{month}月{day}日", year=day.year, month=day.month, day=day.day)
    return said


async def grids_to_write(ctx: Context) -> list[Unit]:
    """The grids where the actor may write."""
    scopes = [scope.path for scope in ctx.actor.scopes(FieldRight.RECORD)]
    return await leaves_within(ctx, scopes) if scopes else []


def device_time(values: Mapping[str, Any]) -> datetime | None:
    """When the phone says that it was written: beside the form, so it is no part of its words."""
    try:
        at = datetime.fromisoformat(str(values.get("_at", "")))
    except ValueError:
        return None
    return at if at.tzinfo is not None else None
