"""The catalogue of services as a file of the package: the same table that an import reads."""

from collections.abc import Iterable, Mapping
from typing import Final

from gridgov.contract.declarations import County
from gridgov.kernel.errors import Refusal
from gridgov.onboarding.rules.sheets import Faults
from gridgov.onboarding.types import DepartmentRow
from gridgov.services.rules.files import rows_of
from gridgov.services.rules.table import known, read_table
from gridgov.services.types import Item

SERVICES: Final = "services.csv"


def read_services(
    files: Mapping[str, bytes],
    faults: Faults,
    departments: Iterable[DepartmentRow],
    county: County,
) -> list[Item]:
    """The items; a package without the file leaves the catalogue empty."""
    data = files.get(SERVICES)
    if data is None:
        return []
    words = known(county, [(row.code, row.name) for row in departments])
    try:
        items, found = read_table(rows_of(data), words)
    except Refusal as refusal:
        fields: Mapping[str, str] = getattr(refusal, "fields", {})
        faults.add(SERVICES, fields.get("file", str(refusal)))
        return []
    for fault in found:
        faults.add(SERVICES, fault.sentence, at=(fault.row, fault.column), name=fault.head)
    return items
