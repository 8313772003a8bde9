"""What an entry tells, in words that an auditor need not look up. An export keeps the codes."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from gridgov.kernel.sentences import N_, Sentence
from gridgov.policy import Policy

VERBS: Final[Mapping[str, str]] = {
    "access.bound": N_("授予角色"),
    "access.followed": N_("角色随网格调整"),
    "access.passed": N_("角色随岗位移交"),
    "access.unbound": N_("收回角色"),
    "account.closed": N_("停用账号"),
    "account.created": N_("开账号"),
    "account.device_ended": N_("让一台设备退出"),
    "account.devices_ended": N_("让其他设备退出"),
    "account.factor_enrolled": N_("绑定动态码"),
    "account.factor_removed": N_("解除动态码"),
    "account.factor_shown": N_("用动态码确认"),
    "account.log_in_refused": N_("登录被拒"),
    "account.logged_in": N_("登录"),
    "account.logged_out": N_("退出登录"),
    "account.password_changed": N_("修改密码"),
    "account.recovery_code_used": N_("用备用码确认"),
    "account.recovery_codes_renewed": N_("换发备用码"),
    "account.reopened": N_("恢复账号"),
    "account.reset_approved": N_("核准重置密码"),
    "account.reset_asked": N_("提出重置密码"),
    "account.reset_declined": N_("不同意重置密码"),
    "account.reset_from_above": N_("上级重置管理员密码"),
    "account.reset_issued": N_("打印重置凭条"),
    "activity.kept": N_("登记活动"),
    "audit.exported": N_("导出审计记录"),
    "calendar.changed": N_("日历变更"),
    "calendar.day_closed": N_("登记停止办公日"),
    "calendar.day_reopened": N_("撤销停止办公日"),
    "calendar.loaded": N_("载入工作日历"),
    "campaign.closed": N_("总结集中排查"),
    "campaign.exported": N_("导出集中排查清单"),
    "campaign.looked": N_("登记排查结果"),
    "campaign.made": N_("安排集中排查"),
    "campaign.notes_forgotten": N_("清除到期的排查备注"),
    "case.contacts_forgotten": N_("清除到期的联系方式"),
    "case.exported": N_("导出事件"),
    "case.reported": N_("上报事件"),
    "circular.exported": N_("导出督办通报"),
    "circular.forgotten": N_("清除到期的通报内容"),
    "circular.issued": N_("印发督办通报"),
    "compliance.asked": N_("申请开启合规开关"),
    "compliance.confirmed": N_("同意开启合规开关"),
    "compliance.declined": N_("不同意开启合规开关"),
    "compliance.ended": N_("关闭合规开关"),
    "duty.copied": N_("照上周补班"),
    "duty.exported": N_("导出值班表"),
    "duty.planned": N_("排班"),
    "duty.seat_changed": N_("改席位资料"),
    "event.replayed": N_("重新投递"),
    "files.purged": N_("清除到期的照片"),
    "grid.merge": N_("合并网格"),
    "grid.move": N_("划转网格"),
    "grid.planned": N_("定下网格调整"),
    "grid.refused": N_("网格调整没有生效"),
    "grid.rename": N_("网格改名"),
    "grid.split": N_("拆分网格"),
    "grid.withdrawn": N_("撤回网格调整"),
    "hall.notice_posted": N_("登大屏通知"),
    "hall.notice_removed": N_("撤大屏通知"),
    "hall.number_called": N_("叫号"),
    "hall.number_done": N_("办完一个号"),
    "hall.number_missed": N_("过号"),
    "hall.number_taken": N_("取号"),
    "handover.cancelled": N_("取消岗位交接"),
    "handover.done": N_("完成岗位交接"),
    "handover.forgotten": N_("清除到期的交接清单"),
    "handover.opened": N_("开始岗位交接"),
    "handover.signed": N_("岗位交接签字"),
    "handover.signed_for": N_("代签岗位交接"),
    "honour.agreed": N_("本人同意公布事迹"),
    "honour.declined": N_("不公布事迹"),
    "honour.nominated": N_("提名"),
    "honour.published": N_("公布事迹"),
    "honour.refused": N_("本人不同意公布事迹"),
    "kit.issued": N_("发放装备"),
    "kit.missing": N_("登记装备遗失"),
    "kit.returned": N_("归还装备"),
    "ledger.answered": N_("答复社情民意"),
    "ledger.ended": N_("结束巡查"),
    "ledger.exported": N_("导出网格台账"),
    "ledger.forgotten": N_("清除到期的台账记录"),
    "ledger.written": N_("记台账"),
    "lists.changed": N_("改清单"),
    "lists.exported": N_("导出清单"),
    "lists.withdrawn": N_("撤销清单改动"),
    "meeting.called": N_("召集会议"),
    "meeting.consulted": N_("登记议事意见"),
    "meeting.dropped": N_("撤下议题"),
    "meeting.forgotten": N_("清除到期的会议记录"),
    "meeting.kept": N_("登记会议"),
    "meeting.mended": N_("改动会议记录"),
    "meeting.raised": N_("提出议题"),
    "personal.revealed": N_("查看个人信息"),
    "registry.building_added": N_("登记房屋"),
    "registry.building_confirmed": N_("核对房屋，没有变化"),
    "registry.building_counted": N_("更新房屋的数字"),
    "registry.building_moved": N_("房屋改到别的网格"),
    "registry.building_removed": N_("注销房屋"),
    "registry.exported": N_("导出房屋和住户汇总"),
    "review.agreed": N_("同意点评"),
    "review.answered": N_("回答讲评"),
    "review.appeal_dismissed": N_("申诉不成立"),
    "review.appeal_upheld": N_("申诉成立"),
    "review.appealed": N_("提出申诉"),
    "review.commented": N_("写点评"),
    "review.evaluated": N_("计算讲评数据"),
    "review.opened": N_("开始讲评"),
    "review.published": N_("发布通报"),
    "rules.changed": N_("换规则"),
    "rules.exported": N_("导出插件自己的数据表"),
    "service.assists_exported": N_("导出代办清单"),
    "service.authorised": N_("登记居民委托"),
    "service.authority_ended": N_("居民收回委托"),
    "service.begun": N_("登记代办"),
    "service.booked": N_("预约上门"),
    "service.code_revoked": N_("作废门口的码"),
    "service.codes_issued": N_("做门口的码"),
    "service.document_passed": N_("转交居民材料"),
    "service.document_taken": N_("签收居民材料"),
    "service.imported": N_("更新服务事项目录"),
    "service.materials_checked": N_("核对材料清单"),
    "service.visit_cancelled": N_("取消上门"),
    "service.visit_done": N_("上门办完"),
    "service.visit_missed": N_("上门没见到人"),
    "service.visit_moved": N_("改上门时间"),
    "service.visits_exported": N_("导出上门安排"),
    "service.visits_forgotten": N_("清除到期的预约信息"),
    "service.witnesses_forgotten": N_("清除到期的见证人"),
    "settings.changed": N_("改参数"),
    "settings.withdrawn": N_("撤销改参数"),
    "staff.appointed": N_("任职"),
    "staff.followed": N_("岗位随网格调整"),
    "staff.left": N_("办理离职"),
    "staff.vacated": N_("免职"),
    "standard.claimed": N_("申报达标"),
    "standard.confirmed": N_("确认达标"),
    "standard.exported": N_("导出建设标准"),
    "standard.reported": N_("把缺的上报成事件"),
    "standard.returned": N_("退回达标申报"),
    "standard.withdrawn": N_("撤回达标申报"),
    "station.changed": N_("改工作阵地资料"),
    "station.exported": N_("导出工作阵地"),
    "suggestion.answered": N_("答复意见"),
    "suggestion.made": N_("提意见"),
    "team.ended": N_("撤销队伍"),
    "team.formed": N_("组建队伍"),
    "team.joined": N_("队员加入"),
    "team.left": N_("队员离开"),
    "team.members_forgotten": N_("清除解散队伍的姓名电话"),
    "tenant.onboarded": N_("上线"),
    "tenant.resumed": N_("恢复使用"),
    "tenant.suspended": N_("暂停使用"),
    "tenant.updated": N_("更新县数据包"),
    "turnover.agreed": N_("同意权限随岗位移交"),
    "turnover.applied": N_("岗位名单生效"),
    "turnover.confirmed": N_("确认岗位名单"),
    "turnover.read": N_("上传岗位名单"),
    "turnover.refused": N_("岗位名单没有生效"),
    "turnover.withdrawn": N_("撤回岗位名单"),
    "yearly.ticked": N_("登记年度事项已办"),
    "yearly.unticked": N_("撤回年度事项登记"),
}
"""By verb; the steps of a case are called as the county calls them."""

GROUPS: Final[Mapping[str, str]] = {
    "access.": N_("角色和权限"),
    "account.": N_("账号和登录"),
    "audit.": N_("审计"),
    "calendar.": N_("工作日历"),
    "case.": N_("事件"),
    "grid.": N_("网格调整"),
    "lists.": N_("清单"),
    "rules.": N_("规则"),
    "service.": N_("服务事项和代办"),
    "settings.": N_("参数"),
    "staff.": N_("任职"),
}
"""What may be asked for, by how its verbs begin."""

SUBJECTS: Final[Mapping[str, str]] = {
    "account": N_("账号"),
    "activity": N_("活动"),
    "appointment": N_("上门预约"),
    "audit": N_("审计"),
    "building": N_("房屋"),
    "building_list": N_("房屋"),
    "calendar": N_("工作日历"),
    "calendar_closure": N_("停止办公日"),
    "campaign": N_("集中排查"),
    "campaign_target": N_("排查对象"),
    "case": N_("事件"),
    "case_reporter": N_("反映人"),
    "circular": N_("督办通报"),
    "event": N_("事件消息"),
    "files": N_("照片"),
    "grid_change": N_("网格调整"),
    "grid_node": N_("网格"),
    "kit": N_("装备"),
    "ledger_line": N_("台账记录"),
    "ledger_list": N_("台账"),
    "lists": N_("清单"),
    "meeting": N_("会议"),
    "nomination": N_("提名"),
    "place_code": N_("门口的码"),
    "review": N_("讲评"),
    "rules": N_("规则"),
    "service_catalogue": N_("服务事项目录"),
    "settings": N_("参数"),
    "staff": N_("人员"),
    "standard_mark": N_("达标项目"),
    "suggestion": N_("意见"),
    "switch": N_("合规开关"),
    "team": N_("队伍"),
    "tenant": N_("县"),
    "yearly": N_("年度事项"),
}

JOBS: Final[Mapping[str, str]] = {
    "accounts.tidy": N_("系统：清理过期的登录"),
    "calendar.tell": N_("系统：通知工作日历有变"),
    "cases.actions.circulars.tell_of_circular": N_("系统：送督办通报"),
    "cases.actions.forgetting.keep_photos": N_("系统：结案后定照片保存期"),
    "cases.actions.forgetting.keep_photos_on": N_("系统：重办后延照片保存期"),
    "cases.actions.telling.remind_of_light": N_("系统：亮灯提醒"),
    "cases.actions.telling.tell_of_move": N_("系统：通知事件进展"),
    "cases.forget": N_("系统：清除到期的联系方式"),
    "cases.jobs.reckon": N_("系统：按新日历重算期限"),
    "cases.lights": N_("系统：看哪些灯变了"),
    "files.purge": N_("系统：清除到期的照片"),
    "files.sweep": N_("系统：清理没用上的照片"),
    "grid.planned": N_("系统：到日子的网格调整"),
    "notices.forget": N_("系统：清理旧通知"),
    "outbox.forget": N_("系统：清理已办的消息"),
    "province.figures": N_("系统：汇总给省里的数字"),
    "yearly.remind": N_("系统：提醒年度事项"),
}
"""What does something without anybody's asking, by the name under which it acts."""

_A_NAME: Final = re.compile(r"[a-z_]+(\.[a-z_]+)+|[a-z_]+: [a-z_.]+")

DETAILS: Final[Mapping[str, str]] = {
    "count": N_("数量"),
    "day": N_("日子"),
    "device": N_("设备"),
    "document": N_("文号"),
    "entries": N_("条数"),
    "fields": N_("字段"),
    "node": N_("网格"),
    "on": N_("生效日"),
    "paper": N_("证件或材料"),
    "post": N_("岗位"),
    "reason": N_("理由"),
    "role": N_("角色"),
    "rows": N_("条数"),
}
"""The details that a page shows, where nothing names them better."""


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
