"""The first page of each role, and what is on it."""

import pytest

from factories.cases import Crew, a_case
from gridgov.desk.types import Home
from gridgov.kernel.clock import now as this_moment
from gridgov.testkit.counties import installed_policies

ROLES = installed_policies().of(("liling",)).county.roles

MAIN = {
    "worker": ("/", "/cases/new"),
    "chief": ("/", "/cases/new"),
    "station_clerk": ("/", "/cases/new"),
    "subcentre_clerk": ("/", "/cases/new"),
    "dispatcher": ("/dispatch", "/dispatch"),
    "handler": ("/", "/cases"),
    "supervisor": ("/overview", "/cases"),
    "leader": ("/overview", "/cases"),
    "county_admin": ("/admin", "/people"),
    "security_admin": ("/access/bindings", "/access/bindings"),
    "auditor": ("/audit", "/audit"),
}
"""Where each role lands, and an address on that page which its main work begins with."""


def test_every_role_names_a_first_page_that_there_is():
    assert {role.code: role.home for role in ROLES if role.home not in set(Home)} == {}


def test_every_role_has_its_main_work_written_down_here():
    assert {role.code for role in ROLES} == set(MAIN)


@pytest.mark.parametrize("role", sorted(MAIN))
async def test_a_role_finds_its_main_work_on_its_first_page(crew, county, browsing, role):
    await crew.brought_to("dispatched")
    landing, action = MAIN[role]
    slug = f"/{county.tenant.slug}"
    async with browsing(role) as client:
        answer = await client.get(f"{slug}/", follow_redirects=True)

    assert answer.status_code == 200
    assert answer.url.path.rstrip("/") == f"{slug}{landing}".rstrip("/")
    assert f'"{slug}{action}' in answer.text


@pytest.mark.parametrize("role", sorted(MAIN))
async def test_every_place_of_the_navigation_opens(county, browsing, role):
    async with browsing(role) as client:
        first = await client.get(f"/{county.tenant.slug}/", follow_redirects=True)
        found = {
            part.partition('"')[0]
            for nav in first.text.split("<nav")[1:]
            for part in nav.partition("</nav>")[0].split('href="')[1:]
        }
        answers = {
            address: (await client.get(address, follow_redirects=True)).status_code
            for address in sorted(found)
        }

    assert answers
    assert {address: status for address, status in answers.items() if status != 200} == {}


async def test_what_waits_at_a_desk_stands_on_its_first_page(crew, county, browsing):
    await crew.report()

    async with browsing("station_clerk") as client:
        answer = await client.get(f"/{county.tenant.slug}/")

    assert "等我办的" in answer.text
    assert 'class="table day-table"' in answer.text
    assert "待立案" in answer.text


async def test_a_worker_sees_cards_and_what_became_of_their_reports(crew, county, browsing):
    await crew.report(title="测试的井盖坏了")

    async with browsing("worker") as client:
        answer = await client.get(f"/{county.tenant.slug}/")

    assert "我上报的，办到哪了" in answer.text
    assert "测试的井盖坏了" in answer.text


async def test_a_department_accepts_first(crew, county, browsing):
    offered = await crew.brought_to("dispatched")
    taken = await crew.brought_to("handling")

    async with browsing("handler") as client:
        answer = await client.get(f"/{county.tenant.slug}/")

    first, _, rest = answer.text.partition('id="todo"')
    assert "先接收：新派来的 1 件" in first
    assert str(offered) in first and str(offered) not in rest
    assert str(taken) in rest
    assert f"/cases/{offered}/do/accept" in first


async def test_what_was_done_today_folds_away(app, county, browsing):
    crew = Crew(app.state.database, county, now=this_moment())
    case_id = (await crew.report(title="测试的井盖坏了")).case_id
    await crew.does("dispatcher", case_id, "file")

    async with browsing("dispatcher") as client:
        answer = await client.get(f"/{county.tenant.slug}/my-day")

    assert "今天办过的 1 件" in answer.text


@pytest.mark.parametrize("role", ["worker", "station_clerk", "handler"])
async def test_a_first_page_asks_at_most_eight_statements(crew, browsing, counting, role):
    county = crew.county
    async with browsing(role) as client:
        for _ in range(2):
            await crew.brought_to("handling")
            await crew.brought_to("dispatched")
            await crew.report()
            await client.get(f"/{county.tenant.slug}/")
            with counting() as sent:
                answer = await client.get(f"/{county.tenant.slug}/")
            assert answer.status_code == 200
            assert len(sent) <= 8, sent


async def test_the_admins_figures_count_vacancies(county, browsing):
    async with browsing("county_admin") as client:
        answer = await client.get(f"/{county.tenant.slug}/admin")

    assert answer.status_code == 200
    assert "责任岗位空缺" in answer.text
    assert "测试·网格员" not in answer.text


async def test_the_code_of_a_case_leads_straight_to_it(crew, county, browsing):
    reported = await crew.report()

    async with browsing("supervisor") as client:
        answer = await client.get(f"/{county.tenant.slug}/search", params={"q": reported.code})

    assert answer.status_code == 303
    assert answer.headers["location"].endswith(f"/cases/{reported.case_id}")


async def test_words_find_cases_and_places(crew, county, browsing):
    await crew.report(title="测试雨水井盖破损")
    grid = county.at("grid")
    async with browsing("supervisor") as client:
        case = await client.get(f"/{county.tenant.slug}/search", params={"q": "井盖"})
        code = await client.get(f"/{county.tenant.slug}/search", params={"q": grid.code})
        initials = await client.get(
            f"/{county.tenant.slug}/search", params={"q": f"cs{grid.code[:6]}"}
        )
        nothing = await client.get(f"/{county.tenant.slug}/search", params={"q": "没有这个"})
        empty = await client.get(f"/{county.tenant.slug}/search")

    assert "测试雨水井盖破损" in case.text
    assert str(grid.id) in code.text
    assert initials.status_code == 200
    assert "没有找到这样的事件" in nothing.text and "没有找到这样的网格" in nothing.text
    assert "想找什么" in empty.text


async def test_search_shows_nothing_from_elsewhere(crew, county, browsing):
    async with crew.acting("dispatcher") as ctx:
        other = await a_case(ctx, county.at("grid", 7), title="测试别处的事")

    async with browsing("station_clerk") as client:
        words = await client.get(f"/{county.tenant.slug}/search", params={"q": "别处的事"})
        code = await client.get(f"/{county.tenant.slug}/search", params={"q": other.code})

    assert "测试别处的事" not in words.text
    assert code.status_code == 200 and str(other.case_id) not in code.text


async def test_who_reads_no_cases_finds_none(crew, county, browsing):
    await crew.report(title="测试雨水井盖破损")

    async with browsing("auditor") as client:
        answer = await client.get(f"/{county.tenant.slug}/search", params={"q": "井盖"})

    assert answer.status_code == 200
    assert "测试雨水井盖破损" not in answer.text


async def test_a_search_asks_at_most_eight_statements(crew, county, browsing, counting):
    await crew.report(title="测试雨水井盖破损")
    async with browsing("supervisor") as client:
        await client.get(f"/{county.tenant.slug}/search", params={"q": "井盖"})
        with counting() as sent:
            await client.get(f"/{county.tenant.slug}/search", params={"q": "井盖"})

    assert len(sent) <= 8, sent
