"""How much lies below each node: added up once for a version of the tree, then looked up."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from gridgov.grid.rules.codes import parent_path
from gridgov.grid.types import Tally


@dataclass(frozen=True, slots=True)
class Census:
    """The leaves of a tree in the order of their paths, with running sums before each."""

    paths: Sequence[str]
    households: Sequence[int]
    population: Sequence[int]
    children: Counter[str]

    @classmethod
    def of(cls, nodes: Iterable[tuple[str, bool, int, int]]) -> "Census":
        """Count nodes given as path, whether it is a leaf, households and population."""
        ordered = sorted(nodes)
        leaves = [node for node in ordered if node[1]]
        return cls(
            [leaf[0] for leaf in leaves],
            [0, *accumulate(leaf[2] for leaf in leaves)],
            [0, *accumulate(leaf[3] for leaf in leaves)],
            Counter(parent_path(node[0]) for node in ordered),
        )

    def below(self, path: str) -> Tally:
        """What lies in the subtree; a leaf counts itself."""
        start, end = bisect_left(self.paths, path), bisect_left(self.paths, f"{path[:-1]}/")
        return Tally(
            self.children[path],
            end - start,
            self.households[end] - self.households[start],
            self.population[end] - self.population[start],
        )
