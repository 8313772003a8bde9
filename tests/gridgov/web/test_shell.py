"""The macros and shells, rendered without an application."""

import gc
import re
import weakref
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

import gridgov.web
from gridgov.web.assets import ICONS, STATIC
from gridgov.web.components import LONG, specimens
from gridgov.web.locale import Catalogues
from gridgov.web.shell import Shell
from gridgov.web.words import FILTERS, plain

TEMPLATES = Path(gridgov.web.__file__).parent / "templates"
CHECKOUT = Path(gridgov.web.__file__).parents[3]
NOW = datetime(2026, 3, 5, 6, 20, tzinfo=UTC)
FORBIDDEN = re.compile(
    r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|\shx-on|javascript:", re.IGNORECASE
)


@pytest.fixture
def shell():
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(_=plain, version="1")
    environment.filters.update(FILTERS)
    return environment


@pytest.fixture
def given():
    tenant = SimpleNamespace(name="示范市", brand={"accent": "zitan", "mark": "示"})
    actor = SimpleNamespace(name="测试·王一", title="值班", account_id="0")
    places = [
        SimpleNamespace(
            label=f"第{number}处",
            icon="map",
            url=f"/{number}",
            current=number == 1,
            here=number == 1,
            entries=(),
        )
        for number in range(7)
    ]
    return {
        "ctx": SimpleNamespace(tenant=tenant, actor=actor, now=NOW, locale="zh"),
        "url": lambda name, **_params: f"/{name}",
        "opens": lambda _name: True,
        "csrf_token": "token-1",
        "unread": 120,
        "nav": places,
        "now": NOW,
        "said": "",
    }


PAGE = """{% extends "web/layout.html" %}{% import "web/ui.html" as ui with context %}
{% block title %}试{% endblock %}{% block content %}BODY{% endblock %}"""


def page(shell, given, body, **values):
    return shell.from_string(PAGE.replace("BODY", body)).render(given | values)


@pytest.mark.parametrize(
    "name", sorted(str(file.relative_to(TEMPLATES)) for file in TEMPLATES.rglob("*.html"))
)
def test_every_template_compiles_and_holds_no_inline_code(shell, name):
    shell.get_template(name)

    assert FORBIDDEN.findall((TEMPLATES / name).read_text(encoding="utf-8")) == []


def test_the_page_of_components_shows_everything(shell, given):
    html = shell.get_template("web/components.html").render(given | specimens(NOW) | {"ctx": None})

    assert FORBIDDEN.findall(html) == []
    assert html.count(LONG) > 5


def test_every_icon_that_is_asked_for_is_in_the_sprite():
    pages = [*CHECKOUT.glob("platform/**/*.html"), *CHECKOUT.glob("plugins/**/*.html")]
    asked = {
        name
        for file in [*pages, *(STATIC / "js").glob("*.js")]
        for call in re.findall(r"\bicon(?:_name=|\()([^)}]*)", file.read_text(encoding="utf-8"))
        for name in re.findall(r'^"([a-z0-9-]+)"|(?:if|else) "([a-z0-9-]+)"', call)
        for name in name
        if name
    }

    assert asked - set(ICONS) - {"done", "stop", "law"} == set()


def test_the_shell_shows_four_places_on_the_phone_and_more(shell, given):
    html = page(shell, given, "")

    assert html.count("nav-late") == 3
    assert html.count('aria-current="page"') == 1
    assert "99+" in html
    assert 'data-accent="zitan"' in html
    assert "测试·王一 2026年3月5日" in html


def test_what_a_role_may_not_open_is_absent(shell, given):
    def address(name, **_params):
        return {"log_out": "/out", "language": "/language"}[name]

    html = page(shell, given | {"opens": lambda _name: False, "url": address}, "")

    assert "提意见" not in html
    assert "通知" not in html.split("</header>")[0].split("<header")[1]


def test_what_a_page_was_given_is_gone_when_it_is_written(tmp_path):
    """And not when the garbage collector looks: it would have to look all the time."""
    own = Shell([TEMPLATES, tmp_path], {}, Catalogues([]), "1")
    macros = '{% from "web/macros/act.html" import link_button with context %}'
    (tmp_path / "own.html").write_text(macros + "{{ link_button(row.name, '/to') }}", "utf-8")

    class Row:
        name = "井盖"

    row = Row()
    gone = weakref.ref(row)
    gc.disable()
    try:
        html = own.render("own.html", "zh", {"row": row})
        del row
        assert "井盖" in html
        assert gone() is None
    finally:
        gc.enable()


def test_what_people_write_is_escaped(shell, given):
    canary = "<img src=x onerror=alert(1)>{{7*7}}"
    given["ctx"].actor.name = canary

    html = page(
        shell, given, "{{ ui.toast(words) }}{{ ui.area('a', words, value=words) }}", words=canary
    )

    assert "<img src=x" not in html
    assert "49" not in html


def test_a_form_carries_the_token_and_an_operation(shell, given):
    html = page(shell, given, "{{ ui.form_open('/to', target='#x') }}{{ ui.form_close() }}")

    assert '<input type="hidden" name="_csrf" value="token-1">' in html
    assert '<input type="hidden" name="_op" value="">' in html
    assert 'hx-post="/to" hx-target="#x"' in html


def test_a_refused_field_keeps_its_text_and_says_why(shell, given):
    html = page(
        shell,
        given,
        "{{ ui.error_summary() }}{{ ui.text('name', '名字') }}{{ ui.text('other', '别的') }}",
        values={"name": "太长的名字"},
        errors={"name": "写得太长了。"},
    )

    assert 'href="#f-name"' in html
    assert 'value="太长的名字"' in html
    assert html.count('aria-invalid="true"') == 1
    assert html.count("写得太长了。") == 2


def test_a_phone_number_is_never_a_draft(shell, given):
    assert "data-private" in page(shell, given, "{{ ui.phone('phone', '电话') }}")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("green", "正常"),
        ("yellow", "将到期"),
        ("red", "已超期"),
        ("paused", "已暂停"),
        ("done", "已办结"),
        ("none", "不计时"),
    ],
)
def test_a_light_is_colour_and_shape_and_word(shell, given, code, words):
    html = page(shell, given, "{{ ui.light(code) }}", code=code)

    assert f'data-light="{code}"' in html
    assert words in html
    assert "light-shape" in html


def test_hidden_and_missing_look_alike(shell, given):
    pages = [
        shell.get_template("web/error.html").render(
            given
            | {
                "status": status,
                "sentence": sentence,
                "error_id": "",
                "why_url": "/why",
                "home_url": "/",
            }
        )
        for status, sentence in ((403, "您的岗位没有这项权限。"), (404, ""))
    ]

    assert pages[0] == pages[1]
    assert "为什么我看不到？" in pages[0]
