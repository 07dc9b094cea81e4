"""Compile the declarations of all commands to ``cli/compiled.py`` and two modules beside it.

By the first, ``cli.parser`` reads command lines; ``cli/compiled_help.py`` has the words that completion shows beside
it, and ``cli/compiled_pages.py`` the pages of the help. Run as ``python -m tix.cli.compile [--check]``. What the words of an entry mean is described in ``cli.parser``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tix.cli import declared
from tix.cli.app import Command
from tix.cli.commands import ALIASES, COMMANDS, HIDDEN
from tix.cli.declared import Parameter
from tix.cli.output import ANSWER
from tix.cli.pages import all_pages
from tix.cli.parameters import Argument
from tix.cli.parser import WORDS

FOLDER = Path(__file__).parent

_HEAD = '''\
"""Generated from the declarations of the commands by ``python -m tix.cli.compile``. Do not edit; run: make cli.

{about}
"""

# fmt: off
'''
_CALLS = "The words of an entry are described in ``cli.parser``; the entry of a group names what it has."
_FIELDS = "The fields of the records that commands print; `field.` stands for what topics ask."
_PAGES = "The pages of the help by the name of a command, and of a topic behind ``:``; ``cli.help.layout`` draws them."
_HELP = "One line about each command, and one for each word of its entry: what stands for its value, a tab, its help."


def generate() -> dict[str, str]:
    """Return the text of each module by the name of its file."""
    calls, helps = [], []
    for path, node in declared.everything():
        name = json.dumps(" ".join(path))
        told = HIDDEN[path[0]][1] if path[0] in HIDDEN else COMMANDS[path[0]][1] if len(path) == 1 else None
        lines = [told or declared.summary(node)]
        if isinstance(node, dict):
            calls.append(f"    {name}: ({', '.join(map(json.dumps, node))},),\n")
        elif isinstance(node, Command):
            own = declared.own_parameters(node)
            calls.append(f"    {name}: {json.dumps(entry([*own, *declared.global_parameters()]))},\n")
            lines += map(_help, own)
        else:
            calls.append(f"    {name}: {json.dumps(WORDS)},\n")
        helps.append(f"    {name}: {_text(lines)},\n")
    kinds, printed = _printed()
    everywhere = declared.global_parameters()
    root = [declared.VERSION, *everywhere]
    return {
        "compiled.py": (
            f"{_HEAD.format(about=_CALLS)}GLOBALS = {json.dumps(entry(everywhere))}\n"
            f"ROOT = {json.dumps(entry(root))}\n"
            f"ALIASES = {json.dumps(ALIASES)}\n"
            f"COMMANDS: dict[str, str | tuple[str, ...]] = {{\n{''.join(calls)}}}\n"
        ),
        "compiled_help.py": (
            f"{_HEAD.format(about=_HELP)}GLOBALS = {_text(map(_help, everywhere))}\n"
            f"ROOT = {_text(map(_help, root))}\n"
            f"COMMANDS = {{\n{''.join(helps)}}}\n"
        ),
        "compiled_fields.py": (
            f"{_HEAD.format(about=_FIELDS)}KINDS = (\n{kinds})\nCOMMANDS = {{\n{printed}}}\n"
        ),
        "compiled_pages.py": f"{_HEAD.format(about=_PAGES)}PAGES = {{\n{''.join(_pages())}}}\n",
    }


def _printed() -> tuple[str, str]:
    """Return the fields of each kind of record, and which kind each command prints."""
    kinds: dict[str, int] = {}
    lines = []
    for path, node in declared.everything():
        if isinstance(node, Command) and node.kind is not None:
            fields = " ".join([*node.kind.fields, *([ANSWER] if node.kind.answers else [])])
            lines.append(f"    {json.dumps(' '.join(path))}: {kinds.setdefault(fields, len(kinds))},\n")
    return "".join(f"    {json.dumps(one)},\n" for one in kinds), "".join(lines)


def _pages() -> Iterator[str]:
    for name, page in all_pages.pages().items():
        yield f"    {json.dumps(name)}: {_text([page])},\n"


def entry(parameters: Sequence[Parameter]) -> str:
    """Return the entry of a command with these parameters."""
    return " ".join(map(_word, parameters))


def _word(parameter: Parameter) -> str:
    told = parameter.declared
    if isinstance(told, Argument):
        if parameter.type is not str:
            return f"{parameter.name}:x"
        signs = "+*" if parameter.many else "1?"
        return f"{parameter.name}:{signs[not parameter.is_required]}"
    if parameter.type is not bool:
        required = "!" if parameter.is_required else ""
        return f"{','.join(told.names)}={parameter.name}:{_kind(parameter)}{required}"
    on, _, off = told.names[-1].partition("/")
    words = [f"{','.join((*told.names[:-1], on))}={parameter.name}:t"]
    return " ".join([*words, f"{off}={parameter.name}:f"] if off else words)


def _kind(parameter: Parameter) -> str:
    told = parameter.declared
    if parameter.many:
        return "+" if parameter.type is str else "x"
    if not isinstance(told, Argument) and told.alone is not None:
        return "j"
    if parameter.type is int and not isinstance(told, Argument):
        low, high = ("" if bound is None else str(bound) for bound in (told.min, told.max))
        return f"i{low}..{high}"
    return {str: "s", float: "d"}.get(parameter.type, "x")


def _help(parameter: Parameter) -> str:
    """Return the line of a parameter; a flag with a name for both values has two."""
    line = f"{parameter.declared.metavar or ''}\t{parameter.declared.help or ''}"
    return "\n".join([line] * (1 + any("/" in name for name in getattr(parameter.declared, "names", ()))))


def _text(lines: Iterable[str]) -> str:
    return json.dumps("\n".join(lines), ensure_ascii=False)


def main(arguments: Sequence[str]) -> int:
    """Write the modules, or with ``--check`` report whether they are up to date; return the exit status."""
    stale = []
    for name, text in generate().items():
        target = FOLDER / name
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            stale.append(name)
        if "--check" not in arguments:
            target.write_text(text, encoding="utf-8")
            sys.stderr.write(f"{name}: {len(text)} bytes\n")
    if "--check" in arguments and stale:
        sys.stderr.write(f"cli/{stale[0]} is out of date; run: make cli\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
