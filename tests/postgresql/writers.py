"""Run ``python -m tests.postgresql.writers NAME FOLDER [COUNT]``: tickets and replies, one command after another, until told to stop.

Each command is a whole run of the command line, with its own connection. A line of ``FOLDER/NAME`` says what came of it:
its exit status, its text, and what it printed. Stops where ``FOLDER/stop`` is there, or after so many commands.
"""

import io
import os
import sys
from pathlib import Path
from typing import NamedTuple

from tests.harness import Shell


def write(name: str, folder: Path, most: int) -> None:
    from tix.cli.main import main

    log = (folder / name).open("a", buffering=1)
    real, number = sys.stdout, 0
    while number < most and not (folder / "stop").exists():
        number += 1
        text = f"{name}.{number}"
        words = ["new", text, "-m", text] if number % 3 == 0 else ["reply", "1", "-m", text]
        log.write(f"begun\t{text}\n")
        sys.stdout = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
        status = main(words)
        sys.stdout.flush()
        printed = sys.stdout.buffer.getvalue().decode().strip()  # type: ignore[attr-defined]
        sys.stdout = real
        log.write(f"{status}\t{text}\t{printed}\n")


class Outcome(NamedTuple):
    """What writers were told: texts acknowledged, refused for certain (6), of unknown fate, and other exit statuses."""

    acknowledged: dict[str, str]
    refused: set[str]
    unknown: set[str]
    others: dict[str, int]


def outcome(folder: Path) -> Outcome:
    """Read the lines of all writers; one that was killed has begun something, and said no more."""
    acknowledged: dict[str, str] = {}
    begun, refused, unknown, others = set(), set(), set(), {}
    for path in folder.glob("w*"):
        for line in path.read_text().splitlines():
            status, text, *printed = line.split("\t")
            if status == "begun":
                begun.add(text)
            elif status == "0":
                acknowledged[text] = printed[0]
            elif status == "6":
                refused.add(text)
            elif status == "7":
                unknown.add(text)
            else:
                others[text] = int(status)
    return Outcome(
        acknowledged, refused, unknown | (begun - acknowledged.keys() - refused - others.keys()), others
    )


def faults(desk: Shell, found: Outcome, seen: set[str] | None = None) -> list[str]:
    """What is wrong with the desk after the writers: each text that is lost, doubled, or there although it was refused.

    ``seen`` are the texts that a follower has printed.
    """
    tickets = desk.tix("list", "--all", "--json", "--limit", "100000").json
    numbers = sorted(one["number"] for one in tickets)
    wrong = [] if numbers == list(range(1, len(numbers) + 1)) else ["the numbers have gaps"]
    there = [one["subject"] for one in tickets if one["number"] > 1]
    there += [one["body"] for one in desk.tix("show", 1, "--json").json["thread"][1:] if one["body"]]
    counts = {text: there.count(text) for text in set(there)}
    wrong += [f"{text} is there {count} times" for text, count in counts.items() if count > 1]
    wrong += [f"{text} is lost" for text in found.acknowledged if text not in counts]
    wrong += [f"{text} is there, and was refused" for text in found.refused if text in counts]
    wrong += [f"{text} ended with {status}" for text, status in found.others.items()]
    known = {one["subject"]: one["ref"] for one in tickets}
    wrong += [
        f"{text} is {known[text]}, and not {ref}"
        for text, ref in found.acknowledged.items()
        if text in known and known[text] != ref
    ]
    if seen is not None:
        wrong += [f"{text} was not followed" for text in counts if text not in seen]
    failed = [
        one["check"] for one in desk.tix("doctor", "--json", check=None).json if one["status"] == "failed"
    ]
    return wrong + failed


if __name__ == "__main__":
    write(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1_000_000)
    os._exit(0)
