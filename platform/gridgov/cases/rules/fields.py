"""What was typed for an action: checked against its declared fields, every fault at once."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, cast
from uuid import UUID

from gridgov.contract.declarations import Action, Category, Field, Urgency
from gridgov.kernel.errors import Invalid
from gridgov.kernel.sentences import N_, Sentence

_STARS: Final = 5
_LINE_BREAKS: Final = frozenset("\n\r\t")
_UNREADABLE: Final = N_("里面有无法显示的控制字符，请删掉后再试。")


Reader = Callable[[Field, Any], Any]


class _Fault(Exception):
    """A sentence for the place beside the field."""


def has_controls(text: str) -> bool:
    """Whether there are control characters in it that are no line breaks."""
    return any(
        unicodedata.category(one) in {"Cc", "Cs"} and one not in _LINE_BREAKS for one in text
    )


def plain_text(value: object, limit: int) -> str:
    """The text without blanks around it; refuses control characters and what is too long."""
    text = unicodedata.normalize("NFC", str(value)).strip().replace("\r\n", "\n")
    if has_controls(text):
        raise _Fault(_UNREADABLE)
    if len(text) > limit:
        raise _Fault(Sentence("写得太长了，最多 {n} 个字。", n=limit))
    return text


def check_texts(values: Mapping[str, str], limits: Mapping[str, int]) -> dict[str, str]:
    """Several texts at once, each under its limit; raises Invalid with a sentence per fault."""
    good: dict[str, str] = {}
    faults: dict[str, str] = {}
    for name, limit in limits.items():
        try:
            good[name] = plain_text(values.get(name, ""), limit)
        except _Fault as fault:
            faults[name] = fault.args[0]
    if faults:
        raise Invalid(fields=faults)
    return good


def check_fields(
    action: Action,
    given: Mapping[str, Any],
    *,
    categories: Mapping[str, Category],
    urgencies: Mapping[str, Urgency],
) -> dict[str, Any]:
    """The values by the code of their field; what was not declared is left out.

    Raises Invalid with a sentence for each field that does not fit.
    """
    readers: dict[str, Reader] = {
        **_READERS,
        "category": lambda _, value: _leaf(value, categories),
        "urgency": lambda _, value: _one_of(value, urgencies),
    }
    good: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for field in action.fields:
        try:
            value = _read(field, given.get(field.code), readers.get(field.kind, _text))
        except _Fault as fault:
            faults[field.code] = fault.args[0]
        else:
            if value is not None:
                good[field.code] = value
    if faults:
        raise Invalid(fields=faults)
    return good


def _read(field: Field, value: Any, reader: Reader) -> Any:
    """The value, or None where an optional field is empty."""
    empty = value is None or value in ("", [], ())
    try:
        read = None if empty else reader(field, value)
    except (ValueError, TypeError) as error:
        raise _Fault(_NO_SUCH) from error
    if read in (None, ""):
        if field.required:
            raise _Fault(_MISSING.get(field.kind, "请填写这一项。"))
        return None
    return read


_MISSING: Final = {"departments": "请至少选一个部门。"}
_NO_SUCH: Final = "没有这一项，请重新选择。"


def _text(field: Field, value: Any) -> str:
    return plain_text(value, field.limit)


def _choice(field: Field, value: Any) -> str:
    return _one_of(value, dict(field.choices))


def _one_of(value: Any, known: Mapping[str, Any]) -> str:
    if str(value) not in known:
        raise _Fault(_NO_SUCH)
    return str(value)


def _leaf(value: Any, categories: Mapping[str, Category]) -> str:
    code = _one_of(value, categories)
    if not categories[code].parent:
        raise _Fault("请选到具体的小类。")
    return code


def _ids(_: Field, value: Any) -> tuple[UUID, ...]:
    many = cast("Sequence[Any]", value if isinstance(value, list | tuple) else [value])
    return tuple(dict.fromkeys(_id(_, one) for one in many))


def _id(_: Field, value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))


def _days(field: Field, value: Any) -> int:
    days = _whole(value)
    if not 1 <= days <= field.limit:
        raise _Fault(Sentence("请填 1 到 {n} 之间的天数。", n=field.limit))
    return days


def _stars(_: Field, value: Any) -> int:
    stars = _whole(value)
    if not 1 <= stars <= _STARS:
        raise _Fault("请选 1 到 5 颗星。")
    return stars


def _whole(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError) as error:
        raise _Fault("这里要填整数。") from error


_READERS: Final[Mapping[str, Reader]] = {
    "choice": _choice,
    "departments": _ids,
    "photos": _ids,
    "case": _id,
    "days": _days,
    "stars": _stars,
}
