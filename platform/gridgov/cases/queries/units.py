"""Names of the grid's units for the rows of one page, in one statement."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import ARRAY, Text, any_, bindparam, or_, select
from sqlalchemy.orm import aliased

from gridgov.context import Context
from gridgov.contract.actor import Actor
from gridgov.grid.models import GridNode
from gridgov.grid.rules.codes import parent_path, prefixes
from gridgov.kernel.db import within
from gridgov.kernel.ready import Ready

_MOST_LEAVES: Final = 1200


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the grid as lists name it."""

    id: UUID
    path: str
    code: str
    name: str
    level: str
    area: str = ""
    initials: str = ""

    @property
    def keys(self) -> str:
        """What it is found by in a list to choose from, beside its name."""
        return f"{self.code} {self.initials}"


_COLUMNS: Final = (
    GridNode.id,
    GridNode.path,
    GridNode.code,
    GridNode.name,
    GridNode.level,
    GridNode.area_type,
    GridNode.initials,
)


_PATHS: Final = bindparam("paths", type_=ARRAY(Text))
_ON_LINES: Final = Ready(
    select(*_COLUMNS)
    .where(GridNode.valid_to.is_(None), GridNode.path == any_(_PATHS))
    .order_by(GridNode.path)
)
_ABOVE: Final = aliased(GridNode)
_BELOW: Final = Ready(
    select(*_COLUMNS)
    .where(
        GridNode.valid_to.is_(None),
        or_(
            GridNode.path == any_(_PATHS),
            GridNode.parent_id
            == select(_ABOVE.id)
            .where(_ABOVE.path == bindparam("below", type_=Text), _ABOVE.valid_to.is_(None))
            .scalar_subquery(),
        ),
    )
    .order_by(GridNode.path)
)


@dataclass(frozen=True, slots=True)
class Units:
    """The units on the lines of some paths, and those right below one of them."""

    by_path: dict[str, Unit]
    below: tuple[Unit, ...] = ()

    def line(self, path: str) -> list[Unit]:
        """From the root down to the path, as far as they are known."""
        return [self.by_path[p] for p in prefixes(path) if p in self.by_path]

    def at_level(self, path: str, level: str) -> Unit | None:
        """The unit of that level on the line."""
        return next((unit for unit in self.line(path) if unit.level == level), None)


async def units(ctx: Context, paths: Iterable[str], *, below: str = "") -> Units:
    """The present units at these paths and above them, and the children of ``below``."""
    wanted = sorted({prefix for path in {*paths, below} for prefix in prefixes(path)})
    if not wanted:
        return Units({})
    asked = _BELOW if below else _ON_LINES
    found = await asked.rows(ctx.session, paths=wanted, below=below)
    known = [Unit(*row) for row in found]
    children = tuple(unit for unit in known if below and parent_path(unit.path) == below)
    return Units({unit.path: unit for unit in known}, children)


def top_of(actor: Actor, right: str) -> str:
    """Where the actor's view begins: the highest path of the right; empty without any."""
    return min((scope.path for scope in actor.scopes(right)), key=len, default="")


async def leaves_within(ctx: Context, paths: Iterable[str]) -> list[Unit]:
    """The base units under these paths, as many as a list to choose from may hold."""
    base = [level.code for level in ctx.policy.county.levels if level.base]
    found = await ctx.session.execute(
        select(*_COLUMNS)
        .where(
            GridNode.valid_to.is_(None),
            GridNode.level.in_(base),
            or_(*(within(GridNode.path, path) for path in paths)),
        )
        .order_by(GridNode.path)
        .limit(_MOST_LEAVES)
    )
    return [Unit(*row) for row in found]
