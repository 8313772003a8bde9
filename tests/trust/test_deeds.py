"""Every door that writes, gone through once in one's own county."""

import pytest

from factories.stock import a_stocked_county
from trust.walking import act, bare
from trust.ways import WAYS

QUIET = {
    "POST /{tenant}/cases/new/filled": "a form that comes back filled in: nothing is kept",
    "POST /{tenant}/language": "kept in the browser alone",
    "POST /{tenant}/log-in": "refused here, for the account does not exist",
    "POST /{tenant}/q": "which grid that is, told in the answer and kept nowhere",
    "POST /{tenant}/staffing/at/{node_id}/card": "nobody there has a number that could be shown",
    "POST /{tenant}/notices/read": "one's own bell",
    "POST /{tenant}/notices/{notice_id}": "one's own bell",
    "POST /{tenant}/notices/{notice_id}/read": "one's own bell",
    "POST /{tenant}/account/verify": "refused here, for no wall stands before this person",
}
"""Deeds that leave nothing in the audit, with the reason."""

REFUSED = {
    "POST /{tenant}/access/people/{account_id}",
    "POST /{tenant}/account/password",
    "POST /{tenant}/account/second-factor",
    "POST /{tenant}/account/second-factor/codes",
    "POST /{tenant}/account/second-factor/remove",
    "POST /{tenant}/account/verify",
    "POST /{tenant}/assist/new",
    "POST /{tenant}/book/mine",
    "POST /{tenant}/book/mine/change",
    "POST /{tenant}/buildings/new",
    "POST /{tenant}/buildings/{building_id}/move",
    "POST /{tenant}/handovers/{handover_id}/sign",
    "POST /{tenant}/handovers/{handover_id}/sign-for",
    "POST /{tenant}/kit/at/{node_id}",
    "POST /{tenant}/log-in",
    "POST /{tenant}/meetings",
    "POST /{tenant}/reviews/{review_id}/questions",
    "POST /{tenant}/rules/change",
    "POST /{tenant}/services/import",
    "POST /{tenant}/settings",
    "POST /{tenant}/standards/waiting",
    "POST /{tenant}/standards/{node_id}/{item}/missing",
    "POST /{tenant}/standards/{node_id}/{item}/withdraw",
    "POST /{tenant}/track",
    "POST /{tenant}/track/case/{action}",
    "POST /{tenant}/turnovers",
    "POST /{tenant}/turnovers/{turnover_id}/counter",
}
"""Deeds that are refused in this walk; the way of each says why."""


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
    """A control that is refused proves less; rooms' own tests do these, for the reason given."""
    refused = {deed.door.key for deed in deeds if deed.answer.status_code >= 400}

    assert refused == REFUSED
    assert {key for key in refused if not WAYS[key].why} == set()


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
