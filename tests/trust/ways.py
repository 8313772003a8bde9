"""How every route is called so that it does something: what its address holds, what is typed.

A route whose address holds something that is not listed here fails the suite.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from factories.stock import PLANNED, Stock
from gridgov.kernel.clock import now
from gridgov.kernel.ids import new_id
from gridgov.testkit.doors import Door

Typed = Mapping[str, Any]

PLACES = {
    "appeal_id": "appeal",
    "department_id": "department",
    "figure": "figure",
    "grant_id": "asked",
    "nomination_id": "nominated",
    "opinion_id": "opinion",
    "records": "year_records",
    "review_id": "review",
    "sheet": "sheet",
    "account_id": "account",
    "activity_id": "activity",
    "action": "action",
    "binding_id": "binding",
    "building_id": "building",
    "campaign_id": "campaign",
    "case_id": "case",
    "change_id": "change",
    "circular_id": "circular",
    "closure_id": "closure",
    "code": "item_code",
    "code_id": "place_code",
    "day": "planned",
    "device_id": "device",
    "document_id": "paper",
    "file_id": "file",
    "handover_id": "handover",
    "holding_id": "holding",
    "import_id": "import",
    "item_id": "item",
    "matter_id": "matter",
    "meeting_id": "meeting",
    "member_id": "member",
    "kind": "campaign_kind",
    "ledger": "ledger",
    "line_id": "line",
    "list_code": "list_code",
    "node_id": "node",
    "notice_id": "notice",
    "other_id": "other",
    "piece_id": "piece",
    "post": "post",
    "reporter_id": "reporter",
    "reset_id": "to_decide",
    "row_code": "row_code",
    "screen_id": "screen",
    "staff_id": "staff",
    "token": "token",
    "suggestion_id": "suggestion",
    "team_id": "team",
    "target_id": "target",
    "turnover_id": "turnover",
    "variant": "variant",
    "visit_id": "visit",
    "item": "standard_item",
    "zone": "zone",
    "seat": "seat",
    "number_id": "number",
    "table": "review_table",
    "tick_id": "tick",
    "version_id": "list_version",
}
"""What a place of an address stands for, unless the way says otherwise."""

WORDS = {
    "post": "party_leader",
    "figure": "incidents",
    "sheet": "eight_ones",
    "review_table": "work",
    "year_records": "switches",
    "standard_item": "office",
    "zone": "window",
    "seat": "urban",
    "variant": "display",
    "action": "note",
    "planned": PLANNED.isoformat(),
    "ledger": "visit",
    "campaign_kind": "shops",
    "list_code": "rounds",
    "row_code": "public_1",
}
"""Places that hold a word, not an id."""


@dataclass(frozen=True)
class Way:
    """One route.

    ``ids`` names other things than usual for places of the address. ``typed`` is the form of a
    write or the query of a read; ``refs`` are its fields that name something of the county.
    ``also`` are the statuses of a control that does not succeed here, with the reason beside it.
    """

    ids: Mapping[str, str] = field(default_factory=dict)
    typed: Callable[[Stock], Typed] = lambda _: {}
    refs: Mapping[str, str] = field(default_factory=dict)
    also: tuple[int, ...] = ()
    why: str = ""


def today(days: int = 0) -> str:
    return (date.today() + timedelta(days=days)).isoformat()  # noqa: DTZ011


def document(stock: Stock) -> dict[str, str]:
    return {"effective_on": today(), "document": "测试〔2026〕1号", "step": "do"}


def part(name: str) -> dict[str, Any]:
    return {f"{name}_name": f"测试{name}", f"{name}_households": 10, f"{name}_population": 30}


def across(stock: Stock) -> dict[str, Any]:
    """A line through the node that is split."""
    node = stock.county.at("grid", 4)
    return {
        "lon1": node.lon, "lat1": node.lat - 0.01, "lon2": node.lon, "lat2": node.lat + 0.01,
    }  # fmt: skip


REPORT = {"category": "E0102", "description": "井盖翘起", "place": "路口"}

ASSIST = {"case_id": "assist"}
ORAL = {"way": "oral", "purpose": "代办", "witness": "测试", "valid_until": today(9)}

NOT_NOW = (403,)
NO_SUCH = (404,)

WAYS: dict[str, Way] = {
    # people, accounts, roles
    "POST /{tenant}/access/bindings/{binding_id}/end": Way(),
    "POST /{tenant}/access/people/{account_id}": Way(
        typed=lambda s: {"role": "worker", "node": s.county.at("grid").code, "since": today()},
        refs={"node": "leaf_code"},
        also=(409, 422),
        why="the person has the role already",
    ),
    "POST /{tenant}/accounts/{staff_id}": Way(ids={"staff_id": "newcomer"}),
    "POST /{tenant}/accounts/{staff_id}/close": Way(ids={"staff_id": "to_close"}),
    "POST /{tenant}/accounts/{staff_id}/reopen": Way(ids={"staff_id": "to_reopen"}),
    "POST /{tenant}/people/{staff_id}/posts": Way(
        ids={"staff_id": "spare"},
        typed=lambda s: {
            "post": "leader",
            "node": s.county.at("town", 1).code,
            "valid_from": today(),
        },
        refs={"node": "leaf_code"},
    ),
    "POST /{tenant}/people/{staff_id}/posts/{holding_id}/end": Way(
        ids={"staff_id": "spare"}, typed=lambda _: {"on": today()}
    ),
    "POST /{tenant}/resets": Way(
        typed=lambda s: {"staff_id": s.things["reset_for"], "q": "X3", "reason": "当面核对"},
        refs={"staff_id": "reset_for"},
    ),
    "POST /{tenant}/resets/{reset_id}": Way(typed=lambda _: {"answer": "approve"}),
    "POST /{tenant}/resets/{reset_id}/slip": Way(ids={"reset_id": "to_issue"}),
    "GET /{tenant}/people": Way(
        typed=lambda s: {"node": s.county.at("grid").code}, refs={"node": "leaf_code"}
    ),
    "GET /{tenant}/accounts": Way(typed=lambda s: {"q": s.rich.number}, refs={"q": "person_login"}),
    "GET /{tenant}/access/bindings": Way(typed=lambda _: {"q": "测试"}, refs={"q": "county_code"}),
    "GET /{tenant}/resets": Way(typed=lambda _: {"q": "测试"}, refs={"q": "person_login"}),
    "GET /{tenant}/why": Way(
        typed=lambda s: {"q": s.county.at("grid").code, "account": s.things["account"]},
        refs={"q": "leaf_code", "account": "account"},
    ),
    # one's own account
    "POST /{tenant}/account/devices/{device_id}/end": Way(),
    "POST /{tenant}/account/password": Way(
        typed=lambda _: {"old": "x", "password": "Kan-bu-dong-81", "again": "Kan-bu-dong-81"},
        also=(422,),
        why="the old password is wrong on purpose",
    ),
    "POST /{tenant}/account/second-factor": Way(
        typed=lambda _: {"code": "000000", "offer": "x"}, also=(409, 422), why="no phone at hand"
    ),
    "POST /{tenant}/account/second-factor/codes": Way(
        typed=lambda _: {"code": "000000"}, also=(422,), why="no phone at hand"
    ),
    "POST /{tenant}/account/second-factor/remove": Way(
        typed=lambda _: {"code": "000000"}, also=(422,), why="no phone at hand"
    ),
    "POST /{tenant}/account/verify": Way(
        typed=lambda _: {"code": "000000"}, also=NOT_NOW, why="no wall stands before this person"
    ),
    "POST /{tenant}/language": Way(typed=lambda _: {"locale": "zh"}),
    "POST /{tenant}/log-in": Way(
        typed=lambda _: {"login": "nobody", "password": "x"}, also=(401, 422), why="a stranger"
    ),
    # suggestions, notices, calendar, audit
    "POST /{tenant}/suggestions": Way(typed=lambda _: {"text": "字太小了", "page": "/x"}),
    "POST /{tenant}/suggestions/{suggestion_id}/answer": Way(typed=lambda _: {"answer": "已改"}),
    "POST /{tenant}/calendar/closures": Way(
        typed=lambda _: {"day": next_open_day(), "reason": "防汛", "document": "测试〔2026〕2号"},
        also=(409, 422),
        why="the day may be a holiday",
    ),
    "POST /{tenant}/calendar/closures/{closure_id}": Way(
        typed=lambda _: {"document": "测试〔2026〕3号"}
    ),
    "POST /{tenant}/settings": Way(
        typed=lambda s: {
            "s-merge_hours": 48,
            "effective_from": today(),
            "reason": "测试〔2026〕4号",
            "seen": s.things["settings_seen"],
        },
        also=(409,),
        why="somebody else changed a setting meanwhile",
    ),
    "POST /{tenant}/settings/{day}/withdraw": Way(),
    "POST /{tenant}/rules/change": Way(
        typed=lambda _: {"plugins": ["liling", "baseline"], "seen": ""},
        also=(409, 422),
        why="the county runs them already; beside what builds on it the baseline is refused",
    ),
    "POST /{tenant}/circulars/new": Way(
        typed=lambda s: {
            "first": today(),
            "last": today(),
            "demand": "请抓紧",
            "answer_by": today(7),
            f"ask-{s.cases['handling']}": "三天内办结",
        },
    ),
    "POST /{tenant}/circulars/{circular_id}/export": Way(typed=lambda _: {"purpose": "测试"}),
    "POST /{tenant}/circulars/{circular_id}/word": Way(typed=lambda _: {"purpose": "测试"}),
    "POST /{tenant}/lists/{list_code}/export": Way(typed=lambda _: {"purpose": "测试"}),
    "POST /{tenant}/lists/{list_code}/rows/{row_code}": Way(
        typed=lambda s: {
            "group": "公共设施",
            "text": "井盖",
            "often": "每天",
            "effective_from": today(),
            "document": "测试〔2026〕5号",
            "seen": s.things["list_seen"],
            "step": "do",
        },
        also=(409,),
        why="somebody else changed a list meanwhile",
    ),
    "POST /{tenant}/lists/{list_code}/versions/{version_id}/withdraw": Way(),
    "POST /{tenant}/yearly": Way(
        typed=lambda _: {"duty": "archive", "year": date.today().year, "done_on": today()},  # noqa: DTZ011
    ),
    "POST /{tenant}/yearly/ticks/{tick_id}/undo": Way(),
    "GET /{tenant}/audit": Way(
        typed=lambda s: {"record": s.things["case"], "account": s.rich.account_id},
        refs={"record": "case", "account": "account"},
    ),
    "GET /{tenant}/audit/export": Way(
        typed=lambda s: {"record": s.things["case"]}, refs={"record": "case"}
    ),
    "POST /{tenant}/audit/export": Way(typed=lambda _: {"purpose": "测试"}),
    # the tree
    "GET /{tenant}/grid/{node_id}/split": Way(ids={"node_id": "to_split"}),
    "GET /{tenant}/grid/{node_id}/cut": Way(
        ids={"node_id": "to_split"},
        typed=lambda s: document(s) | part("first") | part("second") | across(s),
    ),
    "GET /{tenant}/grid/{node_id}/merge": Way(ids={"node_id": "to_merge"}),
    "GET /{tenant}/grid/{node_id}/rename": Way(ids={"node_id": "to_rename"}),
    "GET /{tenant}/grid/{node_id}/move": Way(ids={"node_id": "to_move"}),
    "POST /{tenant}/grid/{node_id}/split": Way(
        ids={"node_id": "to_split"},
        typed=lambda s: document(s) | part("first") | part("second") | across(s),
    ),
    "POST /{tenant}/grid/{node_id}/merge": Way(
        ids={"node_id": "to_merge"},
        typed=lambda s: document(s) | {"name": "测试合", "others": s.things["to_merge_with"]},
        refs={"others": "to_merge_with"},
    ),
    "POST /{tenant}/grid/{node_id}/rename": Way(
        ids={"node_id": "to_rename"}, typed=lambda s: document(s) | {"name": "测试改"}
    ),
    "POST /{tenant}/grid/{node_id}/move": Way(
        ids={"node_id": "to_move"},
        typed=lambda s: document(s) | {"parent": s.things["to_move_to"]},
        refs={"parent": "to_move_to"},
    ),
    "GET /{tenant}/grid/map": Way(
        typed=lambda s: {"node": s.things["node"]}, refs={"node": "node"}
    ),
    "GET /{tenant}/grid/shapes": Way(
        typed=lambda s: {"node": s.things["node"]}, refs={"node": "node"}
    ),
    "GET /{tenant}/grid/search": Way(
        typed=lambda s: {"q": s.county.at("grid").code}, refs={"q": "leaf_code"}
    ),
    "GET /{tenant}/grid/at": Way(
        typed=lambda s: {"lon": s.county.at("grid").lon, "lat": s.county.at("grid").lat}
    ),
    # cases
    "GET /{tenant}/cases": Way(
        typed=lambda s: {"q": "title", "department": s.county.departments["urban"]},
        refs={"q": "code", "department": "department", "place": "leaf_path"},
    ),
    "GET /{tenant}/cases/points": Way(
        typed=lambda s: {"node": s.things["node"]}, refs={"node": "node", "case": "case"}
    ),
    "GET /{tenant}/cases/export": Way(refs={"place": "leaf_path", "department": "department"}),
    "POST /{tenant}/cases/export": Way(typed=lambda _: {"purpose": "测试"}),
    "GET /{tenant}/cases/new": Way(refs={"node": "leaf"}),
    "GET /{tenant}/cases/new/where": Way(
        typed=lambda s: {"lon": s.county.at("grid").lon, "lat": s.county.at("grid").lat}
    ),
    "POST /{tenant}/cases/new": Way(
        typed=lambda s: REPORT | {"node": s.things["leaf"]}, refs={"node": "leaf"}
    ),
    "POST /{tenant}/cases/new/filled": Way(
        typed=lambda s: REPORT | {"node": s.things["leaf"]}, refs={"node": "leaf"}
    ),
    "POST /{tenant}/cases/{case_id}/reporters/{reporter_id}": Way(
        typed=lambda _: {"reason": "call_back", "words": "回电"}
    ),
    "POST /{tenant}/cases/{case_id}/do/{action}": Way(typed=lambda _: {"note": "看过了"}),
    "GET /{tenant}/cases/{case_id}/do/{action}": Way(),
    "POST /{tenant}/dispatch/batch": Way(
        typed=lambda s: {"ids": s.cases["filed"]}, refs={"ids": "case"}
    ),
    "GET /{tenant}/overview": Way(refs={"place": "leaf_path"}),
    "GET /{tenant}/overview/now": Way(refs={"place": "leaf_path"}),
    "GET /{tenant}/search": Way(typed=lambda s: {"q": s.things["code"]}, refs={"q": "code"}),
    # services
    "GET /{tenant}/services": Way(typed=lambda _: {"flag": "town"}, refs={"q": "item_code"}),
    "POST /{tenant}/services/import": Way(also=(422,), why="no file is sent"),
    "GET /{tenant}/guide": Way(refs={"q": "item_code"}),
    # staffing and kit
    "GET /{tenant}/staffing/gaps": Way(
        typed=lambda s: {"node": s.county.at("village").code}, refs={"node": "leaf_code"}
    ),
    "GET /{tenant}/staffing/gaps/export": Way(
        typed=lambda s: {"node": s.county.at("village").code}, refs={"node": "leaf_code"}
    ),
    "POST /{tenant}/staffing/gaps/export": Way(typed=lambda _: {"purpose": "测试"}),
    "GET /{tenant}/staffing/gaps/{node_id}/{post}": Way(ids={"node_id": "leaf"}),
    "POST /{tenant}/staffing/gaps/{node_id}/{post}": Way(
        ids={"node_id": "leaf"},
        typed=lambda s: {"other": s.rich.number, "valid_from": today()},
    ),
    "GET /{tenant}/kit": Way(
        typed=lambda s: {"node": s.county.at("village").code}, refs={"node": "leaf_code"}
    ),
    "GET /{tenant}/kit/leavers": Way(refs={"node": "leaf_code"}),
    "GET /{tenant}/kit/export": Way(refs={"node": "leaf_code"}),
    "POST /{tenant}/kit/export": Way(typed=lambda _: {"purpose": "测试"}),
    "POST /{tenant}/kit/people/{staff_id}/set": Way(
        typed=lambda s: {"node": s.things["leaf"]}, refs={"node": "leaf"}
    ),
    "POST /{tenant}/kit/people/{staff_id}": Way(
        typed=lambda s: {"node": s.things["leaf"], "item": "bag", "on": today()},
        refs={"node": "leaf"},
        also=(409,),
        why="the whole set was handed out meanwhile",
    ),
    "GET /{tenant}/kit/at/{node_id}": Way(ids={"node_id": "leaf"}),
    "POST /{tenant}/kit/at/{node_id}": Way(
        ids={"node_id": "leaf"},
        typed=lambda s: {"node": s.things["leaf"], "item": "car", "on": today()},
        also=(409,),
        why="the unit has its car already",
    ),
    "POST /{tenant}/kit/pieces/{piece_id}": Way(
        typed=lambda _: {"state": "returned", "on": today()}
    ),
    "POST /{tenant}/kit/pieces/{piece_id}/strike-off": Way(
        ids={"piece_id": "missing_piece"}, typed=lambda _: {"reason": "测试"}
    ),
    # teams, activities, meetings
    "GET /{tenant}/teams": Way(
        typed=lambda s: {"node": s.county.at("village").code}, refs={"node": "leaf_code"}
    ),
    "POST /{tenant}/teams": Way(
        typed=lambda s: {"kind": "women", "node": s.things["leaf"]}, refs={"node": "leaf"}
    ),
    "GET /{tenant}/teams/export": Way(refs={"node": "leaf_code"}),
    "POST /{tenant}/teams/export": Way(typed=lambda _: {"purpose": "测试"}),
    "POST /{tenant}/teams/{team_id}/members": Way(
        typed=lambda _: {"how": "unnamed", "role": "队员", "count": 3}
    ),
    "POST /{tenant}/teams/{team_id}/members/{member_id}/remove": Way(ids={"member_id": "to_leave"}),
    "POST /{tenant}/teams/{team_id}/members/{member_id}/reveal": Way(
        typed=lambda _: {"purpose": "通知活动"}
    ),
    "POST /{tenant}/teams/{team_id}/end": Way(
        ids={"team_id": "team_to_end"}, typed=lambda _: {"on": today()}
    ),
    "GET /{tenant}/activities": Way(
        typed=lambda s: {"node": s.county.at("village").code}, refs={"node": "leaf_code"}
    ),
    "GET /{tenant}/activities/export": Way(refs={"node": "leaf_code"}),
    "POST /{tenant}/activities/export": Way(typed=lambda _: {"purpose": "测试"}),
    "GET /{tenant}/activities/new": Way(
        typed=lambda s: {"team": s.things["team"]}, refs={"team": "team"}
    ),
    "POST /{tenant}/activities/new": Way(
        typed=lambda s: {
            "node": s.things["leaf"],
            "team": s.things["team"],
            "on": today(),
            "what": "巡逻",
            "took_part": 3,
            "meeting": s.things["meeting"],
        },
        refs={"node": "leaf", "team": "team", "meeting": "meeting"},
    ),
    "GET /{tenant}/meetings": Way(
        typed=lambda s: {"node": s.county.at("village").code}, refs={"node": "leaf_code"}
    ),
    "POST /{tenant}/meetings": Way(
        typed=lambda _: {"kind": "weekly", "at": f"{today(1)}T09:00"},
        also=(422,),
        why="this kind is held at stations, and the address names none",
    ),
    "POST /{tenant}/meetings/{meeting_id}/items": Way(typed=lambda _: {"title": "路灯"}),
    "POST /{tenant}/meetings/{meeting_id}/minutes": Way(typed=lambda _: {"minutes": "议过了"}),
    "POST /{tenant}/meetings/matters/{matter_id}/drop": Way(
        also=(409,), why="the minutes were kept meanwhile"
    ),
    "POST /{tenant}/cases/{case_id}/consultations/new": Way(
        typed=lambda s: {
            "at": f"{s.county.tenant.local(now()):%Y-%m-%dT%H:%M}",
            "departments": s.county.departments["urban"],
            "conclusion": "由城管办理",
            "next_step": "三天内办好",
        },
        refs={"departments": "department"},
    ),
    "GET /{tenant}/assist/new": Way(
        typed=lambda s: {"item": s.things["item"]}, refs={"item": "item"}
    ),
    "POST /{tenant}/assist/new": Way(
        typed=lambda s: (
            {
                "item": s.things["item"],
                "node": s.things["leaf"],
                "name": "测试",
                "phone": "19900000000",
            }
            | ORAL
        ),
        refs={"item": "item", "node": "leaf"},
        also=(409,),
        why="another catalogue was imported meanwhile",
    ),
    "POST /{tenant}/assist/export": Way(typed=lambda _: {"purpose": "测试"}),
    "POST /{tenant}/services/export": Way(typed=lambda _: {"purpose": "测试"}),
    "POST /{tenant}/bookings/export": Way(typed=lambda _: {"purpose": "测试"}),
    "GET /{tenant}/assist/{case_id}": Way(ids=ASSIST),
    "GET /{tenant}/assist/{case_id}/card": Way(ids=ASSIST),
    "GET /{tenant}/assist/{case_id}/receipt": Way(ids=ASSIST),
    "POST /{tenant}/assist/{case_id}/materials": Way(ids=ASSIST),
    "POST /{tenant}/assist/{case_id}/documents": Way(
        ids=ASSIST, typed=lambda _: {"name": "户口簿"}
    ),
    "POST /{tenant}/assist/{case_id}/documents/{document_id}": Way(
        ids=ASSIST, typed=lambda _: {"to": "station"}
    ),
    "POST /{tenant}/assist/{case_id}/authority": Way(ids=ASSIST, typed=lambda _: ORAL),
    "POST /{tenant}/assist/{case_id}/authority/end": Way(ids=ASSIST),
    "POST /{tenant}/assist/{case_id}/resident": Way(ids=ASSIST, typed=lambda _: {"words": "上门"}),
    "POST /{tenant}/codes/{code_id}": Way(typed=lambda _: {"why": "torn", "do": "revoke"}),
    "POST /{tenant}/codes": Way(
        typed=lambda s: {"node": s.things["leaf"], "places": "2栋"}, refs={"node": "leaf"}
    ),
    "POST /{tenant}/q": Way(
        typed=lambda s: {"lon": s.county.at("grid").lon, "lat": s.county.at("grid").lat}
    ),
    "POST /{tenant}/bookings": Way(
        typed=lambda s: {"ids": s.things["visit"], "words": "上门"}, refs={"ids": "visit"}
    ),
    "POST /{tenant}/bookings/new": Way(
        typed=lambda s: {"node": s.things["leaf"], "day": today(2), "building": "1栋"},
        refs={"node": "leaf"},
    ),
    "POST /{tenant}/bookings/{visit_id}": Way(typed=lambda _: {"do": "done"}),
    "GET /{tenant}/book": Way(
        typed=lambda s: {"grid": s.county.at("grid").code}, refs={"grid": "leaf_code"}
    ),
    "POST /{tenant}/book": Way(
        typed=lambda s: {
            "grid": s.county.at("grid").code,
            "day": today(3),
            "building": "1栋",
            "phone": "19900000000",
        },
        refs={"grid": "leaf_code", "item": "item"},
    ),
    "GET /{tenant}/book/done": Way(typed=lambda s: {"receipt": s.things["visit_receipt"]}),
    "POST /{tenant}/book/mine": Way(
        typed=lambda s: {"code": s.things["visit_code"], "key": "0000"},
        refs={"code": "visit_code"},
        also=(422,),
        why="the key is wrong on purpose",
    ),
    "POST /{tenant}/book/mine/change": Way(
        also=NO_SUCH, why="needs a ticket, see the room's tests"
    ),
    # figures, reviews, honours, switches
    "GET /{tenant}/assessment": Way(refs={"place": "leaf_path"}),
    "GET /{tenant}/assessment/figures/{figure}": Way(refs={"place": "leaf_path"}),
    "GET /{tenant}/assessment/sheets/{sheet}": Way(refs={"place": "leaf_path"}),
    "GET /{tenant}/assessment/sheets/{sheet}/export": Way(refs={"place": "leaf_path"}),
    "POST /{tenant}/assessment/sheets/{sheet}/export": Way(typed=lambda _: {"purpose": "季度讲评"}),
    "POST /{tenant}/reviews": Way(typed=lambda _: {"which": "year_end 2025"}),
    "GET /{tenant}/reviews/{review_id}": Way(refs={"place": "leaf_path"}),
    "GET /{tenant}/reviews/{review_id}/print": Way(refs={"place": "leaf_path"}),
    "GET /{tenant}/reviews/{review_id}/export/{table}": Way(refs={"place": "leaf_path"}),
    "POST /{tenant}/reviews/{review_id}/export/{table}": Way(
        typed=lambda _: {"purpose": "季度讲评"}
    ),
    "GET /{tenant}/published/{review_id}": Way(ids={"review_id": "circulated"}),
    "POST /{tenant}/reviews/{review_id}/publish": Way(
        ids={"review_id": "publishable"},
        typed=lambda _: {"document": "测试〔2026〕5号", "conclusion": "总体平稳，路灯修得快。"},
    ),
    "POST /{tenant}/reviews/{review_id}/opinions": Way(
        typed=lambda s: {
            "form": "problems",
            "department": s.county.departments["urban"],
            "text": "井盖的事反复在一处发生",
        },
        refs={"department": "department"},
    ),
    "POST /{tenant}/reviews/{review_id}/questions": Way(
        typed=lambda s: {
            "node": s.things["station"],
            "comparison": "reported_not_closed",
            "answer": "都在等市政排期",
        },
        refs={"node": "station"},
        also=NO_SUCH,
        why="the figures may just be computed anew, and then nothing is asked yet",
    ),
    "POST /{tenant}/reviews/{review_id}/appeals": Way(
        typed=lambda s: {
            "department": s.county.departments["urban"],
            "figure": "closed",
            "case": s.things["closed_code"],
            "reason": "这件事不归我们管",
        },
        refs={"department": "department", "case": "closed_code"},
    ),
    "POST /{tenant}/reviews/appeals/{appeal_id}": Way(
        typed=lambda _: {"answer": "dismiss", "decision": "查过了，算得对"}
    ),
    "POST /{tenant}/honours": Way(
        typed=lambda s: {
            "honour": "star",
            "node": s.county.at("grid").code,
            "post": "worker",
            "story": "大雨夜里守着水位，天亮才回家，没有一户进水。",
        },
        refs={"node": "leaf_code"},
    ),
    "POST /{tenant}/honours/{nomination_id}": Way(typed=lambda _: {"answer": "yes"}),
    "POST /{tenant}/honours/{nomination_id}/decide": Way(
        ids={"nomination_id": "agreed"}, typed=lambda _: {"answer": "yes"}
    ),
    "POST /{tenant}/compliance": Way(
        typed=lambda _: {
            "switch": "ranking",
            "document": "测试〔2026〕6号",
            "article": "第三条",
            "reason": "应急演练需要",
            "expires_on": today(30),
        }
    ),
    "POST /{tenant}/compliance/{grant_id}": Way(typed=lambda _: {"answer": "confirm"}),
    "POST /{tenant}/compliance/{grant_id}/end": Way(ids={"grant_id": "grant_on"}),
    # the register
    "GET /{tenant}/buildings": Way(
        typed=lambda s: {"node": s.things["leaf"]}, refs={"node": "leaf"}
    ),
    "GET /{tenant}/buildings/new": Way(
        typed=lambda s: {"node": s.things["leaf"]}, refs={"node": "leaf"}
    ),
    "POST /{tenant}/buildings/new": Way(
        typed=lambda _: {"name": "9栋", "use": "home", "dwellings": 3},
        also=(422,),
        why="the grid stands in the address; without it the view begins above the grids",
    ),
    "GET /{tenant}/buildings/export": Way(
        typed=lambda s: {"node": s.things["node"]}, refs={"node": "node"}
    ),
    "POST /{tenant}/buildings/export": Way(typed=lambda _: {"purpose": "测试"}),
    "POST /{tenant}/buildings/{building_id}": Way(
        typed=lambda _: {"use": "shop", "storeys": 2, "source": "测试"}
    ),
    "POST /{tenant}/buildings/{building_id}/move": Way(
        typed=lambda s: {"node": s.things["leaf"]},
        refs={"node": "leaf"},
        also=(422,),
        why="it lies there already",
    ),
    "POST /{tenant}/buildings/{building_id}/remove": Way(ids={"building_id": "to_remove"}),
    # fieldwork
    "GET /{tenant}/field/lines": Way(
        typed=lambda s: {"node": s.things["node"], "ledger": "patrol", "q": "问题"},
        refs={"node": "node"},
    ),
    "GET /{tenant}/field/lines/export": Way(
        typed=lambda s: {"node": s.things["node"]}, refs={"node": "node"}
    ),
    "POST /{tenant}/field/lines/export": Way(typed=lambda _: {"purpose": "测试"}),
    "POST /{tenant}/field/lines/{line_id}/answer": Way(
        ids={"line_id": "to_answer"}, typed=lambda _: {"answer": "下周装"}
    ),
    "POST /{tenant}/field/lines/{line_id}/end": Way(
        ids={"line_id": "to_end"}, typed=lambda _: {"found": "fine"}
    ),
    "POST /{tenant}/field/lines/{line_id}/reveal": Way(
        ids={"line_id": "home_visit"}, typed=lambda _: {"reason": "help", "words": "安排上门"}
    ),
    "GET /{tenant}/field/write/{ledger}": Way(
        typed=lambda s: {"node": s.things["leaf"], "made_of": s.things["diary"]},
        refs={"node": "leaf", "made_of": "diary"},
    ),
    "POST /{tenant}/field/write/{ledger}": Way(
        typed=lambda s: {
            "node": s.things["leaf"],
            "building": s.things["building"],
            "mode": "door",
            "need": "扶手",
        },
        refs={"node": "leaf", "building": "building", "made_of": "diary"},
    ),
    "GET /{tenant}/campaigns/new": Way(
        typed=lambda s: {"kind": "shops", "node": s.things["node"]}, refs={"node": "node"}
    ),
    "POST /{tenant}/campaigns/new/{kind}": Way(
        typed=lambda s: {
            "name": "测试排查",
            "node": s.things["leaf"],
            "first_on": today(),
            "last_on": today(9),
            "checks": "通道畅通",
        },
        refs={"node": "leaf"},
    ),
    "POST /{tenant}/campaigns/{campaign_id}/close": Way(typed=lambda _: {"summary": "查完了"}),
    "POST /{tenant}/campaigns/{campaign_id}/export": Way(typed=lambda _: {"purpose": "测试"}),
    "POST /{tenant}/campaigns/targets/{target_id}": Way(typed=lambda _: {"state": "fine"}),
    # standards
    "GET /{tenant}/standards": Way(refs={"town": "leaf_path"}),
    "GET /{tenant}/standards/map": Way(refs={"town": "leaf_path"}),
    "GET /{tenant}/standards/sheet": Way(refs={"town": "leaf_path"}),
    "GET /{tenant}/standards/shapes": Way(refs={"town": "leaf_path"}),
    "GET /{tenant}/standards/export": Way(refs={"town": "leaf_path"}),
    "POST /{tenant}/standards/export": Way(typed=lambda _: {"purpose": "测试"}),
    "POST /{tenant}/standards/waiting": Way(
        typed=lambda s: {"ids": s.things["mark"], "answer": "return", "reason": "看不清"},
        refs={"ids": "mark"},
        also=(409,),
        why="it was decided on its own page",
    ),
    "POST /{tenant}/standards/{node_id}": Way(
        typed=lambda _: {"codes": "network", "note": "已接通"}, also=(409,), why="shown before"
    ),
    "POST /{tenant}/standards/{node_id}/{item}/decide": Way(
        typed=lambda _: {"answer": "confirm"}, also=(409,), why="it was sent back with others"
    ),
    "POST /{tenant}/standards/{node_id}/{item}/withdraw": Way(
        also=(409,), why="it was decided before"
    ),
    "POST /{tenant}/standards/{node_id}/{item}/missing": Way(
        also=(409,), why="it was confirmed before"
    ),
    # working places and the hall
    "GET /{tenant}/stations": Way(typed=lambda _: {"q": "测试"}, refs={"town": "leaf_path"}),
    "GET /{tenant}/stations/export": Way(refs={"town": "leaf_path"}),
    "POST /{tenant}/stations/export": Way(typed=lambda _: {"purpose": "测试"}),
    "POST /{tenant}/stations/{node_id}/edit": Way(
        typed=lambda _: {"address": "测试路1号", "phone": "0731-1", "hours": "全天"}
    ),
    **{
        f"{method} /{{tenant}}/stations/{{node_id}}/{tail}": Way(ids={"node_id": "hall"}, **how)
        for method, tail, how in (
            ("GET", "hall", {}),
            ("GET", "zones/{zone}", {}),
            ("GET", "together", {}),
            ("GET", "screens", {}),
            ("GET", "duty", {}),
            ("GET", "duty/sheet", {}),
            ("GET", "duty/export", {}),
            ("GET", "duty/{seat}", {}),
            ("GET", "numbers", {}),
            ("GET", "window", {"refs": {"number": "number"}}),
            ("POST", "duty/export", {"typed": lambda _: {"purpose": "测试"}}),
            ("POST", "duty/copy", {}),
            ("POST", "duty/{seat}", {"typed": lambda _: {"phone": "0731-2"}}),
            ("POST", "numbers", {"typed": lambda _: {"zone": "window"}}),
            ("POST", "numbers/next", {"typed": lambda _: {"zone": "window", "window": "1号"}}),
            ("POST", "notices", {"typed": lambda _: {"text": "测试", "until": today(3)}}),
            ("POST", "screens", {"typed": lambda _: {"name": "一楼"}}),
            ("POST", "screens/{screen_id}", {}),
        )
    },
    "POST /{tenant}/stations/{node_id}/numbers/{number_id}": Way(
        ids={"node_id": "hall"}, typed=lambda _: {"to": "called"}
    ),
    "POST /{tenant}/stations/{node_id}/notices/{notice_id}": Way(
        ids={"node_id": "hall", "notice_id": "hall_notice"}
    ),
    "POST /{tenant}/stations/{node_id}/window": Way(
        ids={"node_id": "hall"},
        typed=lambda s: {
            "category": "E0102",
            "description": "路灯不亮",
            "node": s.things["leaf"],
        },
        refs={"node": "leaf"},
    ),
    # hand-overs
    "GET /{tenant}/handovers/of/{holding_id}": Way(ids={"holding_id": "to_hand_over"}),
    "POST /{tenant}/handovers/of/{holding_id}": Way(
        ids={"holding_id": "to_hand_over"},
        typed=lambda s: {"kind": "term", "on": today(1), "successor": s.rich.number},
    ),
    "POST /{tenant}/handovers/{handover_id}/sign": Way(
        also=(409,), why="it may have been called off before"
    ),
    "POST /{tenant}/handovers/{handover_id}/sign-for": Way(
        typed=lambda _: {"reason": "住院"},
        also=(422,),
        why="who takes a post over signs for nobody else",
    ),
    "POST /{tenant}/handovers/{handover_id}/cancel": Way(),
    "POST /{tenant}/turnovers": Way(
        typed=lambda _: {"on": today(), "document": "组〔2026〕1号"},
        also=(422,),
        why="a walk sends no file",
    ),
    "GET /{tenant}/turnovers/sheet": Way(refs={"node": "leaf_code"}),
    "POST /{tenant}/turnovers/sheet": Way(typed=lambda _: {"purpose": "换届"}),
    "POST /{tenant}/turnovers/{turnover_id}/confirm": Way(ids={"turnover_id": "draft"}),
    "POST /{tenant}/turnovers/{turnover_id}/withdraw": Way(ids={"turnover_id": "to_withdraw"}),
    "GET /{tenant}/turnovers/{turnover_id}/rights": Way(),
    "POST /{tenant}/turnovers/{turnover_id}/rights": Way(),
    "POST /{tenant}/turnovers/{turnover_id}/counter": Way(
        ids={"turnover_id": "applied"},
        typed=lambda _: {"on": today(1), "document": "组〔2026〕2号"},
        also=(422,),
        why="who it would put back may have left before",
    ),
    # the resident
    "GET /{tenant}/wall/{token}": Way(ids={"token": "wall"}),
    "GET /{tenant}/report": Way(
        typed=lambda s: {"grid": s.county.at("grid").code}, refs={"grid": "leaf_code"}
    ),
    "POST /{tenant}/report": Way(
        typed=lambda s: REPORT | {"grid": s.county.at("grid").code}, refs={"grid": "leaf_code"}
    ),
    "GET /{tenant}/report/done": Way(typed=lambda s: {"receipt": s.things["receipt"]}),
    "GET /{tenant}/track": Way(typed=lambda s: {"code": s.things["code"]}),
    "POST /{tenant}/track": Way(
        typed=lambda s: {"code": s.things["code"], "key": "0000"},
        refs={"code": "code"},
        also=(422,),
        why="the key is wrong on purpose",
    ),
    "POST /{tenant}/track/case/{action}": Way(
        also=NO_SUCH, why="needs a ticket, see the portal's tests"
    ),
    "GET /{tenant}/account/verify": Way(),
}


def next_open_day() -> str:
    """A weekday some way off."""
    day = date.today() + timedelta(days=30)  # noqa: DTZ011
    while day.isoweekday() > 5:
        day += timedelta(days=1)
    return day.isoformat()


def way_of(door: Door) -> Way:
    return WAYS.get(door.key, Way())


def thing(stock: Stock, name: str) -> str:
    """Something of the county by name, as an address or a form holds it."""
    county = stock.county
    known: dict[str, Any] = {
        "leaf_code": county.at("grid").code,
        "leaf_path": county.at("grid").path,
        "county_code": county.tenant.code,
        "department": county.departments["urban"],
        "person_login": f"{stock.mark}rich",
    }
    return str(stock.things.get(name) or known[name])


def random_for(text: str) -> str:
    """Something of the same shape that nobody has."""
    try:
        UUID(text)
    except ValueError:
        digits = str(new_id().int)
        return "".join(
            digits[-1 - place] if sign.isdigit() else "Z" if sign.isalpha() else sign
            for place, sign in enumerate(text)
        )
    return str(new_id())


def filled(
    door: Door,
    stock: Stock,
    *,
    ids: Mapping[str, str] | None = None,
    words: Mapping[str, str] = WORDS,
) -> dict[str, str]:
    """Every place of the address with something of the county. KeyError: not registered."""
    chosen = way_of(door).ids if ids is None else ids
    return {
        place: words.get(PLACES[place]) or thing(stock, chosen.get(place, PLACES[place]))
        for place in door.places
    }


def named(door: Door) -> list[str]:
    """The places that hold the id of something."""
    return [place for place in door.places if PLACES[place] not in WORDS]
