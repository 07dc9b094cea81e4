"""A comparison with Taskwarrior, if it is installed: the same number of tasks."""

import json
import os
import shutil
import statistics
import subprocess
from pathlib import Path
from typing import Any

import desks
import measure

ROUNDS = 5
# Loading a million tasks takes too long.
LARGEST = 100_000


def report(count: int) -> None:
    """Print how long Taskwarrior takes to list, search and create with that many tasks."""
    if shutil.which("task") is None or count > LARGEST:
        return
    data = _tasks(count)
    env = {"HOME": str(data), "TASKDATA": str(data), "TASKRC": str(data / "rc"), "PATH": os.environ["PATH"]}
    commands = {
        "list 50": ("task", "limit:50", "list"),
        "search": ("task", "description.has:" + desks.RARE_WORD, "list"),
        "create": ("task", "add", "Broken"),
    }
    print(f"\nTaskwarrior beside {count:,} tasks")
    for name, argv in commands.items():
        taken = statistics.median(measure.seconds(argv, env) for _ in range(ROUNDS))
        print(f"{name:<42} {1000 * taken:>9.1f} ms")


def _tasks(count: int) -> Path:
    """Return the folder of that many tasks: the open issues pending, the others done."""
    data = desks.cache() / f"taskwarrior-{count}"
    if (data / "done").exists():
        return data
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir()
    (data / "rc").write_text("confirmation=off\nverbose=nothing\nhooks=off\n", encoding="utf-8")
    with (data / "tasks.json").open("w", encoding="utf-8") as file:
        for issue in desks.issues(count):
            file.write(json.dumps(_task(issue)) + "\n")
    env = {"HOME": str(data), "TASKDATA": str(data), "TASKRC": str(data / "rc"), "PATH": os.environ["PATH"]}
    subprocess.run(
        ["task", "import", str(data / "tasks.json")],
        env=env,
        check=True,
        stdin=subprocess.DEVNULL,
        capture_output=True,
    )
    (data / "done").touch()
    return data


def _task(issue: dict[str, Any]) -> dict[str, Any]:
    stamp = issue["createdAt"].replace("-", "").replace(":", "")
    words = f"{issue['title']} {desks.RARE_WORD if desks.RARE_WORD in issue['body'] else ''}".strip()
    task = {"description": words, "entry": stamp, "status": "pending"}
    return task if issue["state"] == "OPEN" else task | {"status": "completed", "end": stamp}
