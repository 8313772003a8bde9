"""Figures: a number, its definition, and the very records that it counts."""

import itertools
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from factories.cases import NOON
from factories.tenants import a_county
from gridgov.assessment.queries.figures import computable, counted, records_of
from gridgov.assessment.queries.measures import MEASURES
from gridgov.assessment.rules.periods import period_before, period_of, periods_back
from gridgov.assessment.web.showing import Cell, Row, Shown
from gridgov.cases.actions.reporting import report_case
from gridgov.compliance.models import SwitchGrant
from gridgov.contract import assessment as contract
from gridgov.contract.assessment import Figure, Printed, Review, Sheet, faults_of
from gridgov.contract.compliance import Switch
from gridgov.contract.declarations import Origin
from gridgov.kernel.clock import now
from gridgov.kernel.errors import NotFound
from gridgov.testkit.signing_in import a_browser, sign_in

TODAY = NOON.date()
EVER = period_of("all", TODAY)
FIGURES = {
    measure: Figure(
        code=measure,
        name=measure,
        definition="…",
        measure=measure,
        of=("visit",) if measure in contract.LINES else (),
    )
    for measure in contract.MEASURES
}


# what is declared


def test_the_core_measures_what_the_contract_says_it_does():
    assert set(MEASURES) == contract.MEASURES


@pytest.mark.parametrize(
    ("declared", "field"),
    [
        ({"measure": "steps_walked"}, "measure"),
        ({"definition": ""}, "definition"),
        ({"measure": "installs"}, "measure"),
        ({"needs": (Switch.ACTIVE_RATE_REPORT,)}, "needs"),
        ({"needs": (Switch.TRACK,)}, "needs"),
        ({"measure": "ledger_lines"}, "of"),
        ({"measure": "ledger_lines", "of": ("nowhere",)}, "of"),
    ],
)
def test_a_figure_that_cannot_be_is_named(declared, field):
    figure = replace(FIGURES["cases_closed"], **declared)
    found = [*faults_of([figure], [], [], settings=[], planned={"visit": False})]
    assert (f"figure {figure.code}", field) in [(name, where) for name, where, _ in found]


def test_sheets_and_reviews_name_what_there_is():
    sheet = Sheet(
        code="one", name="一", figures=("gone",),
        printed=(Printed(code="p", figure="other", amount=1, said=""),),
    )  # fmt: skip
    review = Review(code="two", name="二", months=4, figures=("gone",))
    found = [*faults_of([], [sheet], [review], settings=[], planned={})]
    assert [(name, field) for name, field, _ in found] == [
        ("sheet one", "figures"),
        ("sheet one", "printed"),
        ("review two", "months"),
        ("review two", "figures"),
        ("review two", "appeal_setting"),
    ]


# periods


@pytest.mark.parametrize(
    ("code", "since", "until"),
    [
        ("2026Q3", date(2026, 7, 1), date(2026, 10, 1)),
        ("2026Q4", date(2026, 10, 1), date(2027, 1, 1)),
        ("2026H1", date(2026, 1, 1), date(2026, 7, 1)),
        ("2026", date(2026, 1, 1), date(2027, 1, 1)),
    ],
)
def test_a_period_is_known_by_its_code(code, since, until):
    period = period_of(code, TODAY)
    assert (period.since, period.until) == (since, until)


@pytest.mark.parametrize("code", ["", "2026Q5", "2026H3", "26", "2026Q", "1999", "ALL", "2026q1"])
def test_what_is_no_period_is_none(code):
    assert period_of(code, TODAY) is None


def test_periods_follow_one_another_without_a_gap():
    found = [*periods_back(TODAY, 3, 6)]
    assert [one.code for one in found[:3]] == ["2026Q4", "2026Q3", "2026Q2"]
    assert all(later.since == one.until for later, one in itertools.pairwise(found))
    assert period_before(date(2026, 1, 5), 3).code == "2025Q4"


# what is counted


async def numbers(crew, *measures, period=EVER, path="", **who):
    async with crew.acting("supervisor", **who) as ctx:
        figures = [FIGURES[measure] for measure in measures]
        counts = await counted(ctx, figures, period, path)
        return [counts.under(figure.code, path) for figure in figures]


