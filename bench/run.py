"""Run the budgets: whole processes, each in turn with the floor and the bare floor. Exits 1 if a budget is exceeded.

A budget is exceeded if both the median and the lower quartile of the paired ratios are above it. Compare ratios, not
milliseconds: those depend on the machine.
"""

import argparse
import compileall
import itertools
import os
import sys
import sysconfig
import tempfile
from collections.abc import Callable
from pathlib import Path

import desks
import measure
import rates
import taskwarrior
from works import Facts, Work, facts, works

FLAT = 1.25
LINE = "{:<42} {:>9} {:>9} {:>7} {:>7} {:>7}  {}"
BARE = "  {:>8} {:>7} {:>7} {:>7}  {}"


def main() -> int:
    """Measure what the command line names; return the exit status."""
    parser = argparse.ArgumentParser(description="Measure the budgets with whole processes.")
    parser.add_argument(
        "--desk", type=int, action="append", metavar="N", help="number of tickets on the desk (repeatable)"
    )
    parser.add_argument("--rounds", type=int, default=21, help="measured pairs per row (default: 21)")
    parser.add_argument("--only", default="", metavar="TEXT", help="only rows whose name contains TEXT")
    parser.add_argument("--import", type=int, default=20_000, dest="imported", metavar="N", help="0: none")
    parser.add_argument("--only-table", type=int, metavar="N", help="only the import of a table of N rows")
    options = parser.parse_args()
    counts = options.desk or [1000, 100_000]

    _compile()
    if options.only_table:
        with tempfile.TemporaryDirectory(dir=desks.cache()) as folder:
            return 1 if _figures(rates.table_figures, options.only_table, Path(folder)) else 0
    failures: list[str] = []
    medians: dict[tuple[str, int], measure.Ratio] = {}
    for count in counts:
        failures += _measure_desk(count, options.rounds, options.only, medians)
    failures += _flatness(counts, medians)
    if options.imported and not options.only:
        with tempfile.TemporaryDirectory(dir=desks.cache()) as folder:
            failures += _figures(rates.import_figures, options.imported, Path(folder))
            failures += _figures(rates.table_figures, options.imported, Path(folder))
    if not options.only:
        for count in counts:
            taskwarrior.report(count)

    print()
    for failure in failures:
        print(f"over budget: {failure}")
    print("all within budget" if not failures else f"{len(failures)} over budget")
    return 1 if failures else 0


def _measure_desk(
    count: int, rounds: int, only: str, medians: dict[tuple[str, int], measure.Ratio]
) -> list[str]:
    store = desks.desk(count)
    failures = []
    print(f"\n{count:,} tickets")
    head = LINE.format("work", "ms", "floor ms", "ratio", "lower", "budget", "verdict")
    print(head + BARE.format("bare ms", "ratio", "lower", "budget", "verdict"))
    with tempfile.TemporaryDirectory(dir=desks.cache()) as folder:
        nowhere = Path(folder) / "nowhere"
        nowhere.mkdir()
        copy = desks.room_for(store, Path(folder) / "copy.db")
        known = facts(store, copy, nowhere, count, rounds)
        for work in works():
            if only not in work.name:
                continue
            try:
                ratio, *bare = _measured(work, known, rounds)
            except measure.DidNotRun as problem:
                print(LINE.format(work.name, "", "", "", "", f"{work.budget:.2f}", f"DID NOT RUN  {problem}"))
                failures.append(f"{work.name} at {count:,}: {problem}")
                continue
            medians[work.name, count] = ratio
            budget = work.budget_at(count)
            over = ratio.above(budget)
            if over:
                failures.append(f"{work.name} at {count:,}: {ratio.median:.2f} of {budget:.2f}")
            row = _row(work.name, ratio, budget, over=over)
            for second in bare:
                assert work.bare is not None
                too_slow = second.above(work.bare)
                row += BARE.format(*_figures_of(second, work.bare, too_slow)[1:])
                if too_slow:
                    failures.append(
                        f"{work.name} at {count:,}: {second.median:.2f} of {work.bare:.2f} bare floors"
                    )
            print(row, flush=True)
    if not only:
        failures += _figures(rates.memory_figures, store)
        if count >= rates.SMALLEST:
            failures += _figures(rates.export_figures, store, count)
    return failures


