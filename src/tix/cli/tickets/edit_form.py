"""The form of ``tix edit ID --editor``: the fields of a ticket, one a line, and a note; what was changed in it is edited.

---
version: 3
subject: Printer
tags: vip, printer
field.serial: A17
---
An internal note, if any.
"""

from __future__ import annotations

from collections.abc import Mapping

from tix.cli.session import Session
from tix.cli.tickets import references
from tix.errors import InvalidValue, UsageError
from tix.typing import TYPE_CHECKING, Any, NamedTuple
from tix.words.sentence import Said

if TYPE_CHECKING:
    from tix.cli.options import Text
    from tix.domain.tickets.references import Reference

# The fields of a ticket's record, in the order of the form, each with the option of ``tix edit`` that changes it.
_FIELDS = {
    "subject": "subject",
    "status": "status",
    "priority": "priority",
    "type": "type_",
    "category": "category",
    "topic": "topic",
    "department": "department",
    "client": "client",
    "requester": "for_",
    "sla": "sla",
    "due_at": "due",
    "about": "about",
    "email": "email",
    "phone": "phone",
    "notify_email": "notify_email",
}
_LISTS = {"tags": ("tag", "remove_tag"), "assets": ("asset", "remove_asset")}
_ANSWER = "field."
_RULE = "---"
# An edit of these cannot clear them, so that an empty line is told as the mistake it is.
_NEEDED = ("subject", "status", "priority", "requester")


class Filled(NamedTuple):
    """What a form says: values for the options of ``tix edit``, and the version of the ticket that it was made of."""

    options: dict[str, Any]
    version: int | None


def filled(session: Session, words: list[str], text: Text, given: Mapping[str, Any]) -> Filled:
    """Return what somebody has changed in the form of a ticket: in the editor, or in a file.

    ``given`` are the values of the command line. Raises UsageError, InvalidValue, and as ``tix edit`` for a ticket that
    cannot be edited.
    """
    others = [name for name in given if "." not in name and name != "references"]
    if others:
        raise UsageError(Said("--editor and --file edit all fields; leave out the other options"))
    parsed = references.parse(words)
    if not parsed.single:
        raise UsageError(
            Said("--editor and --file edit one ticket"), hint=Said("for example: tix edit 12 --editor")
        )
    (reference,) = parsed.references
    record = _record(session, reference)
    if text.file is not None:
        from tix.cli.input import text as texts

        form = texts.flagged(session, text._replace(editor=False), "edit", words) or ""
    else:
        form = _edited(session, record)
    return read(form, record)


def _record(session: Session, reference: Reference) -> dict[str, Any]:
    """The ticket, if it can be edited. Raises NotFound, NotAllowed."""
    if session.remote is None:
        from tix.domain.permissions import require

        shown = session.records.whole(reference)
        require(session.reader().actor, "edit")
    else:
        from tix.cli.tickets.on_server import rehearsed

        shown = session.records.whole(reference)
        assert shown is not None
        for one in rehearsed(session.remote, [reference], "edit", {"subject": shown.record["subject"]}):
            if one.error is not None:
                raise one.error
    assert shown is not None
    return dict(shown.record)


def _edited(session: Session, record: dict[str, Any]) -> str:
    from tix.cli.input import text as texts
    from tix.cli.input.editor import compose
    from tix.cli.tickets.reply_context import thread_of_record

    form = compose(session, "edit", written(record), thread_of_record(record))
    session.read.append(form)
    texts.sent_now(session)
    return form


def written(record: Mapping[str, Any]) -> str:
    """Return the form of a ticket."""
    lines = [f"{name}: {value}".rstrip() for name, value in _values(record).items()]
    return "\n".join([_RULE, f"version: {record['version']}", *lines, _RULE, ""])


def _values(record: Mapping[str, Any]) -> dict[str, str]:
    """The values of a form; one that takes several lines is not in it."""
    found = {name: record[name] for name in (*_FIELDS, *_LISTS)}
    found |= {f"{_ANSWER}{key}": value for key, value in record["fields"].items()}
    texts = {name: _text(value) for name, value in found.items()}
    return {name: text for name, text in texts.items() if len(text.splitlines()) <= 1}


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    if isinstance(value, dict):
        return str(value["name"])
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def read(form: str, record: Mapping[str, Any]) -> Filled:
    """Return what a form changes of a ticket. Raises InvalidValue for one that cannot be read."""
    lines = iter(form.strip("\n").split("\n"))
    if next(lines).strip() != _RULE:
        raise InvalidValue(
            f"the form does not begin with {_RULE}", hint=Said("fields between two lines of ---")
        )
    before, said = _values(record), dict[str, str]()
    for line in lines:
        if line.strip() == _RULE:
            break
        name, colon, value = line.partition(":")
        name = name.strip()
        if not colon and name:
            raise InvalidValue(Said("'{name}' in the form is not NAME: VALUE", name=name))
        if name in said:
            raise InvalidValue(Said("{name} is in the form twice", name=name))
        if name and name != "version" and name not in before and not name.startswith(_ANSWER):
            raise InvalidValue(
                Said("'{name}' is not a field of the form", name=name), hint="fields: " + ", ".join(before)
            )
        if name:
            said[name] = value.strip()
    else:
        raise InvalidValue(f"the fields of the form do not end with {_RULE}")
    note = "\n".join(lines).strip("\n")
    version = said.pop("version", None)
    if version is not None and not version.isdecimal():
        raise InvalidValue(Said("'{version}' is not a version", version=version))
    changed = {name: value for name, value in said.items() if value != before.get(name, "").strip()}
    return Filled(_options(changed, before, note, record), None if version is None else int(version))


def _options(
    changed: Mapping[str, str], before: Mapping[str, str], note: str, record: Mapping[str, Any]
) -> dict[str, Any]:
    options: dict[str, Any] = {}
    for name, value in changed.items():
        if name in _LISTS:
            old, new = _words(before[name]), _words(value)
            more, fewer = _LISTS[name]
            options[more] = [one for one in new if one not in old] or None
            options[fewer] = [one for one in old if one not in new] or None
        elif name in _FIELDS:
            if not value and name in _NEEDED:
                raise InvalidValue(Said("{name} is empty in the form", name=name))
            options[_FIELDS[name]] = value or "none"
        else:
            options.setdefault("field", []).append(f"{name.removeprefix(_ANSWER)}={value}")
    if note.strip():
        options["note"] = note
    elif not any(options.values()):
        options["subject"] = record["subject"]  # so that the answer says that nothing has changed
    return options


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]
