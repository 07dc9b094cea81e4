"""The canary: what only staff read is on no surface that anybody else has.

The surfaces are what the program says of itself: every command, in every format, with every option, every sort
key, every column list, every place that can be completed.
"""

import base64
import os
import re
import sys
from collections.abc import Iterator

import pytest

from tests import engines
from tests.laws.inprocess import Desk
from tests.laws.office import (
    ASSET,
    CALENDAR,
    CANARY,
    OTHER_ASSET,
    OTHER_CLIENT,
    OUTSIDE,
    PLAN,
    ROLES,
    SECRET_BYTES,
    TEAM,
    Office,
)
from tests.laws.surface import arguments, leaves, longest, options, prints, word_of
from tix.domain import permissions
from tix.domain.tickets.ticket import Ticket
from tix.render.records import resources as printed
from tix.render.records import show, tickets
from tix.store.compiled import sqlite as compiled
from tix.store.search import index

pytestmark = pytest.mark.long

SECRET_BASE64 = base64.b64encode(SECRET_BYTES).decode()
SOAK = bool(os.environ.get("TIX_SOAK"))
FORMATS = ("table", "plain", "json", "jsonl", "csv", "ids")
# As long as the canary, and in nothing.
ABSENT = "kanarienvogex"
assert len(ABSENT) == len(CANARY)

# ------------------------------------------------------------------------------------------------ surfaces

# What stands for an argument, by what the help calls it; a noun's NAME is one that hides something.
_WORDS = {
    "ID": "N",
    "TEXT": "printer",
    "FILE": "plan.txt",
    "LOGIN": "otto",
    "STARS": "5",
    "SHELL": "bash",
    "ACCOUNT": "otto",
}
_WORDS |= {"RELATION": "relates", "DURATION": "5m", "ENTRY": "1", "NUMBER": "1", "RULE": "answered"}
_WORDS |= {"KEY": "default_sla", "VALUE": PLAN, "SUBJECT": "words", "WORDS": "printer"}
_WORDS |= {"COMMAND": "list --mine"}
_WORDS |= {"FROM": "nowhere.db", "TO": "new.db"}
_WORDS |= {"URL": "http://127.0.0.1:9"}  # where nobody answers
_NAMES = {
    "client": OTHER_CLIENT, "department": "Support", "team": TEAM, "topic": "Printer", "sla": PLAN,
    "calendar": CALENDAR, "asset": OTHER_ASSET, "type": "issue", "priority": "low", "workflow": "standard",
}  # fmt: skip
# What stands for an option's value, by its name, else by what the help calls it.
_VALUES = {
    "--assign": "ann", "--assignee": "ann", "--away-until": "+3d", "--client": OTHER_CLIENT, "--dir": "saved",
    "--departments": "Support", "--manager": "otto", "--map": "open=open", "--member": "ann", "--not": CANARY,
    "--remove-member": "ann", "--remove-asset": OTHER_ASSET, "--sla": PLAN, "--calendar": CALENDAR, "--team": TEAM,
    "--teams": TEAM, "--asset": OTHER_ASSET, "--sort": "team", "--field": f"cause={CANARY}", "--in": "subject",
    "--about": "x:1", "--workflow": "standard", "--notes": CANARY, "--into": "otto", "--topic": "Printer",
    "--department": "Support", "--since": "2026-11-20", "--until": "2026-11-22", "--role": "agent",
}  # fmt: skip
_BY_WORD = {
    "WHO": "otto", "LOGIN": "otto", "TEXT": CANARY, "T": "{{ ref }} " + CANARY, "S": "open", "P": "low", "N": "1", "WORDS": CANARY,
    "ADDR": f"{CANARY}@otto.example", "K=V": "brand=North", "FILE": "plan.txt", "KIND": "primary", "WHEN": "+3d",
    "NAME": "x", "WORD": "x", "C": "x", "D": "x.example",
}  # fmt: skip
# What a command needs besides its arguments to do something.
_NEEDED = {
    ("new",): ("-m", "text"),
    ("note",): ("-m", "text"),
    ("reply",): ("-m", "text"),
    ("delete",): ("--yes",),
    ("merge",): ("--into", "1", "--yes"),
    ("split",): ("--entry", "1"),
}
# More than one way to ask.
_ALSO = (
    ("list", "--all"), ("list", "--all", "--mine"), ("list", "--closed"), ("search", CANARY), ("search", "kanari*"),
    ("show", "N", "--full"), ("show", "N", "--as-requester"), ("show", "1-30"), ("log",), ("log", "--by", "ann"),
    ("user", "show", "@me"), ("asset", "show", ASSET), ("list", "--all", "--field", "brand=North"),
    ("list", "--all", "--field", f"cause={CANARY}"), ("list", "--all", "--tag", CANARY), ("topic", "field", "list", "Printer"),
    ("list", "--all", "--assignee", f"{CANARY}@ann.example"), ("notification", "list", "--all"), ("config", "get", "default_sla"),
    ("export", "--all", "--no-files"), ("attach", "save", "N", "--dir", "saved", "--force"), ("assign", "N", f"team:{TEAM}"),
    ("attach", "save", "N", f"{CANARY}.txt"), ("export", "--columns", "ref,sla,team,tags,fields"), ("edit", "N", "--field", f"cause={CANARY}"),
)  # fmt: skip
# It never ends; what it reads is looked at in test_scope_law.py, "log as it grows".
_ENDLESS = {"--follow"}
# They make a desk of their own.
_ELSEWHERE = {("demo",), ("init",)}


