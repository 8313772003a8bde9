"""The web application: puts the rooms together. One of the few modules that know them all."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from litestar import Litestar, Router
from litestar.config.allowed_hosts import AllowedHostsConfig
from litestar.static_files import create_static_files_router  # pyright: ignore[reportUnknownVariableType]
from litestar.types import ControllerRouterHandler

from gridgov.kernel.db import Database
from gridgov.kernel.settings import Settings
from gridgov.kernel.together import Together
from gridgov.plugins import Plugin, Plugins
from gridgov.policy import Policies
from gridgov.rooms import CONTROLLERS, LIFESPANS, SLOTS, TOGETHER, Opener
from gridgov.rulebook.actions.faults import FaultBook
from gridgov.web.errors import HANDLERS
from gridgov.web.guard import CONTEXT, REGION_CONTEXT, guard, settle
from gridgov.web.headers import dress, surrounded
from gridgov.web.locale import Catalogues
from gridgov.web.shell import Shell
from gridgov.web.slots import Slots
from gridgov.web.urls import PUBLIC, Urls

_LARGEST_BODY = 64 * 1024 * 1024  # six photos of 10 MB; each file has its own limit


def package_folder(name: str) -> Path:
    """Where an installed package lies."""
    return Path(str(files(name)))


def template_folders(root: Path) -> list[Path]:
    """``templates`` of the package and of each of its rooms."""
    return [root / "templates", *sorted(root.glob("*/templates"))]


def create_app(settings: Settings | None = None) -> Litestar:
    """The application for these settings, or for those of the environment."""
    settings = settings or Settings.from_env()
    settings.check()
    database = Database(settings)
    faults = FaultBook(database)
    policies = Policies(tell=faults)
    _leave_out_unmountable(policies.plugins)
    core = package_folder("gridgov")
    shell = Shell(
        template_folders(core),
        {plugin.name: template_folders(plugin.folder) for plugin in policies.plugins},
        Catalogues([core / "locale", *(plugin.folder / "locale" for plugin in policies.plugins)]),
        version("gridgov"),
    )

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncGenerator[None]:
        yield
        await faults.written()
        await database.close()

    handlers: Sequence[ControllerRouterHandler] = [
        *CONTROLLERS,
        *map(_pages_of, policies.plugins),
        _static("/static", core / "web" / "static"),
        *(
            _static(f"/static/{plugin.name}", folder)
            for plugin in policies.plugins
            if (folder := plugin.folder / "static").is_dir()
        ),
    ]
    app = Litestar(
        route_handlers=handlers,
        dependencies={"ctx": CONTEXT, "region": REGION_CONTEXT},
        guards=[guard],
        before_send=[settle, dress],
        exception_handlers=HANDLERS,
        middleware=[surrounded],
        allowed_hosts=AllowedHostsConfig(
            # Compared with the port; behind a proxy there is none.
            allowed_hosts=[
                name for host in settings.hosts for name in (host, f"{host}:{settings.bind_port}")
            ]
        ),
        lifespan=[lifespan, *LIFESPANS],
        openapi_config=None,
        request_max_body_size=_LARGEST_BODY,
        debug=False,
    )
    app.state.update(
        settings=settings,
        database=database,
        policies=policies,
        faults=faults,
        shell=shell,
        urls=Urls(app.routes),
        slots=Slots([*SLOTS, *(slot for one in policies.plugins for slot in one.listed("SLOTS"))]),
        opener=Opener(database, policies, settings, Together(TOGETHER)),
    )
    return app


def _pages_of(plugin: Plugin) -> Router:
    """A plugin's own pages: under its name, and there only where a tenant has it."""
    return Router(
        path=f"/{{tenant:str}}/x/{plugin.name}",
        route_handlers=plugin.listed("CONTROLLERS"),
        opt={"plugin": plugin.name},
    )


def _leave_out_unmountable(plugins: Plugins) -> None:
    """A plugin whose pages cannot be mounted is named and left out; the application starts."""
    for plugin in list(plugins):
        try:
            Litestar(
                [_pages_of(plugin)],
                dependencies={"ctx": CONTEXT, "region": REGION_CONTEXT},
                openapi_config=None,
            )
        except Exception as error:  # somebody else's code: whatever it raises, others go on
            plugins.leave_out(plugin.name, error)


def _static(path: str, folder: Path) -> Router:
    return create_static_files_router(
        path=path, directories=[folder], opt={"permission": PUBLIC}, cache_control=None
    )
