"""The engine as its people meet it: versions, guards, clocks, several departments, levels."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from factories.contexts import chosen
from gridgov.audit.models import AuditEntry
from gridgov.cases.actions.performing import allowed_actions, perform
from gridgov.cases.models import Case, CaseAssignment, CaseReporter
from gridgov.cases.queries.record import explain, record
from gridgov.cases.queries.situations import situation_anyway
from gridgov.cases.types import Light, PartState, RequestState
from gridgov.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from gridgov.kernel.ids import new_id
from gridgov.kernel.outbox import OutboxEvent
from gridgov.testkit.clock import NOON

CHINA = ZoneInfo("Asia/Shanghai")


def midnight(month, day):
    return datetime(2026, month, day, tzinfo=CHINA)


async def seen(crew, case_id):
    async with crew.system() as ctx:
        return await situation_anyway(ctx, case_id)


async def head(crew, case_id):
    return (await seen(crew, case_id)).head


def clock(case, code, bearer=None):
    return next(c for c in case.clocks if c.code == code and bearer in (None, c.bearer))


async def test_an_action_leaves_step_audit_and_event_in_one_transaction(crew):
    case_id = await crew.brought_to("filed")

    async with crew.system() as ctx:
        verbs = select(AuditEntry.verb).where(AuditEntry.subject_id == case_id)
        kinds = select(OutboxEvent.kind, OutboxEvent.payload).where(OutboxEvent.subject == case_id)
        audited = list(await ctx.session.scalars(verbs.order_by(AuditEntry.seq)))
        told = (await ctx.session.execute(kinds.order_by(OutboxEvent.id))).all()
        steps = (await record(ctx, case_id)).steps

    assert audited == ["case.reported", "case.filed"]
    assert [kind for kind, _ in told] == audited
    assert told[1].payload["after"] == "filed"
    assert [(s.action, s.before, s.after, s.who) for s in steps] == [
        ("report", "", "reported", "网格员"),
        ("file", "reported", "filed", "调度员"),
    ]


async def test_a_stale_page_is_told_who_did_what(crew):
    case_id = await crew.brought_to("filed")

    async with crew.acting("dispatcher") as ctx:
        with pytest.raises(Conflict) as refused:
            await perform(ctx, case_id, "note", {"note": "好"}, expected_version=1)

    assert str(refused.value) == "调度员刚刚对这件事做了“立案”，请看过最新情况再操作。"


async def test_of_two_at_once_one_comes_too_late_and_writes_nothing(crew):
    case_id = await crew.brought_to("reported")

    async with crew.acting("dispatcher") as first, crew.acting("dispatcher") as second:
        case = (await situation_anyway(second, case_id)).head.version
        await perform(first, case_id, "file")
        await first.session.commit()
        with pytest.raises(Conflict):
            await perform(second, case_id, "file", expected_version=case)

    assert [s.action for s in (await steps(crew, case_id))] == ["report", "file"]


async def test_an_overtaken_update_is_refused(crew, monkeypatch):
    """Between reading and writing somebody else was quicker: no row is touched."""
    case_id = await crew.brought_to("reported")
    read = situation_anyway

    async def read_then_overtaken(ctx, wanted, **_):
        case = await read(ctx, wanted)
        async with crew.acting("supervisor") as other:
            monkeypatch.undo()
            await perform(other, wanted, "urge")
        return case

    monkeypatch.setattr("gridgov.cases.actions.performing.situation_of", read_then_overtaken)
    async with crew.acting("dispatcher") as ctx:
        with pytest.raises(Conflict) as refused:
            await perform(ctx, case_id, "file")

    assert str(refused.value) == "督查员刚刚对这件事做了“催办”，请看过最新情况再操作。"
    assert (await head(crew, case_id)).state == "reported"


async def steps(crew, case_id):
    async with crew.system() as ctx:
        return (await record(ctx, case_id)).steps


async def test_what_is_out_of_sight_is_not_found(crew):
    case_id = await crew.brought_to("reported")
    elsewhere = crew.county.at("village", 3).path

    async with crew.acting("station_clerk", at=elsewhere) as ctx:
        for wanted in (case_id, uuid4()):
            with pytest.raises(NotFound):
                await perform(ctx, wanted, "file")
            with pytest.raises(NotFound):
                await allowed_actions(ctx, wanted)


async def test_whoever_sees_it_without_the_right_is_refused(crew):
    case_id = await crew.brought_to("reported")

    async with crew.acting("worker") as ctx:
        with pytest.raises(NotAllowed) as refused:
            await perform(ctx, case_id, "file")

    assert str(refused.value) == "您的岗位不能对这件事立案。"


async def test_a_desk_below_may_not_act_for_the_desk_that_has_it(crew):
    case_id = await crew.brought_to("reported")
    await crew.does("station_clerk", case_id, "pass_up")

    async with crew.acting("station_clerk") as ctx:
        offered = {action.code for action in (await allowed_actions(ctx, case_id)).actions}
    await crew.does("subcentre_clerk", case_id, "take")

    assert offered == {"call_back_report", "urge", "note"}
    assert (await head(crew, case_id)).level == "town"


async def test_faults_of_the_form_come_all_at_once(crew):
    case_id = await crew.brought_to("handling")

    async with crew.acting("handler") as ctx:
        with pytest.raises(Invalid) as refused:
            await perform(ctx, case_id, "ask_extension", {"days": "viele"})

    assert sorted(refused.value.fields) == ["days", "reason"]


class TestClocks:
    async def test_filing_starts_the_promise_by_the_later_text(self, crew):
        case_id = await crew.brought_to("filed")

        case = await seen(crew, case_id)

        handle = clock(case, "handle")
        assert (handle.amount, handle.unit, handle.rule_from) == (7, "working_days", "2019-05-28")
        assert (handle.due_at, case.head.promise_at) == (midnight(12, 3), midnight(12, 3))
        assert not clock(case, "file").runs

    async def test_a_case_keeps_the_rules_of_the_day_it_was_filed(self, crew):
        crew.now = datetime(2019, 5, 20, 4, tzinfo=UTC)
        case_id = await crew.brought_to("filed")
        crew.now = datetime(2019, 5, 29, 4, tzinfo=UTC)
        await crew.does("dispatcher", case_id, "dispatch")
        await crew.does("handler", case_id, "finish")

        async with crew.acting("dispatcher") as ctx:
            bar = {action.code for action in (await allowed_actions(ctx, case_id)).actions}
        case = await seen(crew, case_id)

        assert (clock(case, "handle").amount, clock(case, "handle").unit) == (7, "calendar_days")
        assert "explain" not in bar  # the first text does not count an answer as done

    async def test_an_urgent_case_must_be_touched_at_once(self, crew):
        case_id = await crew.brought_to("reported", category="E0403")

        case = await seen(crew, case_id)

        assert case.head.urgency == "urgent"
        assert case.head.due_at == NOON + timedelta(minutes=30)

    async def test_the_tenants_number_counts(self, crew):
        crew.settings = chosen(urgent_minutes=10)
        case_id = await crew.brought_to("reported", category="E0403")

        assert (await head(crew, case_id)).due_at == NOON + timedelta(minutes=10)

    async def test_water_power_and_gas_are_attended_within_24_hours(self, crew):
        case_id = await crew.brought_to("handling", category="water")
        await crew.does("handler", case_id, "attend")

        case = await seen(crew, case_id)

        assert clock(case, "attend").due_at == NOON + timedelta(hours=24)
        assert clock(case, "attend").stopped_at == NOON
        assert clock(case, "handle").due_at == midnight(11, 27)

    async def test_a_return_resets_neither_clock(self, crew):
        case_id = await crew.brought_to("dispatched")
        before = await seen(crew, case_id)
        crew.later(hours=3)  # 15:00
        await crew.does("handler", case_id, "return")
        crew.later(hours=2)  # 17:00
        await crew.does("dispatcher", case_id, "dispatch")

        after = await seen(crew, case_id)

        assert clock(after, "handle").due_at == clock(before, "handle").due_at
        assert clock(after, "accept").started_at == clock(before, "accept").started_at
        assert [c.code for c in after.clocks].count("accept") == 1
        assert after.head.bounces == 1
        assert [part.state for part in after.parts] == [PartState.RETURNED, PartState.OFFERED]

    async def test_an_extension_is_granted_by_somebody_else_and_once(self, crew):
        case_id = await crew.brought_to("handling")
        await crew.does("handler", case_id, "ask_extension", {"days": 3})
        async with crew.acting("handler") as ctx:
            offered = {action.code for action in (await allowed_actions(ctx, case_id)).actions}
        await crew.does("dispatcher", case_id, "grant_extension")

        case = await seen(crew, case_id)

        assert "grant_extension" not in offered
        assert case.head.promise_at == midnight(12, 8)
        assert [asked.state for asked in case.requests] == [RequestState.GRANTED]
        with pytest.raises(Conflict, match="次数已经用完"):
            await crew.does("handler", case_id, "ask_extension")

    async def test_who_asked_does_not_decide(self, crew):
        case_id = await crew.brought_to("handling")
        both = crew.actor("handler")
        rights = {**both.rights, **crew.actor("dispatcher").rights}
        both = type(both)(both.account_id, None, "测试", "两职", rights=rights)
        async with crew.as_actor(both) as ctx:
            await perform(ctx, case_id, "ask_pause", {"reason": "等料"})

        async with crew.as_actor(both) as ctx:
            with pytest.raises(Conflict, match="申请人不能审批自己的申请"):
                await perform(ctx, case_id, "grant_pause")

    async def test_more_days_than_the_setting_are_not_asked_for(self, crew):
        case_id = await crew.brought_to("handling")

        with pytest.raises(Invalid) as refused:
            await crew.does("handler", case_id, "ask_extension", {"days": 8})

        assert refused.value.fields == {"days": "每次最多延长 7 天。"}

    async def test_a_refused_extension_changes_no_clock(self, crew):
        case_id = await crew.brought_to("handling")
        await crew.does("handler", case_id, "ask_extension")
        await crew.does("dispatcher", case_id, "refuse_extension")

        case = await seen(crew, case_id)

        assert case.head.promise_at == midnight(12, 3)
        assert case.requests[0].decision == "测试·理由"

    async def test_while_paused_nothing_moves_and_no_light_burns(self, crew):
        case_id = await crew.brought_to("handling")
        await crew.does("handler", case_id, "ask_pause")
        await crew.does("dispatcher", case_id, "grant_pause")

        with pytest.raises(Conflict, match="已挂起"):
            await crew.does("handler", case_id, "finish")
        async with crew.acting("dispatcher") as ctx:
            stories = await explain(ctx, case_id)
            tell_at = await ctx.session.scalar(select(Case.tell_at).where(Case.id == case_id))

        assert {story.light for story in stories if story.stopped_at is None} == {Light.PAUSED}
        assert tell_at is None

    async def test_a_pause_gives_back_just_the_working_days_in_it(self, crew):
        case_id = await crew.brought_to("handling")
        crew.later(days=1)
        await crew.does("handler", case_id, "ask_pause")
        await crew.does("dispatcher", case_id, "grant_pause")
        crew.later(days=6)  # Tuesday to Monday: Tuesday to Friday are lost
        await crew.does("handler", case_id, "resume_handling")

        case = await head(crew, case_id)

        assert (case.promise_at, case.paused_at) == (midnight(12, 9), None)

    async def test_an_answer_keeps_the_promise_and_starts_the_next_clock(self, crew):
        case_id = await crew.brought_to("handling")
        await crew.does("dispatcher", case_id, "explain")

        case = await seen(crew, case_id)

        assert not clock(case, "handle").runs
        assert clock(case, "go_on").runs
        assert (case.head.late, case.head.due_at) == (False, midnight(12, 3))
        with pytest.raises(Conflict, match="不能以答复代替"):
            await crew.does("dispatcher", case_id, "explain")

    async def test_what_is_closed_after_its_promise_is_late(self, crew):
        case_id = await crew.brought_to("handling")
        crew.later(days=30)
        await crew.does("handler", case_id, "finish")
        await crew.does("dispatcher", case_id, "close")

        case = await seen(crew, case_id)

        assert case.head.late is True
        assert not any(clock.runs for clock in case.clocks)

    async def test_reopened_it_is_measured_anew(self, crew):
        case_id = await crew.brought_to("closed")
        crew.later(days=3)
        await crew.does("worker", case_id, "reopen")

        case = await seen(crew, case_id)

        rounds = [(c.rounds, c.runs) for c in case.clocks if c.code == "handle"]
        assert rounds == [(0, False), (1, True)]
        assert (case.head.late, case.head.answer, case.head.reopened) == (None, "", 1)

    async def test_an_answer_that_the_other_rules_do_not_count_leaves_the_promise_running(
        self, crew
    ):
        case_id = await crew.brought_to("filed")
        promised = clock(await seen(crew, case_id), "handle")
        await crew.does("dispatcher", case_id, "explain")

        await crew.does("dispatcher", case_id, "recategorise", {"category": "E0403"})
        case = await seen(crew, case_id)

        assert [c.code for c in case.clocks if c.runs and c.promise] == ["handle"]
        assert clock(case, "handle").started_at == promised.started_at
        assert case.head.urgency == "urgent"

    async def test_recategorised_it_runs_by_the_other_rules_from_the_old_start(self, crew):
        case_id = await crew.brought_to("filed")
        crew.later(hours=5)
        await crew.does("dispatcher", case_id, "recategorise", {"category": "water"})

        case = await seen(crew, case_id)

        handle, attend = clock(case, "handle"), clock(case, "attend")
        assert (case.head.category, case.head.urgency) == ("water", "prompt")
        assert (handle.started_at, handle.due_at) == (NOON, midnight(11, 27))
        assert (attend.started_at, attend.due_at) == (NOON, NOON + timedelta(hours=24))

    async def test_what_the_other_rules_do_not_know_stops(self, crew):
        case_id = await crew.brought_to("reported", category="E0403")
        await crew.does("dispatcher", case_id, "recategorise", {"category": "E0102"})

        case = await seen(crew, case_id)

        assert not clock(case, "at_once").runs
        assert clock(case, "file").started_at == NOON
        assert case.head.due_at == clock(case, "file").due_at

    async def test_there_and_back_again_the_clock_runs_on_from_its_old_start(self, crew):
        case_id = await crew.brought_to("reported", category="E0102")
        for category in ("E0403", "E0102"):
            crew.later(minutes=5)
            await crew.does("dispatcher", case_id, "recategorise", {"category": category})

        case = await seen(crew, case_id)

        assert not clock(case, "at_once").runs
        assert (clock(case, "file").runs, clock(case, "file").started_at) == (True, NOON)
        assert case.head.due_at == clock(case, "file").due_at

    async def test_what_has_been_done_meanwhile_does_not_run_again(self, crew):
        case_id = await crew.brought_to("reported", category="E0102")
        await crew.does("dispatcher", case_id, "recategorise", {"category": "E0403"})
        await crew.does("dispatcher", case_id, "file")
        await crew.does("dispatcher", case_id, "recategorise", {"category": "E0102"})

        case = await seen(crew, case_id)

        assert not clock(case, "file").runs
        assert clock(case, "handle").runs

    async def test_an_explanation_that_the_other_rules_do_not_know_stops_nothing(self, crew):
        case_id = await crew.brought_to("filed")
        crew.later(hours=1)
        await crew.does("dispatcher", case_id, "explain")
        assert not clock(await seen(crew, case_id), "handle").runs
        await crew.does("dispatcher", case_id, "recategorise", {"category": "water"})

        case = await seen(crew, case_id)

        assert (clock(case, "handle").runs, clock(case, "handle").started_at) == (True, NOON)
        assert not clock(case, "go_on").runs

    async def test_the_same_urgency_leaves_the_clocks_alone(self, crew):
        case_id = await crew.brought_to("filed")
        before = await seen(crew, case_id)
        await crew.does("dispatcher", case_id, "recategorise", {"category": "E0104"})

        assert (await seen(crew, case_id)).clocks == before.clocks


class TestDepartments:
    async def test_the_case_moves_when_all_are_done(self, crew):
        case_id = await crew.brought_to("filed")
        both = [crew.county.departments[name] for name in ("urban", "water")]
        await crew.does("dispatcher", case_id, "dispatch", {"departments": both})

        first = await crew.does("handler", case_id, "finish", {"answer": "甲办好了"})
        second = await crew.does(
            "handler", case_id, "finish", {"answer": "乙办好了"}, department="water"
        )

        assert (first.state, second.state) == ("dispatched", "handled")
        assert (await head(crew, case_id)).answer == "甲办好了\n乙办好了"

    async def test_a_department_is_not_given_what_it_has(self, crew):
        case_id = await crew.brought_to("dispatched")

        with pytest.raises(Invalid) as refused:
            await crew.does("dispatcher", case_id, "dispatch_more")

        assert "正在办理" in refused.value.fields["departments"]

    async def test_an_unknown_department_is_a_fault_of_the_form(self, crew):
        case_id = await crew.brought_to("filed")

        with pytest.raises(Invalid) as refused:
            await crew.does("dispatcher", case_id, "dispatch", {"departments": [new_id()]})

        assert "没有这个部门" in refused.value.fields["departments"]

    async def test_the_last_return_brings_it_back_to_the_desk(self, crew):
        case_id = await crew.brought_to("filed")
        both = [crew.county.departments[name] for name in ("urban", "water")]
        await crew.does("dispatcher", case_id, "dispatch", {"departments": both})

        first = await crew.does("handler", case_id, "return")
        second = await crew.does("handler", case_id, "return", department="water")

        case = await head(crew, case_id)
        assert (first.state, second.state) == ("dispatched", "filed")
        assert (case.turn, case.bounces) == ("desk", 2)

    async def test_an_objection_is_raised_once(self, crew):
        case_id = await crew.brought_to("dispatched")
        await crew.does("handler", case_id, "object")
        with pytest.raises(Conflict, match="等待裁定"):
            await crew.does("handler", case_id, "accept")
        await crew.does("dispatcher", case_id, "dismiss_objection")

        with pytest.raises(Conflict, match="已经提过"):
            await crew.does("handler", case_id, "object")
        await crew.does("handler", case_id, "accept")

    async def test_an_upheld_objection_is_no_bounce(self, crew):
        case_id = await crew.brought_to("dispatched")
        await crew.does("handler", case_id, "object")
        done = await crew.does("dispatcher", case_id, "uphold_objection")

        case = await seen(crew, case_id)
        assert (done.state, case.head.bounces) == ("filed", 0)
        assert case.parts[0].state == PartState.WITHDRAWN

    async def test_what_somebody_accepted_is_not_withdrawn(self, crew):
        case_id = await crew.brought_to("filed")
        both = [crew.county.departments[name] for name in ("urban", "water")]
        await crew.does("dispatcher", case_id, "dispatch", {"departments": both})
        await crew.does("dispatcher", case_id, "withdraw")

        async with crew.system() as ctx:
            parts = select(CaseAssignment.state).where(CaseAssignment.case_id == case_id)
            assert set(await ctx.session.scalars(parts)) == {PartState.WITHDRAWN}

    async def test_redone_by_the_department_that_said_it_was_done(self, crew):
        case_id = await crew.brought_to("handled")
        done = await crew.does("dispatcher", case_id, "redo")

        case = await seen(crew, case_id)
        assert (done.state, case.head.turn) == ("handling", "department")
        assert [part.state for part in case.parts] == [PartState.ACCEPTED]

    async def test_redone_by_the_desk_when_no_department_had_it(self, crew):
        case_id = await crew.brought_to("reported")
        await crew.does("worker", case_id, "handle_on_spot")
        done = await crew.does("station_clerk", case_id, "redo")

        assert done.state == "filed"


class TestEnding:
    async def test_who_handled_it_does_not_verify_it(self, crew):
        case_id = await crew.brought_to("filed")
        await crew.does("station_clerk", case_id, "handle_here")

        with pytest.raises(Conflict, match="办理人不能核查"):
            await crew.does("station_clerk", case_id, "close")
        await crew.does("subcentre_clerk", case_id, "close")

    async def test_it_closes_with_an_answer_only(self, crew):
        case_id = await crew.brought_to("handled")

        with pytest.raises(Invalid) as refused:
            await crew.does("dispatcher", case_id, "close", {"answer": "  "})

        assert refused.value.fields == {"answer": "请填写这一项。"}

    @pytest.mark.parametrize(
        ("way", "level"),
        [
            ((("worker", "handle_on_spot"),), "grid"),
            ((("station_clerk", "file"), ("station_clerk", "handle_here")), "village"),
            (
                (
                    ("station_clerk", "pass_up"),
                    ("subcentre_clerk", "take"),
                    ("subcentre_clerk", "handle_here"),
                ),
                "town",
            ),
            (
                (
                    ("station_clerk", "pass_up"),
                    ("subcentre_clerk", "take"),
                    ("subcentre_clerk", "dispatch"),
                    ("handler", "finish"),
                ),
                "town",
            ),
            (
                (
                    ("station_clerk", "pass_up"),
                    ("subcentre_clerk", "take"),
                    ("subcentre_clerk", "pass_up"),
                    ("dispatcher", "take"),
                    ("dispatcher", "dispatch"),
                    ("handler", "finish"),
                ),
                "county",
            ),
        ],
    )
    async def test_every_case_knows_the_level_at_which_it_was_solved(self, crew, way, level):
        case_id = await crew.brought_to("reported")
        for role, code in way:
            await crew.does(role, case_id, code)
        other = crew.actor("dispatcher", account=new_id())
        async with crew.as_actor(other) as ctx:
            await perform(ctx, case_id, "close", {"answer": "办好了"})

        assert (await head(crew, case_id)).solved_level == level

    async def test_at_the_top_there_is_nobody_to_pass_it_up_to(self, crew):
        case_id = await crew.brought_to("reported")
        for role, code in (
            ("station_clerk", "pass_up"),
            ("subcentre_clerk", "take"),
            ("subcentre_clerk", "pass_up"),
            ("dispatcher", "take"),
        ):
            await crew.does(role, case_id, code)

        with pytest.raises(Conflict, match="最高一级"):
            await crew.does("dispatcher", case_id, "pass_up")

    async def test_only_the_desk_that_passed_it_up_calls_it_back(self, crew):
        case_id = await crew.brought_to("filed")
        await crew.does("station_clerk", case_id, "pass_up")
        offered = {}
        for role in ("station_clerk", "subcentre_clerk", "dispatcher"):
            async with crew.acting(role) as ctx:
                actions = (await allowed_actions(ctx, case_id)).actions
            offered[role] = "call_back" in {action.code for action in actions}
        await crew.does("subcentre_clerk", case_id, "take")
        await crew.does("subcentre_clerk", case_id, "pass_up")

        assert offered == {"station_clerk": True, "subcentre_clerk": False, "dispatcher": False}
        with pytest.raises(NotAllowed):
            await crew.does("station_clerk", case_id, "call_back")
        await crew.does("subcentre_clerk", case_id, "call_back")

    async def test_called_back_it_is_at_the_desk_below_again(self, crew):
        case_id = await crew.brought_to("filed")
        await crew.does("station_clerk", case_id, "pass_up")
        await crew.does("station_clerk", case_id, "call_back")

        case = await seen(crew, case_id)
        assert (case.head.state, case.head.level) == ("filed", "village")
        assert case.head.desk_path == crew.county.at("village").path
        assert not clock(case, "take").runs

    async def test_a_refused_report_tells_why_and_can_be_restored(self, crew):
        case_id = await crew.brought_to("reported")
        await crew.does("dispatcher", case_id, "reject", {"reason": "不属于本县"})
        refused = await head(crew, case_id)
        crew.later(hours=1)
        await crew.does("dispatcher", case_id, "restore")
        restored = await seen(crew, case_id)

        assert (refused.ends, refused.answer, refused.turn) == ("refused", "不属于本县", "")
        assert (restored.head.ends, restored.head.answer) == ("", "")
        assert clock(restored, "file").runs

    async def test_the_reporter_may_reopen_within_the_window(self, crew):
        crew.settings = chosen(reopen_days=2)
        case_id = await crew.brought_to("closed")
        crew.later(days=2)

        with pytest.raises(Conflict, match="期限已过"):
            await crew.does("worker", case_id, "reopen")
        await crew.does("supervisor", case_id, "reopen_by_supervisor")

    async def test_only_who_reported_it_rates_it_and_once(self, crew):
        case_id = await crew.brought_to("evaluated")

        async with crew.acting("chief") as ctx:
            with pytest.raises((NotAllowed, Conflict)):
                await perform(ctx, case_id, "rate", crew.filled("rate"))
        async with crew.system() as ctx:
            stars = await ctx.session.scalar(select(CaseReporter.stars))

        assert stars == {"effort": 5, "speed": 5, "result": 5}

    async def test_after_a_second_closing_the_reporter_may_rate_again(self, crew):
        case_id = await crew.brought_to("evaluated")
        await crew.does("worker", case_id, "reopen")
        for role, code in (
            ("dispatcher", "dispatch"),
            ("handler", "finish"),
            ("dispatcher", "close"),
        ):
            await crew.does(role, case_id, code)

        rated = await crew.does("worker", case_id, "rate", {"result": 1})

        assert rated.state == "evaluated"


class TestWatching:
    async def test_urging_counts_and_supervising_is_a_list(self, crew):
        case_id = await crew.brought_to("dispatched")
        await crew.does("supervisor", case_id, "urge", {"note": "快一点"})
        await crew.does("leader", case_id, "urge")
        await crew.does("supervisor", case_id, "supervise")

        watched = await head(crew, case_id)
        await crew.does("supervisor", case_id, "strike_off")

        assert (watched.urged, watched.supervised) == (2, True)
        assert (await head(crew, case_id)).supervised is False
        with pytest.raises(Conflict, match="没有在督办"):
            await crew.does("supervisor", case_id, "strike_off")
