"""The forms of re-division: what is typed, and the command that it means."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec

from gridgov.grid.types import ChangeKind, Command, Merge, Move, Part, Point, Rename, Split
from gridgov.web.forms import convert

Name = Annotated[str, msgspec.Meta(max_length=60)]
Count = Annotated[int, msgspec.Meta(ge=0, le=10_000_000)]
Degrees = Annotated[float, msgspec.Meta(ge=-180, le=180)]


class When(msgspec.Struct, kw_only=True):
    """From which day, and on what ground."""

    effective_on: date
    document: Annotated[str, msgspec.Meta(max_length=200)]


class CutForm(When, kw_only=True):
    """A leaf is split along a line."""

    first_name: Name
    first_households: Count
    first_population: Count
    second_name: Name
    second_households: Count
    second_population: Count
    keeps: Annotated[int, msgspec.Meta(ge=0, le=1)] = 0
    lon1: Degrees | None = None
    lat1: Degrees | None = None
    lon2: Degrees | None = None
    lat2: Degrees | None = None

    @property
    def line(self) -> tuple[Point, Point] | None:
        """The two points, if both are there."""
        if self.lon1 is None or self.lat1 is None or self.lon2 is None or self.lat2 is None:
            return None
        return (self.lon1, self.lat1), (self.lon2, self.lat2)


class SortForm(When, kw_only=True):
    """A node is split by its sub-units: those ticked go to the second part."""

    first_name: Name
    second_name: Name
    going: list[UUID] = []


class MergeForm(When, kw_only=True):
    """Others are merged into the node."""

    name: Name
    others: list[UUID] = []


class RenameForm(When, kw_only=True):
    """Another name."""

    name: Name


class MoveForm(When, kw_only=True):
    """Another parent."""

    parent: UUID


Form = CutForm | SortForm | MergeForm | RenameForm | MoveForm

FORMS: Final[dict[ChangeKind, type[Form]]] = {
    ChangeKind.MERGE: MergeForm,
    ChangeKind.RENAME: RenameForm,
    ChangeKind.MOVE: MoveForm,
}


def form_of(kind: ChangeKind, *, children: bool) -> type[Form]:
    """The form that a node is changed by."""
    return FORMS.get(kind, SortForm if children else CutForm)


def meant(
    values: Mapping[str, Any], kind: ChangeKind, node_id: UUID, children: list[UUID]
) -> tuple[Command, Form]:
    """The command that the typed values mean, with its day and document."""
    form = convert(dict(values), form_of(kind, children=bool(children)))
    return _command(form, node_id, children), form


def _command(form: Form, node_id: UUID, children: list[UUID]) -> Command:
    match form:
        case CutForm():
            return Split(node_id=node_id, parts=_halves(form), line=form.line, keeps=form.keeps)
        case SortForm():
            stays = tuple(child for child in children if child not in form.going)
            goes = tuple(form.going)
            parts = (
                Part(name=form.first_name, children=stays),
                Part(name=form.second_name, children=goes),
            )
            return Split(node_id=node_id, parts=parts)
        case MergeForm():
            return Merge(node_ids=(node_id, *form.others), name=form.name)
        case MoveForm():
            return Move(node_id=node_id, parent_id=form.parent)
        case RenameForm():
            return Rename(node_id=node_id, name=form.name)


def _halves(form: CutForm) -> tuple[Part, Part]:
    return (
        Part(
            name=form.first_name,
            households=form.first_households,
            population=form.first_population,
        ),
        Part(
            name=form.second_name,
            households=form.second_households,
            population=form.second_population,
        ),
    )
