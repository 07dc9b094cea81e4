"""Decisions of a program for ``tix triage --jsonl``: a JSON object a line, and a line that says what came of each."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator

from tix.cli.desks.triage import Changed, last_of
from tix.cli.errors import Results
from tix.cli.repeats import stdin
from tix.cli.triage import changes
from tix.domain.tickets.references import Reference, parse_reference
from tix.errors import InvalidValue, StaleVersion, TixError
from tix.typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from tix.cli.desks.triage import Triage
    from tix.cli.session import Session
    from tix.cli.tickets.bulk import Change

# A decision is a few words and a message.
LONGEST_LINE = 2_000_000

Decision = dict[str, Any]


class Verb(NamedTuple):
    """What a decision can be: the fields that it needs and those it may have, and the change it makes."""

    needed: tuple[str, ...]
    possible: tuple[str, ...]
    change: Callable[[Session, Decision], Change]


# What every decision has or may have.
_COMMON = ("id", "do", "version")


def run(session: Session, desk: Triage) -> int:
    """Do what the lines of stdin decide, each by itself, and answer each; the exit status of all."""
    results = Results(session, single=False)
    for place, line in enumerate(_lines(), 1):
        decision: Decision = {}
        try:
            decision = _parsed(line)
            answer = _done(session, desk, decision)
            results.left(None, "")
        except TixError as error:
            if not results.left(error, f"line {place}"):
                raise
            answer = {**_named(decision), "error": _problem(error)}
        sys.stdout.write(json.dumps({"line": place, **answer}, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    return results.status


def _lines() -> Iterator[bytes]:
    stdin.spend()
    stream = sys.stdin.buffer
    while line := stream.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            raise InvalidValue(f"a decision is longer than {LONGEST_LINE:,} bytes")
        if line.strip():
            yield line


def _parsed(line: bytes) -> Decision:
    """Return the decision of a line, with a verb that is known and no field too many. Raises InvalidValue."""
    try:
        decision = json.loads(line)
    except (ValueError, RecursionError):
        raise InvalidValue("the line is not JSON", hint='{"id": 12, "do": "close"}') from None
    if not isinstance(decision, dict) or "id" not in decision:
        raise InvalidValue("a decision is an object with id and do", hint='{"id": 12, "do": "close"}')
    verb = VERBS.get(decision["do"]) if isinstance(decision.get("do"), str) else None
    if verb is None:
        raise InvalidValue(f"'{decision.get('do')}' is nothing to do", hint=f"use {', '.join(VERBS)}")
    known = {*_COMMON, *verb.needed, *verb.possible}
    for name in decision:
        if name not in known:
            raise InvalidValue(
                f"'{decision['do']}' takes no {name}", hint=f"it takes {', '.join(sorted(known))}"
            )
    for name in verb.needed:
        if decision.get(name) is None:
            raise InvalidValue(f"'{decision['do']}' needs {name}")
    return decision


def _done(session: Session, desk: Triage, decision: Decision) -> Decision:
    reference = _reference(decision["id"], "id")
    change = VERBS[decision["do"]].change(session, decision)
    desk.renew()
    ticket = desk.show(reference).record
    version = decision.get("version")
    if version is not None and version != ticket["version"]:
        raise StaleVersion(
            f"{ticket['ref']} is at version {ticket['version']}, not {version}",
            hint=f"look at it first: tix show {ticket['ref']}",
        )
    try:
        done = desk.do(reference, last_of(ticket["thread"]), change)
    except Changed:
        raise StaleVersion(
            f"{ticket['ref']} has changed meanwhile", hint=f"look at it first: tix show {ticket['ref']}"
        ) from None
    finally:
        session.early.typed = None
    effect = "unchanged" if done.already else "updated"
    told = {name: done.ticket[name] for name in ("ref", "status", "priority", "assignee", "team", "version")}
    return {**_named(decision), "effect": effect, **told}


def _named(decision: Decision) -> Decision:
    return {name: decision[name] for name in ("id", "do") if name in decision}


def _problem(error: TixError) -> Decision:
    return {
        "code": error.code,
        "message": error.message,
        "hint": error.hint,
        "exit": error.exit_status,
    }


def _reference(value: Any, name: str) -> Reference:
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise InvalidValue(f"{name} is no ticket", hint=f'"{name}": 12, or "{name}": "TIX-12"')
    return parse_reference(str(value))


def _word(decision: Decision, name: str) -> str:
    value = decision[name]
    if not isinstance(value, str) or not value.strip():
        raise InvalidValue(f"{name} is not a text")
    return value.strip()


def _text(decision: Decision, name: str) -> str:
    from tix.cli.input.content import checked

    value = decision[name]
    if not isinstance(value, str):
        raise InvalidValue(f"{name} is not a text")
    return checked(value)


def _said(decision: Decision) -> tuple[str | None, str | None]:
    """The message and the note."""
    message, note = (
        None if decision.get(name) is None else _text(decision, name) for name in ("message", "note")
    )
    return message, note


def _flag(decision: Decision, name: str) -> bool:
    value = decision.get(name, False)
    if not isinstance(value, bool):
        raise InvalidValue(f"{name} is true or false")
    return value


def _tags(session: Session, decision: Decision) -> Change:
    found = []
    for name in ("add", "remove"):
        value = decision.get(name) or []
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise InvalidValue(f"{name} is a list of tags", hint=f'"{name}": ["vip"]')
        found.append(value)
    if not found[0] and not found[1]:
        raise InvalidValue("'tag' needs add or remove", hint='"add": ["vip"]')
    return changes.tags(session, found[0], found[1])


VERBS: dict[str, Verb] = {
    "reply": Verb(("message",), (), lambda _, one: changes.reply(_text(one, "message"))),
    "canned": Verb(("canned",), (), lambda session, one: changes.canned(session, _word(one, "canned"))),
    "note": Verb(("message",), (), lambda _, one: changes.note(_text(one, "message"))),
    "claim": Verb((), (), lambda session, _: changes.assign(session, "@me")),
    "assign": Verb(("assignee",), (), lambda session, one: changes.assign(session, _word(one, "assignee"))),
    "priority": Verb(
        ("priority",), (), lambda session, one: changes.priority(session, _word(one, "priority"))
    ),
    "status": Verb(("status",), (), lambda _, one: changes.status(_word(one, "status"))),
    "snooze": Verb(("until",), (), lambda session, one: changes.snooze(session, _word(one, "until"))),
    "resolve": Verb((), ("message", "note"), lambda _, one: changes.pull("resolve", *_said(one))),
    "close": Verb((), ("message", "note"), lambda _, one: changes.pull("close", *_said(one))),
    "reopen": Verb((), ("message", "note"), lambda _, one: changes.pull("reopen", *_said(one))),
    "tag": Verb((), ("add", "remove"), _tags),
    "merge": Verb(
        ("into",),
        ("yes",),
        lambda _, one: changes.merge(_reference(one["into"], "into"), agreed=_flag(one, "yes")),
    ),
}
