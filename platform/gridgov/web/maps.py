"""What the map of a page asks, and how it is answered."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from litestar import Response

from gridgov.kernel.errors import NotFound
from gridgov.web.urls import AnyRequest


def point_asked(request: AnyRequest) -> tuple[float, float]:
    """Where somebody pointed, east before north; NotFound for what is no place."""
    try:
        lon, lat = (float(request.query_params.get(name, "")) for name in ("lon", "lat"))
    except ValueError as error:
        raise NotFound from error
    return lon, lat


def drawing(
    features: Iterable[Mapping[str, Any]], *, headers: Mapping[str, str] | None = None
) -> Response[bytes]:
    """Features as GeoJSON; the macro ``map`` says which properties it knows."""
    collection = {"type": "FeatureCollection", "features": list(features)}
    return Response(
        msgspec.json.encode(collection), media_type="application/geo+json", headers=headers
    )
