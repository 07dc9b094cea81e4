"""Whatever people write, a terminal gets text, newlines and our own colours, in lines that fit; a pipe, data."""

import json
import re
import shlex
import unicodedata
from contextlib import suppress

import pytest
from wcwidth import wcswidth, wcwidth

from tests.factories import file, ref
from tests.harness import Shell
from tests.laws.inprocess import Desk
from tests.laws.naughty import NAUGHTY, NAUGHTY_BODIES
from tix.cli.session import os_login
from tix.desk import people as directory
from tix.desk.context import Desk as Context
from tix.desk.tickets import edit, new, reply
from tix.desk.tickets.request import TicketRequest
from tix.desk.tickets.routing import Route
from tix.domain import values
from tix.domain.files.attachments import clean_name
from tix.domain.people import Actor, Contact
from tix.domain.tickets.edit import Edit
from tix.errors import InvalidValue
from tix.render import safe
from tix.render.records import formats
from tix.store import people
from tix.store.open import open_store

pytestmark = pytest.mark.long

# Our own colours and nothing else that begins with an escape.
SGR = re.compile(r"\x1b\[[0-9;]*m")
# Format characters that are seen, as the gate says: Arabic and Kaithi number signs.
SEEN = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
JOINERS = "\u200c\u200d"
# What we put around words that are written from right to left; of people none passes the gate.
ISOLATES = "\u2068\u2069"


def bad_characters(text):
    """What is no text: by category, not by the gate's own tables."""
    found = []
    for place, char in enumerate(text):
        kind = unicodedata.category(char)
        if char == "\n" or char in SEEN or char in ISOLATES:
            continue
        if char in JOINERS:
            # Only between what it joins: never at an edge, beside a blank or a plain Latin letter.
            before, after = text[place - 1 : place], text[place + 1 : place + 2]
            if (before and ord(before) > 0x2000) or 0x0600 <= ord(before or " ") <= 0x1CFF:
                continue
            found.append((char, before, after))
        elif kind in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
            found.append((f"U+{ord(char):04X}", text[max(0, place - 10) : place + 10]))
        elif 0xE0000 <= ord(char) <= 0xE007F:
            found.append((f"U+{ord(char):04X}", "tag"))
    return found


def cells(line):
    """How wide a terminal draws it that does not join emoji: by wcwidth, not by ours. Two letters make a flag."""
    return sum(1 if "\U0001f1e6" <= char <= "\U0001f1ff" else max(0, wcwidth(char)) for char in line)


def check_terminal(raw, width=None, *, tabs=False):
    """Bytes on their way to a terminal: UTF-8, and after our colours are gone nothing but text that fits."""
    text = raw.decode()
    text = SGR.sub("", text).replace("\r\n", "\n")
    if tabs:
        text = text.replace("\t", " ")
    assert bad_characters(text) == []
    if width is not None:
        assert [line for line in text.split("\n") if cells(line) > width] == []
    return text.count("\n")


@pytest.fixture(scope="module")
def zoo(tmp_path_factory):
    """A desk where each naughty text is a subject, a body, a name, a file, a category, a phone and a tag."""
    desk = Desk(tmp_path_factory.mktemp("zoo"))
    desk.tix("new", "First", "-m", "first")
    desk.people("ann:agent", "rita:requester")
    store = open_store(desk.store)
    store.connection.execute("PRAGMA synchronous=OFF")
    for place, text in enumerate({**NAUGHTY, **NAUGHTY_BODIES}.values()):
        _settle_in(store, place, text)
    store.close()
    return desk


def _settle_in(store, place, text):
    """A person and a ticket, all of whose texts are ``text``; through the use cases, which is ten times as fast."""

    def acting(login):
        return Context(store, Actor(people.by_login(store, login)), NOW)

    root = acting(os_login())
    login = f"p{place}"
    short = text if len(text) <= values.LONGEST_LINE else "long"
    directory.add(root, login, {"name": short})
    named = file(clean_name(text), b"x\n")
    line = values.parse_line(short)
    fields = {"category": line, "phone": line, "about": f"x:{line}"}
    subject = values.parse_subject(short)
    asked = TicketRequest(
        subject=subject,
        body=text,
        values=fields,
        requester=Contact(login, None, None),
        uploads=(named,),
    )
    number = ref(new.open_ticket(root, asked, Route()).ticket.number)
    with suppress(InvalidValue):
        edit.edit(root, number, Edit(tags=(values.parse_tag(text),)))
    reply.note(root, number, text, (named,))
    edit.edit(acting("ann"), number, Edit(fields={"subject": f"{subject} again"}))
    reply.reply(acting("ann"), number, text)


# 2026-11-22T09:00:00Z
NOW = 1_795_338_000

