"""Who may do what: every verb really run as every role, on every kind of ticket, against a file checked by hand.

``TIX_GOLDEN=write pytest tests/laws/test_permissions.py`` writes the file anew; then read what has changed in it
against the lifecycle page ("Who may do what").
"""

import json
import os
import shlex
from pathlib import Path

import pytest

from tests import engines
from tests.laws.office import (
    ASSET,
    CANARY,
    CLIENT,
    OTHER_ASSET,
    OTHER_CLIENT,
    PLACES,
    PLAN,
    ROLES,
    TEAM,
    Office,
)
from tests.laws.surface import arguments, leaves, word_of
from tix.domain import permissions
from tix.domain.permissions import Permission
from tix.store.compiled import sqlite as compiled

pytestmark = pytest.mark.long

GOLDEN = Path(__file__).parent.parent / "e2e" / "golden" / "permissions.txt"

# Verbs about one ticket, N: each with what makes it do something.
ON_A_TICKET = """
show N
show N --as-requester
log N
why N
time list N
time add N 25m
time start N
time stop N
reply N -m text --time 5m
invoice create N
attach list N
attach save N --dir saved --force
attach open N --yes
reply N -m text
attach add N plan.txt
note N -m text
assign N ann
claim N
edit N --subject changed
snooze N --until +3d
start N
hold N
resolve N
close N
close N --note text
reopen N
rate N 5
merge N --into 1 --yes
unmerge N
split N --entry 999999
link N relates 1
unlink N relates 1
follow N
follow N --who ann
attach rm N plan.txt
delete N --yes
"""
# Verbs that show tickets without being asked for one.
OF_THE_DESK = f"""
list --all
list --all printer
list --all --tag {CANARY}
list --all --team '{TEAM}'
list --all --field brand=North
list --all --field cause={CANARY}
search printer
search {CANARY}
log
inbox
notification list
time list
export
__complete -- show ''
"""
# The others, about the desk.
OF_NO_TICKET = f"""
new words -m text
new words -m text --for rita
new words -m text --for rex
new words -m text --for carl
new words -m text --for otto
new words -m text --for nobody@x.example
new words -m text --department Support
new words -m text --topic Printer --field brand=x
new words -m text --topic Printer --field cause=x
new words -m text --topic Printer --field wrong=x
new words -m text --asset {ASSET}
new words -m text --asset '{OTHER_ASSET}'
new words -m text --asset wrong
new words -m text --client {CLIENT}
new words -m text --client wrong
new words -m text --sla '{PLAN}'
new words -m text --sla wrong
new words -m text --assign ann
new words -m text --assign wrong
new words -m text --assign team:wrong
new words -m text --tag red
new words -m text --due +3d
new words -m text --category c
new words -m text --source phone
new words -m text --notify-email a@x.example
new words -m text --no-notify
time timers
time rm 99
invoice list
invoice show 1
invoice show 99
invoice create --client {CLIENT}
invoice create --client wrong
invoice export 1
invoice void 1
whoami
whoami --permissions
user list
user show @me
user show otto
user show wrong
user add fresh
user edit spare --name Fresh
user edit wrong --name Fresh
user rm spare
user merge spare --into rex --yes
user password @me --clear
user password spare --clear
user password wrong --clear
user sessions
user sessions @me
user sessions spare
user sessions wrong
user sign-out
user sign-out spare
user sign-out wrong
client list
client show {CLIENT}
client show '{OTHER_CLIENT}'
client add Fresh
client edit Spare --notes text
client edit wrong --notes text
client rm Spare
department list
department show Support
department show wrong
department add Fresh
department edit Spare --email d@x.example
department edit wrong --email d@x.example
department rm Spare
team list
team show '{TEAM}'
team add Fresh
team edit Spare --inactive
team rm Spare
topic list
topic show Printer
topic add Fresh
topic edit Spare --priority low
topic rm Spare
topic field list Printer
topic field add Spare colour
topic field edit Printer brand --label Make
topic field rm Printer brand
sla list
sla show '{PLAN}'
sla show wrong
sla add Fresh --grace 4h
sla edit Spare --grace 5h
sla rm Spare
calendar list
calendar show Spare
calendar add Fresh --hours 'mon-fri 09:00-17:00'
calendar edit Spare --zone UTC
calendar rm Spare
undo
undo --list
redo
triage
stats
report summary
canned list
canned show wrong
canned add Fresh -m text
canned edit wrong -m text
canned rm wrong
view list
view show wrong
view use wrong
view add Fresh --all
view add Fresh --all --shared
view edit wrong --sort number
view rm wrong
token list
token show wrong
token add fresh
token add fresh --user spare
token rm wrong --yes
db accounts
db grant spare
db revoke wrong
schedule list
schedule show Spare
schedule show wrong
schedule add Fresh --subject s -m text --every weekly
schedule edit Spare --every monthly
schedule pause Spare
schedule resume Spare
schedule run Spare
schedule next Spare
schedule rm Spare
asset list
asset show {ASSET}
asset show '{OTHER_ASSET}'
asset show wrong
asset add Fresh
asset edit spare --serial 1
asset edit '{OTHER_ASSET}' --serial 1
asset rm spare
type list
type show issue
type add fresh
type edit spare --inactive
type rm spare
priority list
priority show low
priority add fresh --rank 7
priority edit spare --alias least
priority rm spare
workflow list
workflow show standard
workflow use itflow --map in-progress=working --map answered=open --map on-hold=hold
workflow add mine.toml
workflow check mine.toml
workflow rm wrong
notification list
notification read --all
notification rules
notification mute changed
notification unmute changed
mail status
mail in
mail fetch --maildir box
mail fetch --maildir box --dry-run
mail send
mail outbox list
mail outbox show 99
mail outbox retry 99
mail outbox cancel 99
mail quarantine list
mail quarantine show 99
mail quarantine release 99
mail quarantine rm 99
mail text list
mail text show noted
mail text edit noted -m text
mail text reset noted
mail test
mail setup
config list
config get prefix
config get default_sla
config set prefix NEW-
config unset default_sla
config edit
config path
import tickets.csv
tick
doctor
doctor --fix --yes
db path
db info
db check
db backup copy.db
db migrate
db restore backup.db
db copy desk.db copy.db
serve --host ::zz
"""
# What needs no permission: it makes a desk of its own, or prints a script.
# No desk is asked: these make one, keep the key of a server on this machine, or explain tix.
FREE = {(word,) for word in "apply init demo completion login logout help date prime schema mcp".split()}
FREE |= {("alias", verb) for verb in ("list", "set", "rm")}
FREE |= {("draft", verb) for verb in ("list", "show", "send", "rm")}


