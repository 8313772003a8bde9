"""The lists that the county works by: seen, printed, taken along, changed row by row."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.context import Context
from gridgov.contract.declarations import ASSUMPTION
from gridgov.contract.lists import CountyList
from gridgov.kernel.errors import NotFound
from gridgov.kernel.sentences import N_, Sentence
from gridgov.rulebook.queries.lists import Desk, desk, rows_of
from gridgov.rulebook.rules.lists import (
    ADDED,
    COLUMNS,
    HEADINGS,
    differing,
    version_at,
    versions,
)
from gridgov.rulebook.types import ListRow, ListVersion, RowChange, RulebookRight
from gridgov.web.exporting import Asking, Sheet, ask_purpose, take_along
from gridgov.web.guard import Ctx
from gridgov.web.pages import Page, page
from gridgov.web.urls import AnyRequest, url_of


@dataclass(frozen=True, slots=True)
class Looked:
    """A list at a moment: its declaration, versions and rows, and what they were made from."""

    one: CountyList
    found: Desk
    known: list[ListVersion]
    version: ListVersion | None
    rows: list[ListRow]


class Lists(Controller):
    """The lists that the county works by, each with its versions."""

    path = "/{tenant:str}/lists"

    @get("/", name="lists", permission=RulebookRight.LISTS)
    async def index(self, ctx: Ctx) -> Page:
        """All lists with the version that holds, and the standing rules that go with them."""
        found = await desk(ctx, ctx.now)
        lists = [
            (
                one,
                version_at(versions(one.code, ctx.policy.editions, ctx.policy.changes), ctx.now),
                sum(not row.fixed for row in rows_of(found, one.code)),
            )
            for one in ctx.policy.ever.lists
        ]
        practices = ctx.policy.county.practices
        return page(
            ctx, "rulebook/lists.html", called=called(ctx), lists=lists, practices=practices
        )

    @get("/{list_code:str}", name="list", permission=RulebookRight.LISTS)
    async def show(self, ctx: Ctx, request: AnyRequest, list_code: FromPath[str]) -> Page:
        """A list as it stands, or in the version that is asked for, narrowed to some words."""
        looked = await _look(ctx, request, list_code)
        return page(
            ctx,
            "rulebook/list.html",
            **_shown(ctx, looked),
            q=_asked(request),
            now_at=version_at(looked.known, ctx.now),
            may_change=ctx.actor.may(RulebookRight.CHANGE),
            added=list_code in ADDED,
            changed=_changed(looked) if request.query_params.get("version") else [],
        )

    @get("/{list_code:str}/sheet", name="list_sheet", permission=RulebookRight.LISTS)
    async def sheet(self, ctx: Ctx, request: AnyRequest, list_code: FromPath[str]) -> Page:
        """To be pinned up."""
        looked = await _look(ctx, request, list_code)
        back = url_of(ctx, request, "list", list_code=list_code)
        return page(ctx, "rulebook/list_sheet.html", **_shown(ctx, looked), back=back)

    @get("/{list_code:str}/export", name="list_export", permission=RulebookRight.LISTS)
    async def ask(self, ctx: Ctx, request: AnyRequest, list_code: FromPath[str]) -> Page:
        """What for."""
        return await ask_purpose(ctx, request, _asking, list_code)

    @post("/{list_code:str}/export", name="list_file", permission=RulebookRight.LISTS)
    async def file(self, ctx: Ctx, request: AnyRequest, list_code: FromPath[str]) -> Response[Any]:
        """The list as a spreadsheet."""
        return await take_along(ctx, request, _asking, _taken, list_code)


def called(ctx: Context) -> str:
    """What the county calls all of them together: as its navigation does."""
    places = ctx.policy.county.navigation
    found = (label for one in places for label, route in one.entries if route == "lists")
    return next(found, N_("清单和制度"))


def _declared(ctx: Context, code: str) -> CountyList:
    found = next((one for one in ctx.policy.ever.lists if one.code == code), None)
    if found is None:
        raise NotFound
    return found


def _asked(request: AnyRequest) -> str:
    return str(request.query_params.get("q", "")).strip()[:40]


async def _look(ctx: Context, request: AnyRequest, code: str) -> Looked:
    one = _declared(ctx, code)
    known = versions(code, ctx.policy.editions, ctx.policy.changes)
    wanted = str(request.query_params.get("version", ""))
    version = next((v for v in known if str(v.number) == wanted), version_at(known, ctx.now))
    holds = version is None or version == version_at(known, ctx.now)
    found = await desk(ctx, ctx.now if holds or version is None else version.at)
    words = _asked(request).split()
    rows = [
        row
        for row in rows_of(found, code)
        if all(word in " ".join((row.group, row.code, *row.cells)) for word in words)
    ]
    return Looked(one, found, known, version, rows)


def _changed(looked: Looked) -> list[RowChange]:
    """What the version says otherwise than the one before it; of what a plugin brought, nothing."""
    if looked.version is None or not looked.version.id:
        return []
    then, code = replace(looked.found, at=looked.version.at), looked.one.code
    before = replace(then, at=then.at - timedelta.resolution)
    return differing(code, rows_of(before, code), rows_of(then, code))


def _shown(ctx: Context, looked: Looked) -> dict[str, Any]:
    groups: dict[str, list[ListRow]] = {}
    for row in looked.rows:
        groups.setdefault(row.group, []).append(row)
    return {
        "called": called(ctx),
        "list": looked.one,
        "lists": ctx.policy.ever.lists,
        "versions": looked.known,
        "shown": looked.version,
        "groups": groups,
        "count": sum(not row.fixed for row in looked.rows),
        "columns": COLUMNS[looked.one.code],
        "assumption": ASSUMPTION,
    }


async def _taken(ctx: Context, request: AnyRequest, code: str) -> Sheet:
    looked = await _look(ctx, request, code)
    return Sheet(
        verb="lists.exported",
        subject="lists",
        details={"list": code},
        name=looked.one.name,
        columns=((HEADINGS[code], 16), *COLUMNS[code], (N_("依据"), 30)),
        lines=[(row.group, *row.cells, row.document or row.source) for row in looked.rows],
    )


async def _asking(ctx: Context, request: AnyRequest, code: str) -> Asking:
    looked = await _look(ctx, request, code)
    params = {name: request.query_params.get(name) for name in ("version", "q")}
    return Asking(
        title=Sentence("导出{name}", name=looked.one.name),
        list=looked.one.name,
        back=url_of(ctx, request, "list", list_code=code, **params),
        count=len(looked.rows),
    )
