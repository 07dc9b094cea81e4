"""What a word of the command line can be, by the option or argument it belongs to: for ``tix __complete``.

Options are known by their long name, else options and arguments by what the help calls them (``ID``, ``WHO``,
``FILE``): a new command that uses these words is completed without a line here.
"""

from __future__ import annotations

from collections.abc import Iterator

from tix.cli.completion import personal, values
from tix.cli.completion.values import CompletionRequest, Kind
from tix.desk.completion.suggestion import Suggestion
from tix.domain.tickets.links import WORDS
from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tix.cli.completion.line import CommandLine, Parameter
    from tix.cli.session import Session


def offered(
    kind: Kind | None, session: Session, line: CommandLine, before: str, typed: str, *, comma: bool
) -> Iterator[Suggestion | str]:
    """What ``kind`` has for ``typed`` (with ``comma``: for what follows the last one), as whole words."""
    if kind is None:
        return
    head, separator, tail = typed.rpartition(",") if comma else ("", "", typed)
    taken = head.split(",")
    for one in kind(CompletionRequest(session, line, tail)):
        if isinstance(one, str):
            yield one
        elif one.value.startswith(tail) and one.value not in taken:
            yield one._replace(value=f"{before}{head}{separator}{one.value}")


# --------------------------------------------------------------------------------------------- the tables

_FORMATS = {
    "table": "for people",
    "plain": "tab separated, for scripts",
    "json": "one JSON value",
    "jsonl": "one JSON object per line",
    "csv": "for spreadsheets",
    "tsv": "for spreadsheets, with tabs",
    "md": "a Markdown table",
    "ids": "references only",
}
_EXPORTS = ("jsonl", "json", "csv", "mbox", "ics", "github", "jira", "markdown", "taskwarrior", "zendesk")
_ROLES = {"requester": "creates tickets", "agent": "works on tickets", "admin": "manages the desk"}
_SCOPES = {"read": "may only read", "write": "may do what its user may"}
_STARS = {"5": "the best", "4": "", "3": "", "2": "", "1": "the worst"}

_RHYTHMS = {
    "three-days": "",
    "weekly": "",
    "biweekly": "every other week",
    "monthly": "",
    "quarterly": "",
    "biannually": "twice a year",
    "annually": "",
}
_CONTACTS = {
    "primary": "sees all tickets of the client",
    "technical": "sees all tickets of the client",
    "billing": "receives the invoices",
}


def _keys(asked: CompletionRequest) -> Iterator[Suggestion | str]:
    """The keys of settings, or of a topic's questions."""
    yield from values.keys(asked)
    if asked.line.path[0] == "config":
        yield from personal.keys()


def _values(asked: CompletionRequest) -> Iterator[Suggestion | str]:
    """What the setting that is named can be."""
    yield from values.setting_values(asked)
    if asked.line.words:
        yield from personal.values(asked.line.words[0], asked)


# Words for times; others are understood as well.
_BACK = values.one_of(
    {"today": "since midnight", "yesterday": "", "monday": "the last one", "7d": "seven days ago", "30d": ""},
    closed=False,
)
_WHEN = values.one_of(
    {
        "today": "its end",
        "tomorrow": "its end",
        "yesterday": "",
        "noon": "12:00",
        "tonight": "20:00",
        "friday": "the next one",
        "eod": "end of the day",
        "eow": "end of the week",
        "eom": "end of the month",
        "2h": "in two hours",
        "3d": "in three days",
        "2bd": "in two business days",
    },
    closed=False,
)
_REPORTS = {
    "weeks": "created and solved, the backlog",
    "summary": "by month",
    "sla": "by plan",
    "agents": "by assignee",
    "aging": "open tickets by age",
    "ratings": "by assignee",
    "time": "time worked",
}
_OPTIONS: dict[str, Kind] = {
    "--asset": values.named("asset"),
    "--assign": values.holders_and_teams,
    "--assignee": values.holders,
    "--calendar": values.named("calendar"),
    "--canned": values.named("canned"),
    "--client": values.named("client", every=True),
    "--since": _BACK,
    "--created-since": _BACK,
    "--hyperlinks": values.one_of(
        {"auto": "where the terminal knows them", "always": "on a terminal", "never": "nowhere"}
    ),
    "--color": values.one_of({"auto": "on a terminal", "always": "everywhere", "never": "nowhere"}),
    "--contact": values.one_of(_CONTACTS),
    "--department": values.named("department", "none", every=True),
    "--departments": values.named("department", "all", "none"),
    "--dir": values.files,
    "--every": values.one_of(_RHYTHMS, closed=False),
    "--field": values.answer,
    "--in": values.one_of({"subject": "subjects only"}),
    "--member": values.staff,
    "--output": values.one_of(_FORMATS),
    "--priority": values.of_desk("priority"),
    "--profile": personal.profiles,
    "--remove-asset": values.named("asset", every=True),
    "--remove-member": values.staff,
    "--remove-tag": values.of_desk("tag"),
    "--role": values.one_of(_ROLES),
    "--scope": values.one_of(_SCOPES),
    "--sla": values.named("sla", "none"),
    "--sort": values.sort_keys,
    "--source": values.one_of(dict.fromkeys(("cli", "phone", "email", "web", "api", "other"), "")),
    "--status": values.of_desk("status"),
    "--tag": values.of_desk("tag"),
    "--team": values.named("team", every=True),
    "--teams": values.named("team", "none"),
    "--topic": values.named("topic", every=True),
    "--type": values.of_desk("type"),
    "--tz": personal.zones,
    "--view": values.views,
    "--workflow": values.workflows,
}
_METAVARS: dict[str, Kind] = {
    "WHEN": _WHEN,
    "DOCUMENT": values.one_of(
        {"md": "Markdown", "html": "to print", "pdf": "to send", "csv": "for spreadsheets"}
    ),
    "ENTRY": values.times,
    "FILE": values.files,
    "ID": values.tickets,
    "KEY": _keys,
    "KIND": values.one_of(dict.fromkeys(("text", "choice", "number", "date", "boolean", "email", "url"), "")),
    "LOGIN": values.people,
    "NUMBER": values.invoices,
    "PATH": values.files,
    "RELATION": values.one_of(WORDS),
    "SHELL": values.one_of(dict.fromkeys(("bash", "zsh", "fish"), "")),
    "STARS": values.one_of(_STARS),
    "VALUE": _values,
    "WHO": values.people,
}


