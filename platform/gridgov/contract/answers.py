"""What a hook came to, and whose code could not answer."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from types import NoneType
from typing import Any, Generic, TypeVar, get_args, get_type_hints

import msgspec

from gridgov.kernel.errors import OverBudget

R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Code of a plugin that raised or took too long, in words that hold nobody's data.

    ``number`` is shown to people and stands in the log: the same for the same fault, however often.
    """

    plugin: str
    hook: str
    tenant: str
    what: str

    @property
    def number(self) -> str:
        """Eight digits by which the fault is found again."""
        named = "|".join((self.tenant, self.plugin, self.hook, self.what))
        return hashlib.sha256(named.encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Generic[R]):
    """What a hook came to: the first answer, the plugin that gave it, and who could not answer."""

    value: R | None = None
    plugin: str = ""
    faults: tuple[Fault, ...] = ()


Tell = Callable[[Fault], None]
"""Who is told of a fault besides the log."""


def nobody(_: Fault) -> None:
    """The log is enough."""


class WrongAnswer(TypeError):
    """What a hook answered is not what it is asked for; its words name types alone."""


def check_answer(hook: Callable[..., Any], answer: Any) -> None:
    """WrongAnswer unless it is what the hook is declared to give, field by field; None always is.

    A county's code may be untyped, and what is wrong would only be found out in a page of the core.
    """
    if answer is None:
        return
    wanted = _answered_by(hook)
    if not isinstance(answer, wanted):
        raise WrongAnswer(f"answered {type(answer).__name__}, not {wanted.__name__}")
    try:
        msgspec.convert({one.name: getattr(answer, one.name) for one in fields(answer)}, wanted)
    except msgspec.ValidationError as error:
        raise WrongAnswer(f"answered {wanted.__name__}: {error}") from None


@cache
def _answered_by(hook: Callable[..., Any]) -> Any:
    """The class of a hook's answer."""
    given = get_type_hints(hook)["return"]
    return next(one for one in (*get_args(given), given) if one is not NoneType)


def where(error: Exception) -> str:
    """The kind of fault and where it was raised: never its words, which may be somebody's data."""
    if isinstance(error, TimeoutError):
        return "took too long"
    if isinstance(error, OverBudget):
        return "too many statements"
    if isinstance(error, WrongAnswer):
        return str(error)
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    kind = type(error).__name__
    if trace is None:
        return kind
    return f"{kind}, {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
