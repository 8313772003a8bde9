"""Places in a page of one room that higher rooms and counties fill with pieces of their own.

The page knows nothing of who fills it: its template includes ``web/_slots.html`` with
``filled = slots("node", node_id=node.id)``. Who fills it says so in its ``web``, as
``SLOTS = (Slot(page="node", route="node-posts", title="…"),)``, and answers the route by
:func:`gridgov.web.pages.part`: the bare piece for HTMX, a page of its own for plain links.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from gridgov.context import Context
from gridgov.web.urls import Urls


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A piece for another room's page. ``title`` is a message; a smaller ``order`` comes first."""

    page: str
    route: str
    title: str
    order: int = 50


@dataclass(frozen=True, slots=True)
class Filled:
    """A piece that this actor may open, with its address."""

    route: str
    title: str
    url: str


class Slots:
    """All pieces of the application, by the page that they belong to."""

    def __init__(self, slots: Iterable[Slot]) -> None:
        self._slots = sorted(slots, key=lambda slot: (slot.order, slot.route))

    def of(
        self, ctx: Context | None, urls: Urls, page: str, **params: UUID | str | int | None
    ) -> tuple[Filled, ...]:
        """What fills the page for this actor."""
        if ctx is None:
            return ()
        return tuple(
            Filled(slot.route, slot.title, urls.url(ctx.tenant.slug, slot.route, **params))
            for slot in self._slots
            if slot.page == page and urls.opens(ctx, slot.route)
        )