COMMANDS = (
    "list --all --limit 0", "list --all --limit 0 -c ref,subject,requester_name,tags,about,type",
    "show 1-200", "show 1-200 --full", "show 1-200 --no-events", "search again --limit 0", "search b --limit 0",
    "log --limit 0", "user list", "whoami", "list --title pwned",
)  # fmt: skip
WIDTHS = (20, 80, 200)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_real_terminal_gets_text_alone(zoo, command, width):
    """Through a pseudo-terminal, in colour: nothing but text, newline and our colours, no line too wide."""
    shell = Shell(zoo.folder)
    shell.store = zoo.store
    shell.env["TIX_STORE"] = str(zoo.store)
    shell.env["PAGER"] = shell.env["TIX_PAGER"] = "cat"
    with shell.terminal(*shlex.split(command), rows=50, cols=width) as terminal:
        terminal._stream.feed = lambda chunk: None  # the bytes are judged, no screen is drawn
        terminal.wait()
        # `whoami` says its sentence on stderr, which wraps by itself.
        lines = check_terminal(terminal.raw, None if command == "whoami" else width)
    assert lines >= 1


@pytest.mark.parametrize("command", COMMANDS)
def test_a_table_on_a_pipe_is_text_too(zoo, command):
    """``-o table`` with colours forced, as somebody pages it."""
    result = zoo.tix(*shlex.split(command), "-o", "table", "--color", "always")
    assert check_terminal(result.raw_out) > 0
    check_terminal(result.raw_err)


@pytest.mark.parametrize("fmt", ["plain", "json", "jsonl", "csv", "ids"])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_pipe_gets_data(zoo, command, fmt):
    """JSON is ASCII and valid; plain has a line a record and nothing a terminal would obey."""
    result = zoo.tix(*shlex.split(command), "-o", fmt)
    check_data(result, fmt, command)


def check_data(result, fmt, command):
    """What a script may rely on, by format."""
    assert b"\x1b" not in result.raw_out or fmt == "csv"
    if fmt in ("json", "jsonl"):
        assert result.raw_out.isascii()
        assert (result.json if fmt == "json" else result.jsonl) is not None
        assert b"NaN" not in re.sub(rb'"(?:[^"\\]|\\.)*"', b"", result.raw_out)
    elif fmt in ("plain", "ids"):
        check_terminal(result.raw_out, tabs=True)
        if fmt == "plain" and command.startswith("list --all --limit 0") and "-c" not in command:
            assert {len(row) for row in result.rows} == {7}


@pytest.mark.parametrize("place", [0, 5, 20])
def test_files_are_listed_as_text(zoo, place):
    """Names of files, hostile ones too."""
    for number in range(2 + place, 2 + place + 15):
        for fmt in ("table", "plain", "json"):
            result = zoo.tix("attach", "list", number, "-o", fmt)
            check_terminal(result.raw_out, tabs=True)
            assert fmt != "json" or len(result.json) == 2


ERRORS = (
    ("show", "{}"), ("list", "--status", "{}"), ("list", "--sort", "{}"), ("list", "--requester", "{}"),
    ("list", "-c", "{}"), ("list", "--type", "{}"), ("list", "--about", "{}"), ("list", "--since", "{}"),
    ("user", "show", "{}"), ("user", "add", "{}"), ("type", "show", "{}"), ("config", "set", "{}", "x"),
    ("config", "set", "prefix", "{}"), ("config", "set", "auto_close_after", "{}"), ("workflow", "use", "{}"),
    ("new", "x", "-m", "x", "--for", "{}"), ("new", "x", "-m", "x", "--attach", "{}"), ("edit", "2", "--due", "{}"),
    ("edit", "2", "--email", "{}"), ("assign", "2", "{}"), ("rate", "2", "{}"), ("attach", "save", "2", "{}"),
    ("--as", "{}", "list"), ("--store", "{}/x", "list"), ("list", "--limit", "{}"), ("{}",), ("user", "{}"),
    ("reply", "2", "-F", "{}"), ("-o", "{}", "list"), ("list", "{}", "-o", "{}"), ("search", "x", "--in", "{}"),
    ("export", "{}/x/y"), ("db", "restore", "{}", "--yes"), ("import", "{}"), ("show", "2", "--{}"),
)  # fmt: skip


@pytest.mark.parametrize("name", NAUGHTY)
def test_errors_are_one_line_of_text(zoo, name):
    """Whatever was typed where, the refusal repeats it as text on one line, and with --json as valid ASCII."""
    text = NAUGHTY[name]
    desk = Desk(zoo.folder)
    desk.store = zoo.copy("errors.db")
    refused = 0
    for words in ERRORS:
        said = [word.replace("{}", text) for word in words]
        result = desk.tix(*said, check=None)
        assert result.code in (0, 2, 3, 4, 5, 7, 8, 9), result
        check_terminal(result.raw_err)
        check_terminal(result.raw_out, tabs=True)
        refused += result.code != 0
        for line in desk.tix("--json", *said, check=None).raw_err.splitlines():
            assert line.isascii()
            if line.startswith(b"{"):
                assert set(json.loads(line)["error"]) >= {"code", "message", "hint", "exit"}
    assert refused > 15


