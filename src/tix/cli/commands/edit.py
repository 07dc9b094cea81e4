"""``tix edit``: fields, each one event."""

from __future__ import annotations

from tix.cli import app
from tix.cli.options import Bulk, BulkReferences, Note, Output
from tix.cli.parameters import Option
from tix.cli.session import Session
from tix.cli.tickets.bulk import Change, write
from tix.cli.tickets.references import verb
from tix.cli.tickets.show import WRITTEN
from tix.errors import UsageError
from tix.typing import TYPE_CHECKING, Annotated, Any, NamedTuple
from tix.words.sentence import Said, listed

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.desk.tickets.outcome import Action, Outcome
    from tix.domain.tickets.references import Reference


class Form(NamedTuple):
    """Where the fields come from, if no options give them."""

    editor: Annotated[
        bool, Option("-e", "--editor", help="Edit the fields of one ticket, and a note, in your editor.")
    ] = False
    file: Annotated[
        str | None, Option("-F", "--file", metavar="PATH", help="Read what --editor shows from a file.")
    ] = None


@app.prints(WRITTEN)
@verb
def command(
    session: Session,
    references: BulkReferences,
    subject: Annotated[str | None, Option("--subject", metavar="TEXT", help="New subject line.")] = None,
    priority: Annotated[
        str | None, Option("-p", "--priority", metavar="P", help="Priority, e.g. low, medium, high, urgent.")
    ] = None,
    type_: Annotated[
        str | None,
        Option("--type", metavar="T", help='Ticket type, e.g. issue, request ("none" clears it).'),
    ] = None,
    category: Annotated[
        str | None,
        Option("--category", metavar="C", help='Free-form category, e.g. billing ("none" clears it).'),
    ] = None,
    topic: Annotated[
        str | None, Option("--topic", metavar="NAME", help='Help topic ("none" clears it).')
    ] = None,
    department: Annotated[
        str | None, Option("--department", metavar="NAME", help='Department ("none" to leave it empty).')
    ] = None,
    client: Annotated[
        str | None,
        Option("--client", metavar="NAME", help='Client the ticket belongs to ("none" clears it).'),
    ] = None,
    for_: Annotated[
        str | None, Option("--for", metavar="WHO", help="Requester: login, address or Name <address>.")
    ] = None,
    sla: Annotated[str | None, Option("--sla", metavar="PLAN", help='SLA plan ("none" removes it).')] = None,
    due: Annotated[
        str | None,
        Option(
            "--due",
            metavar="WHEN",
            help='Due date, e.g. 2026-12-24, friday, +3d ("none" returns to the SLA plan).',
        ),
    ] = None,
    status: Annotated[
        str | None, Option("-s", "--status", metavar="S", help="Status, e.g. open, on-hold.")
    ] = None,
    about: Annotated[
        str | None,
        Option("--about", metavar="WRITTEN:REF", help='Related object, e.g. order:4711 ("none" clears it).'),
    ] = None,
    email: Annotated[str | None, Option("--email", metavar="ADDR", help="Contact e-mail address.")] = None,
    phone: Annotated[str | None, Option("--phone", metavar="NUMBER", help="Contact phone number.")] = None,
    notify_email: Annotated[
        str | None,
        Option(
            "--notify-email",
            metavar="ADDR",
            help="E-mail address to notify, for an assignee without an account.",
        ),
    ] = None,
    asset: Annotated[
        list[str] | None, Option("--asset", metavar="NAME", help="Link an asset; repeatable.")
    ] = None,
    remove_asset: Annotated[
        list[str] | None, Option("--remove-asset", metavar="NAME", help="Unlink an asset; repeatable.")
    ] = None,
    field: Annotated[
        list[str] | None,
        Option(
            "--field", metavar="K=V", help="Custom field, e.g. serial=A17 (serial= clears it); repeatable."
        ),
    ] = None,
    tag: Annotated[
        list[str] | None, Option("--tag", metavar="T,…", help="Add tags, e.g. vip,printer.")
    ] = None,
    remove_tag: Annotated[
        list[str] | None, Option("--remove-tag", metavar="T,…", help="Remove tags, e.g. vip,printer.")
    ] = None,
    note: Note = None,
    form: Form = Form(),  # noqa: B008  # as below
    bulk: Bulk = Bulk(),  # noqa: B008  # an immutable value
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> int:
    """Change fields of tickets."""
    if form != Form():
        return _by_form(session, references, form, bulk, output)
    from tix.cli.input.content import checked
    from tix.desk.tickets import edit
    from tix.desk.tickets.request import pairs
    from tix.domain.tickets.edit import Edit

    words = {"subject": subject, "priority": priority, "type": type_, "category": category, "due_at": due}
    words |= {"about": about, "email": email, "phone": phone, "notify_email": notify_email}
    names = edit.Names(topic, department, client, sla, for_, tuple(asset or ()), tuple(remove_asset or ()))
    changes: dict[str, str] = {}

    def internal_note(*, is_empty: bool) -> str | None:
        if is_empty and names == edit.Names() and not field and status is None:
            raise _nothing(note)
        return None if note is None else checked(note)

    def action() -> Action:
        desk = session.reader()
        wanted = edit.parse(desk, {**words, "tags": tag, "remove_tags": remove_tag})
        if status is not None:
            desk.find_statuses(status)
        internal = internal_note(is_empty=wanted == Edit({}))
        prepared = edit.prepared(
            desk, names, wanted, pairs(field), status, internal, bulk.if_version, said=session.say
        )

        def do(desk: Desk, reference: Reference) -> Outcome:
            outcome = prepared(desk, reference)
            from tix.render.records.tickets import item_record

            noted(outcome.ticket.ref, [item_record(item, None) for item in outcome.items])
            return outcome

        return do

    def noted(ref: str, items: list[dict[str, Any]]) -> None:
        changes[ref] = _changes(items)
        if due is not None:
            from tix.cli.tickets import past_due

            past_due.warn_of(session, ref, items)

    body: dict[str, Any] = {}
    if session.remote is not None:
        is_empty = _is_empty(*words.values(), tag, remove_tag)
        body = {**words, "due_at": session.remote.due(due), "note": internal_note(is_empty=is_empty)}
        body["fields"] = pairs(field)
        body |= {"topic": topic, "department": department, "client": client, "sla": sla, "requester": for_}
        body |= {"status": status, "add_assets": asset, "remove_assets": remove_asset}
        body |= {"add_tags": tag, "remove_tags": remove_tag}
    return write(
        session,
        references,
        output,
        bulk,
        Change(action, "edit", body, version=bulk.if_version, noted=noted),
        lambda ticket: Said("{ref}: {what}.", ref=ticket.ref, what=changes[ticket.ref]),
        lambda ticket: Said("{ref}: nothing to change.", ref=ticket.ref),
    )


def _nothing(note: str | None) -> UsageError:
    if note is None:
        return UsageError(Said("nothing to change"), hint=Said("for example: tix edit 12 --priority high"))
    return UsageError(
        Said("--note alone changes no field"), hint=Said("to write a note: tix note 12 -m TEXT")
    )


def _is_empty(*given: object) -> bool:
    return all(one in (None, []) for one in given)


def _by_form(session: Session, words: list[str], form: Form, bulk: Bulk, output: Output) -> int:
    """Change what was changed in the form of a ticket, if the ticket is still as it was shown."""
    from tix.cli.options import Text
    from tix.cli.tickets import edit_form

    options, version = edit_form.filled(session, words, Text(None, form.file, form.editor), session.given)
    if bulk.if_version is None:
        bulk = bulk._replace(if_version=version)
    return int(command.function(session, words, **options, bulk=bulk, output=output))


def _changes(items: list[dict[str, Any]]) -> str:
    """What an edit changed, e.g. ``priority urgent → low, added tag vip``."""
    from tix.cli.output import zone
    from tix.render.event_phrases import change_words

    return listed([change_words(item, zone=zone()) for item in items])
