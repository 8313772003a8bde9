"""Records that a duty of the year asks somebody to look at: how many there are, and which.

One statement serves the number and the list behind it; it begins with where the actor keeps the
year (:mod:`gridgov.yearly.queries.finding`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import (
    func,
    literal,
    select,
    union_all,
)

from gridgov.context import Context
from gridgov.kernel.errors import NotFound
from gridgov.kernel.paging import Rows, after, cut, decode
from gridgov.kernel.sentences import N_, Sentence
from gridgov.yearly.queries import finding
from gridgov.yearly.types import Counted, Waiting

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Records:
    """Records of one kind. ``found`` selects id, day, title, place and the id of what is opened.

    That id is None, and the title a number, where what it is about is not the actor's to see.

    ``route`` opens one of them by ``key`` (a list, where ``key`` is empty), ``said`` tells how many
    there are, ``none`` that there are none.
    """

    name: str
    said: str
    none: str
    route: str
    key: str
    day: str
    found: Callable[[Context, int], Rows]


RECORDS: Final[Mapping[str, Records]] = {
    "bindings": Records(
        N_("快到期的授权"),
        N_("90 天内有 {n} 项授权到期"),
        N_("90 天内没有授权到期。"),
        "person_bindings",
        "account_id",
        N_("到期"),
        finding.bindings,
    ),
    "leavers": Records(
        N_("人走了还开着的授权"),
        N_("人走了还开着 {n} 项授权"),
        N_("走了的人都没有授权。"),
        "person_bindings",
        "account_id",
        N_("开始"),
        finding.leavers,
    ),
    "authorisations": Records(
        N_("快到期的代办委托"),
        N_("没办完的代办里，{n} 份委托 90 天内到期"),
        N_("没办完的代办，委托都还管用 90 天以上。"),
        "assist",
        "case_id",
        N_("到期"),
        finding.authorisations,
    ),
    "members": Records(
        N_("满一年的队员同意"),
        N_("{n} 位居民队员的同意满了一年"),
        N_("没有满一年的队员同意。"),
        "team",
        "team_id",
        N_("同意"),
        finding.members,
    ),
    "stories": Records(
        N_("公布满一年的先进故事"),
        N_("{n} 个先进故事公布满了一年"),
        N_("没有公布满一年的故事。"),
        "honours",
        "",
        N_("同意"),
        finding.stories,
    ),
    "switches": Records(
        N_("快到期的开关"),
        N_("90 天内有 {n} 项开关到期"),
        N_("没有开着、快到期的开关。"),
        "compliance",
        "",
        N_("到期"),
        finding.switches,
    ),
    "contacts": Records(
        N_("过了保存期的联系方式"),
        N_("{n} 件事的联系方式过了保存期还没有清"),
        N_("过了保存期的联系方式都清了。"),
        "case",
        "case_id",
        N_("结案"),
        finding.contacts,
    ),
    "reviews": Records(
        N_("上一年没有通报的评议"),
        N_("上一年有 {n} 次评议没有通报"),
        N_("上一年没有未通报的评议。"),
        "review",
        "review_id",
        N_("期末"),
        finding.reviews,
    ),
    "begun": Records(
        N_("这一年开的评议"),
        N_("这一年开过 {n} 次评议"),
        N_("这一年还没有开过评议。"),
        "review",
        "review_id",
        N_("期末"),
        finding.begun,
    ),
    "circulars": Records(
        N_("上一年的督办事项通报"),
        N_("上一年发过 {n} 期督办事项通报，印出来归档"),
        N_("上一年没有发过督办事项通报。"),
        "circular",
        "circular_id",
        N_("印发"),
        finding.circulars,
    ),
}


async def counted(ctx: Context, year: int) -> dict[str, Counted]:
    """How many of each there are. One statement."""
    each = (
        select(literal(kind), func.count()).select_from(one.found(ctx, year).subquery())
        for kind, one in RECORDS.items()
    )
    found = dict[str, Counted]()
    for kind, amount in await ctx.session.execute(union_all(*each)):
        records = RECORDS[kind]
        words = Sentence(records.said, n=amount) if amount else records.none
        found[kind] = Counted(kind, amount, words)
    return found


async def waiting(
    ctx: Context, kind: str, year: int, *, cursor: str = ""
) -> tuple[list[Waiting], str]:
    """A page of them, the earliest day first, and where the next begins."""
    if kind not in RECORDS:
        raise NotFound
    named = RECORDS[kind].found(ctx, year).subquery()
    columns = [*named.c]
    start = decode(cursor, "tu")
    by = (columns[1], columns[0])
    page = after(select(named), by, start, descending=False).limit(PAGE + 1)
    rows = [Waiting(*row) for row in await ctx.session.execute(page)]
    return cut(rows, PAGE, lambda last: (last.day, last.id))
