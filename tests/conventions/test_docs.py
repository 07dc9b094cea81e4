"""The documents tell everything there is, and nothing that leads nowhere."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness import Shell
from tix import errors
from tix.cli import user_config
from tix.cli.commands import COMMANDS
from tix.domain.mail import automatic, outbox
from tix.domain.mail.intake import (
    MOST_TICKETS_AN_HOUR,
    Closed,
    Facts,
    FoundBy,
    Outcome,
    Verdict,
    decide,
)
from tix.domain.settings import SETTINGS
from tix.domain.workflows.shipped import SHIPPED
from tix.errors import TixError
from tix.render.records.tickets import LIST_FIELDS, SHOW_FIELDS
from tix.typing import get_args

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
# Pages written by hand; what is generated cannot forget anything.
BY_HAND = [page for page in PAGES if page.name != "reference.md"]

_FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")


def _text(*names: str) -> str:
    return "\n".join((DOCS / name).read_text(encoding="utf-8") for name in names)


def _named(text: str) -> set[str]:
    """Every word that stands in code, fenced or not."""
    pieces = _CODE.findall(_FENCE.sub("", text)) + _FENCE.findall(text)
    return {word for piece in pieces for word in re.findall(r"[\w.-]+", piece)}


def _anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    found = set()
    for line in _FENCE.sub("", page.read_text(encoding="utf-8")).splitlines():
        if re.match(r"#+ ", line):
            words = re.sub(r"[^\w\- ]", "", line.lstrip("#").strip().lower())
            found.add(words.replace(" ", "-"))
    return found


def _links(page: Path) -> list[str]:
    text = _CODE.sub("", _FENCE.sub("", page.read_text(encoding="utf-8")))
    return [link for link in _LINK.findall(text) if not link.startswith(("http://", "https://", "mailto:"))]


def _codes() -> dict[str, int]:
    """Every error code with its exit status."""
    classes = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, TixError)]
    return {one.code: one.exit_status for one in classes}


def test_there_are_pages():
    assert {
        "agent.md",
        "requester.md",
        "administrator.md",
        "scripts.md",
        "architecture.md",
        "reference.md",
    } <= {page.name for page in PAGES}


def test_the_reference_is_fresh():
    """`make docs` writes it anew; a stale one tells of yesterday's options."""
    done = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_picture_is_fresh():
    """`make docs` draws it anew; a stale one shows a program that is not there any more."""
    done = subprocess.run(
        [sys.executable, "docs/picture.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_reference_has_every_command():
    text = _text("reference.md")
    assert [name for name in COMMANDS if f"### `tix {name}`" not in text] == []


def test_the_pages_written_by_hand_use_every_command():
    """A command nobody is told about is not there."""
    text = "\n".join(page.read_text(encoding="utf-8") for page in BY_HAND)
    used = set(re.findall(r"\btix (?:--\S+ (?:\S+ )??)*([a-z_]+)", text))
    assert COMMANDS.keys() - used == set()


def test_the_pages_name_no_command_that_is_not_there():
    """A line one could type: `tix WORD …` in code."""
    known = COMMANDS.keys() | {"ls", "demo"}
    strange = {}
    for page in BY_HAND:
        text = page.read_text(encoding="utf-8")
        pieces = _CODE.findall(_FENCE.sub("", text)) + _FENCE.findall(text)
        words = {
            word
            for piece in pieces
            for word in re.findall(r"(?:^|\| |\$\(|\$ )tix ([a-z]\S+)", piece, re.MULTILINE)
        }
        words -= known | set(re.findall(r"tix alias set ([a-z]+) ", text))  # what the page itself names so
        if odd := {word for word in words if not re.fullmatch(r"[A-Za-z]+-\d+", word)}:
            strange[page.name] = odd
    assert strange == {}


@pytest.mark.parametrize("key", [*SETTINGS, *user_config.KEYS])
def test_every_setting_is_explained(key: str):
    assert f"| `{key}` |" in _text("administrator.md")


def test_the_defaults_of_the_settings_are_those_that_are_told():
    text = _text("administrator.md")
    told = {one.key: f"| `{one.key}` | `{one.default}` |" for one in SETTINGS.values()}
    assert [key for key, row in told.items() if row not in text] == []


@pytest.mark.parametrize("code", sorted(_codes()))
def test_every_error_code_is_listed_beside_its_exit_status(code: str):
    rows = re.findall(r"^\| (\d+)[^|]*\|[^|]*\|(.*)\|$", _text("scripts.md"), re.MULTILINE)
    assert [int(status) for status, codes in rows if f"`{code}`" in codes] == [_codes()[code]]


def test_every_key_of_a_ticket_is_explained():
    named = _named(_text("scripts.md"))
    assert [key for key in [*LIST_FIELDS, *SHOW_FIELDS, "snippet", "score"] if key not in named] == []


def test_every_key_of_a_thread_is_explained(desk: Shell):
    """The keys that a real thread has, its file and its event included."""
    (desk.folder / "a.txt").write_text("hello")
    desk.tix("new", "A", "-m", "x", "--attach", "a.txt")
    desk.tix("close", 1)
    item, event = desk.tix("show", 1, "--json").json["thread"]
    keys = {*item, *event["event"], *item["attachments"][0]}
    assert len(keys) > 15
    assert keys - _named(_text("scripts.md")) == set()


def test_every_key_of_any_record_is_in_the_reference(desk: Shell):
    """Whatever a command prints as JSON has its keys on that page."""
    desk.people("sam:agent")
    desk.tix("new", "A", "-m", "x")
    desk.tix("mail", "in", stdin="From: ann@example.org\nSubject: B\n\nx\n")
    for words in (
        "client add acme", "department add front", "team add night", "asset add pc", "topic add help",
        "topic field add help brand", "calendar add days --hours 9-17",
    ):  # fmt: skip
        desk.tix(*words.split())
    commands = (
        "token add", "token list", "client list", "client show acme", "department show front", "team show night", "asset show pc",
        "topic show help", "topic field list help", "sla show sev-a", "calendar show days", "why 1", "inbox",
        "notification list", "notification rules", "show 1",
        "user list", "user show sam", "type list", "type show issue", "priority list", "priority show low",
        "workflow list", "workflow show", "config list", "db info", "db check", "db backup b.db", "doctor",
        "mail status", "mail outbox", "mail quarantine list --all", "mail quarantine show 1", "mail text", "mail text show created",
        "whoami", "whoami --permissions", "tick", "log", "search a", "list", "attach list 1", "init --store i.db",
    )  # fmt: skip
    named = _named(_text("reference.md"))
    missing = {}
    for command in commands:
        found = json.loads(desk.tix(*command.split(), "--json").raw_out)
        records = found if isinstance(found, list) else [found]
        if absent := {key for record in records for key in record} - named:
            missing[command] = absent
    assert missing == {}


def test_the_lines_about_nouns_can_be_typed(desk: Shell):
    """What the administrator's page shows of clients, departments, topics, plans and assets, in its order."""
    page = _text("administrator.md")
    part = page[page.index("## People and clients") : page.index("## Workflows\n")]
    lines = [
        line
        for block in re.findall(r"^```sh\n(.*?)^```", part, re.DOTALL | re.MULTILINE)
        for line in block.splitlines()
    ]
    desk.people("sam:agent", "kim:agent", "lan:requester")
    desk.tix("user", "add", "lan@old.example")
    for line in lines:
        words = shlex.split(line, comments=True)
        assert words[0] == "tix"
        desk.tix(*words[1:])
    assert len(lines) > 20


def test_the_lines_about_mail_can_be_typed(desk: Shell):
    """What the page on mail shows of settings and texts, in its order; what needs a server or a mail is not ``sh``."""
    blocks = re.findall(r"^```sh\n(.*?)^```", _text("mail.md"), re.DOTALL | re.MULTILINE)
    lines = [line for block in blocks for line in block.splitlines()]
    desk.people("sam:agent")
    for line in lines:
        words = shlex.split(line, comments=True)
        assert words[0] == "tix"
        desk.tix(*words[1:])
    assert len(lines) > 12


def test_every_outcome_sign_and_state_of_mail_is_told():
    """The tables on the page about mail have what the domain has: no outcome, no header, no state is missing."""
    page = _text("mail.md").lower()
    signs = {*automatic._REPORTS, *automatic._AUTOREPLY_HEADERS, *automatic._LIST_HEADERS}
    assert len(signs) > 20
    assert [word for word in (*get_args(Outcome), *outbox.STATES, *signs) if f"`{word}`" not in page] == []


def test_every_reason_for_what_becomes_of_a_mail_is_told():
    """Whatever ``tix mail fetch`` says after "because" can be looked up on the page about mail."""
    cases = [
        Facts(automatic.PERSON, sender, person, verdict, client, found_by, takes_part, closed, allowed, allowed, tickets)
        for sender in (None, "a@b.example")
        for person in ("requester", "staff", "inactive", "unknown")
        for verdict in get_args(Verdict)
        for client in (False, True)
        for found_by in (None, *get_args(FoundBy))
        for takes_part in (False, True)
        for closed in get_args(Closed)
        for allowed in (False, True)
        for tickets in (0, MOST_TICKETS_AN_HOUR)
    ]  # fmt: skip
    reasons = {decide(case).reason for case in cases} | {decide(cases[0]._replace(duplicate=True)).reason}
    assert len(reasons) > 20
    page = _text("mail.md")
    assert [reason for reason in sorted(reasons) if reason not in page] == []


def test_the_lines_about_mail_in_files_can_be_typed(desk: Shell):
    page = _text("scripts.md")
    [block] = re.findall(
        r"^```sh\n(.*?)^```", page[page.index("## Mail in files") :], re.DOTALL | re.MULTILINE
    )
    mail = "From: ana@example.org\nSubject: Printer\nMessage-ID: <{}@x>\n\nIt hums.\n"
    (desk.folder / "old.mbox").write_text("From ana@example.org Thu Nov 12 10:00:00 2026\n" + mail.format(1))
    for name in ("cur", "new"):
        (desk.folder / "Maildir" / name).mkdir(parents=True)
    (desk.folder / "Maildir/new/1").write_text(mail.format(2))
    for line in block.splitlines():
        desk.tix(*shlex.split(line, comments=True)[1:])
    assert (desk.folder / "thread.mbox").read_bytes().count(b"It hums.") == 2


@pytest.mark.parametrize("name", SHIPPED)
def test_every_workflow_is_told(name: str):
    text = _text("administrator.md")
    row = next(line for line in text.splitlines() if line.startswith(f"| `{name}` |"))
    assert [status.name for status in SHIPPED[name].statuses if status.name not in row] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path):
    broken = []
    for link in _links(page):
        path, _, anchor = link.partition("#")
        target = page if not path else (page.parent / path).resolve()
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            broken.append(link)
    assert broken == []


def test_the_walk_names_files_and_functions_that_are_there():
    """``desk/tickets/reply.py: reply`` in the architecture is a function, or a constant, of that file."""
    source = ROOT / "src" / "tix"
    walk = _text("architecture.md", *(f"decisions/{page.name}" for page in DOCS.glob("decisions/0*.md")))
    named = re.findall(r"`((?:\w+/)+\w+\.py)(?:: (\w+)(?:\.(\w+))?)?`", walk)
    assert len(named) > 20
    missing = []
    for path, name, method in named:
        file = ROOT / path if path.startswith("tests/") else source / path
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        there = [rf"^\s*(?:def {word}\(|class {word}\b|{word}\b.*=)" for word in (name, method) if word]
        if not text or not all(re.search(pattern, text, re.MULTILINE) for pattern in there):
            missing.append(f"{path}: {name}")
    assert missing == []


def test_what_is_in_the_changelog_is_dated_or_unreleased():
    """Each version that was released has its heading."""
    heads = re.findall(r"^## \[([^\]]+)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert heads[0] == "Unreleased"
    assert len(heads) == len(set(heads))
