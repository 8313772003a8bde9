"""A county with something of every kind in it, made by the real actions, for tests that walk.

``stock.things`` names what the pages' addresses can be filled with. ``mark`` is written into the
free text of everything, so that a walk can see whose words an answer holds.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
from litestar import Litestar
from sqlalchemy import insert, select, update

from factories.assessed import fill_assessment
from factories.cases import USUAL_WAY, Crew
from factories.growing import grow_rooms
from factories.services import fill_services
from factories.tenants import DEPARTMENTS, a_county
from factories.uploads import a_photo, a_sheet
from gridgov.access.actions.resetting import ask_reset, decide_reset
from gridgov.access.models import Binding
from gridgov.accounts.models import Account, SignIn
from gridgov.calendar.actions import close_day, reopen_day, tell_of_loads
from gridgov.calendar.lookup import calendar_for
from gridgov.cases.actions.circulars import issue_circular
from gridgov.cases.actions.reporting import Contact, Reported, report_case
from gridgov.cases.models import CaseReporter, CaseRequest
from gridgov.cases.types import About
from gridgov.context import Context
from gridgov.contract.actor import NOBODY, Actor, Scope
from gridgov.contract.declarations import Binds, Origin
from gridgov.contract.lists import ROUNDS
from gridgov.fieldwork.actions.answering import answer_line
from gridgov.fieldwork.actions.campaigning import (
    Planned,
    close_campaign,
    look_at_target,
    make_campaign,
)
from gridgov.fieldwork.actions.writing import Writing, begin_line, end_line, write_line
from gridgov.fieldwork.models import CampaignTarget
from gridgov.fieldwork.queries.campaigns import targets
from gridgov.fieldwork.types import LINE, TARGET, TargetState
from gridgov.files.actions import accept_photo
from gridgov.grid.actions.redividing import redivide
from gridgov.grid.types import Merge, Rename
from gridgov.handover.actions.handovers import open_handover
from gridgov.handover.actions.turnovers import confirm_turnover, read_sheet
from gridgov.handover.types import Kind
from gridgov.kernel.clock import now as this_moment
from gridgov.kernel.ids import new_id
from gridgov.kernel.outbox import OutboxDelivery, OutboxEvent
from gridgov.kernel.schedules import Schedule
from gridgov.notices.actions import notify
from gridgov.notices.models import Notice
from gridgov.onboarding.types import BindingRow, StaffRow
from gridgov.organisations.actions.consulting import consult
from gridgov.organisations.actions.meetings import call_meeting, raise_item
from gridgov.organisations.actions.teams import (
    add_resident,
    add_unnamed,
    form_team,
    keep_activity,
)
from gridgov.organisations.queries.meetings import items_of
from gridgov.organisations.queries.teams import members_of
from gridgov.organisations.types import ITEM
from gridgov.policy import Policies
from gridgov.portal.actions import seal
from gridgov.portal.types import Receipt, Ticket
from gridgov.registry.actions import Count, add_building
from gridgov.rulebook.actions.lists import change_lists
from gridgov.rulebook.actions.settings import change_settings
from gridgov.rulebook.models import HookFault
from gridgov.rulebook.queries.settings import newest_change
from gridgov.staff.actions import appoint_post
from gridgov.staff.models import PostHolding, Responsibility, StaffMember
from gridgov.staffing.actions import end_piece, issue_piece, strike_off
from gridgov.staffing.queries.kit import pieces_of
from gridgov.staffing.types import KitState
from gridgov.standards.actions import claim_items, decide_items, note_missing
from gridgov.standards.queries import marks_of
from gridgov.standards.rules import standard_of
from gridgov.standards.types import CASE_ABOUT, Mark
from gridgov.stations.actions.duty import plan_week, save_seat
from gridgov.stations.actions.numbers import call_next, post_notice, serve_number, take_number
from gridgov.stations.actions.places import save_station
from gridgov.stations.actions.screens import open_screen
from gridgov.stations.queries.halls import notices_of, numbers_of, screens_of
from gridgov.suggestions.actions import answer_suggestion, suggest
from gridgov.tenants.rulebooks import Rulebooks
from gridgov.tenants.workplace import Workplaces
from gridgov.testkit.counties import ACounty, Node, Person, installed_policies
from gridgov.testkit.signing_in import a_browser, sign_in
from gridgov.web.models import Operation
from gridgov.yearly.actions import tick_duty

RICH = "rich"
NARROW = "narrow"
EXTRA = ("spare", "closing", "reopening", "forgetful", "forgotten")
"""People for what can be done to an account once."""

CUTS: dict[str, dict[str, tuple[str, ...]]] = {
    "by_category": {"categories": ("water",)},
    "by_department": {"departments": ("water",)},
}
"""People with every role that has a place, everywhere, but narrowed to one matter or office."""

PLANNED = date.today() + timedelta(days=60)  # noqa: DTZ011
"""A day on which every stocked county changes a setting."""


@dataclass
class Stock:
    """The county, what is in it by name, and the words of its people."""

    app: Litestar
    county: ACounty
    mark: str
    things: dict[str, Any] = field(default_factory=dict)
    cases: dict[str, UUID] = field(default_factory=dict)
    policies: Policies = field(default_factory=installed_policies)

    @property
    def slug(self) -> str:
        return self.county.tenant.slug

    @property
    def rich(self) -> Person:
        """Somebody with every role of the county, everywhere in it."""
        return self.county.accounts[RICH]

    def words(self, about: str) -> str:
        """A text that shows whose it is and where it was written."""
        return f"{self.mark}{about}"

    def actor(self, person: Person | None = None) -> Actor:
        """The person with every right everywhere, whatever their bindings say."""
        who = person or self.rich
        rights = {
            str(right)
            for role in self.policy.county.roles
            for right in self.policy.roles[role.code].rights
        } | {"audit.read", "desk.administer"}
        everywhere = (Scope(""),)
        return Actor(
            who.account_id,
            who.staff_id,
            self.words("actor"),
            self.words("title"),
            rights=dict.fromkeys(rights, everywhere),
        )

    @property
    def policy(self):
        return self.policies.of(self.county.tenant.plugins)

    @asynccontextmanager
    async def acting(self, actor: Actor | None = None) -> AsyncIterator[Context]:
        """One transaction with the county's own keys, as the web process has them."""
        settings = self.app.state.settings
        places = Workplaces(
            self.app.state.database,
            Rulebooks(self.policies),
            settings.secret,
            self.app.state.opener._doorkeeper._together,  # noqa: SLF001
            settings.files,
        )
        (record,) = await places.records(slug=self.slug)
        async with places.of(record).transaction("测试") as ctx:
            yield replace(ctx, actor=actor or self.actor())

    def crew(self) -> "Staffed":
        """The county's people at work on cases."""
        return Staffed(self.app.state.database, self.county, this_moment(), stock=self)

    @property
    def narrow(self) -> Person:
        """Somebody with every role that has a place, in the second town and nowhere else."""
        return self.county.accounts[NARROW]

    @asynccontextmanager
    async def browsing(self, who: str | Person | None = None) -> AsyncIterator[httpx.AsyncClient]:
        """A signed-in browser; the rich one's unless somebody is named."""
        async with a_browser(self.app) as browser:
            await sign_in(browser, self.county, who or self.rich)
            yield browser

    @property
    def ids(self) -> set[str]:
        """Every id of the county that addresses can hold."""
        own = {str(thing) for thing in self.things.values() if isinstance(thing, UUID)}
        nodes = {str(node.id) for node in self.county.nodes.values()}
        return own | nodes | {str(case) for case in self.cases.values()}


