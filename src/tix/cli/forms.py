"""The questions of ``tix new``: the whole form, or the one value that is missing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tix.cli import ask
from tix.cli.opening import Told
from tix.cli.printing import uses_color
from tix.cli.session import Early, Session
from tix.errors import Interrupted, InvalidValue, UsageError
from tix.render.safe import safe_line, shorten

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.desk.files import Upload
    from tix.domain.organisation import Priority


class Sheet:
    """What somebody has typed so far; it is saved when the command fails, whatever the reason."""

    def __init__(self, early: Early, body: str = "") -> None:
        self._early = early
        self.subject = ""
        self.body = body

    def keep_subject(self, subject: str) -> None:
        """Remembers the subject."""
        self.subject = subject
        self._remember()

    def keep_body(self, body: str) -> None:
        """Remembers the text."""
        self.body = body
        self._remember()

    def _remember(self) -> None:
        text = "\n\n".join(filter(str.strip, (self.subject, self.body)))
        if text:
            self._early.typed = ("new", text, True)


def new_ticket(
    session: Session, desk: Desk, sheet: Sheet, *, ask_priority: bool, uploads: list[Upload] | None
) -> Told:
    """The whole form: subject, message, priority, files; without what the flags have said already.

    Raises Interrupted.
    """
    if not session.options.quiet:
        ask.tell("A new ticket. * is required; ctrl-c leaves.")
    title = subject(session, sheet)
    body = message(session, desk, sheet)
    urgency = priority(session, desk) if ask_priority else None
    return Told(title, body, attachments(session, desk) if uploads is None else uploads, urgency)


def subject(session: Session, sheet: Sheet) -> str:
    """The subject, asked again while it is blank. Raises Interrupted."""
    from tix.desk.values import parse_subject

    while True:
        answer = _typed(session, "Subject *:", sheet.keep_subject)
        try:
            return parse_subject(answer)
        except InvalidValue as error:
            ask.tell(error.message)


def message(session: Session, desk: Desk, sheet: Sheet) -> str:
    """The message: a line, or by Enter alone the editor; asked again while it is blank where one is required.

    Raises Interrupted, and UsageError when the editor left a text that cannot be taken.
    """
    from tix.cli.text import checked

    required = desk.settings.flag("message_required")
    question = "Message * (Enter: editor):" if required else "Message (Enter: none):"
    while True:
        answer = _typed(session, question, sheet.keep_body)
        try:
            if answer.strip():
                return checked(answer, "message")
            if not required:
                return ""
            return _from_editor(session, sheet)
        except InvalidValue as error:
            ask.tell(error.message)


def priority(session: Session, desk: Desk) -> Priority:
    """The priority by name or alias; Enter takes the desk's default. Raises Interrupted."""
    from tix.store import catalog

    default = desk.settings.text("default_priority")
    names = [one.name for one in catalog.priorities(desk.store) if one.active]

    def candidates(before: str) -> list[ask.Candidate]:
        start = before.strip().lower()
        return [ask.Candidate(name, name, len(before)) for name in names if name.startswith(start)]

    question = f"Priority ({', '.join(names)}) [{default}]:"
    while True:
        answer = ask.line(question, color=uses_color(session), candidates=candidates).strip() or default
        try:
            return desk.priority(answer)
        except InvalidValue as error:
            ask.tell(_reason(error, [answer]))


def attachments(session: Session, desk: Desk) -> list[Upload]:
    """Files, one path a question or several; Enter alone ends. Raises Interrupted."""
    from tix.cli import paths
    from tix.desk import files
    from tix.domain.attachments import check

    accepted = files.policy(desk)
    uploads: list[Upload] = []
    while True:
        question = "Another file (Enter: no more):" if uploads else "Attach files (Enter: none):"
        named = paths.split(ask.line(question, color=uses_color(session), candidates=paths.candidates))
        if not named:
            return uploads
        try:
            more = files.read(desk, named)
            check([one.file for one in [*uploads, *more]], accepted)
        except InvalidValue as error:
            ask.tell(_reason(error, named))
            continue
        uploads += more
        for one in more:
            ask.tell(f"{one.file.name} ({one.file.size:,} bytes)")


def _typed(session: Session, question: str, keep: Callable[[str], None]) -> str:
    """An answer that is kept, also the half of it that stood there when somebody left."""
    try:
        answer = ask.line(question, color=uses_color(session))
    except Interrupted as left:
        if left.typed.strip():
            keep(left.typed)
        raise
    keep(answer)
    return answer


def _from_editor(session: Session, sheet: Sheet) -> str:
    from tix.cli.editor import compose

    try:
        return compose(session, "new", "", "", keep=sheet.keep_body)
    except UsageError as error:
        if sheet.body.strip():  # the next answer would take its place
            raise
        raise InvalidValue(error.message, error.hint) from error


def _reason(error: InvalidValue, answers: list[str]) -> str:
    """The sentence of a failure with its hint, what was typed shortened in it."""
    words = error.message
    for answer in filter(None, answers):
        words = words.replace(answer, shorten(safe_line(answer), 40))
    return words if error.hint is None else f"{words}; {error.hint}"
