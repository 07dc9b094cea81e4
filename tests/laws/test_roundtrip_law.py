"""What was written is what is read: through every format, whatever was written."""

import base64
import csv
import hashlib
import io
import json
import os
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.laws.inprocess import Desk
from tests.laws.naughty import NAUGHTY, NAUGHTY_BODIES
from tix.cli.input import content
from tix.cli.input import text as texts
from tix.domain.texts import is_blank
from tix.errors import InvalidValue
from tix.render.records import formats

SOAK = bool(os.environ.get("TIX_SOAK"))
EXAMPLES = 300 if SOAK else 12

# Any text a person can type or paste: no NUL, no half characters.
CHARACTERS = st.characters(exclude_characters="\0", exclude_categories=["Cs"])
# A text of which nothing shows is refused as an empty one.
BODIES = st.text(CHARACTERS, min_size=1, max_size=60).filter(lambda text: not is_blank(text))
# A subject in which nothing shows is refused as an empty one.
SUBJECTS = BODIES.filter(lambda text: any(unicodedata.category(one)[0] not in "ZC" for one in text))
ALL = {**NAUGHTY, **NAUGHTY_BODIES}


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A desk with an admin and a requester."""
    made = Desk(tmp_path_factory.mktemp("round"))
    made.tix("new", "First", "-m", "first")
    made.people("rita:requester", "ann:agent")
    return made


def plain_text(written):
    """A value of ``plain`` as it was: the interface page's escapes, and Python's for what is not printable."""
    names = {"\\": "\\", "t": "\t", "n": "\n", "r": "\r"}

    def undone(match):
        word = match[1]
        return names[word] if word in names else chr(int(word[1:], 16))

    return re.sub(r"\\(\\|[tnr]|x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})", undone, written)


def one_line(text):
    """A subject: whitespace normalised."""
    return " ".join(text.split())


def surfaces_of(desk, number, as_="ann"):
    """A ticket's subject and bodies as each format gives them."""
    found = {}
    shown = desk.tix("show", number, "--json", as_=as_).json
    found["json"] = shown["subject"], [item["body"] for item in shown["thread"] if item["body"] is not None]
    (line,) = desk.tix("show", number, "-o", "jsonl", as_=as_).jsonl
    found["jsonl"] = line["subject"], [item["body"] for item in line["thread"] if item["body"] is not None]
    rows = desk.tix("show", number, "-o", "plain", as_=as_).rows
    values = {row[0]: plain_text(row[1]) for row in rows if len(row) == 2}
    bodies = [plain_text(row[4]) for row in rows if len(row) == 6 and row[0] != "event"]
    found["plain"] = values["subject"], bodies
    raw = desk.tix("show", number, "-o", "csv", "--raw", as_=as_).raw_out.decode()
    (row,) = csv.DictReader(io.StringIO(raw, newline=""))
    thread = json.loads(row["thread"])
    found["csv"] = row["subject"], [item["body"] for item in thread if item["body"] is not None]
    exported = [
        one
        for one in map(json.loads, desk.tix("export", "-o", "jsonl", as_=as_).raw_out.splitlines())
        if one["number"] == number
    ]
    thread = exported[0]["thread"]
    found["export"] = exported[0]["subject"], [item["body"] for item in thread if item["body"] is not None]
    logged = [
        json.loads(line) for line in desk.tix("log", number, "-o", "jsonl", as_=as_).raw_out.splitlines()
    ]
    found["log"] = shown["subject"], [item["body"] for item in logged if item["body"] is not None]
    return found


def check_texts(desk, subject, bodies):
    """One ticket with an opening, replies and a note; every format gives back every text."""
    title = one_line(subject)
    first, *rest = bodies
    ref = desk.tix("new", "--", subject, stdin=first, as_="rita").ref
    number = int(ref.split("-")[1])
    for place, body in enumerate(rest):
        verb = ("reply", "note")[place % 2]
        desk.tix(verb, number, "-F", "-", stdin=body, as_="ann")
    wanted = (title, [body.removeprefix("\ufeff") for body in bodies])
    found = surfaces_of(desk, number)
    for surface, seen in found.items():
        assert (surface, wanted) == (surface, seen)
    return len(found) * len(bodies)


@pytest.mark.parametrize("name", ALL)
def test_a_naughty_text_comes_back(desk, name):
    """Subject, message, reply and note through json, jsonl, plain, csv, export and log."""
    text = ALL[name]
    subject = text if len(one_line(text)) <= 1000 else "long"
    assert check_texts(desk, subject, [text, text, text]) == 18


def test_any_text_comes_back(desk):
    """The same for whatever characters there are."""
    compared = []

    @settings(max_examples=EXAMPLES, derandomize=not SOAK)
    @given(SUBJECTS.filter(lambda text: "\0" not in text), st.lists(BODIES, min_size=2, max_size=3))
    def story(subject, bodies):
        compared.append(check_texts(desk, subject, bodies))

    story()
    assert sum(compared) > 6 * EXAMPLES