@dataclass
class Staffed(Crew):
    """A crew whose contexts have the county's own keys and files."""

    stock: Stock | None = None

    @asynccontextmanager
    async def as_actor(self, actor: Actor, *, now: Any = None) -> AsyncIterator[Context]:
        assert self.stock is not None
        async with self.stock.acting(actor) as ctx:
            yield replace(ctx, now=now or self.now)

    async def report(self, role: str = "worker", node: Node | None = None, **what: Any) -> Reported:
        """A new case: by a worker in the first grid, or by the rich one wherever it is told."""
        if node is None:
            return await super().report(role, **what)
        assert self.stock is not None
        async with self.as_actor(self.stock.actor()) as ctx:
            return await report_case(ctx, category="E0102", lon=node.lon, lat=node.lat, **what)

    async def to_the_top(self, node: Node) -> UUID:
        """A case that waits for a department at the desk of the county itself."""
        case_id = (await self.report(node=node)).case_id
        for _ in range(2):
            await self.does("dispatcher", case_id, "pass_up")
            await self.does("dispatcher", case_id, "take")
        return case_id


async def a_stocked_county(
    app: Litestar, mark: str, *, plugin: str = "liling", policies: Policies | None = None
) -> Stock:
    """The usual small county with something of every kind."""
    policies = policies or installed_policies()
    roles = policies.of((plugin,)).county.roles
    also = [
        StaffRow(
            number="R1",
            name=f"{mark}rich",
            login=RICH,
            phone=phone_of(mark),
            synthetic=True,
        ),
        StaffRow(number="N1", name=f"{mark}narrow", login=NARROW, synthetic=True),
        *(
            StaffRow(number=f"X{n}", name=f"{mark}{login}", login=login, synthetic=True)
            for n, login in enumerate(EXTRA)
        ),
        *(
            StaffRow(number=f"C{n}", name=f"{mark}{login}", login=login, synthetic=True)
            for n, login in enumerate(CUTS)
        ),
    ]
    bound = [
        BindingRow(
            staff="R1",
            role=role.code,
            node="{code}",
            departments=DEPARTMENTS if role.binds is Binds.DEPARTMENT else (),
        )
        for role in roles
    ]
    bound += [BindingRow(staff=f"X{n}", role="worker", node="{code}") for n in range(len(EXTRA))]
    bound += [
        BindingRow(staff="N1", role=role.code, node="{code}102", departments=("water",))
        for role in roles
        if role.binds is not Binds.TENANT
    ]
    bound += [
        BindingRow(
            staff=f"C{n}",
            role=role.code,
            node="{code}",
            **({"departments": DEPARTMENTS} if role.binds is Binds.DEPARTMENT else {}) | cut,
        )
        for n, cut in enumerate(CUTS.values())
        for role in roles
        if role.binds is not Binds.TENANT
    ]
    county = await a_county(
        app.state.database,
        app.state.settings,
        plugins=(plugin,),
        policies=policies,
        also=also,
        bound=bound,
    )
    named = {person.login: person for person in county.accounts.values()}
    county.accounts.update({login: named[login] for login in (RICH, NARROW, *EXTRA, *CUTS)})
    stock = Stock(app, county, mark, policies=policies)
    await fill_tree(stock)
    await fill_people(stock)
    await fill_cases(stock)
    await fill_fieldwork(stock)
    await fill_services(stock)
    await fill_organisations(stock)
    await fill_handovers(stock)
    await grow(stock)
    await fill_stations(stock)
    await fill_assessment(stock)
    await fill_machinery(stock)
    return stock


