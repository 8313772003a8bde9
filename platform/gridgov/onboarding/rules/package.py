"""A whole package: all its files read and checked together."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from gridgov.compliance.rules import held_off
from gridgov.contract.compliance import Switch
from gridgov.contract.declarations import County
from gridgov.onboarding.rules.boundaries import read_boundaries
from gridgov.onboarding.rules.columns import (
    BINDINGS,
    BOUNDARIES,
    DEPARTMENTS,
    GRID,
    OFFICES,
    POSTS,
    STAFF,
    TOPICS,
)
from gridgov.onboarding.rules.manifest import (
    MANIFEST,
    Located,
    check_settings,
    read_manifest,
)
from gridgov.onboarding.rules.people import read_people
from gridgov.onboarding.rules.services import SERVICES, read_services
from gridgov.onboarding.rules.sheets import Faults, Sheet, read_sheet
from gridgov.onboarding.rules.tables import faults_in, missing_departments, place_of
from gridgov.onboarding.rules.tree import read_tree
from gridgov.onboarding.types import Fault, Manifest, Package
from gridgov.policy import Policies, PolicyError

SHEETS: tuple[Sheet[Any], ...] = (
    GRID,
    DEPARTMENTS,
    STAFF,
    POSTS,
    BINDINGS,
    TOPICS,
    OFFICES,
    BOUNDARIES,
)
FILES: Final = (MANIFEST, *(sheet.file for sheet in SHEETS), SERVICES)
LARGEST_FILE: Final = 20_000_000


@dataclass(frozen=True, slots=True)
class Checked:
    """The package if it is without fault, and every fault if it is not."""

    package: Package | None
    faults: tuple[Fault, ...]


def check(
    files: Mapping[str, bytes], policies: Policies, *, on: Collection[Switch] = frozenset()
) -> Checked:
    """Read the files by name; say everything that is wrong with them at once.

    ``on`` are the switches that figures may use: none, but for who judges by a county's own.

    Without a usable manifest the county's words are unknown, so only the form of the other
    files is checked then.
    """
    faults = Faults()
    for name, data in files.items():
        if name not in FILES:
            faults.add(name, "不认识的文件。")
        elif len(data) > LARGEST_FILE:
            faults.add(name, "文件太大，最多 20 MB。")
    usable = {name: data for name, data in files.items() if len(data) <= LARGEST_FILE}
    manifest, places = read_manifest(usable, faults)
    county = _county(manifest, places, policies, faults)
    for sentence in held_off(county.figures if county else (), on):
        faults.add(MANIFEST, sentence, at=places.of("plugins"), name="plugins")
    package = _package(usable, faults, manifest, county)
    if manifest is not None and package is not None:
        _check_parts(manifest, places, {row.code for row in package.nodes}, faults)
        departments = {row.code for row in package.departments}
        for path, message in missing_departments(manifest.tables, departments):
            faults.add(MANIFEST, message, at=places.of(path), name=path)
    found = faults.listed()
    return Checked(None if found else package, found)


def _county(
    manifest: Manifest | None, places: Located, policies: Policies, faults: Faults
) -> County | None:
    if manifest is None:
        return None
    missing = [
        name for name in (*manifest.plugins, *manifest.parts) if name not in policies.plugins
    ]
    for name in missing:
        said = policies.plugins.left_out.get(name)
        message = f"插件“{name}”不能用：{said}" if said else f"没有安装插件“{name}”。"
        faults.add(MANIFEST, message, at=places.of("plugins"), name="plugins")
    if missing:
        return None
    tables = manifest.tables
    try:
        declared = policies.resolve(manifest.plugins).county
        if wrong := tuple(faults_in(tables, declared)):
            for path, message in wrong:
                faults.add(MANIFEST, message, at=places.of(path), name=path)
            return None
        county = policies.resolve(manifest.plugins, parts=manifest.parts, tables=tables).county
    except PolicyError as error:
        for fault in error.faults:
            path = place_of(fault, tables)
            message = f"各项规定合不到一起：{fault}"
            faults.add(MANIFEST, message, at=places.of(path), name=path)
        return None
    check_settings(manifest, county.settings, places, faults)
    return county


def _package(
    files: Mapping[str, bytes], faults: Faults, manifest: Manifest | None, county: County | None
) -> Package | None:
    if manifest is None or county is None:
        _check_form(files, faults)
        return None
    tree = read_tree(files, faults, root=manifest.code, levels=county.levels)
    nodes = read_boundaries(files, faults, tree)
    people = read_people(files, faults, nodes=nodes, county=county)
    return Package(
        manifest=manifest,
        nodes=tuple(nodes),
        departments=tuple(people.departments),
        staff=tuple(people.staff),
        holdings=tuple(people.holdings),
        bindings=tuple(people.bindings),
        topics=tuple(people.topics),
        offices=tuple(people.offices),
        services=tuple(read_services(files, faults, people.departments, county)),
    )


def _check_parts(
    manifest: Manifest, places: Located, codes: Collection[str], faults: Faults
) -> None:
    for plugin, code in manifest.parts.items():
        if code not in codes:
            path = f"parts.{plugin}"
            faults.add(MANIFEST, f"grid.csv 里没有“{code}”。", at=places.of(path), name=path)


def _check_form(files: Mapping[str, bytes], faults: Faults) -> None:
    """What can be said of the sheets without the county's words."""
    for sheet in SHEETS:
        read_sheet(sheet, files, faults)
