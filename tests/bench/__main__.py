"""``make bench``: how fast, against its own floor, at several sizes, in bounded time."""

import argparse
import os
import sys
from pathlib import Path

import msgspec

from bench.ground import database_for
from bench.measuring import Figures, measured
from bench.stage import stage
from bench.telling import table
from gridgov.cli.children import finish_undisturbed, interrupt_on_signals
from gridgov.cli.console import Console
from gridgov.embedded.stack import Stack
from gridgov.kernel.clock import now


class Run(msgspec.Struct):
    """One run, as it is kept."""

    at: str
    cores: int
    load_before: float
    load_after: float
    rounds: int
    seconds: float
    sizes: list[Figures]


def main() -> int:
    """Measure, tell, keep. 0 if it came through; goals that are missed are marked."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--cases", type=int, nargs="+", default=[10_000, 1_000_000], metavar="N")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5.0, help="of a turn")
    parser.add_argument("--fresh", action="store_true", help="load the cases anew")
    parser.add_argument("--json", type=Path, help="default: bench.json in the stack's folder")
    asked = parser.parse_args()
    console, began = Console(), now()
    load_before = os.getloadavg()[0]
    interrupt_on_signals()
    stack = Stack.named("bench")
    try:
        with console.step("PostgreSQL and Redis"):
            stack.open()
        sizes = [_measured(stack, cases, asked, console) for cases in asked.cases]
    finally:
        finish_undisturbed()
        stack.close()
    load_after = os.getloadavg()[0]
    run = Run(
        f"{began:%F %R} UTC",
        os.cpu_count() or 1,
        round(load_before, 1),
        round(load_after, 1),
        asked.rounds,
        asked.seconds,
        sizes,
    )
    kept = asked.json or stack.place.folder / "bench.json"
    kept.write_bytes(msgspec.json.format(msgspec.json.encode(run)))
    print(
        f"\n{run.at}, {run.cores} cores, load {run.load_before} before and {run.load_after} after, "
        f"{run.rounds} rounds of {run.seconds:g} s\n\n{table(sizes)}\n\n{kept}"
    )
    return 0


def _measured(stack: Stack, cases: int, asked: argparse.Namespace, console: Console) -> Figures:
    with console.step(f"{cases:,} cases"):
        settings = database_for(stack, cases, console.say, fresh=asked.fresh)
    with stage(stack, settings) as set_up:
        return measured(
            set_up, cases=cases, rounds=asked.rounds, seconds=asked.seconds, say=console.say
        )


if __name__ == "__main__":
    sys.exit(main())
