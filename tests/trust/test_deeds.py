"""Every door that writes, gone through once in one's own county."""

import re

import pytest

from factories.stock import a_stocked_county
from trust.walking import act, bare

QUIET = {
    "POST /{tenant}/cases/new/filled": "a form that comes back filled in: nothing is kept",
    "POST /{tenant}/language": "kept in the browser alone",
    "POST /{tenant}/q": "which grid that is, told in the answer and kept nowhere",
    "POST /{tenant}/track": "the door to one's own case: opens it, changes nothing",
    "POST /{tenant}/book/mine": "the door to one's own visit: opens it, changes nothing",
    "POST /{tenant}/services/import": "a look at a file; what is agreed to is audited then",
    "POST /{tenant}/standards/{node_id}/{item}/missing": "leads to a case, which is audited",
    "POST /{tenant}/staffing/at/{node_id}/card": "nobody there has a number that could be shown",
    "POST /{tenant}/notices/read": "one's own bell",
    "POST /{tenant}/notices/{notice_id}": "one's own bell",
    "POST /{tenant}/notices/{notice_id}/read": "one's own bell",
    "POST /{tenant}/account/verify": "refused here, for no wall stands before this person",
}
"""Deeds that leave nothing in the audit, with the reason."""

PHONE = "needs the code of a phone that is bound; accounts/test_factor.py has one"
REFUSED = {
    "POST /{tenant}/account/second-factor": PHONE,
    "POST /{tenant}/account/second-factor/codes": PHONE,
    "POST /{tenant}/account/second-factor/remove": PHONE,
    "POST /{tenant}/account/verify": PHONE,
    "POST /{tenant}/rules/change": "needs other rules than those that the county runs already; "
    "rulebook/test_rules_page.py has them",
}
"""Deeds that are not done in this walk, and where they are."""


@pytest.fixture(scope="module")
async def spent(app):
    """A county that may be used up."""
    return await a_stocked_county(app, "KANAVID")


@pytest.fixture(scope="module")
async def deeds(spent, doors):
    return await act(spent, doors)


async def test_every_deed_can_be_done_by_who_may(deeds, doors):
    """The control of all refusals."""
    failed = [(deed.door.key, deed.answer.status_code) for deed in deeds if not deed.opened]
    assert failed == [], "\n".join(map(str, failed))
    assert {d.door.key for d in deeds} == {d.key for d in doors if d.in_tenant and d.writes}


def test_what_is_never_really_done_here_is_named(deeds):
    """A control that is refused proves less than one that succeeds."""
    refused = {d.door.key: d.answer.status_code for d in deeds if d.answer.status_code >= 400}
    assert {key: code for key, code in refused.items() if key not in REFUSED} == {}
    assert set(refused) == set(REFUSED)


def test_a_deed_leaves_something(deeds):
    """Where it is said to be done, a row has been written: in the audit, or where QUIET says."""
    nothing = {
        deed.door.key
        for deed in deeds
        if deed.answer.status_code < 400
        and not any(re.match(r"\s*(INSERT|UPDATE|DELETE|WITH )", one) for one in deed.sent)
    }
    assert nothing - set(QUIET) == set()


def test_every_statement_of_a_deed_says_whose_rows_it_means(deeds):
    unsaid = {(deed.door.key, name) for deed in deeds for s in deed.sent for name in bare(s)}
    assert sorted(unsaid) == []


def test_every_deed_that_changes_something_is_in_the_audit(deeds):
    """Or has a reason not to be: the sealed chain is what an auditor can rely on."""
    silent = {
        deed.door.key
        for deed in deeds
        if deed.answer.status_code < 400
        and not any("audit_entries" in statement for statement in deed.sent)
    }
    assert silent - set(QUIET) == set()
