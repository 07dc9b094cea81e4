"""The prompts of ``tix new``: the whole form, or only the missing values."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tix.cli.input import ask
from tix.cli.output import uses_color
from tix.cli.session import Invocation, Session
from tix.errors import Interrupted, InvalidValue, UsageError
from tix.render.safe import safe_line, shorten
from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.desk.tickets.files import Upload
    from tix.desk.tickets.request import TicketRequest
    from tix.domain.organisation import Priority
    from tix.domain.topics import Field


# Topics whose names are longer together are listed one a line.
LONGEST_CHOICE = 40


class FormDraft:
    """The text typed so far; it is saved when the command fails for any reason."""

    def __init__(self, early: Invocation, body: str = "") -> None:
        self._early = early
        self.subject = ""
        self.body = body

    def keep_subject(self, subject: str) -> None:
        """Remember the subject."""
        self.subject = subject
        self._remember()

    def keep_body(self, body: str) -> None:
        """Remember the text."""
        self.body = body
        self._remember()

    def _remember(self) -> None:
        text = "\n\n".join(filter(str.strip, (self.subject, self.body)))
        if text:
            self._early.typed = ("new", text, True)


def new_ticket(session: Session, desk: Desk, sheet: FormDraft, request: TicketRequest) -> TicketRequest:
    """The whole form: topic, subject, message, the topic's questions, priority, files; without what flags said.

    Raises Interrupted.
    """
    from tix.desk.tickets import routing

    if not session.options.quiet:
        ask.tell("New ticket. * means required; ctrl-c cancels.")
    if request.topic is None:
        request = request._replace(topic=topic(session, desk))
    route = routing.routed(desk, request)
    title = subject(session, sheet)
    body = message(session, desk, sheet)
    asked = routing.unanswered(desk, route.topic, request.answers, required=False)
    told = answers(session, asked)
    values = request.values
    if "priority" not in values:
        values = {**values, "priority": priority(session, desk, route.priority)}
    return request._replace(
        subject=title,
        body=body,
        answers={**request.answers, **told},
        values=values,
        uploads=request.uploads or attachments(session, desk),
    )


def topic(session: Session, desk: Desk) -> str | None:
    """The help topic; Enter takes the default. Not asked where there are none. Raises Interrupted."""
    from tix.desk.tickets.routing import topic_of, topics

    names = [one.name for one in topics(desk)]
    if not names:
        return None
    default = desk.settings.name("default_topic") or "none"
    in_line = ", ".join(names)
    if len(in_line) > LONGEST_CHOICE:
        for name in names:
            ask.tell(name)
    shown = f" ({in_line})" if len(in_line) <= LONGEST_CHOICE else ""
    while True:
        answer = _one_of(session, f"Help topic{shown} [{default}]:", names).strip() or default
        try:
            found = topic_of(desk, answer)
        except InvalidValue as error:
            ask.tell(_reason(error, [answer]))
        except UsageError as error:
            ask.tell(_reason(InvalidValue(error.message, error.hint), [answer]))
        else:
            return "none" if found is None else found.name


def answers(session: Session, fields: Sequence[Field]) -> dict[str, str]:
    """What a topic asks, one question a field, as text; Enter takes the default or leaves it open.

    Raises Interrupted.
    """
    return {field.key: text for field in fields if (text := _answer(session, field)) is not None}


def _answer(session: Session, field: Field) -> str | None:
    from tix.domain.topics import expects, parse_value

    words = list(field.choices) or (["yes", "no"] if field.kind == "boolean" else [])
    kind = f" ({', '.join(words)})" if words else "" if field.kind == "text" else f" ({expects(field)})"
    default = "" if field.default is None else f" [{field.default}]"
    question = f"{field.label}{' *' if field.required else ''}{kind}{default}:"
    while True:
        answer = _one_of(session, question, words).strip() or field.default or ""
        if not answer and not field.required:
            return None
        if not answer:
            ask.tell(f"{field.label} is required: {expects(field)}")
            continue
        try:
            parse_value(field, answer)
        except InvalidValue as error:
            ask.tell(_reason(error, [answer]))
        else:
            return answer


def _one_of(session: Session, question: str, words: Sequence[str]) -> str:
    """Ask for a line; the tab key completes from ``words``."""

    def candidates(before: str) -> list[ask.Candidate]:
        start = before.strip().casefold()
        return [ask.Candidate(word, word, len(before)) for word in words if word.casefold().startswith(start)]

    return ask.line(question, color=uses_color(session), candidates=candidates if words else None)


def subject(session: Session, sheet: FormDraft) -> str:
    """The subject, asked again while it is blank. Raises Interrupted."""
    from tix.domain.values import parse_subject

    while True:
        answer = _typed(session, "Subject *:", sheet.keep_subject)
        try:
            return parse_subject(answer)
        except InvalidValue as error:
            ask.tell(error.message)


def message(session: Session, desk: Desk | None, sheet: FormDraft) -> str:
    """The message: a line, or by Enter alone the editor; asked again while it is blank where one is required.

    Without a desk, on a server, one is asked for as if it were required.

    Raises Interrupted, and UsageError when the editor left a text that cannot be taken.
    """
    from tix.cli.input.content import checked
    from tix.desk.tickets.request import needs_message

    required = desk is None or needs_message(desk)
    question = "Message * (Enter: open the editor):" if required else "Message (Enter: none):"
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


def priority(session: Session, desk: Desk, usual: Priority | None = None) -> Priority:
    """The priority by name or alias; Enter takes the topic's, else the desk's default. Raises Interrupted."""
    default = desk.settings.text("default_priority") if usual is None else usual.name
    names = [one.name for one in desk.priorities()]
    question = f"Priority ({', '.join(names)}) [{default}]:"
    while True:
        answer = _one_of(session, question, names).strip() or default
        try:
            return desk.priority(answer)
        except InvalidValue as error:
            ask.tell(_reason(error, [answer]))


def attachments(session: Session, desk: Desk) -> list[Upload]:
    """Files, one path a question or several; Enter alone ends. Raises Interrupted."""
    from tix.cli.input import paths
    from tix.desk.tickets import files

    uploads: list[Upload] = []
    while True:
        question = "Another file (Enter: done):" if uploads else "Attach files (Enter: none):"
        named = paths.split(ask.line(question, color=uses_color(session), candidates=paths.candidates))
        if not named:
            return uploads
        try:
            more = files.read(desk, named)
            files.accept(desk, [*uploads, *more])
        except InvalidValue as error:
            ask.tell(_reason(error, named))
            continue
        uploads += more
        for one in more:
            ask.tell(f"{one.file.name} ({one.file.size:,} bytes)")


def _typed(session: Session, question: str, keep: Callable[[str], None]) -> str:
    """Ask for a line and keep the answer, also an unfinished one when the person cancels."""
    try:
        answer = ask.line(question, color=uses_color(session))
    except Interrupted as left:
        if left.typed.strip():
            keep(left.typed)
        raise
    keep(answer)
    return answer


def _from_editor(session: Session, sheet: FormDraft) -> str:
    from tix.cli.input.editor import compose

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