def base(path, command):
    """A command that does something, as far as one may."""
    words = list(path)
    for one in arguments(command):
        word = word_of(one)
        if one.required or word in ("ID", "SUBJECT"):
            words.append(_NAMES.get(path[0], "x") if word == "NAME" else _WORDS.get(word, "x"))
    return [*words, *_NEEDED.get(path, ())]


def value_of(option):
    """Something for an option."""
    return _VALUES.get(longest(option)) or _BY_WORD.get(word_of(option), "x")


def surfaces(*, whole: bool) -> Iterator[tuple[str, ...]]:
    """Every command line; without ``whole`` in one format, and every option still."""
    formats = FORMATS if whole else ("json",)
    for path, command in leaves():
        if path in _ELSEWHERE:
            continue
        line = base(path, command)
        yield from ((*line, "-o", fmt) for fmt in formats) if prints(command) else [tuple(line)]
        if prints(command):
            yield (*line, "--columns", "help")
        for one in options(command):
            if longest(one) in _ENDLESS:
                continue
            yield (*line, longest(one)) if one.is_flag else (*line, longest(one), value_of(one))
    for words in _ALSO:
        yield from ((*words, "-o", fmt) for fmt in formats)
    keys = [*compiled.SORT_KEYS, "field.brand", "field.cause"]
    yield from (
        ("list", "--all", "--sort", f"{sign}{key}", "-o", "ids") for key in keys for sign in ("", "-")
    )
    yield from completions(("", "k") if whole else ("k",))


def completions(typed):
    """Every place where something can be completed."""
    for start in typed:
        yield ("__complete", "--", start)
        for path, command in leaves():
            places = [
                (),
                *[tuple(base(path, command)[len(path) :][:n]) for n in range(1, len(arguments(command)) + 1)],
            ]
            yield from (("__complete", "--", *path, *place, start) for place in places)
            yield from (
                ("__complete", "--", *path, longest(one), start)
                for one in options(command)
                if not one.is_flag
            )


