"""Where a request comes from: the connection's own address; only a trusted proxy is believed."""

from typing import Any

from litestar.connection import ASGIConnection

from gridgov.kernel.settings import Settings


def client_address(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """The client's address. ``X-Forwarded-For`` counts only where a named proxy has written it."""
    settings: Settings = connection.app.state.settings
    peer = connection.client.host if connection.client else ""
    if peer not in settings.proxies:
        return peer
    hops = connection.headers.get("x-forwarded-for", "").split(",")
    strangers = [hop.strip() for hop in hops if hop.strip() not in ("", *settings.proxies)]
    return strangers[-1] if strangers else peer
