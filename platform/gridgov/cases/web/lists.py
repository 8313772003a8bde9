"""Lists of cases: the work list, what I reported, ledgers, and what waits for a decision."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Controller, get
from litestar.params import FromPath

from gridgov.cases.queries.choosing import categories
from gridgov.cases.queries.circulars import CIRCULARS
from gridgov.cases.queries.ledgers import (
    DECIDES,
    Entry,
    Waiting,
    called,
    codes_by_effect,
    ledger,
    waiting,
)
from gridgov.cases.queries.platforms import departments_named, of_platform, open_by_light
from gridgov.cases.queries.suggesting import department_names
from gridgov.cases.queries.tallies import tally
from gridgov.cases.queries.units import Units, top_of, units
from gridgov.cases.queries.worklist import CaseFilter, Worklist, departments_of, worklist
from gridgov.cases.types import LIGHTS, CaseRight, RequestKind
from gridgov.cases.web import filters
from gridgov.cases.web.looking import looked_at
from gridgov.cases.web.showing import kind_of, light_code, shown, state_name
from gridgov.context import Context
from gridgov.contract.stations import Platform
from gridgov.grid.queries.history import redivided
from gridgov.grid.queries.nodes import line_of
from gridgov.grid.types import THEN
from gridgov.kernel.sentences import joined
from gridgov.web.guard import Ctx
from gridgov.web.pages import Page, page, piece
from gridgov.web.urls import AnyRequest, url_of

AFTER = "after"


class CaseLists(Controller):
    """Cases as lines."""

    path = "/{tenant:str}/cases"

    @get("/", name="cases", permission=CaseRight.READ)
    async def list(self, ctx: Ctx, request: AnyRequest) -> Page:
        """The work list: everything about it stands in the address."""
        wanted = filters.asked(ctx, request)
        top = top_of(ctx.actor, CaseRight.READ)
        here = wanted.get("place") or top
        found = await worklist(ctx, filters.filter_of(wanted), _cursor(request))
        known = await units(ctx, [row.node_path for row in found.rows], below=here)
        numbers = await tally(ctx, here, then=wanted.then)
        place = wanted.get("place")
        line = await line_of(ctx, place) if wanted.then else known.line(place)
        differ = bool(place) and await redivided(ctx)
        return page(
            ctx,
            "cases/list.html",
            **await _lines(ctx, request, found, known),
            wanted=wanted,
            platform=wanted.platform,
            of_platform=await departments_named(ctx, wanted.platform.departments)
            if wanted.platform
            else {},
            open=await _open(ctx, wanted, wanted.platform) if wanted.platform else numbers.open,
            groups=filters.groups(ctx, request, wanted, numbers=numbers, known=known),
            crumbs=filters.place_crumbs(ctx, request, wanted, line=line, top=top),
            differ=differ,
            as_now=url_of(ctx, request, "cases", **wanted.but(grid="")),
            as_then=url_of(ctx, request, "cases", **wanted.but(grid=THEN)),
            departments=await department_names(ctx),
            categories=categories(ctx, groups=True),
            urgencies=[(u.code, u.name) for u in ctx.policy.county.urgencies],
            first=url_of(ctx, request, "cases", **wanted.but()),
            older=_older(ctx, request, "cases", found, **wanted.but()),
            export=url_of(ctx, request, "cases_export", **wanted.but()),
            deep=bool(_cursor(request)),
        )

    @get("/platforms", name="platforms", permission=CaseRight.READ)
    async def platforms(self, ctx: Ctx, request: AnyRequest) -> Page:
        """The named worklists of one engine: departments, open cases by light, the way in."""
        declared = ctx.policy.county.platforms
        lights = await open_by_light(ctx, [of_platform(one) for one in declared])
        codes = [code for one in declared for code in one.departments]
        names = await departments_named(ctx, list(dict.fromkeys(codes)))
        return page(
            ctx,
            "cases/platforms.html",
            platforms=[
                {
                    "platform": one,
                    "url": url_of(ctx, request, "cases", platform=one.code),
                    "departments": joined(names[c] for c in one.departments if c in names),
                    "total": sum(counts.values()),
                    "lights": [
                        (
                            light,
                            counts[light],
                            url_of(ctx, request, "cases", platform=one.code, light=light),
                        )
                        for light in LIGHTS
                        if counts.get(light)
                    ],
                }
                for one, counts in zip(declared, lights, strict=True)
            ],
        )

    @get("/mine", name="my_cases", permission=CaseRight.REPORT)
    async def mine(self, ctx: Ctx, request: AnyRequest) -> Page:
        """What I reported myself, the newest first."""
        found = await worklist(ctx, CaseFilter(reported=True), _cursor(request))
        known = await units(ctx, [row.node_path for row in found.rows])
        return page(
            ctx,
            "cases/mine.html",
            **await _lines(ctx, request, found, known),
            first=url_of(ctx, request, "my_cases"),
            older=_older(ctx, request, "my_cases", found),
            deep=bool(_cursor(request)),
        )

    @get("/preview/{case_id:uuid}", name="case_preview", permission=CaseRight.READ)
    async def preview(self, ctx: Ctx, request: AnyRequest, case_id: FromPath[UUID]) -> Page:
        """One case beside the list: a piece, or a link to the page where there is no script."""
        return piece(ctx, "cases/_preview.html", **await looked_at(ctx, request, case_id))


class Ledgers(Controller):
    """What was done, in order, for those who watch over it."""

    path = "/{tenant:str}"

    @get("/bounces", name="bounces", permission=CaseRight.OVERVIEW)
    async def bounces(self, ctx: Ctx, request: AnyRequest) -> Page:
        """退单台账: every case that a department gave back, with its reason."""
        entries, after = await ledger(ctx, codes_by_effect(ctx, "return"), _cursor(request))
        names = dict(await department_names(ctx))
        return _ledger(ctx, request, "bounces", entries=entries, after=after, names=names)

    @get("/supervision", name="supervision", permission=CaseRight.OVERVIEW)
    async def supervision(self, ctx: Ctx, request: AnyRequest) -> Page:
        """督办台账: what was put on the list, by whom and why, and what has been struck off."""
        still = request.query_params.get("all") is None
        codes = codes_by_effect(ctx, "supervise")
        entries, after = await ledger(ctx, codes, _cursor(request), still=still)
        circulars = ctx.policy.called("circulars", CIRCULARS)
        return _ledger(
            ctx,
            request,
            "supervision",
            entries=entries,
            after=after,
            still=still,
            circulars=circulars,
            supervised=called(ctx, "supervise"),
            struck_off=called(ctx, "strike_off"),
        )

    @get("/requests", name="requests", permission=CaseRight.APPROVE)
    async def requests(self, ctx: Ctx, request: AnyRequest) -> Page:
        """What waits for my decision, the oldest first."""
        asked = [_to_decide(ctx, request, one) for one in await waiting(ctx)]
        return page(ctx, "cases/requests.html", asked=asked)


async def _lines(
    ctx: Context, request: AnyRequest, found: Worklist, known: Units
) -> dict[str, Any]:
    departments = await departments_of(ctx, [row.id for row in found.rows])
    return {"rows": shown(ctx, request, found.rows, known=known, departments=departments)}


def _cursor(request: AnyRequest) -> str:
    return str(request.query_params.get(AFTER, ""))


def _older(
    ctx: Context, request: AnyRequest, name: str, found: Worklist, **params: str | None
) -> str:
    return url_of(ctx, request, name, **params, after=found.next) if found.next else ""


def _ledger(
    ctx: Context,
    request: AnyRequest,
    name: str,
    *,
    entries: list[Entry],
    after: str,
    names: Mapping[str, str] | None = None,
    **more: Any,
) -> Page:
    rows = [
        {
            "entry": entry,
            "departments": joined(
                (names or {}).get(str(one), "") for one in entry.details.get("departments", ())
            ),
            "url": url_of(ctx, request, "case", case_id=entry.case_id),
            "light": light_code(entry.light(ctx.now), entry.ends),
            "state": state_name(ctx, entry.kind, entry.kind_version, entry.state),
        }
        for entry in entries
    ]
    older = url_of(ctx, request, name, after=after) if after else ""
    first = url_of(ctx, request, name) if _cursor(request) else ""
    return page(ctx, f"cases/{name}.html", rows=rows, older=older, first=first, **more)


def _to_decide(ctx: Context, request: AnyRequest, one: Waiting) -> dict[str, Any]:
    kind = kind_of(ctx, one.kind, one.kind_version)
    grants, refuses = DECIDES[RequestKind(one.asked)]
    ways = [
        {
            "label": action.name,
            "url": url_of(ctx, request, "case_action", case_id=one.case_id, action=action.code),
            "grants": action.effect == grants,
        }
        for action in kind.actions
        if action.effect in {grants, refuses}
    ]
    return {
        "one": one,
        "url": url_of(ctx, request, "case", case_id=one.case_id),
        "light": light_code(one.light(ctx.now), one.ends),
        "mine": one.asked_by == ctx.actor.account_id,
        "ways": ways,
    }


async def _open(ctx: Context, wanted: filters.Asked, platform: Platform) -> int:
    """How many of a platform's are open at the place that is looked at."""
    here = CaseFilter(path=wanted.get("place"), then=wanted.then)
    (lights,) = await open_by_light(ctx, [of_platform(platform)], among=here)
    return sum(lights.values())
