"""What leaves a review: the circular, a sheet of paper, a spreadsheet; and the cases counted."""

from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.access.queries.people import root_path
from gridgov.assessment.queries import reviews as queries
from gridgov.assessment.queries.departments import DEFINITIONS, FIGURES, cases_behind
from gridgov.assessment.types import AssessmentRight, DepartmentFigures, Evaluation, ReviewState
from gridgov.assessment.web.showing import in_words, place_asked
from gridgov.assessment.web.telling import Amounts, departments_shown, told
from gridgov.cases.queries.units import top_of
from gridgov.context import Context
from gridgov.kernel.errors import NotFound
from gridgov.kernel.sentences import N_, Sentence
from gridgov.web.exporting import Asking, Sheet, ask_purpose, take_along
from gridgov.web.guard import Ctx
from gridgov.web.pages import Page, page
from gridgov.web.spreadsheets import Column
from gridgov.web.urls import AnyRequest, url_of

TABLES: Final = {"departments": N_("部门：力度、效率、结果"), "work": N_("各地做了什么")}
"""The tables of a review that an office circulates."""


class Circulars(Controller):
    """A review on paper, and what its numbers count."""

    path = "/{tenant:str}/reviews/{review_id:uuid}"

    @get("/circular", name="review_circular", permission=AssessmentRight.READ)
    async def circular(self, ctx: Ctx, request: AnyRequest, review_id: FromPath[UUID]) -> Page:
        """The circular to print, the same for all; a draft for who leads until it is published."""
        review = await queries.review_of(ctx, review_id)
        leading = await queries.leads(ctx)
        computed = await queries.evaluations(ctx, review_id)
        if not computed or (review.state != ReviewState.PUBLISHED and not leading):
            raise NotFound
        root = await root_path(ctx)
        shown = await told(ctx, review, computed, leading=False, place=root, top=root)
        shown["departments"] = computed[0].departments
        return page(
            ctx,
            "assessment/circular.html",
            **shown,
            circular=True,
            back=url_of(ctx, request, "review", review_id=review_id),
        )

    @get("/print", name="review_print", permission=AssessmentRight.READ)
    async def printed(self, ctx: Ctx, request: AnyRequest, review_id: FromPath[UUID]) -> Page:
        """The tables on paper as the reader sees them, at the place of the address."""
        found = await _found(ctx, request, review_id)
        if found["evaluation"] is None:
            raise NotFound
        here: dict[str, Any] = {"review_id": review_id, "place": place_asked(ctx, request)}
        back = url_of(ctx, request, "review", **here)
        return page(ctx, "assessment/circular.html", **found, circular=False, back=back)

    @get("/export/{table:str}", name="review_export", permission=AssessmentRight.READ)
    async def ask(
        self, ctx: Ctx, request: AnyRequest, review_id: FromPath[UUID], table: FromPath[str]
    ) -> Page:
        """What the spreadsheet would hold, and for what."""
        return await ask_purpose(ctx, request, _asking, review_id, table)

    @post("/export/{table:str}", name="review_export_file", permission=AssessmentRight.READ)
    async def file(
        self, ctx: Ctx, request: AnyRequest, review_id: FromPath[UUID], table: FromPath[str]
    ) -> Response[Any]:
        """The file: a line for each department or unit, the definitions below."""
        return await take_along(ctx, request, _asking, _taken, review_id, table)

    @get("/cases/{department_id:uuid}", name="review_cases", permission=AssessmentRight.READ)
    async def cases(
        self,
        ctx: Ctx,
        request: AnyRequest,
        review_id: FromPath[UUID],
        department_id: FromPath[UUID],
    ) -> Page:
        """The cases that a figure of a department counted, as far as the actor may see them."""
        figure = request.query_params.get("figure", "closed")
        review = await queries.review_of(ctx, review_id)
        computed = await queries.evaluations(ctx, review_id)
        leading = await queries.leads(ctx)
        rows = departments_shown(ctx, review, computed, leading=leading)
        row = next((one for one in rows if one.department == str(department_id)), None)
        if row is None or figure not in FIGURES:
            raise NotFound
        rules = queries.declared(ctx, review.kind, computed[0])
        if figure == "satisfied" and not leading and row.rated < rules.fewest:
            raise NotFound
        cursor = request.query_params.get("after", "")
        found, older = await cases_behind(ctx, computed[0].id, figure, department_id, cursor=cursor)
        here = {"review_id": review_id, "figure": figure, "department_id": department_id}
        return page(
            ctx,
            "assessment/review_cases.html",
            review=review,
            title=queries.title_of(ctx, review),
            evaluation=computed[0],
            row=row,
            figure=FIGURES[figure],
            number=getattr(row, figure),
            definition=DEFINITIONS[figure],
            rows=found,
            newest=url_of(ctx, request, "review_cases", **here) if cursor else "",
            older=url_of(ctx, request, "review_cases", **here, after=older) if older else "",
        )


