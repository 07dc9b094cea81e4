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
    return "\n\n".join(found) if found else None


def _is_bold(session: Session) -> bool:
    """Whether headings are bold; output as everywhere, but nothing is loaded for a pipe."""
    if not session.on_terminal and session.options.color != "always":
        return False
    from tix.cli.output import uses_color

    return uses_color(session)
