"""Typed forms: every fault beside its field, nothing typed is lost."""

import re
import unicodedata
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from litestar.datastructures import FormMultiDict, UploadFile

from gridgov.kernel.errors import Invalid, Refusal
from gridgov.kernel.sentences import N_, Sentence
from gridgov.web.urls import AnyRequest

T = TypeVar("T", bound=msgspec.Struct)

_ALLOWED_CONTROLS = frozenset("\n\r\t")


async def sent(request: AnyRequest) -> FormMultiDict:
    """The form as it came; Invalid if it cannot be read."""
    try:
        return await request.form()
    except LookupError as error:  # a part in a character set that does not exist
        raise Invalid("请求的格式不对，请返回上一页重试。") from error


async def typed(request: AnyRequest) -> dict[str, Any]:
    """The form's text fields; a repeated name gives a list. Files are left out."""
    form = await sent(request)
    values: dict[str, Any] = {}
    for name in form:
        texts = [text for text in form.getall(name) if isinstance(text, str)]
        if texts:
            values[name] = texts if len(texts) > 1 else texts[0].strip()
    return values


async def uploads(request: AnyRequest, name: str) -> list[bytes]:
    """The bytes of the files sent under ``name``; empty file inputs are left out."""
    form = await sent(request)
    files = [part for part in form.getall(name, []) if isinstance(part, UploadFile)]
    return [data for data in [await part.read() for part in files] if data]


async def read(request: AnyRequest, shape: type[T]) -> T:
    """The form as ``shape``. Raises Invalid with a sentence for every field that does not fit.

    Unknown fields are ignored; a ``list`` field accepts one value; empty text of an optional field
    counts as absent.
    """
    return convert(await typed(request), shape)


def convert(values: dict[str, Any], shape: type[T]) -> T:
    """As :func:`read`, for values already in hand."""
    good: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for info in msgspec.structs.fields(shape):
        if info.name in values:
            try:
                value = _plain(values[info.name], info.type)
                if value is not None:
                    good[info.name] = msgspec.convert(value, info.type, strict=False)
            except (msgspec.ValidationError, ValueError) as fault:
                faults[info.name] = _sentence(str(fault), info.type)
        if info.name not in good and info.name not in faults and info.required:
            faults[info.name] = "请填写这一项。"
    if faults:
        raise Invalid(fields=faults)
    return shape(**good)


def faults_of(refusal: Refusal | None, *, otherwise: str = "") -> dict[str, str]:
    """The sentences of ``refusal``, by field; one that names no field, at ``otherwise``."""
    named = refusal.fields if isinstance(refusal, Invalid) else {}
    return named or ({otherwise: str(refusal)} if refusal and otherwise else {})


def unplaced(refusal: Refusal | None) -> str:
    """The sentence of a refusal that names no field, to stand above the form."""
    return str(refusal) if refusal and not faults_of(refusal) else ""


def _plain(value: Any, kind: Any) -> Any:
    given: list[str] = list(value) if isinstance(value, list) else [value]  # pyright: ignore[reportUnknownArgumentType]
    if _is_list(kind):
        return [_clean(text) for text in given if text]
    return _clean(given[-1]) if given[-1] else None


def _is_list(kind: Any) -> bool:
    return getattr(kind, "__origin__", None) in (list, tuple) or any(
        _is_list(inner)
        for inner in getattr(kind, "__args__", ())
        if getattr(inner, "__origin__", None) in (list, tuple)
    )


def _clean(text: str) -> str:
    for character in text:
        if unicodedata.category(character) in ("Cc", "Cs") and character not in _ALLOWED_CONTROLS:
            raise ValueError("control")
    return unicodedata.normalize("NFC", text)


_SENTENCES = (
    ("enum", "没有这一项，请重新选择。"),  # first: what was sent stands in it
    ("control", "里面有无法显示的控制字符，请删掉后再试。"),
    ("`int`", "这里要填整数。"),
    ("`float`", "这里要填数字。"),
    ("`uuid`", "没有这一项，请重新选择。"),
    ("UUID", "没有这一项，请重新选择。"),
    ("`date`", "日期要写成 2026-11-22 这样。"),
    ("date", "日期要写成 2026-11-22 这样。"),
)


_LIMITS = (
    (re.compile(r"Expected `str` of length <= (\d+)"), N_("写得太长了，最多 {n} 个字。")),
    (re.compile(r"Expected `str` of length >= (\d+)"), N_("写得太短了，至少 {n} 个字。")),
    (re.compile(r"Expected `\w+` of length <= (\d+)"), N_("最多选 {n} 项。")),
    (re.compile(r"Expected `\w+` of length >= (\d+)"), N_("至少选 {n} 项。")),
    (re.compile(r"Expected `(?:int|float)` <= (-?\d+)"), N_("不能大于 {n}。")),
    (re.compile(r"Expected `(?:int|float)` >= (-?\d+)"), N_("不能小于 {n}。")),
)
"""What a limit is told by, with the number that the shape of the form names."""


def _sentence(fault: str, kind: Any) -> str:
    for limit, words in _LIMITS:
        if found := limit.match(fault):
            return Sentence(words, n=int(found[1]))
    for mark, sentence in _SENTENCES:
        if mark in fault:
            return sentence
    if kind in (UUID, date):
        return "没有这一项，请重新选择。"
    return "这一项填得不对，请检查。"
