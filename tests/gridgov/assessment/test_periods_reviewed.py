"""A quarter's talk, a half-year's summary, a year's appraisal: three authors, one circular."""

import io
import re
from dataclasses import replace

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from factories.cases import a_case
from gridgov.assessment.actions.appealing import appeal_figure, decide_appeal
from gridgov.assessment.actions.evaluating import begin_evaluation
from gridgov.assessment.actions.reviewing import open_review, publish_review, write_opinion
from gridgov.assessment.queries import reviews as queries
from gridgov.cases.models import Case, CaseReporter
from gridgov.contract.rulebook import Edition, digest_of
from gridgov.kernel.errors import Conflict, Invalid
from gridgov.policy import Policy
from gridgov.testkit.counties import installed_policies
from gridgov.testkit.signing_in import a_browser, send, sign_in

LATER = {"year": 2027, "month": 1, "day": 11}


@pytest.fixture
async def worked(crew):
    """Two cases of the last quarter, one of them rated by its reporter."""
    await crew.brought_to("closed")
    rated = await crew.brought_to("closed")
    await crew.does("worker", rated, "rate", {"effort": 5, "speed": 3, "result": 4})
    crew.now = crew.now.replace(**LATER)
    return rated


async def opened(crew, kind, period):
    async with crew.acting("dispatcher") as ctx:
        return await open_review(ctx, kind, period)


async def evaluated(crew, review, compute, **how):
    async with crew.acting("dispatcher") as ctx:
        await begin_evaluation(ctx, review, **how)
    return await compute()


async def published(crew, review):
    async with crew.acting("dispatcher") as ctx:
        await publish_review(ctx, review, document="测试〔2027〕1号", conclusion="总体平稳。")


async def newest(crew, review):
    async with crew.acting("dispatcher") as ctx:
        return (await queries.evaluations(ctx, review))[0]


@pytest.mark.parametrize(
    ("kind", "period", "months"),
    [("quarterly", "2026Q4", 3), ("half_year", "2026H2", 6), ("year_end", "2026", 12)],
)
async def test_every_kind_of_review_goes_from_three_authors_to_a_circular(  # noqa: PLR0917
    crew, compute, worked, county, kind, period, months
):
    urban = county.departments["urban"]
    review = await opened(crew, kind, period)
    async with crew.acting("handler", department="urban") as ctx:
        await write_opinion(
            ctx, review, "officers", text="报得及时", node=county.at("grid").code, post="worker"
        )
    async with crew.acting("supervisor") as ctx:
        await write_opinion(ctx, review, "problems", text="反复在一处", department=urban)
    assert len(await evaluated(crew, review, compute)) == months + 2

    (row,) = [
        one for one in (await newest(crew, review)).departments if one.department == str(urban)
    ]
    assert (row.closed, row.rated) == (2, 1)
    assert row.means == {"effort": 5, "speed": 3, "result": 4}, "what residents say of results"

    async with crew.system() as ctx:
        code = await ctx.session.scalar(select(Case.code).where(Case.id == worked))
    async with crew.acting("handler", department="urban") as ctx:
        appeal = await appeal_figure(
            ctx, review, urban, "solved", case_code=code, reason="后来又坏过一次"
        )
    with pytest.raises(Conflict, match="没有定"):
        await published(crew, review)
    async with crew.acting("leader", at=f"{county.tenant.code}.") as ctx:
        await decide_appeal(ctx, appeal, uphold=True, decision="属实，从一次办好里去掉")
    assert len(await compute()) == months + 2
    with pytest.raises(Conflict, match="申诉期"):
        await published(crew, review)

    crew.later(days=12)
    with pytest.raises(Conflict, match="已经过了"):
        async with crew.acting("handler", department="urban") as ctx:
            await appeal_figure(ctx, review, urban, "closed", case_code=code, reason="太晚了")
    await published(crew, review)
    (row,) = [
        one for one in (await newest(crew, review)).departments if one.department == str(urban)
    ]
    assert (row.closed, row.solved) == (2, 1)


# by named rules


def stricter(crew):
    """From now on the county calls somebody satisfied from five stars on, and counts less work."""
    rulebook = crew.policy.editions[0].rulebook
    reviews = tuple(
        replace(one, satisfied=5, figures=one.figures[:2], compares=())
        for one in rulebook.county.reviews
    )
    now = replace(rulebook, county=replace(rulebook.county, reviews=reviews))
    edition = Edition(rulebook=now, digest=digest_of(now), taken_at=crew.now, taken_by="测试")
    policy = Policy(now, installed_policies().plugins, editions=(edition, *crew.policy.editions))
    crew.county = replace(crew.county, policy=policy)
    return edition