def phone_of(mark: str) -> str:
    """A number that belongs to nobody but this county."""
    return f"199{int.from_bytes(mark.encode()[-4:], 'big') % 10**8:08}"


async def fill_tree(stock: Stock) -> None:
    """Nodes to open, to change, and that were changed; a closed day."""
    at = stock.county.at
    today = date.today()  # noqa: DTZ011  (only apart from the year before)
    async with stock.acting() as ctx:
        document = stock.words("document")
        await redivide(
            ctx,
            Rename(node_id=at("grid", 1).id, name=stock.words("renamed")),
            effective_on=today,
            document=document,
        )
        await redivide(
            ctx,
            Merge(node_ids=(at("grid", 6).id, at("grid", 7).id), name=stock.words("merged")),
            effective_on=today,
            document=document,
        )
        planned = await redivide(
            ctx,
            Rename(node_id=at("grid", 1).id, name=stock.words("planned")),
            effective_on=today + timedelta(days=90),
            document=document,
        )
        await ctx.session.execute(
            insert(Responsibility).values(
                tenant_id=ctx.tenant.id, category="E0102",
                department_id=stock.county.departments["urban"], valid_from=today,
            )
        )  # fmt: skip
    stock.things |= {
        "node": at("village").id,
        "leaf": at("grid").id,
        "to_split": at("grid", 4).id,
        "to_merge": at("grid", 2).id,
        "to_merge_with": at("grid", 3).id,
        "to_rename": at("village", 1).id,
        "to_move": at("grid", 5).id,
        "to_move_to": at("village", 3).id,
        "second_leaf": at("grid", 1).id,
        "change": planned.change_id,
    }


