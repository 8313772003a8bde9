"""What the auditor sees: who did what on which record, and who looked at whom. No content."""

from datetime import date, timedelta
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post

from gridgov.audit import queries
from gridgov.audit.queries import Wanted
from gridgov.audit.types import AuditRight, Kind
from gridgov.audit.wording import Words
from gridgov.audit.words import GROUPS, SUBJECTS
from gridgov.context import Context
from gridgov.kernel import paging
from gridgov.kernel.errors import Invalid
from gridgov.kernel.sentences import N_
from gridgov.web.exporting import Asking, Sheet, ask_purpose, take_along
from gridgov.web.forms import convert
from gridgov.web.guard import Ctx
from gridgov.web.pages import Page, page
from gridgov.web.urls import AnyRequest, url_of

_PAGE: Final = 50
_MOST: Final = 20_000
_LOOKERS: Final = 200
_WINDOWS: Final = (7, 30, 90)
_COLUMNS: Final = (
    (N_("序号"), 10),
    (N_("时间"), 20),
    (N_("做了什么"), 26),
    (N_("类别"), 9),
    (N_("代码"), 26),
    (N_("对象"), 18),
    (N_("对象编号"), 38),
    (N_("谁"), 20),
    (N_("账号"), 38),
    (N_("目的"), 26),
    (N_("说明"), 60),
)

Word = Annotated[str, msgspec.Meta(max_length=100)]


class Filter(msgspec.Struct):
    """What the address or the form says."""

    account: UUID | None = None
    subject: Word = ""
    record: UUID | None = None
    kind: Kind | None = None
    verb: Word = ""
    since: date | None = None
    until: date | None = None

    def wanted(self) -> Wanted:
        """For the query."""
        return Wanted(
            account_id=self.account,
            subject_kind=self.subject,
            subject_id=self.record,
            kind=self.kind,
            verb=self.verb,
            since=self.since,
            until=self.until,
        )

    def params(self) -> dict[str, str]:
        """For an address."""
        said = {name: getattr(self, name) for name in self.__struct_fields__}
        return {name: str(value) for name, value in said.items() if value not in (None, "")}


class AuditLog(Controller):
    """The entries, and the digest of looks at personal records."""

    path = "/{tenant:str}/audit"

    @get("/", name="audit_log", permission=AuditRight.READ)
    async def log(self, ctx: Ctx, request: AnyRequest) -> Page:
        """Entries, the newest first."""
        given = dict(request.query_params)
        errors: dict[str, str] = {}
        try:
            asked = convert(given, Filter)
        except Invalid as fault:
            asked, errors = Filter(), fault.fields
        cursor = paging.decode(given.get("after"), "i")
        statement = queries.entries(asked.wanted(), ctx.tenant, after=cursor, limit=_PAGE)
        found = (await ctx.session.execute(statement)).all()
        rows, older = paging.cut(found, _PAGE, lambda last: (last.seq,))
        return page(
            ctx,
            "audit/log.html",
            status_code=422 if errors else 200,
            rows=rows,
            older=older,
            first=cursor is None,
            params=asked.params(),
            words=Words(ctx.policy),
            groups=GROUPS,
            subjects=SUBJECTS,
            values=given,
            errors=errors,
        )

    @get("/export", name="audit_export", permission=AuditRight.READ)
    async def ask(self, ctx: Ctx, request: AnyRequest) -> Page:
        """How many entries, and what for."""
        return await ask_purpose(ctx, request, _asking)

    @post("/export", name="audit_export_file", permission=AuditRight.READ)
    async def file(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """What the filter shows; itself an entry of the audit."""
        return await take_along(ctx, request, _asking, _taken)

    @get("/looks", name="audit_looks", permission=AuditRight.READ)
    async def looks(self, ctx: Ctx, request: AnyRequest) -> Page:
        """Who looked at personal records lately, and how often."""
        asked = request.query_params.get("days", "")
        days = next((n for n in _WINDOWS if asked == str(n)), _WINDOWS[0])
        since = ctx.now - timedelta(days=days)
        rows = (await ctx.session.execute(queries.looks(since, limit=_LOOKERS))).all()
        first_day = ctx.tenant.day_of(since)
        return page(
            ctx, "audit/looks.html", rows=rows, days=days, windows=_WINDOWS, since=first_day
        )


async def _asking(ctx: Context, request: AnyRequest) -> Asking:
    asked = convert(dict(request.query_params), Filter)
    count = await queries.count_up_to(ctx, asked.wanted(), _MOST + 1)
    return Asking(
        title=N_("导出审计记录"),
        list=N_("审计"),
        back=url_of(ctx, request, "audit_log", **asked.params()),
        count=count,
        note=N_("记录里只有编号，没有内容。"),
        most=_MOST,
    )


async def _taken(ctx: Context, request: AnyRequest) -> Sheet:
    asked = convert(dict(request.query_params), Filter)
    statement = queries.entries(asked.wanted(), ctx.tenant, after=None, limit=_MOST)
    rows = (await ctx.session.execute(statement)).all()
    words = Words(ctx.policy)
    return Sheet(
        verb="audit.exported",
        subject="audit",
        details={"filter": asked.params()},
        name=N_("审计记录"),
        columns=_COLUMNS,
        lines=[_line(ctx, words, row) for row in rows[:_MOST]],
        more=len(rows) > _MOST,
    )


def _line(ctx: Context, words: Words, row: Any) -> list[str]:
    """In words as on the page, and with the codes, by which a machine finds the same."""
    return [
        str(row.seq),
        f"{ctx.tenant.local(row.at):%Y-%m-%d %H:%M:%S}",
        words.verb(row.verb, row.details or {}),
        row.kind,
        row.verb,
        row.subject_kind,
        str(row.subject_id or ""),
        row.who,
        str(row.account_id or ""),
        row.purpose,
        msgspec.json.encode(row.details).decode() if row.details else "",
    ]
