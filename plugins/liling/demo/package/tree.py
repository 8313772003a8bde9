"""The grid tree of Liling: 1 county, 5 districts, 24 towns, 270 stations, 820 grids."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from shapely import Polygon

from liling.demo.package import shapes
from liling.demo.package.places import (
    COMMUNITY_WORDS,
    COUNTY,
    COUNTY_NAME,
    DISTRICTS,
    POPULATION,
    PRINTED_COMMUNITY,
    RURAL_GRIDS,
    STATIONS,
    TOWNS,
    URBAN_GRIDS,
    URBAN_STATIONS,
    VILLAGE_WORDS,
    Town,
)


@dataclass(frozen=True, slots=True)
class Place:
    """One row of grid.csv, with its shape."""

    code: str
    parent: str
    level: str
    name: str
    urban: bool
    synthetic: bool
    shape: Polygon
    households: int = 0
    population: int = 0


@dataclass(frozen=True, slots=True)
class Station:
    """A village or community before its grids are cut."""

    town: Town
    code: str
    name: str
    cell: Polygon


def grow(rng: Random) -> list[Place]:
    """All places, parents before children."""
    outline = shapes.draw_outline(rng)
    towns = shapes.voronoi([(town.east, town.north) for town in TOWNS], outline)
    stations = _stations(rng, towns)
    urban = [s for s in stations if s.town.urban]
    rural = [s for s in stations if not s.town.urban]
    counts = dict(zip(urban, shares(rng, URBAN_GRIDS, [1.0] * len(urban), least=3), strict=True))
    counts |= zip(rural, shares(rng, RURAL_GRIDS, [1.0] * len(rural), least=2), strict=True)
    grids = _grids(rng, stations, counts, outline)
    return _with_parents(stations, _peopled(rng, grids))


def shares(rng: Random, total: int, weights: Sequence[float], *, least: int) -> list[int]:
    """``total`` cut into whole parts by weight, none smaller than ``least``, a little uneven."""
    uneven = [weight * rng.uniform(0.6, 1.4) for weight in weights]
    free = total - least * len(uneven)
    exact = [free * weight / sum(uneven) for weight in uneven]
    parts = [int(part) for part in exact]
    by_rest = sorted(range(len(parts)), key=lambda i: parts[i] - exact[i])
    for i in by_rest[: free - sum(parts)]:
        parts[i] += 1
    return [least + part for part in parts]


def _stations(rng: Random, cells: Sequence[Polygon]) -> list[Station]:
    streets = [town for town in TOWNS if town.urban]
    counts = shares(rng, URBAN_STATIONS, [1.0] * len(streets), least=9)
    rest = [cell.area for town, cell in zip(TOWNS, cells, strict=True) if not town.urban]
    counts += shares(rng, STATIONS - URBAN_STATIONS, rest, least=6)
    communities = iter(_words(rng, COMMUNITY_WORDS, "社区"))
    villages = iter(_words(rng, VILLAGE_WORDS, "村"))
    stations: list[Station] = []
    for town, cell, count in zip(TOWNS, cells, counts, strict=True):
        seeds = shapes.spread(rng, cell, count, rounds=12)
        for number, part in enumerate(shapes.voronoi(seeds, cell)):
            community = town.urban or number == 0
            digits = (
                number + 1 if community else number + 199
            )  # 001-199 communities, 200-399 villages
            name = next(communities) if town.urban else next(villages)
            if not town.urban and community:
                name = town.name.removesuffix("镇") + "社区"
            if (town.digits, number) == (PRINTED_COMMUNITY[0], 0):
                name = PRINTED_COMMUNITY[1]
            stations.append(Station(town, f"{town.code}{digits:03}", name, part))
    return stations


def _words(rng: Random, words: tuple[str, str], suffix: str) -> list[str]:
    names = [first + second + suffix for first in words[0] for second in words[1]]
    rng.shuffle(names)
    return names


def _grids(
    rng: Random, stations: Sequence[Station], counts: dict[Station, int], outline: Polygon
) -> list[Place]:
    seeds: list[shapes.Seed] = []
    owners: list[tuple[Station, int]] = []
    for station in stations:
        for number, seed in enumerate(
            shapes.spread(rng, station.cell, counts[station], rounds=6), start=1
        ):
            seeds.append(seed)
            owners.append((station, number))
    cells = map(shapes.to_degrees, shapes.voronoi(seeds, outline))
    return [
        Place(
            code=f"{station.code}{number:03}",
            parent=station.code,
            level="grid",
            name=f"{station.name}第{number}网格",
            urban=station.town.urban,
            synthetic=True,
            shape=cell,
        )
        for (station, number), cell in zip(owners, cells, strict=True)
    ]


def _peopled(rng: Random, grids: Sequence[Place]) -> list[Place]:
    """Urban grids around 400 households and 1,200 people, ±40 %; rural ones fill up the county."""
    weights = [rng.uniform(0.6, 1.4) for _ in grids]
    households = [round(400 * weight) for weight in weights]
    population = [round(1200 * weight * rng.uniform(0.95, 1.05)) for weight in weights]
    townsfolk = sum(p for p, grid in zip(population, grids, strict=True) if grid.urban)
    villagers = sum(p for p, grid in zip(population, grids, strict=True) if not grid.urban)
    factor = (POPULATION - townsfolk) / villagers
    peopled: list[Place] = []
    for grid, homes, people in zip(grids, households, population, strict=True):
        k = 1.0 if grid.urban else factor
        peopled.append(replace(grid, households=round(homes * k), population=round(people * k)))
    return peopled


def _with_parents(stations: Sequence[Station], grids: Sequence[Place]) -> list[Place]:
    villages = [
        _above(grids, s.code, parent=s.town.code, level="village", name=s.name, synthetic=True)
        for s in stations
    ]
    towns = [
        _above(villages, t.code, parent=f"{COUNTY}-{t.district}", level="town", name=t.name)
        for t in TOWNS
    ]
    districts = [
        _above(
            towns, f"{COUNTY}-{digit}", parent=COUNTY, level="district", name=name, synthetic=True
        )
        for digit, name in DISTRICTS.items()
    ]
    county = _above(districts, COUNTY, parent="", level="county", name=COUNTY_NAME)
    return [county, *districts, *towns, *villages, *grids]


def _above(
    below: Sequence[Place],
    code: str,
    *,
    parent: str,
    level: str,
    name: str,
    synthetic: bool = False,
) -> Place:
    """The place that its children add up to."""
    children = [place for place in below if place.parent == code]
    return Place(
        code=code,
        parent=parent,
        level=level,
        name=name,
        urban=all(child.urban for child in children),
        synthetic=synthetic,
        shape=shapes.join([child.shape for child in children]),
        households=sum(child.households for child in children),
        population=sum(child.population for child in children),
    )
