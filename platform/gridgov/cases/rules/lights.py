"""What light a case shows. The same answer in SQL stands in ``queries.lights``, tested equal."""

from dataclasses import dataclass
from datetime import datetime

from gridgov.cases.types import Light


def light_of(
    due: datetime | None,
    yellow: datetime | None,
    *,
    paused: bool,
    ended: bool,
    now: datetime,
) -> Light:
    """The light at ``now``. Half-open: at the very due time it is too late."""
    if ended or due is None:
        return Light.NONE
    if paused:
        return Light.PAUSED
    if now >= due:
        return Light.RED
    if yellow is not None and now >= yellow:
        return Light.YELLOW
    return Light.GREEN


@dataclass(frozen=True, slots=True)
class Telling:
    """What was told of a light, and when somebody must next be told."""

    told: str
    at: datetime | None


def telling(told: str, due: datetime, yellow: datetime, *, silent: bool, now: datetime) -> Telling:
    """After the times or the light changed: forget what no longer holds, and plan the next telling.

    ``silent``: paused or ended. A light that went back to green is told anew when it turns again.
    """
    if silent:
        return Telling(told, None)
    light = light_of(due, yellow, paused=False, ended=False, now=now)
    if light == Light.GREEN or not told:
        return Telling("", min(yellow, due))
    if Light.YELLOW in {light, told}:
        return Telling(Light.YELLOW, due)
    return Telling(told, None)


def told_now(due: datetime, yellow: datetime, now: datetime) -> tuple[Light, Telling]:
    """The light to tell at ``now``, and what comes after."""
    light = light_of(due, yellow, paused=False, ended=False, now=now)
    return light, telling(light, due, yellow, silent=False, now=now)
