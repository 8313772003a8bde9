"""事件: Liling's six steps. The flow is the common one; here stands what the texts say of it.

000: 采集上报、立案建档、事件派遣、处置反馈、核查结案、综合评价六步链条式闭环处置机制。
"""

from typing import Final

from gridgov.baseline.flow import FLOW
from gridgov.cases.types import CaseRight
from gridgov.contract.declarations import Action, By, Field, Step
from gridgov.contract.refining import refined

_SIX_STEPS: Final = "经验材料：六步链条式闭环处置机制"
_FOUR_RULES: Final = "报道：“四单四制”交办处置机制"
_BY_LEVELS: Final = "报道：按村（社区）、镇（街道）、市逐级上报；经验材料：小事不出村，大事不出镇"
_SUPERVISED: Final = "报道：督办通报制"

STEPS: Final = (
    Step(code="collect", name="采集上报"),
    Step(code="file", name="立案建档"),
    Step(code="dispatch", name="事件派遣"),
    Step(code="handle", name="处置反馈"),
    Step(code="verify", name="核查结案"),
    Step(code="evaluate", name="综合评价"),
)

ATTEND: Final = Action(
    code="attend",
    name="到达现场",
    right=CaseRight.HANDLE,
    by=By.DEPARTMENT,
    before=("handling",),
    effect="attend",
    fields=(
        Field(code="note", label="说明", kind="long_text"),
        Field(code="photos", label="照片（可不传）", kind="photos"),
    ),
    guards=("accepted_by_me",),
    weight=60,
    said="已记录到场时间。",
    public=True,
    source="报道：24小时内到现场处置",
)

EXPLAIN: Final = Action(
    code="explain",
    name="到期答复",
    right=CaseRight.FILE,
    before=("filed", "dispatched", "handling", "handled"),
    effect="explain",
    fields=(
        Field(
            code="answer",
            label="答复反映人：为什么还没解决、接下来怎么办",
            kind="long_text",
            required=True,
            limit=1000,
        ),
    ),
    guards=("explaining_counts",),
    weight=25,
    said="已答复反映人，继续办理。",
    public=True,
    source="报道：如果不能解决，必须给出相应回复",
)

INCIDENT: Final = refined(
    FLOW,
    source=_SIX_STEPS,
    steps=STEPS,
    states={"closed": {"step": "verify"}, "evaluated": {"step": "evaluate"}},
    actions={
        "report": {"said": "已上报，等待工作站立案。"},
        "supervise": {
            "name": "挂号督办",
            "said": "已挂号督办。",
            "source": "报道：挂号销号制、督办通报制",
        },
        "rate": {
            "fields": (
                Field(code="effort", label="办事力度", kind="stars", required=True),
                Field(code="speed", label="办事效率", kind="stars", required=True),
                Field(code="result", label="办事结果", kind="stars", required=True),
                Field(code="comment", label="想说的话", kind="long_text"),
            ),
            "source": "经验材料：对部门办事力度、办事效率、办事结果进行满意度测评",
        },
        "strike_off": {"name": "销号", "said": "已销号。", "source": "报道：挂号销号制"},
    },
    cited={
        _SIX_STEPS: (
            "report",
            "file",
            "restore",
            "dispatch",
            "dispatch_more",
            "withdraw",
            "finish",
            "close",
            "redo",
            "reopen",
        ),
        _FOUR_RULES: (
            "return",
            "object",
            "uphold_objection",
            "dismiss_objection",
            "ask_extension",
            "grant_extension",
            "refuse_extension",
            "ask_pause",
            "grant_pause",
            "refuse_pause",
            "resume",
            "resume_handling",
        ),
        _BY_LEVELS: ("pass_up", "take", "call_back", "call_back_report"),
        "经验材料：小事不出村": ("handle_on_spot",),
        "经验材料：小事不出村，大事不出镇": ("handle_here",),
        _SUPERVISED: ("urge", "reopen_by_supervisor"),
        "经验材料：立案建档；不立案须说明理由并告知反映人": ("reject",),
        "报道：交办反馈制": ("accept",),
        "报道：事件分类清单": ("recategorise",),
    },
    added=(ATTEND, EXPLAIN),
)
