"""What a matter can be about, as forms offer it."""

from functools import cache

from gridgov.context import Context
from gridgov.kernel.pinyin import initials
from gridgov.kernel.sentences import Sentence


@cache
def _initials(name: str) -> str:
    return initials(name)


def categories(ctx: Context, *, groups: bool = False) -> list[tuple[str, str, str, str]]:
    """Leaves to choose from, by group, found by their other words and codes.

    To report about, those of the usual kind of case; ``groups``: all of them, and whole groups.
    """
    known = ctx.policy.categories
    chosen: list[tuple[str, str, str, str]] = []
    for category in ctx.policy.county.categories:
        if category.kind and not groups:
            continue
        if category.parent:
            words = " ".join((_initials(category.name), *category.words))
            chosen.append((category.code, category.name, known[category.parent].name, words))
        elif groups:
            chosen.append(
                (
                    category.code,
                    Sentence("{category}（整类）", category=category.name),
                    category.name,
                    "",
                )
            )
    order = [c.name for c in ctx.policy.county.categories if not c.parent]
    return sorted(chosen, key=lambda one: order.index(one[2]))
