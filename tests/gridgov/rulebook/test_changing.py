"""Plugins come, go and are upgraded: what changes, what is refused, what becomes of open cases."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import msgspec
import pytest
from sqlalchemy import Column, MetaData, Table, Text, Uuid, func, select

from factories.cases import NOON, a_case
from factories.rules import CASEWORK, INCIDENT, installed
from gridgov.audit.models import AuditEntry
from gridgov.cases.actions.performing import allowed_actions, perform
from gridgov.cases.models import Case, CaseCount, CaseStep
from gridgov.contract.declarations import Category, Role
from gridgov.kernel.errors import Conflict
from gridgov.kernel.outbox import OutboxEvent
from gridgov.onboarding.actions.carrying import Ground, onboard_tenant
from gridgov.rulebook.actions.changing import Refused, change_rules, preview_change
from gridgov.rulebook.queries import standing
from gridgov.rulebook.types import Verb, Wish
from gridgov.tenants.models import DeclarationSnapshot

LATER = NOON + timedelta(days=1)
ONE = installed(one=CASEWORK)


def without(group, *codes):
    """Liling without some of its declarations."""
    return replace(
        CASEWORK, **{group: tuple(one for one in getattr(CASEWORK, group) if one.code not in codes)}
    )


def second_version(*follows):
    """The incident in a second version without ``reported``; where it was, there is ``raised``."""

    def instead(*states):
        return tuple(dict.fromkeys("raised" if one == "reported" else one for one in states))

    actions = tuple(
        replace(
            action,
            before=instead(*action.before),
            to=instead(action.to)[0],
            otherwise=instead(action.otherwise)[0],
        )
        for action in INCIDENT.actions
    )
    states = tuple(state for state in INCIDENT.states if state.code != "reported")
    return replace(
        INCIDENT, version=2, first="raised", states=states, actions=actions, follows=follows
    )


def with_kinds(*kinds):
    return installed(one=replace(CASEWORK, case_kinds=kinds))


async def cases_of(lifetime):
    async with lifetime.database.session(lifetime.county.tenant.id) as session:
        found = await session.execute(
            select(Case.kind_version, Case.state, Case.turn, func.count()).group_by(
                Case.kind_version, Case.state, Case.turn
            )
        )
        return {tuple(row[:3]): row[3] for row in found}


async def rows(lifetime, *columns):
    async with lifetime.database.session(lifetime.county.tenant.id) as session:
        return (await session.execute(select(*columns))).all()


async def test_what_would_change_is_told_before_anything_does(lifetime):
    water = Category(
        code="E0199", name="水务", parent="E01", urgency="normal", departments=("water",)
    )
    clerk = Role(code="clerk", name="文员", rights=("case.read",))
    roles = tuple(
        replace(role, rights=role.rights[1:]) if role.code == "handler" else role
        for role in CASEWORK.roles
    )
    levels = tuple(
        replace(level, name="小网格") if level.base else level for level in CASEWORK.levels
    )
    newer = replace(
        CASEWORK,
        levels=levels,
        roles=(*roles, clerk),
        categories=(*CASEWORK.categories, water),
        settings=CASEWORK.settings[:-1],
    )

    async with lifetime.acting(installed(one=newer)) as ctx:
        preview = await preview_change(ctx, installed(one=newer), lifetime.wish)

    told = {(one.verb, one.group, one.code): one.details for one in preview.differences}
    assert {key: [str(d.what) for d in details] for key, details in told.items()} == {
        (Verb.CHANGED, "层级", "grid"): ["名称"],
        (Verb.CHANGED, "角色", "handler"): ["权限"],
        (Verb.NEW, "角色", "clerk"): ["权限"],
        (Verb.NEW, "事件分类", "E0199"): [],
        (Verb.GONE, "参数", CASEWORK.settings[-1].code): [],
    }
    assert preview.reasons == ()
    assert len(await rows(lifetime, DeclarationSnapshot.id)) == 1


async def test_a_plugin_waits_until_its_tables_are_made(lifetime, monkeypatch):
    async with lifetime.acting(ONE) as ctx:
        assert await standing.not_migrated(ctx, ["grid"]) == []

        drawn = MetaData()
        Table("one_notes", drawn, Column("text", Text))
        Table("grid_nodes", drawn, Column("id", Uuid), Column("colour", Text))
        monkeypatch.setattr(standing, "Base", SimpleNamespace(metadata=drawn))
        assert await standing.not_migrated(ctx, ["one", "grid", "two"]) == ["grid", "one"]

        preview = await preview_change(ctx, ONE, lifetime.wish)

    assert preview.reasons == ("插件“one”的数据表还没有建好，请运维先运行 gridgov migrate。",)


async def test_an_upgrade_is_kept_audited_and_counted(lifetime):
    newer = installed(one=replace(CASEWORK, glossary={"网格": "格子"}))
    was = await lifetime.record()

    async with lifetime.acting(newer, now=LATER) as ctx:
        preview = await change_rules(ctx, newer, lifetime.wish)

    taken = await rows(lifetime, DeclarationSnapshot.digest, DeclarationSnapshot.taken_at)
    assert (preview.digest, LATER) in taken
    (entry,) = [
        details
        for verb, details in await rows(lifetime, AuditEntry.verb, AuditEntry.details)
        if verb == "rules.changed"
    ]
    assert entry["digest"] == preview.digest
    assert (await lifetime.record()).policy_version == was.policy_version + 1


async def test_what_runs_already_is_not_kept_again(lifetime):
    with pytest.raises(Conflict, match="没有要改的"):
        async with lifetime.acting(ONE) as ctx:
            await change_rules(ctx, ONE, lifetime.wish)


async def test_a_change_that_nobody_saw_is_refused(lifetime):
    newer = installed(one=replace(CASEWORK, glossary={"网格": "格子"}))

    with pytest.raises(Conflict, match="再看一遍"):
        async with lifetime.acting(newer) as ctx:
            await change_rules(ctx, newer, lifetime.wish, seen="another")


@pytest.mark.parametrize(
    ("county", "reason"),
    [
        (without("posts", "worker"), "岗位“网格员”要去掉，但还有 1 人在任。"),
        (without("roles", "leader"), "角色“第一责任人”要去掉，但还有 1 项授权给着它。"),
    ],
)
async def test_what_is_held_cannot_go(lifetime, county, reason):
    newer = installed(one=county)

    async with lifetime.acting(newer) as ctx:
        preview = await preview_change(ctx, newer, lifetime.wish)

    assert reason in preview.reasons


async def test_levels_categories_and_urgencies_in_use_cannot_go_and_all_is_said_at_once(lifetime):
    async with lifetime.acting(ONE) as ctx:
        await a_case(ctx, lifetime.county.at("grid"))
    levels = tuple(
        replace(level, code="cell") if level.base else level for level in CASEWORK.levels
    )
    posts = tuple(
        replace(post, levels=tuple({"grid": "cell"}.get(one, one) for one in post.levels))
        for post in CASEWORK.posts
    )
    roles = tuple(
        replace(role, levels=tuple({"grid": "cell"}.get(one, one) for one in role.levels))
        for role in CASEWORK.roles
    )
    categories = tuple(one for one in CASEWORK.categories if one.code != "E0102")
    newer = installed(
        one=replace(CASEWORK, levels=levels, posts=posts, roles=roles, categories=categories)
    )

    with pytest.raises(Refused) as refused:
        async with lifetime.acting(newer, now=LATER) as ctx:
            await change_rules(ctx, newer, lifetime.wish)

    name = next(one.name for one in CASEWORK.categories if one.code == "E0102")
    assert set(refused.value.reasons) == {
        "层级“四级网格”要去掉，但还有 8 个网格单元在这一级。",
        f"事件分类“{name}”要去掉，但还有 1 件没办结的事件属于它。",
    }
    assert len(await rows(lifetime, DeclarationSnapshot.id)) == 1


async def test_a_kind_that_cases_began_by_changes_only_under_a_new_version(lifetime):
    fewer = tuple(one for one in INCIDENT.actions if one.code != "note")
    newer = with_kinds(replace(INCIDENT, actions=fewer))
    async with lifetime.acting(ONE) as ctx:
        free = await preview_change(ctx, newer, lifetime.wish)
        await a_case(ctx, lifetime.county.at("grid"))

    async with lifetime.acting(newer) as ctx:
        bound = await preview_change(ctx, newer, lifetime.wish)

        reworded = await preview_change(
            ctx, with_kinds(replace(INCIDENT, name="事项")), lifetime.wish
        )

    assert free.reasons == reworded.reasons == ()
    (reason,) = bound.reasons
    assert "版本号却没有变" in reason


async def test_a_running_case_keeps_the_version_of_its_kind(lifetime):
    async with lifetime.acting(ONE) as ctx:
        old = (await a_case(ctx, lifetime.county.at("grid"))).case_id
    actions = tuple(
        replace(action, name="登记立案") if action.code == "file" else action
        for action in INCIDENT.actions
        if action.code != "note"
    )
    newer = with_kinds(replace(INCIDENT, version=2, actions=actions))

    async with lifetime.acting(newer, now=LATER) as ctx:
        await change_rules(ctx, newer, lifetime.wish)
    async with lifetime.acting(newer, now=LATER) as ctx:
        new = (await a_case(ctx, lifetime.county.at("grid"))).case_id
        offered = {
            case: {
                action.code: str(action.name)
                for action in (await allowed_actions(ctx, case)).actions
            }
            for case in (old, new)
        }
        await perform(ctx, old, "file")

    assert offered[old]["file"] == "立案"
    assert "note" in offered[old]
    assert offered[new]["file"] == "登记立案"
    assert "note" not in offered[new]
    assert await cases_of(lifetime) == {(1, "filed", "desk"): 1, (2, "reported", "desk"): 1}


async def test_five_hundred_open_cases_follow_a_state_that_is_gone(lifetime):
    await lifetime.many(ONE, 500)
    gone = second_version(("reported", "raised"))
    newer = with_kinds(gone)

    async with lifetime.acting(newer, now=LATER) as ctx:
        preview = await change_rules(ctx, newer, lifetime.wish)

    assert [(carry.state, carry.to.code, n) for carry, n in preview.carried] == [
        ("reported", "raised", 500)
    ]
    assert await cases_of(lifetime) == {(2, "raised", "desk"): 500}
    counted = Counter(reported=0, raised=0)
    for state, count in await rows(lifetime, CaseCount.state, CaseCount.count):
        counted[state] += count
    assert counted == {"reported": 0, "raised": 500}
    steps = await rows(lifetime, CaseStep.action, CaseStep.before, CaseStep.after, CaseStep.who)
    assert Counter(steps)["carried_over", "reported", "raised", "测试"] == 500
    events = await rows(lifetime, OutboxEvent.kind)
    assert Counter(events)[("case.carried_over",)] == 500


async def test_a_state_that_is_gone_without_a_successor_is_refused_with_the_number(lifetime):
    await lifetime.many(ONE, 3)
    newer = with_kinds(second_version())

    async with lifetime.acting(newer, now=LATER) as ctx:
        preview = await preview_change(ctx, newer, lifetime.wish)

    (reason,) = preview.reasons
    assert "第 2 版没有了状态“待立案”，但还有 3 件事件在这个状态" in reason


async def test_a_case_does_not_change_hands_by_an_upgrade(lifetime):
    await lifetime.many(ONE, 2)
    newer = with_kinds(second_version(("reported", "handling")))

    async with lifetime.acting(newer, now=LATER) as ctx:
        preview = await preview_change(ctx, newer, lifetime.wish)

    (reason,) = preview.reasons
    assert "换了人来办" in reason


async def test_cases_in_states_that_are_still_there_keep_their_version(lifetime):
    first, _ = await lifetime.many(ONE, 2)
    async with lifetime.acting(ONE) as ctx:
        await perform(ctx, first, "file")
    newer = with_kinds(second_version(("reported", "raised")))

    async with lifetime.acting(newer, now=LATER) as ctx:
        await change_rules(ctx, newer, lifetime.wish)

    assert await cases_of(lifetime) == {(1, "filed", "desk"): 1, (2, "raised", "desk"): 1}


async def onboarded(lifetime, policies, package):
    async with lifetime.database.session(lifetime.county.tenant.id) as session:
        return await onboard_tenant(
            Ground(session, policies, lifetime.settings.secret, LATER), package
        )


async def test_a_changed_manifest_goes_through_the_same_checks(lifetime):
    two = installed(one=CASEWORK, two=without("roles", "leader"))
    package = lifetime.county.package
    changed = replace(package, manifest=msgspec.structs.replace(package.manifest, plugins=("two",)))

    with pytest.raises(Refused, match="角色“第一责任人”要去掉"):
        await onboarded(lifetime, two, changed)

    assert (await lifetime.record()).plugins == ["one"]
    assert len(await rows(lifetime, DeclarationSnapshot.id)) == 1


async def test_what_the_same_package_takes_away_is_no_longer_in_the_way(lifetime):
    two = installed(one=CASEWORK, two=without("roles", "leader"))
    package = lifetime.county.package
    bindings = tuple(one for one in package.bindings if one.role != "leader")
    manifest = msgspec.structs.replace(package.manifest, plugins=("two",))

    await onboarded(lifetime, two, replace(package, manifest=manifest, bindings=bindings))

    assert (await lifetime.record()).plugins == ["two"]


async def test_a_manifest_brings_open_cases_along_too(lifetime):
    await lifetime.many(ONE, 2)
    newer = installed(
        one=CASEWORK,
        two=replace(CASEWORK, case_kinds=(second_version(("reported", "raised")),)),
    )
    package = lifetime.county.package
    manifest = msgspec.structs.replace(package.manifest, plugins=("two",))

    await onboarded(lifetime, newer, replace(package, manifest=manifest))

    assert await cases_of(lifetime) == {(2, "raised", "desk"): 2}


async def test_a_disabled_plugin_leaves_its_cases_and_their_words(lifetime):
    own = replace(
        CASEWORK, case_kinds=(replace(INCIDENT, code="matter", name="专办"),), name="专办县"
    )
    both = installed(one=CASEWORK, two=replace(own, categories=(), urgencies=()))
    add = Wish(plugins=("one", "two"))
    async with lifetime.acting(both, now=LATER) as ctx:
        await change_rules(ctx, both, add)
    async with lifetime.acting(both, now=LATER) as ctx:
        case = await a_case(ctx, lifetime.county.at("grid"), kind="matter")
    async with lifetime.acting(both, now=LATER + timedelta(hours=1)) as ctx:
        await change_rules(ctx, both, lifetime.wish)

    async with lifetime.acting(ONE, now=LATER + timedelta(hours=2)) as ctx:
        offered = await allowed_actions(ctx, case.case_id)
        await perform(ctx, case.case_id, "file")

    assert str(offered.kind.name) == "专办"
    assert "matter" not in {kind.code for kind in ctx.policy.county.case_kinds}
