"""What Liling counts, talks over and honours.

The two texts print numbers of the same names that mean different things, so each number stands
beside the definition by which it was printed, and beside the figure as it is computed here.
"""

from dataclasses import replace
from typing import Final

from gridgov.contract.assessment import (
    Comparison,
    Figure,
    Honour,
    Opinion,
    Printed,
    Review,
    Sheet,
)
from gridgov.contract.declarations import ASSUMPTION

_EIGHT: Final = "经验材料：八个一"

FIGURES: Final = (
    Figure(
        code="visited",
        name="走访",
        definition="期内走访台账里的次数。走访记录保存一年，更早的按当时讲评存下的数看。",
        measure="ledger_lines",
        of=("visit",),
        unit="次",
        source="报道",
    ),
    Figure(
        code="helped",
        name="帮助群众",
        definition="走访时答应帮忙、当场转成事件去办的次数。只走访没有帮的不算。",
        measure="ledger_cases",
        of=("visit",),
        unit="次",
        source="经验材料",
    ),
    Figure(
        code="solved",
        name="解决问题",
        definition="期内结案、群众没有要求重办的事件。",
        measure="cases_solved",
        unit="件",
        source="经验材料",
    ),
    Figure(
        code="incidents",
        name="上报事件数",
        definition="期内上报的事件，不论谁报的。合并的各算一件。",
        measure="cases_reported",
        unit="件",
        source="报道",
    ),
    Figure(
        code="by_workers",
        name="网格员上报",
        definition="期内由网格员上报的事件。",
        measure="cases_reported",
        of=("worker",),
        unit="件",
        source="报道",
    ),
    Figure(
        code="closed",
        name="办结事件数",
        definition="期内结案的事件。",
        measure="cases_closed",
        unit="件",
        source=ASSUMPTION,
    ),
    Figure(
        code="opinions",
        name="社情民意",
        definition="期内报给工作站的社情民意，一条算一条。",
        measure="ledger_lines",
        of=("opinion",),
        unit="件",
        source="报道",
    ),
    Figure(
        code="leaflets",
        name="宣传资料",
        definition="发放台账里宣传单、手册、倡议书的份数相加。便民卡另算。",
        measure="hand_outs",
        of=("leaflet", "booklet", "letter"),
        unit="份",
        source="经验材料、报道",
    ),
    Figure(
        code="services",
        name="帮代办事项",
        definition="期内帮代办送达办结的件数。不能代办、没有办成的不算。",
        measure="assists_done",
        unit="件",
        source="报道",
    ),
    Figure(
        code="maps",
        name="绘制一张网格图",
        definition="画好边界的基层网格，到期末为止。",
        measure="maps_drawn",
        unit="张",
        source=_EIGHT,
    ),
    Figure(
        code="cards",
        name="发放一张便民卡",
        definition="发放台账里便民卡的张数，按户发。",
        measure="hand_outs",
        of=("card",),
        unit="张",
        source=_EIGHT,
    ),
    Figure(
        code="base",
        name="采集一套基础信息",
        definition="期内房屋、户数的采集更新；点“没有变化”也算一次。",
        measure="base_updates",
        unit="次",
        source=_EIGHT,
    ),
    Figure(
        code="ledger",
        name="建立一本走访台账",
        definition="期内走访台账里的次数。",
        measure="ledger_lines",
        of=("visit",),
        unit="次",
        source=_EIGHT,
    ),
    Figure(
        code="talks",
        name="宣讲一批时事政策",
        definition="期内政策宣讲台账里的场次。",
        measure="ledger_lines",
        of=("talk",),
        unit="场",
        source=_EIGHT,
    ),
    Figure(
        code="voices",
        name="收集一批社情民意",
        definition="期内报给工作站的社情民意。",
        measure="ledger_lines",
        of=("opinion",),
        unit="件",
        source=_EIGHT,
    ),
    Figure(
        code="activities",
        name="组织一批网格活动",
        definition="期内五支队伍和网格里记下的活动场次。",
        measure="activities_held",
        unit="场",
        source=_EIGHT,
    ),
    Figure(
        code="errands",
        name="帮办一批服务事项",
        definition="期内帮代办送达办结的件数。",
        measure="assists_done",
        unit="件",
        source=_EIGHT,
    ),
    Figure(
        code="checked",
        name="集中式排查",
        definition="期内集中式排查里看过的企业、商铺、社区、村居和家庭。没见到人的不算。",
        measure="targets_done",
        unit="次",
        source="经验材料：网格内常态化走访与集中式排查相结合",
    ),
)

