"""Tickets in the formats of other programs, read back by readers that have nothing of ours."""

import csv
import io
import json
import re
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from tests.harness import Shell
from tests.laws.naughty import NAUGHTY, NAUGHTY_BODIES
from tix.cli.commands import export
from tix.cli.completion import table as completions
from tix.render.exports import registry

CANARY = "xylophone-canary"
FORMATS = ("github", "jira", "taskwarrior", "zendesk")


@pytest.fixture
def desk(peopled: Shell) -> Shell:
    """A desk with a thread of lan's with a note and files, an older ticket that blocks it, and one of ana's."""
    peopled.tix("config", "set", "web.url", "https://help.example")
    peopled.tix("user", "edit", "sam", "--email", "sam@x.example", "--name", "Sam Smith")
    peopled.tix("user", "edit", "lan", "--email", "lan@x.example", "--name", "Lan Nguyễn")
    peopled.tix("user", "edit", "ana", "--name", "Ana Silva")
    (peopled.folder / "shot.png").write_bytes(bytes(range(256)))
    (peopled.folder / "a b.txt").write_text("eins\n")
    peopled.tix("new", "Of ana", "-m", "words", as_="ana")
    peopled.now = "2026-11-20T10:00:00Z"
    words = ("new", "Grüße: 東京 \U0001f4a5", "-m", '=1+1; "x",\nFrom <b>here</b>', "--attach", "a b.txt")
    peopled.tix(*words, as_="lan")
    peopled.tix("edit", "2", "--tag", "vpn,net", "-p", "urgent", "--due", "2026-12-24T12:00:00Z", as_="sam")
    peopled.tix("assign", "2", "sam", as_="sam")
    peopled.tix("reply", "2", "-m", "See the file.", "--attach", "shot.png", as_="sam")
    peopled.tix("reply", "2", "-m", "And this.", "--attach", "shot.png", as_="sam")
    peopled.tix("note", "2", "-m", CANARY, as_="kim")
    peopled.tix("link", "1", "blocks", "2", as_="sam")
    peopled.now = "2026-11-21T10:00:00Z"
    peopled.tix("resolve", "1", "-m", "done", as_="sam")
    return peopled


def table(raw: bytes) -> tuple[list[str], list[list[str]]]:
    """A CSV file as its head and its rows, all of one length."""
    head, *rows = csv.reader(io.StringIO(raw.decode(), newline=""), strict=True)
    assert {len(row) for row in rows} <= {len(head)}
    return head, rows


def by_number(raw: bytes) -> dict[int, dict[str, Any]]:
    return {one["number"]: one for one in json.loads(raw)}


def test_github_has_the_keys_and_values_of_gh(desk: Shell):
    issues = by_number(desk.tix("export", "-o", "github").raw_out)
    issue = issues[2]
    assert (issue["title"], issue["state"], issue["closed"], issue["closedAt"], issue["stateReason"]) == (
        "Grüße: 東京 \U0001f4a5", "OPEN", False, None, "",
    )  # fmt: skip
    assert issue["body"] == '=1+1; "x",\nFrom <b>here</b>\n\nAttachment: a b.txt'
    assert (issue["author"]["login"], issue["assignees"][0]["login"]) == ("lan", "sam")
    assert [label["name"] for label in issue["labels"]] == ["net", "vpn", "priority: urgent"]
    assert [(one["author"]["login"], one["createdAt"]) for one in issue["comments"]] == [
        ("sam", "2026-11-20T10:00:00Z")
    ] * 2
    assert issue["comments"][1]["body"] == "And this.\n\nAttachment: shot.png"
    assert issue["url"] == "https://help.example/tickets/2"
    closed = issues[1]
    assert (closed["state"], closed["closedAt"], closed["stateReason"]) == (
        "CLOSED", "2026-11-21T10:00:00Z", "COMPLETED",
    )  # fmt: skip
    asked = "assignees,author,body,closed,closedAt,comments,createdAt,id,labels,milestone,number,state,stateReason,title,updatedAt,url"
    assert set(asked.split(",")) <= issue.keys()


def test_our_own_import_reads_github_back(desk: Shell):
    raw = desk.tix("export", "-o", "github").raw_out
    other = Shell(desk.folder / "other")
    other.now = desk.now
    other.tix("init")
    other.people("sam:agent")
    done = other.tix("import", "-", "--json", stdin=raw)
    assert (done.json["imported"], done.json["failed"], done.json["entries"]) == (2, 0, 5)
    found = {one["subject"]: one for one in other.tix("list", "--all", "--json").json}
    for old in desk.tix("list", "--all", "--json").json:
        new = found[old["subject"]]
        for name in ("requester", "created_at"):
            assert new[name] == old[name], name
        assert new["phase"] == ("open" if old["phase"] == "open" else "closed")
        assert set(old["tags"]) <= set(new["tags"])
        assert (new["closed_at"], new["assignee"]) == (old["resolved_at"], old["assignee"])
    other.close()


