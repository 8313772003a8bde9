"""Somebody whose roles are cut to one matter or one office, at every door of the county."""

import pytest
from sqlalchemy import exists, select

from factories.stock import CUTS
from gridgov.cases.models import Case, CaseAssignment
from gridgov.kernel.ids import new_id
from trust.calling import call, levelled, token_of
from trust.walking import walk
from trust.watch import readable
from trust.ways import filled, way_of

REFERS = {
    "GET /{tenant}/report/done": "the receipt that was sealed for who holds it",
    "GET /{tenant}/field/lines": "a line says that it became a case",
    "GET /{tenant}/field/lines/{line_id}": "a line says that it became a case",
    "GET /{tenant}/campaigns/{campaign_id}/targets": "a target says that it became a case",
    "GET /{tenant}/campaigns/targets/{target_id}": "a target says that it became a case",
    "GET /{tenant}/meetings/{meeting_id}": "a matter of the agenda, without its title",
    "GET /{tenant}/meetings/{meeting_id}/sheet": "a matter of the agenda, without its title",
    "GET /{tenant}/reviews/{review_id}/appeals": "an appeal says about which case it is",
}
"""Pages of other things that name a case by its number alone, and link it for nobody else."""


async def cases_of(stock, who):
    """Ids and codes of what lies inside the cut, and of what lies outside."""
    cut, person = CUTS[who], stock.county.accounts[who]
    offices = [stock.county.departments[one] for one in cut.get("departments", ())]
    has_part = exists().where(
        CaseAssignment.case_id == Case.id, CaseAssignment.department_id.in_(offices)
    )
    inside = has_part if offices else Case.category.in_(cut["categories"])
    async with stock.acting() as ctx:
        found = (await ctx.session.execute(select(Case.id, Case.code, inside))).all()
        assert not (
            await ctx.session.scalars(select(Case.id).where(Case.reported_by == person.account_id))
        ).all()
    return [row[:2] for row in found if row[2]], [row[:2] for row in found if not row[2]]


def asked_by(door, stock):
    """What the address itself holds, which the page may say again."""
    typed = way_of(door).typed(stock).values()
    return {*filled(door, stock).values(), *(str(value) for value in typed)}


@pytest.mark.parametrize("who", CUTS)
async def test_no_page_tells_of_a_case_outside_the_cut(two, doors, who):
    """Neither an id, nor a code, nor a title, on any page of any room, exports included."""
    stock = two.mine
    inside, outside = await cases_of(stock, who)
    pages = await walk(stock, doors, who=who)
    read = [(one.door, readable(one.answer)) for one in pages if one.answer.status_code < 400]

    def telling(words):
        """The pages with one of these that was not in the address."""
        return {
            door.key
            for door, text in read
            if any(word in text for word in words - asked_by(door, stock))
        }

    assert telling({str(case_id) for case_id, _ in outside} | {stock.words("description")}) == set()
    assert telling({code for _, code in outside}) == set(REFERS)
    assert len(telling({str(word) for row in inside for word in row})) > 3


@pytest.mark.parametrize("who", CUTS)
async def test_no_door_of_a_case_opens_outside_the_cut(two, doors, who):
    """Every address with a case in it: as one that nobody has."""
    stock = two.mine
    _, outside = await cases_of(stock, who)
    faults, tried = [], 0
    async with stock.browsing(who) as browser:
        token = await token_of(browser, stock.slug)
        for door in doors:
            if "case_id" not in door.places or door.permission == "public":
                continue
            typed = way_of(door).typed(stock)
            own = filled(door, stock)
            nobodys = str(new_id())
            address = door.at(stock.slug, **own | {"case_id": nobodys})
            answer = await call(browser, door, address, typed, token=token)
            unknown = levelled(answer, (nobodys,))
            for case_id, code in outside:
                address = door.at(stock.slug, **own | {"case_id": case_id})
                answer = await call(browser, door, address, typed, token=token)
                tried += 1
                itself = str(case_id) == own.get("other_id")  # beside itself: another refusal
                if answer.status_code < 400 or (
                    not itself and levelled(answer, (str(case_id), code)) != unknown
                ):
                    faults.append((door.key, answer.status_code))
    assert faults == []
    assert tried > 100
