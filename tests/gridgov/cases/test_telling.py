"""Who is told: holders, whoever answers further up, whoever asked, whoever reported."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select, update

from factories.cases import a_case, run_events
from gridgov.access.models import Binding
from gridgov.cases.actions.lights import tell_lights
from gridgov.cases.actions.telling import TOLD, answering
from gridgov.cases.queries.holders import holders
from gridgov.cases.queries.situations import situation_anyway
from gridgov.cases.rules.moves import EVENTS
from gridgov.kernel.ids import new_id
from gridgov.kernel.outbox import OutboxEvent
from gridgov.notices.models import Notice
from gridgov.staff.models import PostHolding, StaffMember
from liling.incident import INCIDENT


async def told(crew, *, urgent=None):
    """Who has been told what so far, by role."""
    names = {person.account_id: role for role, person in crew.county.accounts.items()}
    async with crew.system() as ctx:
        rows = await ctx.session.execute(
            select(Notice.account_id, Notice.text, Notice.urgent).order_by(Notice.id)
        )
        return [
            (names.get(row.account_id, "?"), row.text.split("：")[0])
            for row in rows
            if urgent in (None, row.urgent)
        ]


async def turn_lights(crew, **later):
    crew.later(**later)
    async with crew.system() as ctx:
        await tell_lights(ctx)
    await run_events(crew, "case.yellow", "case.red")


async def holding(crew, case_id):
    names = {person.account_id: role for role, person in crew.county.accounts.items()}
    async with crew.system() as ctx:
        head = (await situation_anyway(ctx, case_id)).head
        return {names.get(account, "?") for account in await holders(ctx, head, INCIDENT)}


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("reported", {"station_clerk"}),
        ("filed", {"station_clerk"}),
        ("dispatched", {"handler"}),
        ("handling", {"handler"}),
        ("handled", {"station_clerk"}),
        ("closed", {"worker"}),
        ("evaluated", set()),
    ],
)
async def test_every_state_has_its_holder(crew, state, expected):
    case_id = await crew.brought_to(state)

    assert await holding(crew, case_id) == expected


async def test_passed_up_the_desk_above_holds_it(crew):
    case_id = await crew.brought_to("reported")
    await crew.does("station_clerk", case_id, "pass_up")

    assert await holding(crew, case_id) == {"subcentre_clerk"}


async def test_who_handled_it_does_not_hold_it_for_verifying(crew):
    case_id = await crew.brought_to("filed")
    await crew.does("station_clerk", case_id, "handle_here")

    assert await holding(crew, case_id) == {"subcentre_clerk"}


async def test_where_a_desk_has_nobody_the_next_one_up_holds_it(crew):
    case_id = await crew.brought_to("reported")
    await unbind(crew, "station_clerk", "subcentre_clerk")

    assert await holding(crew, case_id) == {"dispatcher"}


async def unbind(crew, *roles):
    async with crew.system() as ctx:
        await ctx.session.execute(
            delete(Binding)
            .where(Binding.role.in_(roles))
            .execution_options(synchronize_session=False)
        )


async def vacate(crew, *levels):
    """Nobody holds a post on these levels any more."""
    async with crew.system() as ctx:
        nodes = [node.id for node in crew.county.nodes.values() if node.level in levels]
        await ctx.session.execute(
            delete(PostHolding)
            .where(PostHolding.node_id.in_(nodes))
            .execution_options(synchronize_session=False)
        )


async def appoint(crew, role, post, node):
    """Give the role's person a post and nobody else."""
    async with crew.system() as ctx:
        await ctx.session.execute(
            insert(PostHolding).values(
                tenant_id=ctx.tenant.id,
                id=new_id(),
                staff_id=crew.county.accounts[role].staff_id,
                node_id=node.id,
                post=post,
                valid_from=crew.now.date() - timedelta(days=9),
            )
        )


