"""How a row leads to another of its tenant."""

from typing import Any

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import QueryableAttribute


def tied(one: QueryableAttribute[Any], other: QueryableAttribute[Any]) -> ColumnElement[bool]:
    """The reference that a join follows, inside the tenant: ``tied(GridNode.id, Case.node_id)``."""
    return and_(one.class_.tenant_id == other.class_.tenant_id, one == other)
