"""Write ``docs/reference.md`` from the program itself: ``python docs/generate.py [--check]``.

The page is built from the command objects and the tables of the domain, so it always agrees with them;
everything else is on the pages written by hand. The same program always produces the same bytes.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from typer._click import Context
from written import write_or_check

from tix.cli import user_config
from tix.cli.commands import ALIASES, COMMANDS
from tix.cli.compiled_pages import PAGES
from tix.cli.explained import root
from tix.cli.mail import intake, outbox, quarantine, send
from tix.cli.mail import status as mail_status
from tix.cli.mail import texts as mail_texts
from tix.cli.options import Globals
from tix.cli.pages.examples import examples
from tix.cli.pages.topics import EXITS, error_classes
from tix.cli.tickets import show
from tix.domain.files.attachments import KINDS
from tix.domain.permissions import PERMISSIONS
from tix.domain.settings import SETTINGS
from tix.domain.tickets.fields import LISTED, SHOWN, TicketField
from tix.domain.tickets.timeline import PUBLIC_EVENTS, PUBLIC_FIELDS, EventType
from tix.domain.workflows.shipped import SHIPPED
from tix.domain.workflows.workflow import Workflow
from tix.errors import TixError
from tix.render.records.formats import Kind
from tix.typing import get_args

TARGET = Path(__file__).with_name("reference.md")

# Commands that print the changed ticket.
TICKET_VERBS = frozenset(
    "new reply note assign claim edit start hold resolve close reopen rate delete merge unmerge split link unlink follow".split()
)

HEAD = """\
# Reference

<!-- Written by docs/generate.py from the program itself. Do not edit; run `make docs`. -->

