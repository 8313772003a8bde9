"""Its kinds of cases: each walked to its ends, over and over, by the people that it declares."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from itertools import cycle, islice
from time import perf_counter
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from gridgov.cases.actions.act import asking_of
from gridgov.cases.actions.performing import perform
from gridgov.cases.actions.reporting import Contact
from gridgov.cases.queries.situations import situation_anyway
from gridgov.cases.rules.moves import offers
from gridgov.context import Context
from gridgov.contract.actor import Actor, system_actor
from gridgov.contract.declarations import Action, Binds, CaseKind
from gridgov.contract.services import on_behalf
from gridgov.kernel.db import Database
from gridgov.kernel.errors import Refusal
from gridgov.kernel.ids import new_id
from gridgov.kernel.settings import Settings
from gridgov.services.actions.assisting import Authority, begin_assist
from gridgov.services.actions.importing import bring_to
from gridgov.services.models import ServiceItem
from gridgov.services.types import Item, Way
from gridgov.staff.models import Department
from gridgov.testkit.cases import a_case, filled, leaves
from gridgov.testkit.clock import Clock
from gridgov.testkit.contexts import in_role, open_context
from gridgov.testkit.counties import ACounty

CASES: Final = 200
_LEISURE: Final = 15
_MOST_STEPS: Final = 60
"""Actions that a case may take; after those of leisure it hurries."""
_SELDOM: Final = 5
"""How often something is done for its own sake, though it brings no case nearer to an end."""
_TEST: Final = "测试"
_NOT_AT_HAND: Final = "photos"
"""The kind of field that asks for a thing which is not there."""

Choice = tuple[Actor, Action]


@dataclass
class _Way:
    """Of one case: the states where it has been, and what was tried on the way."""

    been: set[str] = field(default_factory=set[str])
    tried: list[str] = field(default_factory=list[str])

    @property
    def leisurely(self) -> bool:
        """Whether there is time to look around."""
        return len(self.tried) < _LEISURE


@dataclass
class Walked:
    """What came of it: how often each action was done, who refused what, where cases were stuck."""

    kind: CaseKind
    cases: int = 0
    seconds: float = 0.0
    done: Counter[str] = field(default_factory=Counter[str])
    refused: dict[str, Refusal] = field(default_factory=dict[str, Refusal])
    stuck: Counter[str] = field(default_factory=Counter[str])

    @property
    def never_done(self) -> list[str]:
        """Actions that no case came to."""
        return [a.code for a in self.kind.actions if a.before and a.code not in self.done]

    @property
    def in_vain(self) -> dict[str, Refusal]:
        """Actions that were offered and refused whenever they were done."""
        return {code: said for code, said in self.refused.items() if code not in self.done}


class Walk:
    """Cases of one kind in one county, each begun about the next category.

    What was done least goes first, so that in the end everything has been done.
    """

    def __init__(
        self, database: Database, settings: Settings, county: ACounty, kind: CaseKind
    ) -> None:
        self._county = county
        self._clock = Clock()
        self._enter = partial(open_context, database, settings, self._clock, county)
        self._people = list(_people(county))
        self._choice = random.Random(0)  # noqa: S311  (the same walk every time)
        self._ends = {state.code for state in kind.states if state.ends}
        self._far = _far(kind)
        self._batches = {
            one.category: one.code for one in county.policy.county.service_batches if one.category
        }
        self._other: UUID | None = None
        self.found = Walked(kind)

    async def run(self, cases: int = CASES) -> Walked:
        """Bring that many to an end."""
        began = perf_counter()
        categories = self._categories()
        self._other = await self._begun(categories[0])
        for category in islice(cycle(categories), cases):
            await self._to_an_end(await self._begun(category))
            self.found.cases += 1
        self.found.seconds = perf_counter() - began
        return self.found

    def _categories(self) -> list[str]:
        """Those of the kind; where none is its own, all that belong to no other."""
        found = leaves(self._county.policy)
        own = [one.code for one in found if one.kind == self.found.kind.code]
        return own or [one.code for one in found if not one.kind]

    async def _begun(self, category: str) -> UUID:
        kind = self.found.kind
        opening = next(action for action in kind.actions if not action.before)
        base = next(level.code for level in self._county.policy.county.levels if level.base)
        reporter = next(person for person in self._people if person.may(opening.right))
        async with self._enter(as_=reporter) as ctx:
            node = self._county.at(base)
            if batch := self._batches.get(category):
                return await _assisted(ctx, node.id, batch)
            return (await a_case(ctx, node, kind=kind.code, category=category)).case_id

    async def _to_an_end(self, case_id: UUID) -> None:
        """On from state to state; from an end only for what was seldom done."""
        state, way = self.found.kind.first, _Way()
        for _ in range(_MOST_STEPS):
            way.been.add(state)
            choices = await self._offered(case_id)
            if state in self._ends:
                choices = [one for one in choices if self.found.done[one[1].code] < _SELDOM]
                choices = [one for one in choices if one[1].code not in way.tried]
                if not choices:
                    return
            if not choices:
                break
            actor, action = min(choices, key=partial(self._rank, way))
            way.tried.append(action.code)
            state = await self._moved(case_id, actor, action) or state
        self.found.stuck[state] += 1

    async def _offered(self, case_id: UUID) -> list[Choice]:
        """What anybody may do now, but what asks for a thing that is not at hand."""
        async with self._enter(as_=system_actor("gridgov")) as ctx:
            case = await situation_anyway(ctx, case_id)
            return [
                (person, action)
                for person in self._people
                for action in offers(asking_of(replace(ctx, actor=person), case))
                if not any(one.required and one.kind == _NOT_AT_HAND for one in action.fields)
            ]

    def _rank(self, way: _Way, choice: Choice) -> tuple[int, int, float]:
        """New states and what was seldom done go first; then, whatever leads nearer to an end."""
        action, random_one = choice[1], self._choice.random()
        done = self.found.done[action.code]
        new = action.to not in {"", *way.been} or done < _SELDOM
        if new and way.leisurely:
            return 0, done, random_one
        return 1, self._far.get(action.to, _MOST_STEPS), random_one

    async def _moved(self, case_id: UUID, actor: Actor, action: Action) -> str:
        """Where the case is then; nothing if the action was refused after all."""
        self._clock.turn(minutes=1)
        try:
            async with self._enter(as_=actor) as ctx:
                made = await perform(ctx, case_id, action.code, self._filled(action))
        except Refusal as refusal:
            self.found.refused[action.code] = refusal
            return ""
        self.found.done[action.code] += 1
        return made.state

    def _filled(self, action: Action) -> dict[str, Any]:
        """Something plausible, any one department, and the case that stays open for others."""
        any_one = self._choice.choice(list(self._county.departments.values()))
        known: dict[str, Any] = {"departments": [any_one], "case": self._other}
        named = {one.code: known[one.kind] for one in action.fields if one.kind in known}
        return filled(self._county, action, named)


async def _assisted(ctx: Context, node_id: UUID, batch: str) -> UUID:
    """An item of that batch, done on a word that outlasts the walk: its actions ask for one."""
    department = (
        await ctx.session.scalars(select(Department.code).order_by(Department.code).limit(1))
    ).one()
    flags = frozenset({on_behalf(ctx.policy.county.service_flags)})
    item = Item(code=f"W-{batch}", name=batch, batch=batch, department=department, flags=flags)
    await bring_to(ctx, [item])
    item_id = (
        await ctx.session.scalars(select(ServiceItem.id).where(ServiceItem.code == item.code))
    ).one()
    word = Authority(
        way=Way.ORAL, purpose=_TEST, witness=_TEST, valid_until=ctx.today + timedelta(days=300)
    )
    resident = Contact(name=_TEST, phone="19900000000")
    begun = await begin_assist(ctx, item_id, node_id=node_id, resident=resident, authority=word)
    return begun.case_id


def _people(county: ACounty) -> Iterator[Actor]:
    """Two people with each role, for one may not verify their own work; in each department."""
    for code, role in county.policy.roles.items():
        places = county.departments if role.binds is Binds.DEPARTMENT else ("",)
        for place in places:
            yield in_role(county, code, department=place)
            yield in_role(county, code, department=place, account=new_id())


def _far(kind: CaseKind) -> dict[str, int]:
    """How many actions at least lie between each state and an end."""
    far = {state.code: 0 for state in kind.states if state.ends}
    for _ in kind.states:
        for action in kind.actions:
            for state in action.before if action.to in far else ():
                far[state] = min(far.get(state, len(kind.states)), far[action.to] + 1)
    return far