async def fill_people(stock: Stock) -> None:
    """People to admit and to dismiss, roles to end, a second browser."""
    people = {person.login: person for person in stock.county.accounts.values()}
    stock.things |= {
        "staff": people["worker"].staff_id,
        "account": people["worker"].account_id,
        "newcomer": await somebody_new(stock),
        "to_close": people["closing"].staff_id,
        "to_reopen": people["reopening"].staff_id,
        "reset_for": people["forgetful"].staff_id,
        "spare": people["spare"].staff_id,
    }
    holding = new_id()
    async with stock.acting() as ctx:
        await ctx.session.execute(
            update(Account)
            .where(Account.id == people["reopening"].account_id)
            .values(disabled_at=ctx.now)
        )
        await ctx.session.execute(
            insert(PostHolding).values(
                tenant_id=ctx.tenant.id, id=holding, staff_id=people["spare"].staff_id,
                node_id=stock.county.at("grid").id, post="worker", valid_from=date(2026, 1, 1),
            )
        )  # fmt: skip
        stock.things["binding"] = await ctx.session.scalar(
            select(Binding.id).where(Binding.account_id == people["spare"].account_id)
        )
    stock.things["holding"] = holding
    async with stock.browsing():
        pass
    async with stock.app.state.database.shared() as session:
        stock.things["device"] = await session.scalar(
            select(SignIn.id).where(SignIn.account_id == stock.rich.account_id)
        )
    async with stock.acting(stock.actor(people["supervisor"])) as ctx:
        asked = await ask_reset(ctx, people["forgotten"].staff_id, reason=stock.words("reason"))
    stock.things["to_decide"] = asked
    async with stock.acting() as ctx:
        issued = await ask_reset(ctx, people["spare"].staff_id, reason=stock.words("reason"))
    async with stock.acting(stock.actor(people["supervisor"])) as ctx:
        await decide_reset(ctx, issued, approve=True, note=stock.words("note"))
    stock.things["to_issue"] = issued


async def somebody_new(stock: Stock) -> UUID:
    """Somebody of the staff list without an account."""
    staff_id = new_id()
    async with stock.acting() as ctx:
        await ctx.session.execute(
            insert(StaffMember).values(
                tenant_id=ctx.tenant.id, id=staff_id, number=f"N{staff_id.hex[-8:]}",
                name=stock.words("newcomer"), employment="official", synthetic=True,
            )
        )  # fmt: skip
    return staff_id


async def fill_cases(stock: Stock) -> None:
    """Cases in the usual states, with photos and reporters, and what can be asked about them."""
    crew = stock.crew()
    for state in ("reported", "filed", "dispatched", "handling", "handled", "closed", "evaluated"):
        stock.cases[state] = await crew.brought_to(
            state, title=stock.words("title"), description=stock.words("description")
        )
    stock.cases["mine"] = await crew.brought_to("reported", node=stock.county.at("grid"))
    stock.cases["top"] = await crew.to_the_top(stock.county.at("grid"))
    wet = stock.cases["wet"] = (
        await crew.report(category="water", title=stock.words("wet"))
    ).case_id
    await crew.does("dispatcher", wet, "file")
    water = {"departments": [stock.county.departments["water"]]}
    await crew.does("dispatcher", wet, "dispatch", water)
    told = await by_resident(stock, photo=True)
    twin = await by_resident(stock)
    merged = await by_resident(stock)
    answered = await by_resident(stock)
    for _, role, code in USUAL_WAY[:-1]:
        await crew.does(role, answered.case_id, code)
    await crew.does("dispatcher", merged.case_id, "merge", {"case": twin.case_id})
    handling = stock.cases["handling"]
    await crew.does("handler", handling, "ask_extension", {"reason": stock.words("reason")})
    await crew.does("handler", handling, "ask_pause", {"reason": stock.words("reason")})
    paused = await crew.brought_to("handling")
    await crew.does("handler", paused, "ask_pause")
    await crew.does("dispatcher", paused, "grant_pause")
    await crew.does("supervisor", handling, "supervise", {"reason": stock.words("reason")})
    bounced = await crew.brought_to("handling")
    await crew.does("handler", bounced, "return", {"reason": stock.words("reason")})
    stock.cases |= {
        "told": told.case_id, "twin": twin.case_id, "merged": merged.case_id, "paused": paused,
        "bounced": bounced,
    }  # fmt: skip
    async with stock.acting() as ctx:
        stock.things["reporter"] = told.reporter_id
        stock.things["request"] = await ctx.session.scalar(
            select(CaseRequest.id).where(CaseRequest.case_id == handling)
        )
        stock.things["receipt"] = seal(ctx, Receipt(told.code, "123456"))
        soon = ctx.now + timedelta(hours=1)
        stock.things["ticket"] = seal(ctx, Ticket(answered.case_id, answered.reporter_id, soon))
    stock.things |= {"case": told.case_id, "other": twin.case_id, "code": told.code}


