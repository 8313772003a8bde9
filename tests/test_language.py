"""Chinese is the source; English is whole: every sentence, every word that a county declares."""

import html
import json
import re
from collections import deque
from dataclasses import fields, is_dataclass
from datetime import date

import pytest

from factories.cases import Crew
from factories.tenants import a_county
from gridgov.cli.catalogue import CHINESE, PLACE, messages_of, packages, places, unsayable
from gridgov.kernel.errors import Conflict, Invalid
from gridgov.kernel.sentences import N_, Sentence, joined, parts, whole
from gridgov.notices.actions import notify
from gridgov.testkit.counties import installed_policies
from gridgov.testkit.signing_in import a_browser, send, sign_in
from gridgov.web.locale import FILE, Catalogues, entries
from gridgov.web.shell import Shell

PACKAGES = packages()
MOST_PAGES = 40
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
ONE_AND_MANY = re.compile(r"\{(\w+):[^{}|]*\|[^{}|]*\}")
RUN = re.compile(r"[\u4e00-\u9fff][\u4e00-\u9fff，。、；：！？“”（）\s]*")


@pytest.fixture(params=PACKAGES)
def package(request):
    return PACKAGES[request.param]


@pytest.fixture
def catalogue(package):
    return entries(package[0] / "locale" / FILE)


@pytest.fixture(scope="module")
def catalogues():
    return Catalogues([root / "locale" for root, _ in PACKAGES.values()])


@pytest.fixture(scope="module")
def say(catalogues):
    return catalogues.translate("en")


def test_every_sentence_has_its_english(package, catalogue):
    assert sorted(messages_of(*package) - set(catalogue)) == []


def test_no_english_is_kept_for_what_is_no_longer_said(package, catalogue):
    assert sorted(set(catalogue) - messages_of(*package)) == []


def test_the_english_has_the_places_of_its_source(catalogue):
    assert [text for text, said in catalogue.items() if places(text) != places(said)] == []


def test_english_that_counts_tells_the_number_beside_its_word(catalogue):
    counted = [(said, name) for said in catalogue.values() for name in ONE_AND_MANY.findall(said)]
    assert [said for said, name in counted if f"{{{name}}}" not in said] == []


def test_the_english_is_english(catalogue):
    assert [said for said in catalogue.values() if CHINESE.search(said)] == []


def test_nothing_is_said_that_no_catalogue_can_take(package):
    assert unsayable(package[0]) == []


def test_a_catalogue_tells_nothing_of_who_made_it_where_and_when(package):
    lines = (package[0] / "locale" / FILE).read_text(encoding="utf-8").splitlines()

    assert [line for line in lines if line.startswith("#")] == []
    assert lines[:4] == [
        'msgid ""',
        'msgstr ""',
        '"Language: en\\n"',
        '"Content-Type: text/plain; charset=utf-8\\n"',
    ]


def test_a_word_of_core_and_county_is_the_same_in_english():
    core = entries(PACKAGES["gridgov"][0] / "locale" / FILE)
    for name, (root, _) in PACKAGES.items():
        known = entries(root / "locale" / FILE)
        assert [word for word in core.keys() & known.keys() if core[word] != known[word]] == [], (
            name
        )


def test_every_word_that_liling_declares_has_its_english(say):
    county = installed_policies().of(("liling",)).county
    kind = county.case_kinds[0]
    shown = [
        *(level.name for level in county.levels),
        *(post.name for post in county.posts),
        *(role.name for role in county.roles),
        *(state.name for state in kind.states),
        *(action.name for action in kind.actions),
        *(category.name for category in county.categories),
        *(label for place in county.navigation for label, _ in place.entries),
    ]

    assert [word for word in shown if CHINESE.search(say(word))] == []


def test_english_counts_one_and_many(say):
    assert say("{n} 件未结", n=1) == "1 open case"
    assert say("{n} 件未结", n="1,204") == "1,204 open cases"
    assert say("{year}年{month}月{day}日", year=2026, month=3, day=5) == "5 March 2026"


def test_a_sentence_is_chinese_until_a_page_says_it(say):
    state = N_("待派遣")
    sentence = Sentence("这件事现在是“{state}”，不能{action}。", state=state, action=N_("立案"))

    assert sentence == "这件事现在是“待派遣”，不能立案。"
    assert say(sentence) == 'This case is now "To be dispatched"; "File" is not possible.'
    assert say(joined([N_("立案"), "张屋组"])) == "File, 张屋组"
    assert joined([]) == ""


