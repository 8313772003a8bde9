"""Every declared transition is made once; every other one is refused with the present state."""

import pytest
from sqlalchemy import func, select

from factories.cases import Crew
from factories.tenants import a_county
from gridgov.cases.actions.performing import EFFECTS, allowed_actions, perform
from gridgov.cases.models import Case, CaseCount, CaseStep
from gridgov.cases.rules.guards import GUARDS
from gridgov.cases.rules.moves import EVENTS
from gridgov.contract import declarations
from gridgov.contract.declarations import By
from gridgov.kernel.errors import Conflict, NotAllowed, NotFound
from liling.incident import INCIDENT

ACTIONS = {action.code: action for action in INCIDENT.actions if action.before}
PAIRS = [(action.code, before) for action in ACTIONS.values() for before in action.before]
STATES = [state.code for state in INCIDENT.states]
ROLES = {
    By.DESK: "dispatcher",
    By.SENDER: "station_clerk",
    By.DEPARTMENT: "handler",
    By.PLACE: "supervisor",
}

ROLE_TABLE = {
    "county_admin": "",
    "chief": "handle_on_spot note urge",
    "worker": "handle_on_spot note rate reopen",
    "station_clerk": (
        "call_back close explain file handle_here handle_on_spot merge note pass_up "
        "recategorise redo reject restore unmerge urge"
    ),
    "subcentre_clerk": (
        "close dispatch dispatch_more explain file handle_here handle_on_spot merge note "
        "pass_up recategorise redo reject restore take unmerge urge withdraw"
    ),
    "dispatcher": (
        "close dispatch dispatch_more explain file handle_here handle_on_spot merge note "
        "pass_up recategorise redo reject restore take unmerge urge withdraw"
    ),
    "handler": ("accept ask_extension ask_pause attend finish note object return"),
    "supervisor": "note reopen_by_supervisor supervise urge",
    "leader": "note urge",
    "security_admin": "",
    "auditor": "",
}
"""What each role of the county is offered on a case of its place, whatever state that is in."""


@pytest.fixture(scope="module")
async def crew(database, settings):
    return Crew(database, await a_county(database, settings))


def role_for(code):
    return "worker" if code in {"handle_on_spot", "rate", "reopen"} else ROLES[ACTIONS[code].by]


async def in_state(crew, state):
    """A case in the state, come there the usual way."""
    match state:
        case "raised":
            case_id = await crew.brought_to("filed")
            await crew.does("dispatcher", case_id, "pass_up", at=station(crew))
        case "rejected":
            case_id = await crew.brought_to("reported")
            await crew.does("dispatcher", case_id, "reject")
        case "merged":
            main = await crew.brought_to("reported")
            case_id = await crew.brought_to("reported")
            await crew.does("dispatcher", case_id, "merge", {"case": main})
        case _:
            case_id = await crew.brought_to(state)
    return case_id


def station(crew):
    return crew.county.at("village").path


async def ready_for(crew, code, before):
    """A case in which the action can be done: what its guards ask for has happened."""
    prepared = PREPARED.get(code)
    if prepared is not None:
        return await prepared(crew, before)
    return await in_state(crew, before)


async def not_filed(crew, _):
    case_id = await crew.brought_to("reported")
    await crew.does("dispatcher", case_id, "pass_up", at=station(crew))
    return case_id


async def offered(crew, before):
    """Offered to the handler's department; in handling, another one has accepted its part."""
    case_id = await crew.brought_to("filed")
    departments = [crew.county.departments[name] for name in ("urban", "water")]
    await crew.does("dispatcher", case_id, "dispatch", {"departments": departments})
    if before == "handling":
        await crew.does("handler", case_id, "accept", department="water")
    return case_id


async def objected(crew, before):
    case_id = await offered(crew, before)
    await crew.does("handler", case_id, "object")
    return case_id


def asked(code):
    async def prepared(crew, before):
        case_id = await in_state(crew, before)
        await crew.does("handler", case_id, code)
        return case_id

    return prepared


async def paused(crew, before):
    case_id = await asked("ask_pause")(crew, before)
    await crew.does("dispatcher", case_id, "grant_pause")
    return case_id


async def supervised(crew, before):
    case_id = await in_state(crew, before if before not in {"closed", "evaluated"} else "handled")
    await crew.does("supervisor", case_id, "supervise")
    if before in {"closed", "evaluated"}:
        await crew.does("dispatcher", case_id, "close")
    if before == "evaluated":
        await crew.does("worker", case_id, "rate")
    return case_id


async def answered(crew, before):
    if before != "merged":
        return await in_state(crew, before)
    main = await crew.brought_to("filed")
    case_id = await crew.brought_to("reported")
    await crew.does("dispatcher", case_id, "merge", {"case": main})
    for role, code in (
        ("dispatcher", "dispatch"),
        ("handler", "finish"),
        ("dispatcher", "close"),
    ):
        await crew.does(role, main, code)
    return case_id


