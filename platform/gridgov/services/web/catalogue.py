"""The catalogue for staff: looked through, taken along, brought up to a file."""

from functools import partial
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath

from gridgov.context import Context
from gridgov.contract.services import on_behalf
from gridgov.kernel.errors import Invalid, TooLarge
from gridgov.kernel.sentences import N_, Sentence
from gridgov.services.actions.importing import carry_out_import, preview_import
from gridgov.services.queries import catalogue as found
from gridgov.services.queries.importing import imports
from gridgov.services.rules.compare import line
from gridgov.services.rules.filters import filter_groups
from gridgov.services.rules.table import columns_of, needing
from gridgov.services.types import ServiceRight, Wanted
from gridgov.web.exporting import Asking, Sheet, ask_purpose, take_along
from gridgov.web.forms import faults_of, sent
from gridgov.web.guard import Ctx
from gridgov.web.once import done_once, once
from gridgov.web.pages import Page, done, page
from gridgov.web.urls import AnyRequest, url_of

MOST_SHOWN: Final = 200


class Catalogue(Controller):
    """The one catalogue of services."""

    path = "/{tenant:str}/services"

    @get("/", name="services", permission=ServiceRight.READ)
    async def list(self, ctx: Ctx, request: AnyRequest) -> Page:
        """What is offered; ``town`` names the town or village whose items are meant."""
        params = request.query_params
        wanted = Wanted(
            words=params.get("q", "").strip()[:40],
            **{name: params.get(name, "").strip()[:40] for name in ("batch", "department", "flag")},
        )
        numbers = await found.counts(ctx)
        rows, following = await found.items(ctx, wanted, params.get("after", ""))
        given = {
            name: word
            for name in ("q", "batch", "department", "flag")
            if (word := params.get(name, "").strip()[:40])
        }
        address = partial(url_of, ctx, request, "services")
        return page(
            ctx,
            "services/catalogue.html",
            rows=rows,
            numbers=numbers,
            flags=ctx.policy.county.service_flags,
            flag_names={flag.code: flag.name for flag in ctx.policy.ever.service_flags},
            batch_names={batch.code: batch.name for batch in ctx.policy.ever.service_batches},
            groups=filter_groups(ctx.policy.ever, wanted, numbers, address),
            wanted=wanted,
            deep=bool(params.get("after")),
            first=address(**given),
            older=address(**given, after=following) if following else "",
        )

    @get("/import", name="services_import", permission=ServiceRight.MAINTAIN)
    async def ask(self, ctx: Ctx) -> Page:
        """Choosing a file, with what the columns mean."""
        return await _form(ctx)

    @post("/import", name="services_preview", permission=ServiceRight.MAINTAIN)
    async def preview(self, ctx: Ctx, request: AnyRequest) -> Page:
        """Every fault by its cell, or what would be added, changed and closed."""
        try:
            name, data = await _file(request)
            shown = await preview_import(ctx, data, name=name)
        except (Invalid, TooLarge) as fault:
            return await _form(ctx, errors=faults_of(fault, otherwise="file"))
        return page(
            ctx,
            "services/preview.html",
            status_code=422 if shown.faults else 200,
            file=name,
            shown=shown,
            most=MOST_SHOWN,
        )

    @post("/import/{import_id:uuid}", name="services_carry_out", permission=ServiceRight.MAINTAIN)
    async def carry_out(
        self, ctx: Ctx, request: AnyRequest, import_id: FromPath[UUID]
    ) -> Response[Any]:
        """Bring the catalogue to the file that was looked at."""
        if first := await once(ctx, request):
            return done(request, first)
        changes = await carry_out_import(ctx, import_id)
        to = url_of(ctx, request, "services")
        return await done_once(
            ctx, request, to, said=Sentence("目录已更新：改动 {n} 项。", n=len(changes))
        )

    @get("/export", name="services_export", permission=ServiceRight.READ)
    async def ask_export(self, ctx: Ctx, request: AnyRequest) -> Page:
        """What the catalogue is taken along for."""
        return await ask_purpose(ctx, request, _asking)

    @post("/export", name="services_export_file", permission=ServiceRight.READ)
    async def export(self, ctx: Ctx, request: AnyRequest) -> Response[Any]:
        """The whole catalogue as a file that can be changed and brought back."""
        return await take_along(ctx, request, _asking, _taken)

    @get("/item/{item_id:uuid}", name="service", permission=ServiceRight.READ)
    async def item(self, ctx: Ctx, item_id: FromPath[UUID]) -> Page:
        """One item as residents read it, with what staff can do about it."""
        guide = await found.guide_of(ctx, item_id)
        batches = {batch.code: batch for batch in ctx.policy.ever.service_batches}
        batch = batches.get(guide.item.batch)
        return page(
            ctx,
            "services/item.html",
            guide=guide,
            batch=batch,
            flags=[flag for flag in ctx.policy.ever.service_flags if flag.code in guide.item.flags],
            may_assist=bool(
                ctx.actor.may(ServiceRight.ASSIST)
                and on_behalf(ctx.policy.county.service_flags) in guide.item.flags
                and batch
                and batch.category
                and not guide.closed
            ),
        )


def _width(limit: int) -> int:
    return max(10, min(limit // 3, 40))


async def _taken(ctx: Context, _: AnyRequest) -> Sheet:
    items = await found.catalogue(ctx)
    columns = columns_of(ctx.policy.county.service_flags)
    return Sheet(
        verb="service.catalogue_exported",
        subject="service_catalogue",
        name=N_("服务事项目录"),
        columns=[(column.head, _width(column.limit)) for column in columns],
        lines=[line(item, columns) for item in items.values()],
        returns=True,
    )


async def _asking(ctx: Context, request: AnyRequest) -> Asking:
    numbers = await found.counts(ctx)
    return Asking(
        title=N_("导出服务事项目录"),
        list=N_("服务事项"),
        back=url_of(ctx, request, "services"),
        count=numbers.whole,
        note=N_("整本目录，改好以后可以再导入。"),
    )


async def _file(request: AnyRequest) -> tuple[str, bytes]:
    """The file that was sent, with its name."""
    for part in (await sent(request)).getall("file", []):
        if isinstance(part, UploadFile) and (data := await part.read()):
            return part.filename, data
    raise Invalid(fields={"file": "请选一个文件。"})


async def _form(ctx: Context, errors: dict[str, str] | None = None) -> Page:
    columns = columns_of(ctx.policy.county.service_flags)
    heads = {column.name: column.head for column in columns}
    return page(
        ctx,
        "services/import.html",
        status_code=422 if errors else 200,
        columns=columns,
        needs=[
            needing(flag, heads[name])
            for flag in ctx.policy.county.service_flags
            for name in flag.needs
        ],
        imports=await imports(ctx),
        batches=ctx.policy.county.service_batches,
        values={},
        errors=errors or {},
    )
