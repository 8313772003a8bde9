"""How two descriptions of a tenant differ: what is there, and what a package asks for."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any, Final, TypeAlias

from gridgov.contract.tables import COLUMNS
from gridgov.kernel.changes import Verb
from gridgov.kernel.errors import Conflict
from gridgov.onboarding.types import Change, Diff, HoldingRow, Package

TENANT: Final = "tenant"
OWN: Final = "own"
GRID: Final = "grid"
DEPARTMENTS: Final = "departments"
STAFF: Final = "staff"
POSTS: Final = "posts"
BINDINGS: Final = "bindings"
TOPICS: Final = "topics"
OFFICES: Final = "stations"
SERVICES: Final = "services"

TABLES: Final = {
    TENANT: "县",
    OWN: "自定规则",
    GRID: "网格",
    DEPARTMENTS: "部门",
    STAFF: "人员",
    POSTS: "任职",
    BINDINGS: "授权",
    TOPICS: "归口",
    OFFICES: "工作阵地",
    SERVICES: "服务事项",
}
"""The parts of a package in the order of writing, as the operator reads them."""

Values: TypeAlias = Mapping[str, object]

_RULES: Final = frozenset({"plugins", "parts"})
_FIXED: Final = {
    TENANT: ("slug", "province", "prefecture"),
    GRID: ("parent", "level", "path"),
}
"""What an open tenant cannot change by a file: addresses of accounts and cases hang on it."""
_STAY: Final = frozenset({OFFICES})
"""What stays when a file is silent about it: who works there writes it down on a page as well."""


def compare(have: Package | None, want: Package) -> Diff:
    """What must be added, changed and closed, table by table, in the package's order."""
    before = keyed(have) if have else {}
    return Diff(
        tuple(
            change
            for table, rows in keyed(want).items()
            for change in _changes(table, before.get(table, {}), rows)
        )
    )


def check_changes(diff: Diff) -> None:
    """Refuse what only a re-division or a new tenant could do."""
    for change in diff.changes:
        if change.verb is Verb.CHANGED and change.table in _FIXED:
            touched = [name for name, _, _ in change.fields if name in _FIXED[change.table]]
            if touched and change.table == GRID:
                raise Conflict(
                    "节点“{code}”的上级或层级变了：已开通的县请用区划调整来做。", code=change.key
                )
            if touched:
                raise Conflict("已开通的县不能改 {names}。", names="、".join(touched))


def touches_rules(diff: Diff) -> bool:
    """Whether the tenant must run other rules than so far; any other change leaves them."""
    return any(
        change.table == OWN
        or (change.table == TENANT and change.verb is Verb.ADDED)
        or (change.table == TENANT and any(name in _RULES for name, _, _ in change.fields))
        for change in diff.changes
    )


def keyed(package: Package) -> dict[str, dict[str, Values]]:
    """Every row of a package under a key that stays the same from load to load."""
    manifest = package.manifest
    brand = manifest.brand
    tenant: Values = {
        "name": manifest.name,
        "slug": manifest.slug,
        "province": manifest.province,
        "prefecture": manifest.prefecture,
        "zone": manifest.zone,
        "plugins": tuple(manifest.plugins),
        "parts": dict(manifest.parts),
        "settings": dict(manifest.settings),
        "brand": {"title": brand.title, "accent": brand.accent, "mark": brand.mark},
    }
    return {
        TENANT: {manifest.code: tenant},
        OWN: {
            f"{table} {row['code']}": {name: row.get(name) for name in COLUMNS[table]}
            for table, rows in manifest.tables.items()
            for row in rows
        },
        GRID: {row.code: _values(row) for row in package.nodes},
        DEPARTMENTS: {row.code: _values(row) for row in package.departments},
        STAFF: {row.number: _values(row) for row in package.staff},
        POSTS: {holding_key(row): _values(row) for row in package.holdings},
        BINDINGS: {f"{r.staff}/{r.role}/{r.node}": _values(r) for r in package.bindings},
        TOPICS: {row.category: _values(row) for row in package.topics},
        OFFICES: {row.node: _values(row) for row in package.offices},
        SERVICES: {item.code: _values(item) for item in package.services},
    }


def holding_key(row: HoldingRow) -> str:
    """A person may hold the same post on the same node at several times."""
    return f"{row.staff}/{row.post}/{row.node}/{row.valid_from}"


def _values(row: Any) -> Values:
    return {field.name: getattr(row, field.name) for field in fields(row) if field.name != "line"}


def _changes(
    table: str, before: Mapping[str, Values], after: Mapping[str, Values]
) -> Iterator[Change]:
    for key, wanted in after.items():
        had = before.get(key)
        if had is None:
            yield Change(Verb.ADDED, table, key)
        elif differing := tuple(
            (name, had[name], value) for name, value in wanted.items() if had[name] != value
        ):
            yield Change(Verb.CHANGED, table, key, differing)
    for key, had in before.items():
        if key not in after and table not in _STAY and not had.get("valid_to"):
            yield Change(Verb.CLOSED, table, key)