@pytest.mark.parametrize("name", ["jira", "zendesk"])
def test_our_own_import_knows_the_tables_of_others(desk: Shell, name: str):
    raw = desk.tix("export", "-o", name).raw_out
    other = Shell(desk.folder / "other")
    other.now = desk.now
    other.tix("init")
    other.people("sam:agent")
    done = other.tix("import", "-", "--json", stdin=raw)
    assert (done.json["imported"], done.json["failed"]) == (2, 0)
    found = {one["subject"]: one for one in other.tix("export").jsonl}
    for old in desk.tix("export").jsonl:
        new = found[old["subject"]]
        same = ("requester_name",) if name == "zendesk" else ("links",)
        for field in ("requester_email", "created_at", "due_at", "tags", "priority", "phase", *same):
            assert new[field] == old[field], field
    other.close()


def test_jira_repeats_the_columns_of_which_there_are_several(desk: Shell):
    head, rows = table(desk.tix("export", "-o", "jira").raw_out)
    assert head[0] == "Summary"
    assert (head.count("Labels"), head.count("Comment"), head.count("Attachment")) == (2, 2, 0)
    row = dict(zip(head, rows[1], strict=True))
    assert (row["Summary"], row["Status"], row["Priority"], row["Resolution"]) == (
        "Grüße: 東京 \U0001f4a5", "Answered", "Highest", "",
    )  # fmt: skip
    assert (row["Reporter"], row["Assignee"], row["Created"]) == (
        "lan@x.example", "sam@x.example", "2026-11-20T10:00:00Z",
    )  # fmt: skip
    assert row["Description"].startswith('=1+1; "x",\nFrom <b>here</b>')
    comments = [cell for name, cell in zip(head, rows[1], strict=True) if name == "Comment"]
    at, author, body = comments[0].split(";", 2)
    assert (at, author, body) == (
        "2026-11-20T10:00:00Z", "sam@x.example", "See the file.\n\nAttachment: shot.png",
    )  # fmt: skip
    blocker = dict(zip(head, rows[0], strict=True))
    assert (blocker["Outward issue link (Blocks)"], blocker["Resolution"], blocker["Resolved"]) == (
        "TIX-2", "Done", "2026-11-21T10:00:00Z",
    )  # fmt: skip
    assert [cell for name, cell in zip(head, rows[0], strict=True) if name == "Labels"] == ["", ""]


def test_jira_names_attachments_that_are_beside(desk: Shell):
    desk.tix("export", "-o", "jira", "--to", "out")
    head, rows = table((desk.folder / "out/tickets.csv").read_bytes())
    cells = [cell for name, cell in zip(head, rows[1], strict=True) if name == "Attachment"]
    assert cells == [
        "2026-11-20T10:00:00Z;lan@x.example;a b.txt;file://TIX-2/a%20b.txt",
        "2026-11-20T10:00:00Z;sam@x.example;shot.png;file://TIX-2/shot.png",
        "2026-11-20T10:00:00Z;sam@x.example;shot.png;file://TIX-2/shot%20%282%29.png",
    ]
    assert (desk.folder / "out/TIX-2/shot (2).png").read_bytes() == bytes(range(256))
    assert (desk.folder / "out/TIX-2/a b.txt").read_bytes() == b"eins\n"
    assert (desk.folder / "out").stat().st_mode & 0o777 == 0o700


def test_zendesk_says_of_each_comment_whether_it_is_public(desk: Shell):
    head, rows = table(desk.tix("export", "-o", "zendesk").raw_out)
    row = dict(zip(head, rows[1], strict=True))
    assert (row["Id"], row["Status"], row["Priority"], row["Requester email"], row["Tags"]) == (
        "2", "Pending", "Urgent", "lan@x.example", "net vpn",
    )  # fmt: skip
    comments = json.loads(row["Comments"])
    assert [(one["author"], one["public"], one["body"]) for one in comments] == [
        ("sam@x.example", True, "See the file."),
        ("sam@x.example", True, "And this."),
        ("kim@x.example", False, CANARY),
    ]
    assert [file["file_name"] for one in comments for file in one["attachments"]] == ["shot.png"] * 2
    assert dict(zip(head, rows[0], strict=True))["Status"] == "Solved"


