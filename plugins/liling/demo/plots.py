"""How the made-up cases go: drawn by chance, like the real ones as far as the sources tell."""

import random
from dataclasses import dataclass, field, replace
from typing import Any, Final

from gridgov.contract.declarations import Origin
from liling.demo.stories import REASONS, Matter
from liling.incident import INCIDENT

_BY_WORKER: Final = 0.68
_REJECTED: Final = 0.05
_ON_SPOT: Final = 0.2
_AT_STATION: Final = 0.14
_TO_CENTRE: Final = 0.35
_RETURNED: Final = 0.07
_EXTENDED: Final = 0.07
_PAUSED: Final = 0.03
_RATED: Final = 0.75
_STUCK: Final = 0.05
_SLOW: Final = 0.12
_SUPERVISED: Final = 0.03


@dataclass(frozen=True, slots=True)
class Scene:
    """One step: ``after`` hours, somebody with ``role`` does ``action``."""

    after: float
    role: str
    action: str
    fields: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Plot:
    """One case from its report to wherever it gets."""

    matter: Matter
    title: str
    origin: Origin
    scenes: tuple[Scene, ...]


_AFTERWARDS: Final = (
    Scene(0, "handler", "ask_extension", {"days": 2, "reason": REASONS["ask_extension"]}),
    Scene(0, "handler", "ask_pause", {"reason": REASONS["ask_pause"]}),
    Scene(0, "supervisor", "supervise", {"reason": REASONS["supervise"]}),
)


def fresh_plot_of(matter: Matter, luck: random.Random, scenes: int) -> Plot:
    """One that came in today and has got so far: filed, passed up, taken, dispatched, accepted.

    The furthest wait for somebody to decide, or are watched.
    """
    way = [
        _desk(luck, "file"),
        *_raised(luck),
        _desk(luck, "dispatch"),
        Scene(0, "handler", "accept"),
        luck.choice(_AFTERWARDS),
    ]
    quick = tuple(replace(scene, after=luck.uniform(0.02, 0.2)) for scene in way[:scenes])
    return Plot(matter, luck.choice(matter.titles), Origin.WORKER, quick)


def plot_of(matter: Matter, luck: random.Random) -> Plot:
    """A plot by chance."""
    origin = Origin.WORKER if luck.random() < _BY_WORKER else Origin.RESIDENT
    scenes = _scenes(matter, luck, origin)
    if luck.random() < _STUCK:  # nobody goes on: what lights are for
        scenes = scenes[: luck.randrange(1, max(len(scenes), 2))]
    return Plot(matter, luck.choice(matter.titles), origin, tuple(scenes))


def _scenes(matter: Matter, luck: random.Random, origin: Origin) -> list[Scene]:
    draw = luck.random()
    if draw < _REJECTED:
        return [_desk(luck, "reject", reason=REASONS["reject"])]
    if draw < _REJECTED + _ON_SPOT and origin is Origin.WORKER:
        spot = Scene(luck.uniform(0.1, 2), "worker", "handle_on_spot", {"answer": matter.answer})
        return [spot, *_ending(matter, luck)]
    if draw < _REJECTED + _ON_SPOT + _AT_STATION:
        here = _desk(luck, "handle_here", answer=matter.answer)
        return [_desk(luck, "file"), here, *_ending(matter, luck)]
    return [_desk(luck, "file"), *_raised(luck), *_handled(matter, luck), *_ending(matter, luck)]


def _raised(luck: random.Random) -> list[Scene]:
    levels = 2 if luck.random() < _TO_CENTRE else 1
    return [
        scene
        for _ in range(levels)
        for scene in (_desk(luck, "pass_up", reason=REASONS["pass_up"]), _desk(luck, "take"))
    ]


def _handled(matter: Matter, luck: random.Random) -> list[Scene]:
    slow = luck.uniform(4, 7) if luck.random() < _SLOW else 1.0
    scenes = [_desk(luck, "dispatch")]
    if luck.random() < _RETURNED:
        back = Scene(luck.uniform(0.5, 4), "handler", "return", {"reason": REASONS["return"]})
        scenes += [back, _desk(luck, "dispatch")]
    scenes.append(Scene(luck.uniform(0.3, 3.5), "handler", "accept"))
    if luck.random() < _SUPERVISED:
        scenes.append(Scene(8, "supervisor", "supervise", {"reason": REASONS["supervise"]}))
    if luck.random() < _EXTENDED:
        asked = {"days": 2, "reason": REASONS["ask_extension"]}
        scenes.append(Scene(luck.uniform(6, 20), "handler", "ask_extension", asked))
        scenes.append(_desk(luck, "grant_extension"))
    if luck.random() < _PAUSED:
        scenes.append(Scene(6, "handler", "ask_pause", {"reason": REASONS["ask_pause"]}))
        scenes += [_desk(luck, "grant_pause"), Scene(50, "handler", "resume_handling")]
    scenes.append(Scene(luck.uniform(4, 30) * slow, "handler", "finish", {"answer": matter.answer}))
    return scenes


def _ending(matter: Matter, luck: random.Random) -> list[Scene]:
    answered = {"answer": f"您反映的问题{matter.answer}"}
    scenes = [Scene(luck.uniform(0.5, 10), "verifier", "close", answered)]
    if luck.random() < _RATED:
        stars = {rating.code: luck.choice((3, 4, 4, 5, 5, 5)) for rating in INCIDENT.ratings}
        scenes.append(Scene(luck.uniform(1, 40), "reporter", "rate", stars))
    return scenes


def _desk(luck: random.Random, action: str, **fields: Any) -> Scene:
    return Scene(luck.uniform(0.2, 3.2), "desk", action, fields)
