"""The filters of the catalogue as links with counts beside them."""

from collections.abc import Callable
from typing import Any

from gridgov.contract.declarations import County
from gridgov.kernel.sentences import N_
from gridgov.services.types import Counts, Wanted


def filter_groups(
    county: County, wanted: Wanted, numbers: Counts, address: Callable[..., str]
) -> list[dict[str, Any]]:
    """By flag, batch and department. The chosen one, chosen again, lets it go."""
    given = {
        "q": wanted.words,
        "flag": wanted.flag,
        "batch": wanted.batch,
        "department": wanted.department,
    }

    def link(label: str, count: int, name: str, value: str) -> dict[str, Any]:
        current = given[name] == value
        asked = {**given, name: "" if current else value}
        url = address(**{key: word for key, word in asked.items() if word})
        return {"label": label, "url": url, "count": count, "current": current}

    return [
        {
            "label": N_("怎么办"),
            "options": [
                link(flag.name, numbers.flags.get(flag.code, 0), "flag", flag.code)
                for flag in county.service_flags
            ],
        },
        {
            "label": N_("批次"),
            "options": [
                link(batch.name, numbers.batches.get(batch.code, 0), "batch", batch.code)
                for batch in county.service_batches
            ],
        },
        {
            "label": N_("部门"),
            "options": [
                link(name, count, "department", code) for code, name, count in numbers.departments
            ],
        },
    ]
