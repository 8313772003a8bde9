"""The chain finds what was changed, taken out, put in, moved and cut off."""

import asyncio
import random
from time import process_time
from typing import Any

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.exc import ProgrammingError

from gridgov.audit import checkpoints
from gridgov.audit.actions import ChainMissing, begin_chain, record, record_reveal
from gridgov.audit.chain import Fault
from gridgov.audit.checkpoints import Checkpoint
from gridgov.audit.models import AuditEntry, AuditHead
from gridgov.audit.verifying import head
from gridgov.kernel.clock import now
from gridgov.kernel.errors import Conflict, Invalid
from gridgov.kernel.ids import new_id

SECRET = b"0123456789abcdef0123456789abcdef"


async def test_an_untouched_chain_is_whole(chain):
    verdict = await chain.check()

    assert (verdict.entries, verdict.faults) == (8, 0)


async def test_many_entries_of_one_transaction_are_chained_in_their_order(chain):
    async with chain.place.transaction("tester") as ctx:
        for number in range(50):
            record(ctx, f"thing.counted{number}", "thing", None, number=number)

    async with chain.place.transaction("tester") as ctx:
        verbs = select(AuditEntry.verb).where(AuditEntry.seq > 8).order_by(AuditEntry.seq)
        written = (await ctx.session.scalars(verbs)).all()
    assert written == [f"thing.counted{number}" for number in range(50)]
    assert await chain.faults() == []


async def test_writers_at_the_same_time_make_one_chain(chain):
    await asyncio.gather(*(chain.write(f"thing.raced{number}") for number in range(20)))

    verdict = await chain.check()
    assert (verdict.entries, verdict.faults) == (28, 0)


async def test_a_changed_entry_is_found(chain):
    chain.tamper("UPDATE audit_entries SET who = 'somebody else' WHERE {mine} AND seq = 3")

    assert await chain.faults() == [(3, Fault.CHANGED)]


@pytest.mark.parametrize(
    "change",
    [
        "at = at + interval '1 microsecond'",
        "verb = 'thing.undone'",
        "kind = 'reveal'",
        "subject_kind = 'other'",
        "subject_id = NULL",
        "account_id = id",
        "device = 'other'",
        "purpose = 'other'",
        "details = details || '{{\"level\": 2}}'",
        "id = gen_random_uuid()",
    ],
)
async def test_no_column_can_be_changed_unseen(chain, change):
    chain.tamper(f"UPDATE audit_entries SET {change} WHERE {{mine}} AND seq = 5")

    assert await chain.faults() == [(5, Fault.CHANGED)]


async def test_a_digest_made_without_the_key_does_not_hold(chain):
    chain.tamper(
        "UPDATE audit_entries SET verb = 'x', digest = sha256('x') WHERE {mine} AND seq = 4"
    )

    assert await chain.faults() == [(4, Fault.MOVED), (4, Fault.CHANGED)]


async def test_a_removed_entry_is_found(chain):
    chain.tamper("DELETE FROM audit_entries WHERE {mine} AND seq = 4")

    assert await chain.faults() == [(4, Fault.MISSING)]


async def test_removed_entries_are_found_even_when_the_rest_closes_up(chain):
    chain.tamper("DELETE FROM audit_entries WHERE {mine} AND seq = 4")
    chain.tamper("UPDATE audit_entries SET seq = seq + 1000 WHERE {mine} AND seq > 4")
    chain.tamper("UPDATE audit_entries SET seq = seq - 1001 WHERE {mine} AND seq > 1000")

    assert await chain.faults() == [(4, Fault.MOVED), (8, Fault.CUT)]


async def test_an_inserted_entry_is_found(chain):
    chain.tamper("UPDATE audit_entries SET seq = seq + 1000 WHERE {mine} AND seq > 4")
    chain.tamper("UPDATE audit_entries SET seq = seq - 999 WHERE {mine} AND seq > 1000")
    columns = "at, kind, verb, subject_kind, who, details, digest, hash"
    chain.tamper(
        f"INSERT INTO audit_entries (tenant_id, id, seq, {columns}) "
        f"SELECT tenant_id, gen_random_uuid(), 5, {columns} "
        "FROM audit_entries WHERE {mine} AND seq = 4"
    )

    found = await chain.faults()

    assert (5, Fault.MOVED) in found
    assert (5, Fault.CHANGED) in found


async def test_two_swapped_entries_are_found(chain):
    chain.tamper("UPDATE audit_entries SET seq = 1003 WHERE {mine} AND seq = 3")
    chain.tamper("UPDATE audit_entries SET seq = 3 WHERE {mine} AND seq = 6")
    chain.tamper("UPDATE audit_entries SET seq = 6 WHERE {mine} AND seq = 1003")

    assert [fault for _, fault in await chain.faults()] == [Fault.MOVED] * 4


async def test_a_cut_tail_is_found_by_the_head(chain):
    chain.tamper("DELETE FROM audit_entries WHERE {mine} AND seq > 6")

    assert await chain.faults() == [(7, Fault.CUT)]


async def cut_tail_and_head(chain) -> None:
    chain.tamper("DELETE FROM audit_entries WHERE {mine} AND seq > 6")
    chain.tamper(
        "UPDATE audit_heads h SET seq = e.seq, hash = e.hash FROM audit_entries e "
        "WHERE h.{mine} AND e.{mine} AND e.seq = 6"
    )


async def test_a_cut_tail_with_a_mended_head_is_found_by_a_checkpoint_only(chain):
    async with chain.place.transaction("tester") as ctx:
        mark = await head(ctx)
    await cut_tail_and_head(chain)

    assert await chain.faults() == []
    assert await chain.faults(mark) == [(7, Fault.CUT)]


