"""What declarations and their fields are called where people read of them."""

from collections.abc import Mapping
from typing import Final

from gridgov.contract.declarations import (
    Action,
    Clock,
    ClockRules,
    Field,
    State,
    Step,
)
from gridgov.kernel.sentences import N_

GROUPS: Final[Mapping[str, str]] = {
    "levels": N_("层级"),
    "posts": N_("岗位"),
    "roles": N_("角色"),
    "case_kinds": N_("流程"),
    "categories": N_("事件分类"),
    "urgencies": N_("紧急程度"),
    "settings": N_("参数"),
    "navigation": N_("导航"),
}
"""The groups of a county's declarations, in the order in which changes are told."""

NOUNS: Final[Mapping[type, str]] = {
    Step: N_("步骤"),
    State: N_("状态"),
    Action: N_("动作"),
    Field: N_("填写项"),
    ClockRules: N_("规则"),
    Clock: N_("时限"),
}
"""What stands inside other declarations."""

FIELDS: Final[Mapping[str, str]] = {
    "administrator": N_("管理员"),
    "answers": N_("由其负责督促"),
    "apart_from": N_("不能同时担任"),
    "base": N_("最基层"),
    "before": N_("在哪些状态可做"),
    "below": N_("要小于"),
    "binds": N_("绑定到"),
    "by": N_("由谁来做"),
    "choices": N_("选项"),
    "code_length": N_("编码长度"),
    "consequence": N_("后果说明"),
    "default": N_("默认值"),
    "departments": N_("责任部门"),
    "desk": N_("工作站名称"),
    "each": N_("各自计时"),
    "effect": N_("作用"),
    "effective_from": N_("从哪天起"),
    "ends": N_("是否结束"),
    "entries": N_("入口"),
    "first": N_("起始状态"),
    "follows": N_("旧状态转到"),
    "grants": N_("可以授予"),
    "grave": N_("需要再次确认"),
    "group": N_("分组"),
    "guards": N_("附加条件"),
    "help": N_("提示"),
    "holder": N_("在谁手上"),
    "home": N_("首页"),
    "households": N_("户数标准"),
    "icon": N_("图标"),
    "kind": N_("类型"),
    "label": N_("名称"),
    "least": N_("最小"),
    "levels": N_("适用层级"),
    "limit": N_("上限"),
    "most": N_("最大"),
    "motto": N_("口号"),
    "name": N_("名称"),
    "otherwise": N_("否则转到"),
    "parent": N_("上级"),
    "post": N_("对应岗位"),
    "promise": N_("承诺时限"),
    "public": N_("反映人可见"),
    "required": N_("必填"),
    "right": N_("所需权限"),
    "rights": N_("权限"),
    "said": N_("完成后的话"),
    "setting": N_("由参数调整"),
    "single": N_("只能一人"),
    "source": N_("依据"),
    "starts": N_("由什么开始"),
    "step": N_("所在步骤"),
    "stops": N_("由什么结束"),
    "to": N_("转到"),
    "under": N_("上级层级"),
    "undone_by": N_("可由什么收回"),
    "unit": N_("单位"),
    "unverified": N_("尚未核对"),
    "urgency": N_("紧急程度"),
    "version": N_("版本"),
    "warn": N_("预警"),
    "weight": N_("排列"),
    "words": N_("检索词"),
}
"""The fields of declarations; their codes stay what they are."""
