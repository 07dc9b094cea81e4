"""Aliases, short names of your own for commands: list, set, rm."""

from __future__ import annotations

from tix.cli import app, user_config
from tix.cli.options import Output
from tix.cli.output import Printer
from tix.cli.parameters import Argument, Option
from tix.cli.session import Session
from tix.errors import NotFound
from tix.render.records.formats import Kind
from tix.typing import Annotated
from tix.words.sentence import Said

KIND = Kind(("name", "command"))
Name = Annotated[str, Argument(metavar="NAME", help="Name of the alias, e.g. mine.")]


@app.prints(KIND)
@app.reading
def list_(session: Session, output: Output = Output()) -> None:  # noqa: B008  # an immutable value
    """List my aliases."""
    from tix.cli.personal import aliases

    printer = Printer(session, output, KIND)
    known = aliases.of_person()
    rows = [{"name": name, "command": known[name]} for name in sorted(known)]
    printer.records(rows, none="No aliases. To make one: tix alias set mine 'list --mine'")


@app.prints(KIND)
@app.command
def set_(
    session: Session,
    name: Name,
    words: Annotated[
        list[str],
        Argument(
            metavar="COMMAND…", help="Command line without tix, e.g. 'list --mine'; $1 is the first argument."
        ),
    ],
    shell: Annotated[
        bool, Option("--shell", help="Let the shell run it, like a ! before the command.")
    ] = False,
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Set an alias."""
    import shlex

    from tix.cli.personal import aliases, keys

    printer = Printer(session, output, KIND)
    text = words[0] if len(words) == 1 else shlex.join(words)
    if shell and not text.startswith(keys.SHELL):
        text = keys.SHELL + text
    text = keys.parse(f"alias.{name}", text)
    known = aliases.of_person()
    aliases.check(name, text, known)
    changed = known.get(name) != text
    if changed:
        user_config.write(f"alias.{name}", text)
    session.say(f"tix {name} {'now' if changed else 'already'} stands for: {aliases.meant(text)}")
    _told(printer, name, text)


@app.prints(KIND)
@app.command
def rm(session: Session, name: Name, output: Output = Output()) -> None:  # noqa: B008  # as above
    """Remove an alias."""
    from tix.cli.personal import settings

    printer = Printer(session, output, KIND)
    text = settings.load(user_config.config_place()).values.get(f"alias.{name}")
    if text is None:
        raise NotFound(f"no alias '{name}'", hint="tix alias list")
    user_config.write(f"alias.{name}", None)
    session.say(Said("Removed the alias {name}.", name=name))
    _told(printer, name, str(text))


def _told(printer: Printer, name: str, text: str) -> None:
    if printer.format not in ("table", "plain") or printer.columns is not None:
        printer.one({"name": name, "command": text})


COMMANDS = {"list": list_, "set": set_, "rm": rm}