@pytest.mark.parametrize("name", NAUGHTY)
def test_names_and_fields_come_back(desk, name):
    """A person's name, category and phone, through json, plain and csv."""
    text = NAUGHTY[name]
    login = f"p{list(NAUGHTY).index(name)}"
    desk.tix("user", "add", login, f"--name={text}")
    shown = desk.tix("user", "show", login, "--json").json
    assert one_line(text) == one_line(shown["name"])
    number = desk.tix("new", "Named", "-m", "x", "--for", login, f"--category={text}", f"--phone={text}").ref
    found = desk.tix("show", number, "--json").json
    assert one_line(text) == found["category"] == found["phone"]
    assert shown["name"] == found["requester_name"]
    rows = dict(row for row in desk.tix("show", number, "-o", "plain").rows if len(row) == 2)
    assert one_line(text) == plain_text(rows["category"]) == plain_text(rows["phone"])
    raw = desk.tix("show", number, "-o", "csv", "--raw").raw_out.decode()
    (row,) = csv.DictReader(io.StringIO(raw, newline=""))
    assert found["category"] == row["category"]


BYTES = {
    "empty": b"",
    "text": b"line\n",
    "no newline": b"x",
    "crlf": b"a\r\nb\r\n",
    "all bytes": bytes(range(256)) * 4,
    "nul": b"\0" * 1000,
    "utf-16": "häß".encode("utf-16"),
    "large": os.urandom(300_000),
}


@pytest.mark.parametrize("name", BYTES)
def test_the_bytes_of_a_file_come_back(desk, name, tmp_path):
    """From new, reply, note and attach add, through attach save and export, with their digest and size."""
    data = BYTES[name]
    path = tmp_path / f"file of {name}.bin"
    path.write_bytes(data)
    number = desk.tix("new", "File", "-m", "x", "--attach", path, as_="rita").ref
    desk.tix("reply", number, "-m", "x", "--attach", path, as_="ann")
    desk.tix("note", number, "-m", "x", "--attach", path, as_="ann")
    desk.tix("attach", "add", number, path, as_="rita")
    listed = desk.tix("attach", "list", number, "--json", as_="ann").json
    digest = hashlib.sha256(data).hexdigest()
    assert [(len(data), digest)] * 4 == [(one["size"], one["sha256"]) for one in listed]
    for one in listed:
        folder = tmp_path / str(one["id"])
        folder.mkdir()
        desk.tix("attach", "save", number, one["id"], "--dir", folder, as_="ann")
        assert [data] == [saved.read_bytes() for saved in folder.iterdir()]
        assert [path.name] == [saved.name for saved in folder.iterdir()]
    line = next(
        one
        for one in map(json.loads, desk.tix("export", as_="ann").raw_out.splitlines())
        if one["ref"] == number
    )
    files = [file for item in line["thread"] for file in item["attachments"]]
    assert [data] * 4 == [base64.b64decode(file["data"]) for file in files]


@pytest.mark.parametrize("name", NAUGHTY)
def test_a_cell_is_no_formula(desk, name):
    """Unless ``--raw``, a CSV cell that begins like a formula is quoted, and nothing else changes."""
    subject = NAUGHTY[name]
    ref = desk.tix("new", "-m", "x", "--", subject).ref
    read = {}
    for flags in ((), ("--raw",)):
        raw = desk.tix("show", ref, "-o", "csv", "-c", "subject", *flags).raw_out.decode()
        read[flags] = list(csv.reader(io.StringIO(raw, newline="")))[1][0]
    title = one_line(subject)
    assert title == read["--raw",]
    assert (f"'{title}" if title[0] in "=+-@\t\r" else title) == read[()]


# ------------------------------------------------------------------------------------------ planted faults

_checked = content.checked


@pytest.mark.parametrize(
    ("where", "name", "faulty", "text"),
    [
        (formats, "plain_field", lambda text: text.replace("\t", "\\t").replace("\n", "\\n"), "backslashes"),
        (texts, "checked", lambda body, *rest: _checked(body, *rest).strip(), "lines"),
        (texts, "checked", lambda body, *rest: _checked(body, *rest).replace("\r\n", "\n"), "windows lines"),
        (texts, "checked", lambda body, *rest: _checked(body, *rest).replace("\u200b", ""), "zero width"),
    ],
    ids=["backslash not doubled", "stripped", "lines changed", "characters dropped"],
)
def test_a_planted_loss_is_seen(desk, where, name, faulty, text, monkeypatch):
    """Control: a text that comes back changed is noticed."""
    check_texts(desk, "Control", [ALL[text], ALL[text]])
    if where is formats:
        from tix.cli.tickets import show

        monkeypatch.setattr(show, name, faulty)
    monkeypatch.setattr(where, name, faulty)
    with pytest.raises((AssertionError, InvalidValue)):
        check_texts(desk, "Control", [ALL[text], ALL[text]])