async def test_a_tail_written_anew_is_found_by_a_checkpoint(chain):
    async with chain.place.transaction("tester") as ctx:
        mark = await head(ctx)
    await cut_tail_and_head(chain)
    await chain.write("thing.other", "thing.more", "thing.last")

    assert await chain.faults() == []
    assert await chain.faults(mark) == [(8, Fault.FOREIGN)]


async def test_no_act_without_its_entry(chain):
    async with chain.place.transaction("tester") as ctx:
        await ctx.session.execute(delete(AuditHead).where(AuditHead.seq > 0))

    with pytest.raises(ChainMissing):
        await chain.write("thing.done")


async def test_what_is_refused_leaves_no_entry(chain):
    async def refused() -> None:
        async with chain.place.transaction("tester") as ctx:
            record(ctx, "thing.refused", "thing", None)
            raise Conflict("不行。")

    with pytest.raises(Conflict):
        await refused()

    assert (await chain.check()).entries == 8


async def test_a_look_at_personal_fields_keeps_which_and_why(chain):
    async with chain.place.transaction("tester") as ctx:
        record_reveal(ctx, "case", ctx.tenant.id, fields=["phone"], purpose="回访")

    async with chain.place.transaction("tester") as ctx:
        row = (
            await ctx.session.execute(
                select(AuditEntry.purpose, AuditEntry.details).where(AuditEntry.kind == "reveal")
            )
        ).one()
    assert (row.purpose, row.details) == ("回访", {"fields": ["phone"]})
    assert await chain.faults() == []


async def test_the_application_cannot_change_entries(chain):
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with chain.place.transaction("tester") as ctx:
            await ctx.session.execute(delete(AuditEntry).where(AuditEntry.seq == 1))


async def test_beginning_a_chain_again_changes_nothing(chain):
    async with chain.place.transaction("tester") as ctx:
        await begin_chain(ctx.session, ctx.tenant.id)

    assert await chain.faults() == []


async def test_the_chain_is_sealed_as_the_last_statement(chain, database):
    """The head is locked from there on: whatever came after would hold others up."""
    async with chain.place.transaction("tester") as ctx:
        record(ctx, "thing.done", "thing", None)
        seq = await ctx.session.scalar(select(func.max(AuditEntry.seq)))

    assert seq == 8


def a_checkpoint(**changed: str) -> Checkpoint:
    said = {"tenant": "430281", "seq": 8, "hash": "ab" * 32, "at": now().isoformat()} | changed
    return Checkpoint(**said)  # type: ignore[arg-type]


def test_a_checkpoint_is_read_as_it_was_written():
    older = checkpoints.sign(SECRET, Checkpoint(tenant="430281", seq=3, hash="cd" * 32, at=""))
    newer = checkpoints.sign(SECRET, a_checkpoint())
    text = checkpoints.write(newer) + checkpoints.write(older)

    assert checkpoints.read(SECRET, text, tenant="430281") == newer


@pytest.mark.parametrize(
    ("text", "tenant"),
    [
        ("", "430281"),
        ("{}", "430281"),
        ("not json", "430281"),
        (checkpoints.write(checkpoints.sign(SECRET, a_checkpoint(hash="zz"))), "430281"),
        (checkpoints.write(checkpoints.sign(SECRET, a_checkpoint())), "620722"),
        (checkpoints.write(checkpoints.sign(b"another secret", a_checkpoint())), "430281"),
        (checkpoints.write(a_checkpoint()), "430281"),
    ],
)
def test_a_checkpoint_that_is_not_ours_is_refused(text, tenant):
    with pytest.raises(Invalid):
        checkpoints.read(SECRET, text, tenant=tenant)


TRICKY = (
    '"\\/\b\f\n\r\t\x01\x1f\x7f\u2028\u00e9中文🙂|:{}[],',
    "0123456789",
    "abcXYZ ",
)


def anything(chance: random.Random, depth: int = 0) -> Any:
    """Any value that details may hold, the oddest characters included."""
    plain = [
        "".join(chance.choices("".join(TRICKY), k=chance.randrange(12))),
        chance.choice([0, -1, 2**53 + 1, 2**63 - 1, -(2**63), chance.randrange(1000)]),
        chance.choice([0.1, -0.0, 1e22, 1e-9, 112.345678]),
        chance.choice([True, False, None]),
    ]
    if depth == 3 or chance.random() < 0.5:
        return chance.choice(plain)
    inner = [anything(chance, depth + 1) for _ in range(chance.randrange(4))]
    names = ["".join(chance.choices('aab中é_"', k=chance.randrange(1, 5))) for _ in inner]
    return chance.choice([inner, dict(zip(names, inner, strict=True))])


async def test_whatever_is_written_is_read_as_it_was_written(chain):
    """The digest is made by us at writing, and of the database's own text at checking."""
    chance = random.Random(4302)  # the same every time
    async with chain.place.transaction("tester") as ctx:
        for number in range(400):
            odd = "".join(chance.choices("".join(TRICKY), k=9))
            record(ctx, odd, odd[::-1], new_id(), at=ctx.now, anything=anything(chance), n=number)

    assert await chain.faults() == []


async def test_checking_takes_a_hundredth_of_a_millisecond_an_entry(chain):
    """Time of this process alone: the machine may be busy with others."""
    for _ in range(4):
        async with chain.place.transaction("tester") as ctx:
            for _ in range(5000):
                record(ctx, "case.dispatched", "case", ctx.tenant.id, departments=2, state="open")
    rates: list[float] = []
    for _ in range(3):
        began = process_time()
        verdict = await chain.check()
        rates.append(verdict.entries / (process_time() - began))
        assert (verdict.entries, verdict.faults) == (20_008, 0)

    assert max(rates) > 100_000
