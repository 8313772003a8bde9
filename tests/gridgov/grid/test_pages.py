"""The pages of the tree, as people with different rights meet them."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import event

from gridgov.kernel.clock import CHINA
from gridgov.kernel.clock import now as this_moment
from gridgov.kernel.ids import new_id
from gridgov.testkit.signing_in import send, sign_in

DOCUMENT = "测试〔2026〕1号"


@pytest.fixture
def at(county):
    return lambda *parts, **query: (
        "/".join(["", county.tenant.slug, "grid", *map(str, parts)])
        + ("?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else "")
    )


async def test_the_tree_opens_at_the_county_with_its_first_level(client, county, at):
    await sign_in(client, county, "dispatcher")

    page = await client.get(at())

    assert page.status_code == 200
    assert county.at("county").code in page.text
    assert at(county.at("district").id) in page.text
    assert "8 格 · 160 户" in page.text


async def test_a_worker_sees_the_tree_from_their_own_grid_down(client, county, at):
    await sign_in(client, county, "worker")

    page = await client.get(at())

    assert at(county.at("grid").id) in page.text
    assert at(county.at("grid", 1).id) not in page.text


async def test_a_branch_is_fetched_with_its_counts(client, county, at):
    await sign_in(client, county, "dispatcher")

    rows = await client.get(at("rows", county.at("town").id), headers={"hx-request": "true"})

    assert rows.status_code == 200
    assert "<html" not in rows.text
    assert rows.text.count('class="tree-item"') == 2
    assert "2 格 · 40 户" in rows.text


async def test_a_node_is_found_from_the_search_page_and_from_the_field_alike(client, county, at):
    await sign_in(client, county, "dispatcher")
    node = county.at("village", 1)

    page = await client.get(at("search", q=node.code))
    piece = await client.get(at("search", q=node.code), headers={"hx-request": "true"})

    assert at(node.id) in page.text
    assert at(node.id) in piece.text
    assert "<html" not in piece.text
    assert "没有找到" in (await client.get(at("search", q="没有这个"))).text


async def test_a_nodes_page_shows_its_size_against_the_norm_its_children_and_neighbours(
    client, county, at
):
    await sign_in(client, county, "dispatcher")
    village = county.at("village")

    page = (await client.get(at(village.id))).text

    assert "40 户" in page
    assert "120 人" in page
    assert "平均每格 20 户，标准约 400 户，少 95%" in page
    for one in (county.at("grid", 0), county.at("grid", 1), county.at("village", 1)):
        assert at(one.id) in page


async def test_a_node_outside_the_own_subtree_is_not_there(client, county, at):
    await sign_in(client, county, "worker")
    other = county.at("grid", 5)

    for address in (at(other.id), at("rows", other.id), at("map", node=other.id)):
        assert (await client.get(address)).status_code == 404
    assert (await client.get(at("shapes", node=other.id))).status_code == 404
    assert (await client.get(at("map", node="x"))).status_code == 404


async def test_shapes_are_those_of_the_sub_units_or_of_a_level(client, county, at):
    await sign_in(client, county, "dispatcher")
    town = county.at("town")

    below = json.loads((await client.get(at("shapes", node=town.id))).content)
    grids = json.loads((await client.get(at("shapes", node=town.id, level="grid"))).content)
    leaf = json.loads((await client.get(at("shapes", node=county.at("grid").id))).content)

    assert [f["properties"]["code"] for f in below["features"]] == [
        county.at("village", n).code for n in range(2)
    ]
    assert len(grids["features"]) == 4
    assert [f["properties"]["code"] for f in leaf["features"]] == [county.at("grid").code]
    assert below["features"][0]["geometry"]["type"] == "Polygon"


async def test_the_map_leads_down_from_the_county_to_the_last_grid(client, county, at):
    await sign_in(client, county, "dispatcher")
    district, village, leaf = county.at("district"), county.at("village"), county.at("grid")

    whole = (await client.get(at("map"))).text
    level = (await client.get(at("map", node=district.id, level="village"))).text
    last = (await client.get(at("map", node=village.id))).text

    assert at("map", node=district.id) in whole
    assert f"node={district.id}&amp;level=village" in level
    assert at(leaf.id) in last
    assert "最基层" in (await client.get(at("map", node=leaf.id))).text


async def test_who_sees_no_node_has_no_map(client, county, at):
    await sign_in(client, county, "auditor", second_factor=True)

    assert (await client.get(at("map"))).status_code in (403, 404)


async def test_a_worker_is_sent_no_shape_but_their_own(client, county, at):
    await sign_in(client, county, "worker")

    shapes = json.loads((await client.get(at("shapes"))).content)

    assert [f["id"] for f in shapes["features"]] == [str(county.at("grid").id)]


async def test_shapes_that_have_not_changed_are_not_sent_again(client, county, at):
    await sign_in(client, county, "dispatcher")
    first = await client.get(at("shapes"))

    again = await client.get(at("shapes"), headers={"if-none-match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert "private" in first.headers["cache-control"]


async def test_the_look_up_says_in_words_where_a_point_lies(client, county, at):
    await sign_in(client, county, "dispatcher")
    leaf = county.at("grid", 2)

    there = json.loads((await client.get(at("at", lon=leaf.lon, lat=leaf.lat))).content)
    outside = json.loads((await client.get(at("at", lon=1, lat=2))).content)

    assert there["code"] == leaf.code
    assert leaf.code in there["words"]
    assert "不在" in outside["words"]
    assert (await client.get(at("at", lon="x", lat=2))).status_code == 404


async def test_only_who_may_redivide_is_shown_the_way_to_it(client, county, at):
    leaf = county.at("grid")
    await sign_in(client, county, "dispatcher")
    assert at(leaf.id, "split") not in (await client.get(at(leaf.id))).text
    assert (await client.get(at(leaf.id, "split"))).status_code == 403

    await sign_in(client, county, "county_admin", second_factor=True)
    assert at(leaf.id, "split") in (await client.get(at(leaf.id))).text
    for way in ("split", "merge", "rename", "move"):
        assert (await client.get(at(leaf.id, way))).status_code == 200


async def test_a_split_is_shown_before_it_is_done(client, county, at):
    await sign_in(client, county, "county_admin", second_factor=True)
    leaf = county.at("grid")
    typed = {
        "first_name": "北格",
        "first_households": "12",
        "first_population": "35",
        "second_name": "南格",
        "second_households": "8",
        "second_population": "25",
        "keeps": "0",
        "lon1": str(leaf.lon - 0.001),
        "lat1": str(leaf.lat),
        "lon2": str(leaf.lon + 0.001),
        "lat2": str(leaf.lat),
        "effective_on": today(),
        "document": DOCUMENT,
    }

    looked = await send(client, at(leaf.id, "split"), **typed)
    assert "现在就拆分" in looked.text
    assert "还没有生效" in looked.text
    cut = await client.get(at(leaf.id, "cut"), params=typed)
    assert [f["properties"]["name"] for f in json.loads(cut.content)["features"]] == [
        "北格",
        "南格",
    ]
    edit = await send(client, at(leaf.id, "split"), **typed, step="edit")
    assert 'value="北格"' in edit.text
    did = await send(client, at(leaf.id, "split"), **typed, step="do")

    assert did.status_code == 303
    old = (await client.get(at(leaf.id))).text
    assert "已于" in old
    assert "北格" in old


async def test_a_split_that_does_not_add_up_keeps_what_was_typed(client, county, at):
    await sign_in(client, county, "county_admin", second_factor=True)
    leaf = county.at("grid")

    page = await send(
        client,
        at(leaf.id, "split"),
        first_name="北格",
        first_households="12",
        first_population="35",
        second_name="南格",
        second_households="9",
        second_population="25",
        lon1=str(leaf.lon - 0.001),
        lat1=str(leaf.lat),
        lon2=str(leaf.lon + 0.001),
        lat2=str(leaf.lat),
        effective_on=today(),
        document=DOCUMENT,
    )

    assert page.status_code == 422
    assert "两边的户数加起来应为 20 户" in page.text
    assert 'value="北格"' in page.text


async def test_a_village_is_split_merged_again_renamed_and_moved_from_its_pages(client, county, at):
    await sign_in(client, county, "county_admin", second_factor=True)
    village, leaf = county.at("village"), county.at("grid", 1)
    day = {"effective_on": today(), "document": DOCUMENT}

    split = await send(
        client,
        at(village.id, "split"),
        first_name="东村",
        second_name="西村",
        going=str(leaf.id),
        step="do",
        **day,
    )
    east = split.headers["location"].split("?")[0].rsplit("/", 1)[1]
    west = other_village(await client.get(at(county.at("town").id)), "西村")
    merged = await send(client, at(east, "merge"), others=west, name="合村", step="do", **day)
    whole = merged.headers["location"].split("?")[0].rsplit("/", 1)[1]
    looked = await send(client, at(whole, "rename"), name="瓷里村", **day)
    renamed = await send(client, at(whole, "rename"), name="瓷里村", step="do", **day)
    moved = await send(
        client, at(whole, "move"), parent=str(county.at("town", 1).id), step="do", **day
    )

    assert "“合村”改名为“瓷里村”" in looked.text
    assert [r.status_code for r in (split, merged, renamed, moved)] == [303] * 4
    page = (await client.get(at(whole))).text
    for words in ("瓷里村", "划归", "改名为", "合并为", "前身"):
        assert words in page


async def test_a_plan_is_listed_and_can_be_withdrawn(client, county, at):
    await sign_in(client, county, "county_admin", second_factor=True)
    leaf = county.at("grid")
    ahead = {"effective_on": today(7), "document": DOCUMENT}

    looked = await send(client, at(leaf.id, "rename"), name="新名", **ahead)
    planned = await send(client, at(leaf.id, "rename"), name="新名", step="do", **ahead)
    listed = (await client.get(at("redivision"))).text
    withdraw = listed.split('action="')[-1].split('"')[0]
    taken_back = await send(client, withdraw, page=at("redivision"))

    assert "列入计划" in looked.text
    assert planned.headers["location"].split("?")[0] == at("redivision")
    assert "计划中（1）" in listed
    assert "计划中" in (await client.get(at(leaf.id))).text or taken_back.status_code == 303
    assert "计划中（0）" in (await client.get(at("redivision"))).text


async def test_a_move_says_where_to_and_which_codes_change(client, county, at):
    await sign_in(client, county, "county_admin", second_factor=True)
    day = {"effective_on": today(), "document": DOCUMENT}
    village, town = county.at("village"), county.at("town", 1)

    looked = await send(client, at(village.id, "move"), parent=str(town.id), **day)

    assert f"代码由 {village.code} 变为 {town.code}203" in looked.text


async def test_a_leaf_is_split_only_with_a_line_and_a_document(client, county, at):
    await sign_in(client, county, "county_admin", second_factor=True)
    leaf = county.at("grid")
    typed = {
        "first_name": "北格",
        "first_households": "12",
        "first_population": "35",
        "second_name": "南格",
        "second_households": "8",
        "second_population": "25",
        "effective_on": today(),
    }

    without_line = await send(client, at(leaf.id, "split"), document=DOCUMENT, **typed)
    without_document = await send(client, at(leaf.id, "split"), document=" ", **typed)

    assert "请在地图上点两个点" in without_line.text
    assert "请填写这一项" in without_document.text
    assert "请在地图上点两个点" in without_document.text, "both at once"


async def test_a_form_sent_twice_divides_once(client, county, at):
    await sign_in(client, county, "county_admin", second_factor=True)
    day = {"effective_on": today(), "document": DOCUMENT}
    form = {"name": "新名", "step": "do", "_op": str(new_id()), **day}

    first = await send(client, at(county.at("grid").id, "rename"), **form)
    second = await send(client, at(county.at("grid").id, "rename"), **form)

    assert second.status_code == 303
    assert first.headers["location"].split("?")[0] == second.headers["location"].split("?")[0]


@pytest.mark.parametrize("way", ["split", "merge", "rename", "move"])
async def test_empty_forms_come_back_with_a_sentence_for_each_field(client, county, at, way):
    await sign_in(client, county, "county_admin", second_factor=True)

    page = await send(client, at(county.at("grid").id, way))

    assert page.status_code == 422
    assert "请填写这一项" in page.text


async def test_the_root_can_be_renamed_and_nothing_else(client, county, at):
    await sign_in(client, county, "county_admin", second_factor=True)
    root = county.at("county")

    assert (await client.get(at(root.id, "rename"))).status_code == 200
    for way in ("split", "merge", "move"):
        assert (await client.get(at(root.id, way))).status_code == 404


async def test_pages_cost_no_more_statements_when_there_is_more_to_show(app, client, county, at):
    await sign_in(client, county, "dispatcher")
    await client.get(at(county.at("grid").id))

    few = await statements(app, client, at(county.at("grid").id))
    many = await statements(app, client, at(county.at("town").id))
    tree = await statements(app, client, at())

    assert few == many
    assert many <= 14
    assert tree <= 8


async def statements(app, client, address):
    """How many statements a page costs, BEGIN, SET and COMMIT not counted."""
    seen = []

    def note(_connection, _cursor, statement, *_):
        if not statement.startswith(("SET", "BEGIN", "COMMIT")):
            seen.append(statement)

    engine = app.state.database.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert (await client.get(address)).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def today(days=0):
    return (this_moment().astimezone(CHINA) + timedelta(days=days)).date().isoformat()


def other_village(page, name):
    return page.text.split(f">{name}</a>")[0].rsplit("/", 1)[1].rstrip('"')
