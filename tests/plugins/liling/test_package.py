"""Liling's package: to the printed numbers, invented where it says so, without one fault."""

import re
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

import shapely

from gridgov.onboarding.rules.package import check
from gridgov.policy import Policies
from liling.demo.package.files import package
from liling.demo.package.people import EMPTY_LINE
from liling.demo.package.places import AREA_KM2, TOWNS
from liling.demo.package.shapes import KM_PER_DEGREE
from liling.standards import SEVEN_HAVES

FOLDER = Path(__file__).parents[3] / "tenants" / "liling"


@cache
def liling():
    files = {path.name: path.read_bytes() for path in FOLDER.iterdir()}
    return check(files, Policies())


def nodes(level):
    return [node for node in liling().package.nodes if node.level == level]


def shape(node):
    return shapely.geometry.shape(node.boundary)


def test_the_package_is_without_fault():
    assert liling().faults == ()


def test_the_generator_writes_the_same_bytes_again():
    assert package() == {path.name: path.read_bytes() for path in FOLDER.iterdir()}


def test_the_tree_has_the_printed_numbers():
    counts = Counter(node.level for node in liling().package.nodes)

    assert counts == {"county": 1, "district": 5, "town": 24, "village": 270, "grid": 820}
    assert Counter(node.area_type for node in nodes("grid")) == {"urban": 220, "rural": 600}


def test_towns_have_their_real_names_and_codes():
    assert {(node.code, node.name) for node in nodes("town")} == {
        (town.code, town.name) for town in TOWNS
    }
    assert Counter(town.name[-2:] == "街道" for town in TOWNS) == {True: 5, False: 19}
    assert ("430281007", "长庆街道") in {(town.code, town.name) for town in TOWNS}


def test_a_path_is_made_of_what_each_code_adds():
    grid = nodes("grid")[0]

    assert grid.path == f"430281.1.{grid.code[6:9]}.{grid.code[9:12]}.{grid.code[12:]}."
    assert {len(node.code) for node in nodes("grid")} == {15}


def test_communities_and_villages_have_codes_of_their_ranges():
    for node in nodes("village"):
        digits = int(node.code[9:])
        assert (1 <= digits <= 199) == node.name.endswith("社区")
        assert digits < 400


def test_sizes_vary_by_forty_percent_around_the_norm():
    urban = [node for node in nodes("grid") if node.area_type == "urban"]

    assert 235 <= min(node.households for node in urban) < 260
    assert 540 < max(node.households for node in urban) <= 565
    assert abs(sum(node.households for node in urban) / 220 - 400) < 20
    assert abs(nodes("county")[0].population - 1_060_000) < 50


def test_numbers_of_a_unit_are_the_sums_of_its_parts():
    below = defaultdict(list)
    for node in liling().package.nodes:
        below[node.parent].append(node)
    for node in liling().package.nodes:
        if below[node.code]:
            assert node.population == sum(child.population for child in below[node.code])


def test_grids_cover_the_county_without_gap_or_overlap():
    for level in ("grid", "village", "town", "district"):
        assert shapely.coverage_is_valid([shape(node) for node in nodes(level)])
    whole = shape(nodes("county")[0])
    parts = shapely.coverage_union_all([shape(node) for node in nodes("grid")])
    assert shapely.equals(whole, parts)
    assert abs(whole.area * KM_PER_DEGREE[0] * KM_PER_DEGREE[1] - AREA_KM2) < 1


def test_urban_grids_are_small_and_in_the_middle():
    middle = shapely.Point(113.50, 27.65)
    urban = [shape(node) for node in nodes("grid") if node.area_type == "urban"]
    rural = [shape(node) for node in nodes("grid") if node.area_type == "rural"]

    assert 5 * sum(s.area for s in urban) / 220 < sum(s.area for s in rural) / 600
    assert max(s.distance(middle) for s in urban) < 0.1


def test_the_map_stays_small():
    assert (FOLDER / "boundaries.csv").stat().st_size < 400_000


def test_every_working_place_has_an_office_and_some_are_not_known_yet():
    """000: a centre, 24 sub-centres, 270 stations; the standard is for the 294 below the centre."""
    offices = {office.node: office for office in liling().package.offices}
    desks = [*nodes("county"), *nodes("town"), *nodes("village")]

    assert sorted(offices) == sorted(node.code for node in desks)
    assert len(offices) == 1 + 24 + 270
    assert len([node for node in desks if node.level in SEVEN_HAVES.levels]) == 294
    assert all(office.synthetic for office in offices.values())
    assert all(re.fullmatch(r"0731-0000[0-9]{4}|", office.phone) for office in offices.values())
    assert 0 < sum(not (office.phone and office.hours) for office in offices.values()) < 20


