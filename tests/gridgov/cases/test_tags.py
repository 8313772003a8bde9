"""What sets a case apart in a list."""

from types import SimpleNamespace

import pytest

from gridgov.cases.rules.tags import tags_of

URGENCIES = [SimpleNamespace(code=code, name=code.upper()) for code in ("usual", "fast")]
PLAIN = {"urgency": "usual", "supervised": False, "urged": 0, "bounces": 0, "ends": ""}


@pytest.mark.parametrize(
    ("marks", "tags"),
    [
        ({}, ()),
        ({"urgency": "fast"}, ("FAST",)),
        ({"urgency": "no longer declared"}, ()),
        ({"urged": 2}, ("催办 2",)),
        ({"urged": 2, "ends": "closed"}, ()),
        (
            {"urgency": "fast", "supervised": True, "urged": 1, "bounces": 3},
            ("FAST", "督办", "催办 1", "退单 3"),
        ),
    ],
)
def test_a_case_is_tagged_with_what_is_unusual_about_it(marks, tags):
    assert tags_of(SimpleNamespace(**PLAIN | marks), URGENCIES) == tags