async def _found(ctx: Context, request: AnyRequest, review_id: UUID) -> dict[str, Any]:
    """The figures as far as the reader sees them."""
    review = await queries.review_of(ctx, review_id)
    computed = await queries.evaluations(ctx, review_id)
    return await told(
        ctx,
        review,
        computed,
        leading=await queries.leads(ctx),
        place=place_asked(ctx, request),
        top=top_of(ctx.actor, AssessmentRight.READ),
    )


async def _asking(ctx: Context, request: AnyRequest, review_id: UUID, table: str) -> Asking:
    if table not in TABLES:
        raise NotFound
    found = await _found(ctx, request, review_id)
    here: dict[str, Any] = {"review_id": review_id, "place": place_asked(ctx, request)}
    return Asking(
        title=Sentence("导出{title}数据", title=found["title"]),
        list=Sentence("{title}{table}", title=found["title"], table=TABLES[table]),
        back=url_of(ctx, request, "review", **here),
        count=len(_table(found, table)[1]),
    )


async def _taken(ctx: Context, request: AnyRequest, review_id: UUID, table: str) -> Sheet:
    found = await _found(ctx, request, review_id)
    columns, lines = _table(found, table)
    return Sheet(
        verb="review.exported",
        subject="review",
        details={"table": table, "review": str(review_id)},
        name=Sentence("{title}{table}", title=found["title"], table=TABLES[table]),
        columns=columns,
        lines=[*lines, [], *_explained(found, table)],
    )


def _table(found: dict[str, Any], table: str) -> tuple[list[Column], list[list[str]]]:
    if table == "departments":
        return _of_departments(found["departments"], found["ratings"], found["fewest"])
    if table == "work" and found["work"] is not None:
        return _of_work(found)
    raise NotFound


def _of_departments(
    rows: list[DepartmentFigures], ratings: list[Any], fewest: int
) -> tuple[list[Column], list[list[str]]]:
    def told(row: DepartmentFigures, code: str) -> str:
        few = row.rated < fewest and code == "satisfied"
        return "" if few else str(getattr(row, code))

    def mean(row: DepartmentFigures, code: str) -> str:
        few = row.rated < fewest or code not in row.means
        return "" if few else f"{row.means[code]:.1f}"

    columns: list[Column] = [
        (N_("部门"), 24),
        *((FIGURES[code], 12) for code in FIGURES),
        *((rating.label, 12) for rating in ratings),
    ]
    lines = [
        [row.name, *(told(row, code) for code in FIGURES), *(mean(row, r.code) for r in ratings)]
        for row in rows
    ]
    return columns, lines


def _of_work(found: dict[str, Any]) -> tuple[list[Column], list[list[str]]]:
    work = found["work"]

    def line(name: str, amounts: Amounts) -> list[str]:
        return [name, *(in_words(n) for n in amounts)]

    lines = [line(work.name, work.own), *(line(unit.name, n) for unit, n in work.rows)]
    if work.rest:
        lines.append(line(N_("不在下面各处的"), work.rest))
    return [(N_("地方"), 24), *((figure.name, 16) for figure in found["figures"])], lines


def _explained(found: dict[str, Any], table: str) -> list[list[str]]:
    """What each column means, and which computation it is."""
    evaluation: Evaluation | None = found["evaluation"]
    defined: list[list[str]] = (
        [[FIGURES[code], DEFINITIONS[code]] for code in FIGURES]
        if table == "departments"
        else [[figure.name, figure.definition] for figure in found["figures"]]
    )
    if evaluation is None:
        return defined
    named: str = Sentence(
        "第 {n} 次计算，规则编号 {digest}",
        n=evaluation.number,
        digest=evaluation.digest[:12],
    )
    return [*defined, [named]]