async def by_resident(stock: Stock, *, photo: bool = False) -> Reported:
    """A report from outside, with name, phone and address."""
    async with stock.acting(NOBODY) as ctx:
        photos = [(await accept_photo(ctx, a_photo((64, 48)))).id] if photo else []
        contact = Contact(
            name=stock.words("person"), phone=phone_of(stock.mark), address=stock.words("home")
        )
        reported = await report_case(
            ctx,
            category="E0102",
            description=stock.words("description"),
            place=stock.words("place"),
            node_id=stock.county.at("grid").id,
            origin=Origin.RESIDENT,
            contact=contact,
            photos=photos,
        )
        if photos:
            stock.things["file"] = photos[0]
        return reported


async def fill_fieldwork(stock: Stock) -> None:
    """A building, lines of ledgers, a campaign with a target, and cases that arose from them."""
    grid = stock.county.at("grid")
    async with stock.acting() as ctx:
        stock.things["building"] = await add_building(
            ctx, grid.id, name=stock.words("building"),
            count=Count(use="shop", source=stock.words("source")),
        )  # fmt: skip
        stock.things["to_remove"] = await add_building(
            ctx, grid.id, name=stock.words("old"), count=Count(use="home", dwellings=4)
        )
        running = await begin_line(ctx, "patrol", Writing(node_id=grid.id))
        await end_line(ctx, running, {"found": "problem", "seen": stock.words("seen")})
        visit = Writing(
            node_id=grid.id, words={"mode": "door", "need": stock.words("person")},
            building_id=stock.things["building"],
        )  # fmt: skip
        stock.things["home_visit"] = await write_line(ctx, "visit", visit)
        opinion = Writing(node_id=grid.id, words={"topic": "living", "words": stock.words("said")})
        stock.things["opinion"] = await write_line(ctx, "opinion", opinion)
        diary = Writing(node_id=grid.id, words={"words": stock.words("diary")})
        stock.things["diary"] = await write_line(ctx, "diary", diary)
        leaflets = Writing(node_id=grid.id, item="leaflet", count=30)
        await write_line(ctx, "hand_out", leaflets)
        campaign = Planned(
            kind="shops", name=stock.words("campaign"), document=stock.words("document"),
            node_id=grid.id, first_on=ctx.today, last_on=ctx.today, checks=stock.words("check"),
        )  # fmt: skip
        stock.things["campaign"] = await make_campaign(ctx, campaign)
        stock.things["to_close_campaign"] = await make_campaign(ctx, campaign)
        (target,) = await targets(ctx, stock.things["campaign"])
        stock.things["target"] = target.id
        await look_at_target(
            ctx, target.id, TargetState.HAZARD, failed=[0], note=stock.words("note")
        )
        await report_case(ctx, category="E0102", node_id=grid.id, about=About(TARGET, target.id))
        await report_case(ctx, category="E0102", node_id=grid.id, about=About(LINE, running))
    stock.things["line"] = running
    async with stock.acting(stock.actor(stock.county.accounts["worker"])) as ctx:
        stock.things["to_answer"] = await write_line(ctx, "opinion", opinion)
    async with stock.acting() as ctx:
        stock.things["to_end"] = await begin_line(ctx, "patrol", Writing(node_id=grid.id))
        await answer_line(ctx, stock.things["opinion"], answer=stock.words("answer"), link="/x")
        await close_campaign(ctx, stock.things["to_close_campaign"], summary=stock.words("summary"))


