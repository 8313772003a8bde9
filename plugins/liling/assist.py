"""代办: an item of the catalogue done for a resident, from the door and back to the door.

001: 网格员统一上门收集材料，通过民政部门预审后，再由网格员送证上门。 The flow is the common one
under the names that it has here; nothing ends while a document of the resident is still held, and
nothing goes to a department without the resident's authorisation.
"""

from dataclasses import replace
from typing import Final

from gridgov.baseline.clocks import ACCEPT, FILE, TAKE, always, done_within
from gridgov.baseline.flow import FLOW
from gridgov.cases.types import CaseRight
from gridgov.contract.declarations import (
    By,
    CaseKind,
    Field,
    Step,
    Urgency,
)
from gridgov.contract.refining import refined
from gridgov.contract.services import ASSIST as CODE
from gridgov.kernel.durations import working_days

_AT_THE_DOOR: Final = "报道：网格员统一上门收集材料，通过部门预审后，再由网格员送证上门"

STEPS: Final = (
    Step(code="collect", name="上门收件"),
    Step(code="file", name="预审"),
    Step(code="dispatch", name="报送部门"),
    Step(code="handle", name="部门办理"),
    Step(code="verify", name="送达"),
    Step(code="archive", name="办结"),
)

_NOT_HERE: Final = frozenset(
    {
        "handle_on_spot",
        "handle_here",
        "pass_up",
        "take",
        "call_back",
        "call_back_report",
        "dispatch_more",
        "recategorise",
        "merge",
        "unmerge",
    }
)
"""What an incident can come to and a resident's own matter cannot."""

_FLOW: Final = replace(
    FLOW,
    code=CODE,
    name="代办",
    states=tuple(s for s in FLOW.states if s.code not in {"raised", "merged"}),
    actions=tuple(
        replace(
            action,
            before=tuple(s for s in action.before if s not in {"raised", "merged"}),
        )
        for action in FLOW.actions
        if action.code not in _NOT_HERE
    ),
)

KIND: Final[CaseKind] = refined(
    _FLOW,
    source=_AT_THE_DOOR,
    steps=STEPS,
    states={
        "reported": {"name": "待预审"},
        "filed": {"name": "待报送"},
        "dispatched": {"name": "待部门受理"},
        "handling": {"name": "部门办理中"},
        "handled": {"name": "待送达"},
        "closed": {"name": "已送达"},
        "rejected": {"name": "不能代办", "step": "archive"},
    },
    actions={
        "report": {"name": "上门收件", "said": "已登记，等待预审。", "source": _AT_THE_DOOR},
        "file": {
            "name": "预审通过",
            "said": "预审通过，可以报送部门。",
            "asks": ("authorised",),
            "source": _AT_THE_DOOR,
        },
        "reject": {
            "name": "不能代办",
            "consequence": "这件代办到此结束，居民会收到理由。",
            "said": "已告知居民。",
            "asks": ("nothing_held",),
        },
        "restore": {"said": "已恢复，等待预审。"},
        "dispatch": {
            "name": "报送部门",
            "right": CaseRight.FILE,
            "said": "已报送，等待部门受理。",
            "asks": ("authorised",),
            "source": _AT_THE_DOOR,
        },
        "withdraw": {"name": "撤回报送", "right": CaseRight.FILE, "said": "已撤回报送。"},
        "return": {
            "name": "退回补件",
            "consequence": "会退回工作站补材料，办理时限不重新计算。",
            "said": "已退回补件。",
        },
        "finish": {"name": "办好出件", "said": "已办好，等待送达。"},
        "close": {
            "name": "送达办结",
            "right": CaseRight.SPOT,
            "by": By.PLACE,
            "fields": (
                Field(
                    code="answer",
                    label="怎么送达的",
                    kind="long_text",
                    required=True,
                    limit=1000,
                    help="居民会看到这段话。写清送了什么、交给谁，不写别人的姓名和电话。",
                ),
            ),
            "said": "已送达办结，居民可以评价。",
            "asks": ("nothing_held",),
            "source": _AT_THE_DOOR,
        },
        "redo": {"right": CaseRight.FILE, "said": "已退回部门重办。"},
        "rate": {
            "fields": (
                Field(code="effort", label="办事力度", kind="stars", required=True),
                Field(code="speed", label="办事效率", kind="stars", required=True),
                Field(code="result", label="办事结果", kind="stars", required=True),
                Field(code="comment", label="想说的话", kind="long_text"),
            ),
        },
    },
)

ASSISTED: Final = Urgency(
    code="assist",
    name="代办",
    rules=always(
        *(FILE, TAKE, ACCEPT),
        done_within(
            working_days(10),
            working_days(7),
            setting="assist_days",
            by_term=True,
            source="目录里该事项的办理时限；没有写时限的，由本项目假定，县里可以改",
        ),
    ),
)
"""An item is done within its own term, counted from the pre-check, as the guide tells residents.

No text says how long one without a term may take: that is the setting.
"""
