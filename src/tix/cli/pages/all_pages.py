"""The pages of the help, made of the declarations of the commands: for ``make cli``, ``make man`` and tests.

A command line reads them from ``cli/compiled_pages.py``. What the lines of a page are is described in ``cli.help.layout``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence

from tix.cli import declared
from tix.cli.app import Command
from tix.cli.commands import ALIASES, COMMANDS, HIDDEN
from tix.cli.declared import Node, Parameter
from tix.cli.filter_options import FilterOptions
from tix.cli.help.guides import GUIDES
from tix.cli.options import Output
from tix.cli.pages import topics
from tix.cli.pages.examples import examples
from tix.cli.pages.rows import lines, prose, row
from tix.cli.parameters import Argument

# The commands as `tix --help` shows them.
GROUPS: dict[str, tuple[str, ...]] = {
    "Work on tickets": tuple(
        "new reply note claim assign edit start hold resolve close reopen snooze follow rate time triage undo redo draft".split()
    ),
    "Find and read": tuple("list show search inbox log why date stats report".split()),
    "Organise": tuple("merge unmerge split link unlink attach view canned schedule invoice delete".split()),
    "Set up the desk": tuple(
        "user client department team topic type priority sla calendar asset workflow".split()
    ),
    "Data, mail and server": tuple("apply export import mail serve mcp token login logout tick db".split()),
    "tix itself": tuple(
        "help whoami notification config alias init demo doctor prime schema completion".split()
    ),
}
# What the options of a set are called; those of no set, and of a set without a title, come first as "Options".
_TITLES = {
    "Text": "Text",
    "Bulk": "Safety",
    "One": "Safety",
    "Trial": "Safety",
    "Once": "Safety",
    "FilterOptions": "Filters",
    "Flags": "Fields",
}

_FILTERS = "Filters: --status, --mine, --client and all others of tix list; see: tix help filters"
_OUTPUT = "Output and general options, such as --json, -c, --store and --no-input: tix help output"
_GENERAL = "General options, such as --store and --no-input: tix help output"


def pages() -> dict[str, str]:
    """Return every page: by the whole name of a command, by that of a topic after ``:``, the first page by ``""``."""
    found = {"": _first_page()}
    given = examples()
    for path, node in declared.everything():
        if path[0] not in HIDDEN:
            name = " ".join(path)
            found[name] = _page(path, node, given.get(name, ()))
    found.update({f":{name}": page for name, page in topics.topics().items()})
    return found


def _first_page() -> str:
    parts = ["A help desk in the terminal.\n", "Usage: tix [OPTION…] COMMAND [ARGUMENT…]\n"]
    for title, names in _groups():
        parts.append(f"# {title}\n" + lines((name, COMMANDS[name][1]) for name in names))
    also = ", ".join(topics.TOPICS)
    parts.append("# More\n" + lines([
        ("tix COMMAND --help", "Usage, examples and options of a command."),
        ("tix help TOPIC", f"Topics: {also}."),
        ("tix help GUIDE", f"Guides: {', '.join(GUIDES)}."),
        ("tix 12", "Short for tix show 12."),
        ("tix NAME", "Your alias NAME, or the program tix-NAME on your path."),
        ("tix --version", "Print the version of tix."),
    ]))  # fmt: skip
    parts.append(_GENERAL + "\n")
    return "\n".join(parts).rstrip("\n")


def _groups() -> Iterator[tuple[str, Sequence[str]]]:
    """The groups of commands, with one for those that have none."""
    yield from GROUPS.items()
    placed = {name for names in GROUPS.values() for name in names}
    if others := [name for name in COMMANDS if name not in placed]:
        yield "Other commands", others


def _page(path: tuple[str, ...], node: Node, given: Sequence[str]) -> str:
    parts = list(_about(path, node))
    arguments, options = _split(declared.own_parameters(node) if isinstance(node, Command) else ())
    if isinstance(node, dict):
        parts.append(f"Usage: tix {' '.join(path)} [COMMAND] [OPTION…]\n")
        rows = ((name, declared.summary(inner)) for name, inner in node.items())
        parts.append("# Commands\n" + lines(rows) + f"\nWithout a command: {next(iter(node))}.\n")
    elif isinstance(node, Command):
        parts.append(f"Usage: {usage(path, arguments)}\n")
    if given:
        parts.append("# Examples\n" + "".join(f"    {line}\n" for line in given))
    if isinstance(node, Command):
        parts += _parameters(path, node, arguments, options)
    elif isinstance(node, dict):
        parts.append(f"Options of a command: tix {' '.join(path)} COMMAND --help\n")
    return "\n".join(parts).rstrip("\n")


def _about(path: tuple[str, ...], node: Node) -> Iterator[str]:
    """The sentence of a command, and what else its docstring says."""
    if isinstance(node, dict):
        if len(path) == 1:
            yield prose(sys.modules[COMMANDS[path[0]][0]].__doc__) + "\n"
        else:
            yield f"{' '.join(path).capitalize()}: {declared.summary(node)}.\n"
        return
    for paragraph in node.help.strip().split("\n\n"):
        yield prose(paragraph) + "\n"
    also = [alias for alias, name in ALIASES.items() if (name,) == path]
    if also:
        yield f"Also: tix {also[0]}\n"


def usage(path: Iterable[str], arguments: Iterable[Parameter]) -> str:
    """Return how a command is written: ``tix assign [OPTION…] ID… WHO``."""
    words = ["tix", *path, "[OPTION…]"]
    for one in arguments:
        assert isinstance(one.declared, Argument)
        words.append(one.declared.usage or one.declared.metavar)
    return " ".join(words)


def _split(parameters: Iterable[Parameter]) -> tuple[list[Parameter], list[Parameter]]:
    arguments: list[Parameter] = []
    options: list[Parameter] = []
    for one in parameters:
        (arguments if isinstance(one.declared, Argument) else options).append(one)
    return arguments, options


def _parameters(
    path: tuple[str, ...], command: Command, arguments: list[Parameter], options: list[Parameter]
) -> Iterator[str]:
    """The lists of arguments and options, and the line about those that other commands have too."""
    rows = [(one.declared.metavar or "", one.declared.help or "") for one in arguments]
    if any(about for _, about in rows):
        yield "# Arguments\n" + lines(rows)
    kinds = {name: type(value) for name, value in command.option_sets().items()}
    groups: dict[str, list[Parameter]] = {"Options": []}
    for one in options:
        kind = kinds.get(one.name.partition(".")[0]) if "." in one.name else None
        if kind is not Output and (kind is not FilterOptions or path == ("list",)):
            title = "Options" if kind is None else _TITLES.get(kind.__name__, "Options")
            groups.setdefault(title, []).append(one)
    for title, some in groups.items():
        if some:
            yield f"# {title}\n" + lines(map(row, some))
    if command.epilog:
        yield prose(command.epilog) + "\n"
    if FilterOptions in kinds.values():
        yield _FILTERS if path != ("list",) else "How filters combine: tix help filters"
    yield _OUTPUT if Output in kinds.values() else _GENERAL
