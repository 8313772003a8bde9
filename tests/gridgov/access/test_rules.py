"""Who may give what to whom, by table. No database."""

from datetime import UTC, datetime, timedelta

import pytest

from gridgov.access.rules import (
    Reach,
    ResetFacts,
    Wish,
    check_apart,
    check_decides,
    check_issues,
    check_may_give,
    check_wish,
    covers,
    cut_of,
    may_give,
    shortest,
    state_of,
)
from gridgov.access.types import ResetState
from gridgov.contract.actor import Scope
from gridgov.contract.declarations import Binds, Category, Role
from gridgov.kernel.errors import Conflict, Invalid, NotAllowed, Refusal
from gridgov.kernel.ids import new_id

ONE, TWO = new_id(), new_id()
ROLES = {
    role.code: role
    for role in (
        Role(code="worker", name="网格员", rights=("case.read",), levels=("grid",)),
        Role(code="handler", name="经办员", rights=("case.handle",), binds=Binds.DEPARTMENT),
        Role(code="chief", name="网格长", rights=("case.read",), apart_from=("worker",)),
        Role(
            code="people",
            name="人员管理员",
            rights=("account.create",),
            binds=Binds.TENANT,
            administrator=True,
        ),
        Role(
            code="security",
            name="安全管理员",
            rights=("access.grant",),
            binds=Binds.TENANT,
            administrator=True,
            grants=("worker", "handler", "people"),
        ),
        Role(code="town", name="镇管理员", rights=("access.grant",), grants=("worker",)),
        Role(code="boaster", name="没有授权权的", rights=(), grants=("worker",)),
        Role(
            code="logs",
            name="审计员",
            rights=("audit.read",),
            binds=Binds.TENANT,
            administrator=True,
        ),
    )
}
ALL = Reach("security", Scope("9."))


def verdict(check, *args, **kwargs):
    try:
        check(*args, **kwargs)
    except Refusal as refusal:
        return type(refusal)
    return None


@pytest.mark.parametrize(
    ("wish", "answer"),
    [
        (Wish("worker", "9.1.", "grid"), None),
        (Wish("worker", "9.1.", "town"), Invalid),
        (Wish("nobody", "9.1.", "grid"), Invalid),
        (Wish("handler", "9.", "county", (ONE,)), None),
        (Wish("handler", "9.", "county"), Invalid),
        (Wish("people", "9.", "county"), None),
        (Wish("people", "9.1.", "town"), Invalid),
    ],
)
def test_a_role_is_bound_where_it_belongs(wish, answer):
    assert verdict(check_wish, ROLES, wish, root="9.") is answer


@pytest.mark.parametrize(
    ("own", "wish", "answer"),
    [
        ([ALL], Wish("worker", "9.1.", "grid"), None),
        ([ALL], Wish("people", "9.", "county"), None),
        ([ALL], Wish("security", "9.", "county"), NotAllowed),
        ([ALL], Wish("logs", "9.", "county"), NotAllowed),
        ([], Wish("worker", "9.1.", "grid"), NotAllowed),
        ([Reach("boaster", Scope("9."))], Wish("worker", "9.1.", "grid"), NotAllowed),
        ([Reach("worker", Scope("9."))], Wish("worker", "9.1.", "grid"), NotAllowed),
        ([Reach("town", Scope("9.1."))], Wish("worker", "9.1.7.", "grid"), None),
        ([Reach("town", Scope("9.1."))], Wish("worker", "9.2.7.", "grid"), NotAllowed),
        ([Reach("town", Scope("9.1."))], Wish("worker", "9.11.", "grid"), NotAllowed),
        ([Reach("town", Scope("9.1."))], Wish("handler", "9.1.", "town", (ONE,)), NotAllowed),
        ([Reach("security", Scope("9.", (ONE,)))], Wish("worker", "9.1.", "grid"), NotAllowed),
        ([Reach("security", Scope("9.", (ONE,)))], Wish("worker", "9.1.", "grid", (ONE,)), None),
        (
            [Reach("security", Scope("9.", (ONE,)))],
            Wish("worker", "9.1.", "grid", (ONE, TWO)),
            NotAllowed,
        ),
        (
            [Reach("security", Scope("9.", (), ("roads",)))],
            Wish("worker", "9.1.", "grid"),
            NotAllowed,
        ),
        (
            [Reach("security", Scope("9.", (), ("roads",)))],
            Wish("worker", "9.1.", "grid", (), ("roads",)),
            None,
        ),
    ],
)
def test_nobody_gives_what_is_not_theirs_to_give(own, wish, answer):
    assert verdict(check_may_give, ROLES, own, wish) is answer


def test_a_form_offers_only_what_may_be_given():
    offered = [role.code for role in may_give(ROLES, [Reach("town", Scope("9.1."))])]

    assert offered == ["worker"]


@pytest.mark.parametrize(
    ("held", "wished", "answer"),
    [
        ([], "people", None),
        (["worker"], "handler", None),
        (["worker"], "chief", Conflict),
        (["chief"], "worker", Conflict),
        (["people"], "security", Conflict),
        (["security"], "logs", Conflict),
        (["people"], "logs", Conflict),
        (["logs"], "worker", Conflict),
        (["worker"], "logs", Conflict),
        (["people"], "people", None),
        (["no-longer-declared"], "people", None),
    ],
)
def test_the_three_powers_lie_in_three_pairs_of_hands(held, wished, answer):
    assert verdict(check_apart, ROLES, held, ROLES[wished]) is answer


