"""Filing, refusing, and the way up through the levels."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete as delete_from
from sqlalchemy import insert, select

from gridgov.cases.actions.act import Act, rules_for
from gridgov.cases.models import Case, CaseStep, CaseTerm
from gridgov.cases.queries.desks import desks_above
from gridgov.cases.rules import clocks as ticking
from gridgov.cases.rules.places import desk_above, desk_below
from gridgov.cases.rules.words import terms_of, words_of
from gridgov.cases.types import Running
from gridgov.contract.declarations import Clock, Each


async def file(act: Act) -> None:
    """Put on file, here or after having been passed up."""
    if act.head.filed_at is None:
        act.changes["filed_at"] = act.now


async def refuse(act: Act) -> None:
    """Not a matter for us: the reporter is told why."""
    act.changes |= {"closed_at": act.now, "answer": act.note}


async def restore(act: Act) -> None:
    """The refusal was wrong: as it was before."""
    act.changes |= {"closed_at": None, "answer": ""}


async def pass_up(act: Act) -> None:
    """To the next desk up, which has to take it."""
    desk = desk_above(await desks_above(act.ctx, act.head.node_path), act.head.desk_path)
    act.changes |= {"desk_path": desk.path, "level": desk.level, "passed_from": act.head.desk_path}
    act.details |= {"from": act.head.level, "to": desk.level}


async def call_back(act: Act) -> None:
    """Back to the desk that passed it up, before anybody took it."""
    desk = desk_below(await desks_above(act.ctx, act.head.node_path), act.head.desk_path)
    act.changes |= {"desk_path": desk.path, "level": desk.level, "passed_from": None}
    act.details |= {"from": act.head.level, "to": desk.level}


async def recategorise(act: Act) -> None:
    """Another category, and with it perhaps another urgency, by the list that the case began with.

    The clocks then run by its rules, from their old start.
    """
    policy, code = act.ctx.policy.at(act.head.node_path), act.given["category"]
    category = policy.listed(code, act.head.opened_at) or policy.categories[code]
    urgency = act.given.get("urgency") or category.urgency or act.head.urgency
    act.details |= {
        "category": [act.head.category, category.code],
        "urgency": [act.head.urgency, urgency],
    }
    act.changes |= {"category": category.code, "urgency": urgency}
    await _rename_terms(act, category.name)
    if urgency != act.head.urgency:
        await _rule_anew(act, urgency)


async def _rename_terms(act: Act, category: str) -> None:
    head, session = act.head, act.ctx.session
    words = words_of(head.title, head.place, category)
    old: str = (await session.scalars(select(Case.words).where(Case.id == head.id))).one()
    act.changes["words"] = words
    gone, new = terms_of(old) - terms_of(words), terms_of(words) - terms_of(old)
    if gone:
        await session.execute(
            delete_from(CaseTerm)
            .where(CaseTerm.id == head.id, CaseTerm.term.in_(gone))
            .execution_options(synchronize_session=False)
        )
    if new:
        await session.execute(
            insert(CaseTerm),
            [{"tenant_id": act.ctx.tenant.id, "term": term, "id": head.id} for term in new],
        )


async def _rule_anew(act: Act, urgency: str) -> None:
    """The case goes on as if the new rules had held all the time, each clock from its old start.

    What runs and they do not know stops; what they would have running by now runs.
    """
    head = act.head
    rules = rules_for(act.ctx, head.node_path, urgency, head.ruled_at)
    pauses = tuple(act.pauses.values())
    calendar = await act.calendar()
    start = ticking.Starting(
        act.now, head.reopened, rules.effective_from, calendar, pauses, head.term
    )
    known = {clock.code: clock for clock in rules.clocks}
    for running in [clock for clock in act.clocks.values() if clock.runs]:
        act.clocks[running.id] = _under(act, running, known.get(running.code), start)
    there = {
        (clock.code, clock.bearer): clock
        for clock in act.clocks.values()
        if clock.rounds == head.reopened
    }
    steps = await _steps(act)
    for clock in rules.clocks:
        since = ticking.running_since(clock, steps)
        if since is None or clock.each is Each.ASSIGNMENT:
            continue
        for bearer in ticking.bearers_of(clock, level=head.level, departments=()):
            kept = there.get((clock.code, bearer))
            if kept is None:
                begun = replace(start, at=since)
                running = ticking.started(clock, bearer, begun, act.asking.settings)
                act.clocks[running.id] = running
            elif not kept.runs:
                act.clocks[kept.id] = _under(act, replace(kept, stopped_at=None), clock, start)


async def _steps(act: Act) -> list[tuple[str, datetime]]:
    """What was done to the case, and when."""
    steps = select(CaseStep.action, CaseStep.at).where(CaseStep.case_id == act.head.id)
    found = await act.ctx.session.execute(steps.order_by(CaseStep.id))
    return [(action, at) for action, at in found]


def _under(act: Act, running: Running, rule: Clock | None, start: ticking.Starting) -> Running:
    if rule is None:
        return replace(ticking.noted(running, ticking.RULED, act.now), stopped_at=act.now)
    return ticking.ruled_anew(running, rule, start, act.asking.settings, at=act.now)