async def test_cases_are_counted_from_what_happened_to_them(crew):
    await crew.brought_to("filed")
    await crew.brought_to("closed")
    await crew.brought_to("evaluated")
    again = await crew.brought_to("closed")
    await crew.does("worker", again, "reopen")

    found = await numbers(
        crew, "cases_reported", "cases_closed", "cases_on_time", "cases_solved", "cases_rated",
        "cases_satisfied",
    )  # fmt: skip

    assert found == [4, 2, 2, 2, 1, 1]


async def test_origins_narrow_what_was_reported(crew):
    await crew.report()
    async with crew.resident() as ctx:
        await report_case(
            ctx, category="E0102", description="井盖翘起", place="路口",
            node_id=crew.county.at("grid").id, origin=Origin.RESIDENT,
        )  # fmt: skip
    only = replace(FIGURES["cases_reported"], of=("worker",))
    async with crew.acting("supervisor") as ctx:
        counts = await counted(ctx, [only, replace(only, code="all", of=())], EVER)
    assert [counts.under("cases_reported", ""), counts.under("all", "")] == [1, 2]


async def test_the_list_behind_a_number_holds_as_many_records(crew):
    for state in ("filed", "closed", "evaluated"):
        await crew.brought_to(state)
    async with crew.acting("supervisor") as ctx:
        for figure in FIGURES.values():
            counts = await counted(ctx, [figure], EVER)
            rows, older = await records_of(ctx, figure, EVER, "")
            assert sum(row.amount for row in rows) == (counts.under(figure.code, "") or 0)
            assert older == ""


async def test_long_lists_come_in_pages(crew, monkeypatch):
    monkeypatch.setattr("gridgov.assessment.queries.figures.PAGE", 2)
    for _ in range(3):
        await crew.report()
    async with crew.acting("supervisor") as ctx:
        figure = FIGURES["cases_reported"]
        first, older = await records_of(ctx, figure, EVER, "")
        rest, end = await records_of(ctx, figure, EVER, "", cursor=older)
    assert [len(first), len(rest), end] == [2, 1, ""]
    assert len({row.id for row in (*first, *rest)}) == 3


async def test_a_place_counts_its_own_and_a_reader_sees_their_own(crew, county):
    first, other = county.at("grid"), county.at("grid", 7)
    await crew.report()
    town = other.path.rsplit(".", 3)[0] + "."
    assert await numbers(crew, "cases_reported", path=first.path) == [1]
    assert await numbers(crew, "cases_reported", path=other.path) == [0]
    assert await numbers(crew, "cases_reported", at=town) == [0]


async def test_only_the_days_of_a_period_count(crew):
    await crew.report()
    assert await numbers(crew, "cases_reported", period=period_of("2026Q4", TODAY)) == [1]
    assert await numbers(crew, "cases_reported", period=period_of("2026Q3", TODAY)) == [None]


async def test_what_was_never_recorded_has_no_number(crew):
    await crew.report()
    assert await numbers(
        crew, "cases_reported", "cases_closed", "ledger_lines", "hand_outs", "base_updates"
    ) == [1, 0, None, None, None]


async def test_a_county_without_a_single_case_has_no_zeros(crew):
    assert await numbers(crew, "cases_reported") == [None]


async def test_maps_are_those_of_the_base_grids(crew, county):
    grids = [node for node in county.nodes.values() if node.level == "grid"]
    assert await numbers(crew, "maps_drawn") == [len(grids)]


async def test_what_a_switch_holds_off_is_never_computed(crew):
    held = Figure(
        code="x", name="次数", definition="…", measure="cases_closed", needs=(Switch.DAILY_OK,)
    )
    async with crew.acting("supervisor") as ctx:
        assert await computable(ctx, [held, FIGURES["cases_closed"]]) == [FIGURES["cases_closed"]]
        with pytest.raises(NotFound):
            await records_of(ctx, held, EVER, "")


# the pages


@pytest.fixture
async def reader(app):
    county = await a_county(app.state.database, app.state.settings)
    async with a_browser(app) as browser:
        await sign_in(browser, county, "supervisor")
        yield county, browser