# ---------------------------------------------------------------------------------------------- the cage


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """A desk with everybody and the canary in it, also in what a merge has brought from a stranger's ticket."""
    made = Office(tmp_path_factory.mktemp("cage"))
    for role in OUTSIDE:
        words = (
            "new",
            "Printer",
            "-m",
            f"The {CANARY} is out.",
            "--for",
            "otto",
            "--attach",
            f"{CANARY}.txt",
        )
        ref = made.desk.tix(*words).ref
        made.desk.tix("merge", ref, "--into", made.numbers[role, "own"], "--yes")
        gone_again(made.desk, made.numbers[role, "own"])
        made.desk.tix("new", "Own", "-m", "x", "--for", ROLES[role], "--idempotency-key", f"{CANARY}-{role}")
    made.desk.tix("new", f"{CANARY} of ann", "-m", CANARY, as_="ann")
    (made.desk.folder / "saved").mkdir()
    made.desk.tix("resolve", made.numbers["requester", "own"])
    return made


def gone_again(desk, number):
    """What staff say beside a change, and what they have put on a ticket and taken away."""
    tix = desk.tix
    tix("edit", number, "--category", "public", "--note", CANARY, as_="ann")
    tix("edit", number, "--tag", f"{CANARY}-2", as_="ann")
    tix("edit", number, "--remove-tag", f"{CANARY}-2", as_="ann")
    tix("assign", number, "sue", "--note", CANARY, as_="ann")
    gone = desk.folder / f"gone {CANARY}.txt"
    gone.write_bytes(SECRET_BYTES)
    tix("attach", "add", number, gone.name, as_="ann")
    tix("attach", "rm", number, gone.name, as_="ann")
    tix("note", number, "-m", f"Again the {CANARY}.", "--attach", f"{CANARY}.txt", as_="ann")


def ask(office, words, role):
    """One command as a role, on a copy of the desk."""
    desk = office.desk
    copy = desk.folder / "asked.db"
    engines.copy(desk.store, copy)
    line = [str(office.numbers[role, "own"]) if word == "N" else word for word in words]
    # `attach open` hands the file to whatever the machine opens files with: here to a program that takes it.
    desk.env["BROWSER"] = "true"
    result = desk.tix(*line, as_=ROLES[role], store=copy, check=None)
    assert result.code != 1, f"a bug in tix\n{result}"
    return result


def leaks(office, words, role):
    """What a command tells that it should not, or None; a name that was typed must be answered as an absent one."""
    result = ask(office, words, role)
    if not any(CANARY in word for word in words):
        text = f"{result.out}{result.err}"
        return text if CANARY in text.lower() or SECRET_BASE64 in text else None
    other = ask(office, [word.replace(CANARY, ABSENT) for word in words], role)
    answers = [
        (_plain(one.out).replace(ABSENT, CANARY), _plain(one.err).replace(ABSENT, CANARY), one.code)
        for one in (result, other)
    ]
    return None if answers[0] == answers[1] else answers


def _plain(text):
    """Without what differs between any two runs: UUIDs, new API keys, and the place where a text was saved."""
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "UUID", text)
    text = re.sub(r"tix_[0-9A-Za-z]{40,}", "KEY", text)
    return re.sub(r'your text is saved: .*|"draft": "[^"]*"', "saved", text)


def all_leaks(office, role, *, whole):
    """The surfaces of a role that leak, and how many there are."""
    count, found = 0, {}
    for words in surfaces(whole=whole):
        count += 1
        told = leaks(office, words, role)
        if told is not None:
            found[words] = told
    return found, count


# ------------------------------------------------------------------------------------------------ the laws


# A technical contact sees what a primary one does, a billing contact what a requester does.
@pytest.mark.parametrize("role", OUTSIDE if SOAK else ("requester", "manager", "primary contact"))
def test_the_canary_is_on_no_surface(office, role, capsys):
    """Notes, staff-only answers, tags, teams, plans, calendars, staff's addresses, another client, its things."""
    found, count = all_leaks(office, role, whole=SOAK or role == "requester")
    assert found == {}
    assert count > 1000
    saved = [path.read_bytes() for path in (office.desk.folder / "saved").iterdir()]
    assert SECRET_BYTES not in saved
    with capsys.disabled():
        sys.stdout.write(f"\n  {role}: {count:,} surfaces, no canary\n")


