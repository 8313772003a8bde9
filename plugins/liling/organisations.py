"""五支队伍, and the meetings that the texts tell of."""

from typing import Final

from gridgov.contract.organisations import MeetingKind, TeamKind

_TEAMS: Final = (
    "经验材料：每个网格均成立“两代表一委员”帮扶队、“五老”宣讲队、妇团文明队、志愿者服务队、"
    "党员先锋队"
)

TEAM_KINDS: Final = tuple(
    TeamKind(code=code, name=name, level="grid", unnamed=code == "party", source=_TEAMS)
    for code, name in (
        ("delegates", "两代表一委员帮扶队"),
        ("elders", "五老宣讲队"),
        ("women", "妇团文明队"),
        ("volunteers", "志愿者服务队"),
        ("party", "党员先锋队"),
    )
)

MEETING_KINDS: Final = (
    MeetingKind(
        code="weekly",
        name="周例会",
        levels=("village",),
        posts=("clerk", "chief", "worker", "police"),
        every_days=7,
        source="报道：网格员每周和社区民警、社区工作人员开会交流",
    ),
    MeetingKind(
        code="consultation",
        name="集体会商",
        levels=("county", "town", "village"),
        on_case=True,
        source="报道：“四单四制”，其中有集体会商制",
    ),
)
