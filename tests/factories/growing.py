"""One more of what the rooms beside the cases list: in other places, of other kinds and days."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert

from factories.assessed import a_review
from factories.uploads import a_sheet
from gridgov.assessment.models import Nomination, ReviewOpinion
from gridgov.cases.actions.circulars import issue_circular
from gridgov.cases.actions.reporting import Contact
from gridgov.compliance.models import SwitchGrant
from gridgov.handover.actions.handovers import open_handover
from gridgov.handover.actions.turnovers import read_sheet
from gridgov.handover.types import Kind
from gridgov.kernel.ids import new_id
from gridgov.organisations.actions.meetings import call_meeting, raise_item
from gridgov.organisations.actions.teams import add_unnamed, form_team, keep_activity
from gridgov.services.actions.assisting import Authority, begin_assist
from gridgov.services.actions.booking import book_visit
from gridgov.services.actions.codes import issue_codes
from gridgov.services.types import CodeKind, Half, Way
from gridgov.staff.actions import appoint_post
from gridgov.staffing.actions import issue_piece
from gridgov.stations.actions.numbers import post_notice, take_number

KIT = ("bag", "card")


async def grow_rooms(stock: Any, number: int) -> None:
    """The ``number``-th more of everything; each by its own action where it has one."""
    for step in STEPS:
        async with stock.acting() as ctx:
            await step(stock, ctx, number)


async def equip(stock: Any, ctx: Any, number: int) -> None:
    """A piece of the kit, handed to the worker of the first grid."""
    await issue_piece(
        ctx, KIT[number], stock.county.at("grid").id, mark=stock.words(f"kit{number}"),
        staff_id=stock.county.accounts["worker"].staff_id, on=ctx.today,
    )  # fmt: skip


async def gather(stock: Any, ctx: Any, number: int) -> None:
    """A team with what it did, a meeting, a matter for another meeting."""
    words, grid = stock.words, stock.county.at("grid", 2 + number).id
    team = await form_team(ctx, "volunteers", grid, on=ctx.today, name=words(f"team{number}"))
    for to in (team, stock.things["team"]):
        await add_unnamed(ctx, to, role=words(f"role{number}"), count=2)
    await keep_activity(ctx, grid, on=ctx.today, what=words("what"), took_part=5, team_id=team)
    village = stock.county.at("village").id
    await call_meeting(ctx, "weekly", village, at=ctx.now + timedelta(days=1 + number))
    await raise_item(ctx, stock.things["meeting"], title=words(f"item{number}"))


async def hand_over(stock: Any, ctx: Any, number: int) -> None:
    """A post that is being handed over, a sheet of a term's end."""
    grid = stock.county.at("grid", 2 + number)
    holding = await appoint_post(
        ctx, stock.things["staff"], node_id=grid.id, post="mediator", valid_from=date(2026, 1, 1)
    )
    await open_handover(
        ctx, holding, successor=stock.rich.number, kind=Kind.TRANSFER, on=ctx.today,
        note=stock.words("note"),
    )  # fmt: skip
    sheet = a_sheet((stock.county.at("grid", 5).code, "调解员", "", stock.rich.number))
    on = ctx.today + timedelta(days=20 + number)
    await read_sheet(ctx, sheet, on=on, document=stock.words(f"paper{number}"))


async def open_hall(stock: Any, ctx: Any, number: int) -> None:
    """A number, a notice; a circular to the departments."""
    hall, soon = stock.things["hall"], ctx.today + timedelta(days=2 + number)
    await take_number(ctx, hall, "window")
    await post_notice(ctx, hall, text=stock.words(f"text{number}"), until=soon)
    await issue_circular(
        ctx, first=ctx.today, last=ctx.today, answer_by=soon, opening=stock.words("opening"),
        demand=stock.words("demand"),
    )  # fmt: skip


async def serve(stock: Any, ctx: Any, number: int) -> None:
    """An errand, a visit, a code at a door."""
    words, grid = stock.words, stock.county.at("grid").id
    item, soon = stock.things["item"], ctx.today + timedelta(days=2 + number)
    await begin_assist(
        ctx, item, node_id=grid, handed=(),
        resident=Contact(name=words("person"), phone="19900000000", address=words("home")),
        authority=Authority(
            way=Way.ORAL, purpose=words("purpose"), witness=words("witness"), valid_until=soon
        ),
    )  # fmt: skip
    texts = dict.fromkeys(("building", "door", "name", "note"), words("x"))
    await book_visit(
        ctx, node_id=grid, day=soon, half=Half.AFTERNOON, item_id=item,
        texts=texts | {"phone": "19900000000"},
    )  # fmt: skip
    await issue_codes(ctx, grid, kind=CodeKind.STAIR, places=[words(f"stair{number}")])


async def judge(stock: Any, ctx: Any, number: int) -> None:
    """A review; an opinion, a nomination and a switch that was off again."""
    await a_review(ctx, f"2024Q{1 + number}")
    grid = stock.county.at("grid", 2 + number)
    mine = {"tenant_id": ctx.tenant.id}
    opinion, nomination = new_id(), new_id()
    by = stock.county.accounts["worker"].account_id
    await ctx.session.execute(
        insert(ReviewOpinion).values(
            **mine, id=opinion, review_id=stock.things["review"], form="officers", node_id=grid.id,
            staff_id=stock.rich.staff_id, post="leader", author="测试", at=ctx.now, author_id=by,
            text=ctx.vault.seal("review_opinions", opinion, "text", stock.words("opinion")),
        )
    )  # fmt: skip
    await ctx.session.execute(
        insert(Nomination).values(
            **mine, id=nomination, honour="star", staff_id=stock.rich.staff_id, node_id=grid.id,
            post="leader", state="nominated", nominator="测试", nominated_at=ctx.now,
            nominated_by=by,
            story=ctx.vault.seal("nominations", nomination, "story", stock.words("story")),
        )
    )  # fmt: skip
    await ctx.session.execute(
        insert(SwitchGrant).values(
            **mine, id=new_id(), switch="emergency", state="over", document="测试",
            article="第三条", reason=stock.words("reason"), expires_on=ctx.today, asker="测试",
            asked_at=ctx.now, asked_by=by,
        )
    )  # fmt: skip


STEPS = (equip, gather, hand_over, open_hall, serve, judge)