def test_what_is_invented_says_so():
    assert {node.synthetic for node in liling().package.nodes} == {True}  # every boundary is
    grid_file = (FOLDER / "grid.csv").read_text().splitlines()[1:]
    real = {line.split(",")[3] for line in grid_file if line.split(",")[7] == "false"}
    assert real == {"醴陵市", *(town.name for town in TOWNS)}
    assert all(person.synthetic for person in liling().package.staff)


def test_every_grid_has_one_worker():
    people = {person.number: person for person in liling().package.staff}
    workers = {
        row.node: people[row.staff] for row in liling().package.holdings if row.post == "worker"
    }

    assert set(workers) == {node.code for node in nodes("grid")}
    assert Counter(worker.employment for worker in workers.values()) == {
        "full_time": 220,
        "part_time": 600,
    }


def test_people_are_visibly_fictional():
    for person in liling().package.staff:
        assert re.fullmatch(r"\D+[0-9]{3}", person.name)
        assert person.name.startswith(person.title)
        assert re.fullmatch(r"1990000[0-9]{4}", person.phone)
    assert len({person.phone for person in liling().package.staff}) == 1737


def test_some_posts_are_vacant_and_one_line_is_empty_up_to_the_district():
    held = {(row.post, row.node) for row in liling().package.holdings}
    village = next(node for node in nodes("village") if node.parent == EMPTY_LINE)
    grid = next(node for node in nodes("grid") if node.parent == village.code)

    assert ("chief", grid.code) not in held
    assert ("leader", village.code) not in held
    assert ("leader", EMPTY_LINE) not in held
    assert ("leader", "430281-4") in held
    assert 800 < sum(post == "chief" for post, _ in held) < 820


def test_departments_answer_for_thirteen_topics_and_the_assumed_ones_say_so():
    topics = liling().package.topics

    assert Counter(topic.assumed for topic in topics) == {False: 6, True: 7}
    assert {topic.department for topic in topics} <= {
        department.code for department in liling().package.departments
    }


def test_the_plugin_names_no_department_that_is_not_there():
    county = Policies().of(("liling",)).county
    there = {department.code for department in liling().package.departments}

    assert {code for category in county.categories for code in category.departments} <= there


def test_each_role_is_somebodys():
    county = Policies().of(("liling",)).county

    assert {binding.role for binding in liling().package.bindings} == {
        role.code for role in county.roles
    }


def test_the_catalogue_has_the_printed_numbers_and_says_what_is_invented():
    """000: 109、97、129; 001: 664、50. The four that the texts name are real; the rest says so."""
    items = liling().package.services
    county = Policies().of(("liling",)).county
    batches = {batch.code for batch in county.service_batches}
    counted = {
        flag.code: sum(flag.code in item.flags for item in items) for flag in county.service_flags
    }

    assert counted == {flag.code: flag.printed for flag in county.service_flags}
    assert tuple(counted.values()) == (109, 97, 129, 664, 50)
    assert {item.batch for item in items} == batches and len(batches) == 5
    assert {(item.name, item.department) for item in items if not item.synthetic} == {
        ("生育服务证登记", "health"),
        ("残疾人证申请", "disabled"),
        ("企业退休人员养老保险年审", "social"),
        ("老年证年审", "civil"),
    }
    assert len({item.name for item in items}) == len({item.code for item in items}) == 664
    assert all("《" in item.source for item in items if not item.synthetic)  # named by its title


def test_what_is_wholly_assisted_names_its_materials_and_comes_from_the_seven_departments():
    """000: 医保、社保、民政、国土、计生; 001: 卫计、民政、残联、人社."""
    known = {one.code: one.name for one in liling().package.departments}
    items = [item for item in liling().package.services if "assisted" in item.flags]
    named = [item for item in liling().package.services if not item.synthetic]

    assert all(item.materials and item.steps and item.term for item in items)
    assert all("agency" in item.flags for item in items)
    assert set(named) <= set(items)
    assert sorted(known[code] for code in {item.department for item in items}) == sorted(
        ("医疗保障局", "社会保险服务中心", "民政局", "自然资源局", "卫生健康局", "残疾人联合会",
         "人力资源和社会保障局")
    )  # fmt: skip
