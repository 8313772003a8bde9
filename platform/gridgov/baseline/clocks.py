"""How fast: plain clocks for a normal, a prompt and an urgent case.

What cities print for the same matter lies between hours and twenty working days, so the amounts are
this project's choice and a county's to set.
"""

from datetime import date
from typing import Final

from gridgov.contract.declarations import ASSUMPTION, Clock, ClockRules, Each, Urgency
from gridgov.kernel.durations import Duration, hours, minutes, work_hours, working_days

ALWAYS: Final = date(2000, 1, 1)
"""From a day before every case."""

BEGIN: Final = ("file", "take", "handle_on_spot", "call_back")
"""What starts the handling of a case for the first time."""
BEGIN_AGAIN: Final = (*BEGIN, "reopen", "reopen_by_supervisor")
"""What starts it whenever it starts."""
LEAVE_DESK: Final = (
    "file",
    "handle_on_spot",
    "pass_up",
    "reject",
    "dispatch",
    "handle_here",
)

FILE: Final = Clock(
    code="file",
    name="立案",
    limit=work_hours(4),
    warn=work_hours(3),
    starts=("report", "restore", "call_back_report"),
    stops=LEAVE_DESK,
    each=Each.LEVEL,
    setting="file_work_hours",
    source=ASSUMPTION,
)
TAKE: Final = Clock(
    code="take",
    name="上级接收",
    limit=work_hours(4),
    warn=work_hours(3),
    starts=("pass_up",),
    stops=("take", "call_back", "call_back_report", *LEAVE_DESK),
    each=Each.LEVEL,
    setting="take_work_hours",
    source=ASSUMPTION,
)
ACCEPT: Final = Clock(
    code="accept",
    name="部门受理",
    limit=work_hours(4),
    warn=work_hours(3),
    starts=("dispatch", "dispatch_more"),
    stops=("accept", "return", "finish", "withdraw", "uphold_objection"),
    each=Each.ASSIGNMENT,
    setting="accept_work_hours",
    source=ASSUMPTION,
)
AT_ONCE: Final = Clock(
    code="at_once",
    name="首次动作",
    limit=minutes(30),
    warn=minutes(15),
    starts=("report", "restore", "call_back_report"),
    stops=LEAVE_DESK,
    setting="urgent_minutes",
    source=ASSUMPTION,
)


def done_within(
    limit: Duration,
    warn: Duration,
    *,
    setting: str = "",
    by_term: bool = False,
    source: str = ASSUMPTION,
) -> Clock:
    """The promise: from when a case is taken on, however often, until it is closed."""
    return Clock(
        code="handle",
        name="办结",
        limit=limit,
        warn=warn,
        starts=BEGIN_AGAIN,
        stops=("close",),
        promise=True,
        setting=setting,
        by_term=by_term,
        source=source,
    )


def always(*clocks: Clock) -> tuple[ClockRules, ...]:
    """One version of rules, from before every case."""
    return (ClockRules(effective_from=ALWAYS, clocks=clocks, source=ASSUMPTION),)


WITHIN_7_DAYS: Final = done_within(working_days(7), working_days(5))
WITHIN_3_DAYS: Final = done_within(working_days(3), working_days(2))
WITHIN_A_DAY: Final = done_within(hours(24), hours(12), setting="urgent_done_minutes")

URGENCIES: Final = (
    Urgency(code="normal", name="一般", rules=always(FILE, TAKE, ACCEPT, WITHIN_7_DAYS)),
    Urgency(code="prompt", name="较急", rules=always(FILE, TAKE, ACCEPT, WITHIN_3_DAYS)),
    Urgency(code="urgent", name="紧急", rules=always(AT_ONCE, TAKE, ACCEPT, WITHIN_A_DAY)),
)