def lines(text):
    """The commands of a table."""
    return [line for line in text.strip().split("\n") if line]


# ------------------------------------------------------------------------------------------- the matrix is made


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """The desk; and the same with every ticket resolved, for what is done to those."""
    made = Office(tmp_path_factory.mktemp("office"))
    desk = made.desk
    (desk.folder / "tickets.csv").write_text("subject,body\nFrom a file,It smokes.\n")
    table = desk.tix("workflow", "show", "standard", "--toml").out
    (desk.folder / "mine.toml").write_text(table.replace('name = "standard"', 'name = "mine"', 1))
    (desk.folder / "saved").mkdir()
    for name in ("new", "cur", "tmp"):
        (desk.folder / "box" / name).mkdir(parents=True)
    (desk.folder / "box" / "new" / "1.mail").write_bytes(b"From: eve@nowhere.example\n\nHello\n")
    desk.env["BROWSER"] = "true"
    desk.tix("db", "backup", "backup.db")
    made.resolved = desk.copy("resolved.db")
    desk.tix("resolve", "1-99", store=made.resolved)
    return made


def run(office, words, role, number=None):
    """One command on a copy of the desk, as a role."""
    line = [str(number) if word == "N" else word for word in shlex.split(words)]
    over = line[0] in ("reopen", "rate")
    copy = office.desk.folder / "tried.db"
    engines.copy(office.resolved if over else office.desk.store, copy)
    (office.desk.folder / "copy.db").unlink(missing_ok=True)
    login = ROLES[role]
    if "rita" in line and role == "requester":
        line = ["rex" if word == "rita" else word for word in line]  # oneself is no news
    result = office.desk.tix(*line, as_=login, check=None, store=copy)
    assert result.code != 1, f"a bug in tix\n{result}"
    return result


def one(office, words, role, place):
    """The cell of a verb about a ticket: how much of it was seen, or the exit code."""
    if words.split()[0] == "claim" and place == "held":
        return "-"  # somebody holds it
    result = run(office, words, role, office.numbers[role, place])
    if result.code:
        return str(result.code)
    if words.split()[0] in ("show", "log") or words.startswith(("attach list", "attach save", "attach open")):
        return "note" if _tells(result.out) else "public"
    return "yes"


def _tells(text):
    """Whether a text has something of the staff's: the note, its file, the tag."""
    return any(word in text for word in ("did it", f"{CANARY}.txt", f'["{CANARY}"]'))


def many(office, words, role):
    """The cells of a verb that shows tickets: what it says of each kind, or the exit code."""
    wanted = shlex.split(words)
    if wanted[0] != "__complete":
        wanted += ["-o", "jsonl"]
    result = run(office, shlex.join(wanted), role)
    if result.code:
        return [str(result.code)] * len(PLACES)
    cells = []
    for place in PLACES:
        ref = f"TIX-{office.numbers[role, place]}"
        told = [line for line in result.lines if f'"{ref}"' in line or line.startswith(f"{ref}\t")]
        if wanted[0] == "inbox":
            told = [json.dumps(part) for part in _parts(result.out) if part["ref"] == ref]
        cells.append("-" if not told else "note" if any(map(_tells, told)) else "public")
    return cells


def _parts(text):
    found = json.loads(text)
    return [*found["tickets"], *found["notifications"]]


