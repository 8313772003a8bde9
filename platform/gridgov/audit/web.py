"""What the auditor sees: who did what on which record, and who looked at whom. No content."""

from datetime import date, timedelta
from typing import Annotated, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post

from gridgov.audit import queries
from gridgov.audit.actions import record
from gridgov.audit.queries import Wanted
from gridgov.audit.types import AuditRight, Kind
from gridgov.audit.wording import Words
from gridgov.audit.words import GROUPS, SUBJECTS
from gridgov.kernel import paging
from gridgov.kernel.errors import Invalid
from gridgov.web.forms import convert, typed
from gridgov.web.guard import Ctx
from gridgov.web.pages import Page, page, say_to
from gridgov.web.tables import csv_of
from gridgov.web.urls import AnyRequest

_PAGE: Final = 50
MOST_EXPORTED: Final = 20_000
_LOOKERS: Final = 200
_WINDOWS: Final = (7, 30, 90)
HEAD: Final = (
    "序号",
    "时间",
    "类别",
    "做了什么",
    "对象",
    "对象编号",
    "谁",
    "账号",
    "目的",
    "说明",
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
        after = given.get("after")
        cursor = paging.decode(after, "i") if after else None
        statement = queries.entries(asked.wanted(), ctx.tenant, after=cursor, limit=_PAGE)
        rows = (await ctx.session.execute(statement)).all()
        return page(
            ctx,
            "audit/log.html",
            status_code=422 if errors else 200,
            rows=rows[:_PAGE],
            older=paging.encode((rows[_PAGE - 1].seq,)) if len(rows) > _PAGE else None,
            first=cursor is None,
            params=asked.params(),
            words=Words(ctx.policy),
            groups=GROUPS,
            subjects=SUBJECTS,
            values=given,
            errors=errors,
            most=MOST_EXPORTED,
        )

    @post("/export", name="audit_export", permission=AuditRight.READ)
    async def export(self, ctx: Ctx, request: AnyRequest) -> Response[bytes]:
        """What the filter shows, as CSV; itself an entry of the audit."""
        asked = convert(await typed(request), Filter)
        statement = queries.entries(asked.wanted(), ctx.tenant, after=None, limit=MOST_EXPORTED)
        rows = (await ctx.session.execute(statement)).all()[:MOST_EXPORTED]
        record(ctx, "audit.exported", "audit", None, entries=len(rows), filter=asked.params())
        table = csv_of(
            tuple(map(say_to(request), HEAD)),
            (
                (
                    row.seq,
                    f"{ctx.tenant.local(row.at):%Y-%m-%d %H:%M:%S}",
                    row.kind,
                    row.verb,
                    row.subject_kind,
                    row.subject_id,
                    row.who,
                    row.account_id,
                    row.purpose,
                    msgspec.json.encode(row.details).decode() if row.details else "",
                )
                for row in rows
            ),
        )
        name = f"audit-{ctx.tenant.slug}-{ctx.tenant.local(ctx.now):%Y%m%d-%H%M}.csv"
        return Response(
            table,
            status_code=200,
            media_type="text/csv",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

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
