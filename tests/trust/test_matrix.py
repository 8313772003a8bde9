"""Another county's ids open nothing: every route, beside an id that nobody has and one's own.

A refusal proves nothing if the page would not have opened at all, so each has its control.
"""

from datetime import timedelta

from gridgov.contract.declarations import Binds
from gridgov.portal.actions import seal
from gridgov.portal.types import Receipt, Ticket
from gridgov.testkit.signing_in import a_browser
from gridgov.web.csrf import cookie_name
from gridgov.web.urls import PUBLIC
from trust.calling import HTMX, call, levelled, token_of
from trust.watch import checksums, tenant_tables, unsown, wordy
from trust.ways import PLACES, WAYS, filled, named, random_for, thing, way_of

HOUR = timedelta(hours=1)


def test_everything_that_an_address_can_hold_is_registered(doors):
    unknown = {place for door in doors for place in door.places} - set(PLACES)
    assert unknown == set()


def test_no_way_leads_to_a_door_that_is_gone(doors):
    assert set(WAYS) - {door.key for door in doors} == set()


def test_every_column_that_can_hold_words_holds_a_canary_or_has_a_reason(two, stack, database_name):
    columns = {f"{table.name}.{column}" for table in tenant_tables() for column, _ in wordy(table)}
    assert unsown() - columns == set()
    asked = [
        f"SELECT '{name}' WHERE NOT EXISTS (SELECT FROM {name.split('.')[0]} WHERE tenant_id = "
        f"'{two.theirs.county.tenant.id}' AND {name.split('.')[1]}::text "
        f"LIKE '%{two.theirs.mark}%')"
        for name in sorted(columns - unsown())
    ]
    bare = stack.sql(" UNION ALL ".join(asked), database=database_name)
    assert bare == []


async def test_the_other_county_answers_as_if_it_did_not_exist(two, doors, stack, database_name):
    """The matrix. Theirs and random are the same in status, headers and body."""
    other = two.theirs
    before = checksums(stack, database_name, other.county.tenant.id)
    faults, tried = [], 0
    async with two.mine.browsing() as browser:
        token = await token_of(browser, two.mine.slug)
        for door in doors:
            for how, theirs, nobodys, words in variations(door, two.mine, other):
                for headers in ({}, HTMX):
                    answers = [
                        await call(browser, door, *one, token=token, headers=headers)
                        for one in (theirs, nobodys)
                    ]
                    seen, unknown = (levelled(answer, words) for answer in answers)
                    tried += 1
                    leaks = two.watch.leaks(answers[0], tuple(words))
                    if seen != unknown or seen[0] >= 500 or leaks:
                        faults.append((door.key, how, seen[0], unknown[0], leaks))
    assert faults == [], "\n".join(map(str, faults))
    assert tried > 150
    assert checksums(stack, database_name, other.county.tenant.id) == before


def variations(door, mine, other):
    """Their id and nobody's in each place and each field, the rest being one's own."""
    if not door.in_tenant:
        return
    own, typed = filled(door, mine), {k: str(v) for k, v in way_of(door).typed(mine).items()}
    at = filled(door, other)
    for place in named(door):
        nobody = random_for(at[place])
        yield (
            place,
            (door.at(mine.slug, **own | {place: at[place]}), typed),
            (door.at(mine.slug, **own | {place: nobody}), typed),
            (at[place], nobody),
        )
    if len(named(door)) > 1:
        nobodys = {place: random_for(at[place]) for place in named(door)}
        yield (
            "all places",
            (door.at(mine.slug, **own | at), typed),
            (door.at(mine.slug, **own | nobodys), typed),
            (*at.values(), *nobodys.values()),
        )
    for field, name in way_of(door).refs.items():
        theirs = thing(other, name)
        nobody = random_for(theirs)
        address = door.at(mine.slug, **own)
        yield (
            f"field {field}",
            (address, typed | {field: theirs}),
            (address, typed | {field: nobody}),
            (theirs, nobody),
        )


