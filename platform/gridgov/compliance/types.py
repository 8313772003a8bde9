"""Words of the switchboard."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from gridgov.contract.compliance import Switch
from gridgov.kernel.sentences import N_


class ComplianceRight(StrEnum):
    """Everybody who works here may read which switches are on: it protects them."""

    ASK = "compliance.ask"
    CONFIRM = "compliance.confirm"


class GrantState(StrEnum):
    """Where a request to switch something on stands. ``over``: it ended, by its day or by hand."""

    ASKED = "asked"
    ON = "on"
    DECLINED = "declined"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class About:
    """A switch in words: what it is, what is there while it is on, for how long at most.

    What can never be on opens nothing.
    """

    name: str
    words: str
    opens: str = ""
    most_days: int = 366


ABOUT: Final[Mapping[Switch, About]] = {
    Switch.DAILY_OK: About(
        N_("按次数统计巡查"),
        N_("定了每天次数的台账（巡查）数一数有几次，就等于签到打卡。"),
        N_("“巡查走访”页和网格页写出巡查次数，县里的指标可以用巡查次数。"),
    ),
    Switch.RANKING: About(
        N_("排名"),
        N_("把镇、村、网格按数字多少排先后。人员始终不排名。"),
        N_("指标表可以按一项数字从多到少排。"),
    ),
    Switch.EMERGENCY: About(
        N_("安全应急状态"),
        N_("防汛、抢险等安全应急场景，须写明启动文件的文号。"),
        N_("期间可以按次数统计巡查，不用另外申请。"),
        most_days=30,
    ),
    Switch.POINTS_STAFF: About(N_("工作人员积分"), N_("给网格员或其他工作人员记分。")),
    Switch.POINTS_RESIDENT: About(N_("居民积分"), N_("给居民记分兑换。")),
    Switch.TRACK: About(N_("轨迹"), N_("记录工作人员走到哪里、走了多远。")),
    Switch.PHOTO_REQUIRED: About(N_("必须拍照"), N_("不传照片就不能上报或办结。")),
    Switch.INSTALL_RATE_REPORT: About(N_("通报安装率"), N_("统计或通报谁装了、装了多少。")),
    Switch.ACTIVE_RATE_REPORT: About(N_("通报活跃率"), N_("统计或通报谁在用、用了多久。")),
}


@dataclass(frozen=True, slots=True)
class Grant:
    """A recorded basis: which switch, on what, until when, asked and decided by whom."""

    id: UUID
    switch: str
    document: str
    article: str
    reason: str
    expires_on: date
    state: str
    asked_by: UUID | None
    asked_at: datetime
    asker: str
    decided_by: UUID | None
    decided_at: datetime | None
    decider: str
    note: str
    ended_at: datetime | None

    def holds(self, today: date) -> bool:
        """Whether the switch is on by it: also if no worker has noticed that its day is past."""
        return self.state == GrantState.ON and self.expires_on >= today


@dataclass(frozen=True, slots=True)
class Line:
    """A switch as the page shows it: what holds, what is asked, what was.

    ``through`` is the grant of another switch that has this one on as well.
    """

    switch: Switch
    about: About
    on: Grant | None
    asked: Grant | None
    past: tuple[Grant, ...]
    through: Grant | None = None
