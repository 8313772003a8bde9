"""What the scripts add to plain pages: in Chromium, under the real policy, answers made here."""

import io
import mimetypes
from datetime import UTC, datetime
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from PIL import Image

from browser.eyes import BLOCKED, serious, wide
from gridgov.web.assets import STATIC
from gridgov.web.components import specimens
from gridgov.web.headers import CONTENT_SECURITY_POLICY
from gridgov.web.words import FILTERS, plain

SITE = "http://shell.test"
NOW = datetime(2026, 3, 5, 6, 20, tzinfo=UTC)
PAGE = """{% extends "web/layout.html" %}{% import "web/ui.html" as ui with context %}
{% block title %}试{% endblock %}{% block main_class %}main-wide{% endblock %}
{% block content %}BODY{% endblock %}"""


class Site:
    """Pages and answers by path; what was posted is kept."""

    def __init__(self):
        self.environment = Environment(
            loader=FileSystemLoader(STATIC.parent / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.environment.globals.update(_=plain, version="1")
        self.environment.filters.update(FILTERS)
        self.answers = {}
        self.posts = []

    def given(self):
        tenant = SimpleNamespace(name="示范市", brand={"accent": "qinghua", "mark": "示"})
        actor = SimpleNamespace(name="测试·王一", title="值班", account_id="0")
        return specimens(NOW) | {
            "ctx": SimpleNamespace(tenant=tenant, actor=actor, now=NOW, locale="zh"),
            "url": lambda name, **_params: f"/{name}",
            "opens": lambda name: not name.startswith("notices_"),
            "csrf_token": "token-1",
            "unread": 0,
            "nav": (),
            "said": "",
            "values": {},
            "errors": {},
        }

    def page(self, path, body, shell=PAGE, **values):
        html = self.environment.from_string(shell.replace("BODY", body)).render(
            self.given() | values
        )
        self.answers[path] = (200, html, {})

    def answer(self, route):
        path = urlsplit(route.request.url).path
        headers = {"content-security-policy": CONTENT_SECURITY_POLICY}
        if path.startswith("/static/"):
            file = STATIC / path.removeprefix("/static/")
            kind = mimetypes.guess_type(file.name)[0] or "text/plain"
            route.fulfill(
                status=200, body=file.read_bytes(), headers=headers | {"content-type": kind}
            )
            return
        if route.request.method == "POST":
            self.posts.append(route.request)
        status, body, more = self.answers.get(path, (404, "", {}))
        headers |= {"content-type": "text/html; charset=utf-8"} | more
        route.fulfill(status=status, body=body, headers=headers)


@pytest.fixture
def site():
    return Site()


@pytest.fixture
def open_page(chromium, site):
    contexts = []

    def opened(path, width=1440):
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, screen={"width": width, "height": 900}
        )
        contexts.append(context)
        context.add_init_script(BLOCKED)
        context.route("**/*", site.answer)
        page = context.new_page()
        page.goto(SITE + path)
        page.wait_for_load_state("networkidle")
        return page

    yield opened
    for context in contexts:
        context.close()


def until(page, expression):
    """Wait for it. Playwright's own way evaluates text in the page, which the policy forbids."""
    for _ in range(100):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(30)
    pytest.fail(f"never came true: {expression}")


FORM = """{{ ui.form_open('/to', draft=true, id='form') }}
{{ ui.text('title', '标题', max=20) }}{{ ui.phone('phone', '电话') }}
{{ ui.combo('kind', '类', [('01', '井盖', '公共', 'jg'), ('02', '路灯不亮', '公共', 'ldbl')]) }}
{{ ui.photos('photos', '照片', most=2) }}{{ ui.form_end('上报') }}{{ ui.form_close() }}
<form action="/out" method="post" data-log-out><button id="out">退出</button></form>"""


def test_a_form_is_sent_once_with_an_operation_number(site, open_page):
    site.page("/form", FORM)
    site.page("/to", "好")
    page = open_page("/form")

    press = "document.querySelector('#form [type=submit]').click();"
    page.evaluate(press * 3)
    page.wait_for_url("**/to")

    assert len(site.posts) == 1
    assert len(site.posts[0].post_data.split("_op=")[1].split("&")[0]) == 36


def test_a_draft_comes_back_without_the_phone_and_goes_when_accepted(site, open_page):
    site.page("/form", FORM)
    site.page("/to", "好")
    page = open_page("/form")
    page.fill("#f-title", "井盖翘起")
    page.fill("#f-phone", "19900000000")
    until(page, "JSON.stringify(localStorage).includes('井盖翘起')")

    page.reload()
    page.wait_for_selector("#form > .notice")

    assert page.input_value("#f-title") == "井盖翘起"
    assert page.input_value("#f-phone") == ""
    assert "19900000000" not in page.evaluate("JSON.stringify(localStorage)")
    page.click("#form [type=submit]")
    page.wait_for_url("**/to")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.includes('draft'))") == []
    assert page.evaluate("sessionStorage.length") == 0


