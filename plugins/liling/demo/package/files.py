"""The package's files, as text."""

import csv
import io
from collections.abc import Iterable, Sequence
from random import Random
from typing import Final

from liling.demo.package import offices, people, services, shapes, tree
from liling.demo.package.places import COUNTY, COUNTY_NAME, OFFICES, TOPICS

SEED: Final = 430281
SINCE: Final = "2017-04-01"

MANIFEST: Final = f"""\
# {COUNTY_NAME}的开通文件包。其中 synthetic = true 的名称、数字、人员和边界都是虚构的。
name = "{COUNTY_NAME}"
code = "{COUNTY}"
slug = "liling"
province = "43"
prefecture = "4302"
zone = "Asia/Shanghai"
plugins = ["liling"]
regions = ["province:43", "prefecture:4302"]

[brand]
title = "{COUNTY_NAME}网格化服务管理"
accent = "qinghua"
mark = "瓷"

[settings]
"""


def package() -> dict[str, bytes]:
    """Every file by its name; the same seed gives the same bytes."""
    rng = Random(SEED)  # noqa: S311  (invents people, guards nothing)
    places = tree.grow(rng)
    crew = people.staff(rng, places)
    return {
        "tenant.toml": MANIFEST.encode(),
        "grid.csv": _grid(places),
        "boundaries.csv": _boundaries(places),
        "departments.csv": _csv(
            ("code", "name", "node"), ((office.code, office.name, COUNTY) for office in OFFICES)
        ),
        "staff.csv": _staff(crew),
        "posts.csv": _posts(crew),
        "bindings.csv": _csv(
            ("staff", "role", "node", "departments", "categories"),
            ((*binding, "") for binding in crew.bindings),
        ),
        "topics.csv": _csv(
            ("category", "department", "assumed"),
            ((code, department, _flag(value=assumed)) for code, _, department, assumed in TOPICS),
        ),
        "stations.csv": _csv(offices.HEADER, offices.rows(Random(SEED), places)),  # noqa: S311
        "services.csv": _csv(services.HEADER, services.rows()),
    }


def _grid(places: Sequence[tree.Place]) -> bytes:
    header = (
        "code",
        "parent",
        "level",
        "name",
        "area_type",
        "households",
        "population",
        "synthetic",
        "valid_from",
    )
    rows = (
        (
            place.code,
            place.parent,
            place.level,
            place.name,
            "" if place.level in {"county", "district"} else "urban" if place.urban else "rural",
            place.households,
            place.population,
            _flag(value=place.synthetic),
            SINCE,
        )
        for place in places
    )
    return _csv(header, rows)


def _boundaries(places: Sequence[tree.Place]) -> bytes:
    rows = ((place.code, "true", shapes.write(place.shape)) for place in places)
    return _csv(("code", "synthetic", "wkt"), rows)


def _staff(crew: people.Crew) -> bytes:
    header = (
        "number",
        "name",
        "title",
        "employment",
        "phone",
        "department",
        "login",
        "synthetic",
    )
    rows = (
        (p.number, p.name, p.title, p.employment, p.phone, p.department, p.login, "true")
        for p in crew.people
    )
    return _csv(header, rows)


def _posts(crew: people.Crew) -> bytes:
    header = ("staff", "post", "node", "acting", "valid_from", "valid_to")
    rows = ((number, post, node, "false", people.SINCE, "") for number, post, node in crew.posts)
    return _csv(header, rows)


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue().encode()


def _flag(*, value: bool) -> str:
    return "true" if value else "false"