def test_a_day_in_a_sentence_is_said_as_people_say_it(say):
    left = Sentence("{name} 已于 {day} 离职。", name="甲", day=date(2026, 3, 5))

    assert left == "甲 已于 2026年3月5日 离职。"
    assert "5 March 2026" in say(left)
    assert whole(json.loads(json.dumps(parts(left)))) == left
    assert str(Conflict("{day}", day=date(2026, 3, 5))) == "2026年3月5日"


def test_a_sentence_is_kept_in_parts_and_said_later(say):
    told = Sentence("部门退单：{what}", what=Sentence("{name}（{code}）", name=N_("路灯"), code=7))
    kept = json.loads(json.dumps(parts(told)))

    assert whole(kept) == told == "部门退单：路灯（7）"
    assert say(whole(kept)) == "Returned by the department: Street lamp (7)"
    assert parts("路灯") is None


def test_what_people_wrote_is_never_translated(say):
    assert say("{one} · {other}", one="派遣", other=N_("派遣")) == "派遣 · Dispatch"


def test_a_refusal_and_its_fields_keep_their_places(catalogues, say):
    overtaken = Conflict("这件事现在是“{state}”，不能{action}。", state=N_("已结案"), action="x")
    invalid = Invalid(fields={"days": "每次最多延长 {most} 天。"}, most=7)

    assert catalogues.refusal(overtaken, "zh") == "这件事现在是“已结案”，不能x。"
    assert catalogues.refusal(overtaken, "en").startswith('This case is now "Closed"')
    assert invalid.fields == {"days": "每次最多延长 7 天。"}
    assert say(invalid.fields["days"]) == "At most 7 days at a time."


def test_pages_print_words_and_marks_in_their_language(tmp_path, catalogues):
    (tmp_path / "a.html").write_text("{{ word }}：{{ data }}、{{ _('{n} 天', n=1) }}")
    shell = Shell([tmp_path], {}, catalogues, "1")
    values = {"word": N_("派遣"), "data": "派遣"}

    assert shell.render("a.html", "zh", values) == "派遣：派遣、1 天"
    assert shell.render("a.html", "en", values) == "Dispatch: 派遣, 1 day"


def test_places_are_found_with_their_choices():
    assert places("{n} open {n:case|cases}") == {"n"}
    assert PLACE.sub("", "{n:case|cases}{month:January|February|March}") == ""


# ── the pages ──


@pytest.fixture
async def county(app):
    made = await a_county(app.state.database, app.state.settings)
    crew = Crew(app.state.database, made)
    for state in ("reported", "filed", "dispatched", "handling", "handled", "evaluated"):
        await crew.brought_to(state, title="TITLE", description="TEXT")
    return made


@pytest.fixture
async def reading(app, county):
    """A browser that asked for English, signed in with a role."""
    opened = []

    async def by(role=""):
        client = a_browser(app)
        opened.append(client)
        client.cookies.set("gridgov_locale", "en", domain="testserver.local")
        if role:
            await sign_in(client, county, role, second_factor=True)
        return client

    yield by
    for client in opened:
        await client.aclose()


def data_of(county):
    """What stays as it is: names of places, people and departments, and what was typed."""
    package = county.package
    known = {county.tenant.name, package.manifest.brand.title, package.manifest.brand.mark}
    known |= {row.name for row in (*package.nodes, *package.departments, *package.staff)}
    known |= {row.title for row in package.staff}
    known |= {"测试机", "平台运维", "历年国务院办公厅通知汇编"}  # a device, an act's name, a source
    declared = installed_policies().of(county.tenant.plugins).county
    known |= {category.name for category in declared.categories}  # a title that nobody gave
    known |= {f"测试·{field.label}" for kind in declared.case_kinds for action in kind.actions
              for field in action.fields}  # fmt: skip
    for plugin in installed_policies().plugins:
        known |= {plugin.declared.name, *cited(plugin.declared)}
    return sorted(known - {""}, key=len, reverse=True)


def cited(value):
    """The texts that declarations rest on, and what they are searched by."""
    if isinstance(value, tuple):
        return {text for one in value for text in cited(one)}
    if not is_dataclass(value):
        return set()
    found = {text for field in fields(value) for text in cited(getattr(value, field.name))}
    return found | {getattr(value, "source", "")} | set(getattr(value, "words", ()))


def chinese_in(text, known):
    """The Chinese of a page that is none of the county's data."""
    text = re.sub(r'<button[^>]* lang="zh-CN">.*?</button>', "", text)
    text = re.sub(r' data-keys="[^"]*"', "", html.unescape(text))  # searched, not shown
    text = re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)
    for word in known:
        text = text.replace(word, "")
    return set(RUN.findall(text))


