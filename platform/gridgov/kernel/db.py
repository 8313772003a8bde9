"""The database and the first wall: a session belongs to one tenant, and so do its statements."""

from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import Any, Final, cast
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Engine,
    ForeignKeyConstraint,
    Index,
    MetaData,
    Text,
    Uuid,
    and_,
    bindparam,
    event,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import (
    DeclarativeBase,
    InstrumentedAttribute,
    Mapped,
    MappedColumn,
    ORMExecuteState,
    Session,
    SessionTransaction,
    mapped_column,
    with_loader_criteria,
)
from sqlalchemy.util import greenlet_spawn

from gridgov.kernel.engines import engine_for
from gridgov.kernel.ids import new_id
from gridgov.kernel.pokes import Poker, noted
from gridgov.kernel.row_security import NOBODYS, announce_region, announce_tenant, seal_key
from gridgov.kernel.saying import begin
from gridgov.kernel.settings import Settings

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table of the core. Plugins bring a base of their own with the same columns."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map = {
        str: Text,
        UUID: Uuid,
        datetime: DateTime(timezone=True),
        date: Date,
        dict[str, Any]: JSONB,
        list[dict[str, Any]]: JSONB,
        list[str]: ARRAY(Text),
        list[UUID]: ARRAY(Uuid),
        int: BigInteger,
    }


class TenantRow(Base):
    """A row of one tenant. ``tenant_id`` leads every key, so the same schema shards by it."""

    __abstract__ = True

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-2)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, sort_order=-1)


class SharedRow(Base):
    """A row of no tenant. Such tables are few, and each has its reason in test_house."""

    __abstract__ = True


def tenant_fk(
    column: str, target: "type[TenantRow] | str", *, index: bool = True
) -> Iterator[ForeignKeyConstraint | Index]:
    """A reference inside the tenant, with its index: ``*tenant_fk("node_id", GridNode)``.

    ``index=False`` where another index of the table already begins with the column. A table that
    refers to itself is named by its name.
    """
    table = target if isinstance(target, str) else target.__tablename__
    yield ForeignKeyConstraint(["tenant_id", column], [f"{table}.tenant_id", f"{table}.id"])
    if index:
        yield Index(None, "tenant_id", column)


def tenant_index(*columns: str, **options: Any) -> Index:
    """An index that begins with the tenant."""
    return Index(None, "tenant_id", *columns, **options)


def path_column(*, nullable: bool = False, follows: bool = False) -> MappedColumn[Any]:
    """A materialised path such as ``430281.1.002.``: bytewise order, so a subtree is one range.

    ``follows`` marks a place of today: when a subtree moves, the column is rewritten with it.
    """
    return mapped_column(Text(collation="C"), nullable=nullable, info={"follows": follows})


def within(
    column: InstrumentedAttribute[Any] | ColumnElement[Any], path: str
) -> ColumnElement[bool]:
    """The subtree of ``path`` itself included, as one index range.

    LIKE would lose its index under row security (its operator is not leakproof).
    ``path`` ends with a dot; the slash is the character after it. An empty path is the whole tree.
    """
    if not path:
        return true()
    return and_(column >= path, column < f"{path[:-1]}/")


_SPEAKING: Final = "speaking"


class TenantSession(Session):
    """A session that can only speak for the tenant in ``info``."""


@event.listens_for(TenantSession, "after_begin")
def _announce(session: Session, _: SessionTransaction, connection: Connection) -> None:
    begin(connection, str(session.info.get("announcement", NOBODYS)))
    session.info[_SPEAKING] = connection


@event.listens_for(TenantSession, "after_transaction_create")
def _begin_anew(session: Session, transaction: SessionTransaction) -> None:
    """A savepoint is only set when the session is asked for its connection."""
    if transaction.nested:
        session.info.pop(_SPEAKING, None)


