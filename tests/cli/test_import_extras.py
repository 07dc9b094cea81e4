"""What comes with issues of other trackers besides texts: files, those who watch, and time worked."""

import base64
import json
from pathlib import Path

import pytest

from tests.harness import Shell

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


def issue(**fields: object) -> str:
    told = {
        "summary": "Printer",
        "created": "2026-01-05T10:00:00.000+0000",
        "status": {"name": "Done"},
        **fields,
    }
    return json.dumps({"issues": [{"self": "https://jira.example/rest/7", "key": "SHOP-7", "fields": told}]})


@pytest.fixture
def shop(desk: Shell) -> Shell:
    desk.people("ann:agent")
    return desk


def files_of(desk: Shell) -> list[tuple[str, int]]:
    shown = desk.tix("show", "1", "--json").json
    return [(one["name"], one["size"]) for item in shown["thread"] for one in item.get("attachments") or ()]


def test_bytes_in_the_file_or_beside_it_become_attachments(shop: Shell):
    folder = shop.folder / "export"
    (folder / "attachments" / "SHOP-7").mkdir(parents=True)
    (folder / "attachments" / "SHOP-7" / "beside.txt").write_bytes(b"beside")
    (folder / "secret.txt").write_bytes(b"secret")
    told = [
        {"filename": "a.png", "content": "data:image/png;base64," + base64.b64encode(PNG).decode()},
        {"filename": "b.txt", "data": base64.b64encode(b"hello").decode()},
        {"filename": "beside.txt", "size": 6, "content": "https://jira.example/beside.txt"},
        {"filename": "gone.txt", "size": 9, "content": "https://jira.example/gone.txt"},
        {"filename": "../secret.txt", "content": "https://jira.example/s"},
        {"filename": "run", "data": base64.b64encode(b"\x7fELF\x02\x01\x01" + bytes(64)).decode()},
    ]
    (folder / "issues.json").write_text(issue(attachment=told))
    done = shop.tix("import", str(folder / "issues.json"), "--json")
    assert done.json["files"] == 3
    assert files_of(shop) == [("a.png", len(PNG)), ("b.txt", 5), ("beside.txt", 6)]
    shown = shop.tix("show", "1", "--json").json
    texts = "\n".join(item["body"] or "" for item in shown["thread"])
    assert "Attached: gone.txt (9 bytes) https://jira.example/gone.txt" in texts
    assert "Attached: run (71 bytes), not kept" in texts
    assert "does not accept" in texts
    assert shop.tix("doctor").code == 0
    assert shop.tix("import", str(folder / "issues.json"), "--update", "--json").json["updated"] == 0


def test_who_watches_follows_the_ticket(shop: Shell):
    watches = {"watchCount": 2, "watchers": [{"name": "ann"}, {"name": "lan", "displayName": "Lan Nguyen"}]}
    shop.tix("import", "-", stdin=issue(watches=watches))
    shown = shop.tix("show", "1", "--json").json
    assert shown["watchers"] == ["ann", "lan"]
    assert shop.tix("user", "show", "lan", "--json").json["name"] == "Lan Nguyen"
    assert shop.tix("doctor").code == 0
    again = shop.tix("import", "-", "--update", "--json", stdin=issue(watches=watches)).json
    assert (again["updated"], again["people"]) == (0, 0)


def logged(*minutes: int) -> dict[str, object]:
    logs = [
        {
            "author": {"name": "ann"},
            "started": f"2026-01-05T1{hour}:00:00.000+0000",
            "timeSpent": f"{one}m",
            "timeSpentSeconds": one * 60,
            "comment": f"part {one}",
        }
        for hour, one in enumerate(minutes)
    ]
    return {"worklogs": logs}


def test_time_worked_becomes_time_entries_that_nobody_pays_again(shop: Shell):
    shop.tix("import", "-", stdin=issue(worklog=logged(15, 30)))
    entries = shop.tix("time", "list", "1", "--json").json
    assert [(one["by"], one["worked_seconds"], one["billable"]) for one in entries] == [
        ("ann", 1800, False), ("ann", 900, False),
    ]  # fmt: skip
    assert shop.tix("show", "1", "--json").json["time_seconds"] == 2700
    assert shop.tix("doctor").code == 0
    # A newer file has one more; the same file adds nothing.
    assert (
        shop.tix("import", "-", "--update", "--json", stdin=issue(worklog=logged(15, 30))).json["updated"]
        == 0
    )
    shop.tix("import", "-", "--update", stdin=issue(worklog=logged(15, 30, 45)))
    assert shop.tix("show", "1", "--json").json["time_seconds"] == 5400
    assert (
        shop.tix("import", "-", "--update", "--json", stdin=issue(worklog=logged(15, 30, 45))).json["updated"]
        == 0
    )
    assert shop.tix("doctor").code == 0


def test_time_that_is_only_said_in_words_stays_a_note(shop: Shell):
    shop.tix(
        "import",
        "-",
        stdin=issue(worklog={"worklogs": [{"author": {"name": "ann"}, "timeSpent": "2 weeks"}]}),
    )
    shown = shop.tix("show", "1", "--json").json
    assert [item["body"] for item in shown["thread"] if item["kind"] == "note"] == ["Worked: 2 weeks"]


def test_bytes_outside_of_the_folder_are_not_read(shop: Shell, tmp_path: Path):
    folder = tmp_path / "in"
    (folder / "attachments").mkdir(parents=True)
    (tmp_path / "secret.txt").write_bytes(b"secret")
    (folder / "attachments" / "link.txt").symlink_to(tmp_path / "secret.txt")
    told = [
        {"filename": "link.txt", "content": "../secret.txt"},
        {"filename": "x", "content": "/etc/hostname"},
    ]
    (folder / "issues.json").write_text(issue(attachment=told))
    assert shop.tix("import", str(folder / "issues.json"), "--json").json["files"] == 0
