"""四个平台: four named worklists over the one engine (000: 四个平台的共建共享，线上线下业务协同).

Which department works on which is not printed: all that answer for a category of it (assumption).
What went to none of them leaves the list.
"""

from typing import Final

from gridgov.contract.stations import Platform

_FOUR: Final = "经验材料：实现政法综治、行政执法、便民服务、基层党建四个平台的共建共享"

PLATFORMS: Final = (
    Platform(
        code="order",
        name="政法综治",
        about="矛盾纠纷和安全隐患。",
        departments=(
            *("center", "police", "justice", "emergency", "labour", "land", "housing"),
            *("environment", "veterans", "health", "education", "market", "gas"),
        ),
        categories=("dispute", "safety"),
        source=_FOUR,
    ),
    Platform(
        code="enforcement",
        name="行政执法",
        about="市容、街面、施工、广告和公共设施。",
        departments=(
            *("urban", "market", "environment", "land", "transport", "housing", "agriculture"),
            *("police", "emergency", "water", "power", "gas", "civil"),
        ),
        categories=("P01", "P02", "P03", "P04", "P05", "E01", "E02", "E03", "E05"),
        source=_FOUR,
    ),
    Platform(
        code="service",
        name="便民服务",
        about="水电气民生和代办的事。",
        departments=(
            *("civil", "labour", "health", "medicare", "social", "land", "disabled"),
            *("water", "power", "gas", "urban", "housing", "transport", "agriculture"),
        ),
        categories=("livelihood", "E04"),
        kinds=("assist",),
        source=_FOUR,
    ),
    Platform(
        code="party",
        name="基层党建",
        about="阵地建设，退役军人、教育等要支部出面协调的事。",
        departments=("center", "veterans", "education", "agriculture"),
        categories=("station", "veterans", "campus"),
        source=_FOUR,
    ),
)
