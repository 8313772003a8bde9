"""The one entry for everything that is done to a case, driven by what the county declares."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from gridgov.cases.actions import (
    closing,
    dispatching,
    filing,
    handling,
    merging,
    watching,
)
from gridgov.cases.actions.act import Act, act_of, asking_of, settle
from gridgov.cases.actions.writing import write
from gridgov.cases.models import Case, CaseStep
from gridgov.cases.queries.situations import situation_of
from gridgov.cases.rules.fields import check_fields
from gridgov.cases.rules.moves import action_of, check, offers
from gridgov.cases.types import PHOTO_OWNER
from gridgov.context import Context
from gridgov.contract.declarations import Action, CaseKind
from gridgov.files.actions import attach
from gridgov.kernel.errors import Conflict, NotFound
from gridgov.kernel.joins import tied

Effect = Callable[[Act], Awaitable[None]]

EFFECTS: Final[Mapping[str, Effect]] = {
    "file": filing.file,
    "refuse": filing.refuse,
    "restore": filing.restore,
    "pass_up": filing.pass_up,
    "call_back": filing.call_back,
    "recategorise": filing.recategorise,
    "dispatch": dispatching.dispatch,
    "withdraw": dispatching.withdraw,
    "accept": dispatching.accept,
    "return": dispatching.send_back,
    "object": dispatching.object_once,
    "uphold_objection": dispatching.uphold,
    "dismiss_objection": dispatching.dismiss,
    "attend": handling.attend,
    "handle": handling.handle,
    "finish": handling.finish,
    "explain": handling.explain,
    "ask_extension": handling.ask_extension,
    "grant_extension": handling.grant_extension,
    "refuse_extension": handling.refuse_request,
    "ask_pause": handling.ask_pause,
    "grant_pause": handling.grant_pause,
    "refuse_pause": handling.refuse_request,
    "resume": handling.resume,
    "close": closing.close,
    "redo": closing.redo,
    "rate": closing.rate,
    "reopen": closing.reopen,
    "urge": watching.urge,
    "supervise": watching.supervise,
    "strike_off": watching.strike_off,
    "note": watching.note,
    "merge": merging.merge,
    "unmerge": merging.unmerge,
}


@dataclass(frozen=True, slots=True)
class Performed:
    """What was done. ``state`` is where the case is now, ``version`` what the next form names."""

    case_id: UUID
    action: Action
    state: str
    version: int

    @property
    def said(self) -> str:
        """The sentence for the person who did it."""
        return self.action.said

    @property
    def undone_by(self) -> tuple[str, ...]:
        """The codes of the actions that take it back."""
        return self.action.undone_by


@dataclass(frozen=True, slots=True)
class Offered:
    """What the actor may do now, the likeliest first, and the version that the forms must name."""

    kind: CaseKind
    actions: tuple[Action, ...]
    version: int
    state: str


async def allowed_actions(ctx: Context, case_id: UUID, *, teller: UUID | None = None) -> Offered:
    """The action bar. ``teller``: for the tracking page of that reporter."""
    case = await situation_of(ctx, case_id, teller=teller)
    asking = asking_of(ctx, case, teller=teller)
    return Offered(asking.kind, offers(asking), case.head.version, case.head.state)


async def perform(
    ctx: Context,
    case_id: UUID,
    code: str,
    fields: Mapping[str, Any] | None = None,
    *,
    expected_version: int | None = None,
    teller: UUID | None = None,
) -> Performed:
    """Do the action ``code`` with what was typed for its declared fields.

    Refuses with NotFound outside the actor's sight, Conflict when the case has moved on since
    ``expected_version`` (saying who did what) or is in another state, NotAllowed without the
    right, Invalid with a sentence for each field. ``teller`` is the reporter for whom a tracking
    page speaks.
    """
    case = await situation_of(ctx, case_id, teller=teller)
    if expected_version is not None and expected_version != case.head.version:
        raise await _overtaken(ctx, case_id)
    asking = asking_of(ctx, case, teller=teller)
    action = action_of(asking.kind, code)
    check(asking, action)
    policy = ctx.policy.at(case.head.node_path)
    given = check_fields(
        action, fields or {}, categories=policy.categories, urgencies=policy.urgencies
    )
    for asked in action.asks:
        await ctx.together.follow(ctx, asked, case_id)
    act = act_of(ctx, asking, action, given)
    await EFFECTS[action.effect](act)
    await settle(act)
    if not await write(act):
        raise await _overtaken(ctx, case_id)
    if given.get("photos"):
        await attach(ctx, given["photos"], PHOTO_OWNER, case_id)
    return Performed(case_id, action, act.will_be("state"), case.head.version + 1)


async def _overtaken(ctx: Context, case_id: UUID) -> Conflict:
    """The sentence for who comes too late: who did what in the meantime."""
    last = (
        await ctx.session.execute(
            select(CaseStep.who, CaseStep.action, CaseStep.at, Case.kind, Case.kind_version)
            .join(Case, tied(Case.id, CaseStep.case_id))
            .where(CaseStep.case_id == case_id)
            .order_by(CaseStep.id.desc())
            .limit(1)
        )
    ).one_or_none()
    if last is None:
        raise NotFound
    kind = ctx.policy.kinds.get((last.kind, last.kind_version))
    named = {action.code: action.name for action in kind.actions} if kind else {}
    return Conflict(
        "{who}刚刚对这件事做了“{action}”，请看过最新情况再操作。",
        who=last.who,
        action=named.get(last.action, last.action),
    )
