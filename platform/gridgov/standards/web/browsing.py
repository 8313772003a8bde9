"""All places against all items: on one page, on the map, on paper, and as a spreadsheet."""

from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from gridgov.context import Context
from gridgov.grid.queries.nodes import node_seen
from gridgov.grid.queries.shapes import shapes_below
from gridgov.grid.types import GridRight
from gridgov.kernel.sentences import N_, Sentence
from gridgov.standards.queries import claimed, marks_under, sites
from gridgov.standards.types import StandardRight
from gridgov.standards.web.asking import STATES, Group, Line, Matrix, filters, lines_of, matrix_of
from gridgov.web.exporting import Asking, Sheet, ask_purpose, take_along
from gridgov.web.guard import Ctx
from gridgov.web.maps import drawing
from gridgov.web.pages import Page, page, part, say_to
from gridgov.web.slots import Slot
from gridgov.web.urls import AnyRequest, url_of

SLOTS: Final = (Slot(page="station", route="standard_of_node", title="建设标准", order=20),)
_GRADES: Final = 5


class StandardPages(Controller):
    """A standard over all places."""

    path = "/{tenant:str}/standards"

    @get("/", name="standards", permission=GridRight.READ)
    async def matrix(self, ctx: Ctx, request: AnyRequest) -> Page:
        """Sites and items; everything about it stands in the address."""
        found = await matrix_of(ctx, request)
        waiting = await claimed(ctx, found.standard) if _may_confirm(ctx) else []
        return page(
            ctx,
            "standards/matrix.html",
            **_shown(ctx, request, found),
            standards=[
                {
                    "label": one.name,
                    "url": url_of(ctx, request, "standards", standard=one.code),
                    "current": one.code == found.standard.code,
                }
                for one in ctx.policy.ever.standards
            ],
            filters=filters(ctx, request, found),
            waiting=len(waiting),
            clear=url_of(ctx, request, "standards", standard=found.standard.code),
        )

    @get("/sheet", name="standards_sheet", permission=GridRight.READ)
    async def sheet(self, ctx: Ctx, request: AnyRequest) -> Page:
        """The same on paper."""
        found = await matrix_of(ctx, request)
        back = url_of(ctx, request, "standards", **found.asked.but())
        return page(ctx, "standards/sheet.html", **_shown(ctx, request, found), back=back)

    @get("/map", name="standards_map", permission=GridRight.READ)
    async def map(self, ctx: Ctx, request: AnyRequest) -> Page:
        """How much is confirmed, by the tops that the sites lie under."""
        found = await matrix_of(ctx, request)
        item = found.asked.get("item")
        return page(
            ctx,
            "standards/map.html",
            **_shown(ctx, request, found),
            shapes=url_of(ctx, request, "standards_shapes", **found.asked.but()),
            items=[
                {
                    "label": label,
                    "url": url_of(ctx, request, "standards_map", **found.asked.but(item=code)),
                    "current": code == item,
                }
                for code, label in [
                    ("", N_("全部")),
                    *((one.code, one.name) for one in found.standard.items),
                ]
            ],
            rows=[_of_group(found, group) for group in found.groups],
        )

    @get("/shapes", name="standards_shapes", permission=GridRight.READ)
    async def shapes(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """Those tops as shapes, tinted by their share, GeoJSON."""
        found = await matrix_of(ctx, request)
        level = next((line.site.level for line in found.lines), "")
        say = say_to(request)
        shares = {group.path: _of_group(found, group) for group in found.groups}
        drawn = await shapes_below(ctx, "", level) if level else []
        features = [
            {
                "type": "Feature",
                "id": str(shape.node.id),
                "properties": {
                    "name": f"{shape.node.name} {share['percent']}%",
                    "words": say(_words(share)),
                    "grade": share["percent"] * _GRADES // 100,
                    "url": url_of(
                        ctx, request, "standards", **found.asked.but(town=shape.node.path)
                    ),
                },
                "geometry": shape.geometry,
            }
            for shape in drawn
            if (share := shares.get(shape.node.path))
        ]
        return drawing(features)

    @get("/export", name="standards_export", permission=GridRight.READ)
    async def ask(self, ctx: Ctx, request: AnyRequest) -> Page:
        """What would be taken along, and for what."""
        return await ask_purpose(ctx, request, _asking)

    @post("/export", name="standards_export_file", permission=GridRight.READ)
    async def file(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """The spreadsheet. The audit keeps who, what for, which filter and how many rows."""
        return await take_along(ctx, request, _asking, _taken)

    @get("/at/{node_id:uuid}", name="standard_of_node", permission=GridRight.READ)
    async def of_node(self, ctx: Ctx, request: AnyRequest, node_id: FromPath[UUID]) -> Page:
        """What a node has itself, and how it stands with the places below: for other pages."""
        node = await node_seen(ctx, node_id)
        standard = next(iter(ctx.policy.ever.standards), None)
        lines: tuple[Line, ...] = ()
        if standard is not None:
            held = await sites(ctx, standard, path=node.path)
            lines = lines_of(standard, held, await marks_under(ctx, standard, node.path))
        own = next((line for line in lines if line.site.id == node.id), None)
        below = [line for line in lines if line.site.id != node.id]
        return part(
            ctx,
            request,
            "standards/_node.html",
            title=node.name,
            back=url_of(ctx, request, "station", node_id=node.id),
            standard=standard,
            node=node,
            own=own,
            below=below,
            complete=sum(line.confirmed == len(line.states) for line in below),
            states=STATES,
        )


def _may_confirm(ctx: Context) -> bool:
    return ctx.actor.may(StandardRight.CONFIRM)


def _shown(ctx: Context, request: AnyRequest, found: Matrix) -> dict[str, Any]:
    """What matrix, sheet and map have in common."""
    return {
        "standard": found.standard,
        "asked": found.asked,
        "groups": found.groups,
        "count": len(found.chosen),
        "total": len(found.lines),
        "share": found.share(found.chosen),
        "by_item": found.by_item,
        "states": STATES,
        "base": url_of(ctx, request, "standards").rstrip("/"),
        "links": {
            name: url_of(ctx, request, name, **found.asked.but())
            for name in ("standards", "standards_map", "standards_sheet", "standards_export")
        },
    }


def _of_group(found: Matrix, group: Group) -> dict[str, Any]:
    """A top's share: of the item that is asked for, or of all."""
    codes = [item.code for item in found.standard.items]
    item = found.asked.get("item")
    if item:
        place = codes.index(item)
        done = sum(line.states[place] == "confirmed" for line in group.lines)
        asked = len(group.lines)
    else:
        done, asked = group.share.confirmed, group.share.asked
    percent = 100 * done // asked if asked else 0
    return {
        "path": group.path,
        "name": group.name,
        "done": done,
        "asked": asked,
        "percent": percent,
    }


def _words(share: dict[str, Any]) -> str:
    return Sentence("应有 {asked} 项，已认定 {done} 项", asked=share["asked"], done=share["done"])


async def _taken(ctx: Context, request: AnyRequest) -> Sheet:
    found = await matrix_of(ctx, request)
    return Sheet(
        verb="standard.exported",
        subject="standard_list",
        details={"filter": found.asked.but()},
        name=found.standard.name,
        columns=(
            (N_("所属"), 16),
            (N_("地方"), 22),
            (N_("编码"), 16),
            *((item.name, 14) for item in found.standard.items),
            (N_("已认定"), 9),
        ),
        lines=[
            [
                group.name,
                line.site.name,
                line.site.code,
                *(STATES[state] for state in line.states),
                f"{line.confirmed}/{len(line.states)}",
            ]
            for group in found.groups
            for line in group.lines
        ],
    )


async def _asking(ctx: Context, request: AnyRequest) -> Asking:
    found = await matrix_of(ctx, request)
    return Asking(
        title=Sentence("导出{standard}", standard=found.standard.name),
        list=found.standard.name,
        back=url_of(ctx, request, "standards", **found.asked.but()),
        count=len(found.chosen),
    )
