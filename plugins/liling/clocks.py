"""How fast: the clocks of a normal, a prompt and an urgent case, in both printed versions.

The two texts of the county differ, so both are kept, each from its day on. A case keeps the rules
of the day on which it was filed.
"""

from dataclasses import replace
from datetime import date
from typing import Final

from gridgov.baseline.clocks import (
    ACCEPT,
    AT_ONCE,
    BEGIN_AGAIN,
    FILE,
    TAKE,
    WITHIN_A_DAY,
    done_within,
)
from gridgov.contract.declarations import ASSUMPTION, Clock, ClockRules, Urgency
from gridgov.kernel.durations import calendar_days, hours, working_days

FIRST_TEXT: Final = date(2017, 4, 1)
"""000 prints no day of its rules; 001 says that the whole county began in April 2017."""
LATER_TEXT: Final = date(2019, 5, 28)
"""The day of the report 001."""

_A_NORMAL: Final = "经验材料：一般事件7日内办结"
_A_PROMPT: Final = "经验材料：即办事件24小时内处置，3日之内办结"
_A_URGENT: Final = "经验材料：紧急事件第一时间处置并办结；没有数字，本项目取24小时"
_B_NORMAL: Final = "报道：一般事件7个工作日内解决，如果不能解决，必须给出相应回复"
_B_PROMPT: Final = "报道：水电气等民生事件，24小时内到现场处置，3个工作日内解决"

ATTEND_WITHIN_24_HOURS: Final = Clock(
    code="attend",
    name="到现场处置",
    limit=hours(24),
    warn=hours(18),
    starts=BEGIN_AGAIN,
    stops=("attend", "finish", "handle_here", "handle_on_spot", "close"),
    source=_B_PROMPT,
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


def _from(day: date, source: str, *clocks: Clock) -> ClockRules:
    return ClockRules(effective_from=day, clocks=clocks, source=source)


NORMAL: Final = Urgency(
    code="normal",
    name="一般",
    rules=(
        _from(
            FIRST_TEXT,
            _A_NORMAL,
            *(FILE, TAKE, ACCEPT),
            done_within(calendar_days(7), calendar_days(5), source=_A_NORMAL),
        ),
        _from(
            LATER_TEXT,
            _B_NORMAL,
            *(FILE, TAKE, ACCEPT),
            replace(
                done_within(working_days(7), working_days(5), source=_B_NORMAL),
                name="办结或答复",
                stops=("close", "explain"),
            ),
            GO_ON,
        ),
    ),
)

PROMPT: Final = Urgency(
    code="prompt",
    name="即办",
    rules=(
        _from(
            FIRST_TEXT,
            _A_PROMPT,
            *(FILE, TAKE, ACCEPT),
            replace(ATTEND_WITHIN_24_HOURS, name="处置", source=_A_PROMPT),
            done_within(calendar_days(3), calendar_days(2), source=_A_PROMPT),
        ),
        _from(
            LATER_TEXT,
            _B_PROMPT,
            *(FILE, TAKE, ACCEPT),
            ATTEND_WITHIN_24_HOURS,
            done_within(working_days(3), working_days(2), source=_B_PROMPT),
        ),
    ),
)

URGENT: Final = Urgency(
    code="urgent",
    name="紧急",
    rules=(_from(FIRST_TEXT, _A_URGENT, AT_ONCE, TAKE, ACCEPT, WITHIN_A_DAY),),
)
"""Both texts say the same: at once. The later one adds nothing, so there is one version."""

URGENCIES: Final = (NORMAL, PROMPT, URGENT)
