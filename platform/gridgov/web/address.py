"""Where a request comes from, and addresses that others wrote: only a trusted proxy is believed."""

from typing import Any
from urllib.parse import SplitResult, urlsplit

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


def parts_of(address: str) -> SplitResult:
    """The parts of an address as a browser or a person wrote it; of one that is none, nothing."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")