def test_the_staff_do_see_it(office):
    """Control: the canary is there to be found."""
    assert all_leaks(office, "agent", whole=False)[1] > 1000
    for words in (
        ("show", "N"),
        ("list", "--all"),
        ("log",),
        ("export",),
        ("search", "printer"),
        ("team", "list"),
    ):
        assert CANARY in ask(office, (*words, "-o", "json"), "agent").out


def test_every_word_of_the_help_has_a_value():
    """A new kind of argument or option is asked with something that fits, or with a word that does not matter."""
    known = {*_WORDS, *_BY_WORD, "NAME", "KEY"}
    unknown = {word_of(one) for _, command in leaves() for one in arguments(command)} - known
    assert unknown == set()


# ------------------------------------------------------------------------------------------ planted faults

_EVERYBODY = permissions.Permission("yes", "yes", "yes", "yes")
_record = show.full_record


def _shown_to_all(ticket, name, email, staff, now, thread, **more):
    return _record(ticket, name, email, True, now, thread, **more)


_ticket_record = tickets.ticket_record


def _listed_to_all(ticket, name, email, staff, now):
    return _ticket_record(ticket, name, email, True, now)


PLANTED = {
    "records for the staff's lists": lambda patch: patch.setattr(tickets, "ticket_record", _listed_to_all),
    "records for staff": lambda patch: patch.setattr(show, "full_record", _shown_to_all),
    "answers for staff": lambda patch: patch.setattr(Ticket, "field_values", _all_values),
    "names of teams": lambda patch: patch.setitem(permissions.PERMISSIONS, "team list", _EVERYBODY),
    "names of plans": lambda patch: patch.setitem(permissions.PERMISSIONS, "sla list", _EVERYBODY),
    "names of calendars": lambda patch: patch.setitem(permissions.PERMISSIONS, "calendar list", _EVERYBODY),
    "names of clients": lambda patch: patch.setitem(permissions.PERMISSIONS, "client list", _EVERYBODY),
    "people": lambda patch: patch.setitem(permissions.PERMISSIONS, "user list", _EVERYBODY),
    "settings": lambda patch: patch.setitem(permissions.PERMISSIONS, "config internal", _EVERYBODY),
    "why": lambda patch: patch.setitem(permissions.PERMISSIONS, "why", _EVERYBODY),
    "the staff's part of nouns": lambda patch: patch.setattr(printed, "_hidden", str),
    **{
        f"internal items of {name}": lambda patch, name=name: patch.setitem(
            compiled.SQL, name, compiled.SQL[name].replace(".internal = 0 OR", ".internal >= 0 OR")
        )
        for name in ("thread", "export_items", "log_own")
    },
}
_values = Ticket.field_values


def _all_values(ticket, *, staff=True):
    return _values(ticket)


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_leak_is_seen(office, fault, monkeypatch):
    """Control: each makes some surface sing."""
    PLANTED[fault](monkeypatch)
    assert any(leaks(office, words, "requester") is not None for words in surfaces(whole=False))


_entry = index.add_entry


def _public_notes(store, ticket_id, ordinal, item):
    _entry(store, ticket_id, ordinal, item._replace(internal=False))


def test_notes_in_the_public_index_are_seen(office, monkeypatch):
    """Control: a note written to where everybody searches is found by who may not read it."""
    desk = Desk(office.desk.folder)
    number = office.numbers["requester", "own"]
    found = []
    for name in ("right", "wrong"):
        desk.store = office.desk.copy(f"{name}.db")
        if name == "wrong":
            monkeypatch.setattr(index, "add_entry", _public_notes)
        desk.tix("note", number, "-m", f"The {CANARY} smokes.", as_="ann")
        found.append(desk.tix("search", CANARY, "-o", "ids", as_="rita").refs)
    assert found == [[], [f"TIX-{number}"]]
