"""Another county's ids open nothing: every route, beside an id that nobody has and one's own.

A refusal proves nothing if the page would not have opened at all, so each has its control.
"""

from trust.calling import HTMX, call, levelled, token_of
from trust.watch import checksums, tenant_tables, unsown, wordy
from trust.ways import PLACES, WAYS, filled, named, random_for, thing, way_of


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
