"""How a case begins."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from gridgov.audit.models import AuditEntry
from gridgov.cases.actions.performing import allowed_actions, perform
from gridgov.cases.actions.reporting import (
    Contact,
    pin_digest,
    report_case,
    tail_digest,
)
from gridgov.cases.actions.revealing import reveal_reporter
from gridgov.cases.models import Case, CaseClock, CaseReporter, CaseStep, CaseTerm
from gridgov.cases.queries.record import record
from gridgov.cases.types import AROSE, About, Arisen
from gridgov.contract.declarations import Origin
from gridgov.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from gridgov.kernel.together import Together
from gridgov.testkit.clock import NOON

PHONE = "19900001234"


async def case_of(ctx, case_id, *columns):
    return (await ctx.session.execute(select(*columns).where(Case.id == case_id))).one()


async def test_a_point_finds_its_grid_and_the_desk_above_it(crew):
    grid, village = crew.county.at("grid", 3), crew.county.at("village", 1)

    async with crew.acting("worker") as ctx:
        reported = await report_case(ctx, category="E0102", lon=grid.lon, lat=grid.lat)
        columns = (Case.node_id, Case.node_path, Case.desk_path, Case.level, Case.state, Case.turn)
        row = await case_of(ctx, reported.case_id, *columns)

    assert row == (grid.id, grid.path, village.path, "village", "reported", "desk")


async def test_a_chosen_unit_will_do_and_names_the_place(crew):
    village = crew.county.at("village", 1)

    async with crew.acting("station_clerk") as ctx:
        reported = await report_case(ctx, category="E0102", node_id=village.id)
        row = await case_of(ctx, reported.case_id, Case.title, Case.place, Case.words)

    assert row[0] == "暴露垃圾"
    assert row[2] == f"暴露垃圾\n{row[1]}\n暴露垃圾"


@pytest.mark.parametrize(
    ("what", "field"),
    [
        ({"category": "E0102", "lon": 100.0, "lat": 20.0}, "place"),
        ({"category": "E0102"}, "place"),
        ({"category": "E0102", "node_id": uuid4()}, "place"),
        ({"category": "E01"}, "category"),
        ({"category": "nothing"}, "category"),
    ],
)
async def test_an_unknown_place_or_category_is_refused_beside_its_field(crew, what, field):
    async with crew.acting("worker") as ctx:
        with pytest.raises(Invalid) as refused:
            await report_case(ctx, **what)

    assert list(refused.value.fields) == [field]


@pytest.mark.parametrize(
    ("what", "field"),
    [
        ({"title": "字" * 61}, "title"),
        ({"description": "有\x00"}, "description"),
        ({"urgency": "soon"}, "urgency"),
        ({"contact": Contact(phone="123")}, "phone"),
    ],
)
async def test_typed_faults_are_refused_beside_their_field(crew, what, field):
    with pytest.raises(Invalid) as refused:
        await crew.report(**what)

    assert list(refused.value.fields) == [field]


async def test_codes_run_without_gaps_and_a_refused_report_takes_none(crew):
    first = (await crew.report()).code
    with pytest.raises(Invalid):
        await crew.report(category="E01")
    second = (await crew.report()).code
    crew.later(days=1)
    next_day = (await crew.report()).code

    division = crew.county.tenant.code
    assert [first, second, next_day] == [
        f"{division}26112300001",
        f"{division}26112300002",
        f"{division}26112400001",
    ]


async def test_the_day_of_a_code_is_the_countys_day(crew):
    crew.later(hours=12)  # 16:00 in UTC is midnight in China

    assert (await crew.report()).code.startswith(f"{crew.county.tenant.code}261124")


async def test_ids_follow_the_order_of_opening(crew):
    late = (await crew.report()).case_id
    crew.later(days=-3)
    early = (await crew.report()).case_id

    assert early < late


async def test_a_resident_needs_no_account_and_their_words_are_not_searched(crew):
    grid = crew.county.at("grid")

    async with crew.resident() as ctx:
        reported = await report_case(
            ctx,
            category="water",
            title="张三家没水",
            description="我家没水，电话见下",
            node_id=grid.id,
            origin=Origin.RESIDENT,
            contact=Contact(name="测试·张三", phone=PHONE),
        )
        row = await case_of(ctx, reported.case_id, Case.title, Case.words, Case.reported_by)
        step = await ctx.session.scalar(
            select(CaseStep.who).where(CaseStep.case_id == reported.case_id)
        )

    assert (row[0], row[2], reported.pin, step) == ("停水或水压不足", None, "", "反映人")
    assert "张三" not in row[1]


async def test_somebody_without_the_right_does_not_report(crew):
    async with crew.acting("auditor") as ctx:
        with pytest.raises(NotAllowed):
            await report_case(ctx, category="E0102", node_id=crew.county.at("grid").id)


async def test_an_anonymous_reporter_gets_a_pin_of_which_only_a_digest_is_kept(crew):
    async with crew.resident() as ctx:
        reported = await report_case(
            ctx, category="E0102", node_id=crew.county.at("grid").id, origin=Origin.RESIDENT
        )
        kept = await ctx.session.scalar(
            select(CaseReporter.pin).where(CaseReporter.id == reported.reporter_id)
        )
        same = pin_digest(ctx, reported.case_id, reported.pin)
        other = pin_digest(ctx, uuid4(), reported.pin)

    assert (len(reported.pin), reported.pin.isdigit()) == (6, True)
    assert kept == same != other


async def test_a_reporters_contact_is_sealed_and_masked(crew):
    case_id = (await crew.report(contact=Contact("测试王一", PHONE, "胜利路1号3栋502"))).case_id

    async with crew.acting("station_clerk") as ctx:
        row = (await ctx.session.execute(select(CaseReporter))).scalar_one()
        (shown,) = (await record(ctx, case_id)).reporters
    async with crew.acting("worker") as ctx:
        (hidden,) = (await record(ctx, case_id)).reporters

    assert not any(secret in (row.phone or b"") for secret in (b"1234", b"1990"))
    assert row.phone_tail == tail_digest(ctx, case_id, "1234")
    assert (shown.name, shown.phone, shown.address) == ("测***", "199****1234", "胜利路1号3栋***")
    assert (hidden.name, hidden.phone, hidden.address) == ("", "", "")
    assert (shown.may_reveal, hidden.may_reveal) == (True, False)


async def test_revealing_takes_a_reason_and_is_written_down(crew):
    reported = await crew.report(contact=Contact("测试王一", PHONE))
    async with crew.acting("station_clerk") as ctx:
        with pytest.raises(Invalid):
            await reveal_reporter(ctx, reported.case_id, reported.reporter_id, purpose=" ")
        contact = await reveal_reporter(
            ctx, reported.case_id, reported.reporter_id, purpose="约时间上门"
        )
    async with crew.acting("worker") as ctx:
        with pytest.raises(NotFound):
            await reveal_reporter(ctx, reported.case_id, reported.reporter_id, purpose="约时间上门")
    async with crew.acting("station_clerk") as ctx:
        with pytest.raises(NotFound):
            await reveal_reporter(ctx, reported.case_id, uuid4(), purpose="约时间上门")
        seen = select(AuditEntry.purpose, AuditEntry.details).where(AuditEntry.kind == "reveal")
        looks = (await ctx.session.execute(seen)).all()

    assert contact == Contact("测试王一", PHONE, "")
    assert looks == [("约时间上门", {"fields": ["name", "phone"]})]


async def test_the_tracking_page_speaks_for_its_reporter_only(crew):
    reported = await crew.report(contact=Contact(phone=PHONE))
    other = await crew.report(contact=Contact(phone=PHONE))
    for role, code in (
        ("dispatcher", "file"),
        ("dispatcher", "dispatch"),
        ("handler", "finish"),
        ("dispatcher", "close"),
    ):
        await crew.does(role, reported.case_id, code)

    async with crew.resident() as ctx:
        teller = reported.reporter_id
        offered = await allowed_actions(ctx, reported.case_id, teller=teller)
        with pytest.raises(NotFound):
            await perform(ctx, other.case_id, "rate", teller=teller)
        with pytest.raises(NotFound):
            await perform(ctx, reported.case_id, "rate")
        rated = await perform(ctx, reported.case_id, "rate", crew.filled("rate"), teller=teller)

    assert [action.code for action in offered.actions] == ["rate", "reopen"]
    assert rated.state == "evaluated"


async def test_a_report_leaves_everything_that_the_engine_needs(crew):
    reported = await crew.report(title="雨水井盖破损")

    async with crew.system() as ctx:

        async def count(model, column):
            return await ctx.session.scalar(
                select(func.count()).select_from(model).where(column == reported.case_id)
            )

        counts = [
            await count(CaseClock, CaseClock.case_id),
            await count(CaseReporter, CaseReporter.case_id),
            await count(CaseStep, CaseStep.case_id),
            await count(CaseTerm, CaseTerm.id),
        ]
        tell_at = await ctx.session.scalar(select(Case.tell_at))

    assert counts[:3] == [1, 1, 1]
    assert counts[3] > 10
    assert NOON < tell_at < NOON + timedelta(days=1)


async def test_a_place_without_a_desk_above_cannot_take_it(crew, monkeypatch):
    monkeypatch.setattr("gridgov.cases.actions.reporting.desks_above", _none)

    with pytest.raises(Conflict, match="没有可以受理的工作站"):
        await crew.report()


async def _none(*_):
    return []


async def test_the_room_that_a_case_arose_from_is_told_in_the_same_transaction(crew):
    told = []

    async def keep(_, arisen):
        told.append(arisen)

    crew.together, about = Together({AROSE: [keep]}), About("ledger", uuid4())
    reported = await crew.report(about=about)
    await crew.report()

    assert told == [Arisen(reported.case_id, about)]


async def test_a_room_that_does_not_know_it_refuses_the_case(crew):
    async def refuse(*_):
        raise NotFound

    crew.together = Together({AROSE: [refuse]})
    with pytest.raises(NotFound):
        await crew.report(about=About("ledger", uuid4()))

    async with crew.system() as ctx:
        assert await ctx.session.scalar(select(func.count()).select_from(Case)) == 0
