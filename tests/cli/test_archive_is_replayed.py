"""An archive of our own is replayed before it is written: a ticket that its thread contradicts is refused."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.harness import Shell


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    desk = Shell(tmp_path_factory.mktemp("archive"))
    desk.now = "2026-11-01T09:00:00Z"
    desk.tix("init")
    desk.tix("new", "Jam", "-m", "x", "--for", "O'Brien <ob'rien@x.example>")
    desk.tix("resolve", "1", "-m", "done")
    told: dict[str, Any] = json.loads(desk.tix("export").out)
    return told


def _set(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(line: dict[str, Any]) -> None:
        *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        place: Any = line
        for part in way:
            place = place[part]
        place[last] = value

    return change


def test_archives_that_contradict_themselves_are_refused(line: dict[str, Any], desk: Shell):
    changes = [
        ("status", "open"),
        ("phase", "closed"),
        ("rating", 5),
        ("resolved_at", "2026-10-01T09:00:00Z"),
        ("requester", "root"),
        ("thread.0.kind", ["message"]),
        ("thread.0.side", {}),
        ("thread.0.attachments", 5),
        ("thread.1.event", {"type": ["resolved"]}),
    ]
    broken = []
    for number, (path, value) in enumerate(changes):
        bad = copy.deepcopy(line)
        bad.pop("desk", None) if number else None
        _set(path, value)(bad)
        broken.append(json.dumps(bad))
    result = desk.tix("import", "-", stdin="\n".join(broken) + "\n", check=2)
    for number in range(1, len(changes) + 1):
        assert f"line {number}: " in result.err, f"{changes[number - 1]}\n{result}"


def test_what_was_exported_can_be_imported_whatever_the_address(line: dict[str, Any], desk: Shell):
    assert line["requester"] == "ob-rien@x.example"
    old = json.dumps(line).replace("ob-rien@x.example", "ob'rien@x.example")
    desk.tix("import", "-", stdin=old + "\n")
    [person] = [one for one in desk.tix("user", "list", "--json").json if one["email"] == "ob'rien@x.example"]
    assert desk.tix("whoami", as_="ob'rien@x.example").code == 0
    assert desk.tix("show", "1", "--json").json["requester"] == person["login"]
    assert desk.tix("doctor").code == 0
