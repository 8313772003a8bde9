"""How fast: the clocks of a normal, a prompt and an urgent case, in both printed versions.

The two texts of the county differ, so both are kept, each from its day on. A case keeps the rules
of the day on which it was filed.
"""

from datetime import date
from typing import Final

from gridgov.contract.declarations import ASSUMPTION, Clock, ClockRules, Each, Urgency
from gridgov.kernel.durations import (
    calendar_days,
    hours,
    minutes,
    work_hours,
    working_days,
)

FIRST_TEXT: Final = date(2017, 4, 1)
"""000 prints no day of its rules; 001 says that the whole county began in April 2017."""
LATER_TEXT: Final = date(2019, 5, 28)
"""The day of the report 001."""

_A_NORMAL: Final = "000: 一般事件7日内办结"
_A_PROMPT: Final = "000: 即办事件24小时内处置，3日之内办结"
_A_URGENT: Final = "000: 紧急事件第一时间处置并办结；没有数字，本项目取24小时"
_B_NORMAL: Final = "001: 一般事件7个工作日内解决，如果不能解决，必须给出相应回复"
_B_PROMPT: Final = "001: 水电气等民生事件，24小时内到现场处置，3个工作日内解决"

_BEGIN: Final = ("file", "take", "handle_on_spot", "call_back")
_REOPENED: Final = ("reopen", "reopen_by_supervisor")
_LEAVE_DESK: Final = (
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
    stops=_LEAVE_DESK,
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
    stops=("take", "call_back", "call_back_report", *_LEAVE_DESK),
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
ATTEND_WITHIN_24_HOURS: Final = Clock(
    code="attend",
    name="到现场处置",
    limit=hours(24),
    warn=hours(18),
    starts=(*_BEGIN, *_REOPENED),
    stops=("attend", "finish", "handle_here", "handle_on_spot", "close"),
    source=_B_PROMPT,
)
AT_ONCE: Final = Clock(
    code="at_once",
    name="首次动作",
    limit=minutes(30),
    warn=minutes(15),
    starts=("report", "restore", "call_back_report"),
    stops=_LEAVE_DESK,
    setting="urgent_minutes",
    source=ASSUMPTION,
)
GO_ON: Final = Clock(
    code="go_on",
    name="答复后继续办理",
    limit=working_days(7),
    warn=working_days(5),
    starts=("explain",),
    stops=("close",),
    setting="explained_days",
    source=ASSUMPTION,
)

NORMAL: Final = Urgency(
    code="normal",
    name="一般",
    rules=(
        ClockRules(
            effective_from=FIRST_TEXT,
            clocks=(
                FILE,
                TAKE,
                ACCEPT,
                Clock(
                    code="handle",
                    name="办结",
                    limit=calendar_days(7),
                    warn=calendar_days(5),
                    starts=(*_BEGIN, *_REOPENED),
                    stops=("close",),
                    promise=True,
                    source=_A_NORMAL,
                ),
            ),
            source=_A_NORMAL,
        ),
        ClockRules(
            effective_from=LATER_TEXT,
            clocks=(
                FILE,
                TAKE,
                ACCEPT,
                Clock(
                    code="handle",
                    name="办结或答复",
                    limit=working_days(7),
                    warn=working_days(5),
                    starts=(*_BEGIN, *_REOPENED),
                    stops=("close", "explain"),
                    promise=True,
                    source=_B_NORMAL,
                ),
                GO_ON,
            ),
            source=_B_NORMAL,
        ),
    ),
)

PROMPT: Final = Urgency(
    code="prompt",
    name="即办",
    rules=(
        ClockRules(
            effective_from=FIRST_TEXT,
            clocks=(
                FILE,
                TAKE,
                ACCEPT,
                Clock(
                    code="attend",
                    name="处置",
                    limit=hours(24),
                    warn=hours(18),
                    starts=(*_BEGIN, *_REOPENED),
                    stops=("attend", "finish", "handle_here", "handle_on_spot", "close"),
                    source=_A_PROMPT,
                ),
                Clock(
                    code="handle",
                    name="办结",
                    limit=calendar_days(3),
                    warn=calendar_days(2),
                    starts=(*_BEGIN, *_REOPENED),
                    stops=("close",),
                    promise=True,
                    source=_A_PROMPT,
                ),
            ),
            source=_A_PROMPT,
        ),
        ClockRules(
            effective_from=LATER_TEXT,
            clocks=(
                FILE,
                TAKE,
                ACCEPT,
                ATTEND_WITHIN_24_HOURS,
                Clock(
                    code="handle",
                    name="办结",
                    limit=working_days(3),
                    warn=working_days(2),
                    starts=(*_BEGIN, *_REOPENED),
                    stops=("close",),
                    promise=True,
                    source=_B_PROMPT,
                ),
            ),
            source=_B_PROMPT,
        ),
    ),
)

URGENT: Final = Urgency(
    code="urgent",
    name="紧急",
    rules=(
        ClockRules(
            effective_from=FIRST_TEXT,
            clocks=(
                AT_ONCE,
                TAKE,
                ACCEPT,
                Clock(
                    code="handle",
                    name="办结",
                    limit=hours(24),
                    warn=hours(12),
                    starts=(*_BEGIN, *_REOPENED),
                    stops=("close",),
                    promise=True,
                    setting="urgent_done_minutes",
                    source=ASSUMPTION,
                ),
            ),
            source=_A_URGENT,
        ),
    ),
)
"""Both texts say the same: at once. The later one adds nothing, so there is one version."""

URGENCIES: Final = (NORMAL, PROMPT, URGENT)
