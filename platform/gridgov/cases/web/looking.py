"""One case as its page and its preview show it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from gridgov.cases.actions.act import asking_of
from gridgov.cases.queries.record import Record, record
from gridgov.cases.queries.timeline import Step
from gridgov.cases.rules.explaining import Story
from gridgov.cases.rules.lights import light_of
from gridgov.cases.rules.moves import offers
from gridgov.cases.rules.ratings import told
from gridgov.cases.rules.steps import steps_of
from gridgov.cases.types import CARRIED_OVER, DEPARTMENT, DESK, REPORTER, Pause
from gridgov.cases.web.showing import kind_of, light_code, state_of
from gridgov.context import Context
from gridgov.contract.declarations import Action, CaseKind
from gridgov.kernel.sentences import N_, Sentence, joined
from gridgov.web.clockline import ClockLine, clock_line
from gridgov.web.urls import AnyRequest, url_of
from gridgov.web.words import left, when

PART_WORDS: Final[Mapping[str, str]] = {
    "offered": "待受理",
    "accepted": "已受理，办理中",
    "returned": "已退单",
    "done": "已办完",
    "withdrawn": "已撤回",
}
REQUEST_WORDS: Final[Mapping[str, str]] = {
    "extension": "申请延期",
    "pause": "申请挂起",
    "objection": "派单异议",
}
REQUEST_STATES: Final[Mapping[str, str]] = {
    "open": "等待审批",
    "granted": "已同意",
    "refused": "不同意",
    "dropped": "不再需要",
}
ORIGINS: Final[Mapping[str, str]] = {
    "worker": "工作人员上报",
    "desk": "工作站代为登记",
    "resident": "居民反映",
}
_OWN_WORDS: Final[Mapping[str, str]] = {CARRIED_OVER: N_("流程换到新的版本")}
"""What no county does: the lines that the core itself writes."""
_ON_THE_BAR: Final = 4
_LIKELY: Final = 60
"""An action of less weight is never the main one, also when it stands first."""


async def looked_at(ctx: Context, request: AnyRequest, case_id: UUID) -> dict[str, Any]:
    """Everything of the record, in words."""
    found = await record(ctx, case_id)
    head = found.head
    kind = kind_of(ctx, head.kind, head.kind_version)
    state = state_of(kind, head.state)
    bar, more = actions_of(ctx, request, found)
    light = light_of(
        head.due_at,
        head.yellow_at,
        paused=head.paused_at is not None,
        ended=bool(head.ends),
        now=ctx.now,
    )
    return {
        "record": found,
        "head": head,
        "body": found.body,
        "kind": kind,
        "state": state,
        "light": light_code(light, head.ends),
        "category": _category(ctx, head.category),
        "urgency": ctx.policy.urgencies_ever[head.urgency],
        "origin": ORIGINS.get(head.origin, head.origin),
        "holder": holder_of(ctx, found),
        "steps": steps_of(kind, state),
        "clocks": clocks_of(ctx, request, found),
        "entries": entries_of(ctx, kind, found.steps),
        "actions": bar,
        "more": more,
        "part_words": PART_WORDS,
        "request_words": REQUEST_WORDS,
        "request_states": REQUEST_STATES,
    }


def _category(ctx: Context, code: str) -> str:
    known = ctx.policy.categories_ever
    found = known.get(code)
    if found is None:
        return code
    group = known.get(found.parent)
    return Sentence("{one} · {other}", one=group.name, other=found.name) if group else found.name


def holder_of(ctx: Context, found: Record) -> str:
    """Whose turn it is: a desk, departments, the reporter."""
    head = found.head
    if head.turn == DESK:
        desk = next((node for node in found.line if node.level == head.level), None)
        level = ctx.policy.levels_ever.get(head.level)
        return Sentence(
            "{place}{desk}", place=desk.name if desk else "", desk=level.desk if level else ""
        )
    if head.turn == DEPARTMENT:
        return joined([name for part, name in found.parts if part.open])
    return N_("反映人") if head.turn == REPORTER else ""


def clocks_of(
    ctx: Context, request: AnyRequest, found: Record
) -> list[tuple[str, ClockLine, Story]]:
    """Every clock as a line with its story: those that run first, the nearest due before others."""
    say = request.app.state.shell.catalogues.translate(ctx.locale)
    pauses = found.situation.pauses
    told = sorted(found.stories, key=lambda s: (s.stopped_at is not None, s.due_at))
    lines: list[tuple[str, ClockLine, Story]] = []
    for story in told:
        name = N_(story.name)
        if story.bearer:
            name = Sentence("{one} · {other}", one=name, other=story.bearer)
        line = clock_line(
            start=story.started_at,
            due=story.due_at,
            now=ctx.now,
            light=str(story.light) if story.stopped_at is None else _stopped_light(story),
            words=_clock_words(ctx, story, say),
            ended=story.stopped_at,
            pauses=[(p.started_at, p.ended_at, _pause_words(ctx, p, say)) for p in pauses],
            provisional=story.provisional,
        )
        lines.append((name, line, story))
    return lines


def _stopped_light(story: Story) -> str:
    return "red" if story.stopped_at and story.stopped_at >= story.due_at else "done"


def _clock_words(ctx: Context, story: Story, say: Any) -> str:
    if story.stopped_at is None:
        return left(story.due_at, ctx.now, _=say)
    if story.stopped_at >= story.due_at:
        return str(say("超期后才完成"))
    return str(say("按时完成"))


def _pause_words(ctx: Context, pause: Pause, say: Any) -> str:
    begun = when(pause.started_at, ctx.now, _=say)
    ended = when(pause.ended_at, ctx.now, _=say) if pause.ended_at else say("现在")
    return str(say("{start} 至 {end} 挂起：{reason}", start=begun, end=ended, reason=pause.reason))


def entries_of(ctx: Context, kind: CaseKind, steps: Sequence[Step]) -> list[dict[str, Any]]:
    """The timeline, the latest first."""
    names = {action.code: action.name for action in kind.actions} | dict(_OWN_WORDS)
    return [
        {
            "at": step.at,
            "what": names.get(step.action, step.action),
            "who": step.who,
            "words": step.note,
            "facts": facts_of(ctx, step),
            "public": step.public,
        }
        for step in reversed(steps)
    ]


def facts_of(ctx: Context, step: Step) -> str:
    """What an action set, where its note does not say it."""
    details = step.details
    if into := details.get("into"):
        return Sentence("并入 {code}", code=into)
    if "from" in details and "to" in details:
        names = [_level(ctx, details[name]) for name in ("from", "to")]
        return " → ".join(names)
    if changed := details.get("category"):
        return " → ".join(_category(ctx, code) for code in changed)
    if versions := details.get("versions"):
        before, after = versions
        return Sentence("第 {before} 版 → 第 {after} 版", before=before, after=after)
    if stars := details.get("stars"):
        return told(ctx.policy.ratings_ever.values(), stars)
    named = [name for name in details.get("departments", ()) if not _is_id(name)]
    return Sentence("派给 {names}", names=joined(named)) if named else ""


def _level(ctx: Context, code: str) -> str:
    level = ctx.policy.levels_ever.get(code)
    return level.desk or level.name if level else code


def _is_id(text: str) -> bool:
    try:
        UUID(str(text))
    except ValueError:
        return False
    return True


def actions_of(
    ctx: Context, request: AnyRequest, found: Record
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The bar and what lies under "more": the likeliest first, the grave last."""
    offered = offers(asking_of(ctx, found.situation))
    ordered = sorted(offered, key=lambda action: action.grave)
    buttons = [_button(ctx, request, found, action) for action in ordered]
    return buttons[:_ON_THE_BAR], buttons[_ON_THE_BAR:]


def _button(ctx: Context, request: AnyRequest, found: Record, action: Action) -> dict[str, Any]:
    """One click where nothing is asked; else the page of its form."""
    at_once = not action.fields and not action.grave
    name = "case_act" if at_once else "case_action"
    version = str(found.head.version) if at_once else None
    return {
        "code": action.code,
        "label": action.name,
        "url": url_of(
            ctx, request, name, case_id=found.head.id, action=action.code, version=version
        ),
        "post": at_once,
        "kind": "danger" if action.grave else "" if action.weight >= _LIKELY else "plain",
        "hint": action.consequence,
    }
