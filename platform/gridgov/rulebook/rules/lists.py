"""The versions of a list, and what can be said of its rows."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from gridgov.contract.declarations import County
from gridgov.contract.lists import ASSIGNMENT, CLASSES, FIELDS, REMITS, ROUNDS
from gridgov.contract.relisting import Changes, Row
from gridgov.contract.rulebook import Edition
from gridgov.kernel.sentences import N_, Sentence
from gridgov.rulebook.types import ListRow, ListVersion, RowChange

LONGEST: Final = 200
NEW: Final = "new"
"""In place of the code of a row: one that is not there yet."""
ADDED: Final = frozenset({REMITS, ROUNDS})
"""The lists that rows can be added to and left out of. The others have a row for each category."""
COLUMNS: Final[Mapping[str, tuple[tuple[str, int], ...]]] = {
    CLASSES: ((N_("小类"), 22), (N_("缓急"), 8), (N_("办结时限"), 16), (N_("责任部门"), 24)),
    ASSIGNMENT: ((N_("小类"), 22), (N_("责任部门"), 24), (N_("协办或备选"), 30)),
    REMITS: ((N_("职责"), 60),),
    ROUNDS: ((N_("看什么"), 56), (N_("多久一次"), 14)),
}
"""What stands above the cells of each list, and how wide it is in a spreadsheet."""
HEADINGS: Final[Mapping[str, str]] = {
    CLASSES: N_("大类"),
    ASSIGNMENT: N_("大类"),
    REMITS: N_("部门"),
    ROUNDS: N_("部位"),
}

_DECLARED: Final[Mapping[str, Callable[[County], Any]]] = {
    CLASSES: lambda county: {c.code: c.urgency for c in county.categories if c.parent},
    ASSIGNMENT: lambda county: {c.code: c.departments for c in county.categories if c.parent},
    REMITS: lambda county: {one.code: (one.department, one.text) for one in county.remits},
    ROUNDS: lambda county: {one.code: (one.text, one.often) for one in county.rounds},
}
"""What of a county's declarations makes up each list."""


def versions(code: str, editions: Sequence[Edition], changes: Changes) -> list[ListVersion]:
    """Every version of a list, the newest first: those of the county, and those of its plugins."""
    found = [*_of_plugins(code, editions), *_of_county(code, changes)]
    ordered = sorted(found, key=lambda one: one[0])
    made = [
        ListVersion(
            number=number, at=at, document=document, reason=reason, by=by, rows=rows, id=version
        )
        for number, (at, document, reason, by, rows, version) in enumerate(ordered, 1)
    ]
    return made[::-1]


def version_at(known: Sequence[ListVersion], at: datetime) -> ListVersion | None:
    """The one that holds at a moment; the first for what is older."""
    return next((one for one in known if one.at <= at), known[-1] if known else None)


_Found = tuple[datetime, str, str, str, int, str]


def _of_county(code: str, changes: Changes) -> Iterator[_Found]:
    for one in changes:
        if rows := one.of(code):
            yield one.at, one.document, one.reason, one.by, len(rows), one.id


def _of_plugins(code: str, editions: Sequence[Edition]) -> Iterator[_Found]:
    before: Mapping[str, Any] = {}
    for edition in reversed(editions):
        rows: Mapping[str, Any] = _DECLARED[code](edition.rulebook.county)
        differ = {row for row in {*before, *rows} if before.get(row) != rows.get(row)}
        if differ:
            made = " ".join(f"{one.name} {one.version}".strip() for one in edition.rulebook.plugins)
            document = Sentence("随规则版本而来（{made}）", made=made)
            yield edition.taken_at, document, "", edition.taken_by, len(differ), ""
        before = rows


def differing(code: str, before: Iterable[ListRow], after: Iterable[ListRow]) -> list[RowChange]:
    """What is otherwise between the rows of two versions, in the order of the list."""
    heads = (HEADINGS[code], *(head for head, _ in COLUMNS[code]))
    nothing = ("",) * len(heads)
    was, then = (
        {row.code: (row.group, *row.cells) for row in rows if not row.fixed}
        for rows in (before, after)
    )
    found: list[RowChange] = []
    for row in {**was, **then}:
        old, new = was.get(row, nothing), then.get(row, nothing)
        cells = tuple(one for one in zip(heads, old, new, strict=True) if one[1] != one[2])
        if cells:
            name = (new if row in then else old)[1]
            found.append(RowChange(name, cells, row not in was, row not in then))
    return found


def faults_of(
    code: str, said: Row, *, urgencies: Collection[str], departments: Collection[str]
) -> dict[str, str]:
    """Everything that is wrong with what is said of a row, by field."""
    found: dict[str, str] = {name: N_("没有这一项。") for name in said.keys() - FIELDS[code]}
    if said.get("urgency", "") not in {"", *urgencies}:
        found["urgency"] = N_("没有这一种缓急，请重新选择。")
    if "departments" in said and not said["departments"]:
        found["departments"] = N_("至少要有一个责任部门。")
    named = {*said.get("departments", ()), *filter(None, (said.get("department"),))}
    if named - set(departments):
        found["department" if "department" in said else "departments"] = N_(
            "没有这个部门，请重新选择。"
        )
    for name in FIELDS[code] & {"text", "group"} & said.keys():
        if not str(said[name]).strip():
            found[name] = N_("请填写这一项。")
        elif len(str(said[name])) > LONGEST:
            found[name] = Sentence("最多 {most} 个字。", most=LONGEST)
    return found
