"""How the application connects to PostgreSQL: its limits, and what it says of itself."""

from typing import Any

import msgspec
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from gridgov.kernel.saying import Announcing


def engine_for(url: str, *, pool_size: int = 8, pooled: bool = True) -> AsyncEngine:
    """An engine with our limits: 5 s for a statement, 15 s for a place in the pool.

    Whoever waits there waits for requests that are being worked off: a crowd shall be slow, not
    sent away. A database that hangs is told by the limit of statements.
    """
    options: dict[str, Any] = (
        {
            "pool_size": pool_size,
            "max_overflow": 0,
            "pool_timeout": 15,
            "pool_use_lifo": True,  # the one that knows most statements by heart
        }
        if pooled
        else {"poolclass": NullPool}
    )
    return create_async_engine(
        make_url(url).set(drivername="postgresql+asyncpg"),
        json_deserializer=msgspec.json.decode,
        connect_args={
            "connection_class": Announcing,
            "server_settings": {
                "application_name": "gridgov",
                "citus.propagate_set_commands": "local",
                "idle_in_transaction_session_timeout": "10000",
                "jit": "off",
                "statement_timeout": "5000",
            },
        },
        **options,
    )
