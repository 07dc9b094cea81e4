"""Help topics: where new tickets of a topic go, and the custom fields they have."""

from __future__ import annotations

from tix.cli import app, resource_commands
from tix.cli.options import Output
from tix.cli.output import Printer
from tix.cli.parameters import Argument, Option
from tix.cli.session import Session
from tix.cli.writes import written
from tix.cli.writes.command import writing
from tix.desk.resources.topics import FIELD_COLUMNS, TOPIC
from tix.errors import UsageError
from tix.render.records.formats import Kind
from tix.typing import TYPE_CHECKING, Annotated, Any, NamedTuple

if TYPE_CHECKING:
    from tix.desk.resources.topics import FieldChange

KIND, SHOWN = resource_commands.kinds(TOPIC)
FIELD = Kind(FIELD_COLUMNS, None, "key")

Name = Annotated[str, Argument(metavar="NAME", help="Name of the topic.")]
Key = Annotated[str, Argument(metavar="KEY", help="Key of the field, e.g. serial.")]


class FieldOptions(NamedTuple):
    """What is said of a field."""

    label: Annotated[
        str | None, Option("--label", metavar="TEXT", help='Label people see, e.g. "Serial number".')
    ] = None
    kind: Annotated[
        str | None,
        Option(
            "--kind", metavar="KIND", help="Kind of value: text, choice, number, date, boolean, email or url."
        ),
    ] = None
    choices: Annotated[
        list[str] | None,
        Option("--choices", metavar="A,B,…", help="Allowed values of a choice, e.g. small,large."),
    ] = None
    required: Annotated[
        bool | None, Option("--required/--optional", help="Required when a ticket is created.")
    ] = None
    required_to_close: Annotated[
        bool | None,
        Option("--required-to-close/--not-required-to-close", help="Required before resolving or closing."),
    ] = None
    staff_only: Annotated[
        bool | None, Option("--staff-only/--public", help="Hide the field from requesters.")
    ] = None
    default: Annotated[str | None, Option("--default", metavar="VALUE", help="Default answer.")] = None


def _change(told: FieldOptions) -> FieldChange:
    from tix.desk.resources.resource import words
    from tix.desk.resources.topics import FieldChange

    choices = None if told.choices is None else tuple(dict.fromkeys(words(told.choices)))
    return FieldChange(**(told._asdict() | {"choices": choices}))


@app.prints(FIELD)
@app.reading
def list_fields(
    session: Session,
    name: Name,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """List the custom fields of a topic, inherited fields first."""
    printer = Printer(session, output, FIELD)
    printer.records(session.records.topic_fields(name))


@writing(FIELD)
def add_field(
    session: Session,
    name: Name,
    key: Key,
    told: FieldOptions = FieldOptions(),  # noqa: B008  # an immutable value
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Add a custom field to a topic."""
    from tix.desk.resources import topics

    printer = Printer(session, output, FIELD)
    field = topics.add_field(session.writer(), name, key, _change(told))
    said = f"Added field {field.key} to topic {field.topic}."
    undo = ["tix", "topic", "field", "rm", field.topic, field.key]
    written.created(session, printer, topics.field_record(field), said, undo)


@writing(FIELD)
def edit_field(
    session: Session,
    name: Name,
    key: Key,
    told: FieldOptions = FieldOptions(),  # noqa: B008  # an immutable value
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Change a custom field of a topic."""
    from tix.desk.resources import topics

    printer = Printer(session, output, FIELD)
    if told == FieldOptions():
        raise UsageError(
            "nothing to change", hint=f"for example: tix topic field edit '{name}' {key} --required"
        )
    old, field = topics.edit_field(session.writer(), name, key, _change(told))
    before, after = topics.field_record(old), topics.field_record(field)
    written.updated(
        session,
        printer,
        before,
        after,
        f"Field {field.key} of topic {field.topic}",
        undo=_undo(before, after),
    )


def _undo(before: dict[str, Any], after: dict[str, Any]) -> list[str] | None:
    """The command that makes a field what it was; None where an option cannot say it."""
    argv = ["tix", "topic", "field", "edit", before["topic"], before["key"]]
    no = {"required": "optional", "required_to_close": "not-required-to-close", "staff_only": "public"}
    for name, old in before.items():
        if old == after[name]:
            continue
        if name in no:
            argv.append(f"--{name.replace('_', '-') if old else no[name]}")
        elif name == "choices":
            if not old:
                return None
            argv.append(f"--choices={','.join(old)}")
        else:
            argv.append(f"--{name}={'none' if old is None else old}")
    return argv


@writing(FIELD)
def remove_field(
    session: Session,
    name: Name,
    key: Key,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """Stop asking for a custom field; answers already given stay."""
    from tix.desk.resources import topics

    printer = Printer(session, output, FIELD)
    field = topics.remove_field(session.writer(), name, key)
    said = f"Removed field {field.key} from topic {field.topic}; answers already given stay."
    written.deleted(session, printer, topics.field_record(field), said)


COMMANDS: dict[str, Any] = {
    **resource_commands.commands(TOPIC),
    "field": {"list": list_fields, "add": add_field, "edit": edit_field, "rm": remove_field},
}