COUNTY_WIDE = {
    "POST /{tenant}/suggestions/{suggestion_id}/answer": "suggestions are read by everybody",
    "GET /{tenant}/services/item/{item_id}": "the catalogue is one for the county",
    "GET /{tenant}/guide/{code}": "guides are for everybody",
    "GET /{tenant}/q/{token}": "whoever stands before a code may scan it",
    "GET /{tenant}/reviews/{review_id}": "a review is of the county; each sees their own part",
    "GET /{tenant}/reviews/{review_id}/appeals": "as the review",
    "GET /{tenant}/reviews/{review_id}/opinions": "as the review",
    "GET /{tenant}/reviews/{review_id}/questions": "as the review",
    "GET /{tenant}/reviews/{review_id}/print": "as the review",
    "GET /{tenant}/reviews/{review_id}/export/{table}": "as the review",
    "POST /{tenant}/reviews/{review_id}/export/{table}": "as the review",
    "GET /{tenant}/published/{review_id}": "what was published is for everybody",
    "GET /{tenant}/wall/{token}": "whoever stands before a screen may look at it",
    "POST /{tenant}/reviews/{review_id}/opinions": "every unit writes into the review",
}
"""Doors with an id that every place of the county may use, with the reason."""


async def test_another_part_of_ones_own_county_answers_in_the_same_way(two, doors):
    """Whoever has rights in one town meets the other town's ids as ids that nobody has."""
    stock, faults, tried = two.mine, [], 0
    rights = {str(r) for role in stock.policy.county.roles for r in role.rights if placed(role)}
    async with stock.browsing(stock.narrow) as browser:
        token = await token_of(browser, stock.slug)
        for door in doors:
            ids = named(door)
            if not ids or door.key in COUNTY_WIDE or door.permission not in {*rights, PUBLIC}:
                continue
            there = filled(door, stock)
            nobodys = there | {place: random_for(there[place]) for place in ids}
            words = (*(there[place] for place in ids), *(nobodys[place] for place in ids))
            typed = way_of(door).typed(stock)
            answers = [
                levelled(await call(browser, door, address, typed, token=token), words)
                for address in (door.at(stock.slug, **there), door.at(stock.slug, **nobodys))
            ]
            tried += 1
            if answers[0] != answers[1] or answers[0][0] != 404:
                faults.append((door.key, answers[0][0], answers[1][0]))
    assert faults == [], "\n".join(map(str, faults))
    assert tried > 15


def placed(role):
    return role.binds is not Binds.TENANT


async def test_no_action_at_all_can_be_done_to_a_case_of_another_county(two, doors):
    """Whatever the case is like and whatever is asked, it is not there."""
    act = next(door for door in doors if door.key == "POST /{tenant}/cases/{case_id}/do/{action}")
    actions = [a for kind in two.mine.policy.county.case_kinds for a in kind.actions]
    answers = {}
    async with two.mine.browsing() as browser:
        token = await token_of(browser, two.mine.slug)
        for action in actions:
            typed = two.mine.crew().filled(action.code)
            for case_id in two.theirs.cases.values():
                address = act.at(two.mine.slug, case_id=case_id, action=action.code)
                answer = await call(browser, act, address, typed, token=token)
                answers[action.code, case_id] = answer.status_code
    assert set(answers.values()) == {404}
    assert len(answers) > 100


async def test_a_receipt_and_a_ticket_of_another_county_open_nothing(two, app):
    """What is sealed into an address or a cookie is sealed with the county's own key."""
    async with two.theirs.acting() as ctx:
        ticket = Ticket(two.theirs.things["case"], two.theirs.things["reporter"], ctx.now + HOUR)
        sealed = seal(ctx, ticket)
        receipt = seal(ctx, Receipt(two.theirs.things["code"], "123456"))
    answers = {}
    for stock in (two.mine, two.theirs):
        async with a_browser(app) as browser:
            name = cookie_name(app.state.settings, "ticket")
            browser.cookies.set(name, sealed, domain="testserver.local")
            tracked = await browser.get(f"/{stock.slug}/track/case")
            done = await browser.get(f"/{stock.slug}/report/done", params={"receipt": receipt})
            answers[stock.slug] = (tracked.status_code, done.status_code)
            if stock is two.mine:
                for answer in (tracked, done):
                    assert two.watch.leaks(answer, (receipt,)) == []
    assert answers == {two.mine.slug: (303, 404), two.theirs.slug: (200, 200)}
