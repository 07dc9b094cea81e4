"""Tell what a write did to something that is no ticket: in words on a terminal, its name when piped, or as a record."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from tix.render.records.effects import UNCHANGED, done
from tix.typing import TYPE_CHECKING, Any
from tix.words.sentence import Said

if TYPE_CHECKING:
    from tix.cli.output import Printer
    from tix.cli.session import Session

Record = dict[str, Any]
Argv = list[str]

# A value that is longer is not quoted.
_LONGEST = 60


def created(session: Session, printer: Printer, record: Record, said: str, undo: Argv | None = None) -> None:
    """Print what was added. ``said`` is the sentence, ``undo`` the command that takes it back."""
    _tell(session, printer, done("created", record, undo=undo, rehearsed=session.rehearses), said)


def deleted(session: Session, printer: Printer, record: Record, said: str, undo: Argv | None = None) -> None:
    """Print what was removed, as it was."""
    _tell(session, printer, done("deleted", record, undo=undo, rehearsed=session.rehearses), said)


def updated(
    session: Session,
    printer: Printer,
    before: Record,
    record: Record,
    called: str,
    *,
    said: str | None = None,
    undo: Argv | None = None,
    changed: bool | None = None,
    already: str | None = None,
) -> None:
    """Print what was changed: ``called`` is what it is called at the beginning of a sentence, ``Department billing``.

    What the two records differ in are its changes. ``changed`` is for a write that no field shows, ``already`` the
    sentence where nothing was to be changed.
    """
    effect = done(
        "updated", record, before=before, undo=undo, rehearsed=session.rehearses, is_changed=changed
    )
    _tell(session, printer, effect, said or f"{called}: {words(effect['changes'])}.", already)


def _tell(session: Session, printer: Printer, record: Record, said: str, already: str | None = None) -> None:
    name = record[printer.kind.key]
    if session.trial is not None:
        session.trial.keep([name], single=True)
    session.early.typed = None  # the desk has it
    if record["effect"] == "unchanged":
        session.say(already or Said("{name}: nothing to change.", name=name))
    elif printer.columns is None and printer.is_table:
        session.tell_done(said)
    show(printer, [record], single=True)


def show(printer: Printer, records: Sequence[Record], *, single: bool) -> None:
    """Print records of writes: the names when piped; with a record format all of them."""
    if printer.columns is None and printer.is_table:
        return
    if printer.columns is None and printer.format in ("plain", "ids"):
        sys.stdout.writelines(f"{one[printer.kind.key]}\n" for one in records)
    elif single and records:
        printer.one(records[0])
    else:
        printer.records(records)


def several(
    session: Session,
    printer: Printer,
    records: Sequence[Record],
    sentences: Sequence[str],
    *,
    single: bool,
) -> None:
    """Print what was done to several things, each record with its effect."""
    if session.trial is not None:
        session.trial.keep([one[printer.kind.key] for one in records], single=single)
    if printer.columns is None and printer.is_table:
        for sentence in sentences:
            session.tell_done(sentence)
    show(printer, records, single=single)


def repeated(record: Record) -> Record:
    """Return a record of which a write has changed nothing."""
    return {**record, **UNCHANGED}


def words(changes: Sequence[Record]) -> str:
    """Return changes in words: ``sla none → gold, added members ann``."""
    found: list[str] = []
    for one in changes:
        label, old, new = one["field"].replace("_", " "), one["old"], one["new"]
        if isinstance(old, list) or isinstance(new, list):
            found += _of_lists(label, old or [], new or [])
        elif isinstance(old, bool) or isinstance(new, bool):
            found.append(f"{'now' if new else 'no longer'} {label}")
        elif _is_long(old) or _is_long(new):
            found.append(f"new {label}")
        else:
            found.append(f"{label} {_value(old)} → {_value(new)}")
    return ", ".join(found) or "changed"


def _of_lists(label: str, old: list[Any], new: list[Any]) -> list[str]:
    more, fewer = [one for one in new if one not in old], [one for one in old if one not in new]
    found = [f"added {label} {', '.join(map(_value, more))}"] if more else []
    found += [f"removed {label} {', '.join(map(_value, fewer))}"] if fewer else []
    return found or [f"new order of {label}"]


def _value(value: Any) -> str:
    if value is None or value == "":
        return "none"
    if isinstance(value, dict):
        return str(value.get("name") or value.get("key") or "…")
    return str(value)


def _is_long(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, str) and (len(value) > _LONGEST or "\n" in value))