_TIME = re.compile(r"\d{8}T\d{6}Z")
_TASK = {
    "uuid": str, "description": str, "status": str, "entry": str, "modified": str, "end": str, "due": str, "wait": str,
    "priority": str, "project": str, "tags": list, "depends": list, "annotations": list,
}  # fmt: skip


def check_task(task: dict[str, Any]) -> None:
    """The rules of Taskwarrior's JSON format, as its page has them."""
    assert {"uuid", "description", "status", "entry"} <= task.keys()
    assert task["status"] in ("pending", "waiting", "completed")
    assert ("end" in task) == (task["status"] == "completed")
    assert ("wait" in task) == (task["status"] == "waiting")
    assert "\n" not in task["description"]
    assert task.get("priority") in (None, "L", "M", "H")
    for name in ("entry", "modified", "end", "due", "wait"):
        assert name not in task or _TIME.fullmatch(task[name])
    for name, value in task.items():
        assert isinstance(value, _TASK.get(name, str)), name
    times = [one["entry"] for one in task.get("annotations", ())]
    assert len(set(times)) == len(times), "task keeps one annotation a second"


def test_taskwarrior_keeps_states_dates_links_and_texts(desk: Shell):
    desk.tix("new", "Later", "-m", "x", as_="ana")
    desk.tix("snooze", "3", "--until", "2026-12-01T09:00:00Z", as_="sam")
    tasks = {one["ticket"]: one for one in json.loads(desk.tix("export", "-o", "taskwarrior").raw_out)}
    for task in tasks.values():
        check_task(task)
    task = tasks["TIX-2"]
    assert (task["status"], task["priority"], task["due"], task["tags"]) == (
        "pending", "H", "20261224T120000Z", ["net", "vpn"],
    )  # fmt: skip
    assert task["depends"] == [tasks["TIX-1"]["uuid"]]
    assert [one["description"] for one in task["annotations"]] == [
        '=1+1; "x",\nFrom <b>here</b>\n\nAttachment: a b.txt',
        "Sam Smith: See the file.\n\nAttachment: shot.png",
        "Sam Smith: And this.\n\nAttachment: shot.png",
    ]
    assert (tasks["TIX-1"]["status"], tasks["TIX-1"]["end"]) == ("completed", "20261121T100000Z")
    assert (tasks["TIX-3"]["status"], tasks["TIX-3"]["wait"]) == ("waiting", "20261201T090000Z")


def front_matter(text: str) -> tuple[dict[str, Any], str]:
    """The fields of a Markdown file, each a line whose value is JSON, and what follows."""
    start, fields, body = text.split("---\n", 2)
    assert start == ""
    return {
        name: json.loads(value) for name, value in (line.split(": ", 1) for line in fields.split("\n")[:-1])
    }, body


def test_markdown_is_a_file_a_ticket_with_its_files_beside(desk: Shell):
    desk.tix("export", "-o", "markdown", "--to", "out")
    found = sorted(str(path.relative_to(desk.folder / "out")) for path in (desk.folder / "out").rglob("*.*"))
    assert found == ["TIX-1.md", "TIX-2.md", "TIX-2/a b.txt", "TIX-2/shot (2).png", "TIX-2/shot.png"]
    fields, body = front_matter((desk.folder / "out/TIX-2.md").read_text())
    shown = desk.tix("show", "2", "--json").json
    assert fields == {
        name: value for name, value in shown.items() if value not in (None, [], {}) and name != "thread"
    }
    tokens = MarkdownIt().parse(body)
    heads = [tokens[place + 1].content for place, one in enumerate(tokens) if one.type == "heading_open"]
    assert heads == [
        "Grüße: 東京 \U0001f4a5",
        "2026-11-20T10:00:00Z Lan Nguyễn wrote",
        "2026-11-20T10:00:00Z Sam Smith replied",
        "2026-11-20T10:00:00Z Sam Smith replied",
        "2026-11-20T10:00:00Z Kim noted internally",
    ]
    links = [one.attrs["href"] for token in tokens for one in token.children or () if one.type == "link_open"]
    assert links == ["TIX-2/a%20b.txt", "TIX-2/shot.png", "TIX-2/shot%20%282%29.png"]
    assert "<b>" not in MarkdownIt().render(body)