OUTDOORS = PAGE.replace(
    "{% block content %}", "{% block body_class %}outdoors{% endblock %}{% block content %}"
)


def test_without_a_signal_a_form_stays_and_is_sent_once_when_it_is_back(site, open_page):
    site.page("/form", FORM, shell=OUTDOORS)
    site.page("/to", "好")
    page = open_page("/form")
    page.fill("#f-title", "井盖翘起")
    page.context.set_offline(True)

    page.click("#form [type=submit]")
    page.wait_for_selector("#form [data-unsent]")
    number = page.input_value("#form [name=_op]")

    assert site.posts == []
    assert page.input_value("#f-title") == "井盖翘起"
    assert page.get_attribute("#form [type=submit]", "aria-busy") is None
    page.context.set_offline(False)
    page.click("#form [type=submit]")
    page.wait_for_url("**/to")
    (sent,) = site.posts
    assert f"_op={number}" in sent.post_data


def test_what_never_arrived_is_there_when_the_form_is_opened_again(site, open_page):
    site.page("/form", FORM)
    site.answers["/to"] = (204, "", {})  # the browser stays where it is, as without an answer
    page = open_page("/form")
    page.fill("#f-title", "井盖翘起")
    until(page, "JSON.stringify(localStorage).includes('井盖翘起')")
    page.click("#form [type=submit]")
    until(page, "localStorage.getItem('gridgov:sent') !== null")

    page.reload()
    page.wait_for_selector("#form > .notice")

    assert page.input_value("#f-title") == "井盖翘起"


def test_logging_out_forgets_every_draft(site, open_page):
    site.page("/form", FORM)
    site.page("/out", "再见")
    page = open_page("/form")
    page.fill("#f-title", "井盖翘起")
    until(page, "JSON.stringify(localStorage).includes('井盖翘起')")

    page.click("#out")
    page.wait_for_url("**/out")

    assert page.evaluate("localStorage.length") == 0


def test_a_long_select_is_searched_by_pinyin_initials(site, open_page):
    site.page("/form", FORM)
    page = open_page("/form")

    page.fill("#f-kind", "ldb")
    page.keyboard.press("Enter")

    assert page.input_value("#f-kind") == "路灯不亮"
    assert page.eval_on_selector("select[name=kind]", "(select) => select.value") == "02"


def test_a_photo_is_made_smaller_and_can_be_taken_back(site, open_page):
    site.page("/form", FORM)
    page = open_page("/form")
    picture = io.BytesIO()
    Image.new("RGB", (3000, 1500), "#357").save(picture, "PNG")

    page.set_input_files(
        "#f-photos", [{"name": "a.png", "mimeType": "image/png", "buffer": picture.getvalue()}]
    )
    page.wait_for_selector(".photo-kept img")

    width = "(image) => image.decode().then(() => image.naturalWidth)"
    assert page.eval_on_selector(".photo-kept img", width) == 2048
    assert page.eval_on_selector("#f-photos", "(input) => input.files[0].type") == "image/jpeg"
    page.click(".photo-remove")
    assert page.eval_on_selector("#f-photos", "(input) => input.files.length") == 0