async def fill_organisations(stock: Stock) -> None:
    """Kit that was handed out, a team with members and what it did, a meeting, a consultation."""
    grid, village = stock.county.at("grid"), stock.county.at("village")
    worker = stock.county.accounts["worker"].staff_id
    async with stock.acting() as ctx:
        await issue_piece(
            ctx, "phone", grid.id, staff_id=worker, mark=stock.words("mark"), on=ctx.today
        )
        await issue_piece(
            ctx, "car", grid.id, staff_id=None, mark=stock.words("plate"), on=ctx.today
        )
        (piece,) = await pieces_of(ctx, worker)
        for item in ("card", "uniform"):
            await issue_piece(ctx, item, grid.id, staff_id=worker, mark="", on=ctx.today)
        gone = [one.id for one in await pieces_of(ctx, worker) if one.id != piece.id]
        for lost in gone:
            await end_piece(ctx, lost, KitState.MISSING, on=ctx.today, note=stock.words("lost"))
        await strike_off(ctx, gone[1], reason=stock.words("why"))
        team = await form_team(ctx, "volunteers", grid.id, on=ctx.today, name=stock.words("team"))
        await add_unnamed(ctx, team, role=stock.words("role"), count=4)
        await add_resident(
            ctx, team, role=stock.words("role"), name=stock.words("person"),
            phone=phone_of(stock.mark), consent_on=ctx.today,
        )  # fmt: skip
        await add_resident(
            ctx, team, role="x", name=stock.words("person"), phone="", consent_on=ctx.today
        )
        members = [one.id for one in await members_of(ctx, team) if one.sealed]
        to_end = await form_team(ctx, "elders", grid.id, on=ctx.today)
        activity = await keep_activity(
            ctx, grid.id, on=ctx.today, what=stock.words("what"), took_part=9,
            place=stock.words("place"), team_id=team,
        )  # fmt: skip
        meeting = await call_meeting(ctx, "weekly", village.id, at=ctx.now)
        await raise_item(ctx, meeting, title=stock.words("item"))
        await raise_item(ctx, meeting, title=stock.words("item"))
        item, to_drop = [one.id for one in await items_of(ctx, meeting) if one.case_id is None]
        await report_case(ctx, category="E0102", node_id=grid.id, about=About(ITEM, item))
        await consult(
            ctx, stock.cases["bounced"], at=ctx.now, place=stock.words("place"),
            departments=[stock.county.departments["urban"]],
            conclusion=stock.words("conclusion"), next_step=stock.words("next"),
        )  # fmt: skip
    stock.things |= {
        "piece": piece.id, "missing_piece": gone[0],
        "team": team, "member": members[0], "to_leave": members[1],
        "team_to_end": to_end, "activity": activity, "meeting": meeting, "matter": to_drop,
    }  # fmt: skip


async def fill_handovers(stock: Stock) -> None:
    """A post that is being handed over, another to hand over, and sheets in every state."""
    people = stock.county.accounts
    async with stock.acting() as ctx:
        first, other, signed, absent = [
            await appoint_post(
                ctx,
                people["spare"].staff_id,
                node_id=stock.county.at("grid", place).id,
                post="patroller",
                valid_from=date(2026, 1, 1),
            )
            for place in (0, 1, 2, 3)
        ]
        for name, holding, number in (
            ("to_sign", signed, stock.rich.number),
            ("to_sign_for", absent, people["supervisor"].number),
        ):
            stock.things[name] = await open_handover(
                ctx, holding, successor=number, kind=Kind.TRANSFER, on=ctx.today,
                note=stock.words("note"),
            )  # fmt: skip
        stock.things["handover"] = await open_handover(
            ctx, first, successor=stock.rich.number, kind=Kind.TRANSFER, on=ctx.today,
            note=stock.words("note"),
        )  # fmt: skip
        stock.things["to_hand_over"] = other
    grid = stock.county.at("grid", 5).code
    post = stock.policy.posts["mediator"].name
    for name, days in (("turnover", 9), ("draft", 9), ("to_withdraw", 9), ("applied", 0)):
        async with stock.acting() as ctx:
            stock.things[name], _ = await read_sheet(
                ctx, a_sheet((grid, post, "", people[EXTRA[days % 5]].number)),
                on=ctx.today + timedelta(days=days), document=stock.words("document"),
            )  # fmt: skip
    async with stock.acting() as ctx:
        await confirm_turnover(ctx, stock.things["turnover"])
        await confirm_turnover(ctx, stock.things["applied"])


