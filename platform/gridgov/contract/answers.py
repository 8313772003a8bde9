"""What a hook came to, and whose code could not answer."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

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


def where(error: Exception) -> str:
    """The kind of fault and where it was raised: never its words, which may be somebody's data."""
    if isinstance(error, TimeoutError):
        return "took too long"
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    kind = type(error).__name__
    if trace is None:
        return kind
    return f"{kind}, {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