All commands with their options, and the tables of a desk: errors, settings, permissions, workflows. To learn
how to use them, read the pages for [agents](agent.md), [requesters](requester.md), [administrators](administrator.md) and
[scripts](scripts.md), and the one about [mail](mail.md).
"""

GLOBAL = """\
Every command accepts these options, before or after its name. They are not repeated below.
"""

RECORDS = """\
Commands that print records also accept these options; see [scripts](scripts.md) for the output. `--raw`
applies to CSV only.
"""

# The records of subcommands that have a module of their own.
_PARTS = {
    "mail": {
        "status": mail_status.STATUS,
        "in": intake.KIND,
        "send": send.KIND,
        "outbox": outbox.KIND,
        "quarantine": quarantine.KIND,
        "quarantine show": quarantine.SHOWN,
        "text": mail_texts.KIND,
        "test": mail_status.TRIAL,
    }
}


def generate() -> str:
    """The whole page."""
    sections = [
        HEAD,
        _section("Global options", GLOBAL + "\n" + _options(_global_options())),
        _section("Options of commands that print records", RECORDS + "\n" + _options(_output_options())),
        _section("Commands", "".join(_commands())),
        _section("Exit codes and error codes", _errors()),
        _section("Fields of a ticket", _ticket_fields()),
        _section("Settings", _settings()),
        _section("Permissions", _permissions()),
        _section("Workflows", "".join(_workflow(workflow) for workflow in SHIPPED.values())),
        _section("Event types", _events()),
        _section("Types of files", _file_types()),
    ]
    return "\n".join(sections)


def _section(title: str, text: str) -> str:
    return f"## {title}\n\n{text.rstrip()}\n"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    def line(cells: Iterable[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"

    names = list(head)
    return line(names) + line("---" for _ in names) + "".join(line(row) for row in rows)


def _code(word: str) -> str:
    return f"`{word}`"


def _codes(words: Iterable[str]) -> str:
    return ", ".join(_code(word) for word in words)


# ---------------------------------------------------------------------------------------------- commands


def _commands() -> Iterator[str]:
    group = root()
    context = Context(group, info_name="tix")
    for name, (module_name, summary) in COMMANDS.items():
        command = group.get_command(context, name)
        module = importlib.import_module(module_name)
        also = [alias for alias, target in ALIASES.items() if target == name]
        heading = f"### `tix {name}`" + (f" (also `tix {also[0]}`)" if also else "")
        if hasattr(command, "nodes"):
            yield f"{heading}\n\n{summary} {_prose(module.__doc__)}\n\n"
            yield from _verbs(command, name, context)
        else:
            yield f"{heading}\n\n"
            yield _command(command, name, context)
        yield _keys(name, module)


def _verbs(group: Any, name: str, parent: Any) -> Iterator[str]:
    """The subcommands of a resource command; one of them may be a group itself."""
    inner = Context(group, info_name=name, parent=parent)
    for verb in group.list_commands(inner):
        command = group.get_command(inner, verb)
        if hasattr(command, "nodes"):
            yield from _verbs(command, verb, inner)
            continue
        path = " ".join([*inner.command_path.split()[1:], verb])
        yield f"#### `tix {path}`\n\n"
        yield _command(command, verb, inner)


def _command(command: Any, name: str, parent: Any) -> str:
    context = Context(command, info_name=name, parent=parent)
    shared = _names(_global_options()) | _names(_output_options())
    own = [p for p in command.params if p.param_type_name == "option" and not _names([p]) <= shared]
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    path = " ".join(context.command_path.split()[1:])
    usage = PAGES[path].partition("\nUsage: ")[2].partition("\n")[0]
    shown = "\n".join(examples()[path])
    parts = [f"{_prose(command.help)}\n\n", f"```text\n{usage}\n```\n\n", f"```sh\n{shown}\n```\n\n"]
    told = [argument for argument in arguments if getattr(argument, "help", None)]
    if told:
        rows = ((_code(_bare(a.metavar or a.name)), _prose(a.help)) for a in told)
        parts.append(_table(("argument", ""), rows) + "\n")
    if own:
        parts.append(_options(own) + "\n")
    if any(_names([p]) & {"--json"} for p in command.params):
        what = (
            "tickets, like [`tix show`](#tix-show)"
            if name in TICKET_VERBS and not parent.parent
            else "records"
        )
        parts.append(f"Prints {what}.\n\n")
    if command.epilog:
        parts.append(f"{_prose(command.epilog)}\n\n")
    return "".join(parts)


def _bare(metavar: str) -> str:
    return metavar.strip("{}").replace("[", "").replace("]", "")


def _keys(name: str, module: Any) -> str:
    """The keys of the records that a command prints; some subcommands have their own."""
    kinds = {word: value.fields for word, value in vars(module).items() if isinstance(value, Kind)}
    kinds |= {word: kind.fields for word, kind in _PARTS.get(name, {}).items()}
    fields = {
        word: value
        for word, value in vars(module).items()
        if word.endswith("FIELDS") and not word.startswith(("_", "L", "S")) and not isinstance(value, Kind)
    }
    if name == "show":
        kinds = {"KIND": show.KIND.fields}
    rows: list[tuple[str, Iterable[str]]] = []
    for word, keys in [*kinds.items(), *fields.items()]:
        if tuple(keys) not in [tuple(known) for _, known in rows]:
            rows.append((word, keys))
    if not hasattr(module, "COMMANDS"):
        asked = name == "show" or any(isinstance(one, Kind) and one.answers for one in vars(module).values())
        more = " `-c` also takes `field.KEY`, a custom field of the topic." if asked else ""
        return "".join(f"Keys: {_codes(keys)}.{more}\n\n" for _, keys in rows)
    return "".join(f"Keys of `{_VERBS.get(word, word.lower())}`: {_codes(keys)}.\n\n" for word, keys in rows)


# The subcommand for each constant with record fields; other constants are named like their subcommand.
_VERBS = {"KIND": "list", "SHOWN": "show", "SAVED": "save"}


def _global_options() -> list[Any]:
    """The options that every command has, as objects."""
    names = set(Globals._fields)
    return [option for option in root().params if option.name in names]


def _output_options() -> list[Any]:
    group = root()
    command = group.get_command(Context(group, info_name="tix"), "show")
    return [p for p in command.params if p.name in ("output", "json", "columns", "raw")]


def _names(options: Iterable[Any]) -> set[str]:
    return {word for option in options for word in option.opts}


def _options(options: Iterable[Any]) -> str:
    return _table(("option", ""), ((_option(one), _prose(one.help)) for one in options))


def _option(option: Any) -> str:
    """``-o, --output FORMAT``; an ellipsis marks a repeatable option."""
    words = ", ".join(sorted(option.opts, key=len)) + "".join(f" / {word}" for word in option.secondary_opts)
    if option.is_flag or option.count:
        return _code(words)
    value = option.metavar or ("N" if "int" in option.type.name else option.type.name.upper())
    return _code(f"{words} {value}") + (" …" if option.multiple else "")


def _prose(text: str | None) -> str:
    return " ".join((text or "").split())


# ------------------------------------------------------------------------------------------------ tables


def _errors() -> str:
    by_status: dict[int, list[type[TixError]]] = {}
    for error in error_classes():
        by_status.setdefault(error.exit_status, []).append(error)
    rows = [("0", 'Success, including "nothing matched" and "nothing to change".', "")]
    for status in sorted(by_status):
        codes = _codes(sorted({error.code for error in by_status[status]}))
        rows.append((str(status), EXITS[status], codes))
    rows_of_codes = sorted(
        (error.code, str(error.exit_status), _prose((error.__doc__ or "").split("\n\n")[0]))
        for error in error_classes()
        if error is not TixError and "code" in vars(error)
    )
    first = _table(("exit", "means", "error codes"), rows)
    bug = (_code("error"), "1", "Internal error in tix.")
    second = _table(("code", "exit", "means"), [bug, *((_code(c), s, w) for c, s, w in rows_of_codes)])
    return first + "\n" + second


# What a field holds, as readers of JSON see it.
_KINDS = {
    "word": "text",
    "person": "login",
    "place": "name",
    "number": "number",
    "count": "number",
    "flag": "true or false",
    "instant": "instant",
    "tags": "list",
    "names": "list",
    "links": "list of objects",
    "answers": "object",
    "thread": "list of objects",
}
_FIELD_WORDS = (
    "The keys of a ticket in JSON and the columns of its tables, in this order. `list` and `search` have the first "
    f"{len(LISTED)}, `show` and `export` all. A value that is absent is `null`; where requesters read nothing they "
    "get `null` or an empty list.\n\n"
)


def _ticket_fields() -> str:
    rows = (
        (
            _code(field.name),
            _KINDS.get(field.kind, field.kind),
            _requester(field),
            "yes" if field.sorts else "",
        )
        for field in (*LISTED, *SHOWN)
    )
    return _FIELD_WORDS + _table(("key", "holds", "requesters read", "sorts"), rows)


def _requester(field: TicketField) -> str:
    if field.requester == "public":
        return "what is public"
    return field.requester if field.read_as == field.name else _code(field.read_as)


def _settings() -> str:
    desk = _table(
        ("key of the desk", "default", ""),
        ((_code(one.key), _code(one.default), one.summary) for one in SETTINGS.values()),
    )
    own = _table(
        ("key of yours", ""), ((_code(key), summary) for key, summary in sorted(user_config.KEYS.items()))
    )
    return f"{desk}\n{own}"


def _permissions() -> str:
    words = (
        "`yes`: on everything visible to them; `own`: as its requester; `workflow`: where the workflow allows it; "
        "`no`: never. Nobody may do what is not in the table.\n\n"
    )
    rows = ((_code(verb), row.requester, row.agent, row.admin) for verb, row in PERMISSIONS.items())
    return words + _table(("verb", "requester", "agent", "admin"), rows)


def _workflow(workflow: Workflow) -> str:
    waits = any(rule.trigger == "elapsed" for rule in workflow.rules)
    facts = [f"{workflow.title}.", f"Can be rated when {' or '.join(workflow.rated_in)}."]
    if waits:
        facts.append(f"A resolved ticket closes automatically after {workflow.window_seconds // 3600} hours.")
    if workflow.claims:
        facts.append("The first staff reply assigns an unassigned ticket to its author.")
    statuses = _table(
        ("status", "phase", "also", "clock", "final"),
        (
            (
                _code(status.name),
                status.phase,
                _codes(status.aliases),
                "paused" if status.pauses else "",
                "yes" if status.final else "",
            )
            for status in workflow.statuses
        ),
    )
    rules = _table(
        ("on", "from", "to", "by"),
        ((rule.trigger, _codes(rule.sources), _code(rule.target), rule.by) for rule in workflow.rules),
    )
    return f"### `{workflow.name}`\n\n{' '.join(facts)}\n\n{statuses}\n{rules}\n"


def _events() -> str:
    def seen(kind: str) -> str:
        if kind in PUBLIC_EVENTS:
            return "yes"
        return f"for {_codes(sorted(PUBLIC_FIELDS))}" if kind == "field-changed" else "no"

    rows = ((_code(kind), seen(kind)) for kind in get_args(EventType))
    return _table(("event type", "visible to requesters"), rows)


def _file_types() -> str:
    return f"Values of `attachments.types` and `attachments.denied`, besides `*` and `none`: {_codes(sorted(KINDS))}.\n"


if __name__ == "__main__":
    sys.exit(write_or_check(TARGET, generate(), sys.argv[1:]))
