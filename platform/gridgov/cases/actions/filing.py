"""Filing, refusing, and the way up through the levels."""

from dataclasses import replace

from sqlalchemy import delete as delete_from
from sqlalchemy import insert, select

from gridgov.cases.actions.act import Act, rules_for
from gridgov.cases.models import Case, CaseTerm
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
    """Another category, and with it perhaps another urgency.

    The clocks then run by its rules, from their old start.
    """
    category = act.ctx.policy.at(act.head.node_path).categories[act.given["category"]]
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
    """Each running clock goes on under the new rules.

    One that they do not know stops; one that they begin with what has happened starts from then.
    """
    head = act.head
    rules = rules_for(act.ctx, head.node_path, urgency, head.ruled_at)
    begun, since = ("report", head.opened_at) if head.filed_at is None else ("file", head.filed_at)
    pauses = tuple(act.pauses.values())
    calendar = await act.calendar()
    start = ticking.Starting(since, head.reopened, rules.effective_from, calendar, pauses)
    known = {clock.code: clock for clock in rules.clocks}
    for running in [clock for clock in act.clocks.values() if clock.runs]:
        act.clocks[running.id] = _under(act, running, known.get(running.code), start)
    have = {clock.code for clock in act.clocks.values() if clock.rounds == head.reopened}
    for clock in rules.clocks:
        if clock.code in have or clock.each is Each.ASSIGNMENT or begun not in clock.starts:
            continue
        for bearer in ticking.bearers_of(clock, level=head.level, departments=()):
            running = ticking.started(clock, bearer, start, act.asking.settings)
            act.clocks[running.id] = running


def _under(act: Act, running: Running, rule: Clock | None, start: ticking.Starting) -> Running:
    if rule is None:
        return replace(ticking.noted(running, ticking.RULED, act.now), stopped_at=act.now)
    return ticking.ruled_anew(running, rule, start, act.asking.settings, at=act.now)