@pytest.mark.parametrize(
    ("scopes", "paths", "answer"),
    [
        ([Scope("9.1.")], ["9.1.2."], True),
        ([Scope("9.1.")], ["9.1.2.", "9.2."], False),
        ([Scope("9.1."), Scope("9.2.")], ["9.1.2.", "9.2."], True),
        ([Scope("9.1.")], ["9."], False),
        ([Scope("9.1.")], [], False),
        ([], ["9.1."], False),
    ],
)
def test_a_station_vouches_for_its_own_people_only(scopes, paths, answer):
    assert covers(scopes, paths) is answer


START = datetime(2026, 11, 23, 8, tzinfo=UTC)
WORKER, ASKER, APPROVER = new_id(), new_id(), new_id()


def a_reset(**values):
    given = {
        "worker": WORKER,
        "paths": (),
        "asked_by": ASKER,
        "asked_at": START,
        "decided_at": None,
        "approved": None,
        "issued_at": None,
    }
    return ResetFacts(**(given | values))


APPROVED = a_reset(decided_at=START, approved=True)
HOURS = timedelta(hours=1)


@pytest.mark.parametrize(
    ("reset", "after", "state"),
    [
        (a_reset(), 0 * HOURS, ResetState.WAITING),
        (a_reset(), 71 * HOURS, ResetState.WAITING),
        (a_reset(), 72 * HOURS, ResetState.LAPSED),
        (APPROVED, 23 * HOURS, ResetState.APPROVED),
        (APPROVED, 24 * HOURS, ResetState.LAPSED),
        (a_reset(decided_at=START, approved=False), HOURS, ResetState.DECLINED),
        (
            a_reset(decided_at=START, approved=True, issued_at=START),
            99 * HOURS,
            ResetState.ISSUED,
        ),
    ],
)
def test_a_request_stands_where_its_facts_say(reset, after, state):
    assert state_of(reset, START + after) is state


@pytest.mark.parametrize(
    ("reset", "who", "answer"),
    [
        (a_reset(), APPROVER, None),
        (a_reset(), ASKER, NotAllowed),
        (a_reset(), WORKER, NotAllowed),
        (APPROVED, APPROVER, Conflict),
    ],
)
def test_the_second_pair_of_eyes_is_a_second_pair(reset, who, answer):
    assert verdict(check_decides, reset, who, START) is answer


@pytest.mark.parametrize(
    ("reset", "who", "answer"),
    [
        (APPROVED, ASKER, None),
        (APPROVED, APPROVER, NotAllowed),
        (a_reset(), ASKER, Conflict),
    ],
)
def test_the_slip_is_for_who_stands_before_the_person(reset, who, answer):
    assert verdict(check_issues, reset, who, START) is answer


COUNTY = (
    Category(code="roads", name="道路"),
    Category(code="holes", name="坑洞", parent="roads"),
    Category(code="lids", name="井盖", parent="roads"),
    Category(code="water", name="用水"),
    Category(code="leaks", name="漏水", parent="water"),
    Category(code="alone", name="其他"),
)


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ((), ()),
        (("roads", "holes", "lids"), ("道路",)),
        (("holes",), ("坑洞",)),
        (("holes", "water", "leaks"), ("坑洞", "用水")),
        (("alone",), ("其他",)),
        (("nonsense",), ()),
    ],
)
def test_all_children_are_said_in_one_word(kept, shown):
    assert tuple(one.name for one in shortest(kept, COUNTY)) == shown


ROADS, LIDS = Scope("9.", (), ("holes", "lids")), Scope("9.", (ONE,), ("lids",))


@pytest.mark.parametrize(
    ("own", "cut"),
    [
        ([Reach("security", Scope("9."))], Scope("")),
        ([Reach("security", ROADS)], Scope("", (), ("holes", "lids"))),
        ([Reach("security", ROADS), Reach("town", LIDS)], Scope("", (), ("holes", "lids"))),
        ([Reach("security", LIDS)], Scope("", (ONE,), ("lids",))),
        ([Reach("security", ROADS), Reach("town", Scope("9.1."))], Scope("")),
        (
            [Reach("security", ROADS), Reach("worker", Scope("9."))],
            Scope("", (), ("holes", "lids")),
        ),
        ([], Scope("")),
    ],
)
def test_a_form_offers_no_more_than_the_own_cut(own, cut):
    assert cut_of(ROLES, own) == cut


def test_a_role_that_is_added_says_itself_who_may_give_it():
    """A plugin brings a role, and the baseline's role that gives others knows nothing of it."""
    giver = Role(code="giver", name="授权人", rights=("access.grant",), binds=Binds.TENANT)
    added = Role(code="added", name="新角色", rights=("case.read",), granted_by=("giver",))
    other = Role(code="other", name="别的", rights=("case.read",))
    roles = {role.code: role for role in (giver, added, other)}

    offered = may_give(roles, [Reach("giver", Scope("9."))])

    assert [role.code for role in offered] == ["added"]
