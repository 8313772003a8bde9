"""Why somebody can, or cannot, see something: the bindings for and against, in words.

About oneself, the page tells what one's own bindings say; whether a thing exists beyond them it
tells only those who may read everybody's bindings: no such code and a code out of reach give the
same answer.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, or_, select

from gridgov.access.actions.deciding import rights_of
from gridgov.access.queries.opening import bindings_of
from gridgov.access.types import EXPLAIN, AccessRight, Answer, Question, Reason, Subject
from gridgov.context import Context
from gridgov.contract.actor import Scope
from gridgov.grid.models import GridNode
from gridgov.grid.types import GridRight

_EVERYBODY: Final = frozenset({"public", "signed-in"})


async def explain(
    ctx: Context, text: str, account_id: UUID, day: date, *, page: Subject | None = None
) -> list[Answer]:
    """Answers for everything that ``text`` may mean in this tenant; ``page`` is its address."""
    question = Question(text, account_id)
    if page is not None:
        question.subjects.append(page)
    question.subjects += await _nodes(ctx, text)
    await ctx.together.follow(ctx, EXPLAIN, question)
    bindings = (await ctx.session.execute(bindings_of(account_id, day))).all()
    answers = [_answer(ctx, subject, bindings) for subject in question.subjects]
    told = [
        answer
        for answer in answers
        if answer.may or answer.subject.path is None or ctx.actor.may(AccessRight.READ)
    ]
    return told or [_nothing(ctx, text, bindings)]


async def _nodes(ctx: Context, text: str) -> list[Subject]:
    found = await ctx.session.execute(
        select(GridNode.name, GridNode.path)
        .where(
            GridNode.valid_to.is_(None),
            or_(GridNode.code == text, GridNode.path == text, GridNode.name == text),
        )
        .order_by(GridNode.path)
        .limit(3)
    )
    return [Subject("地方", row.name, GridRight.READ, path=row.path) for row in found]


def _answer(ctx: Context, subject: Subject, bindings: Sequence[Row[*tuple[Any, ...]]]) -> Answer:
    holders = tuple(role.name for role in ctx.policy.county.roles if subject.right in role.rights)
    if subject.right in _EVERYBODY:
        words = "这一页不看权限，谁都能打开。"
        if subject.right == "signed-in":
            words = "这一页不看岗位，登录了就能打开。"
        return Answer(subject, may=True, words=words, reasons=(), holders=holders)
    reasons = [_reason(ctx, subject, binding) for binding in bindings]
    if subject.own:
        words = "这是本人上报的，本人一直能看。"
        return Answer(subject, may=True, words=words, reasons=reasons, holders=holders)
    may = any(reason.good for reason in reasons)
    words = "能看。" if may else "看不到：没有一个岗位的权限同时管到这件事和这个地方。"
    return Answer(subject, may=may, words=words, reasons=reasons, holders=holders)


def _reason(ctx: Context, subject: Subject, binding: Row[*tuple[Any, ...]]) -> Reason:
    role = ctx.policy.roles.get(binding.role)
    name = role.name if role else binding.role
    if subject.right not in rights_of(ctx.policy, binding.role):
        words = "这个角色没有这项权限。"
        return Reason(good=False, role=name, place=binding.node_name, words=words)
    scope = Scope(binding.path, tuple(binding.departments), tuple(binding.categories))
    fault = _outside(scope, subject)
    words = fault or "有这项权限，管的范围包括这里。"
    return Reason(good=not fault, role=name, place=binding.node_name, words=words)


def _outside(scope: Scope, subject: Subject) -> str:
    """Why the scope does not hold the subject, or nothing if it does."""
    if subject.path is not None and not subject.path.startswith(scope.path):
        return "有这项权限，但管的地方不包括这里。"
    inside = set(scope.departments) & set(subject.departments)
    if scope.departments and subject.path is not None and not inside:
        return "有这项权限，但只看派给本部门的。"
    if scope.categories and subject.category and subject.category not in scope.categories:
        return "有这项权限，但不管这一类。"
    return ""


def _nothing(ctx: Context, text: str, bindings: Sequence[Row[*tuple[Any, ...]]]) -> Answer:
    """Nothing of that name, or nothing within reach: nobody can tell which."""
    reasons = [
        Reason(
            good=True,
            role=role.name if (role := ctx.policy.roles.get(row.role)) else row.role,
            place=row.node_name,
            words="在这个范围里的都能看到。" if rights_of(ctx.policy, row.role) else "",
        )
        for row in bindings
    ]
    words = "没有这个编号或地址，或者它不在管的范围里。下面是现在管的范围。"
    return Answer(Subject("", text, ""), may=False, words=words, reasons=reasons, holders=())
