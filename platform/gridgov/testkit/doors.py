"""Every way into the application, derived from its routes: nobody has to remember to add one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from gridgov.web.csrf import SAFE


@dataclass(frozen=True)
class Door:
    """One method of one route."""

    method: str
    pattern: str
    permission: str
    places: tuple[str, ...]  # what the address holds beside the tenant
    handler: HTTPRouteHandler
    background: bool = False

    @property
    def key(self) -> str:
        return f"{self.method} {self.pattern}"

    @property
    def writes(self) -> bool:
        return self.method not in SAFE

    @property
    def in_tenant(self) -> bool:
        return self.pattern.startswith("/{tenant}")

    def at(self, slug: str, **filled: Any) -> str:
        """The address."""
        path = self.pattern.replace("{tenant}", slug)
        for name in self.places:
            path = path.replace(f"{{{name}}}", str(filled[name]))
        return path


def doors(app: Litestar) -> list[Door]:
    """All of them but the static files, in the order of their addresses."""
    return sorted(_doors(app), key=lambda door: (door.pattern, door.method))


def _doors(app: Litestar) -> Iterator[Door]:
    for route in app.routes:
        if not isinstance(route, HTTPRoute):
            continue
        parts = [part if isinstance(part, str) else part.name for part in route.path_components]
        shapes = [
            part if isinstance(part, str) else f"{{{part.name}}}" for part in route.path_components
        ]
        names = [part.name for part in route.path_components if not isinstance(part, str)]
        pattern = "/" + "/".join(shapes)
        for handler in route.route_handlers:
            if parts and parts[0] == "static":
                continue
            for method in handler.http_methods - {"OPTIONS", "HEAD"}:
                yield Door(
                    method=str(method),
                    pattern=pattern,
                    permission=str(handler.opt.get("permission", "")),
                    places=tuple(name for name in names if name != "tenant"),
                    handler=handler,
                    background=bool(handler.opt.get("background")),
                )
