"""Ledgers are searched as cases are: in Chinese, without LIKE, and only in what may be read."""

import pytest
from sqlalchemy import delete, func, select, update

from gridgov.cases.rules.words import plain
from gridgov.fieldwork.actions.answering import forget_lines
from gridgov.fieldwork.actions.indexing import index_lines
from gridgov.fieldwork.actions.writing import Writing, begin_line, end_line, write_line
from gridgov.fieldwork.models import LedgerLine, LedgerTerm
from gridgov.fieldwork.queries import searching
from gridgov.fieldwork.queries.lines import LineFilter, lines
from gridgov.testkit.signing_in import send

SAID = (
    ("opinion", {"topic": "living", "words": "河边 步道少路灯"}),
    ("opinion", {"topic": "safety", "words": "学校门口车多，请人疏导"}),
    ("talk", {"topic": "医保缴费", "place": "ＡＢ小区广场"}),
    ("talk", {"topic": "防诈骗", "place": "祠堂"}),
    ("visit", {"mode": "door", "need": "想在河边装扶手"}),
)


@pytest.fixture
async def said(crew):
    async with crew.acting("worker") as ctx:
        grid = crew.county.at("grid").id
        for ledger, words in SAID:
            await write_line(ctx, ledger, Writing(node_id=grid, words=words))
        await write_line(ctx, "hand_out", Writing(node_id=grid, item="leaflet", count=12))


async def found(crew, text, role="station_clerk", **more):
    async with crew.acting(role) as ctx:
        return [line.ledger for line in await lines(ctx, LineFilter(text=text, **more))]


@pytest.fixture(params=[1, 2000], ids=["common", "rare"])
def many(request, monkeypatch):
    """Also where a pair is common, and the newest lines are read until there are enough."""
    monkeypatch.setattr(searching, "_MANY", request.param)


@pytest.mark.usefixtures("said", "many")
@pytest.mark.parametrize(
    ("text", "ledgers"),
    [
        ("路灯", ["opinion"]),
        ("步道少", ["opinion"]),
        ("ab小区", ["talk"]),
        ("灯", ["opinion"]),
        ("口", ["opinion"]),
        ("平安治安", ["opinion"]),
        ("宣传单", ["hand_out"]),
        ("扶手", []),
        ("上门", ["visit"]),
        ("灯多", []),
        ("", ["hand_out", "visit", "talk", "talk", "opinion", "opinion"]),
    ],
)
async def test_what_may_be_read_is_found_and_what_is_sealed_is_not(crew, text, ledgers):
    assert sorted(await found(crew, text)) == sorted(ledgers)


async def test_no_sealed_word_is_in_the_index(crew, said):
    async with crew.system() as ctx:
        words = await ctx.session.scalars(
            select(LedgerLine.words).where(LedgerLine.ledger == "visit")
        )
        assert list(words) == [plain("上门")]


async def test_a_patrol_is_found_by_its_author_by_what_was_seen_at_its_end(crew):
    async with crew.acting("worker") as ctx:
        line = await begin_line(ctx, "patrol", Writing(node_id=crew.county.at("grid").id))
        await end_line(ctx, line, {"found": "problem", "seen": "井盖翘起"})

    assert await found(crew, "井盖翘", "worker") == ["patrol"]
    assert await found(crew, "发现了问题", "worker") == ["patrol"]


async def test_a_diary_is_found_by_nobody(crew):
    async with crew.acting("worker") as ctx:
        words = {"words": "只写给自己"}
        await write_line(ctx, "diary", Writing(node_id=crew.county.at("grid").id, words=words))
        assert await lines(ctx, LineFilter(text="自己")) == []


async def test_what_is_forgotten_is_in_no_index(crew, said):
    crew.later(days=366)
    async with crew.system() as ctx:
        kept = select(func.count()).select_from(LedgerTerm)
        before = await ctx.session.scalar(kept)
        assert await forget_lines(ctx) == 1
        assert before - await ctx.session.scalar(kept) == len(plain("上门"))


async def test_a_list_is_narrowed_by_words_and_days_and_so_is_what_is_taken_along(
    crew, said, at, browsing
):
    async with browsing("dispatcher") as dispatcher:
        page = (await dispatcher.get(at("field/lines?q=路灯"))).text
        empty = (await dispatcher.get(at("field/lines?q=扶手"))).text
        before = (await dispatcher.get(at("field/lines?q=路灯&until=2020-01-01"))).text
        asked = (await dispatcher.get(at("field/lines/export?q=路灯"))).text
        file = await send(dispatcher, at("field/lines/export?q=路灯"), purpose="周例会")

    assert "步道少路灯" in page and "医保缴费" not in page
    assert 'value="路灯"' in page and "加密的内容找不到" in page
    assert "没有找到“扶手”" in empty
    assert "步道少路灯" not in before
    assert "1" in asked and file.status_code == 200


@pytest.mark.usefixtures("said")
async def test_lines_from_before_there_was_a_search_are_found_once_they_have_their_words(crew):
    async with crew.system() as ctx:
        await ctx.session.execute(update(LedgerLine).values(words=""))
        await ctx.session.execute(delete(LedgerTerm).where(LedgerTerm.tenant_id == ctx.tenant.id))
    assert await found(crew, "路灯") == []
    async with crew.system() as ctx:
        count = await index_lines(ctx)
        again = await index_lines(ctx)

    assert (count, again) == (len(SAID) + 1, 0)
    assert len(await found(crew, "路灯")) == 1