async def test_a_review_is_computed_by_the_rules_that_held_and_anew_by_those_that_are_named(
    crew, compute, worked
):
    (before,) = crew.policy.editions
    new = stricter(crew)
    review = await opened(crew, "quarterly", "2026Q4")

    await evaluated(crew, review, compute)
    first = await newest(crew, review)
    await evaluated(crew, review, compute, rules=new.digest)
    second = await newest(crew, review)
    await evaluated(crew, review, compute)
    third = await newest(crew, review)

    def satisfied(one):
        return sum(row.satisfied for row in one.departments)

    assert [one.digest for one in (first, second, third)] == [
        before.digest, new.digest, new.digest,
    ]  # fmt: skip
    assert first.edition_at == before.taken_at
    assert [satisfied(one) for one in (first, second, third)] == [1, 0, 0]
    assert "closed" in first.units.by_path and "closed" not in second.units.by_path
    async with crew.acting("dispatcher") as ctx:
        old, now = (queries.declared(ctx, "quarterly", one) for one in (first, second))
    assert (old.satisfied, now.satisfied) == (4, 5)
    with pytest.raises(Invalid):
        await evaluated(crew, review, compute, rules="0" * 64)


# the pages


@pytest.fixture
async def circulated(app, crew, compute, worked):
    """A published quarter in a county whose pages can be opened."""
    far = crew.county.at("grid", 7)
    review = await opened(crew, "quarterly", "2026Q4")
    async with crew.acting("worker", at=far.path) as ctx:
        await a_case(ctx, far)
    await evaluated(crew, review, compute)
    crew.later(days=12)
    await published(crew, review)
    return review


def name_of(county, level):
    return next(n.name for n in county.package.nodes if n.code == county.at(level).code)


def table(page):
    """The names and numbers of the work content."""
    _, _, rest = page.partition('aria-labelledby="work"')
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</th>(.*?)</tr>", rest, re.DOTALL)
    return {re.sub(r"<.*?>", "", name): re.findall(r">([\d,]+|—)<", cells) for name, cells in rows}


async def test_work_content_opens_town_by_town_down_to_the_grids(app, circulated, county):
    grid = county.at("grid")
    village, town = (grid.path.rsplit(".", n)[0] + "." for n in (2, 3))
    address = f"/{county.tenant.slug}/reviews/{circulated}"
    async with a_browser(app) as browser:
        await sign_in(browser, county, "supervisor")
        whole = table((await browser.get(address)).text)
        page = (await browser.get(f"{address}?place={town}")).text
        stations = table(page)
        grids = table((await browser.get(f"{address}?place={village}")).text)
        printed = (await browser.get(f"{address}/print?place={village}")).text
        elsewhere = await browser.get(f"{address}?place=999999.")
    names = {node.name for node in county.package.nodes}

    assert len(whole) == len([n for n in county.nodes.values() if n.level == "town"]) + 1
    assert [row[0] for row in whole.values()][-1] == "2", "reported in the quarter"
    assert [row[0] for row in stations.values()][-1] == "2"
    assert [row[0] for row in grids.values()][-1] == "2"
    assert {name.removesuffix("合计") for name in (*whole, *stations, *grids)} <= names
    assert f"place={village}" in page
    assert name_of(county, "grid") in printed and 'data-paper="a4-wide"' in printed
    assert elsewhere.status_code == 404


async def test_a_station_sees_the_work_of_its_own_grids_alone(app, circulated, county):
    address = f"/{county.tenant.slug}/reviews/{circulated}"
    other = county.at("grid", 7).path
    async with a_browser(app) as browser:
        await sign_in(browser, county, "station_clerk")
        own = table((await browser.get(address)).text)
        assert (await browser.get(f"{address}?place={other}")).status_code == 404
    assert [*own][-1] == f"{name_of(county, 'village')}合计"
    assert name_of(county, "grid") in own


@pytest.mark.parametrize("what", ["departments", "work"])
async def test_both_tables_are_exported_with_their_definitions(app, circulated, county, what):
    address = f"/{county.tenant.slug}/reviews/{circulated}/export/{what}"
    async with a_browser(app) as browser:
        await sign_in(browser, county, "supervisor")
        form = await browser.get(address)
        short = await send(browser, address, purpose="")
        file = await send(browser, address, purpose="季度讲评")
        nothing = await browser.get(address.replace(what, "people"))
    cells = [
        str(cell.value) for row in load_workbook(io.BytesIO(file.content)).active for cell in row
    ]
    assert form.status_code == 200 and short.status_code == 422 and nothing.status_code == 404
    assert ("已办结" if what == "departments" else "办结事件数") in cells
    assert any("第 1 次计算" in cell for cell in cells)
    assert ("测试·urban" if what == "departments" else name_of(county, "town")) in "".join(cells)


