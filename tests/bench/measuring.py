"""What is measured at one size: lifecycles, pages, a burst. How: trust.md 4.2.

Product and floor take turns, so whatever else the machine does meets both; the figure is the median
of what each pair of turns gives.
"""

from collections.abc import Callable, Sequence
from statistics import median
from typing import Final

import msgspec

from bench.acting import Took
from bench.load import Order
from bench.stage import FLOOR_PORT, PORT, Stage, Turn

AT_ONCE: Final = 8
STEPS: Final = 10  # requests of a lifecycle
EVENTS: Final = 7  # and events
DESK: Final = ("worklist", "case", "overview")
PAGES: Final = (*DESK, "scan")
QUIET: Final = (1, 20)
PHASES: Final = [QUIET, (15, 10), (1, 10), (25, 10), (2, 15), (35, 10), (1, 60)]
"""Arrivals a second, and for how long."""
WINDOW: Final = 5.0  # seconds over which a p99 is taken
LIKE_QUIET: Final = 1.5  # a p99 within this of the quiet one counts as back

Say = Callable[[str], None]


class Compared(msgspec.Struct):
    """Milliseconds of a core for one, in the product and in its floor; medians of the rounds."""

    web: float
    database: float
    floor: float
    ratio: float
    """What the product costs for each millisecond of the floor: the median of the rounds'."""
    a_second: float


class Burst(msgspec.Struct):
    """What a burst did. Times in milliseconds, ``back`` in seconds after the last arrival of it."""

    lives: int
    faults: int
    told: list[str]
    quiet: float
    worst: float
    back: float | None


class Figures(msgspec.Struct):
    """Everything that was measured at one size."""

    cases: int
    lives: Compared
    afterwards: float
    """Milliseconds of a core that the worker and the database spend on a lifecycle later."""
    pages: dict[str, Compared]
    half_rate: float
    half_p99: float
    burst: Burst
    memory: float


def measured(stage: Stage, *, cases: int, rounds: int, seconds: float, say: Say) -> Figures:
    """All of it, one after another."""
    say("lifecycles, in turns with their floor")
    lives = compared(
        stage,
        Order(do="lives", port=PORT, at_once=AT_ONCE, seconds=seconds),
        Order(do="bare_lives", port=FLOOR_PORT, steps=STEPS, at_once=AT_ONCE, seconds=seconds),
        rounds=rounds,
    )
    pages: dict[str, Compared] = {}
    for name in PAGES:
        say(f"the page {name}, in turns with its floor")
        bare = [(f"/page/{name}/{number}", "") for number in range(len(stage.visits(name)))]
        pages[name] = compared(
            stage,
            _closed(PORT, stage.visits(name), seconds / 2),
            _closed(FLOOR_PORT, bare, seconds / 2),
            rounds=rounds,
        )
    say("pages at half of their highest rate")
    mixed = [visit for name in DESK for visit in stage.visits(name)[:1]]
    highest = stage.turn(_closed(PORT, mixed, seconds)).seen
    half = highest.done / highest.seconds / 2
    calm = stage.turn(Order(do="visits", port=PORT, visits=mixed, phases=[(half, 3 * seconds)]))
    say("the worker, telling what happened")
    event = stage.told(3 * seconds)
    say("a burst, the worker beside it")
    burst = bursting(stage)
    return Figures(
        cases,
        lives,
        1000 * event * EVENTS,
        pages,
        half,
        p99(calm.seen.took),
        burst,
        stage.memory(),
    )


def compared(stage: Stage, product: Order, floor: Order, *, rounds: int) -> Compared:
    """A B A B. A longer turn before warms each up: connections, statements, templates."""
    for order in (product, floor):
        stage.turn(msgspec.structs.replace(order, seconds=3 * order.seconds))
    pairs = [(_good(stage.turn(product)), _good(stage.turn(floor))) for _ in range(rounds)]
    ours = [ours for ours, _ in pairs]
    return Compared(
        web=1000 * median(turn.web / turn.seen.done for turn in ours),
        database=1000 * median(turn.database / turn.seen.done for turn in ours),
        floor=1000 * median(bare.cost for _, bare in pairs),
        ratio=median(turn.cost / bare.cost for turn, bare in pairs),
        a_second=median(turn.seen.done / turn.seen.seconds for turn in ours),
    )


def bursting(stage: Stage) -> Burst:
    """Open loop: who arrives does not ask whether there is room."""
    seen = stage.turn(Order(do="lives", port=PORT, phases=PHASES)).seen
    quiet = p99([took for took in seen.took if took[0] < QUIET[1]])
    over = sum(seconds for _, seconds in PHASES[:-1])
    windows = _windows(seen.took)
    late = [at + WINDOW for at, worst in windows if worst > LIKE_QUIET * quiet and at >= over]
    ended = max(at for at, _ in windows) + WINDOW
    return Burst(
        lives=seen.done + seen.faults,
        faults=seen.faults,
        told=seen.told,
        quiet=quiet,
        worst=max(worst for _, worst in windows),
        back=None if late and late[-1] >= ended else max(late, default=over) - over,
    )


def p99(took: Sequence[Took]) -> float:
    """Milliseconds within which all but one in a hundred were answered."""
    times = sorted(seconds for _, seconds in took)
    return 1000 * times[int(0.99 * (len(times) - 1))]


def _windows(took: Sequence[Took]) -> list[tuple[float, float]]:
    """When each window begins, and its p99."""
    windows: dict[int, list[Took]] = {}
    for answer in took:
        windows.setdefault(int(answer[0] // WINDOW), []).append(answer)
    return [(number * WINDOW, p99(answers)) for number, answers in sorted(windows.items())]


def _closed(port: int, visits: list[tuple[str, str]], seconds: float) -> Order:
    return Order(do="visits", port=port, visits=visits, at_once=AT_ONCE, seconds=seconds)


def _good(turn: Turn) -> Turn:
    """A request that failed measures nothing."""
    if turn.seen.faults:
        raise RuntimeError(f"{turn.seen.faults} failed: {turn.seen.told}")
    return turn
