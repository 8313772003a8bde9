"""What holds for every route and every template of the running application."""

import re
from types import SimpleNamespace

from litestar import Litestar
from litestar.routes import HTTPRoute

from gridgov.app import create_app
from gridgov.plugins import Plugin, Plugins
from gridgov.web.urls import PUBLIC, SIGNED_IN

NAME = r"[a-z]+(_[a-z]+)*"


def handlers(app: Litestar):
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                if not handler.opt.get("is_static") and handler.http_methods != {"OPTIONS"}:
                    yield route, handler


def test_every_route_names_a_permission(app):
    silent = [route.path for route, handler in handlers(app) if not handler.opt.get("permission")]
    assert silent == []


def test_every_permission_is_one_that_some_role_can_hold(app):
    """A right that no county's role gives would make a page that nobody can open."""
    held = {
        right
        for plugin in app.state.policies.plugins
        for role in app.state.policies.of([plugin.name]).county.roles
        for right in role.rights
    }
    asked = {str(handler.opt["permission"]) for _, handler in handlers(app)}
    assert asked - held - {PUBLIC, SIGNED_IN, "region"} == set()


def test_names_of_pages_are_of_one_style(app):
    """Links, navigation and slots go by them; words are joined by underscores, as in code."""
    named = {handler.name for _, handler in handlers(app)} - {None, "static/head"}  # Litestar's own
    assert {name for name in named if not re.fullmatch(NAME, name)} == set()


def test_no_answer_is_cached_by_the_framework(app):
    """Litestar's response cache knows neither tenant nor actor (trust.md 0.3)."""
    assert [route.path for route, handler in handlers(app) if handler.cache] == []


def test_no_route_tells_about_the_application(app):
    assert [route.path for route, _ in handlers(app) if "schema" in route.path] == []


def test_every_template_compiles(app):
    environment = app.state.shell._environments["zh"]  # noqa: SLF001
    for name in environment.list_templates(extensions=["html"]):
        environment.get_template(name)


def test_every_named_page_of_the_navigation_exists_or_is_left_out(app):
    for plugin in app.state.policies.plugins:
        county = app.state.policies.of([plugin.name]).county
        entries = [entry for place in county.navigation for _, entry in place.entries]
        assert entries
        assert [entry for entry in entries if entry in app.state.urls._named]  # noqa: SLF001


async def test_the_page_of_components_opens_in_the_demo(client):
    page = await client.get("/_components")

    assert page.status_code == 200
    assert page.text.count('class="specimen"') > 5


async def test_a_plugin_whose_pages_cannot_be_mounted_is_left_out_and_named(settings, monkeypatch):
    def installed(_=None):
        module = SimpleNamespace(CONTROLLERS=["no controller"], __file__=__file__)
        return Plugins({**found.loaded, "broken": Plugin("broken", module)}, found.left_out)

    found = Plugins.installed()
    monkeypatch.setattr(Plugins, "installed", installed)

    app = create_app(settings)

    plugins = app.state.policies.plugins
    assert "broken" not in plugins
    assert plugins.left_out["broken"].startswith("broken: ")
    assert "liling" in plugins
    await app.state.database.close()