@event.listens_for(TenantSession, "after_transaction_end")
def _fall_silent(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(_SPEAKING, None)


async def speaking(session: AsyncSession) -> Connection:
    """The connection on which the session speaks: begun, and its tenant announced."""
    info = session.info
    if _SPEAKING not in info:
        await greenlet_spawn(session.sync_session.connection)
    connection: Connection = info[_SPEAKING]
    return connection


@event.listens_for(TenantSession, "after_commit")
def _poke(session: Session) -> None:
    """Tell whoever waits for what was committed; a hint, see kernel.pokes."""
    poker: Poker | None = session.info.get("poker")
    if poker is not None and not session.in_nested_transaction():
        poker.poke(noted(session.info))


@event.listens_for(TenantSession, "after_rollback")
def _keep_quiet(session: Session) -> None:
    noted(session.info)


WALL: Final = "wall_tenant"
MINE: Final = with_loader_criteria(
    TenantRow,
    lambda row: row.tenant_id == bindparam("wall_tenant"),  # a name from outside would be bound
    include_aliases=True,
)
"""The first wall, as an option of a statement; :data:`WALL` names the tenant's parameter."""
_cut: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()


@event.listens_for(TenantSession, "do_orm_execute")
def _cut_to_tenant(state: ORMExecuteState) -> None:
    """Add the tenant to every SELECT, UPDATE and DELETE on mapped classes.

    A SELECT that is kept in a module is cut once; the tenant's id travels beside it. (Cut anew each
    time, its key in the cache of compiled statements would be worked out anew as well: more than
    the database takes to answer.) Changes bear the id, for rows in memory are compared with it.
    """
    tenant_id = state.session.info.get("tenant_id")
    if tenant_id is None or not state.is_orm_statement:
        return
    if state.is_select:
        found = _cut.get(state.statement)
        if found is None:
            found = _cut[state.statement] = state.statement.options(MINE)
        state.statement = found
        given = cast("Mapping[str, Any]", state.parameters or {})
        state.parameters = {**given, WALL: tenant_id}
    elif state.is_update or state.is_delete:
        mine = with_loader_criteria(
            TenantRow, lambda row: row.tenant_id == tenant_id, include_aliases=True
        )
        state.statement = state.statement.options(mine)


class Database:
    """The application's connections, one pool for each process."""

    def __init__(self, settings: Settings, *, pooled: bool = True) -> None:
        self._key = seal_key(settings.secret)
        self.engine = engine_for(settings.database_url, pool_size=settings.pool_size, pooled=pooled)
        self._province = engine_for(settings.province_url, pool_size=2, pooled=pooled)
        self.poker = Poker(settings.redis_url)

    @property
    def sync_engine(self) -> Engine:
        """What statement counters listen to."""
        return self.engine.sync_engine

    def open(self, tenant_id: UUID | None) -> AsyncSession:
        """A session for the tenant, or for the shared tables alone. The caller ends it."""
        session = AsyncSession(
            self.engine, sync_session_class=TenantSession, expire_on_commit=False, autoflush=True
        )
        session.info["poker"] = self.poker
        if tenant_id is not None:
            self.cut(session, tenant_id)
        return session

    def cut(self, session: AsyncSession, tenant_id: UUID) -> None:
        """Give a fresh session its tenant. A session that has one keeps it."""
        if session.info.get("tenant_id") not in (None, tenant_id):
            raise ValueError("A session cannot change its tenant.")
        session.info["tenant_id"] = tenant_id
        session.info["announcement"] = announce_tenant(tenant_id, self._key)

    @asynccontextmanager
    async def session(self, tenant_id: UUID) -> AsyncGenerator[AsyncSession]:
        """One transaction for one tenant: committed at the end, rolled back by an exception."""
        async with self.open(tenant_id) as session, session.begin():
            yield session

    @asynccontextmanager
    async def shared(self) -> AsyncGenerator[AsyncSession]:
        """One transaction on the shared tables."""
        async with self.open(None) as session, session.begin():
            yield session

    @asynccontextmanager
    async def region(self, region: str) -> AsyncGenerator[AsyncSession]:
        """One read-only transaction above the counties: aggregates of a region's tenants."""
        async with AsyncSession(self._province, sync_session_class=TenantSession) as session:
            session.info["announcement"] = announce_region(region, self._key)
            async with session.begin():
                yield session

    async def close(self) -> None:
        """Give all connections back."""
        await self.poker.close()
        await self.engine.dispose()
        await self._province.dispose()