async def walk(client, county, *starts):
    """Pages reached by links, one for each kind of address."""
    slug = county.tenant.slug
    seen, ahead = set(), deque(f"/{slug}{start}" for start in starts)
    while ahead and len(seen) < MOST_PAGES:
        address = ahead.popleft()
        kind = ID.sub("*", address.split("?")[0])
        if kind in seen or "/files/" in address or "stream" in address:
            continue
        seen.add(kind)
        answer = await client.get(address, follow_redirects=True)
        if "text/html" in answer.headers.get("content-type", ""):
            yield kind, answer
            links = re.findall(rf'href="(/{slug}[^"#]*)', answer.text)
            ahead.extend(html.unescape(link) for link in links)


@pytest.mark.parametrize(
    "role",
    ["worker", "dispatcher", "handler", "supervisor", "county_admin", "security_admin", "auditor"],
)
async def test_a_page_in_english_holds_no_chinese_but_the_countys_data(county, reading, role):
    client, known = await reading(role), data_of(county)

    found = {}
    async for kind, answer in walk(client, county, "/", "/account", "/why"):
        assert answer.status_code < 500, kind
        assert '<html lang="en"' in answer.text, kind
        if left := chinese_in(answer.text, known):
            found[kind.replace(county.tenant.slug, "…")] = sorted(left)

    assert found == {}


async def test_strangers_and_residents_read_english_too(county, reading):
    client, known = await reading(), data_of(county)

    found = {}
    async for kind, answer in walk(client, county, "/log-in", "/report", "/track"):
        if left := chinese_in(answer.text, known):
            found[kind] = sorted(left)
    refused = await client.get(f"/{county.tenant.slug}/nowhere")
    above = await client.get("/province/log-in")

    assert found == {}
    assert chinese_in(refused.text, known) == set()
    assert chinese_in(above.text, known) == set()


async def test_a_notice_is_read_in_the_readers_language(app, county, reading):
    worker, chief = county.accounts["worker"], county.accounts["chief"]
    crew = Crew(app.state.database, county)
    what = Sentence("{name}（{code}）", name=crew.policy.categories["E0102"].name, code="99-1")
    async with crew.acting("dispatcher") as ctx:
        for text in (Sentence("催办：{what}", what=what), "TEXT"):
            told = [worker.account_id, chief.account_id]
            await notify(ctx, told, about=str(text), text=text, link="/")
        await ctx.session.commit()
    english = await (await reading("worker")).get(f"/{county.tenant.slug}/notices/")
    async with a_browser(app) as client:
        await sign_in(client, county, chief)
        chinese = await client.get(f"/{county.tenant.slug}/notices/")

    assert "Urged: Exposed rubbish (99-1)" in english.text
    assert "TEXT" in english.text
    assert "催办：暴露垃圾（99-1）" in chinese.text


async def test_the_language_is_chosen_on_the_page_itself(app, county):
    slug = county.tenant.slug
    async with a_browser(app) as client:
        await sign_in(client, county, "worker", second_factor=True)
        chinese = await client.get(f"/{slug}/cases/")
        chosen = await send(
            client, f"/{slug}/language", page=f"/{slug}/cases/", locale="en", next=f"/{slug}/cases/"
        )
        english = await client.get(chosen.headers["location"])

    assert '<html lang="zh-CN"' in chinese.text
    assert chosen.headers["location"] == f"/{slug}/cases/"
    assert '<html lang="en"' in english.text
    assert "Case list" in english.text


async def test_the_other_language_keeps_what_the_page_was_asked_for(app, county):
    """Who scanned a code at a door, or has just been given a receipt, stays there."""
    slug = county.tenant.slug
    async with a_browser(app) as client:
        page = await client.get(f"/{slug}/report?grid=430281007006003")

    assert f'name="next" value="/{slug}/report?grid=430281007006003"' in page.text


async def test_what_happened_is_said_in_the_language_of_the_page(county, reading):
    client = await reading("worker")
    slug = county.tenant.slug
    reported = await send(
        client,
        f"/{slug}/cases/new/",
        category="E0102",
        title="TITLE",
        node=str(county.at("grid").id),
    )
    refused = await send(client, f"/{slug}/cases/new/", category="", title="x" * 61)
    page = await client.get(reported.headers["location"])

    assert "Reported, waiting for the station to file it." in html.unescape(page.text)
    assert refused.status_code == 422
    assert "Please fill this in." in refused.text
    assert "Too long: at most 60 characters." in refused.text
