"""What text search compares."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridgov.cases.rules.words import plain, terms_asked, terms_beginning, terms_of, words_of

LETTERS = "井盖雨水破损路灯漏胜利社区ab12 \u3000\uff21\uff22\uff11"
TEXT = st.text(st.one_of(st.sampled_from(LETTERS), st.characters(codec="utf-8")), max_size=12)


@pytest.mark.parametrize(
    ("typed", "compared"),
    [
        ("雨水 井盖", "雨水井盖"),
        ("\uff21\uff22\uff11\uff12", "ab12"),
        ("LED灯", "led灯"),
        ("　胜利　社区　", "胜利社区"),
        ("", ""),
    ],
)
def test_width_case_and_blanks_do_not_matter(typed, compared):
    assert plain(typed) == compared


def test_the_words_of_a_case_are_one_line_each():
    assert words_of("雨水 井盖破损", "胜利社区", "雨水井盖") == "雨水井盖破损\n胜利社区\n雨水井盖"


def test_an_empty_line_has_no_pairs():
    assert terms_of("井\n\n") == terms_of("井")


@given(title=TEXT, place=TEXT, query=TEXT)
def test_whatever_holds_the_query_holds_its_pairs(title, place, query):
    words, asked = words_of(title, place, ""), plain(query)
    if asked and asked in words and "\n" not in asked:
        assert set(terms_asked(asked)) <= terms_of(words)


@given(text=TEXT)
def test_whatever_holds_a_character_has_a_pair_that_begins_with_it(text):
    words = plain(text)
    for character in words:
        low, high = terms_beginning(character)
        assert any(low <= term <= high for term in terms_of(words))


@given(text=TEXT)
def test_pairs_fit_the_column(text):
    assert all(-(2**31) <= term < 2**31 for term in terms_of(plain(text)))