def _measured(work: Work, known: Facts, rounds: int) -> list[measure.Ratio]:
    """Return the ratio to the floor, and to the bare one where there is a budget for it."""
    floor_words = (sys.executable, str(Path(__file__).with_name("floor.py")), "row", str(known.store))
    bare_words = (sys.executable, str(Path(__file__).with_name("bare.py")), str(known.store))
    floor_env = desks.environment(known.store)

    def once(number: int) -> float:
        env = desks.environment(work.on(known, number), work.as_(known, number))
        argv = (*desks.TIX, *work.words(known, number))
        return (
            measure.seconds_on_terminal(argv, env, work.until) if work.drawn else measure.seconds(argv, env)
        )

    def floor(_number: int) -> float:
        return measure.seconds(floor_words, floor_env)

    def bare(_number: int) -> float:
        return measure.seconds(bare_words, floor_env)

    return measure.paired(once, [floor] if work.bare is None else [floor, bare], rounds)


def _row(name: str, ratio: measure.Ratio, budget: float, *, over: bool) -> str:
    return LINE.format(name, *_figures_of(ratio, budget, over))


def _figures_of(ratio: measure.Ratio, budget: float, over: bool) -> tuple[str, ...]:
    milliseconds = (f"{ratio.median_ms:.1f}", f"{ratio.floor_ms:.1f}")
    ratios = (f"{ratio.median:.2f}", f"{ratio.lower_quartile:.2f}", f"{budget:.2f}")
    return (*milliseconds, *ratios, "OVER" if over else "ok")


def _flatness(counts: list[int], medians: dict[tuple[str, int], measure.Ratio]) -> list[str]:
    """Compare the largest desk with the smallest: what a person waits for must not grow with the desk."""
    small, large = min(counts), max(counts)
    if small == large:
        return []
    print(f"\n{large:,} tickets against {small:,}")
    failures = []
    for name in (work.name for work in works() if work.flat):
        if (name, small) not in medians or (name, large) not in medians:
            continue
        before, after = medians[name, small], medians[name, large]
        growth = after.median / before.median
        over = growth > FLAT and after.lower_quartile / before.lower_quartile > FLAT
        verdict = "OVER" if over else "ok"
        print(LINE.format(name, "", "", f"{growth:.2f}", "", f"{FLAT:.2f}", verdict))
        if over:
            failures.append(f"{name}: {growth:.2f} times as long at {large:,} as at {small:,}")
    return failures


def _figures(measured: Callable[..., list[rates.Figure]], *about: object) -> list[str]:
    failures = []
    try:
        found = measured(*about)
    except measure.DidNotRun as problem:
        print(f"{measured.__name__}: DID NOT RUN  {problem}")
        return [f"{measured.__name__}: {problem}"]
    for figure in found:
        sign = "≥" if figure.at_least else "≤"
        bound = f"{sign} {figure.bound:,g}"
        value = f"{figure.value:,.2f}" if figure.value < 10 else f"{figure.value:,.0f}"
        verdict = "ok" if figure.kept else "OVER"
        print(f"{figure.name:<42} {value:>9} {figure.unit:<10} {bound:>12}  {verdict}", flush=True)
        if not figure.kept:
            failures.append(f"{figure.name}: {value} {figure.unit}, bound {bound}")
    return failures


def _compile() -> None:
    """Compile everything to byte code: without it a start takes three to six times as long."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    for folder in itertools.chain([desks.ROOT / "src"], [Path(sysconfig.get_path("purelib"))]):
        compileall.compile_dir(folder, quiet=2, workers=0)


if __name__ == "__main__":
    sys.exit(main())