HEADLINE: Final = Sheet(
    code="headline",
    name="几项大数",
    about="原文里的几个大数，在这里按记录算出来。口径不同的并排放着，不相加减。",
    figures=("helped", "visited", "solved", "incidents", "opinions", "services", "leaflets"),
    printed=(
        Printed(
            code="helped.000",
            figure="helped",
            amount=28739,
            said="帮助困难群众（人次）：原文说的是帮助。",
            source="经验材料",
        ),
        Printed(
            code="visited.001",
            figure="visited",
            amount=680276,
            said="走访帮扶困难群众（人次）：原文把走访和帮扶合在一起算，和 28,739 不是一回事。",
            source="报道",
        ),
        Printed(
            code="solved.000",
            figure="solved",
            amount=14826,
            said="解决问题（个）：原文没有说怎样算解决。",
            source="经验材料",
        ),
        Printed(
            code="incidents.001",
            figure="incidents",
            amount=82513,
            said="网格员上报事件（件）：原文只算网格员报的。",
            source="报道",
        ),
        Printed(
            code="opinions.001",
            figure="opinions",
            amount=11851,
            said="社情民意（件）。",
            source="报道",
        ),
        Printed(
            code="services.001",
            figure="services",
            amount=99407,
            said="为居民帮代办各类事项（件）。",
            source="报道",
        ),
        Printed(
            code="leaflets.000",
            figure="leaflets",
            amount=120000,
            said="惠民便民政策宣传资料（份）。",
            more=True,
            source="经验材料",
        ),
        Printed(
            code="leaflets.001",
            figure="leaflets",
            amount=650000,
            said="惠民便民政策宣传资料（份），到后来为止。",
            more=True,
            source="报道",
        ),
    ),
    source="经验材料、报道",
)

EIGHT: Final = Sheet(
    code="eight_ones",
    name="八个一",
    about="每格每季度八件事，从已有的记录里算，不用再填。没有记录的写“没有记录”，不算 0。",
    figures=("maps", "cards", "base", "ledger", "talks", "voices", "activities", "errands"),
    base=True,
    source=_EIGHT,
)

SHEETS: Final = (HEADLINE, EIGHT)

OFFICERS: Final = Opinion(
    code="officers",
    name="单位点评干部",
    author="unit",
    about="写一件事、说清楚好在哪里或难在哪里，再写下和本人商定的一两点。不打分、不排名。",
    source="经验材料：让单位点评干部",
)
PROBLEMS: Final = Opinion(
    code="problems",
    name="督导员点评问题",
    author="supervisor",
    about="说问题本身：在哪个环节、反复发生在哪里、建议怎么办。可以附一件事件的编号。",
    source="经验材料：督导员点评问题",
)

COMPARES: Final = (
    Comparison(
        code="visited_not_helped",
        name="走访台账和转办的事",
        much="visited",
        little="helped",
        question="记了走访，没有一次答应的帮忙转成事件。是当场都办了，还是忘了登记？",
        source="经验材料：通过台帐、系统数据比对",
    ),
    Comparison(
        code="reported_not_closed",
        name="上报和办结",
        much="incidents",
        little="closed",
        question="这一期有上报，没有一件办结。卡在哪里，需要谁帮忙？",
        source="经验材料：通过台帐、系统数据比对",
    ),
)

WORK: Final = ("incidents", "by_workers", "closed", "solved", "visited", "opinions", "checked")


QUARTERLY: Final = Review(
    code="quarterly",
    name="讲评",
    months=3,
    opinions=(OFFICERS, PROBLEMS),
    figures=WORK,
    compares=COMPARES,
    satisfied=4,
    fewest=5,
    appeal_setting="appeal_days",
    source="经验材料：每季一讲评、半年一小结、年终总考核；满 5 条评价才公布打分，是本项目定的",
)
REVIEWS: Final = (
    QUARTERLY,
    replace(QUARTERLY, code="half_year", name="小结", months=6),
    replace(QUARTERLY, code="year_end", name="年终考核", months=12),
)

HONOURS: Final = (
    Honour(
        code="star",
        name="网格之星",
        about="讲一个真实的故事，本人同意才公布。没有积分表。",
        source="经验材料：定期评选“网格之星”“最美网格员”",
    ),
    Honour(
        code="finest",
        name="最美网格员",
        about="讲一个真实的故事，本人同意才公布。没有积分表。",
        source="经验材料：定期评选“网格之星”“最美网格员”",
    ),
)
