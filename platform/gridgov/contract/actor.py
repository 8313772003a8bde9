"""Who is asking, and how far their rights reach."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Scope:
    """Where one binding reaches: a subtree and, where given, only these departments and categories.

    An empty tuple means no restriction on that axis.
    """

    path: str
    departments: tuple[UUID, ...] = ()
    categories: tuple[str, ...] = ()

    def holds(self, path: str | None, department: UUID | None, category: str | None) -> bool:
        """Whether the place, department and category lie inside. An axis not asked about passes."""
        return (
            (path is None or path.startswith(self.path))
            and (department is None or not self.departments or department in self.departments)
            and (category is None or not self.categories or category in self.categories)
        )


@dataclass(frozen=True, slots=True)
class Actor:
    """A person (or the system) acting in one tenant. Frozen for the length of a request."""

    account_id: UUID | None
    staff_id: UUID | None
    name: str
    title: str
    roles: tuple[str, ...] = ()
    rights: Mapping[str, tuple[Scope, ...]] = field(default_factory=dict[str, tuple[Scope, ...]])
    system: bool = False

    def may(
        self,
        right: str,
        *,
        path: str | None = None,
        department: UUID | None = None,
        category: str | None = None,
    ) -> bool:
        """Whether some binding gives ``right`` there."""
        return self.system or any(
            scope.holds(path, department, category) for scope in self.rights.get(right, ())
        )

    def scopes(self, right: str) -> tuple[Scope, ...]:
        """Where the actor holds ``right``; empty means nowhere."""
        return (Scope(""),) if self.system else self.rights.get(right, ())


NOBODY = Actor(account_id=None, staff_id=None, name="", title="")
"""A resident or a stranger: no account, no rights."""


def system_actor(name: str) -> Actor:
    """The actor of a job: acts in one tenant, under a name that the audit shows."""
    return Actor(account_id=None, staff_id=None, name=name, title="", system=True)
