"""Contexts: somebody, somewhere in a county, at a moment, in one transaction."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Final
from uuid import UUID

from gridgov.context import Context
from gridgov.contract.actor import NOBODY, Actor, Scope
from gridgov.contract.declarations import Binds
from gridgov.kernel.db import Database
from gridgov.kernel.ids import new_id
from gridgov.kernel.settings import Settings
from gridgov.kernel.together import Together
from gridgov.rooms import TOGETHER
from gridgov.testkit.clock import Clock
from gridgov.testkit.counties import ACounty

OpenContext = Callable[..., AbstractAsyncContextManager[Context]]
"""What the fixture ``open_context`` is: :func:`open_context` of the run's database and clock."""

_FOLLOWERS: Final = Together(TOGETHER)


@asynccontextmanager
async def open_context(
    database: Database,
    settings: Settings,
    clock: Clock,
    county: ACounty,
    *,
    as_: str | Actor = NOBODY,
    at: str | None = None,
    together: Together = _FOLLOWERS,
    keep: bool = True,
) -> AsyncGenerator[Context]:
    """One transaction in the county; ``keep=False`` takes it back at the end.

    ``as_`` is a role (its account, or somebody with the role at the path ``at``) or an actor;
    without it, somebody who has no account.
    """
    actor = in_role(county, as_, at=at) if isinstance(as_, str) else as_
    async with database.open(county.tenant.id) as session:
        yield Context(
            tenant=county.tenant,
            actor=actor,
            session=session,
            policy=county.policy,
            now=clock(),
            vault=county.vault,
            together=together,
            files=settings.files,
        )
        await (session.commit() if keep else session.rollback())


def in_role(
    county: ACounty,
    role: str,
    *,
    at: str | None = None,
    department: str = "",
    categories: tuple[str, ...] = (),
    account: UUID | None = None,
) -> Actor:
    """The county's account with the role, or another person with it elsewhere."""
    who = county.accounts[role]
    declared = county.policy.roles[role]
    departments: tuple[UUID, ...] = ()
    if declared.binds is Binds.DEPARTMENT:
        departments = (county.departments[department or next(iter(county.departments))],)
    scope = Scope(who.path if at is None else at, departments, categories)
    own = at in (None, who.path)
    return Actor(
        account_id=account or (who.account_id if own else new_id()),
        staff_id=who.staff_id,
        name=f"测试·{declared.name}",
        title=declared.name,
        roles=(role,),
        rights={str(right): (scope,) for right in declared.rights},
    )


def with_rights(*rights: str, at: str = "", **who: Any) -> Actor:
    """Somebody with just these rights, in the whole county or below a path."""
    return Actor(
        account_id=who.get("account") or new_id(),
        staff_id=None,
        name="测试·王一",
        title="测试员",
        rights={right: (Scope(at),) for right in rights},
    )
