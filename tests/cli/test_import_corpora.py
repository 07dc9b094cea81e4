"""Real trackers, whole: every record comes in, once, in its time, and goes out and in again unchanged."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.harness import Shell

FILES = (
    "beads-issues/issues.jsonl",
    "ietf-issues/draft-ietf-tls-esni.archive.json",
    "ietf-issues/mls-protocol.archive.json",
)


def _corpora() -> Path:
    folder = os.environ.get("TIX_CORPORA")
    if folder is None:
        pytest.skip("TIX_CORPORA names no folder of corpora")
    return Path(folder)


def _counted(path: Path) -> tuple[int, int]:
    """Records, and those that are over, from the raw file: an oracle that knows no story."""
    if path.suffix == ".jsonl":
        records: list[dict[str, Any]] = [
            json.loads(line) for line in path.read_text().splitlines() if line.strip()
        ]
        return len(records), sum(record["status"] in ("closed", "tombstone") for record in records)
    archive = json.loads(path.read_text())
    records = archive["issues"] + archive["pulls"]
    return len(records), sum(record["state"] != "OPEN" for record in records)


def test_real_trackers_come_in_once_and_go_round(desk: Shell):
    folder = _corpora()
    desk.now = "2026-11-22T09:00:00Z"
    total = over = 0
    for name in FILES:
        records, closed = _counted(folder / name)
        done = desk.tix("import", folder / name, "--json").json
        assert (done["imported"], done["failed"]) == (records, 0), name
        total += records
        over += closed
    assert total > 5000
    assert desk.tix("list", "--all", "--count").out == f"{total}\n"
    assert desk.tix("list", "--closed", "--count").out == f"{over}\n"
    for name in FILES:
        assert desk.tix("import", folder / name, "--json").json["imported"] == 0
    exported = desk.tix("export").raw_out
    other = Shell(desk.folder / "other")
    other.now = desk.now
    other.tix("import", "-", stdin=exported)
    assert other.tix("export").raw_out == exported
    for shell in (desk, other):
        assert shell.tix("doctor", "--json").code == 0
    words = ("search", "handshake", "-o", "ids", "--limit", "0")
    assert other.tix(*words).refs == desk.tix(*words).refs != []