def _pages(_: CompletionRequest) -> Iterator[Suggestion | str]:
    """What ``tix help`` knows: commands, topics and guides."""
    from tix.cli.compiled_pages import PAGES
    from tix.cli.help.guides import GUIDES

    about = {
        name.removeprefix(":"): page.partition("\n")[0] for name, page in PAGES.items() if " " not in name
    }
    about |= {name: f"Guide: {file}" for name, file in GUIDES.items()}
    yield from (Suggestion(name, line) for name, line in about.items() if name)


# What a noun calls NAME.
_NAMES: dict[str, Kind] = {
    **{
        noun: values.named(noun, every=True)
        for noun in (
            "asset",
            "calendar",
            "canned",
            "client",
            "department",
            "schedule",
            "sla",
            "team",
            "topic",
        )
    },
    "alias": personal.aliases,
    "help": _pages,
    "report": values.one_of(_REPORTS),
    "priority": values.of_desk("priority"),
    "token": values.tokens,
    "type": values.of_desk("type"),
    "view": values.views,
    "workflow": values.workflows,
}


def of_option(option: Parameter) -> Kind | None:
    """The kind of an option's value."""
    return _of_names(option.names, option.metavar)


def _of_names(names: tuple[str, ...], metavar: str) -> Kind | None:
    """The kind of an option's value; without names, of an argument's."""
    bare = _bare(metavar)
    by_name = _OPTIONS.get(max(names, key=len)) if names and bare != "DOCUMENT" else None
    return by_name or _METAVARS.get(bare)


def takes_commas(option: Parameter) -> bool:
    """Whether an option's value is a list of words."""
    return "," in option.metavar


def of_argument(line: CommandLine, argument: Parameter) -> Kind | None:
    """The kind of an argument."""
    bare = _bare(argument.metavar)
    noun, verb = line.path[0], line.path[-1]
    if line.path == ("assign",):
        return values.tickets_then_who
    if noun == "notification":
        return values.notifications
    new = bare if line.path[1:2] != ("field",) else {"KEY": "NAME"}.get(bare, "")
    if (verb == "add" and new in ("LOGIN", "NAME")) or line.path == ("alias", "set"):
        return None  # a new one
    if noun == "attach" and verb != "add" and bare == "FILE":
        return None  # attachments of the ticket, not files of the machine
    return _NAMES.get(noun) if bare == "NAME" else _METAVARS.get(bare)


def choices(path: tuple[str, ...], names: tuple[str, ...], metavar: str) -> tuple[str, ...] | None:
    """The only words that an option, or without names an argument, can be; None where there are others."""
    if path == ("export",) and "--output" in names:
        return _EXPORTS
    if path == ("report",) and "--output" in names:
        return (*_FORMATS, "svg")
    kind = _of_names(names, metavar) if names != ("--source",) or path != ("import",) else None
    is_one = isinstance(kind, values.OneOf) and kind.closed and "," not in metavar
    return kind.words if isinstance(kind, values.OneOf) and is_one else None


def _bare(metavar: str) -> str:
    """``ID`` for ``[ID]…``, ``WHO`` for ``WHO,…``."""
    return metavar.strip("[]…").partition(",")[0]