PREPARED = {
    "call_back_report": not_filed,
    "accept": offered,
    "object": offered,
    "uphold_objection": objected,
    "dismiss_objection": objected,
    "grant_extension": asked("ask_extension"),
    "refuse_extension": asked("ask_extension"),
    "grant_pause": asked("ask_pause"),
    "refuse_pause": asked("ask_pause"),
    "resume": paused,
    "resume_handling": paused,
    "strike_off": supervised,
    "rate": answered,
}

ELSEWHERE = {
    # An effect holds these back: another department is still at it, or the main case counts.
    ("return", "handling"): "filed",
    ("uphold_objection", "dispatched"): "dispatched",
    ("uphold_objection", "handling"): "handling",
    ("rate", "merged"): "merged",
    ("unmerge", "merged"): "reported",
}


async def given_for(crew, code):
    if code == "merge":
        return {"case": await crew.brought_to("reported")}
    if code == "dispatch_more":
        return {"departments": [crew.county.departments["emergency"]]}
    return {}


@pytest.mark.parametrize(("code", "before"), PAIRS)
async def test_every_declared_transition_is_made(crew, code, before):
    case_id = await ready_for(crew, code, before)
    where = {"at": station(crew)} if code == "pass_up" else {}
    given = await given_for(crew, code)

    performed = await crew.does(role_for(code), case_id, code, given, **where)

    expected = ELSEWHERE.get((code, before), ACTIONS[code].to or before)
    async with crew.system() as ctx:
        state = await ctx.session.scalar(select(Case.state).where(Case.id == case_id))
        steps = select(CaseStep.action, CaseStep.before, CaseStep.after).where(
            CaseStep.case_id == case_id
        )
        last = (await ctx.session.execute(steps.order_by(CaseStep.id.desc()))).first()
    assert (performed.state, state) == (expected, expected)
    assert last == (code, before, expected)


@pytest.mark.parametrize("state", STATES)
async def test_every_other_one_is_refused_with_the_present_state(crew, state):
    case_id = await the_one_in(crew, state)
    name = next(s.name for s in INCIDENT.states if s.code == state)

    async with crew.system() as ctx:
        for action in ACTIONS.values():
            if state in action.before:
                continue
            with pytest.raises(Conflict) as refused:
                await perform(ctx, case_id, action.code, {})
            assert str(refused.value) == f"这件事现在是“{name}”，不能{action.name}。"


_cases = {}


async def the_one_in(crew, state):
    """Refusing changes nothing, so one case for each state will do."""
    if state not in _cases:
        _cases[state] = await in_state(crew, state)
    return _cases[state]


@pytest.mark.parametrize("state", STATES)
async def test_whatever_is_offered_can_be_done(crew, state):
    case_id = await the_one_in(crew, state)
    for role in ("worker", "dispatcher", "handler", "supervisor", "leader"):
        async with crew.acting(role) as ctx:
            try:
                bar = {action.code for action in (await allowed_actions(ctx, case_id)).actions}
            except NotFound:
                continue  # a department that never had it does not see it
            for code in bar:
                async with ctx.session.begin_nested() as kept:
                    await perform(ctx, case_id, code, await given_for_bar(crew, code))
                    await kept.rollback()


@pytest.mark.parametrize("role", ROLE_TABLE)
async def test_each_role_is_offered_what_its_duty_is_and_refused_the_rest(crew, role):
    """Over all states. What is not on the bar is refused when it is sent all the same."""
    offered = set()
    for state in STATES:
        case_id = await the_one_in(crew, state)
        async with crew.acting(role) as ctx:
            try:
                bar = {action.code for action in (await allowed_actions(ctx, case_id)).actions}
            except (NotFound, NotAllowed):
                bar = set()
            offered |= bar
            for action in ACTIONS.values():
                if action.code not in bar and state in action.before:
                    given = await given_for_bar(crew, action.code)
                    async with ctx.session.begin_nested() as kept:
                        with pytest.raises((Conflict, NotFound, NotAllowed)):
                            await perform(ctx, case_id, action.code, given)
                        await kept.rollback()
    assert offered == set(ROLE_TABLE[role].split())


def test_the_table_names_every_role(crew):
    assert set(ROLE_TABLE) == {role.code for role in crew.policy.county.roles}


async def given_for_bar(crew, code):
    other = {"merge": {"case": await the_one_in(crew, "dispatched")}}
    more = {"dispatch_more": {"departments": [crew.county.departments["emergency"]]}}
    return {**crew.filled(code), **other.get(code, {}), **more.get(code, {})}


def test_the_engine_knows_every_effect_guard_and_event_of_the_contract():
    assert {*EFFECTS, "report"} == declarations.EFFECTS
    assert set(GUARDS) == declarations.GUARDS
    assert set(EVENTS) == declarations.EFFECTS


async def test_an_unknown_action_is_not_found(crew):
    case_id = await the_one_in(crew, "reported")

    async with crew.acting("dispatcher") as ctx:
        for code in ("fly", "report"):
            with pytest.raises(NotFound):
                await perform(ctx, case_id, code, {})


async def test_the_counters_equal_the_cases(crew):
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
