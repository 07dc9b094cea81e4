"""The prompts of ``tix new``: the whole form, or only the missing values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tix.cli.input import ask
from tix.cli.session import Invocation, Session
from tix.cli.terminal.look import uses_color
from tix.errors import Interrupted, InvalidValue, UsageError
from tix.render.safe import safe_line, shorten
from tix.typing import TYPE_CHECKING, Any, NamedTuple
from tix.words.sentence import Said

if TYPE_CHECKING:
    from tix.desk.tickets.files import Upload
    from tix.desk.tickets.new import Form
    from tix.domain.files.attachments import FilePolicy
    from tix.domain.topics import Field

    # What to ask, where these words are known of the ticket; raises what the desk refuses in them.
    Look = Callable[[Mapping[str, Any]], Form]


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


class Filled(NamedTuple):
    """A form that was filled in; ``said`` are all words of the ticket, by the names of ``desk.tickets.request``."""

    subject: str
    body: str
    said: dict[str, Any]
    uploads: Sequence[Upload]


def new_ticket(
    session: Session, look: Look, sheet: FormDraft, given: Mapping[str, Any], *, has_files: bool
) -> Filled:
    """The whole form: topic, subject, message, the topic's questions, priority, files; without what flags said.

    Raises Interrupted.
    """
    said = dict(given)
    form = look(said)
    if not session.options.quiet:
        ask.tell(Said("New ticket. * means required; ctrl-c cancels."))
    if said.get("topic") is None and form.topics:
        form = topic(session, form, lambda word: look({**said, "topic": word}))
        said["topic"] = form.topic or "none"
    title = subject(session, sheet)
    body = message(session, sheet, required=form.needs_message)
    said["answers"] = {**(said.get("answers") or {}), **answers(session, form.fields)}
    if said.get("priority") is None:
        said["priority"] = priority(session, form, lambda word: look({**given, "priority": word}))
    return Filled(title, body, said, [] if has_files else attachments(session, form.files))


def topic(session: Session, form: Form, look: Callable[[str], Form]) -> Form:
    """Ask for the help topic, and return the form with it; Enter takes the default. Raises Interrupted."""
    names = form.topics
    default = form.default_topic or "none"
    in_line = ", ".join(names)
    if len(in_line) > LONGEST_CHOICE and not ask.is_plain():  # there they are listed with their numbers
        for name in names:
            ask.tell(name)
    if len(in_line) <= LONGEST_CHOICE:
        question = Said("Help topic ({names}) [{default}]:", names=in_line, default=default)
    else:
        question = Said("Help topic [{default}]:", default=default)
    while True:
        answer = _one_of(session, question, names).strip() or default
        try:
            return look(answer)
        except InvalidValue as error:
            ask.tell(_reason(error, [answer]))
        except UsageError as error:
            ask.tell(_reason(InvalidValue(error.message, error.hint), [answer]))


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
            ask.tell(Said("{field} is required: {expected}", field=field.label, expected=expects(field)))
            continue
        try:
            parse_value(field, answer)
        except InvalidValue as error:
            ask.tell(_reason(error, [answer]))
        else:
            return answer


def _one_of(session: Session, question: str, words: Sequence[str]) -> str:
    """Ask for a line; the tab key completes from ``words``, or a number stands for one."""
    return ask.choice(question, words, color=uses_color(session))


def subject(session: Session, sheet: FormDraft) -> str:
    """The subject, asked again while it is blank. Raises Interrupted."""
    from tix.domain.values import parse_subject

    while True:
        answer = _typed(session, Said("Subject *:"), sheet.keep_subject)
        try:
            return parse_subject(answer)
        except InvalidValue as error:
            ask.tell(error.message)


def message(session: Session, sheet: FormDraft, *, required: bool) -> str:
    """The message: a line, or by Enter alone the editor; asked again while it is blank where one is required.

    Raises Interrupted, and UsageError when the editor left a text that cannot be taken.
    """
    from tix.cli.input.content import checked

    question = Said("Message * (Enter: open the editor):") if required else Said("Message (Enter: none):")
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


def priority(session: Session, form: Form, look: Callable[[str], Form]) -> str:
    """The priority by name or alias; Enter takes the topic's, else the desk's default. Raises Interrupted."""
    question = Said(
        "Priority ({names}) [{default}]:", names=", ".join(form.priorities), default=form.priority
    )
    while True:
        answer = _one_of(session, question, form.priorities).strip() or form.priority
        if answer in form.priorities:
            return answer
        try:
            look(answer)
        except InvalidValue as error:
            ask.tell(_reason(error, [answer]))
        else:
            return answer


def attachments(session: Session, accepted: FilePolicy) -> list[Upload]:
    """Files, one path a question or several; Enter alone ends. Raises Interrupted."""
    from tix.cli.input import paths
    from tix.desk.tickets import files
    from tix.domain.files.attachments import check

    uploads: list[Upload] = []
    while True:
        question = Said("Another file (Enter: done):") if uploads else Said("Attach files (Enter: none):")
        named = paths.split(ask.line(question, color=uses_color(session), candidates=paths.candidates))
        if not named:
            return uploads
        try:
            more = files.read_for(accepted, named)
            check([one.file for one in [*uploads, *more]], accepted)
        except InvalidValue as error:
            ask.tell(_reason(error, named))
            continue
        uploads += more
        for one in more:
            ask.tell(Said("{name} ({size:,} bytes)", name=one.file.name, size=one.file.size))


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
    if isinstance(words, Said) and words.many is None:
        short = {
            name: shorten(safe_line(value), 40) if value in answers else value
            for name, value in words.values.items()
        }
        words = Said(words.message, **short)
    else:
        for answer in filter(None, answers):
            words = words.replace(answer, shorten(safe_line(answer), 40))
    return words if error.hint is None else Said("{words}; {hint}", words=words, hint=error.hint)
