"""The filters of the list of working places: read from the address, written back into links."""

from dataclasses import dataclass
from typing import Any, Final

from gridgov.context import Context
from gridgov.kernel.sentences import N_
from gridgov.stations.queries.places import stations
from gridgov.stations.types import StationRow
from gridgov.web.urls import AnyRequest, url_of

_NAMES: Final = ("q", "level", "town", "lacking")
_LONGEST: Final = 60
_MOST_TOWNS: Final = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; ``towns`` are the places of the upper level to choose from."""

    given: dict[str, str]
    towns: tuple[StationRow, ...]

    def get(self, name: str) -> str:
        """The value, or empty."""
        return self.given.get(name, "")

    def but(self, **other: str) -> dict[str, str | None]:
        """The same address with other values; empty ones are left out."""
        return {name: value for name, value in {**self.given, **other}.items() if value}

    def groups(self, ctx: Context, request: AnyRequest) -> list[dict[str, Any]]:
        """The filters as links."""

        def link(label: str, **other: str) -> dict[str, Any]:
            current = all(self.get(name) == value for name, value in other.items())
            target = dict.fromkeys(other, "") if current else other
            address = url_of(ctx, request, "stations", **self.but(**target))
            return {"label": label, "url": address, "count": None, "current": current}

        found = [
            {
                "label": N_("级别"),
                "options": [
                    link(ctx.policy.levels[code].desk, level=code) for code in levels_with_desk(ctx)
                ],
            },
            {"label": N_("资料"), "options": [link(N_("没有写全的"), lacking="1")]},
        ]
        if len(self.towns) > 1:
            towns = [link(town.name, town=town.path) for town in self.towns]
            found.append({"label": N_("地方"), "options": towns})
        return found


async def asked_of(ctx: Context, request: AnyRequest) -> Asked:
    """The filters of the address; what makes no sense is left out."""
    params = request.query_params
    given = {name: params.get(name, "").strip()[:_LONGEST] for name in _NAMES}
    desks = levels_with_desk(ctx)
    upper = desks[-2:-1]
    towns = (await stations(ctx, level=upper[0], limit=_MOST_TOWNS)) if upper else []
    known = {
        "q": True,
        "level": given["level"] in desks,
        "town": given["town"] in {town.path for town in towns},
        "lacking": given["lacking"] == "1",
    }
    kept = {name: value for name, value in given.items() if value and known[name]}
    return Asked(kept, tuple(towns))


def levels_with_desk(ctx: Context) -> list[str]:
    """The levels whose units are working places, from the top."""
    return [code for code, level in ctx.policy.levels.items() if level.desk]
