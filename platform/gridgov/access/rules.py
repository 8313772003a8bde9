"""Who may give which role to whom, and who may vouch for whom. Pure."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Final
from uuid import UUID

from gridgov.access.types import AccessRight, ResetState
from gridgov.accounts.types import AccountRight
from gridgov.audit.types import AuditRight
from gridgov.contract.actor import Scope
from gridgov.contract.declarations import Binds, Category, Role
from gridgov.kernel.errors import Conflict, Invalid, NotAllowed

POWERS: Final[Mapping[str, str]] = {
    AccountRight.CREATE: "人员账号",
    AccessRight.GRANT: "权限授予",
    AuditRight.READ: "审计日志",
}
"""Three powers that nobody holds two of, whatever a county declares (domain.md R18)."""

ANSWERED_WITHIN: Final = timedelta(days=3)
ISSUED_WITHIN: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reach:
    """A binding as the rules see it."""

    role: str
    scope: Scope


@dataclass(frozen=True, slots=True)
class Wish:
    """A role to be given, where, and narrowed to what."""

    role: str
    path: str
    level: str
    departments: tuple[UUID, ...] = ()
    categories: tuple[str, ...] = ()


def shortest(categories: Collection[str], county: Sequence[Category]) -> tuple[Category, ...]:
    """Categories in fewer words: a parent where all its children are meant."""
    held, children = set(categories), defaultdict[str, set[str]](set)
    for one in county:
        if one.parent:
            children[one.parent].add(one.code)
    whole = {parent for parent, below in children.items() if below <= held}
    return tuple(
        one for one in county if one.code in whole or (one.code in held and one.parent not in whole)
    )


def check_wish(roles: Mapping[str, Role], wish: Wish, *, root: str) -> Role:
    """The declared role, if it can be bound like this at all."""
    role = roles.get(wish.role)
    if role is None:
        raise Invalid(fields={"role": "没有这个角色，请重新选择。"})
    if role.levels and wish.level not in role.levels:
        raise Invalid(fields={"node": "这个角色不能放在这一级，请换一个地方。"})
    if role.binds is Binds.TENANT and wish.path != root:
        raise Invalid(fields={"node": "这个角色只能放在全县这一级。"})
    if role.binds is Binds.DEPARTMENT and not wish.departments:
        raise Invalid(fields={"departments": "这个角色要选定是哪个部门的。"})
    return role


def check_may_give(roles: Mapping[str, Role], own: Sequence[Reach], wish: Wish) -> None:
    """Nobody gives what is not theirs to give, nor where their own binding does not reach."""
    giving = [reach for reach in own if _gives(roles.get(reach.role), roles.get(wish.role))]
    if not giving:
        raise NotAllowed("这个角色不在您可以授予的范围里。")
    if not any(_inside(wish, reach.scope) for reach in giving):
        raise NotAllowed("这个地方、部门或类别超出了您自己的管理范围。")


def cut_of(roles: Mapping[str, Role], own: Sequence[Reach]) -> Scope:
    """How narrow a role must be made at least, on either axis: what a form offers to choose from.

    Empty where one of the bindings by which somebody gives roles is not narrowed there.
    """
    giving = [reach.scope for reach in own if may_give(roles, [reach])]
    departments = [scope.departments for scope in giving]
    categories = [scope.categories for scope in giving]
    return Scope(
        "",
        tuple(dict.fromkeys(chain(*departments))) if all(departments) else (),
        tuple(dict.fromkeys(chain(*categories))) if all(categories) else (),
    )


def may_give(roles: Mapping[str, Role], own: Sequence[Reach]) -> list[Role]:
    """The roles that a form offers."""
    return [
        role for role in roles.values() if any(_gives(roles.get(reach.role), role) for reach in own)
    ]


def _gives(holder: Role | None, wished: Role | None) -> bool:
    """By the word of either: a plugin adds a role and leaves that of the holder alone."""
    if holder is None or wished is None or AccessRight.GRANT not in holder.rights:
        return False
    return wished.code in holder.grants or holder.code in wished.granted_by


def _inside(wish: Wish, scope: Scope) -> bool:
    """A wish without departments means all of them, so it lies inside only of all."""
    return (
        wish.path.startswith(scope.path)
        and _narrower(wish.departments, scope.departments)
        and _narrower(wish.categories, scope.categories)
    )


def _narrower(wished: Collection[object], allowed: Collection[object]) -> bool:
    return not allowed or (bool(wished) and set(wished) <= set(allowed))


def check_apart(roles: Mapping[str, Role], held: Collection[str], wished: Role) -> None:
    """Roles that one person may not hold together: as declared, and the core's own three powers."""
    for code in held:
        other = roles.get(code)
        if other is None or code == wished.code:
            continue
        if code in wished.apart_from or wished.code in other.apart_from:
            raise Conflict("“{one}”和“{other}”要分开给两个人。", one=wished.name, other=other.name)
        if wished.administrator != other.administrator:
            raise Conflict(
                "管理员不能兼办业务：“{one}”和“{other}”要分开给两个人。",
                one=wished.name,
                other=other.name,
            )
        if len(powers(wished) | powers(other)) > 1:
            raise Conflict(
                "“{powers}”要由不同的人掌握，“{one}”和“{other}”要分开给两个人。",
                powers="”“".join(sorted(powers(wished) | powers(other))),
                one=wished.name,
                other=other.name,
            )


