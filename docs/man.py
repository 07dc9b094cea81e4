"""Write the manual pages ``man/tix*.1`` from the pages of the help: ``python docs/man.py [--check]``.

There is one for the program and one for each command; that of a noun has all of its commands. The language is that of
man(7), so that groff and mandoc both read it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from tix.cli.compiled_pages import PAGES
from tix.cli.pages.topics import TOPICS

FOLDER = Path(__file__).parents[1] / "man"


def generate() -> dict[str, str]:
    """Return each manual page by the name of its file."""
    commands = [name for name in PAGES if name and " " not in name and not name.startswith(":")]
    found = {"tix.1": _program(commands)}
    for name in commands:
        found[f"tix-{name}.1"] = _command(name)
    return found


def _program(commands: list[str]) -> str:
    page = PAGES[""]
    parts = [
        _head("tix", "a help desk in the terminal"),
        *_synopsis(page),
        ".SH COMMANDS",
        *_body(_after_usage(page)),
    ]
    for name in TOPICS:
        parts += [f".SH {_escaped(name.replace('-', ' ').upper())}", *_body(PAGES[f":{name}"])]
    parts += [".SH SEE ALSO", ",\n".join(f".BR tix-{name} (1)" for name in commands)]
    return "\n".join(parts) + "\n"


def _command(name: str) -> str:
    page = PAGES[name]
    described = page.partition("\nUsage: ")[0]
    about = described.partition("\n")[0].rstrip(".")
    parts = [_head(f"tix-{name}", about[:1].lower() + about[1:]), *_synopsis(page), ".SH DESCRIPTION"]
    parts += [*_body(described), *_body(_after_usage(page))]
    for inner in (one for one in PAGES if one.startswith(f"{name} ")):
        parts += [f".SH {_escaped(f'tix {inner}'.upper())}", *_body(PAGES[inner])]
    parts += [".SH SEE ALSO", ".BR tix (1)"]
    return "\n".join(parts) + "\n"


def _head(name: str, about: str) -> str:
    return f'.TH {name.upper()} 1 "" tix "tix manual"\n.SH NAME\n{_escaped(f"{name} - {about}")}'


def _synopsis(page: str) -> list[str]:
    usage = page.partition("\nUsage: ")[2].partition("\n")[0]
    return [".SH SYNOPSIS", f".B {_escaped(usage)}"]


def _after_usage(page: str) -> str:
    return page.partition("\nUsage: ")[2].partition("\n")[2]


def _body(page: str) -> Iterator[str]:
    """The lines of a page in the language of man(7); those of the help's are described in ``cli.help.layout``."""
    shows_example = False
    for line in page.strip("\n").split("\n"):
        is_example = line.startswith("    ")
        if shows_example and not is_example:
            yield ".EE"
        if is_example and not shows_example:
            yield ".EX"
        shows_example = is_example
        if is_example:
            yield _escaped(line[4:])
        elif line.startswith("# "):
            yield f".SS {_escaped(line[2:])}"
        elif "\t" in line:
            term, text = line.split("\t", 1)
            yield from (".TP", f".B {_escaped(term)}", _escaped(text) if text else "\\&")
        elif line:
            yield from (".PP", _escaped(line))
    if shows_example:
        yield ".EE"


def _escaped(text: str) -> str:
    """Text that roff shows as it is: backslashes, hyphens, and a dot or a quote at its start."""
    shown = text.replace("\\", "\\e").replace("-", "\\-").replace("…", "...").replace("–", "\\(en")
    return f"\\&{shown}" if shown.startswith((".", "'")) else shown


def main(arguments: list[str]) -> int:
    """Write the pages, or with ``--check`` say whether those that are there are fresh; return the exit status."""
    pages = generate()
    there = {file.name: file.read_text(encoding="utf-8") for file in FOLDER.glob("*.1")}
    if "--check" in arguments:
        if there == pages:
            return 0
        print("man/ is out of date: run make man", file=sys.stderr)
        return 1
    FOLDER.mkdir(exist_ok=True)
    for name in there.keys() - pages.keys():
        (FOLDER / name).unlink()
    for name, text in pages.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    print(f"man: {len(pages)} pages", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