PIECES = """<div id="piece">旧</div>
{{ ui.form_open('/good', target='#piece', id='good') }}{{ ui.form_end('办') }}{{ ui.form_close() }}
{{ ui.form_open('/bad', target='#piece', id='bad') }}{{ ui.form_end('办') }}{{ ui.form_close() }}
{{ ui.opener('退回', 'back') }}
{% call ui.dialog('back', '退回') %}{{ ui.area('why', '为什么') }}{% endcall %}
{% call ui.tree('网格') %}
{{ ui.tree_row({'id': '1', 'name': '街道', 'url': '#', 'children': '/inner'}) }}
{% endcall %}"""


def test_a_new_piece_takes_the_focus_and_a_refusal_is_said(site, open_page):
    site.page("/pieces", PIECES)
    site.answers["/good"] = (200, '<div id="piece" tabindex="-1" data-focus>新</div>', {})
    site.answers["/bad"] = (409, "<p data-sentence>有人刚刚改过。</p>", {})
    page = open_page("/pieces")

    page.click("#good button")
    until(page, "document.activeElement.id === 'piece'")
    page.click("#bad button")
    page.wait_for_selector(".toast[data-kind=stop]")

    assert page.inner_text("#piece") == "新"
    assert page.inner_text(".toast p") == "有人刚刚改过。"
    assert [post.headers.get("x-csrf-token") for post in site.posts] == ["token-1", "token-1"]
    assert page.get_attribute("#bad button", "aria-busy") is None


def test_a_dialog_opens_on_its_field_and_closes_with_escape(site, open_page):
    site.page("/pieces", PIECES)
    page = open_page("/pieces")

    page.click("[data-opens=back]")
    assert page.evaluate("document.activeElement.id") == "f-why"

    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0


def test_a_branch_is_fetched_when_it_opens_and_walked_with_arrows(site, open_page):
    site.page("/pieces", PIECES)
    site.answers["/inner"] = (
        200,
        '<li><div class="tree-row"><a class="tree-name" href="#">张屋组</a></div></li>',
        {},
    )
    page = open_page("/pieces")

    page.focus(".tree-name")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("text=张屋组")
    page.keyboard.press("ArrowRight")

    assert page.evaluate("document.activeElement.textContent") == "张屋组"


QUEUE = """<div class="desk"><div class="desk-list">
{% call ui.queue('待派遣', batch=true, form='batch') %}
{% for row in rows %}{{ ui.queue_row(row, batch=true, form='batch') }}{% endfor %}
{% endcall %}
{% call ui.batch('batch', '/b') %}{{ ui.button('一起派') }}{% endcall %}
</div><aside class="desk-preview" id="preview"></aside></div>"""


def test_a_queue_is_walked_ticked_and_previewed_by_keys(site, open_page):
    rows = specimens(NOW)["rows"]
    site.page("/queue", QUEUE, rows=[row | {"preview": "/look", "url": "/case"} for row in rows])
    site.page("/case", "件")
    site.answers["/look"] = (200, "<h2>预览</h2>", {})
    page = open_page("/queue")

    for key in "jjkjxp":
        page.keyboard.press(key)
    page.wait_for_selector("#preview h2")

    assert page.evaluate("document.activeElement.closest('tr').rowIndex") == 2
    assert page.inner_text("[data-batch-count]") == "1"
    page.keyboard.press("Escape")
    assert page.locator("#preview h2").count() == 0
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/case")


@pytest.mark.parametrize("width", [320, 390, 1280, 1440])
def test_every_component_fits_and_is_clean(site, open_page, width):
    html = site.environment.get_template("web/components.html").render(
        site.given() | specimens(NOW) | {"ctx": None}
    )
    site.answers["/components"] = (200, html, {})
    page = open_page("/components", width)

    assert serious(page) == []
    assert wide(page) == []
    assert page.evaluate("window.blocked") == []
