"""Anybody does anything, in any order: no illegal transition, and what must hold always holds."""

import asyncio

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from factories.cases import Crew
from factories.tenants import a_county
from gridgov.cases.actions.lights import tell_lights
from gridgov.cases.actions.performing import allowed_actions, perform
from gridgov.cases.models import Case, CaseCount, CaseStep
from gridgov.cases.queries.situations import situation_anyway
from gridgov.cases.types import DEPARTMENT, PartState
from gridgov.contract.declarations import Ends
from gridgov.kernel.errors import Refusal
from liling.incident import INCIDENT

ROLES = (
    "worker",
    "station_clerk",
    "subcentre_clerk",
    "dispatcher",
    "handler",
    "supervisor",
    "leader",
)
ACTIONS = {action.code: action for action in INCIDENT.actions if action.before}
STATES = {state.code: state for state in INCIDENT.states}
DEPARTMENTS = ("urban", "water")
CATEGORIES = ("E0102", "water", "E0403", "E0110")


@pytest.fixture(scope="module")
async def crew(database, settings):
    return Crew(database, await a_county(database, settings))


async def test_no_sequence_of_actions_is_illegal(crew):
    loop = asyncio.get_running_loop()

    class OfThisCounty(Machine):
        pass

    OfThisCounty.crew = crew
    OfThisCounty.run = staticmethod(
        lambda work: asyncio.run_coroutine_threadsafe(work, loop).result()
    )
    await asyncio.to_thread(
        run_state_machine_as_test,
        OfThisCounty,
        settings=settings(
            max_examples=12,
            stateful_step_count=40,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    await check_counts(crew)


async def check_counts(crew):
    async with crew.system() as ctx:
        cases = select(Case.node_path, Case.state, func.count()).group_by(
            Case.node_path, Case.state
        )
        counted = select(CaseCount.node_path, CaseCount.state, CaseCount.count).where(
            CaseCount.count != 0
        )
        assert sorted((await ctx.session.execute(cases)).all()) == sorted(
            (await ctx.session.execute(counted)).all()
        )


class Machine(RuleBasedStateMachine):
    """Three cases at a time; the model is what the county declares."""

    crew: Crew

    @initialize()
    def begin(self):
        self.cases = [self.run(self.crew.report(category=c)).case_id for c in CATEGORIES[:3]]

    @rule(
        which=st.integers(0, 2),
        role=st.sampled_from(ROLES),
        department=st.sampled_from(DEPARTMENTS),
        number=st.integers(0, 99),
    )
    def something_offered(self, which, role, department, number):
        self.run(self.offered(self.cases[which], role, department=department, number=number))

    @rule(
        which=st.integers(0, 2),
        role=st.sampled_from(ROLES),
        code=st.sampled_from(sorted(ACTIONS)),
        number=st.integers(0, 99),
    )
    def something_at_random(self, which, role, code, number):
        self.run(self.tried(self.cases[which], role, code, department="urban", number=number))

    @rule(hours=st.integers(1, 100))
    def time_goes_by(self, hours):
        self.crew.later(hours=hours)
        self.run(self.lights())

    @invariant()
    def whatever_must_hold_holds(self):
        for case_id in getattr(self, "cases", ()):
            self.run(self.check(case_id))

    async def lights(self):
        async with self.crew.system() as ctx:
            await tell_lights(ctx)

    async def offered(self, case_id, role, *, department, number):
        async with self.crew.acting(role, department=department) as ctx:
            try:
                bar = (await allowed_actions(ctx, case_id)).actions
            except Refusal:
                return
        if bar:
            code = bar[number % len(bar)].code
            await self.tried(case_id, role, code, department=department, number=number)

    async def tried(self, case_id, role, code, *, department, number):
        before = await self.read(case_id)
        given = self.given(code, number)
        try:
            async with self.crew.acting(role, department=department) as ctx:
                done = await perform(ctx, case_id, code, given)
        except Refusal:
            assert await self.read(case_id) == before
            return
        action, after = ACTIONS[code], await self.read(case_id)
        assert before.head.state in action.before
        assert after.head.state == done.state
        assert after.head.version == done.version == before.head.version + 1
        assert after.head.state in self.targets(action, before.head)
        self.check_guards(action, role, before)

    def given(self, code, number):
        """What is typed, chosen by a number (hypothesis cannot draw on the loop's thread)."""
        crew = self.crew
        values = crew.filled(code)
        if "departments" in values:
            names = (DEPARTMENTS[:1], DEPARTMENTS[1:], DEPARTMENTS)[number % 3]
            values["departments"] = [crew.county.departments[name] for name in names]
        if "category" in values:
            values["category"] = CATEGORIES[number % len(CATEGORIES)]
        if "case" in values:
            values["case"] = self.cases[number % len(self.cases)]
        return values

    def targets(self, action, head):
        held_back = {"return", "uphold_objection", "finish", "withdraw", "rate"}
        targets = {action.to, action.otherwise} - {""}
        if not action.to or action.effect in held_back:
            targets.add(head.state)
        if action.effect == "unmerge":
            targets = {head.before_merge["state"]}
        return targets

    def check_guards(self, action, role, before):
        account = self.crew.county.accounts[role].account_id
        if action.code in {"close", "redo"}:
            assert before.head.handled_by != account
        if action.effect.startswith(("grant_", "refuse_")):
            kind = action.effect.split("_", 1)[1]
            assert all(asked.asked_by != account for asked in before.asked(kind))

    async def read(self, case_id):
        async with self.crew.system() as ctx:
            return await situation_anyway(ctx, case_id)

    async def check(self, case_id):
        case = await self.read(case_id)
        head, state = case.head, STATES[case.head.state]
        running = [clock for clock in case.clocks if clock.runs]
        assert (head.turn, head.ends) == (state.holder, state.ends)
        if state.ends is Ends.NO:
            assert running, "an open case has a clock"
            assert head.due_at == min(clock.due_at for clock in running)
            assert head.yellow_at == min(clock.yellow_at for clock in running)
        if state.ends in {Ends.CLOSED, Ends.REFUSED}:
            assert not running
            assert head.answer, "it ends with an answer only"
            assert head.closed_at is not None
        if state.ends is Ends.CLOSED:
            assert head.late is not None
            assert head.solved_level
        if head.turn == DEPARTMENT:
            assert any(part.open for part in case.parts), "some department has it"
        else:
            assert not any(part.open for part in case.parts)
        assert head.desk_path == head.node_path[: len(head.desk_path)]
        busy = [part.department_id for part in case.parts if part.open]
        assert len(busy) == len(set(busy)), "a department has one open part"
        assert (head.paused_at is not None) == any(p.ended_at is None for p in case.pauses)
        assert sum(part.state == PartState.RETURNED for part in case.parts) <= head.bounces
        await self.check_timeline(case_id, head)

    async def check_timeline(self, case_id, head):
        async with self.crew.system() as ctx:
            steps = (
                await ctx.session.execute(
                    select(CaseStep.before, CaseStep.after)
                    .where(CaseStep.case_id == case_id)
                    .order_by(CaseStep.id)
                )
            ).all()
        assert len(steps) == head.version
        assert [step.before for step in steps[1:]] == [step.after for step in steps[:-1]]
        assert steps[-1].after == head.state
