"""What a password may be, and how secrets are written and read. No database."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridgov.accounts.rules import check_password, common_passwords, device_name
from gridgov.accounts.tokens import new_recovery_code, new_token, token_digest
from gridgov.kernel.errors import Invalid

NAMES = ("wg001234", "liuyang", "测试县")


def fault(password, again=None):
    try:
        check_password(password, again=password if again is None else again, names=NAMES)
    except Invalid as refusal:
        return next(iter(refusal.fields))
    return ""


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "123456789",
        "1234567890",
        "0987654321",
        "qwertyuiop",
        "1qaz2wsx3edc",
        "1QAZ2wsx3EDC",
        "woaini1314520",
        "5201314520",
        "aaaaaaaaaaaa",
        "abababababab",
        "abcabcabcabcabc",
        "admin@123456",
        "huawei@123",
        "abcdefghijkl",
        "lkjhgfdsapoiuytrewq",
        "wg0012342026",
        "2026wg001234!!",
        "x" * 129,
    ],
)
def test_passwords_that_others_try_first_are_refused(password):
    assert fault(password) == "password"


@pytest.mark.parametrize(
    "password",
    ["雨天巡查要带伞和水", "lantern-otter-canal", "Zhejiu-Shi-9527", "今天菜市场的豆腐脑真好吃"],
)
def test_a_sentence_that_one_remembers_is_welcome(password):
    assert fault(password if len(password) >= 10 else password + "2碗") == ""


def test_the_second_time_must_be_the_same():
    assert fault("lantern-otter-canal", "lantern-otter-cana") == "again"


def test_wide_letters_are_the_same_password():
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in "lantern-otter")

    assert check_password(wide, again="lantern-otter", names=()) == "lantern-otter"


def test_the_list_is_of_long_enough_lower_case_words():
    assert len(common_passwords()) > 500
    assert all(len(word) >= 10 and word == word.lower() for word in common_passwords())


def test_a_token_has_128_bits_and_survives_being_read_aloud():
    token = new_token()

    assert len(token.replace("-", "")) * 5 >= 128
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{1,5}(-[0-9A-HJKMNP-TV-Z]{1,5})*", token)
    assert token_digest(token) == token_digest(token.lower().replace("-", " "))


def test_look_alikes_do_not_matter():
    assert token_digest("10-ab") == token_digest("lOAB") == token_digest("IoAB")


@given(st.text(max_size=40))
def test_any_text_has_a_digest(text):
    assert len(token_digest(text)) == 32


def test_no_two_secrets_are_alike():
    assert len({new_token() for _ in range(200)} | {new_recovery_code() for _ in range(200)}) == 400


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (
            "Mozilla/5.0 (Linux; Android 13; V2) AppleWebKit/537.36 Chrome/120 Mobile Safari/537",
            "Android · Chrome",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17) MicroMessenger/8.0", "iPhone · 微信"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537 Edg/120", "Windows · Edge"),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_a_device_is_called_in_a_few_words(header, name):
    assert device_name(header) == name
