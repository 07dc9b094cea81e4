"""What a file is, and what becomes of one that is nothing."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tix.errors import InvalidValue
from tix.importers.detect import FORMATS, HEAD_BYTES, Fault, ImportedTicket, Notice, detect, stories
from tix.importers.tables.layout import Layout

GITHUB = b'[{"number": 1, "title": "a", "createdAt": "2026-01-05"}]'
BEADS = b'{"id":"bd-1","title":"a","created_at":"2026-01-05"}'


@pytest.mark.parametrize(
    ("shape", "head"),
    [
        ("github", GITHUB),
        ("github", b'\xef\xbb\xbf[\n  {"labels": [{"id": 1}], "title": "a", "number": 1}]'),
        ("github", b'[[{"number": 1, "title": "a"}]]'),
        ("github", b'{"number": 1, "id": 7, "title": "a"}'),
        ("github", b" [ ] "),
        ("ietf", b'{"magic": "E!", "repo": "a/b", "labels": [{"na'),
        ("ietf", b'{"issues": [], "pulls": []}'),
        ("beads", BEADS + b"\n" + BEADS),
        ("beads", b'{"id":"bd-1","description":"a \\" {","issue_type":"bug","x":"never en'),
        ("tix", b'{"ref":"TIX-1","uid":"0d3f","thread":[{"id":1,"title":"x","number":2}]}\n'),
        ("csv", b"ref;subject\n1;a"),
        ("csv", "Größe,Subject\n".encode()),
    ],
)
def test_the_content_says_what_a_file_is(shape: str, head: bytes) -> None:
    assert detect(head, "export") == shape


def test_the_name_decides_where_the_content_cannot() -> None:
    assert detect(b"Titel;Text\n", "export.CSV") == "csv"
    assert detect(b"", "desk.jsonl") == "tix"


@pytest.mark.parametrize(
    "head", [b"", b"Dear all,\n", b'{"a": 1}', b"[1, 2]", b"SQLite format 3\0", b'{"uid": 1}']
)
def test_what_nothing_fits_is_refused_with_a_way_out(head: bytes) -> None:
    with pytest.raises(InvalidValue) as caught:
        detect(head, "export")
    assert "--from" in (caught.value.hint or "")


def test_a_file_is_told_apart_from_every_length_of_its_head() -> None:
    """Wherever the head ends it is named rightly or not at all."""
    for shape, whole in (("github", GITHUB), ("beads", BEADS)):
        found = set()
        for length in range(len(whole) + 1):
            try:
                found.add(detect(whole[:length], "x"))
            except InvalidValue:
                found.add("nothing")
        assert found == {shape, "nothing"}


def read(path: Path, data: bytes, shape: str) -> list[ImportedTicket | Fault]:
    path.write_bytes(data)
    return list(stories(path, shape, now=0))


def test_the_stories_of_a_file(tmp_path: Path) -> None:
    assert [type(told) for told in read(tmp_path / "a", GITHUB, "github")] == [ImportedTicket]
    assert [type(told) for told in read(tmp_path / "a", BEADS + b"\nx\n", "beads")] == [ImportedTicket, Fault]


def test_a_mapping_is_for_tables_alone(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(GITHUB)
    with pytest.raises(InvalidValue, match="CSV"):
        list(stories(tmp_path / "a", "github", now=0, layout=Layout({"a": "subject"})))


def test_a_shape_of_no_stories_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match="'mbox'"):
        list(stories(tmp_path / "a", "mbox", now=0))


@pytest.mark.parametrize(
    ("shape", "data", "offset"),
    [
        ("github", b'[{"title": "\xff"}]', 12),
        ("github", b'\xef\xbb\xbf["\xe4"]', 5),
        ("beads", BEADS + b"\n\xff", len(BEADS) + 1),
    ],
)
def test_what_is_not_utf_8_is_refused_with_the_offset_of_the_byte(
    shape: str, data: bytes, offset: int, tmp_path: Path
) -> None:
    with pytest.raises(InvalidValue, match=rf"offset {offset}$"):
        read(tmp_path / "a", data, shape)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1252", "cp1251"])
def test_a_table_is_read_in_its_encoding(encoding: str, tmp_path: Path) -> None:
    word = "Печать снова не работает" if encoding == "cp1251" else "Straße für Jörgen geändert"
    data = f"subject,requester\n{word},a@x.example\n".encode(encoding)
    told = read(tmp_path / "a", data, detect(data, "a.csv"))
    assert told[0].subject == word  # type: ignore[union-attr]


@pytest.mark.parametrize("shape", ["github", "ietf"])
def test_a_document_that_is_not_json_is_refused_with_line_and_column(shape: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match="line 2, column 3"):
        read(tmp_path / "a", b"[\n  nope]", shape)
    with pytest.raises(InvalidValue, match="too deeply"):
        read(tmp_path / "a", b"[" * 10**6, shape)
    with pytest.raises(InvalidValue, match="too many digits"):
        read(tmp_path / "a", b"1" * 5000, shape)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["closed", "2026-01-05"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
KEYS = [
    "number", "id", "title", "body", "description", "state", "status", "url", "author", "user", "assignee",
    "assignees", "labels", "comments", "reviews", "milestone", "timeline", "pull_request", "createdAt",
    "created_at", "closedAt", "closed_at", "mergedAt", "priority", "issue_type", "type", "dependencies",
    "deleted_at", "deleted_by", "close_reason", "notes", "event", "actor", "text", "depends_on_id",
    "submittedAt", "login", "name", "stateReason", "repository", "issueType", "design", "metadata",
    "issues", "pulls", "repo", "key", "fields", "summary", "description", "changelog", "comment", "iid", "notes", "system",
    "subject", "journals", "details", "relations", "tracker", "uuid", "entry", "annotations", "depends", "recur", "due",
    "ticket_id", "ticket_subject", "ticket_reply", "data", "tickets", "requester_id", "requester", "audits", "events",
    "conversations", "custom_fields", "tags", "bugs", "history", "changes", "when", "creation_time", "blocks", "cards",
    "lists", "actions", "checklists", "idList", "identifier", "relatedIssue", "items", "_hyperlinks", "Subject", "value",
    "attachments", "links", "due_at", "metric_set", "start", "end",
]  # fmt: skip
ENVELOPES = (
    "issues",
    "comments",
    "data",
    "tickets",
    "results",
    "bugs",
    "cards",
)  # an object with a list of this name is as many records as the list has
RECORDS = st.dictionaries(
    st.sampled_from(KEYS),
    VALUES | st.lists(st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=4), max_size=2),
    max_size=12,
)


@given(RECORDS, st.sampled_from(sorted(FORMATS)))
def test_no_record_makes_a_reader_fail_in_another_way(tmp_path_factory, record, shape) -> None:
    """Whatever stands where: a story, a fault, or InvalidValue; and every text can be stored."""
    base = {"number": 1, "id": "b-1", "title": "a", "createdAt": "2026-01-05", "created_at": "2026-01-05"}
    items = [{**base, **record}]
    value = {"github": items, "ietf": {"issues": items, "pulls": items}}.get(shape, items[0])
    path = tmp_path_factory.getbasetemp() / "record"
    path.write_text(json.dumps(value))
    detect(path.read_bytes()[:HEAD_BYTES], "a.csv")
    try:
        told = list(stories(path, shape, now=0))
    except InvalidValue:
        return
    assert told or any(record.get(name) == [] for name in ENVELOPES)
    for story in told:
        repr(story).encode()
        assert isinstance(story, Fault | Notice) or (story.status in {"closed", "resolved"}) == bool(
            story.turns and story.turns[-1].closed
        )


def corpus(name: str) -> Path:
    folder = os.environ.get("TIX_CORPORA")
    if folder is None:
        pytest.skip("TIX_CORPORA names no folder of corpora")
    path = Path(folder) / name
    if not path.exists():
        pytest.skip(f"the corpora have no {name}")
    return path


@pytest.mark.parametrize("name", ["draft-ietf-tls-esni", "mls-protocol"])
def test_every_text_of_a_real_archive_is_in_its_story(name: str) -> None:
    path = corpus(f"ietf-issues/{name}.archive.json")
    archive = json.loads(path.read_text())
    told = {
        int(str(story.about).rpartition("#")[2]): story
        for story in stories(path, "ietf", now=0)
        if isinstance(story, ImportedTicket)
    }
    items = archive["issues"] + archive["pulls"]
    assert len(told) == len(items) > 600
    for item in items:
        story = told[item["number"]]
        said = [remark.body for remark in story.remarks if not remark.internal]
        reviews = item.get("reviews", [])
        comments = item["comments"] + [comment for review in reviews for comment in review["comments"]]
        verdicts = [r for r in reviews if r["body"] or r["state"] != "COMMENTED"]
        assert story.body == (item["body"] or "")
        assert len(said) == len(comments) + len(verdicts)
        assert {comment["body"] for comment in comments} <= set(said)
        assert all(any(body.endswith(r["body"]) for body in said) for r in verdicts)


def test_every_text_of_real_beads_is_in_its_story() -> None:
    path = corpus("beads-issues/issues.jsonl")
    rows = [json.loads(line) for line in path.read_bytes().splitlines()]
    told = list(stories(path, "beads", now=0))
    assert len(told) == len(rows) > 5000
    keys = (
        "description",
        "design",
        "notes",
        "acceptance_criteria",
        "close_reason",
        "delete_reason",
        "external_ref",
    )
    for row, story in zip(rows, told, strict=True):
        assert isinstance(story, ImportedTicket)
        everything = "\n".join([story.body, *(remark.body for remark in story.remarks)])
        assert story.subject.split() == row["title"].split()
        assert all(row.get(key, "") in everything for key in keys)
        assert all(comment["text"] in everything for comment in row.get("comments", []))
        assert all(other["depends_on_id"] in story.body for other in row.get("dependencies", []))


def test_what_list_prints_is_known_by_its_content() -> None:
    record = '{"ref": "TIX-1", "number": 1, "subject": "a", "status": "open"}'
    assert detect(f"[\n{record}\n]\n".encode(), "l.json") == "tix"
    assert detect(f"{record}\n".encode(), "l.txt") == "tix"


def test_an_answer_of_jira_is_no_archive_of_the_ietf(tmp_path: Path) -> None:
    data = b'{"issues":[{"key":"A-1","fields":{"summary":"x"}}]}'
    assert detect(data, "jira.json") == "jira-rest"
    with pytest.raises(InvalidValue, match="Jira") as caught:
        read(tmp_path / "a", data, "ietf")
    assert "--from jira-rest" in (caught.value.hint or "")