async def test_every_figure_of_the_sheet_stands_beside_its_definition(reader):
    county, browser = reader
    page = (await browser.get(f"/{county.tenant.slug}/assessment/sheets/headline")).text
    declared = {figure.code: figure for figure in county.policy.county.figures}
    (sheet,) = [sheet for sheet in county.policy.county.sheets if sheet.code == "headline"]

    for code in sheet.figures:
        assert declared[code].definition in page
    assert "28,739" in page and "680,276" in page
    assert "没有记录" in page


async def test_the_list_behind_a_number_begins_with_the_number(reader):
    county, browser = reader
    page = (await browser.get(f"/{county.tenant.slug}/assessment/figures/maps?period=all")).text
    listed = page.partition('<ul class="rows">')[2].partition("</ul>")[0].count("<li>")
    assert listed > 1
    assert f"<b>{listed}</b> 张" in page


async def test_eight_ones_are_on_the_page_of_a_grid_and_by_village(reader):
    county, browser = reader
    slug, grid = county.tenant.slug, county.at("grid")
    piece = await browser.get(f"/{slug}/assessment/at/{grid.id}", headers={"hx-request": "true"})
    village = await browser.get(
        f"/{slug}/assessment/sheets/eight_ones?place={county.at('village').path}"
    )
    assert "绘制一张网格图" in piece.text and "<html" not in piece.text
    assert f"place={grid.path}" in village.text
    assert "slot-node_sheets" in (await browser.get(f"/{slug}/grid/{grid.id}")).text


@pytest.mark.parametrize(
    "tail",
    [
        "sheets/nothing", "figures/nothing", "figures/incidents?period=soon",
        "sheets/headline?place=999999.",
    ],
)  # fmt: skip
async def test_what_is_not_there_is_not_found(reader, tail):
    county, browser = reader
    answer = await browser.get(f"/{county.tenant.slug}/assessment/{tail}")
    assert answer.status_code == 404


async def test_a_sheet_is_printed_and_exported(reader):
    county, browser = reader
    address = f"/{county.tenant.slug}/assessment/sheets/eight_ones"
    printed = await browser.get(f"{address}?print=1")
    form = await browser.get(f"{address}/export")
    assert 'data-paper="a4"' in printed.text
    assert form.status_code == 200 and "做什么用" in form.text


def test_every_measure_opens_a_page_that_there_is(app):
    """But visits booked, which have no page of their own."""
    routes = {measure.route for measure in MEASURES.values()}
    assert routes - app.state.urls._named.keys() == {"appointment"}  # noqa: SLF001


async def test_places_stand_in_the_order_of_a_figure_only_while_ranking_is_on(app, reader):
    county, browser = reader
    slug = county.tenant.slug
    address = f"/{slug}/assessment/sheets/headline?by=incidents"
    before = (await browser.get(address)).text
    async with app.state.database.session(county.tenant.id) as session:
        session.add(
            SwitchGrant(
                tenant_id=county.tenant.id, switch="ranking", state="on", asker="测试",
                expires_on=now().date() + timedelta(days=3), asked_at=now(), document="测试",
                article="第三条", reason="测试",
            )
        )  # fmt: skip
    during = (await browser.get(address)).text
    async with app.state.database.session(county.tenant.id) as session:
        await session.execute(update(SwitchGrant).values(expires_on=now().date() - timedelta(2)))
    after = (await browser.get(address)).text

    assert "按代码排，不排名" in before and "by=incidents" not in before
    assert "按“上报事件数”从多到少排" in during and "by=incidents" in during
    assert "按代码排，不排名" in after and "by=incidents" not in after


def test_the_largest_comes_first_and_what_was_not_recorded_last():
    figure = FIGURES["cases_closed"]
    rows = [Row(name, "", (Cell(figure, n, ""),)) for name, n in (("a", 2), ("b", None), ("c", 5))]
    sheet = Shown(
        Sheet(code="s", name="s", figures=(figure.code,)), EVER, "", (Cell(figure, 7, ""),),
        tuple(rows), (), "",
    )  # fmt: skip
    assert [row.unit for row in sheet.ranked_by(figure.code).rows] == ["c", "a", "b"]
    assert sheet.ranked_by("another") is sheet
