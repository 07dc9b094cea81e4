"""Validate everything else before asking for a text, so that nobody writes in vain."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tix.cli.session import Session
from tix.cli.tickets import references
from tix.errors import InvalidValue
from tix.typing import TYPE_CHECKING, Any
from tix.words.sentence import Said

if TYPE_CHECKING:
    from tix.cli.remote.connection import Upload
    from tix.desk.context import Desk
    from tix.desk.tickets.files import Upload as Read
    from tix.domain.tickets.timeline import Work


def prepare(
    session: Session,
    words: list[str],
    verb: str,
    said: Mapping[str, Any] = MappingProxyType({}),
) -> tuple[Desk | None, str]:
    """Looks the tickets up before the text is asked for; the desk, and the thread to show in the editor.

    Of several tickets the failures come later, one by one; a single one fails here. References on stdin
    are read once, by the write itself. Of a server there is no desk, and it is asked only where somebody may be about
    to write. ``said`` is what the flags say, by the names of the API.
    """
    from tix.desk.tickets import read
    from tix.domain.permissions import require

    if session.remote is not None:
        return None, _thread_there(session, words, _ROUTES[verb], said) if session.may_ask else ""
    desk = session.reader()
    if said.get("status") is not None:
        desk.find_statuses(said["status"])
    if "-" in words:
        return desk, ""
    parsed = references.parse(words)
    if not parsed.single:
        return desk, ""
    (reference,) = parsed.references
    whole = read.whole(desk, reference)
    require(desk.actor, verb)
    return desk, thread_of(whole) if session.may_ask else ""


# What the API calls these verbs.
_ROUTES = {"reply": "replies", "note": "notes"}


def _thread_there(session: Session, words: list[str], verb: str, said: Mapping[str, Any]) -> str:
    """The thread of a single ticket on a server, where it takes a text. Raises what it would refuse any text with."""
    if "-" in words:
        return ""
    from tix.cli.tickets.on_server import rehearsed

    assert session.remote is not None
    parsed = references.parse(words)
    for one in rehearsed(session.remote, parsed.references, verb, {"message": "-", **said}):
        if one.error is not None and (parsed.single or isinstance(one.error, InvalidValue)):
            raise one.error
    if not parsed.single:
        return ""
    shown = session.records.whole(parsed.references[0])
    return "" if shown is None else thread_of_record(shown.record)


def files_of(
    session: Session, desk: Desk | None, paths: list[str] | None, name: str | None
) -> tuple[list[Read], list[Upload]]:
    """Read files to attach, one of them perhaps from stdin under that name: those of the desk, or for a server.

    Raises InvalidValue, UsageError.
    """
    if name is None and "-" not in (paths or ()):
        return [] if desk is None else read_files(session, desk, paths or []), sent_files(session, paths)
    from tix.cli.input import piped

    with piped.files(session, paths or [], name) as found:
        return [] if desk is None else read_files(session, desk, found), sent_files(session, found)


def read_files(session: Session, desk: Desk, paths: list[str]) -> list[Read]:
    """Read files to attach; say which of them the desk takes from staff alone. Raises InvalidValue."""
    from tix.desk.tickets import files

    uploads = files.read(desk, paths)
    for warning in files.warnings(desk, uploads):
        session.warn("program-sent", warning)
    session.read += [one.file.sha256 for one in uploads]
    return uploads


def sent_files(session: Session, paths: list[str] | None) -> list[Upload]:
    """The files for a server, which judges them. Raises InvalidValue for one that cannot be read."""
    if session.remote is None or not paths:
        return []
    from pathlib import Path

    from tix.cli.remote.connection import MOST_UPLOADED, Upload
    from tix.desk.tickets.files import bytes_of, upload
    from tix.domain.files.attachments import check

    room, found = MOST_UPLOADED, []
    for path in paths:
        data = bytes_of(path, room)
        room -= len(data)
        found.append(Upload(Path(path).name, data))
        if room < 0:
            break
    if room < 0 or session.may_ask:
        # In the words of the desk, if it does not accept them, and before anybody writes a text.
        check([upload(*one).file for one in found], session.remote.form({}).files)
    if room < 0:
        raise InvalidValue(Said("a server takes at most 32 MB of files at once"))
    return found


def spent(session: Session, worked: str | None) -> Work | None:
    """The time that ``--time`` says went into a text. Raises InvalidValue."""
    if worked is None:
        return None
    from tix.domain.billing.time_entries import parse_worked
    from tix.domain.tickets.timeline import Work

    return Work(session.now, parse_worked(worked))


def thread_of(whole: object) -> str:
    """What stands below the text in the editor: what people wrote, oldest first."""
    from tix.desk.tickets.read import FullTicket
    from tix.domain.times import instant

    assert isinstance(whole, FullTicket)
    lines = [f"{whole.ticket.ref}  {whole.ticket.subject}"]
    for line in whole.lines:
        if line.item.body is not None:
            kind = "internal note" if line.item.internal else line.item.kind
            lines += [
                "",
                f"{line.by_name or line.item.by} ({kind}), {instant(line.item.at)}:",
                line.item.body,
            ]
    return "\n".join(lines)


def thread_of_record(record: dict[str, Any]) -> str:
    """The same of a record."""
    lines = [f"{record['ref']}  {record['subject']}"]
    for item in record["thread"]:
        if item["body"] is not None:
            kind = "internal note" if item["internal"] else item["kind"]
            lines += ["", f"{item['by_name'] or item['by']} ({kind}), {item['at']}:", item["body"]]
    return "\n".join(lines)
