"""What a form shows of a refusal."""

from gridgov.kernel.errors import Conflict, Invalid
from gridgov.web.forms import faults_of, unplaced

NAMED = Invalid(fields={"day": "那天不办公。"})
WHOLE = Conflict("{who}已经办了。", who="王某")


def test_each_sentence_stands_beside_its_field():
    assert faults_of(NAMED, otherwise="note") == {"day": "那天不办公。"}
    assert unplaced(NAMED) == ""


def test_what_names_no_field_stands_where_the_page_wants_it():
    assert faults_of(WHOLE, otherwise="note") == {"note": "王某已经办了。"}
    assert faults_of(Invalid("读不懂。"), otherwise="note") == {"note": "读不懂。"}


def test_or_above_the_form():
    assert faults_of(WHOLE) == {}
    assert unplaced(WHOLE) == "王某已经办了。"


def test_a_page_without_a_fault_shows_none():
    assert faults_of(None, otherwise="note") == {}
    assert unplaced(None) == ""
