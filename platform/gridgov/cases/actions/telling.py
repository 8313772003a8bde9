"""Who is told what, once something has happened to a case.

The next holder, whoever asked, whoever reported; and at a red light whoever answers further up.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Final
from uuid import UUID

from gridgov.cases.queries.holders import at_desk, holders, in_departments
from gridgov.cases.queries.reporters import accounts_reporting
from gridgov.cases.queries.situations import situation_anyway
from gridgov.cases.rules.lights import light_of
from gridgov.cases.rules.moves import kind_for
from gridgov.cases.types import CaseRight, Head, Light
from gridgov.context import Context
from gridgov.kernel.outbox import Event
from gridgov.kernel.sentences import Sentence
from gridgov.notices.actions import notify
from gridgov.staff.queries import answering_at

CLOSED: Final = "case.closed"
REFUSED: Final = "case.refused"
TAKEN_UP: Final = ("case.restored", "case.reopened", "case.unmerged")
"""What ended goes on."""

Whom = Callable[[Context, Head, Event], Awaitable[frozenset[UUID]]]


async def remind_of_light(ctx: Context, event: Event) -> None:
    """A light turned: tell who holds the case.

    At red also who answers there or, where the post is vacant, at the next filled one up the tree.
    A case that nobody holds goes to the chief.
    """
    head = await _head(ctx, event.subject)
    light = light_of(
        head.due_at,
        head.yellow_at,
        paused=head.paused_at is not None,
        ended=bool(head.ends),
        now=ctx.now,
    )
    if light not in {Light.YELLOW, Light.RED} or event.payload["due"] != head.due_at.isoformat():
        return
    kind = kind_for(ctx.policy.kinds, head.kind, head.kind_version)
    told = set(await holders(ctx, head, kind))
    if not told:
        told |= await answering(ctx, head.node_path)
    if light is Light.RED:
        told |= await answering(ctx, head.desk_path)
    sentence = "红灯，已超期：{what}" if light is Light.RED else "黄灯，快到期：{what}"
    about = f"case.{light}:{head.id}:{event.payload['due']}"
    urgent = light is Light.RED
    await _tell(ctx, head, frozenset(told), sentence=sentence, about=about, urgent=urgent)


async def answering(ctx: Context, *paths: str) -> frozenset[UUID]:
    """The accounts of who answers at each node, or at the next post above whose holder has one."""
    return frozenset(
        next(one.account_id for one in there if one.account_id is not None)
        for there in (await answering_at(ctx, set(paths))).values()
        if any(one.account_id is not None for one in there)
    )


async def tell_of_move(ctx: Context, event: Event) -> None:
    """Something was done to a case: tell those whom it concerns, but not who did it.

    The notice bears the moment at which it was done, however late the relay comes to it.
    """
    sentence, whom, urgent = TOLD[event.kind]
    head = await _head(ctx, event.subject)
    accounts = await whom(ctx, head, event) - {event.actor}
    about = f"{event.kind}:{event.id}"
    then = replace(ctx, now=event.at)
    await _tell(then, head, frozenset(accounts), sentence=sentence, about=about, urgent=urgent)


async def _tell(
    ctx: Context, head: Head, accounts: frozenset[UUID], *, sentence: str, about: str, urgent: bool
) -> None:
    category = ctx.policy.categories_ever.get(head.category)
    name = category.name if category else head.category
    what = Sentence("{name}（{code}）", name=name, code=head.code)
    await notify(
        ctx,
        accounts,
        about=about,
        text=Sentence(sentence, what=what),
        link=f"/{ctx.tenant.slug}/cases/{head.id}",
        urgent=urgent,
    )


async def _head(ctx: Context, case_id: UUID) -> Head:
    return (await situation_anyway(ctx, case_id)).head


async def _next_holder(ctx: Context, head: Head, _: Event) -> frozenset[UUID]:
    return await holders(ctx, head, kind_for(ctx.policy.kinds, head.kind, head.kind_version))


async def _deciders(ctx: Context, head: Head, _: Event) -> frozenset[UUID]:
    return await at_desk(ctx, head, {CaseRight.APPROVE})


async def _departments(ctx: Context, head: Head, _: Event) -> frozenset[UUID]:
    return await in_departments(ctx, head)


async def _named_departments(ctx: Context, head: Head, event: Event) -> frozenset[UUID]:
    named = [UUID(department) for department in event.payload.get("departments", ())]
    return await in_departments(ctx, head, named)


async def _reporters(ctx: Context, head: Head, _: Event) -> frozenset[UUID]:
    return await accounts_reporting(ctx, [head.id])


TOLD: Final[Mapping[str, tuple[str, Whom, bool]]] = {
    "case.reported": ("新上报，等您立案：{what}", _next_holder, False),
    "case.restored": ("恢复受理，等您立案：{what}", _next_holder, False),
    "case.passed_up": ("下级上报，等您接收：{what}", _next_holder, False),
    "case.called_back": ("已从上级撤回：{what}", _next_holder, False),
    "case.dispatched": ("新派来的事件，请受理：{what}", _named_departments, False),
    "case.withdrawn": ("派遣已撤回：{what}", _named_departments, False),
    "case.returned": ("部门退单：{what}", _next_holder, False),
    "case.objected": ("派单异议，等您裁定：{what}", _deciders, False),
    "case.objection_upheld": ("异议成立，派遣已收回：{what}", _named_departments, False),
    "case.objection_dismissed": ("异议不成立，请继续办理：{what}", _departments, False),
    "case.extension_asked": ("申请延期，等您审批：{what}", _deciders, False),
    "case.extension_granted": ("已同意延期：{what}", _departments, False),
    "case.extension_refused": ("不同意延期：{what}", _departments, False),
    "case.pause_asked": ("申请挂起，等您审批：{what}", _deciders, False),
    "case.paused": ("已同意挂起：{what}", _departments, False),
    "case.pause_refused": ("不同意挂起：{what}", _departments, False),
    "case.resumed": ("已恢复办理：{what}", _departments, False),
    "case.handled": ("已办结，等您核查：{what}", _next_holder, False),
    "case.finished": ("部门已反馈：{what}", _next_holder, False),
    "case.sent_back": ("核查未通过，请重办：{what}", _next_holder, True),
    REFUSED: ("您上报的事不予立案，请看理由：{what}", _reporters, False),
    "case.explained": ("您上报的事有了答复：{what}", _reporters, False),
    CLOSED: ("您上报的事已结案，请评价：{what}", _reporters, False),
    "case.reopened": ("要求重办：{what}", _next_holder, True),
    "case.urged": ("催办：{what}", _next_holder, True),
    "case.supervised": ("列入督办：{what}", _next_holder, True),
    "case.unmerged": ("已拆案：{what}", _next_holder, False),
}
"""For each event: the sentence, whom it concerns, and whether it cannot wait."""
