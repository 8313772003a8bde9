"""Text search against a LIKE oracle: whatever is asked, the same cases are found."""

import random

import pytest
from sqlalchemy import insert, select

from factories.cases import Crew
from factories.tenants import a_county
from gridgov.cases.models import Case, CaseTerm
from gridgov.cases.queries import searching
from gridgov.cases.queries.worklist import CaseFilter, worklist
from gridgov.cases.rules.words import plain, terms_of, words_of
from gridgov.kernel.ids import id_at

TITLES = (
    "雨水井盖破损",
    "井盖丢失，很危险",
    "路灯不亮",
    "小区门口路灯井盖松动",
    "自来水管爆裂漏水",
    "垃圾没人清",
    "LED 灯 不亮",
    "ＬＥＤ屏幕坏了",
    "3号楼2单元漏水",
    "道路破损，坑很大",
    "消防通道堵塞",
    "下水道堵了",
)
PLACES = ("胜利社区第1网格", "青苑社区", "官庄镇 桥头", "国瓷路12号旁", "A区3栋")


@pytest.fixture(scope="module")
async def crew(database, settings):
    """Six hundred cases, written in bulk after the first, which shows what a row holds."""
    made = Crew(database, await a_county(database, settings))
    made.later(days=-30)
    await made.report(title=TITLES[0], place=PLACES[0], category="P0103")
    rng = random.Random(7)
    async with made.system() as ctx:
        model = (await ctx.session.execute(select(Case))).scalar_one()
        columns = {c.key: getattr(model, c.key) for c in Case.__mapper__.column_attrs}
        names = {c.code: c.name for c in made.policy.county.categories if c.parent}
        rows, terms = [], []
        for number in range(600):
            made.later(minutes=3)
            category = rng.choice(sorted(names))
            words = words_of(rng.choice(TITLES), rng.choice(PLACES), names[category])
            title, place, _ = words.split("\n")
            case_id = id_at(made.now)
            rows.append(
                columns
                | {
                    "id": case_id,
                    "code": f"{made.county.tenant.code}261031{number:05}",
                    "title": title,
                    "place": place,
                    "category": category,
                    "words": words,
                }
            )
            terms += [
                {"tenant_id": model.tenant_id, "term": term, "id": case_id}
                for term in terms_of(words)
            ]
        await ctx.session.execute(insert(Case), rows)
        await ctx.session.execute(insert(CaseTerm), terms)
    return made


@pytest.fixture(params=["few in view", "many in view", "common pairs"])
def view(request, monkeypatch):
    """Each way of finding: through the whole view, through the rarest pair, through two pairs."""
    if request.param != "few in view":
        monkeypatch.setattr(searching, "_FEW", 0)
    if request.param == "common pairs":
        monkeypatch.setattr(searching, "_MANY", 1)


def queries(words):
    """Two hundred of two to six characters: from the texts, across them, and made up."""
    rng = random.Random(11)
    for number in range(200):
        text = rng.choice(words)
        length = rng.randint(2, 6)
        start = rng.randrange(max(len(text) - 1, 1))
        asked = text[start : start + length]
        if number % 5 == 0:
            asked = "".join(rng.sample("井盖雨水灯路破损区第1网格abled漏坑", length))
        if number % 7 == 0:
            asked = f"{asked[:1]} {asked[1:].upper()}"
        yield asked


@pytest.mark.usefixtures("view")
async def test_search_finds_what_like_finds(crew):
    async with crew.acting("dispatcher") as ctx:
        everything = (await ctx.session.execute(select(Case.id, Case.words))).all()
        for asked in queries([words.replace("\n", "") for _, words in everything]):
            oracle = {case_id for case_id, words in everything if plain(asked) in words}
            if "\n" in asked or not plain(asked):
                continue
            found = {r.id for r in (await worklist(ctx, CaseFilter(text=asked), limit=999)).rows}
            assert found == oracle, asked


@pytest.mark.usefixtures("view")
@pytest.mark.parametrize("character", ["井", "灯", "l", "1", "损", "鱻"])
async def test_one_character_will_do(crew, character):
    async with crew.acting("dispatcher") as ctx:
        everything = (await ctx.session.execute(select(Case.id, Case.words))).all()
        oracle = {case_id for case_id, words in everything if character in words}
        found = {r.id for r in (await worklist(ctx, CaseFilter(text=character), limit=999)).rows}

    assert found == oracle


async def test_a_word_inside_a_word_is_found(crew):
    async with crew.acting("dispatcher") as ctx:
        rows = (await worklist(ctx, CaseFilter(text="井盖"), limit=999)).rows

    assert any(row.title == "雨水井盖破损" for row in rows)


@pytest.mark.parametrize("digits", [17, 12, 8])
async def test_a_code_is_found_by_its_beginning(crew, digits):
    async with crew.acting("dispatcher") as ctx:
        row = (await worklist(ctx, CaseFilter(), limit=1)).rows[0]
        found = (await worklist(ctx, CaseFilter(text=row.code[:digits]), limit=999)).rows

    assert row.id in {one.id for one in found}
    assert all(one.code.startswith(row.code[:digits]) for one in found)


@pytest.mark.parametrize("nothing", ["", "   ", "\u3000", "\x00"])
async def test_blank_text_narrows_nothing(crew, nothing):
    async with crew.acting("dispatcher") as ctx:
        assert len((await worklist(ctx, CaseFilter(text=nothing), limit=9)).rows) == 9


@pytest.mark.parametrize("odd", ["%", "_", "'; DROP TABLE cases; --", "井" * 300, "\\"])
async def test_odd_text_is_only_text(crew, odd):
    async with crew.acting("dispatcher") as ctx:
        assert (await worklist(ctx, CaseFilter(text=odd))).rows == ()


async def test_search_looks_no_further_than_the_actor_sees(crew):
    async with crew.acting("worker", at=crew.county.at("grid", 5).path) as ctx:
        assert (await worklist(ctx, CaseFilter(text="井盖"))).rows == ()
