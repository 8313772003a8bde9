"""Who is lacking where, and filling a post without leaving the list."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from litestar import Controller, Response, get, post

from gridgov.context import Context
from gridgov.grid.queries.nodes import line_of, names_at
from gridgov.grid.queries.stepping import place_of, step_down
from gridgov.grid.rules.codes import parent_path
from gridgov.grid.types import NodeRow
from gridgov.kernel.sentences import N_
from gridgov.staff.types import StaffRight
from gridgov.staffing.queries.gaps import gaps, needs
from gridgov.staffing.types import Gap, StaffingRight
from gridgov.staffing.web.filling import EMPLOYMENTS
from gridgov.web.exporting import Asking, Sheet, ask_purpose, take_along
from gridgov.web.guard import Ctx
from gridgov.web.pages import Page, page
from gridgov.web.urls import AnyRequest, url_of

PAGE: Final = 50
MOST_EXPORTED: Final = 5000


class Gaps(Controller):
    """What the standard asks for and is not there."""

    path = "/{tenant:str}/staffing"

    @get("/gaps", name="staffing_gaps", permission=StaffingRight.READ)
    async def list(self, ctx: Ctx, request: AnyRequest) -> Page:
        """Gaps by unit and post, then one by one."""
        place = await place_of(ctx, request.query_params.get("node", ""), StaffingRight.READ)
        post = _post_asked(ctx, request)
        units = await step_down(ctx, place)
        found = await gaps(ctx, place.path)
        narrowed = [gap for gap in found if post in {"", gap.post}]
        start = _start(request, narrowed)
        rows = narrowed[start : start + PAGE]
        posts = list(dict.fromkeys(need.post for need in needs(ctx)))
        return page(
            ctx,
            "staffing/gaps.html",
            line=await line_of(ctx, place.path),
            place=place,
            post=post,
            posts=posts,
            post_names=ctx.policy.posts,
            by_post=_missing((gap.post, gap.missing) for gap in found),
            table=_table(units, found),
            rows=rows,
            names=await names_at(ctx, [gap.path for gap in rows]),
            above=parent_path,
            employments=EMPLOYMENTS,
            total=sum(gap.missing for gap in narrowed),
            everything=sum(gap.missing for gap in found),
            older=_mark(rows[-1]) if start + PAGE < len(narrowed) else "",
            first=start == 0,
            may_appoint=ctx.actor.may(StaffRight.APPOINT),
        )

    @get("/gaps/export", name="staffing_export", permission=StaffingRight.READ)
    async def ask(self, ctx: Ctx, request: AnyRequest) -> Page:
        """How many lines, and what for."""
        return await ask_purpose(ctx, request, _asking)

    @post("/gaps/export", name="staffing_export_file", permission=StaffingRight.READ)
    async def file(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """The list of gaps as a spreadsheet."""
        return await take_along(ctx, request, _asking, _taken)


def _post_asked(ctx: Context, request: AnyRequest) -> str:
    given = request.query_params.get("post", "")
    return given if given in ctx.policy.posts else ""


def _mark(gap: Gap) -> str:
    return f"{gap.path}{gap.post}"


def _start(request: AnyRequest, rows: Sequence[Gap]) -> int:
    """Where the page begins: after the row that the address names."""
    after = request.query_params.get("after", "")
    if not after:
        return 0
    return next((place + 1 for place, gap in enumerate(rows) if _mark(gap) == after), 0)


def _missing(counted: Any) -> Counter[str]:
    total: Counter[str] = Counter()
    for key, count in counted:
        total[key] += count
    return total


def _table(units: Sequence[NodeRow], found: Sequence[Gap]) -> list[tuple[NodeRow, Counter[str]]]:
    """For each unit of the next level how many are lacking, by post."""
    return [
        (
            unit,
            _missing((gap.post, gap.missing) for gap in found if gap.path.startswith(unit.path)),
        )
        for unit in units
    ]


async def _taken(ctx: Context, request: AnyRequest) -> Sheet:
    place = await place_of(ctx, request.query_params.get("node", ""), StaffingRight.READ)
    found = await gaps(ctx, place.path, _post_asked(ctx, request))
    rows = found[:MOST_EXPORTED]
    names = await names_at(ctx, [gap.path for gap in rows])
    return Sheet(
        verb="staffing.exported",
        subject="staff",
        details={"node": place.code},
        name=N_("缺岗清单"),
        columns=(
            (N_("上级"), 30),
            (N_("网格"), 24),
            (N_("代码"), 18),
            (N_("岗位"), 14),
            (N_("用工"), 8),
            (N_("应配"), 8),
            (N_("已配"), 8),
        ),
        lines=[
            (
                names.get(parent_path(gap.path), ""),
                gap.name,
                gap.code,
                ctx.policy.posts[gap.post].name,
                EMPLOYMENTS.get(gap.employment, ""),
                str(gap.wanted),
                str(gap.held),
            )
            for gap in rows
        ],
        more=len(found) > MOST_EXPORTED,
    )


async def _asking(ctx: Context, request: AnyRequest) -> Asking:
    code, post = request.query_params.get("node", ""), _post_asked(ctx, request)
    place = await place_of(ctx, code, StaffingRight.READ)
    found = await gaps(ctx, place.path, post)
    given = {"node": code or None, "post": post or None}
    return Asking(
        title=N_("导出缺岗清单"),
        list=N_("缺岗"),
        back=url_of(ctx, request, "staffing_gaps", **given),
        count=len(found),
        most=MOST_EXPORTED,
    )
