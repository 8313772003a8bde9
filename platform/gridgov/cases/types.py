"""Words of the case room."""

from enum import StrEnum


class CaseRight(StrEnum):
    """What one may do with cases. A binding says where."""

    READ = "case.read"
    REPORT = "case.report"
    FILE = "case.file"
    SPOT = "case.handle_on_spot"
    PASS_UP = "case.pass_up"
    DISPATCH = "case.dispatch"
    HANDLE = "case.handle"
    VERIFY = "case.verify"
    APPROVE = "case.approve"
    URGE = "case.urge"
    SUPERVISE = "case.supervise"
    MERGE = "case.merge"
    NOTE = "case.note"
    REVEAL = "case.reveal"
    EXPORT = "case.export"
    OVERVIEW = "case.overview"


class Light(StrEnum):
    """What a clock says. Derived from the times and now, never stored."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    PAUSED = "paused"
    NONE = "none"


class AssignmentState(StrEnum):
    """Where a department stands with its part of a case."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    DONE = "done"
    WITHDRAWN = "withdrawn"


class RequestState(StrEnum):
    """Where a request that needs an approver stands."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"


OPEN_ASSIGNMENTS = (AssignmentState.OFFERED, AssignmentState.ACCEPTED)
