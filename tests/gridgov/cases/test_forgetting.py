"""Contacts and photos go when their time is over: they alone, and the audit says so."""

from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select

from factories.cases import run_events
from factories.contexts import chosen
from gridgov.audit.models import AuditEntry
from gridgov.cases.actions.forgetting import forget_contacts
from gridgov.cases.actions.reporting import Contact
from gridgov.cases.models import Case, CaseClock, CaseReporter, CaseStep
from gridgov.cases.types import PHOTO_OWNER
from gridgov.files.actions import purge_files
from gridgov.files.models import StoredFile
from gridgov.kernel.ids import new_id

PHONE = "19900005678"
DAYS = 30
SENDS_ON = {
    "reopen": ("closed", "worker"),
    "reopen_by_supervisor": ("closed", "supervisor"),
    "restore": ("rejected", "dispatcher"),
}


@pytest.fixture
def crew(crew):
    crew.settings = chosen(contact_days=DAYS, photo_days=DAYS)
    return crew


async def a_photo(crew, case_id):
    async with crew.system() as ctx:
        photo_id = new_id()
        values = {"mime": "image/jpeg", "size": 1, "sha256": ""}
        owner = {"owner_kind": PHOTO_OWNER, "owner_id": case_id, "created_at": ctx.now}
        await ctx.session.execute(
            insert(StoredFile).values(tenant_id=ctx.tenant.id, id=photo_id, **values, **owner)
        )
    return photo_id


async def forget(crew):
    """What the night does."""
    async with crew.system() as ctx:
        return await forget_contacts(ctx), await purge_files(ctx)


async def photos(crew):
    async with crew.system() as ctx:
        return set(await ctx.session.scalars(select(StoredFile.id)))


async def ended(crew, state):
    """A case with a photo that has ended, and its photo."""
    case_id = await crew.brought_to("reported" if state == "rejected" else "handled")
    photo_id = await a_photo(crew, case_id)
    await crew.does("dispatcher", case_id, "reject" if state == "rejected" else "close")
    await run_events(crew)
    return case_id, photo_id


async def test_what_is_due_goes_and_nothing_else(crew):
    kept = await crew.report(contact=Contact("测试王一", PHONE))
    over = await crew.brought_to("handled", contact=Contact("测试王二", PHONE))
    still, gone = await a_photo(crew, kept.case_id), await a_photo(crew, over)
    await crew.does("dispatcher", over, "close")
    await run_events(crew)
    before = await all_else(crew)
    crew.later(days=DAYS - 1)
    too_early = await forget(crew), await photos(crew)
    crew.later(days=1, hours=1)
    done, again = await forget(crew), await forget(crew)

    async with crew.system() as ctx:
        phones = await ctx.session.scalars(
            select(CaseReporter.case_id).where(CaseReporter.phone.is_not(None))
        )
        assert list(phones) == [kept.case_id]
    assert too_early == ((0, 0), {still, gone})
    assert (done, again) == ((1, 1), (0, 0))
    assert await photos(crew) == {still}
    assert await all_else(crew) == before


async def all_else(crew):
    """What must outlive contact and photo: the matter, its story, its clocks, its rating."""
    async with crew.system() as ctx:
        cases = await ctx.session.execute(
            select(Case.id, Case.title, Case.description, Case.answer, Case.version)
        )
        stars = await ctx.session.scalars(select(CaseReporter.stars).order_by(CaseReporter.id))
        counts = [
            await ctx.session.scalar(select(func.count()).select_from(model))
            for model in (CaseStep, CaseClock, CaseReporter)
        ]
        return sorted(map(tuple, cases)), list(stars), counts


async def test_the_audit_says_how_many_and_by_which_rule(crew):
    over = await crew.brought_to("handled", contact=Contact("测试王二", PHONE))
    await a_photo(crew, over)
    await crew.does("dispatcher", over, "close")
    await run_events(crew)
    crew.later(days=DAYS + 1)
    await forget(crew)

    async with crew.system() as ctx:
        said = await ctx.session.execute(
            select(AuditEntry.verb, AuditEntry.details)
            .where(AuditEntry.verb.in_(("case.contacts_forgotten", "files.purged")))
            .order_by(AuditEntry.seq)
        )
        entries = dict(map(tuple, said))
    assert entries["case.contacts_forgotten"] == {"count": 1, "days": DAYS}
    assert entries["files.purged"]["count"] == 1


@pytest.mark.parametrize("action", SENDS_ON)
async def test_a_case_that_is_taken_up_again_keeps_its_photos(crew, action):
    state, role = SENDS_ON[action]
    case_id, photo_id = await ended(crew, state)
    await crew.does(role, case_id, action)
    await run_events(crew)
    crew.later(days=DAYS + 1)

    assert (await forget(crew))[1] == 0
    assert await photos(crew) == {photo_id}


async def test_photos_of_what_was_merged_end_with_the_case_it_rests_in(crew):
    main, other = (await crew.report()).case_id, (await crew.report()).case_id
    await a_photo(crew, other)
    await crew.does("dispatcher", other, "merge", {"case": main})
    await crew.does("dispatcher", main, "reject")
    await run_events(crew)

    async with crew.system() as ctx:
        last = await ctx.session.scalar(select(StoredFile.expires_on))
    assert last == crew.now.date() + timedelta(days=DAYS)
