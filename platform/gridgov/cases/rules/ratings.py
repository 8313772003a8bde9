"""What reporters gave for each question that the county asks, in words."""

from collections.abc import Iterable, Mapping

from gridgov.contract.declarations import Field
from gridgov.kernel.sentences import Sentence, joined


def told(asked: Iterable[Field], stars: Mapping[str, float]) -> str:
    """Stars or their means, in the county's order; what was not answered is left out."""
    return joined(
        Sentence("{what} {n} 分", what=one.label, n=f"{stars[one.code]:.2g}")
        for one in asked
        if one.code in stars
    )