def _unquoted(lines: list[str]) -> str:
    text = "\n".join(line.removeprefix(">").removeprefix(" ") for line in lines)
    return re.sub(r"(\\*)\\<(?=[A-Za-z/!?])", lambda found: found[1][: len(found[1]) // 2] + "<", text)


ALL = [
    *NAUGHTY.values(),
    *NAUGHTY_BODIES.values(),
    "## 2026-11-20T10:00:00Z Sam Smith replied\n\n---\n> x\n\\<b>\\\\<i>",
]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A desk with a ticket for each naughty text, as subject, message and reply."""
    desk = Shell(tmp_path_factory.mktemp("hostile"))
    desk.now = "2026-11-20T09:00:00Z"
    desk.tix("init")
    desk.people("sam:agent", "lan:requester")
    for number, text in enumerate(ALL, start=1):
        subject = text if len(text) < 900 else "long"
        desk.tix("new", "--for", "lan", "--", subject, stdin=text, as_="sam")
        desk.tix("reply", number, "-F", "-", stdin=text, as_="sam")
    return desk


def test_hostile_words_come_through_every_format(hostile: Shell):
    whole = {one["number"]: one for one in hostile.tix("export").jsonl}
    texts = {
        number: [item["body"] for item in one["thread"] if item["body"]] for number, one in whole.items()
    }
    issues = by_number(hostile.tix("export", "-o", "github").raw_out)
    tasks = {one["ticket"]: one for one in json.loads(hostile.tix("export", "-o", "taskwarrior").raw_out)}
    jira_head, jira = table(hostile.tix("export", "-o", "jira").raw_out)
    zendesk_head, zendesk = table(hostile.tix("export", "-o", "zendesk").raw_out)
    hostile.tix("export", "-o", "markdown", "--to", "md")
    for number, (first, reply) in texts.items():
        subject = whole[number]["subject"]
        assert (issues[number]["title"], issues[number]["body"]) == (subject, first)
        assert issues[number]["comments"][0]["body"] == reply
        task = tasks[f"TIX-{number}"]
        check_task(task)
        assert task["description"] == subject
        assert [one["description"] for one in task["annotations"]] == [f"Sam: {first}", f"Sam: {reply}"]
        row = dict(zip(jira_head, jira[number - 1], strict=True))
        assert (row["Summary"], row["Description"]) == (subject, first)
        assert row["Comment"] == f"2026-11-20T09:00:00Z;sam@x.example;{reply}"
        row = dict(zip(zendesk_head, zendesk[number - 1], strict=True))
        assert (row["Subject"], row["Description"]) == (subject, first)
        assert json.loads(row["Comments"])[0]["body"] == reply
        text = (hostile.folder / f"md/TIX-{number}.md").read_bytes().decode()
        fields, body = front_matter(text)
        assert fields["subject"] == subject
        assert [one.tag for one in MarkdownIt().parse(body) if one.type == "heading_open" and not one.level] == [
            "h1", "h2", "h2",
        ]  # fmt: skip
        quotes = re.findall(r"(?:^>[^\n]*\n)+", body, re.MULTILINE)
        wanted = [re.sub(r"\r\n?", "\n", one) for one in (first, reply)]
        assert [_unquoted(quote[:-1].split("\n")) for quote in quotes] == wanted


@pytest.mark.skipif(shutil.which("task") is None, reason="Taskwarrior is not installed")
def test_taskwarrior_itself_imports_them(hostile: Shell):
    hostile.tix("export", "-o", "taskwarrior", "tasks.json")
    settings = hostile.folder / "taskrc"
    settings.write_text(f"data.location={hostile.folder}\nconfirmation=off\nnews.version=2.6.0\n")

    def task(*words: str) -> bytes:
        env = {
            "TASKRC": str(settings),
            "HOME": str(hostile.folder),
            "LC_ALL": "C.UTF-8",
            "PATH": "/usr/bin:/bin",
        }
        return subprocess.run(["task", *words], env=env, capture_output=True, check=True).stdout

    task("import", str(hostile.folder / "tasks.json"))
    written = {one["uuid"]: one for one in json.loads((hostile.folder / "tasks.json").read_bytes())}
    # `task` itself writes control characters as they are.
    read = {one["uuid"]: one for one in json.loads(task("export"), strict=False)}
    assert len(read) == len(ALL)
    for uuid, one in written.items():
        assert {name: read[uuid].get(name) for name in one} == one


def test_internal_notes_are_in_no_format_that_cannot_mark_them(desk: Shell):
    for name in FORMATS:
        done = desk.tix("export", "-o", name)
        assert (CANARY in done.out) == (name == "zendesk")
        assert ("Left out 1 internal entry" in done.err) == (name != "zendesk")


def test_a_requester_gets_what_they_may_see(desk: Shell):
    for name in FORMATS:
        out = desk.tix("export", "-o", name, as_="lan").out
        assert "Grüße" in out
        for hidden in (CANARY, "Of ana", "vpn", "sam@x.example", "ana"):
            assert hidden not in out, (name, hidden)
    desk.tix("export", "-o", "markdown", "--to", "out", as_="lan")
    assert [path.name for path in (desk.folder / "out").glob("*.md")] == ["TIX-2.md"]
    for hidden in (CANARY, "vpn", "sam@x.example"):
        assert hidden not in (desk.folder / "out/TIX-2.md").read_text()


def test_filters_choose_and_a_desk_without_tickets_gives_whole_files(desk: Shell):
    assert [one["number"] for one in json.loads(desk.tix("export", "-o", "github", "--closed").raw_out)] == [
        1
    ]
    assert json.loads(desk.tix("export", "-o", "github", "--tag", "nothing").raw_out) == []
    assert json.loads(desk.tix("export", "-o", "taskwarrior", "--tag", "nothing").raw_out) == []
    for name in ("jira", "zendesk"):
        assert table(desk.tix("export", "-o", name, "--tag", "nothing").raw_out)[1] == []
    desk.tix("export", "-o", "markdown", "--to", "none", "--tag", "nothing")
    assert list((desk.folder / "none").iterdir()) == []


def test_files_can_be_left_out_of_a_folder(desk: Shell):
    desk.tix("export", "-o", "markdown", "--to", "out", "--no-files")
    assert sorted(path.name for path in (desk.folder / "out").iterdir()) == ["TIX-1.md", "TIX-2.md"]
    assert "a b.txt (5 bytes)" in (desk.folder / "out/TIX-2.md").read_text()


def test_a_target_that_is_there_stays_and_nothing_is_left_behind(desk: Shell):
    (desk.folder / "full").mkdir()
    (desk.folder / "full/mine").write_text("x")
    (desk.folder / "empty").mkdir()
    (desk.folder / "file").write_text("x")
    before = sorted(path.name for path in desk.folder.iterdir())
    for words, code in (
        (("markdown", "--to", "full"), 5), (("markdown", "--to", "file"), 5), (("jira", "file"), 5),
        (("markdown",), 2), (("markdown", "out.md"), 2), (("jira", "x.csv", "--to", "y"), 2), (("jsonl", "--to", "y"), 2),
        (("markdown", "--to", "y", "--force"), 2), (("markdown", "--to", "no/y"), 2), (("jira", "-c", "ref"), 2),
        (("nonsense",), 2),
    ):  # fmt: skip
        desk.tix("export", "-o", *words, check=code)
    assert sorted(path.name for path in desk.folder.iterdir()) == before
    desk.tix("export", "-o", "markdown", "--to", "empty")
    assert (desk.folder / "empty/TIX-1.md").exists()


def test_what_a_merge_brought_is_internal_where_it_is_hidden_and_no_first_message(desk: Shell):
    """The text of lan's older ticket stays out of the issue that is ana's; in a table the text is the ticket's own."""
    desk.tix("new", "Second of ana", "-m", "her words", as_="ana")
    desk.tix("merge", "2", "--into", "3", "--yes", as_="sam")
    issue = by_number(desk.tix("export", "-o", "github").raw_out)[3]
    assert (issue["body"], issue["comments"]) == ("her words", [])
    assert by_number(desk.tix("export", "-o", "github").raw_out)[2]["stateReason"] == "DUPLICATE"
    head, rows = table(desk.tix("export", "-o", "zendesk").raw_out)
    comments = json.loads(dict(zip(head, rows[2], strict=True))["Comments"])
    assert [one["public"] for one in comments] == [False] * 4
    head, rows = table(desk.tix("export", "-o", "csv").raw_out)
    assert dict(zip(head, rows[2], strict=True))["body"] == "her words"


def test_the_shell_completes_every_format():
    assert set(registry.FORMATS) == {*FORMATS, "markdown"} == set(completions._EXPORTS) - set(export.FORMATS)


def test_times_are_utc_and_iso(desk: Shell):
    for issue in json.loads(desk.tix("export", "-o", "github").raw_out):
        assert datetime.fromisoformat(issue["createdAt"]).tzname() == "UTC"


def test_the_folder_holds_what_the_file_does(desk: Shell, tmp_path: Path):
    for name in FORMATS:
        desk.tix("export", "-o", name, "--to", name, "--no-files")
        [file] = (desk.folder / name).iterdir()
        assert file.read_bytes() == desk.tix("export", "-o", name).raw_out
