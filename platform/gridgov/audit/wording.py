"""What an entry tells, in words that an auditor need not look up. An export keeps the codes."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from gridgov.audit.words import DETAILS, JOBS, VERBS
from gridgov.kernel.sentences import Sentence
from gridgov.policy import Policy

_A_NAME: Final = re.compile(r"[a-z_]+(\.[a-z_]+)+|[a-z_]+: [a-z_.]+")


class Words:
    """One county's words for entries."""

    def __init__(self, policy: Policy) -> None:
        kinds = policy.ever.case_kinds
        self._usual = kinds[0].code if kinds else ""
        self._steps = {(kind.code, one.code): one.name for kind in kinds for one in kind.actions}
        self._states = {(kind.code, one.code): one.name for kind in kinds for one in kind.states}
        self._roles = {role.code: role.name for role in policy.ever.roles}

    def verb(self, verb: str, details: Mapping[str, Any]) -> str:
        """What was done."""
        step = self._steps.get((self._kind(details), str(details.get("action", ""))))
        return step or VERBS.get(verb, verb)

    def who(self, who: str) -> str:
        """Who did it: a person as written; a job in words, one without words as the system."""
        if _A_NAME.fullmatch(who):
            return JOBS.get(who) or Sentence("系统自动办理（{job}）", job=who)
        return who

    def details(self, details: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        """What is known about it, each with what it is called; no name where none is needed."""
        kind = self._kind(details)
        before, after = (
            self._states.get((kind, str(details.get(at)))) for at in ("before", "after")
        )
        if before and after and before != after:
            yield "", Sentence("{before} → {after}", before=before, after=after)
        for code, name in DETAILS.items():
            value = details.get(code)
            if value not in (None, ""):
                yield name, self._roles.get(value, value) if isinstance(value, str) else value

    def _kind(self, details: Mapping[str, Any]) -> str:
        """Of which kind the case was; entries from before there were several do not say it."""
        return str(details.get("kind") or self._usual)
