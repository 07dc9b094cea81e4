"""``tix help``: pages about commands and topics, and the guides. Every ``--help`` ends here, too."""

from __future__ import annotations

import sys

from tix.cli import app
from tix.cli.parameters import Argument
from tix.cli.session import Session
from tix.typing import Annotated


@app.page
def command(
    session: Session,
    words: Annotated[
        list[str] | None,
        Argument(
            metavar="[NAME]…", help="A command, a topic or a guide, e.g. list, topic add, dates, agent."
        ),
    ] = None,
) -> None:
    """Explain a command or a topic, or open a guide."""
    from tix.cli.help import layout
    from tix.render.terminal import theme

    text = _page(words or [])
    if text is None:
        text = _alias_page(words or []) or _extension_page(words or [])
    if text is None:
        from tix.cli.help.guides import guide

        sys.stdout.write(guide(words or []))
        return
    width = theme.terminal_width(sys.stdout)
    sys.stdout.write(layout.draw(text, width, bold=_is_bold(session)))


def _page(words: list[str]) -> str | None:
    """Return the page of a command, a topic or, where both have the name, of both. None where there is none."""
    from tix.cli.compiled import ALIASES
    from tix.cli.compiled_pages import PAGES

    name = " ".join(words)
    found = [page for key in (ALIASES.get(name, name), f":{name}") if (page := PAGES.get(key)) is not None]
    if name == "" and found:
        return _with_own(found[0])
    return "\n\n".join(found) if found else None


def _aliases() -> dict[str, str]:
    """What each alias stands for, as it is typed; none where the settings cannot be read."""
    from tix.cli.personal import aliases
    from tix.errors import TixError
    from tix.render.safe import safe_line

    try:
        known = aliases.of_person()
    except TixError:
        return {}
    return {safe_line(name): safe_line(aliases.meant(text)) for name, text in known.items()}


def _alias_page(words: list[str]) -> str | None:
    found = _aliases().get(" ".join(words))
    return None if found is None else f"{' '.join(words)} is short for: {found}\n\nSee also: tix alias --help"


def _extensions() -> dict[str, str]:
    """Where each program is that is a command; an alias of its name comes first."""
    from tix.cli.personal import extensions
    from tix.render.safe import safe_line

    own = _aliases()
    return {one.name: safe_line(one.path) for one in extensions.known() if one.name not in own}


def _extension_page(words: list[str]) -> str | None:
    name = " ".join(words)
    path = _extensions().get(name)
    return None if path is None else f"{name} is the program {path}\n\nSee also: tix {name} --help"


def _with_own(page: str) -> str:
    """The first page, with the person's aliases and programs before its last part."""
    before, mark, after = page.partition("# More\n")
    for title, known in (("Your aliases", _aliases()), ("Programs on your path", _extensions())):
        if known:
            rows = "\n".join(f"{name}\t{text}" for name, text in sorted(known.items()))
            before += f"# {title}\n{rows}\n\n"
    return before + mark + after


def _is_bold(session: Session) -> bool:
    """Whether headings are bold; output as everywhere, but nothing is loaded for a pipe."""
    from tix.cli.variables import forced_color

    if not session.on_terminal and session.options.color != "always" and not forced_color():
        return False
    from tix.cli.terminal.look import uses_color

    return uses_color(session)