class TestLights:
    async def test_at_yellow_the_holder_is_reminded(self, crew):
        await crew.brought_to("reported")

        await turn_lights(crew, hours=6)  # 18:00; three of four work hours are over

        assert await told(crew) == [("station_clerk", "黄灯，快到期")]

    async def test_at_red_whoever_answers_there_is_told_too(self, crew):
        await crew.brought_to("reported")
        await vacate(crew, "county", "district", "town", "village", "grid")
        await appoint(crew, "leader", "leader", crew.county.at("village"))

        await turn_lights(crew, days=1)

        assert sorted(await told(crew, urgent=True)) == [
            ("leader", "红灯，已超期"),
            ("station_clerk", "红灯，已超期"),
        ]

    async def test_three_vacancies_in_a_row_are_climbed(self, crew):
        """Village, town and district are vacant: the county's leader is told."""
        await crew.brought_to("reported")
        await vacate(crew, "county", "district", "town", "village", "grid")
        await appoint(crew, "supervisor", "leader", crew.county.at("county"))

        await turn_lights(crew, days=1)

        assert ("supervisor", "红灯，已超期") in await told(crew)

    async def test_a_post_whose_holder_cannot_log_in_is_climbed_over(self, crew):
        await vacate(crew, "county", "district", "town", "village", "grid")
        await appoint(crew, "leader", "leader", crew.county.at("county"))
        async with crew.system() as ctx:
            await ctx.session.execute(
                insert(PostHolding).values(
                    tenant_id=ctx.tenant.id,
                    id=new_id(),
                    staff_id=await a_person_without_account(ctx),
                    node_id=crew.county.at("village").id,
                    post="leader",
                    valid_from=crew.now.date(),
                )
            )
            found = await answering(ctx, crew.county.at("grid").path)

        assert found == {crew.county.accounts["leader"].account_id}

    async def test_where_every_post_is_vacant_nobody_is_told(self, crew):
        await vacate(crew, "county", "district", "town", "village", "grid")

        async with crew.system() as ctx:
            assert await answering(ctx, crew.county.at("grid").path) == frozenset()

    async def test_a_case_that_nobody_holds_goes_to_the_chief_of_its_grid(self, crew):
        await unbind(crew, "station_clerk", "subcentre_clerk", "dispatcher")
        await vacate(crew, "county", "district", "town", "village", "grid")
        await appoint(crew, "chief", "chief", crew.county.at("grid"))
        await crew.brought_to("reported")

        await turn_lights(crew, hours=6)

        assert await told(crew) == [("chief", "黄灯，快到期")]

    async def test_telling_twice_says_it_once(self, crew):
        await crew.brought_to("reported")
        await turn_lights(crew, hours=6)

        await run_events(crew, "case.yellow")

        assert len(await told(crew)) == 1

    async def test_a_light_that_is_no_longer_true_is_not_told(self, crew):
        case_id = await crew.brought_to("reported")
        crew.later(hours=6)
        async with crew.system() as ctx:
            await tell_lights(ctx)
        await crew.does("station_clerk", case_id, "file")

        await run_events(crew, "case.yellow")

        assert await told(crew) == []

    async def test_what_is_paused_or_closed_burns_no_light(self, crew):
        await crew.brought_to("closed")

        await turn_lights(crew, days=60)

        assert await told(crew) == []


async def a_person_without_account(ctx):
    staff_id = new_id()
    await ctx.session.execute(
        insert(StaffMember).values(
            tenant_id=ctx.tenant.id,
            id=staff_id,
            number="X1",
            name="测试·无账号",
            employment="official",
        )
    )
    return staff_id


class TestMoves:
    @pytest.mark.parametrize(
        ("state", "action", "expected"),
        [
            ("reported", None, [("station_clerk", "新上报，等您立案")]),
            ("dispatched", None, [("handler", "新派来的事件，请受理")]),
            ("handled", None, [("station_clerk", "部门已反馈")]),
            ("closed", None, [("worker", "您上报的事已结案，请评价")]),
            (
                "handling",
                ("handler", "ask_pause"),
                [("subcentre_clerk", "申请挂起，等您审批")],
            ),
            ("handling", ("supervisor", "urge"), [("handler", "催办")]),
            ("dispatched", ("handler", "return"), [("station_clerk", "部门退单")]),
            ("handled", ("dispatcher", "redo"), [("handler", "核查未通过，请重办")]),
        ],
    )
    async def test_whom_it_concerns_is_told(self, crew, state, action, expected):
        await vacate(crew, "county", "district", "town", "village", "grid")
        case_id = await crew.brought_to(state)
        if action:
            role, code = action
            await crew.does(role, case_id, code)
        async with crew.system() as ctx:
            last = select(OutboxEvent.kind).order_by(OutboxEvent.id.desc()).limit(1)
            kind = await ctx.session.scalar(last)

        await run_events(crew, kind)

        assert await told(crew) == expected

    async def test_a_notice_bears_the_moment_of_what_it_tells(self, crew):
        await crew.brought_to("reported")
        happened = crew.now
        crew.later(hours=6)

        await run_events(crew, "case.reported")

        async with crew.system() as ctx:
            assert await ctx.session.scalar(select(Notice.at)) == happened

    async def test_who_did_it_is_not_told(self, crew):
        async with crew.acting("station_clerk") as ctx:
            await a_case(ctx, crew.county.at("grid"))

        await run_events(crew)

        assert await told(crew) == []

    async def test_an_approver_up_the_tree_is_asked_where_the_desk_has_none(self, crew):
        case_id = await crew.brought_to("handling")
        await unbind(crew, "subcentre_clerk")
        await crew.does("handler", case_id, "ask_extension")

        await run_events(crew, "case.extension_asked")

        assert await told(crew) == [("dispatcher", "申请延期，等您审批")]

    async def test_a_withdrawn_department_hears_of_it(self, crew):
        case_id = await crew.brought_to("dispatched")
        await crew.does("dispatcher", case_id, "withdraw")

        await run_events(crew, "case.withdrawn")

        assert await told(crew) == [("handler", "派遣已撤回")]

    def test_every_sentence_belongs_to_an_event(self):
        assert {kind.removeprefix("case.") for kind in TOLD} <= set(EVENTS.values())


async def test_a_notice_holds_no_personal_data(crew):
    await crew.report(title="测试", description="张三的电话是19900001234")
    await run_events(crew)

    async with crew.system() as ctx:
        row = (await ctx.session.execute(select(Notice.text, Notice.link))).one()

    assert "张三" not in row.text
    assert "暴露垃圾" in row.text
    assert row.link.startswith(f"/{crew.county.tenant.slug}/cases/")


async def test_a_binding_that_has_ended_holds_nothing(crew):
    case_id = await crew.brought_to("reported")
    async with crew.system() as ctx:
        await ctx.session.execute(
            update(Binding)
            .where(Binding.role == "station_clerk")
            .values(valid_to=crew.now.date())
            .execution_options(synchronize_session=False)
        )

    assert await holding(crew, case_id) == {"subcentre_clerk"}
