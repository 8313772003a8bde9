"""Checking grid.csv: one tree, levels under the right levels, codes of the right form."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from gridgov.contract.declarations import Level
from gridgov.grid.rules.codes import segment_of, stem_of
from gridgov.onboarding.rules.columns import GRID
from gridgov.onboarding.rules.sheets import Faults, read_sheet
from gridgov.onboarding.types import NodeRow


def read_tree(
    files: Mapping[str, bytes], faults: Faults, *, root: str, levels: Sequence[Level]
) -> list[NodeRow]:
    """The nodes, parents before children, each with its path."""
    rows = read_sheet(GRID, files, faults)
    known: dict[str, NodeRow] = {}
    for row in rows:
        if row.code in known:
            message = f"代码“{row.code}”与第 {known[row.code].line} 行重复。"
            faults.cell(GRID.file, row.line, "code", message)
        else:
            known[row.code] = row
    if root and rows and root not in known:
        faults.add(GRID.file, f"没有代码为“{root}”的根节点。")
    tree = Tree(known, root, {level.code: level for level in levels})
    for row in known.values():
        for column, message in tree.faults_of(row):
            faults.cell(GRID.file, row.line, column, message)
    return tree.ordered()


class Tree:
    """The rows by code, with what each must look like."""

    def __init__(self, rows: Mapping[str, NodeRow], root: str, levels: Mapping[str, Level]) -> None:
        self._rows = rows
        self._root = root
        self._levels = levels

    def faults_of(self, row: NodeRow) -> Iterator[tuple[str, str]]:
        """Column and sentence of each fault of a row."""
        level = self._levels.get(row.level)
        if level is None:
            yield "level", f"没有“{row.level}”这个层级。"
        elif len(row.code) != level.code_length:
            message = (
                f"“{level.name}”的代码应为 {level.code_length} 位，这里是 {len(row.code)} 位。"
            )
            yield "code", message
        yield from self._faults_above(row, level)
        if row.households > row.population > 0:
            yield "households", "户数比人口还多。"

    def _faults_above(self, row: NodeRow, level: Level | None) -> Iterator[tuple[str, str]]:
        if level is not None and not level.under:
            if row.parent:
                yield "parent", f"“{level.name}”是根，不能有上级。"
            if row.code != self._root:
                yield "code", f"根节点的代码应为“{self._root}”。"
            return
        parent = self._rows.get(row.parent)
        if not row.parent:
            yield "parent", "不能为空：只有根节点没有上级。"
        elif parent is None:
            yield "parent", f"上级“{row.parent}”不存在。"
        elif level is not None and parent.level in self._levels:
            yield from self._misplaced(row, level, parent)

    def _misplaced(self, row: NodeRow, level: Level, parent: NodeRow) -> Iterator[tuple[str, str]]:
        if parent.level not in level.under:
            above = self._levels[parent.level].name
            yield "level", f"“{level.name}”不能放在“{above}”下面。"
            return
        stem = self._stem(row)
        if not row.code.startswith(stem) or row.code == stem:
            yield "code", f"代码应以上级的“{stem}”开头。"
        if date.min < row.valid_from < parent.valid_from:
            yield "valid_from", f"比上级的起始日 {parent.valid_from} 还早。"

    def _stem(self, row: NodeRow) -> str:
        """The code of the nearest ancestor that has an official one; short codes are our own."""
        line = [above.code for above in self._above(row)]
        return stem_of(line[::-1]) or self._root

    def _above(self, row: NodeRow) -> Iterator[NodeRow]:
        """The ancestors from the parent up; ends where a parent is missing or goes in a circle."""
        seen = {row.code}
        while (above := self._rows.get(row.parent)) is not None and above.code not in seen:
            seen.add(above.code)
            yield above
            row = above

    def ordered(self) -> list[NodeRow]:
        """Parents before children, with paths."""
        pathed = [replace(row, path=self._path(row)) for row in self._rows.values()]
        return sorted(pathed, key=lambda row: (row.path.count("."), row.path))

    def _path(self, row: NodeRow) -> str:
        line = [row, *self._above(row)]
        return "".join(f"{self._segment(node)}." for node in reversed(line))

    def _segment(self, row: NodeRow) -> str:
        """What a code adds to its ancestors': ``002`` of ``430281002``, ``1`` of ``430281-1``."""
        stem = self._stem(row) if row.parent else ""
        return segment_of(row.code, stem)
