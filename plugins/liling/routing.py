"""What another department answers for in the country than in the city.

No text of the county says so: an assumption from who maintains what, to be confirmed.
"""

from typing import Final

PUBLIC_ORDER: Final = frozenset({"E0505", "traffic", "lending"})
"""What goes to the police (000: 一村一辅警，一格一助警). Here 网格警员 is a contact for advice and
never a hand that acts: docs/decisions/0024."""

IN_THE_COUNTRY: Final = {
    "E0102": "agriculture",  # 暴露垃圾: 农村人居环境
    "E0103": "agriculture",
    "E0110": "transport",  # 道路破损: 农村公路
    "E0112": "transport",
    "E0401": "transport",
    "E0406": "transport",
    "E0404": "agriculture",  # 污水沟渠
    "P0205": "transport",
    "P0305": "agriculture",
}
"""Department by category."""