async def test_a_number_of_units_says_what_was_counted_and_that_its_list_is_of_now(
    app, circulated, county
):
    address = f"/{county.tenant.slug}/assessment/figures/incidents?period=2026Q4"
    async with a_browser(app) as browser:
        await sign_in(browser, county, "supervisor")
        page = (await browser.get(f"{address}&review={circulated}")).text
        plain = (await browser.get(address)).text
    assert "第 1 次计算" in page and "名单是现在的" in page
    assert "名单是现在的" not in plain


# what residents read


async def test_residents_read_what_was_published_and_no_names(app, circulated, county):
    root = f"/{county.tenant.slug}"
    async with a_browser(app) as browser:
        report = (await browser.get(f"{root}/report")).text
        listed = (await browser.get(f"{root}/published")).text
        page = await browser.get(f"{root}/published/{circulated}")
        again = await browser.get(
            f"{root}/published/{circulated}", headers={"if-none-match": page.headers["etag"]}
        )
    assert f"{root}/published" in report
    assert f"/published/{circulated}" in listed
    assert page.status_code == 200 and again.status_code == 304 and again.content == b""
    for words in ("测试〔2027〕1号", "总体平稳。", "测试·urban", "办事力度", "评价不满 5 条"):
        assert words in page.text
    for one in (
        "reviews/",
        "cases/",
        *(f"测试·{role.name}" for role in county.policy.county.roles),
    ):
        assert one not in page.text


def told_of_urban(page):
    """The cells of its line in the table of departments."""
    (line,) = re.findall(r"<tr><th scope=\"row\">测试·urban.*?</tr>", page, re.DOTALL)
    cells = re.findall(r"<td.*?</td>", line, re.DOTALL)
    return [" ".join(re.sub(r"<.*?>", " ", cell).split()) for cell in cells]


async def test_how_few_were_content_is_told_to_who_leads_alone(app, circulated, county):
    """A mean of one rating is what one resident said: five are asked for, their number is told."""
    root = f"/{county.tenant.slug}"
    pages = dict[str, list[str]]()
    async with a_browser(app) as browser:
        pages["public"] = told_of_urban((await browser.get(f"{root}/published/{circulated}")).text)
    for role in ("dispatcher", "worker"):
        async with a_browser(app) as browser:
            await sign_in(browser, county, role)
            for sheet in ("", "/circular", "/print"):
                page = await browser.get(f"{root}/reviews/{circulated}{sheet}")
                pages[role + sheet] = told_of_urban(page.text)
    assert pages["public"][:5] == ["—", "—", "—", "1", "1"]
    telling = {where for where, cells in pages.items() if "5.0" in cells}
    assert telling == {"dispatcher", "dispatcher/print"}
    assert {
        where for where, cells in pages.items() if any(cell.endswith(" 1/1") for cell in cells)
    } == telling


async def test_from_five_ratings_on_everybody_reads_the_mean(  # noqa: PLR0917
    app, crew, compute, worked, county
):
    async with crew.system() as ctx:
        rated = CaseReporter.case_id == worked
        one = (await ctx.session.scalars(select(CaseReporter).where(rated))).one()
        said = {name: getattr(one, name) for name in ("case_id", "stars", "rated_at", "created_at")}
        ctx.session.add_all(CaseReporter(tenant_id=ctx.tenant.id, **said) for _ in range(4))
    review = await opened(crew, "quarterly", "2026Q4")
    await evaluated(crew, review, compute)
    crew.later(days=12)
    await published(crew, review)
    async with a_browser(app) as browser:
        page = (await browser.get(f"/{county.tenant.slug}/published/{review}")).text
    assert told_of_urban(page)[:4] == ["5.0", "3.0", "4.0", "5"]


@pytest.mark.usefixtures("worked")
async def test_what_is_not_published_is_not_there_for_residents(app, crew, compute, county):
    review = await opened(crew, "quarterly", "2026Q4")
    await evaluated(crew, review, compute)
    async with a_browser(app) as browser:
        listed = await browser.get(f"/{county.tenant.slug}/published")
        page = await browser.get(f"/{county.tenant.slug}/published/{review}")
    assert "还没有通报" in listed.text and page.status_code == 404