def matrix(office):
    """The whole file."""
    head = " " * 19 + "".join(f"{place:10}" for place in PLACES).rstrip()
    text = [_HEAD, "# Verbs about one ticket", ""]
    for words in lines(ON_A_TICKET):
        text += [f"tix {words}", head]
        for role in ROLES:
            cells = [one(office, words, role, place) for place in PLACES]
            text.append(f"{role:19}" + "".join(f"{cell:10}" for cell in cells).rstrip())
        text.append("")
    text += ["# Verbs that show tickets", ""]
    for words in lines(OF_THE_DESK):
        text += [f"tix {words}", head]
        for role in ROLES:
            text.append(f"{role:19}" + "".join(f"{cell:10}" for cell in many(office, words, role)).rstrip())
        text.append("")
    short = {"primary contact": "primary", "technical contact": "technic.", "billing contact": "billing"}
    short |= {"agent of Support": "Support's", "agent of a team": "team's", "agent of none": "none's"}
    text += ["# Verbs about the desk", ""]
    text.append(" " * 65 + "".join(f"{short.get(role, role):10}" for role in ROLES).rstrip())
    for words in lines(OF_NO_TICKET):
        codes = [run(office, words, role).code for role in ROLES]
        cells = "".join(f"{'yes' if code == 0 else code!s:10}" for code in codes).rstrip()
        text.append(f"tix {words:60} {cells}")
    return "\n".join(text) + "\n"


_HEAD = """\
Made by tests/laws/test_permissions.py: what really happens when each role runs each verb.

Columns are tickets. "own": raised by the role itself. rex is the manager's report; carl is of the client of the
requester and of the three contacts; otto of another. All of these, and what is "held" (by the role itself, if
it is staff) and "team's" (of the one team there is), is in the department Billing; "Support's" is in Support,
"nowhere" in no department.

yes: done. public, note: seen, without or with what only staff read. -: not among them.
2: wrong usage, 3: not there, 4: not allowed, 5: refused by a rule or the state.
"""


@pytest.fixture(scope="module")
def made(office):
    """The matrix as it is now."""
    return matrix(office)


# ------------------------------------------------------------------------------------------------ the laws


def test_the_matrix_is_the_one_somebody_has_read(made):
    """Line by line as in the file that was checked against the lifecycle page."""
    if os.environ.get("TIX_GOLDEN") == "write":
        GOLDEN.write_text(made)
    assert GOLDEN.read_text() == made


def test_every_verb_is_in_the_matrix():
    """Whatever the program says it has, nested commands too; a new one is missing until it has its line here."""
    found = {tuple(shlex.split(words)) for words in lines(ON_A_TICKET + OF_THE_DESK + OF_NO_TICKET)}
    absent = [
        path
        for path, _ in leaves()
        if path not in FREE and not any(line[: len(path)] == path for line in found)
    ]
    assert absent == []


def test_a_verb_about_a_ticket_stands_with_the_tickets():
    """What takes an ID is run on each kind of ticket."""
    about = {tuple(shlex.split(words)) for words in lines(ON_A_TICKET)}
    for path, command in leaves():
        if path[0] in ("notification", "mail"):
            continue  # their IDs are their own
        if any(word_of(one) == "ID" for one in arguments(command)):
            assert any(line[: len(path)] == path for line in about), path


def test_every_verb_has_its_row_in_the_table(office, monkeypatch):
    """With an empty table nobody may do anything: what still works asks for no permission, and is listed here."""
    monkeypatch.setattr(permissions, "PERMISSIONS", {"as": Permission("no", "no", "no", "yes")})
    still = set()
    tables = ((ON_A_TICKET, office.numbers["admin", "own"]), (OF_THE_DESK, None), (OF_NO_TICKET, None))
    for text, number in tables:
        for words in lines(text):
            result = run(office, words, "admin", number)
            if result.code != 4 and "wrong" not in words and (result.out or not words.startswith("__")):
                still.add(words)
    assert {words for words in still if not words.startswith(UNASKED)} == set()


# Usage and what is not there come first; the rest shows nothing of the desk.
UNASKED = (
    "whoami",
    "config path",
    "db path",
    "db migrate",
    "workflow check",
    "notification rules",
    "workflow rm",
    "mail in",  # wants a mail before anything else
    "mail setup",  # asks for a terminal before anything else
    "triage",  # asks for a terminal before anything else; tests/cli/test_triage.py has one
)


def test_a_wider_table_and_a_wider_scope_are_seen(office, made, monkeypatch):
    """Control: a permission too many, and a clause too wide, each change the matrix."""
    monkeypatch.setitem(permissions.PERMISSIONS, "note", Permission("yes", "yes", "yes", "yes"))
    assert one(office, "note N -m text", "requester", "own") == "yes"
    assert "yes" not in _row(made, "note N -m text", "requester")
    monkeypatch.setitem(compiled.SCOPES, "desk", "1 = 1")
    assert one(office, "show N", "agent of none", "other's") == "note"
    assert _row(made, "show N", "agent of none") == ["note", "3", "3", "3", "3", "3", "note", "3"]


def _row(text, words, role):
    """The cells of one line."""
    block = text.split(f"tix {words}\n")[1].split("\n\n")[0]
    return next(line[19:].split() for line in block.split("\n") if line.startswith(role))