@pytest.mark.parametrize("name", NAUGHTY)
def test_confirmations_are_text(zoo, name):
    """What a write says on a terminal, and what completion offers."""
    text = NAUGHTY[name]
    desk = Desk(zoo.folder)
    desk.store = zoo.copy("writes.db")
    for words in (
        ("new", "-m", text, "-o", "table", "--", text), ("edit", 2, f"--subject={text}", "-o", "table"),
        ("edit", 3, f"--category={text}", "-o", "table"), ("user", "edit", "rita", f"--name={text}", "-o", "table"),
        ("assign", 2, "ann", "--note", text, "-o", "table"), ("resolve", 2, "-m", text, "-o", "table"),
        ("__complete", "--", "show", ""), ("__complete", "--", "show", "1"), ("__complete", "--", "list", "--requester", ""),
        ("__complete", "--", "show", text), ("__complete", "--", text), ("__complete", "--", "list", "--tag", ""),
    ):  # fmt: skip
        result = desk.tix(*words, check=None)
        assert result.code in (0, 2), result
        check_terminal(result.raw_out, tabs=True)
        check_terminal(result.raw_err)


def test_a_line_of_five_megabytes(zoo):
    """One line of 5 MB: stored, listed, shown, found, and cut where people look."""
    desk = Desk(zoo.folder)
    desk.store = zoo.copy("large.db")
    line = "needle " + "x\x1b[31m" * 20_000 + "y" * 4_900_000
    ref = desk.tix("new", "Large", "-F", "-", stdin=line).ref
    assert desk.tix("show", ref, "--json").json["thread"][0]["body"] == line
    for words in (("list", "--all"), ("search", "needle"), ("log", ref), ("show", ref)):
        for fmt in ("plain", "table"):
            result = desk.tix(*words, "-o", fmt)
            assert b"\x1b" not in result.raw_out
            if words[0] in ("list", "search") and fmt == "table":
                assert len(result.raw_out) < 100_000


def test_half_a_character_is_refused(zoo):
    """Arguments that are not UTF-8 (lone surrogates) are exit 2, with nothing written."""
    for words in (("new", "a\udc80b", "-m", "x"), ("search", "\ud800"), ("show", "\udcff")):
        result = zoo.tix(*words, check=2)
        check_terminal(result.raw_err)


# ------------------------------------------------------------------------------------------ planted faults


def _small_zoo(tmp_path):
    desk = Desk(tmp_path)
    for name in ("clear (CSI 2J)", "bidi override", "zero width", "csv formula"):
        desk.tix("new", "-F", "-", "--", NAUGHTY[name], stdin=NAUGHTY[name])
    desk.tix("new", "-F", "-", "--", "wide " * 100, stdin="x")
    return desk


def check_zoo(desk):
    """The checks above on a small desk."""
    for command in ("list --all", "show 1-5", "search b", "log"):
        check_terminal(desk.tix(*command.split(), "-o", "table", "--color", "always").raw_out, 200)
        for fmt in ("plain", "json"):
            check_data(desk.tix(*command.split(), "-o", fmt), fmt, command)


FAULTS = {
    "no gate": (safe, "_neutralised", lambda run: run[0]),
    "bidi passes": (
        safe,
        "_neutralised",
        lambda run, real=safe._neutralised: run[0] if "\u202e" in run[0] else real(run),
    ),
    "zero width passes": (
        safe,
        "_passes",
        lambda char, *rest, real=safe._passes: char == "\u200b" or real(char, *rest),
    ),
    "JSON not ASCII": (formats, "encoder", lambda *_: json.JSONEncoder(ensure_ascii=False).encode),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_hole_is_seen(fault, tmp_path, monkeypatch):
    """Control: without the gate, or with a hole in it, bytes get through that are no text."""
    desk = _small_zoo(tmp_path)
    check_zoo(desk)
    where, name, faulty = FAULTS[fault]
    monkeypatch.setattr(where, name, faulty)
    with pytest.raises(AssertionError):
        check_zoo(desk)


@pytest.mark.xfail(reason="reported: a character before U+FE0F is drawn two cells wide by newer terminals")
@pytest.mark.parametrize("emoji", ["❤️", "☎️", "1️⃣", "©️"])
def test_an_emoji_in_emoji_style_is_two_wide(emoji):
    """Counting more than a terminal draws is harmless, counting less breaks the line (wcswidth as judge)."""
    assert safe.width(emoji) >= wcswidth(emoji)


def test_a_line_too_wide_is_seen():
    """Control: the measure of this test is not ours; wide characters count two, marks none."""
    assert [cells("漢字"), cells("e\u0301"), cells("abc")] == [4, 1, 3]
    check_terminal("漢字漢字\n".encode(), 8)
    with pytest.raises(AssertionError):
        check_terminal("漢字漢字a\n".encode(), 8)
