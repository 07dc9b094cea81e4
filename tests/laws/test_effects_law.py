"""Every write says what it did, can be tried, and happens once for a key: held over all commands there are."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import engines
from tests.laws.inprocess import Desk
from tix.cli.app import Command
from tix.cli.declared import everything, own_parameters

# Writes without a record of what they did, with the reason.
WITHOUT = {
    "triage": "a screen, or decisions that are answered one by one",
    "serve": "runs until it is stopped",
    "login": "a key in a file of yours",
    "logout": "a key in a file of yours",
    "completion": "prints a script",
    "init": "refuses what is there",
    "db migrate": "opening the store has done it",
    "mail setup": "a conversation",
    "tick": "does what is due, once, however often it is asked to",
    "mail send": "sends what is due, once",
    "apply": "answers each line with a result",
    "alias set": "your own settings",
    "alias rm": "your own settings",
    "draft send": "does what its draft is for, under the key of the draft",
    "draft rm": "a file of yours",
}
# They take each record or mail once by themselves, whatever the key.
ONCE_ANYWAY = {"import", "mail in", "mail fetch", "db restore", "db copy"}
OPTIONS = {"--json", "--dry-run", "--idempotency-key"}


def writes() -> Iterator[tuple[str, Command]]:
    for path, node in everything():
        if isinstance(node, Command) and not node.reads and " ".join(path) not in WITHOUT:
            yield " ".join(path), node


def test_every_write_can_be_read_tried_and_repeated():
    missing = {}
    for name, command in writes():
        known = {word for one in own_parameters(command) for word in getattr(one.declared, "names", ())}
        names = {one.field for one in own_parameters(command)}
        wanted = OPTIONS - ({"--idempotency-key"} if name in ONCE_ANYWAY else set())
        if names & {"reference", "references"} and name not in ("new", "invoice create"):
            wanted = wanted | {"--if-version"}
        if not wanted <= known:
            missing[name] = wanted - known
    assert missing == {}


# Each is written once, in this order: first tried, then done under a key, then repeated. `A|B` is one word.
STORY = """
client add Acme --domain acme.example
client edit Acme --domain b.example --remove-domain acme.example --notes hey
client edit Acme --inactive
client edit Acme --active --notes none
team add Network
team edit Network --member sam
team edit Network --remove-member sam
team rm Network
department add Sales --member sam --email sales@acme.example
department edit Sales --sla sev-a --remove-member sam --map resolved=closed
department edit Sales --map resolved=closed --sla none
asset add PC|17 --client Acme --kind laptop
asset edit PC|17 --serial A1 --kind none
asset rm PC|17
type add order
type edit order --inactive
type rm order
priority add soon --rank 25 --alias p2
priority edit soon --alias p3 --remove-alias p2
priority rm soon
calendar add office --hours mon-fri|09:00-17:00
calendar edit office --zone Europe/Berlin --holiday 2026-12-24=Eve
calendar edit office --remove-holiday 2026-12-24
sla add gold --grace 4h --response 30m --calendar office
sla edit gold --grace 2d --override high=1h/10m
sla edit gold --override high=2h --response none
sla rm gold
calendar rm office
canned add hi -m Hello
canned edit hi -m Hello|there
canned rm hi
topic add Hardware --priority high
topic edit Hardware --department Sales --priority none
topic field add Hardware serial --label Serial
topic field edit Hardware serial --required --label Number
topic field rm Hardware serial
topic rm Hardware
user add ben --email ben@acme.example --client Acme
user edit ben --phone 123 --client none
user edit ben --inactive
user password ben --clear
user sign-out ben
user add eve
user merge eve --into ben --yes
user rm kim
view add mine --mine
view edit mine --sort due_at
view rm mine
schedule add backup --subject Check -m all --every weekly
schedule edit backup --every monthly --start 2026-12-01
schedule pause backup
schedule resume backup
schedule run backup
schedule rm backup
token add t1
token rm t1 --yes
notification mute changed
notification unmute changed
notification read --all
config set prefix ABC-
config set prefix XYZ-
config unset prefix
mail text edit answered -m {{|ticket.ref|}}
mail text edit answered -m Other|{{|ticket.ref|}}
mail text reset answered
workflow add FILE
workflow use mini
workflow use standard
workflow rm mini
new Printer -m x --client Acme
link 1 relates 2
unlink 1 relates 2
attach add 2 FILE
attach rm 2 workflow.toml
time add 2 25m
time start 2
time stop 2 --discard
time rm ENTRY
time add 2 25m
client edit Acme --rate 60.00 --currency EUR
invoice create --client Acme
invoice void 1
split 2 --entry LAST
reply 2 -m hello
note 2 -m psst
assign 2 sam
claim 3
edit 2 --priority high
snooze 2 --until +3d
start 2
hold 2
follow 2
close 2
reopen 2
resolve 3
merge 3 --into 2 --yes
unmerge 3
edit 2 --priority low
undo
redo
delete 3 --yes
client add Zeta
client rm Zeta
department add Field --email field@acme.example
department rm Field
"""
# Nothing to change, or done by another case.
SILENT = {"user password", "user sign-out", "notification read", "time stop"}
# They need a mailbox, a file, another person or an editor; their tests are elsewhere.
ELSEWHERE = ONCE_ANYWAY | {
    "rate",
    "config edit",
    "mail outbox retry",
    "mail outbox cancel",
    "mail quarantine release",
    "mail quarantine rm",
    "db grant",  # only on a database: tests/postgresql/test_reader_accounts.py
    "db revoke",
}
NOUNS_SHOWN = (
    "client team department asset type priority calendar sla canned topic user view schedule".split()
)


def words_of(line: str, desk: Desk) -> list[str]:
    words = [word.replace("|", " ") for word in line.split()]
    words = [str(desk.folder / "workflow.toml") if word == "FILE" else word for word in words]
    if "ENTRY" in words:
        words[words.index("ENTRY")] = str(desk.tix("time", "list", "--json").json[0]["id"])
    if "LAST" in words:
        thread = desk.tix("show", 2, "--json").json["thread"]
        words[words.index("LAST")] = str([one["id"] for one in thread if one["kind"] != "event"][-1])
    return words


def digest(path: Path) -> str:
    """Of every row of a store, whatever the order of its pages."""
    return hashlib.sha256("\n".join(engines.content(path)).encode()).hexdigest()


def records(result) -> list[dict]:
    found = json.loads(result.out)
    return found if isinstance(found, list) else [found]


def name_of(words: list[str]) -> str:
    known = {name for name, _ in writes()}
    return next(name for name in (" ".join(words[:3]), " ".join(words[:2]), words[0]) if name in known)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.tix("init")
    for who in ("sam", "kim"):
        desk.tix("user", "add", who, "--role", "agent")
    shipped = desk.tix("workflow", "show", "standard", "--toml").out
    (tmp_path / "workflow.toml").write_text(shipped.replace('"standard"', '"mini"', 1))
    return desk


def test_each_write_is_tried_done_once_and_taken_back(desk: Desk):
    seen = set()
    for place, line in enumerate(STORY.strip().splitlines()):
        words = words_of(line, desk)
        name = name_of(words)
        seen.add(name)
        before = digest(desk.store)
        tried = desk.tix(*words, "--json", "--dry-run", check=None)
        assert tried.code == 0, f"{line}\n{tried}"
        assert digest(desk.store) == before, f"a trial of {line} has written"
        effects = [one["effect"] for one in records(tried)]
        if name not in SILENT:
            assert effects, line
            assert all(one.startswith("would_") for one in effects), line
        assert all(one["undo"] is None for one in records(tried)), line

        shown = look(desk, words)
        done = desk.tix(*words, "--json", "--idempotency-key", f"k{place}", check=None)
        assert done.code == 0, f"{line}\n{done}"
        assert [one["effect"] for one in records(done)] == [
            {"would_create": "created", "would_update": "updated", "would_delete": "deleted"}.get(one, one)
            for one in effects
        ], line
        for one in records(done):
            assert (one["effect"] == "updated") >= bool(one["changes"]), line

        after = digest(desk.store)
        again = desk.tix(*words, "--json", "--idempotency-key", f"k{place}", check=None)
        assert again.code == 0, f"{line}\n{again}"
        assert {one["effect"] for one in records(again)} <= {"unchanged"}, line
        assert digest(desk.store) == after, f"a repetition of {line} has written"
        taken_back(desk, words, records(done), shown, line)
    assert {name for name, _ in writes()} - seen - ELSEWHERE == set()


def look(desk: Desk, words: list[str]) -> object:
    """What `show` says of a noun before it is changed."""
    if words[0] not in NOUNS_SHOWN or words[1] in ("field", "run"):
        return None
    shown = desk.tix(words[0], "show", words[2], "--json", check=None)
    return json.loads(shown.out) if shown.code == 0 else "none"


def taken_back(desk: Desk, words: list[str], done: list[dict], shown: object, line: str) -> None:
    """Run the undo of a write on a copy: what it was about is as it was."""
    for one in done:
        if one["undo"] is None or shown is None:
            continue
        copy = desk.copy("copy.db")
        desk.tix(*one["undo"][1:], store=copy, check=None)
        back = desk.tix(words[0], "show", words[2], "--json", store=copy, check=None)
        assert (json.loads(back.out) if back.code == 0 else "none") == shown, f"{line}\n{one['undo']}\n{back}"


def test_a_key_of_another_write_is_refused(desk: Desk):
    desk.tix("client", "add", "Acme", "--idempotency-key", "k")
    for words in (("client", "add", "Other"), ("client", "rm", "Acme"), ("new", "A", "-m", "x")):
        refused = desk.tix(*words, "--json", "--idempotency-key", "k", check=5)
        assert json.loads(refused.err)["error"]["code"] == "key-reused"
    desk.tix("new", "A", "-m", "x")
    desk.tix("reply", 1, "-m", "hello", "--idempotency-key", "r")
    refused = desk.tix("reply", 1, "-m", "other", "--json", "--idempotency-key", "r", check=5)
    assert json.loads(refused.err.splitlines()[-1])["error"]["code"] == "key-reused"


def test_a_trial_that_fails_leaves_nothing_and_a_failed_write_leaves_its_key_free(desk: Desk):
    before = digest(desk.store)
    desk.tix("client", "edit", "Acme", "--notes", "x", "--dry-run", check=3)
    desk.tix("client", "edit", "Acme", "--notes", "x", "--idempotency-key", "k", check=3)
    assert digest(desk.store) == before
    desk.tix("client", "add", "Acme")
    edited = desk.tix("client", "edit", "Acme", "--notes", "x", "--idempotency-key", "k", "--json").json
    assert edited["effect"] == "updated"