async def grow(stock: Stock) -> None:
    """One more of everything that a list shows."""
    people = stock.county.accounts
    async with stock.acting(stock.actor(people["worker"])) as ctx:
        first = await suggest(ctx, text=stock.words("text"), page=stock.words("page"))
        stock.things["suggestion"] = await suggest(
            ctx, text=stock.words("text"), page=stock.words("page")
        )
    async with stock.acting() as ctx:
        await answer_suggestion(ctx, first, answer=stock.words("answer"), link="/x")
        for _ in range(2):
            await notify(
                ctx,
                [stock.rich.account_id],
                about=f"{stock.mark}{new_id()}",
                text=stock.words("notice"),
                link=f"/{stock.slug}/suggestions?{stock.words('link')}",
            )
    async with stock.acting() as ctx:
        calendar = await calendar_for(ctx)
        day = ctx.now.date()
        while not calendar.is_working(day) or day in calendar.closures:
            day += timedelta(days=1)
        words = {"reason": stock.words("reason"), "document": stock.words("document")}
        opened_again = await close_day(ctx, day, **words)
        await reopen_day(ctx, opened_again, document=stock.words("document"))
        stock.things["closure"] = await close_day(ctx, day, **words)
        changed = {"text": stock.words(f"text{new_id().hex[-6:]}")}
        stock.things["list_version"] = await change_lists(
            ctx, {ROUNDS: {"public_1": changed}}, effective_from=PLANNED,
            document=stock.words("document"), reason=stock.words("reason"),
        )  # fmt: skip
        stock.things["list_seen"] = str(stock.things["list_version"])
        await change_settings(
            ctx, {"merge_metres": 150}, effective_from=PLANNED, reason=stock.words("reason")
        )
    grid, again = stock.county.at("grid"), str(new_id())[-6:]
    async with stock.acting(stock.actor(people["worker"])) as ctx:
        words = {"found": "fine", "seen": stock.words("seen")}
        await end_line(ctx, await begin_line(ctx, "patrol", Writing(node_id=grid.id)), words)
    async with stock.acting() as ctx:
        await add_building(
            ctx, grid.id, name=stock.words(again), count=Count(use="home", dwellings=2)
        )
        campaign = Planned(
            kind="shops", name=stock.words("campaign"), document=stock.words("document"),
            node_id=grid.id, first_on=ctx.today, last_on=ctx.today, checks=stock.words("check"),
        )  # fmt: skip
        await make_campaign(ctx, campaign)
        if seen := stock.things.get("campaign"):
            await ctx.session.execute(
                insert(CampaignTarget).values(
                    tenant_id=ctx.tenant.id, campaign_id=seen, node_id=grid.id,
                    node_path=grid.path, name=stock.words("target"), state="todo", failed=[],
                )
            )  # fmt: skip
    async with stock.acting() as ctx:
        stock.things["settings_seen"] = await newest_change(ctx)
        stock.things["notice"] = await ctx.session.scalar(
            select(Notice.id)
            .where(Notice.account_id == stock.rich.account_id)
            .order_by(Notice.id.desc())
            .limit(1)
        )


async def fill_stations(stock: Stock) -> None:
    """What a station has of the standard: shown, confirmed, sent back."""
    village = stock.county.at("village")
    standard = standard_of(stock.county.policy.county, "")
    async with stock.acting(stock.actor(stock.county.accounts["station_clerk"])) as ctx:
        await claim_items(ctx, standard, village.id, ["office"], note=stock.words("note"))
        shown = ["team", "video", "equipment"]
        await claim_items(ctx, standard, village.id, shown, note=stock.words("note"))
    async with stock.acting() as ctx:
        marks = await marks_of(ctx, standard, village.id)
        await decide_items(ctx, standard, [ids_of(marks, "team")], confirm=True)
        await decide_items(
            ctx, standard, [ids_of(marks, "video")], confirm=False, reason=stock.words("reason")
        )
        about = About(CASE_ABOUT, await note_missing(ctx, standard, village.id, "screen"))
        await report_case(ctx, category="station_lack", node_id=village.id, about=about)
    stock.things |= {"mark": ids_of(marks, "office"), "shown": ids_of(marks, "equipment")}
    await fill_hall(stock)


