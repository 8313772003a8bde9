"""Anybody does anything, in any order: no illegal transition, and what must hold always holds.

Ten thousand steps, in parts that run side by side. A story is one transaction, each act a savepoint
in it, and at the end all is undone: the next story finds the county as it was. That every declared
transition is made is shown in test_transitions.
"""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from factories.cases import NOON, Crew, a_case
from factories.tenants import a_county
from gridgov.cases.actions.act import asking_of
from gridgov.cases.actions.lights import tell_lights
from gridgov.cases.actions.performing import perform
from gridgov.cases.models import Case, CaseCount, CaseStep
from gridgov.cases.queries.situations import situations_locked
from gridgov.cases.rules.moves import offers
from gridgov.cases.types import DEPARTMENT, PartState
from gridgov.contract.actor import system_actor
from gridgov.contract.declarations import Ends
from gridgov.kernel.errors import Refusal
from liling.incident import INCIDENT

STEPS, PARTS, LENGTH = 10_000, 4, 40
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


@pytest.mark.parametrize("part", range(PARTS))
async def test_no_sequence_of_actions_is_illegal(crew, part):
    loop = asyncio.get_running_loop()

    class OfThisCounty(Machine):
        pass

    OfThisCounty.crew = crew
    OfThisCounty.done = {"made": 0, "refused": 0, "waited": 0}
    OfThisCounty.run = staticmethod(
        lambda work: asyncio.run_coroutine_threadsafe(work, loop).result()
    )
    while sum(OfThisCounty.done.values()) < STEPS // PARTS:  # some stories end before their time
        await asyncio.to_thread(
            run_state_machine_as_test,
            OfThisCounty,
            settings=settings(
                max_examples=20,
                stateful_step_count=LENGTH,
                deadline=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
    assert min(OfThisCounty.done.values()) > 250, OfThisCounty.done


def but_for_its_light(case):
    return replace(case, head=replace(case.head, told_light=""))


class Machine(RuleBasedStateMachine):
    """Three cases at a time; the model is what the county declares."""

    crew: Crew
    done: dict[str, int]

    @initialize()
    def begin(self):
        self.crew.now = NOON
        self.run(self.open())

    def teardown(self):
        self.run(self.close())

    @rule(
        which=st.integers(0, 2),
        role=st.sampled_from(ROLES),
        department=st.sampled_from(DEPARTMENTS),
        number=st.integers(0, 99),
    )
    def something_offered(self, which, role, department, number):
        ctx = self.acting(role, department=department)
        bar = offers(asking_of(ctx, self.known[which]))
        code = bar[number % len(bar)].code if bar else "note"
        self.run(self.tried(ctx, which, code, role=role, number=number))

    @rule(
        which=st.integers(0, 2),
        role=st.sampled_from(ROLES),
        code=st.sampled_from(sorted(ACTIONS)),
        number=st.integers(0, 99),
    )
    def something_at_random(self, which, role, code, number):
        self.run(self.tried(self.acting(role), which, code, role=role, number=number))

    @rule(hours=st.integers(1, 100))
    def time_goes_by(self, hours):
        self.crew.later(hours=hours)
        self.run(self.lights())

    def acting(self, role, **where):
        return self.crew.context(self.session, self.crew.actor(role, **where))

    @property
    def system(self):
        return self.crew.context(self.session, system_actor("测试"))

    async def open(self):
        self.opened = AsyncExitStack()
        crew = self.crew
        self.session = await self.opened.enter_async_context(
            crew.database.open(crew.county.tenant.id)
        )
        grid = crew.county.at("grid")
        reported = [await a_case(self.acting("worker"), grid, category=c) for c in CATEGORIES[:3]]
        self.cases = [one.case_id for one in reported]
        self.known = await self.read()

    async def close(self):
        """What the story left behind; then it is undone."""
        try:
            left = list(map(but_for_its_light, await self.read()))
            assert left == list(map(but_for_its_light, self.known)), "a refusal changed something"
            await self.check_timelines()
            await self.check_counts()
        finally:
            await self.session.rollback()
            await self.opened.aclose()

    async def lights(self):
        self.done["waited"] += 1
        if await tell_lights(self.system):
            self.look(await self.read())

    async def tried(self, ctx, which, code, *, role, number):
        try:
            async with self.session.begin_nested():
                done = await perform(ctx, self.cases[which], code, self.given(code, number))
        except Refusal:
            self.done["refused"] += 1
            return
        self.done["made"] += 1
        action, before = ACTIONS[code], self.known[which]
        self.look(await self.read())
        head = self.known[which].head
        assert before.head.state in action.before
        assert head.state == done.state
        assert head.version == done.version == before.head.version + 1
        assert head.state in self.targets(action, before.head)
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

    async def read(self):
        by_id = {case.head.id: case for case in await situations_locked(self.system, self.cases)}
        return [by_id[case_id] for case_id in self.cases]

    def look(self, cases):
        """Whatever must hold of those that have changed holds."""
        for case, before in zip(cases, self.known, strict=True):
            if case != before:
                self.check(case)
        self.known = cases

    def check(self, case):
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

    async def check_timelines(self):
        steps = select(CaseStep.before, CaseStep.after).order_by(CaseStep.id)
        for case in self.known:
            mine = steps.where(CaseStep.case_id == case.head.id)
            line = (await self.session.execute(mine)).all()
            assert len(line) == case.head.version
            assert [step.before for step in line[1:]] == [step.after for step in line[:-1]]
            assert line[-1].after == case.head.state

    async def check_counts(self):
        by = (Case.node_path, Case.state)
        cases = select(*by, func.count()).group_by(*by)
        counts = (CaseCount.node_path, CaseCount.state, CaseCount.count)
        counted = select(*counts).where(CaseCount.count != 0)
        assert sorted((await self.session.execute(cases)).all()) == sorted(
            (await self.session.execute(counted)).all()
        )
