"""How personal data looks before anybody has given a reason to see it (domain.md 2.3)."""

_PHONE = 11
_PHONE_HEAD = 3
_PHONE_TAIL = 4


def mask_name(name: str) -> str:
    """``陈某某`` becomes ``陈**``: the family name and as many stars as there were characters."""
    return name[:1] + "*" * max(len(name) - 1, 1) if name else ""


def mask_phone(phone: str) -> str:
    """``13812341234`` becomes ``138****1234``; anything shorter keeps its last two digits only."""
    if len(phone) >= _PHONE:
        return f"{phone[:_PHONE_HEAD]}{'*' * (len(phone) - 7)}{phone[-_PHONE_TAIL:]}"
    return "*" * max(len(phone) - 2, 0) + phone[-2:] if phone else ""


def mask_address(address: str) -> str:
    """The building stays, the door goes: everything after the last 栋/号/组 is starred."""
    cut = max(address.rfind(mark) for mark in ("栋", "幢", "号", "组"))
    return f"{address[: cut + 1]}***" if cut >= 0 else f"{address[:6]}***"