async def fill_hall(stock: Stock) -> None:
    """The office of a station; the hall of the centre with duty, numbers and a notice."""
    village, root = stock.county.at("village"), stock.county.at("county")
    async with stock.acting() as ctx:
        await save_station(
            ctx, village.id, address=stock.words("address"), phone="0731-23230001",
            hours="08:30-12:00 14:30-17:30", rest_hours="",
        )  # fmt: skip
        await ctx.session.execute(
            update(StaffMember)
            .where(StaffMember.id == stock.things["spare"])
            .values(department_id=stock.county.departments["urban"])
        )
        await save_seat(ctx, root.id, "urban", phone="0731-23230002", place=stock.words("place"))
        night = {(ctx.today, "night"): stock.things["spare"]}
        await plan_week(ctx, root.id, "urban", day=ctx.today, chosen=night)
        for _ in range(3):
            await take_number(ctx, root.id, "window")
        await call_next(ctx, root.id, "window", window=stock.words("w")[:10])
        await post_notice(
            ctx, root.id, text=stock.words("text"), until=ctx.today + timedelta(days=9)
        )
        await open_screen(ctx, root.id, name=stock.words("s")[:20])
        (screen,) = await screens_of(ctx, root.id)
        called, *_ = await numbers_of(ctx, root.id)
        (posted,) = await notices_of(ctx, root.id)
        await serve_number(ctx, root.id, called.id, stock.cases["filed"])
        await call_next(ctx, root.id, "window", window=stock.words("w")[:10])
        called = next(one for one in await numbers_of(ctx, root.id) if one.number == 2)
    stock.things |= {"hall": root.id, "number": called.id, "hall_notice": posted.id}
    stock.things |= {"screen": screen.id, "wall": screen.token}


def ids_of(marks: dict[str, Mark], item: str) -> UUID:
    """The id of an item that something was said of."""
    found = marks[item].id
    assert found is not None
    return found


async def fill_machinery(stock: Stock) -> None:
    """What the relay and the schedules keep."""
    async with stock.acting() as ctx:
        await tell_of_loads(ctx)
        event_id = await ctx.session.scalar(select(OutboxEvent.id).limit(1))
        stock.things["circular"] = await issue_circular(
            ctx, first=ctx.today, last=ctx.today, answer_by=ctx.today,
            opening=stock.words("opening"), demand=stock.words("demand"),
        )  # fmt: skip
        stock.things["tick"] = await tick_duty(
            ctx, "consents", ctx.today.year, done_on=ctx.today, note=stock.words("note")
        )
        mine = {"tenant_id": ctx.tenant.id, "id": new_id()}
        await ctx.session.execute(
            insert(OutboxDelivery).values(
                **mine, event_id=event_id, handler="test", state="parked", attempts=1,
                error=stock.words("error"), at=ctx.now,
            )
        )  # fmt: skip
        await ctx.session.execute(
            insert(Schedule).values(
                **mine, job="test", slot=ctx.now, error=stock.words("error"), failures=1
            )
        )
        await ctx.session.execute(
            insert(HookFault).values(
                **mine, number=stock.words("number"), plugin="test", hook="case_route",
                what=stock.words("what"), first_at=ctx.now, last_at=ctx.now,
            )
        )  # fmt: skip
        await ctx.session.execute(
            insert(Operation).values(
                **mine, account_id=None, digest=b"", location=stock.words("location"), at=ctx.now
            )
        )
        await ctx.session.execute(
            update(CaseReporter)
            .where(CaseReporter.case_id == stock.cases["evaluated"])
            .values(comment=stock.words("comment"))
        )


async def grow_much(stock: Stock) -> None:
    """Two more of all that lists show, in other places."""
    crew = stock.crew()
    for number in range(2):
        await grow(stock)
        await grow_rooms(stock, number)
        await by_resident(stock)
        asked_for = stock.county.accounts[("closing", "forgetful")[number]]
        async with stock.acting() as ctx:
            await ask_reset(ctx, asked_for.staff_id, reason=stock.words("reason"))
            await redivide(
                ctx,
                Rename(node_id=stock.county.at("grid", 2 + number).id, name=stock.words("planned")),
                effective_on=ctx.now.date() + timedelta(days=90),
                document="测试",
            )
        await somebody_new(stock)
        for state in ("filed", "handling", "handling"):
            case_id = await crew.brought_to(state, node=stock.county.at("grid", 2 + number))
            if state == "handling":
                await crew.does("supervisor", case_id, "supervise", {"reason": "测试"})
                await crew.does("handler", case_id, "ask_pause", {"reason": "测试"})
        await crew.does("handler", case_id, "return", {"reason": "测试"})
        await crew.to_the_top(stock.county.at("grid", 2 + number))
        async with stock.acting() as ctx:
            await ctx.session.execute(
                insert(Binding).values(
                    tenant_id=ctx.tenant.id, account_id=asked_for.account_id, role="worker",
                    node_id=stock.county.at("grid", 2 + number).id, valid_from=date(2026, 1, 1),
                    granted_at=ctx.now,
                )
            )  # fmt: skip
