"""The examples of docs/api.md, sent to a server as they stand there."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.api.site import Site

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
ADDRESS = "http://127.0.0.1:8642"
# One command may take several lines.
CURLS = re.findall(r"^curl (?:.*\\\n)*.*$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("command", CURLS, ids=lambda command: command.split(ADDRESS)[1].strip("'"))
def test_a_command_of_the_page_is_answered(site: Site, tmp_path: Path, command: str):
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    (tmp_path / "screen.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(60))
    command = command.replace(ADDRESS, f"http://127.0.0.1:{site.port}")
    is_stream = command.startswith("curl -N")
    # A stream does not end by itself: enough of it is read.
    command = command.replace("curl ", f"curl -sS -i {'--max-time 1 ' if is_stream else ''}", 1)
    done = subprocess.run(
        ["sh", "-c", command],
        check=False,
        cwd=tmp_path,
        env={"KEY": site.key("ada"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
    )
    assert done.returncode == (28 if is_stream else 0), done.stderr
    assert re.match(rb"HTTP/1.1 20[01] ", done.stdout), done.stdout


def test_the_line_for_itflow_is_answered_as_the_page_shows(site: Site):
    (path,) = re.findall(rf'Invoke-RestMethod -Uri "{ADDRESS}(\S+)"', PAGE)
    path = path.replace("YOUR-API-KEY", site.key("ada")).replace("ticket_id=3", "ticket_id=1")
    answer = site.ask("GET", path, by=None)
    shown = json.loads(re.search(r'^{"success".*?}$', PAGE, re.MULTILINE | re.DOTALL)[0])
    assert answer.status == 200
    assert (answer.body["success"], answer.body["count"]) == (shown["success"], shown["count"])
    assert set(shown["data"][0]) <= set(answer.body["data"][0])


def test_the_bulk_request_of_the_page_is_answered_for_each_ticket(site: Site):
    text = re.search(r'^{"verb": "close".*}$', PAGE, re.MULTILINE)[0]
    body = json.loads(text) | {"tickets": ["1"]}
    answer = site.ask("POST", "tickets/bulk", body)
    assert answer.status == 200
    assert [result["state"] for result in answer.body] == ["done"]


def test_the_failure_of_the_page_is_what_the_server_says(site: Site):
    shown = json.loads(re.search(r'^{"type".*?}$', PAGE, re.MULTILINE | re.DOTALL)[0])
    answer = site.ask("GET", "tickets/99")
    assert answer.body == shown
