"""What tix says to people is plain English: no word of the list below is in a help line, a message or an error."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer._click import Context

import tix
from tix import errors
from tix.cli.commands import COMMANDS
from tix.cli.explained import root
from tix.errors import TixError

SOURCES = sorted(Path(tix.__file__).parent.rglob("*.py"))

# What is not said, and what is said instead.
BANNED = {
    r"is so( already)?": "TIX-3: nothing to change.",
    r"told": "shown, reported, notified",
    r"tell nobody": "send no notifications",
    r"hears? of|to hear": "be notified of",
    r"out of use": "inactive",
    r"put(s)? down": "log, logged",
    r"takes? out|taken out|take away": "remove, removed",
    r"tak(e|es|en|ing) back|took back": "undo, undone",
    r"put(s)? away|is awake": "snooze, not snoozed",
    r"^whose|whom": "name the object: client the ticket belongs to",
    r"^those": "name the things: inactive clients",
    r"one's own": "your own",
    r"nobody's|is nobody|there is nobody": "unassigned; no person named 'x'",
    r"held by|holders?": "assigned to, assignee",
    r"bearing": "with",
    r"is gone|be rid of": "Removed client Acme.",
    r"is changed": "say what changed, or: Updated client Acme.",
    r"\w+ is an? \w+ now": "Added client Acme.",
    r"raise[sd]? (a|the|one) ticket|is raised": "create a ticket",
    r"make it first|mends?": "create it first; fix",
    r"for good": "permanently",
    r"goes on": "continues; resumed",
    r"says (so|otherwise)": "unless an admin allows it",
    r"exclude each other": "cannot be combined",
    r"(is )?drawn up|draw up": "create an invoice",
    r"whatever (its|their)": "case-insensitive",
    r"at no particular time": "has no due date",
    r"nothing has the words": "No ticket matches 'x'.",
    r"all the same": "anyway",
    r"is no more|not any more": "stop, no longer",
    r"has come yet|has not come": "is in the future",
    r"made up for": "missed dates are not caught up",
    r"(?<!such )(?<!them )as [A-Z]{2}( or [A-Z-]+)?": "e.g. DE",
    r"(?<!it )as [A-Z]\w+/\w+": "e.g. Europe/Berlin",
    r"\w+; none": '("none" clears it)',
}
_BANNED = {re.compile(rf"(?<![\w'-])(?:{pattern})(?![\w'-])"): better for pattern, better in BANNED.items()}
# Functions by which a person reads a sentence, beside the errors.
_SAYING = frozenset({"say", "tell", "confirm", "draw_hint", "draw_heading", "Suggestion"})
_ERRORS = frozenset(
    name for name, one in vars(errors).items() if isinstance(one, type) and issubclass(one, TixError)
)


def faults(text: str) -> list[str]:
    """What of ``text`` is not to be said, each with what is better; a capital at its start is no escape."""
    found = []
    for pattern, better in _BANNED.items():
        hit = pattern.search(text) or pattern.search(text[:1].lower() + text[1:])
        if hit is not None:
            found.append(f"'{hit[0]}': {better}")
    return found


# ---------------------------------------------------------------------------------------------- help lines


def _help(command: Any, path: str, parent: Any) -> Iterator[tuple[str, str]]:
    """The texts of a command and of all below it: what it does, its arguments and options."""
    context = Context(command, info_name=path.rpartition(" ")[2], parent=parent)
    yield path, command.help or ""
    yield path, command.epilog or ""
    for one in command.params:
        yield f"{path} {one.opts[0]}", getattr(one, "help", None) or ""
    if hasattr(command, "nodes"):
        for name in command.list_commands(context):
            yield from _help(command.get_command(context, name), f"{path} {name}", context)


def help_lines() -> list[tuple[str, str]]:
    """Every text of ``--help``, with the command and option it belongs to."""
    group = root()
    context = Context(group, info_name="tix")
    found = [("tix", line) for _, line in COMMANDS.values()]
    for name in COMMANDS:
        found += _help(group.get_command(context, name), name, context)
    return [(where, " ".join(text.split())) for where, text in found if text]


# ------------------------------------------------------------------------------------- messages and errors


def _text(node: ast.AST) -> Iterator[str]:
    """The strings in an argument, each whole: what stands between braces of an f-string is ``{}``."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                yield from _text(part.value)
    elif isinstance(node, ast.Call) and _makes_a_sentence(node.func):
        for argument in node.args:
            yield from (re.sub(r"{[^}]*}", "{}", text) for text in _text(argument))
    elif isinstance(node, (ast.BinOp, ast.IfExp, ast.BoolOp)):
        for child in ast.iter_child_nodes(node):
            yield from _text(child)


def _makes_a_sentence(function: ast.expr) -> bool:
    """Whether it is ``Said(…)``, or ``Said.counted(…)`` and the like."""
    maker = function.value if isinstance(function, ast.Attribute) else function
    return isinstance(maker, ast.Name) and maker.id == "Said"


def messages(source: str) -> list[tuple[int, str]]:
    """The line and the text of every string that ``source`` says or raises."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in _SAYING or name in _ERRORS:
                for argument in [*node.args, *(keyword.value for keyword in node.keywords)]:
                    found += [(node.lineno, text) for text in _text(argument)]
    return found


# ------------------------------------------------------------------------------------------------- the law


def test_every_help_line_is_plain():
    lines = help_lines()
    assert len(lines) > 1_000  # the whole surface, not a part of it
    assert [f"{where}: {text} ({fault})" for where, text in lines for fault in faults(text)] == []


def test_every_message_and_error_is_plain():
    package = Path(tix.__file__).parent
    found = [
        (f"{path.relative_to(package)}:{line}", text)
        for path in SOURCES
        for line, text in messages(path.read_text(encoding="utf-8"))
    ]
    assert len(found) > 500
    assert [f"{where}: {text} ({fault})" for where, text in found for fault in faults(text)] == []


def test_help_lines_begin_with_a_capital():
    """Each says what the command does or what the option sets; a bare list of values or an example does not."""
    spoken = [(where, text) for where, text in help_lines() if not text.startswith("Show this message")]
    assert [
        (where, text)
        for where, text in spoken
        if not text[0].isupper() and not text.startswith(("tix ", "bash: "))
    ] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_a_module_of_a_noun_is_plain(name: str):
    """Its docstring stands under the help of the noun."""
    assert faults(" ".join((importlib.import_module(COMMANDS[name][0]).__doc__ or "").split())) == []


@pytest.mark.parametrize(
    "text",
    [
        "TIX-3 is so already",
        "Those out of use too.",
        "Whose people it is of.",
        "Nobody's.",
        "Its plan; none.",
        "Public holidays of, as DE or DE-BY.",
        "Whose clocks, as Europe/Berlin; else yours.",
        "Acme is a client now",
        "make it first, or mend the path",
    ],
)
def test_a_planted_sentence_is_found(text: str):
    planted = f"session.say({text!r})\nraise InvalidValue('no', hint=f{text!r})\n"
    assert [said for _, said in messages(planted)] == [text, "no", text]
    planted = f"session.say(Said({text!r}, who=who))\nraise InvalidValue(Said.counted({text!r}, 'no', 2))\n"
    assert [said for _, said in messages(planted)] == [text, text, "no"]
    assert faults(text)


def test_a_sentence_in_plain_words_passes():
    assert faults("TIX-3: priority urgent → low, added tag vip.") == []
    assert faults('Due date, e.g. 2026-12-24, friday, +3d ("none" clears it).') == []
