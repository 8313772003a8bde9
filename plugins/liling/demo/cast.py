"""Who acts in the made-up history: the people of the package, with the rights they have."""

import secrets
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import and_, select, update

from gridgov.access.actions.deciding import rights_of
from gridgov.access.models import Binding
from gridgov.accounts.models import Account, Membership
from gridgov.accounts.passwords import hash_password
from gridgov.context import Context
from gridgov.contract.actor import Actor, Scope
from gridgov.contract.declarations import Role
from gridgov.grid.models import GridNode
from gridgov.handover.models import Handover
from gridgov.kernel.joins import tied
from gridgov.staff.models import Department, StaffMember
from gridgov.tenants.workplace import Workplace

Login = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Player:
    """One person with one role; ``login`` is their way in."""

    actor: Actor
    login: str
    path: str
    departments: tuple[UUID, ...]


@dataclass
class Cast:
    """All of them: by role and place, and handlers by department."""

    by_role: dict[str, list[Player]] = field(default_factory=lambda: defaultdict(list))

    def at(self, role: str, path: str) -> Player | None:
        """Who has the role exactly there, the first of them."""
        return next((one for one in self.by_role[role] if one.path == path), None)

    def above(self, role: str, path: str) -> Player | None:
        """Who has the role there or at the nearest unit above."""
        found = [one for one in self.by_role[role] if path.startswith(one.path)]
        return max(found, key=lambda one: len(one.path), default=None)

    def handler(self, department: UUID) -> Player | None:
        """Who handles for the department, the first of them."""
        return next((one for one in self.by_role["handler"] if department in one.departments), None)


async def cast_of(ctx: Context, day: date) -> Cast:
    """Everybody who is bound on that day."""
    rows = await ctx.session.execute(
        select(
            Binding.account_id,
            Binding.role,
            Binding.departments,
            Binding.categories,
            GridNode.path,
            GridNode.name,
            StaffMember.id,
            StaffMember.name,
            Account.login,
        )
        .join(GridNode, tied(GridNode.id, Binding.node_id))
        .join(
            Membership,
            and_(
                Membership.account_id == Binding.account_id,
                Membership.tenant_id == Binding.tenant_id,
            ),
        )
        .join(Account, Account.id == Binding.account_id)
        .join(
            StaffMember,
            and_(StaffMember.tenant_id == Binding.tenant_id, StaffMember.id == Membership.staff_id),
        )
        .where(Binding.valid_from <= day, Binding.valid_to.is_(None))
        .order_by(GridNode.path, Account.login)
    )
    cast = Cast()
    for account, role, departments, categories, path, place, staff, name, login in rows:
        scope = Scope(path, tuple(departments), tuple(categories))
        actor = Actor(
            account_id=account,
            staff_id=staff,
            name=name,
            title=f"{place}{ctx.policy.roles[role].name}",
            roles=(role,),
            rights=dict.fromkeys(rights_of(ctx.policy, role), (scope,)),
        )
        cast.by_role[role].append(Player(actor, login, path, tuple(departments)))
    return cast


async def ways_in(place: Workplace, cast: Cast, home: str) -> Sequence[Login]:
    """A way in for each role and each department, and for both who pass a post on.

    One password for all of them.
    """
    password = f"demo-{secrets.randbelow(10**6):06}"
    kept = await hash_password(password)
    logins: list[Login] = []
    async with place.transaction("演示") as ctx:
        for role, player in _shown(cast, ctx.policy.county.roles, home):
            await ctx.session.execute(
                update(Account)
                .where(Account.id == player.actor.account_id)
                .values(password=kept, password_changed_at=ctx.now, token=None, token_until=None)
            )
            named = select(Department.name).where(Department.id.in_(player.departments))
            where = "、".join(await ctx.session.scalars(named)) or player.actor.title
            logins.append((f"{role.name}  {where}", player.login, password))
        for side, words in ((Handover.leaver_id, "交出岗位"), (Handover.successor_id, "接任岗位")):
            found = await ctx.session.execute(
                update(Account)
                .where(
                    Account.id == Membership.account_id,
                    Membership.tenant_id == ctx.tenant.id,
                    Membership.staff_id == side,
                    GridNode.tenant_id == ctx.tenant.id,
                    GridNode.id == Handover.node_id,
                    Handover.tenant_id == ctx.tenant.id,
                    Handover.done_at.is_(None),
                    Handover.cancelled_at.is_(None),
                )
                .values(password=kept, password_changed_at=ctx.now, token=None, token_until=None)
                .returning(Account.login, GridNode.name)
                .execution_options(synchronize_session=False)
            )
            logins += [(f"{words}  {where}", login, password) for login, where in found]
    return logins


def _shown(cast: Cast, roles: Sequence[Role], home: str) -> Iterator[tuple[Role, Player]]:
    """Who has a role nearest to home; where it is held for departments, one for each of them."""
    for role in roles:
        served: set[tuple[UUID, ...]] = set()
        nearest = cast.above(role.code, home)
        for player in (*filter(None, [nearest]), *cast.by_role[role.code]):
            if player.departments not in served:
                served.add(player.departments)
                yield role, player