def check_passes(roles: Mapping[str, Role], held: Collection[str], role: Role) -> None:
    """Whether a role may go over with a post to who holds these: an administrator's never does."""
    if role.administrator:
        raise NotAllowed("管理员的角色不随岗位移交，由安全管理员另行授予。")
    check_apart(roles, held, role)


def powers(role: Role) -> frozenset[str]:
    """Which of the three powers a role gives."""
    return frozenset(name for right, name in POWERS.items() if right in role.rights)


@dataclass(frozen=True, slots=True)
class ResetFacts:
    """A request for a one-time token, as the rules see it. ``paths``: where the person works."""

    worker: UUID
    paths: tuple[str, ...]
    asked_by: UUID
    asked_at: datetime
    decided_at: datetime | None
    approved: bool | None
    issued_at: datetime | None


def state_of(reset: ResetFacts, now: datetime) -> ResetState:
    """Where a request stands; nothing has to run for one to lapse."""
    if reset.issued_at is not None:
        return ResetState.ISSUED
    if reset.approved is False:
        return ResetState.DECLINED
    if reset.approved and reset.decided_at is not None:
        fresh = now - reset.decided_at < ISSUED_WITHIN
        return ResetState.APPROVED if fresh else ResetState.LAPSED
    return ResetState.WAITING if now - reset.asked_at < ANSWERED_WITHIN else ResetState.LAPSED


def covers(scopes: Sequence[Scope], paths: Collection[str]) -> bool:
    """Whether every place where somebody works lies inside."""
    return bool(paths) and all(any(path.startswith(s.path) for s in scopes) for path in paths)


def check_decides(reset: ResetFacts, who: UUID, now: datetime) -> None:
    """The second pair of eyes is neither the first nor the person's own."""
    if who == reset.asked_by:
        raise NotAllowed("自己提出的要由另一位同事核准。")
    if who == reset.worker:
        raise NotAllowed("不能核准自己的账号。")
    state = state_of(reset, now)
    if state is not ResetState.WAITING:
        raise Conflict("这个申请现在是“{state}”，不能再核准。", state=state.label)


def check_issues(reset: ResetFacts, who: UUID, now: datetime) -> None:
    """Only who stands before the person prints the slip, and only once it is approved."""
    if who != reset.asked_by:
        raise NotAllowed("凭条要由提出申请的那位同事当面打印。")
    state = state_of(reset, now)
    if state is not ResetState.APPROVED:
        raise Conflict("这个申请现在是“{state}”，不能打印凭条。", state=state.label)
