"""``tix new``: raise a ticket; what is missing is asked for on a terminal."""

from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from tix.cli import arguments, selecting, text
from tix.cli.arguments import Attach, Output, Text
from tix.cli.session import Session
from tix.errors import InvalidValue, NotAllowed, UsageError

if TYPE_CHECKING:
    from tix.desk.context import Desk

SOURCES = ("cli", "phone", "email", "web", "api", "other")


def _option(*names: str, metavar: str, help: str) -> Any:
    return typer.Option(*names, metavar=metavar, help=help)


@arguments.command
def command(
    session: Session,
    subject: Annotated[Optional[str], typer.Argument(metavar="[SUBJECT]", help="In one line.")] = None,
    texts: Text = Text(),  # noqa: B008  # an immutable value
    type_: Annotated[Optional[str], _option("--type", metavar="T", help="issue, request, …")] = None,
    category: Annotated[Optional[str], _option("--category", metavar="C", help="A word of your own.")] = None,
    priority: Annotated[
        Optional[str], _option("-p", "--priority", metavar="P", help="low, medium, high, urgent.")
    ] = None,
    for_: Annotated[
        Optional[str], _option("--for", metavar="WHO", help="Whose it is: login, address, Name <address>.")
    ] = None,
    email: Annotated[Optional[str], _option("--email", metavar="ADDR", help="Contact address.")] = None,
    phone: Annotated[Optional[str], _option("--phone", metavar="NUMBER", help="Contact number.")] = None,
    assign: Annotated[Optional[str], _option("-a", "--assign", metavar="WHO", help="Who holds it.")] = None,
    notify_email: Annotated[
        Optional[str], _option("--notify-email", metavar="ADDR", help="Address of a holder without account.")
    ] = None,
    due: Annotated[Optional[str], _option("--due", metavar="WHEN", help="+3d, fri 14:00, …")] = None,
    about: Annotated[Optional[str], _option("--about", metavar="KIND:REF", help="campaign:42, …")] = None,
    tag: Annotated[Optional[list[str]], _option("--tag", metavar="T,…", help="A tag.")] = None,
    attach: Attach = None,
    source: Annotated[Optional[str], _option("--source", metavar="S", help=", ".join(SOURCES))] = None,
    idempotency_key: Annotated[
        Optional[str], _option("--idempotency-key", metavar="K", help="The same key again makes no second.")
    ] = None,
    output: Output = Output(),  # noqa: B008  # as above
) -> int:
    """Raise a ticket."""
    from tix.cli import showing
    from tix.cli.printing import Printer
    from tix.desk import files, reading, tickets

    given: dict[str, Any] = {
        "type": type_,
        "category": category,
        "priority": priority,
        "for": for_,
        "email": email,
        "phone": phone,
        "assign": assign,
        "notify-email": notify_email,
        "due": due,
        "about": about,
        "tag": tag,
        "source": source,
        "idempotency-key": idempotency_key,
    }
    printer = Printer(session, output, showing.KIND)
    form = subject is None and texts == Text() and session.may_ask
    if subject is None and not session.may_ask:
        raise UsageError("the subject is missing", hint='tix new "What is wrong" -m "How it came about"')
    if subject is not None:
        subject = tickets.parse_subject(subject)
    desk = session.reader()
    values = _values(desk, given)
    refuse_staff_flags(desk, given)
    key = None if idempotency_key is None else _key(idempotency_key)
    if subject is not None or not form:
        uploads = files.read(desk, attach or [])
    if subject is None:
        from tix.cli import forms

        subject, body, asked = forms.new_ticket(session, desk, texts, whole=form, given=given, attach=attach)
        uploads = asked.uploads
        if asked.priority is not None:
            values["priority"] = asked.priority
    else:
        body = _message(session, desk, texts)
    draft = tickets.Draft(
        subject,
        body,
        values,
        _requester(desk, for_),
        None if assign is None or assign == "none" else desk.person(assign),
        tuple(tickets.parse_tag(one) for one in selecting.split(tag)),
        uploads,
        key,
    )
    desk = session.writer()
    outcome = tickets.open_ticket(desk, draft)
    if outcome.already:
        session.say(f"{outcome.ticket.ref} was made with this key before; nothing new was made")
    if printer.is_table and printer.columns is None:
        whole = reading.of(desk, outcome.ticket, desk.scope)
        showing.draw(printer, desk, whole, showing.record(desk, whole))
    else:
        from tix.cli.writing import print_outcomes

        print_outcomes(printer, desk, [outcome], single=True)
    return 0


def _message(session: Session, desk: "Desk", texts: Text) -> str:
    if desk.settings.flag("message_required"):
        return _required(session, texts)
    body = text.given(session, texts, "new")
    if texts.editor:
        from tix.cli.editor import compose

        return compose(session, "new", body or "", "")
    return body or ""


def _required(session: Session, texts: Text) -> str:
    body = text.given(session, texts, "new")
    if body is not None and not texts.editor:
        return body
    if texts.editor:
        from tix.cli.editor import compose

        return compose(session, "new", body or "", "")
    if session.may_ask:
        from tix.cli import forms

        return forms.message(session)
    raise UsageError("the message is missing", hint="give it with --message TEXT, --file or through a pipe")


def _values(desk: "Desk", given: dict[str, Any]) -> dict[str, Any]:
    """The columns the flags name, parsed. Raises InvalidValue for the first that is wrong."""
    from tix.cli.edit import checked_line
    from tix.desk.tickets import parse_about
    from tix.domain.people import parse_email

    def source(word: str) -> str:
        if word not in SOURCES:
            raise InvalidValue(f"'{word}' is not a source", hint="one of " + ", ".join(SOURCES))
        return word

    parsers: dict[str, Any] = {
        "type": desk.ticket_type,
        "category": checked_line,
        "priority": desk.priority,
        "email": parse_email,
        "phone": checked_line,
        "notify-email": parse_email,
        "due": lambda value: selecting.moment(desk, value),
        "about": parse_about,
        "source": source,
    }
    columns = {"notify-email": "notify_email", "due": "due_at"}
    values = {}
    for name, parse in parsers.items():
        value = given[name]
        if value is not None and value != "none":
            values[columns.get(name, name)] = parse(value)
    return values


def refuse_staff_flags(desk: "Desk", given: dict[str, Any]) -> None:
    """A requester sets what concerns them; any other flag is the staff's. Raises NotAllowed."""
    if desk.actor.is_staff:
        return
    for name in ("category", "for", "assign", "notify-email", "due", "tag", "source"):
        if given[name] is not None and not (name == "for" and _is_me(desk, given[name])):
            raise NotAllowed(f"{desk.actor.login} may not use --{name}: that takes an agent or an admin")


def _is_me(desk: "Desk", word: str) -> bool:
    return word.lower() in ("@me", desk.actor.login, desk.actor.person.email)


def _requester(desk: "Desk", word: str | None) -> Any:
    from tix.domain.people import parse_contact

    if word is None or _is_me(desk, word):
        return None
    contact = parse_contact(word)
    if contact.email is None:
        desk.person(word)
    return contact


def _key(text: str) -> str:
    key = text.strip()
    if not key or len(key) > 255 or not key.isprintable():
        raise InvalidValue("the idempotency key is empty or has control characters")
    return key
