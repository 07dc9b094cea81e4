"""Drafts: texts that could not be sent."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys

from tix.cli import app
from tix.cli.input import saved
from tix.cli.options import DryRun, Output, Yes
from tix.cli.output import Printer
from tix.cli.parameters import Argument, Option
from tix.cli.session import Session
from tix.domain.times import instant
from tix.errors import InvalidValue, StorageFailure
from tix.render.records.formats import Kind
from tix.typing import Annotated, Any
from tix.words.sentence import Said

KIND = Kind(("name", "at", "command", "store", "body", "path"), ("name", "at", "command", "body"), "name")
_SHOWN = 60  # characters of a text in a list

Name = Annotated[
    str | None,
    Argument(metavar="[NAME]", help="Draft, or a part of its name, e.g. reply.12 (default: the only one)."),
]


def _record(draft: saved.Draft) -> dict[str, Any]:
    """Return a draft as a record; its command is that without the text."""
    return {
        "name": draft.name,
        "at": instant(draft.at),
        "command": None if draft.argv is None else ["tix", *draft.argv],
        "store": draft.environment.get("TIX_STORE"),
        "body": draft.body.encode(errors="replace").decode(),
        "path": str(draft.path),
    }


def list_(session: Session, output: Output = Output()) -> None:  # noqa: B008  # an immutable value
    """List my drafts, the newest last."""
    printer = Printer(session, output, KIND)
    found = [_record(one) for one in saved.every()]
    if not printer.is_table or printer.columns is not None:
        printer.records(found, none=Said("No drafts."))
        return
    from tix.cli.output import zone
    from tix.render.terminal import tables

    shown = [
        {
            "name": one["name"],
            "saved_at": one["at"],
            "for": _line(one["command"]) or "unknown",
            "text": " ".join(one["body"].split())[:_SHOWN],
        }
        for one in found
    ]
    if not shown:
        session.say("No drafts.")
    tables.draw_records(shown, ["name", "saved_at", "for", "text"], console=printer.console(), zone=zone())


def show(session: Session, name: Name = None, output: Output = Output()) -> None:  # noqa: B008  # as above
    """Show a draft and what it was for."""
    printer = Printer(session, output, KIND)
    record = _record(saved.find(name))
    if printer.format != "json" and printer.columns is None:
        from tix.render.safe import safe

        body = safe(record["body"]) if sys.stdout.isatty() else record["body"]
        session.say(f"For: {_line(record['command']) or 'unknown'}")
        sys.stdout.write(body if body.endswith("\n") else f"{body}\n")
        return
    printer.one(record)


def send(
    session: Session,
    name: Name = None,
    editor: Annotated[bool, Option("-e", "--editor", help="Change the text in your editor first.")] = False,
    dry_run: DryRun = False,
) -> int:
    """Send a draft by the command it was written for, and delete it once that has worked.

    The command runs again as it was typed, in its folder and on its desk, with the same idempotency key at each
    attempt, so that nothing is sent twice.
    """
    draft = saved.find(name)
    if editor and not dry_run:
        draft = _edited(session, draft)
    if saved.lacks_subject(draft):
        draft = _with_subject(draft, keep=dry_run)
    line = saved.line_of(draft)
    if dry_run:
        session.say(f"Would run: tix {shlex.join(line)}")
        return 0
    status = _run(draft, line)
    if status == 0:
        saved.remove([draft.name])
    else:
        session.say(Said("The draft is kept: {name}", name=draft.name))
    return status


def rm(
    session: Session,
    names: Annotated[list[str], Argument(metavar="NAME…", help="Drafts, or a part of the name of each.")],
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Delete drafts."""
    from tix.cli.input.confirmation import confirmed

    found = {one.name: one for one in map(saved.find, names)}
    what = "1 draft" if len(found) == 1 else f"{len(found)} drafts"
    if dry_run:
        session.say(f"Would delete {what}: {', '.join(found)}")
        return
    question = Said.counted("Delete {n} draft?", "Delete {n} drafts?", len(found))
    if confirmed(session, "draft rm", len(found), question, agreed=yes, kept=Said("Nothing was deleted.")):
        saved.remove(found)
        session.say(Said.counted("Deleted {n} draft.", "Deleted {n} drafts.", len(found)))


def _line(command: list[str] | None) -> str:
    return "" if command is None else shlex.join(command)


def _edited(session: Session, draft: saved.Draft) -> saved.Draft:
    """Return the draft with the text that somebody left in the editor."""
    from tix.cli.input.editor import compose

    def keep(body: str) -> None:
        nonlocal draft
        draft = _rewritten(draft, body, None)

    compose(session, "draft", draft.body, "", keep=keep)
    return draft


def _with_subject(draft: saved.Draft, *, keep: bool) -> saved.Draft:
    """Return a new ticket's draft with its first line as the subject. Raises InvalidValue without a message."""
    subject, _, body = draft.body.lstrip().partition("\n")
    if not body.strip():
        raise InvalidValue(
            f"draft {draft.name} has a subject and no message", hint=f"tix draft send {draft.name} --editor"
        )
    assert draft.argv is not None
    argv = [draft.argv[0], *draft.argv[1:], "--", subject.strip()]
    if keep:
        return draft._replace(argv=argv)
    return _rewritten(draft, body.lstrip("\n"), argv)


def _rewritten(draft: saved.Draft, body: str, argv: list[str] | None) -> saved.Draft:
    try:
        return saved.rewrite(draft, body, argv)
    except OSError as error:
        raise StorageFailure(f"cannot write {draft.path}: {error.strerror or error}") from error


def _run(draft: saved.Draft, line: list[str]) -> int:
    """Run the command in a process of its own, where it was typed; its exit status."""
    from tix.cli.signals import LeftToChildren

    others = {name: value for name, value in os.environ.items() if name not in saved.VARIABLES}
    try:
        with LeftToChildren():
            return subprocess.run(  # noqa: S603  # what the person has typed before
                [sys.executable, "-m", "tix", *line],
                check=False,
                env={**others, **saved.environment_of(draft)},
                cwd=draft.folder or None,
            ).returncode
    except OSError as error:
        raise InvalidValue(
            f"cannot run it in {draft.folder}: {error.strerror}",
            hint=f"run the command again with -F {draft.path}",
        ) from error


COMMANDS = {
    "list": app.prints(KIND)(app.page(list_)),
    "show": app.prints(KIND)(app.page(show)),
    "send": app.Command(send, needs_desk=False),
    "rm": app.Command(rm, needs_desk=False),
}
