"""Writing the grid tree, the departments and the offices of nodes."""

from functools import partial
from typing import Any, Final

from sqlalchemy import update

from gridgov.grid.actions.redividing import redivide
from gridgov.grid.models import GridNode
from gridgov.grid.types import Rename
from gridgov.kernel.changes import Verb
from gridgov.kernel.ids import new_id
from gridgov.kernel.pinyin import initials
from gridgov.onboarding.actions.writing import Writing
from gridgov.onboarding.rules.compare import DEPARTMENTS, GRID, OFFICES
from gridgov.onboarding.types import Change
from gridgov.staff.models import Department
from gridgov.stations.models import Station

DOCUMENT: Final = "开通文件包"
"""What stands in the history of a node for the document that ordered the change."""


async def write_places(writing: Writing) -> None:
    """Nodes, parents first, then the departments and offices that stand on them."""
    await _write_nodes(writing)
    await writing.follow(
        DEPARTMENTS,
        Department,
        writing.ids.departments,
        partial(_department, writing),
        end="closed_on",
    )
    await _write_offices(writing)


async def _write_nodes(writing: Writing) -> None:
    ids = writing.ids.nodes
    for key in writing.keys(GRID, Verb.ADDED):
        ids[key] = new_id()
    added = [
        {"id": ids[key], **_node(writing, key), "version": 1}
        for key in writing.keys(GRID, Verb.ADDED)
    ]
    await writing.add(GridNode, added)
    for change in writing.diff.of(GRID, Verb.CHANGED):
        await _change_node(writing, change)
    await writing.close(GridNode, [ids[key] for key in writing.keys(GRID, Verb.CLOSED)])


async def _change_node(writing: Writing, change: Change) -> None:
    """A new name is a rename like any other: it keeps what the node was called before."""
    node_id = writing.ids.nodes[change.key]
    values = _node(writing, change.key)
    if any(name == "name" for name, _, _ in change.fields):
        rename = Rename(node_id=node_id, name=values["name"])
        await redivide(writing.ctx, rename, effective_on=writing.today, document=DOCUMENT)
    if any(name != "name" for name, _, _ in change.fields):
        await writing.change(GridNode, node_id, values | {"version": GridNode.version + 1})


def _node(writing: Writing, key: str) -> dict[str, Any]:
    row = dict(writing.wanted[GRID][key])
    parent = row.pop("parent")
    row["parent_id"] = writing.ids.nodes[parent] if parent else None
    row["initials"] = initials(row["name"])
    return row


def _department(writing: Writing, key: str) -> dict[str, Any]:
    row = dict(writing.wanted[DEPARTMENTS][key])
    row["node_id"] = writing.ids.nodes[row.pop("node")]
    return row | {"closed_on": None}


async def _write_offices(writing: Writing) -> None:
    await writing.add(
        Station,
        [{"id": new_id(), **_office(writing, key)} for key in writing.keys(OFFICES, Verb.ADDED)],
    )
    for key in writing.keys(OFFICES, Verb.CHANGED):
        row = _office(writing, key)
        await writing.ctx.session.execute(
            update(Station).where(Station.node_id == row["node_id"]).values(**row)
        )


def _office(writing: Writing, key: str) -> dict[str, Any]:
    row = dict(writing.wanted[OFFICES][key])
    row["node_id"] = writing.ids.nodes[row.pop("node")]
    return row | {"changed_at": writing.ctx.now, "changed_by": None}
